"""JSON: the records at a path. Rows count from 1.

The path's steps are names; `name[]` goes into each element of a list, `*` into each member of an
object: `countries[].categories.*`. What stands above the records is theirs too, under the path that
leads to it: `$.countries[].country`, and `$.countries[].categories.*` for the member's name. The last
step may be a list of objects, with or without `[]`; `$` alone is the whole file as one record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ingest.descriptor.files import File
from ingest.readers.raw_table import RawTable, no_such_table, wrong_format
from ingest.readers.text_file import read_text

Above = dict[str, Any]


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """Nested objects become columns named with dots; lists stay as JSON text. Raises FileError."""
    text = read_text(path, file, one_line_may_be_long=True)
    try:
        node = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong_format(file, f"no es JSON ({error})", f"it is not JSON ({error})") from error
    steps = [s for s in (table or "").removeprefix("$").removeprefix(".").split(".") if s]
    if table != "$" and not (steps and steps[-1].endswith(("[]", "*"))):
        steps = [*steps[:-1], f"{steps[-1]}[]"] if steps else ["[]"]
    records = [{**above, **record} for above, record in _walk(file, str(table or ""), node, "$", steps, {})]
    frame = pd.json_normalize(records, sep=".")
    for name in frame.columns:
        frame[name] = [json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for v in frame[name].tolist()]
    return RawTable(frame, np.arange(1, len(frame) + 1))


def _scalars(node: dict[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    """The plain values of an object, and those of the small objects of plain values in it."""
    for name, value in node.items():
        if not isinstance(value, dict | list):
            yield f"{place}.{name}", value
        elif isinstance(value, dict) and not any(isinstance(v, dict | list) for v in value.values()):
            yield from ((f"{place}.{name}.{k}", v) for k, v in value.items())


def _walk(file: File, table: str, node: Any, place: str, steps: list[str], above: Above) -> Iterator[tuple[Above, Any]]:
    if not steps:
        if not isinstance(node, dict):
            raise wrong_format(file, f"en {place} no hay un objeto", f"at {place} there is no object")
        yield above, node
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, dict):
        above = above | dict(_scalars(node, place))
    if step == "*":
        if not isinstance(node, dict):
            raise wrong_format(file, f"en {place} no hay un objeto", f"at {place} there is no object")
        for name, value in node.items():
            yield from _walk(file, table, value, f"{place}.*", rest, {**above, f"{place}.*": name})
        return
    name = step.removesuffix("[]")
    if name:
        if not isinstance(node, dict) or name not in node:
            raise no_such_table(file.path, table, sorted(node) if isinstance(node, dict) else [])
        node, place = node[name], f"{place}.{name}"
    if not step.endswith("[]"):
        yield from _walk(file, table, node, place, rest, above)
        return
    if not isinstance(node, list):
        raise wrong_format(file, f"en {place} no hay una lista de objetos", f"at {place} there is no list of objects")
    for element in node:
        yield from _walk(file, table, element, f"{place}[]", rest, above)
