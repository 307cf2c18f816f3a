"""Typing cells: text as published → numbers, years, dates, truth values and jurisdictions.

A cell that cannot be read is told as a problem. It takes its row out when the field is required or is
a jurisdiction; otherwise the cell alone is dropped and the row goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pandas as pd

from ingest.descriptor.files import File
from ingest.descriptor.recipes import Field_
from ingest.gazetteer import Found, Gazetteer
from ingest.problems import Severity
from ingest.tidy.found import Finder

DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}-[A-Za-zé]{3,}\.?(-\d{2,4})?")
SPREADSHEET_ERROR = re.compile(r"#(VALUE|REF|DIV/0|N/A|NAME\?|NULL|NUM|¡VALOR|¡REF|¿NOMBRE\?|¡DIV/0)!?")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")


class Cells:
    """Types the fields of one recipe, column by column, telling problems to a Finder."""

    def __init__(self, file: File, gazetteer: Gazetteer, finder: Finder, key_columns: list[str]) -> None:
        self._file = file
        self._gazetteer = gazetteer
        self._finder = finder
        self._key_columns = key_columns

    def read(self, field: Field_, text: pd.Series, rows: pd.Series, typed: pd.DataFrame) -> dict[str, pd.Series]:
        """The field's values under its name; of a date also `<name>__precision`, of a field with
        missing reasons also `<name>__missing`. `typed` holds the fields read before (for `at`)."""
        cells = text.str.strip()
        columns: dict[str, pd.Series] = {}
        if field.missing_reasons:
            columns[f"{field.key}__missing"] = cells.map(field.missing_reasons)
            cells = cells.where(~cells.isin(list(field.missing_reasons)), "")
        cells = cells.where(~cells.isin([*self._file.missing_values, *field.missing_values]), "")
        if field.rewrite:
            cells = cells.str.replace(rf"^(?:{field.rewrite.pattern})$", field.rewrite.becomes, regex=True)
        if field.strip:
            cells = cells.str.replace(field.strip, "", regex=True).str.strip()
        if field.recode:
            cells = self._recoded(field, cells, rows)
        columns |= self._typed(field, cells, rows, typed)
        columns[field.key] = self._constrained(field, cells, columns[field.key], rows)
        return columns

    # -- recoding and types -----------------------------------------------------------------------

    def _recoded(self, field: Field_, cells: pd.Series, rows: pd.Series) -> pd.Series:
        table = {k: "" if v is None else str(v) for k, v in field.recode.items()}
        unlisted = ~cells.isin(list(table)) & (cells != "")
        if field.recode_others == "reject" and unlisted.any():
            self._refuse(field, cells[unlisted], rows, "unlisted-value")
            cells = cells.where(~unlisted, "")
        return cells.map(lambda c: table.get(c, c))

    def _typed(self, field: Field_, cells: pd.Series, rows: pd.Series, typed: pd.DataFrame) -> dict[str, pd.Series]:
        if field.type == "string":
            return {field.key: cells.where(cells != "", None)}
        if field.type in ("number", "integer", "year"):
            return {field.key: self._numbers(field, cells, rows)}
        if field.type == "boolean":
            return {field.key: self._truths(field, cells, rows)}
        if field.type == "date":
            return self._dates(field, cells, rows)
        return {field.key: self._jurisdictions(field, cells, rows, typed)}

    def _numbers(self, field: Field_, cells: pd.Series, rows: pd.Series) -> pd.Series:
        plain = cells.str.removesuffix("%").str.strip() if field.percent else cells
        odd = self._with_other_marks(plain)
        self._refuse(field, cells[odd], rows, "odd-number-marks")
        cells = cells.where(~odd, "")
        plain = plain.where(~odd, "")
        if self._file.group_char:
            plain = plain.str.replace(self._file.group_char, "", regex=False)
        if self._file.decimal_char != ".":
            plain = plain.str.replace(self._file.decimal_char, ".", regex=False)
        numbers = pd.to_numeric(plain.where(plain != "", None), errors="coerce").astype("float64")
        numbers = numbers.where(numbers.abs() != float("inf"))
        unread = numbers.isna() & (cells != "")
        reasons = cells[unread].map(lambda c: _why_not_a_number(field, c))
        for rule in reasons.unique():
            self._refuse(field, cells[unread][reasons == rule], rows, rule)
        if field.shares:
            numbers = numbers.where(cells.str.endswith("%"), (numbers * 100).round(10))
        if field.percent:
            self._warn(field, cells, numbers > 100, rows, "percent-above-100")
            self._warn(field, cells, numbers < 0, rows, "percent-below-0")
        if field.scale is not None:
            numbers = numbers * field.scale
        if field.offset is not None:
            numbers = numbers + field.offset
        if field.type == "number":
            return numbers
        whole = numbers.isna() | (numbers == numbers.round())
        if field.type == "year":
            whole &= numbers.isna() | numbers.between(1, 2999)
        rule = "not-a-year" if field.type == "year" else "not-an-integer"
        self._refuse(field, cells[~whole], rows, rule)
        return numbers.where(whole).astype("Int64")

    def _with_other_marks(self, cells: pd.Series) -> pd.Series:
        """Numbers that would be misread: 1.5 where the point parts thousands, 1.5 where the comma is decimal."""
        group, decimal = self._file.group_char, self._file.decimal_char
        odd = pd.Series(False, index=cells.index)
        if group:
            form = rf"[+-]?\d{{1,3}}({re.escape(group)}\d{{3}})+({re.escape(decimal)}\d*)?"
            odd |= cells.str.contains(group, regex=False) & cells.str.contains(r"\d") & ~cells.str.fullmatch(form)
        if decimal != "." and group != "." and self._file.format in ("delimited", "fixed"):
            odd |= cells.str.fullmatch(r"[+-]?\d*\.\d+")
        return odd

    def _truths(self, field: Field_, cells: pd.Series, rows: pd.Series) -> pd.Series:
        truths = cells.map(dict.fromkeys(field.true_values, 1) | dict.fromkeys(field.false_values, 0))
        self._refuse(field, cells[truths.isna() & (cells != "")], rows, "not-a-boolean")
        return truths.astype("Int64")

    def _dates(self, field: Field_, cells: pd.Series, rows: pd.Series) -> dict[str, pd.Series]:
        read = {c: _iso_date(c, field) for c in cells.unique() if c}
        unread = cells.map(lambda c: c != "" and read[c] is None)
        self._refuse(field, cells[unread.astype(bool)], rows, "not-a-date")
        known = {c: d for c, d in read.items() if d is not None}
        return {
            field.key: cells.map({c: day for c, (day, _) in known.items()})
            .astype(object)
            .where(cells.isin(list(known)), None),
            f"{field.key}__precision": cells.map({c: p for c, (_, p) in known.items()}),
        }

    def _jurisdictions(self, field: Field_, cells: pd.Series, rows: pd.Series, typed: pd.DataFrame) -> pd.Series:
        days: pd.Series = pd.Series([None] * len(cells), index=cells.index, dtype=object)
        if field.at is not None:
            days = typed[field.at].map(_last_day)
        scheme = str(field.scheme)
        pairs = pd.DataFrame({"code": cells, "day": days})
        found = {
            (code, day): self._gazetteer.find(scheme, code, day)
            for code, day in pairs.drop_duplicates().itertuples(index=False)
            if code != ""
        }
        keys = list(zip(pairs["code"], pairs["day"], strict=True))
        for key, answer in found.items():
            if answer.jurisdiction_id is None:
                unknown = cells[[k == key for k in keys]]
                more = ", ".join(answer.candidates) or "—"
                self._finder.tell_cells(unknown, rows, field.name, "unknown-jurisdiction", "rejected", more)
        nobody = Found(None)
        return pd.Series([found.get(k, nobody).jurisdiction_id for k in keys], index=cells.index, dtype=object)

    # -- constraints ------------------------------------------------------------------------------

    def _constrained(self, field: Field_, cells: pd.Series, values: pd.Series, rows: pd.Series) -> pd.Series:
        rules = field.constraints
        if rules.required or field.name in self._key_columns:
            empty = cells == ""
            self._finder.tell_cells(cells[empty], rows, field.name, "required", "rejected")
        for bound, rule in ((rules.minimum, "minimum"), (rules.maximum, "maximum")):
            if bound is not None:
                numbers = pd.to_numeric(values, errors="coerce")
                out = (numbers < bound) if rule == "minimum" else (numbers > bound)
                self._warn(field, cells, out.fillna(False).astype(bool), rows, rule, f"{bound:g}")
        if rules.pattern is not None:
            self._warn(
                field, cells, (cells != "") & ~cells.str.fullmatch(rules.pattern), rows, "pattern", rules.pattern
            )
        if rules.enum is not None:
            allowed = [str(v) for v in rules.enum]
            unlisted = (cells != "") & ~cells.isin(allowed)
            self._refuse(field, cells[unlisted], rows, "enum", ", ".join(allowed))
            values = values.where(~unlisted, None)
        if rules.unique:
            self._warn(field, cells, (cells != "") & cells.duplicated(), rows, "unique")
        return values

    def _severity(self, field: Field_) -> Severity:
        needed = field.constraints.required or field.name in self._key_columns
        return "rejected" if needed else "cell_dropped"

    def _refuse(self, field: Field_, cells: pd.Series, rows: pd.Series, rule: str, more: str = "") -> None:
        self._finder.tell_cells(cells, rows, field.name, rule, self._severity(field), more)

    def _warn(
        self, field: Field_, cells: pd.Series, where: pd.Series, rows: pd.Series, rule: str, more: str = ""
    ) -> None:
        if where.any():
            self._finder.tell_cells(cells[where], rows, field.name, rule, "warning", more)


def _why_not_a_number(field: Field_, value: str) -> str:
    if value == "%":
        return "lone-percent"
    if DATE_LIKE.fullmatch(value):
        return "date-in-number"
    if SPREADSHEET_ERROR.fullmatch(value):
        return "spreadsheet-error"
    return "not-a-year" if field.type == "year" else "not-a-number"


def _iso_date(cell: str, field: Field_) -> tuple[str, str] | None:
    """(ISO 8601 date cut to what is known, its precision), or None for what is no date."""
    if field.format:
        for form in [field.format] if isinstance(field.format, str) else field.format:
            try:
                day = datetime.strptime(cell, form)
            except ValueError:
                continue
            known = "day" if "%d" in form or "%j" in form else "month" if _has_month(form) else "year"
            return _cut(day.strftime("%Y-%m-%d").zfill(10), known, field.year_only)
        return None
    match = _ISO.fullmatch(cell)
    if match is None:
        return None
    year, month, day_of_month = match.groups()
    try:
        datetime(int(year), int(month or 1), int(day_of_month or 1))
    except ValueError:
        return None
    known = "day" if day_of_month else "month" if month else "year"
    return _cut(f"{year}-{month or '01'}-{day_of_month or '01'}", known, field.year_only)


def _has_month(form: str) -> bool:
    return any(mark in form for mark in ("%m", "%b", "%B"))


def _cut(day: str, precision: str, year_only: list[str]) -> tuple[str, str]:
    if day[5:] in year_only:
        precision = "year"
    lengths = {"day": 10, "month": 7, "year": 4}
    return day[: lengths[precision]], precision


_LAST_DAYS: dict[int, Callable[[str], str]] = {
    4: lambda year: f"{year}-12-31",
    7: lambda month: f"{month}-28",
    10: lambda day: day,
}


def _last_day(when: object) -> str | None:
    """The day on which a jurisdiction is looked up: of a year its last, of a month its 28th."""
    if when is None or when is pd.NA:
        return None
    text = str(when).zfill(4)
    return _LAST_DAYS[len(text)](text) if len(text) in _LAST_DAYS else None
