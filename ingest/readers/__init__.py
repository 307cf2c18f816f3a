"""Published files in, tables of text out. One module a format; a further format joins READERS.

A reader is a function ``read(path, file, table) -> RawTable``: `file` is the descriptor's entry with
its dialect, `table` names an R object, a sheet or a JSON path. It raises FileError, with the place,
for what it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.descriptor.files import File
from ingest.readers import delimited, fixed_width, json_records, r_workspace, statistics_file, workbook
from ingest.readers.raw_table import RawTable, wrong_format

Reader = Callable[[Path, File, str | None], RawTable]


def _archive(path: Path, file: File, table: str | None) -> RawTable:
    raise wrong_format(
        file,
        f"es un archivo ZIP; declare en files el que está dentro, con «within: {file.path}»",
        f"it is a ZIP file; declare in files the one inside it, with 'within: {file.path}'",
    )


READERS: dict[str, Reader] = {
    "delimited": delimited.read,
    "fixed": fixed_width.read,
    "json": json_records.read,
    "ods": workbook.read,
    "r": r_workspace.read,
    "spss": statistics_file.read,
    "stata": statistics_file.read,
    "xls": workbook.read,
    "xlsx": workbook.read,
    "zip": _archive,
}
