"""Published files in, tables of text out. One module a format; a further format joins READERS.

A reader is a function ``read(path, file, table) -> RawTable``: `file` is the descriptor's entry with
its dialect, `table` names an R object, a sheet or a JSON path. It raises FileError, with the place,
for what it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.descriptor import File
from ingest.readers import delimited, json_records, r_workspace, xlsx
from ingest.readers.raw_table import RawTable

READERS: dict[str, Callable[[Path, File, str | None], RawTable]] = {
    "delimited": delimited.read,
    "json": json_records.read,
    "r": r_workspace.read,
    "xlsx": xlsx.read,
}


def read(path: Path, file: File, table: str | None) -> RawTable:
    """The table of a published file, every cell as text. Raises FileError."""
    return READERS[file.format](path, file, table)
