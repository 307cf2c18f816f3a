"""One recipe, run: a published table in, statements, problems and an account of every row out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ingest.descriptor.recipes import Compare, Recipe
from ingest.descriptor.source import Descriptor
from ingest.descriptor.variables import Variable
from ingest.descriptor.words import Text
from ingest.gazetteer import Gazetteer
from ingest.problems import ExpectationError, Problem
from ingest.readers.raw_table import RawTable
from ingest.table_schema import Table
from ingest.tidy import shape
from ingest.tidy.cells import Cells
from ingest.tidy.checks import check
from ingest.tidy.comparison import differences
from ingest.tidy.found import Finder
from ingest.tidy.rules import picks
from ingest.tidy.statements import Speaker, Statements
from ingest.tidy.suspicion import exact_repeats, repeated_keys

COMPARED = Text(
    es="filas de la misma tabla, comparadas celda por celda con la que se carga",
    en="rows of the same table, compared cell by cell with the one that is loaded",
)
SAYS_NOTHING = Text(es="filas sin ningún valor que cargar", en="rows without any value to load")


@dataclass(frozen=True)
class Account:
    """Where the rows of a file went: read = loaded + rejected + excluded + duplicates."""

    file: str
    recipe: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_duplicate: int
    excluded: tuple[tuple[Text, int], ...]
    facts: int

    @property
    def rows_excluded(self) -> int:
        """Rows left out under a named rule."""
        return sum(count for _, count in self.excluded)

    @property
    def balances(self) -> bool:
        """Whether every row read is accounted for, once."""
        return self.rows_read == self.rows_loaded + self.rows_rejected + self.rows_excluded + self.rows_duplicate


@dataclass(frozen=True)
class Tidied:
    """What a recipe made."""

    statements: tuple[Statements, ...]
    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...]


def run_recipe(
    recipe: Recipe,
    descriptor: Descriptor,
    raw_table: Callable[[str, str | None], RawTable],
    gazetteer: Gazetteer,
    tables: dict[str, Table],
    variables: dict[str, Variable],
) -> Tidied:
    """The recipe's statements. Raises DescriptorError and ExpectationError."""
    raw = raw_table(recipe.file, recipe.table)
    finder = Finder(recipe.file, recipe.name)
    for row, cells in raw.malformed:
        finder.tell(row, None, "", "cell-count", "rejected", f"{cells:+d}")

    compared = [(step, raw_table(step.file, step.table)) for step in recipe.compare]
    for step, other in compared:
        for seen in differences(raw, other, step):
            finder.tell(seen.row, seen.column, seen.value, seen.rule, "warning", seen.more)

    frame = shape.working_table(raw, shape.needed_columns(recipe, raw))
    repeats = exact_repeats(raw)
    for row, earlier in repeats.items():
        finder.tell(row, None, "", "duplicate-row", "warning", str(earlier))
    frame = frame[~frame[shape.ROW].isin(list(repeats))].reset_index(drop=True)
    for row, earlier in repeated_keys(frame, recipe.primary_key, shape.ROW).items():
        here = frame.loc[frame[shape.ROW] == row, recipe.primary_key].iloc[0]
        finder.tell(row, ", ".join(recipe.primary_key), " · ".join(here), "duplicate-key", "warning", str(earlier))

    frame = shape.correct(frame, descriptor.corrections, recipe)
    frame = shape.fill_down(frame, recipe)
    frame, excluded = _exclude(frame, recipe)
    kept = {int(r) for r in frame[shape.ROW]}
    frame = shape.join(frame, recipe, raw_table)
    frame = shape.combine(frame, recipe)
    frame = shape.unpivot(frame, recipe.unpivot)
    frame = shape.split(frame, recipe)
    typed = _typed(frame, recipe, Cells(descriptor.file(recipe.file), gazetteer, finder, recipe.primary_key))
    check(typed, recipe, finder)
    refused = {int(r) for r in typed.loc[list(finder.rejected), shape.ROW]}
    typed = typed.drop(index=list(finder.rejected))
    statements = tuple(Speaker(recipe, tables, variables, finder).speak(_aggregated(typed, recipe)))

    if recipe.aggregate is not None:
        loaded = {int(r) for r in typed[shape.ROW]}
    else:
        loaded = {int(r) for s in statements for r in s.frame["raw_row"].unique()}
    rejected = refused - loaded
    silent = len(kept - loaded - rejected)
    account = Account(
        file=recipe.file,
        recipe=recipe.name,
        rows_read=raw.rows_read_count,
        rows_loaded=len(loaded),
        rows_rejected=len(rejected) + len(raw.malformed),
        rows_duplicate=len(repeats),
        excluded=(*excluded, *([(SAYS_NOTHING, silent)] if silent else [])),
        facts=sum(len(s.frame) for s in statements),
    )
    _check_expectations(recipe, account, statements)
    others = [_compared_account(recipe, step, other) for step, other in compared]
    return Tidied(statements, tuple(finder.problems), (account, *others))


def _compared_account(recipe: Recipe, step: Compare, other: RawTable) -> Account:
    name = f"{recipe.name}: {step.table}" if step.table else f"{recipe.name}: compare"
    count = other.rows_read_count
    return Account(step.file, name, count, 0, 0, 0, ((COMPARED, count),), 0)


def _exclude(frame: pd.DataFrame, recipe: Recipe) -> tuple[pd.DataFrame, list[tuple[Text, int]]]:
    counts: list[tuple[Text, int]] = []
    for rule in recipe.exclude:
        out = picks(rule, frame[rule.field])
        counts.append((rule.reason, int(out.sum())))
        frame = frame[~out]
    return frame.reset_index(drop=True), counts


def _typed(frame: pd.DataFrame, recipe: Recipe, cells: Cells) -> pd.DataFrame:
    typed = frame[[c for c in (shape.ROW, shape.COLUMN) if c in frame]].copy()
    # dates and years first: a jurisdiction is looked up as of one of them
    for field in sorted(recipe.fields, key=lambda f: f.type == "jurisdiction"):
        for name, values in cells.read(field, frame[field.name], frame[shape.ROW], typed).items():
            typed[name] = values
    return typed


def _aggregated(typed: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    if recipe.aggregate is None:
        return typed
    sums = recipe.aggregate.sum
    if recipe.aggregate.by:
        return typed.groupby(recipe.aggregate.by, sort=True)[sums].sum().reset_index()
    return typed[sums].sum().to_frame().T


def _check_expectations(recipe: Recipe, account: Account, statements: tuple[Statements, ...]) -> None:
    if not account.balances:
        raise ExpectationError(
            f"{recipe.file}: receta {recipe.name}: las cuentas de filas no cuadran: {account}",
            f"{recipe.file}: recipe {recipe.name}: the rows do not add up: {account}",
        )
    jurisdictions = {j for s in statements if "jurisdiction_id" in s.frame for j in s.frame["jurisdiction_id"]} - {""}
    found = {"rows": account.rows_read, "facts": account.facts, "jurisdictions": len(jurisdictions)}
    for name, expected in recipe.expect.model_dump(exclude_none=True).items():
        if found[name] != expected:
            raise ExpectationError(
                f"{recipe.file}: receta {recipe.name}: se esperaban {expected} ({name}) y hay {found[name]}; "
                "revise el archivo o corrija expect en el descriptor",
                f"{recipe.file}: recipe {recipe.name}: expected {expected} {name}, found {found[name]}; "
                "look at the file, or correct expect in the descriptor",
            )
