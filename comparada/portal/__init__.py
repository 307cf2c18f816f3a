"""The published face of the knowledge base: a Datasette plugin, its pages and its safeguards."""
