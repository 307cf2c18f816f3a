"""A comparison as a workbook: the table, its cells with their provenance, and what everything means."""

from __future__ import annotations

import io
import math
import re
from typing import Any

from research.comparison import ComparisonTable
from research.comparison.grid import Grid, grid
from research.comparison.records import FIELDS
from research.names import Language

LONGEST_CELL = 32_767
_UNPRINTABLE = re.compile("[\000-\010\013\014\016-\037\ufffe\uffff]")
SHEETS = {"es": ("Cuadro", "Celdas", "Notas y fuentes"), "en": ("Table", "Cells", "Notes and sources")}


def workbook(table: ComparisonTable, language: Language) -> bytes:
    """The bytes of an .xlsx file. Text is never a formula."""
    import openpyxl  # type: ignore[import-untyped]  # takes a third of a second, and few need it

    laid = grid(table, language)
    book = openpyxl.Workbook(write_only=True)
    first, second, third = SHEETS[language]
    _fill_table(book.create_sheet(first), laid)
    _fill_cells(book.create_sheet(second), table, language)
    _fill_notes(book.create_sheet(third), laid, language)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill_table(sheet: Any, laid: Grid) -> None:
    sheet.freeze_panes = "B3"
    sheet.column_dimensions["A"].width = 28
    for index in range(1, len(laid.heads)):
        sheet.column_dimensions[_column(index)].width = 22
    sheet.append([_cell(sheet, laid.title, bold=True)])
    sheet.append([_cell(sheet, head, bold=True, wrapped=True) for head in laid.heads])
    for line in laid.lines:
        strong = line.is_home or line.is_summary
        cells = (_cell(sheet, cell.whole, bold=strong, wrapped=True) for cell in line.cells)
        sheet.append([_cell(sheet, line.label, bold=strong), *cells])


def _fill_cells(sheet: Any, table: ComparisonTable, language: Language) -> None:
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, bold=True) for name in FIELDS])
    for record in table.records(language):
        sheet.append([_cell(sheet, value) for value in record.values()])


def _fill_notes(sheet: Any, laid: Grid, language: Language) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 110
    told: list[tuple[str, str]] = [*laid.notes, *(("", r) for r in laid.remarks)]
    told += [("Fuente" if language == "es" else "Source", s.whole) for s in laid.sources]
    told.append(("", laid.data_version))
    told += [(name, said[0 if language == "es" else 1]) for name, said in FIELDS.items()]
    for left, right in told:
        sheet.append([_cell(sheet, left, bold=True), _cell(sheet, right, wrapped=True)])


def _cell(sheet: Any, value: object, *, bold: bool = False, wrapped: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

    if value is None or isinstance(value, (int, float)):
        plain = value if not isinstance(value, float) or math.isfinite(value) else None
        return WriteOnlyCell(sheet, value=int(plain) if isinstance(plain, bool) else plain)
    cell = WriteOnlyCell(sheet, value=_UNPRINTABLE.sub("", str(value))[:LONGEST_CELL])
    cell.data_type = "s"  # else openpyxl takes "=1+1" for a formula
    if str(value).startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True  # and it stays text when somebody edits it
    if bold:
        cell.font = Font(bold=True)
    if wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _column(index: int) -> str:
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    return str(get_column_letter(index + 1))
