"""Workbooks (.xlsx, .xls, .ods), one sheet a table, with the sheet's own row numbers.

calamine reads all three by their content, whatever the file is called. It knows a formula's stored
value only; a formula that its writer never computed has none, and is told instead of read as blank.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from ingest.archives import check_archive
from ingest.descriptor.files import File
from ingest.problems import FileError
from ingest.readers.header import column_names
from ingest.readers.raw_table import Oddity, RawTable, cell_text, empty_file, from_rows, no_such_table, wrong_format

_LOCKED = "EncryptedPackage".encode("utf-16-le")  # the stream in which Office keeps a locked .xlsx
_MARKUP = re.compile(rb"\s*<(!doctype|html|table|\?xml)", re.IGNORECASE)
Cells = list[list[str]]


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """The named sheet, or the only one. Cells that are dates come as ISO 8601 text.

    Raises FileError for what is no workbook, is locked by a password or lacks the sheet.
    """
    if path.stat().st_size == 0:
        raise empty_file(file.path)
    with path.open("rb") as stream:
        start = stream.read(512)
    if _MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise wrong_format(
            file, "es una página web, aunque su nombre sea de libro", "it is a web page, though named a workbook"
        )
    if start.startswith(b"PK"):
        check_archive(path, file.path)
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            name = _chosen(file, table, workbook.sheet_names)
            sheet = workbook.get_sheet_by_name(name)
            cells = [[cell_text(c) for c in line] for line in sheet.to_python(skip_empty_area=False)]
    except PasswordError as error:
        raise _locked(file) from error
    except CalamineError as error:
        if _LOCKED in path.read_bytes():
            raise _locked(file) from error
        raise wrong_format(file, f"no es un libro legible ({error})", f"not a readable workbook ({error})") from error
    return _table(path, file, name, cells, sheet)


def _locked(file: File) -> FileError:
    return FileError(
        f"{file.path}: el libro está protegido con contraseña; pida al editor uno abierto, o guárdelo sin contraseña",
        f"{file.path}: the workbook is locked by a password; ask its publisher for an open one, or save it without",
    )


def _chosen(file: File, table: str | None, names: list[str]) -> str:
    if table is None and len(names) == 1:
        return names[0]
    if table is None or table not in names:
        raise no_such_table(file.path, table or "", names)
    return table


def _table(path: Path, file: File, name: str, cells: Cells, sheet: CalamineSheet) -> RawTable:
    below = file.header_row + file.header_rows - 1 if file.header_row else 0
    if len(cells) < max(below, 1):
        raise empty_file(file.path)
    found = list(_without_value(path, name, cells, below))
    for top, left, bottom, right in _merged(sheet):
        if bottom >= below and file.merged_cells == "tell":
            extent = f"{_place(top, left)}:{_place(bottom, right)}"
            found.append(Oddity(top + 1, _letter(left), cells[top][left], "merged-cells", extent))
        if bottom < below or file.merged_cells == "repeat":
            for row in range(top, bottom + 1):
                cells[row][left : right + 1] = [cells[top][left]] * (right - left + 1)
    width = max((len(line) for line in cells), default=0)
    names = column_names(file, cells[file.header_row - 1 : below] if file.header_row else [], width)
    used = [i for i in range(width) if names[i] != f"({i + 1})" or any(line[i].strip() for line in cells[below:])]
    records, rows = [], []
    for row, line in enumerate(cells[below:], start=below + 1):
        record = [line[i] for i in used]
        if any(c.strip() for c in record):
            records.append(record)
            rows.append(row)
    return from_rows([names[i] for i in used], records, rows, found=found)


def _merged(sheet: CalamineSheet) -> Iterator[tuple[int, int, int, int]]:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        end_row, end_column = sheet.end or (0, 0)
        if top <= end_row and left <= end_column:
            yield top, left, min(bottom, end_row), min(right, end_column)


def _without_value(path: Path, name: str, cells: Cells, below: int) -> Iterator[Oddity]:
    """What calamine gives as blank and is not: errors such as #VALUE! are put into `cells`, formulas
    without a stored value are told. openpyxl reads the workbook again where it has either."""
    if not zipfile.is_zipfile(path) or not _has_formulas(path):
        return
    with path.open("rb") as stream:
        formulas = openpyxl.load_workbook(stream)[name]
    with path.open("rb") as stream:
        values = openpyxl.load_workbook(stream, data_only=True)[name]
    for line in formulas.iter_rows(min_row=below + 1, max_row=len(cells)):
        for cell in line:
            row, column = int(cell.row) - 1, int(cell.column) - 1
            if cell.data_type not in ("f", "e") or column >= len(cells[row]) or cells[row][column]:
                continue
            stored = values.cell(cell.row, cell.column)
            if stored.data_type == "e":
                cells[row][column] = str(stored.value)
            elif stored.value is None:
                formula = getattr(cell.value, "text", cell.value)
                yield Oddity(row + 1, _letter(column), str(formula), "formula-without-value")


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(re.search(rb'<f[ >/]| t="e"', archive.read(n)) for n in sheets)


def _letter(column: int) -> str:
    return str(openpyxl.utils.get_column_letter(column + 1))


def _place(row: int, column: int) -> str:
    return f"{_letter(column)}{row + 1}"
