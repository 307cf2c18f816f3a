"""Documents: a file in, sections with their place, heading path and metadata out."""
