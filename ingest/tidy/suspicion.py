"""Suspicious cells, found without being told where: what a careful reader would stop at.

Looks at every column that no recipe types as a number: dates among numbers, percentages above 100,
lone percent signs, spreadsheet errors; and at whole rows: exact repeats, a key stated twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from ingest.readers.raw_table import RawTable
from ingest.tidy.cells import DATE_LIKE, SPREADSHEET_ERROR

_PERCENT_NAME = re.compile(
    r"(^|[^a-z])(pct|percent|percentage|porcentaje|turnout|participacion|share)([^a-z]|$)|%", re.IGNORECASE
)
_MOSTLY = 0.8
_ENOUGH = 5


def suspicious_cells(raw: RawTable, skip: set[str]) -> Iterator[tuple[int, str, str, str]]:
    """(row, column, value, rule) for each cell that looks wrong in the columns not in `skip`."""
    for column in raw.columns:
        if column in skip:
            continue
        native = raw.frame[column]
        if pd.api.types.is_numeric_dtype(native.dtype):
            if _PERCENT_NAME.search(column):
                yield from _above_100(raw, column, pd.to_numeric(native, errors="coerce"))
            continue
        yield from _in_text(raw, column)


def _in_text(raw: RawTable, column: str) -> Iterator[tuple[int, str, str, str]]:
    text = raw.text(column).str.strip()
    said = text != ""
    rules = {value: rule for value in text[said].unique() if (rule := _odd(value)) is not None}
    if not rules and not _PERCENT_NAME.search(column) and not text.str.endswith("%").any():
        return
    numbers = pd.to_numeric(text.str.removesuffix("%").where(said, None), errors="coerce")
    numeric = int(numbers.notna().sum())
    if numeric < _ENOUGH or numeric < _MOSTLY * int((said & ~text.isin(list(rules))).sum()):
        return  # a column of words or of dates: nothing is odd about a date there
    for position in text[text.isin(list(rules))].index:
        yield int(raw.rows[position]), column, text[position], rules[text[position]]
    if _PERCENT_NAME.search(column) or text.str.endswith("%").sum() > numeric / 2:
        yield from _above_100(raw, column, numbers)


def _odd(value: str) -> str | None:
    if value == "%":
        return "lone-percent"
    if DATE_LIKE.fullmatch(value):
        return "date-in-number"
    return "spreadsheet-error" if SPREADSHEET_ERROR.fullmatch(value) else None


def _above_100(raw: RawTable, column: str, numbers: pd.Series) -> Iterator[tuple[int, str, str, str]]:
    above = numbers > 100
    # a share column whose values mostly exceed 100 is not a percentage at all
    if int(above.sum()) <= 0.1 * int(numbers.notna().sum()):
        text = raw.text(column)
        for position in numbers[above].index:
            yield int(raw.rows[position]), column, text[position], "percent-above-100"


def exact_repeats(raw: RawTable) -> dict[int, int]:
    """Row → the earlier row that it repeats in every cell."""
    repeated = raw.frame.duplicated(keep=False)
    if not repeated.any():
        return {}
    groups = raw.frame[repeated].groupby(list(raw.frame.columns), dropna=False, sort=False).indices
    positions = raw.rows[repeated.to_numpy()]
    return {int(positions[p]): int(positions[g[0]]) for g in groups.values() for p in g[1:]}


def repeated_keys(frame: pd.DataFrame, key: list[str], row_column: str) -> dict[int, int]:
    """Row → the earlier row with the same key (exact repeats are already out)."""
    if not key:
        return {}
    rows = frame[row_column]
    first = rows.groupby([frame[k] for k in key], sort=False).transform("min")
    return {int(r): int(f) for r, f in zip(rows[rows != first], first[rows != first], strict=True)}
