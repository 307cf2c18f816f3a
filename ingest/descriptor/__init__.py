"""The descriptor's language: what a `source.yml` may say, as pydantic models, and the reading of one.

The models are the one definition of the language: they check a file, they give the JSON Schema that editors
complete from (`datasets/source.schema.json`), and the engine runs on them.
"""
