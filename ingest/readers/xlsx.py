"""Excel workbooks (.xlsx), one sheet a table, with the sheet's own row numbers."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ingest.descriptor import File
from ingest.readers.raw_table import (
    RawTable,
    cell_text,
    checked_header,
    empty_file,
    from_rows,
    no_such_table,
    wrong_format,
)


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """The named sheet, or the only one. Cells that are dates come as ISO 8601 text."""
    if path.stat().st_size == 0:
        raise empty_file(file.path)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            names = workbook.sheet_names
            if table is None and len(names) > 1:
                raise no_such_table(file.path, "", names)
            if table is not None and table not in names:
                raise no_such_table(file.path, table, names)
            lines = workbook.get_sheet_by_name(table or names[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise wrong_format(
            file, f"no es un libro de Excel legible ({error})", f"not a readable workbook ({error})"
        ) from error
    if len(lines) < file.header_row:
        raise empty_file(file.path)
    header = [cell_text(c) for c in lines[file.header_row - 1]]
    named = [i for i, name in enumerate(header) if name.strip()]
    records, rows = [], []
    for row, line in enumerate(lines[file.header_row :], start=file.header_row + 1):
        cells = [cell_text(line[i]) if i < len(line) else "" for i in named]
        if any(c.strip() for c in cells):
            records.append(cells)
            rows.append(row)
    return from_rows(checked_header(file.path, [header[i] for i in named]), records, rows)
