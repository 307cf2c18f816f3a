"""Typed rows → statements: rows of our tables, each with the row and column it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ingest.descriptor.recipes import Answers, ColumnValue, Fact, Measure, Recipe
from ingest.descriptor.variables import Variable
from ingest.problems import DescriptorError
from ingest.readers.raw_table import as_text, cell_text
from ingest.table_schema import Table
from ingest.tidy.found import Finder
from ingest.tidy.rules import pick_all
from ingest.tidy.shape import COLUMN, ROW

EVE = "__eve"


@dataclass(frozen=True)
class Statements:
    """Rows for one table as text: the table's stated columns, then raw_row, raw_column, raw_query."""

    table: str
    frame: pd.DataFrame


class Speaker:
    """Turns the typed rows of one recipe into statements."""

    def __init__(
        self, recipe: Recipe, tables: dict[str, Table], variables: dict[str, Variable], finder: Finder
    ) -> None:
        self._recipe = recipe
        self._tables = tables
        self._variables = variables
        self._finder = finder
        self._published = {f.key: f.name for f in recipe.fields}

    def speak(self, typed: pd.DataFrame) -> Iterator[Statements]:
        """Every statement of the recipe, answers first."""
        for answers in self._recipe.answers:
            yield from self._answers(answers, typed)
        for fact in self._recipe.facts:
            yield self._fact(fact, typed)

    # -- facts ------------------------------------------------------------------------------------

    def _fact(self, fact: Fact, typed: pd.DataFrame) -> Statements:
        table = self._table(fact)
        rows = typed[pick_all(fact.when, typed)]
        for name in fact.need:
            rows = rows[rows[name].notna()]
        frame = pd.DataFrame({c: as_text(self._values(v, rows)) for c, v in fact.columns.items()}, dtype=object)
        frame = frame.reindex(columns=[c.name for c in table.stated_columns], fill_value="")
        frame = self._with_origin(frame, rows, fact.columns)
        return Statements(table.name, self._valid(frame, table))

    def _table(self, fact: Fact) -> Table:
        table = self._tables.get(fact.table)
        if table is None or table.origin != "facts":
            known = ", ".join(sorted(t.name for t in self._tables.values() if t.origin == "facts"))
            raise DescriptorError(
                f"receta {self._recipe.name}: no hay tabla de hechos «{fact.table}»; hay: {known}",
                f"recipe {self._recipe.name}: there is no table of facts '{fact.table}'; there are: {known}",
            )
        stated = [c.name for c in table.stated_columns]
        unknown = [c for c in fact.columns if c not in stated]
        if unknown:
            raise DescriptorError(
                f"receta {self._recipe.name}: {table.name} no tiene la columna {', '.join(unknown)}; tiene: {', '.join(stated)}",
                f"recipe {self._recipe.name}: {table.name} has no column {', '.join(unknown)}; it has: {', '.join(stated)}",
            )
        return table

    def _valid(self, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
        """Only rows that say what the table requires; the others are told."""
        for column in table.stated_columns:
            cells = frame[column.name]
            if column.required and (empty := cells == "").any():
                self._finder.tell_cells(cells[empty], _row_numbers(frame), column.name, "required", "cell_dropped")
                frame = frame[~empty]
            elif column.allowed and (odd := (cells != "") & ~cells.isin([str(v) for v in column.allowed])).any():
                allowed = ", ".join(str(v) for v in column.allowed)
                self._finder.tell_cells(cells[odd], _row_numbers(frame), column.name, "enum", "cell_dropped", allowed)
                frame = frame[~odd]
        return frame

    # -- answers ----------------------------------------------------------------------------------

    def _answers(self, answers: Answers, typed: pd.DataFrame) -> Iterator[Statements]:
        if answers.until_next:
            typed = typed.assign(**{EVE: _eves(as_text_of(typed, answers.subject), as_text_of(typed, answers.period))})
        typed = typed[pick_all(answers.when, typed)]
        for variable_id, measure in answers.variables.items():
            if variable_id not in self._variables:
                raise DescriptorError(
                    f"receta {self._recipe.name}: la variable «{variable_id}» no está definida",
                    f"recipe {self._recipe.name}: the variable '{variable_id}' is not defined",
                )
            names = pd.Series(variable_id, index=typed.index, dtype=object)
            yield self._measured(answers, measure, names, typed)
        if answers.variable is not None and answers.measure is not None:
            yield self._measured(answers, answers.measure, self._values(answers.variable, typed), typed)

    def _measured(self, answers: Answers, measure: Measure, names: pd.Series, typed: pd.DataFrame) -> Statements:
        source = measure.value or measure.code or measure.text
        if source is None:
            raise DescriptorError(
                f"receta {self._recipe.name}: la medida necesita value, code o text",
                f"recipe {self._recipe.name}: the measure needs value, code or text",
            )
        said = typed[source].notna()
        reasons = f"{source}__missing"
        if reasons in typed:
            said |= typed[reasons].notna()
        rows, names = typed[said], names[said]
        blank = pd.Series("", index=rows.index, dtype=object)
        frame = pd.DataFrame({"variable_id": names, "jurisdiction_id": as_text_of(rows, answers.subject)}, dtype=object)
        frame["tier"] = as_text(self._values(answers.tier, rows)).set_axis(rows.index) if answers.tier else blank
        for column, name in (
            ("value", measure.value),
            ("text", measure.text),
            ("low", measure.low),
            ("high", measure.high),
            ("comment", measure.comment),
            ("legal_basis", answers.legal_basis),
            ("quoted_text", answers.quoted_text),
            ("verified_on", answers.verified_on),
        ):
            frame[column] = as_text_of(rows, name) if name else blank
        codes = as_text_of(rows, measure.code) if measure.code else blank
        frame["code_id"] = (names + ":" + codes).where(codes != "", "")
        frame["missing"] = as_text_of(rows, reasons) if reasons in typed else blank
        self._periods(answers, rows, frame)
        table = self._tables["answers"]
        frame = frame.reindex(columns=[c.name for c in table.stated_columns], fill_value="")
        frame = self._with_origin(frame, rows, {"value": source})
        return Statements("answers", self._with_known_codes(frame))

    def _periods(self, answers: Answers, rows: pd.DataFrame, frame: pd.DataFrame) -> None:
        start = as_text_of(rows, answers.period)
        precision = f"{answers.period}__precision"
        frame["valid_from"] = start.map(lambda d: d + "-01-01" if len(d) == 4 else d + "-01" if len(d) == 7 else d)
        frame["date_precision"] = as_text_of(rows, precision) if precision in rows else "year"
        if answers.until_next:
            frame["valid_to"] = as_text_of(rows, EVE)
        elif answers.until is not None:
            end = as_text_of(rows, answers.until)
            frame["valid_to"] = end.map(lambda d: d + "-12-31" if len(d) == 4 else d)
        elif precision not in rows:
            frame["valid_to"] = start.map(lambda d: d + "-12-31" if d else "")

    def _with_known_codes(self, frame: pd.DataFrame) -> pd.DataFrame:
        known = {f"{v.id}:{c.code}" for v in self._variables.values() for c in v.codes}
        odd = (frame["code_id"] != "") & ~frame["code_id"].isin(list(known))
        if odd.any():
            self._finder.tell_cells(
                frame["code_id"][odd], _row_numbers(frame), "code", "unlisted-value", "cell_dropped"
            )
        return frame[~odd]

    # -- values and origin ------------------------------------------------------------------------

    def _values(self, value: ColumnValue, rows: pd.DataFrame) -> pd.Series:
        if isinstance(value, str):
            return self._field(value, rows)
        if value.precision_of is not None:
            return self._field(f"{value.precision_of}__precision", rows)
        if value.template is not None:
            return self._filled(value.template, rows)
        return pd.Series(cell_text(value.const), index=rows.index, dtype=object)

    def _filled(self, template: str, rows: pd.DataFrame) -> pd.Series:
        """The template once for each different set of values, however many rows have it."""
        names = list(dict.fromkeys(re.findall(r"\{(\w+)(?::[^{}]*)?\}", template)))
        parts = [as_text(self._field(n, rows)).tolist() for n in names]
        sets = pd.Series(list(zip(*parts, strict=True)), index=rows.index, dtype=object)
        texts = {values: template.format(**dict(zip(names, values, strict=True))) for values in set(sets)}
        return sets.map(texts)

    def _field(self, name: str, rows: pd.DataFrame) -> pd.Series:
        if name not in rows:
            known = ", ".join(c for c in rows.columns if "__" not in c)
            raise DescriptorError(
                f"receta {self._recipe.name}: no hay campo «{name}»; hay: {known}",
                f"recipe {self._recipe.name}: there is no field '{name}'; there are: {known}",
            )
        return rows[name]

    def _with_origin(
        self, frame: pd.DataFrame, rows: pd.DataFrame, columns: dict[str, ColumnValue] | dict[str, str]
    ) -> pd.DataFrame:
        frame = frame.set_axis(rows.index)
        if self._recipe.aggregate is None:
            frame["raw_row"] = rows[ROW].astype("int64").astype(str)
            frame["raw_query"] = ""
        else:
            frame["raw_row"] = ""
            frame["raw_query"] = self._query({v for v in columns.values() if isinstance(v, str)})
        if COLUMN in rows:
            frame["raw_column"] = rows[COLUMN]
        else:
            named = columns.get("value")
            frame["raw_column"] = self._published.get(named, named) if isinstance(named, str) else ""
        return frame

    def _query(self, used: set[str]) -> str:
        aggregate = self._recipe.aggregate
        assert aggregate is not None
        by = [self._published.get(b, b) for b in aggregate.by]
        sums = [f"sum({self._published.get(s, s)})" for s in aggregate.sum if s in used] or ["count(*)"]
        text = f"select {', '.join([*by, *sums])} from {self._recipe.table or self._recipe.file}"
        return f"{text} group by {', '.join(by)}" if by else text


def _eves(subjects: pd.Series, starts: pd.Series) -> pd.Series:
    """The day before each subject's next later start; '' for its last. Starts are ISO dates cut to what is known."""
    known: dict[str, list[str]] = {}
    for subject, start in zip(subjects, starts, strict=True):
        if start:
            known.setdefault(subject, []).append(start)
    ordered = {subject: sorted(set(days)) for subject, days in known.items()}
    ends = []
    for subject, start in zip(subjects, starts, strict=True):
        later = next((d for d in ordered.get(subject, []) if d > start), None) if start else None
        ends.append(_day_before(later) if later else "")
    return pd.Series(ends, index=subjects.index, dtype=object)


def _day_before(start: str) -> str:
    first = date.fromisoformat((start + "-01-01")[:10])
    return (first - timedelta(days=1)).isoformat()


def as_text_of(rows: pd.DataFrame, name: str) -> pd.Series:
    """One typed column as text, on the rows' own index."""
    return as_text(rows[name]).set_axis(rows.index)


def _row_numbers(frame: pd.DataFrame) -> pd.Series:
    return frame["raw_row"].map(lambda r: int(r) if r else 0)
