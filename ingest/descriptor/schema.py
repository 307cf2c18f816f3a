"""The JSON Schema of source.yml, for editors: `python -m ingest.descriptor.schema` writes it into datasets/."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.descriptor.source import Descriptor

SCHEMA_FILE = Path("datasets/source.schema.json")


def json_schema() -> str:
    """The text of `datasets/source.schema.json`, as the models give it."""
    return json.dumps(Descriptor.model_json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(json_schema(), "utf-8")
