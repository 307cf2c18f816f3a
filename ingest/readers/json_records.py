"""JSON: a list of objects, at the top or at a path such as 'data.items'. Rows count from 1."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ingest.descriptor import File
from ingest.readers.raw_table import RawTable, empty_file, no_such_table, wrong_format


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """Nested objects become columns named with dots; lists stay as JSON text."""
    data = path.read_bytes()
    if not data.strip():
        raise empty_file(file.path)
    try:
        node = json.loads(data.decode(file.encoding).removeprefix("\ufeff"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise wrong_format(file, f"no es JSON ({error})", f"it is not JSON ({error})") from error
    for step in (table or "").split(".") if table else []:
        if not isinstance(node, dict) or step not in node:
            raise no_such_table(file.path, table, sorted(node) if isinstance(node, dict) else [])
        node = node[step]
    if not isinstance(node, list) or not all(isinstance(record, dict) for record in node):
        raise wrong_format(file, "no hay ahí una lista de objetos", "there is no list of objects there")
    frame = pd.json_normalize(node, sep=".")
    for name in frame.columns:
        frame[name] = [json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for v in frame[name].tolist()]
    return RawTable(frame, np.arange(1, len(frame) + 1))
