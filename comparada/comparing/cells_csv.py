"""A comparison as CSV: a row a cell, with every part of its provenance; no cell is a formula."""

from __future__ import annotations

from comparada.portal.formula_defusing import csv_line
from research.comparison import ComparisonTable
from research.comparison.records import FIELDS
from research.names import Language


def cells_csv(table: ComparisonTable, language: Language) -> str:
    """Comma-separated, UTF-8, with the fields of `research.comparison.records` as its head."""
    lines = [csv_line(list(FIELDS))]
    lines += [csv_line([_written(value) for value in record.values()]) for record in table.records(language)]
    return "".join(lines)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return repr(value) if isinstance(value, float) else str(value)
