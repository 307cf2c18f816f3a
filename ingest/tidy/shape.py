"""Reshaping a published table before its cells are typed: fill down, exclude, join, unpivot, split.

The working table has the published columns as text, plus ROW (row of the published file) and, once
unpivoted, COLUMN (the published column that a value came from).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from ingest.descriptor.recipes import Correction, Join, Recipe, Unpivot
from ingest.problems import DescriptorError, ExpectationError
from ingest.readers.raw_table import RawTable

ROW = "__row"
COLUMN = "__column"


def needed_columns(recipe: Recipe, raw: RawTable) -> list[str]:
    """Published columns that a recipe reads. Raises DescriptorError for one that is not there."""
    made = {name for join in recipe.join for name in join.take} | set(recipe.combine)
    wanted = [part for template in recipe.combine.values() for part in combined_columns(template)]
    wanted += [f.name for f in recipe.fields] + [e.field for e in recipe.exclude] + recipe.primary_key
    for join in recipe.join:
        wanted += [here for here in join.match if here not in made]
    known = set(raw.columns)
    if recipe.unpivot:
        pattern = re.compile(recipe.unpivot.columns)
        made |= {*pattern.groupindex, recipe.unpivot.value}
        wide = [c for c in raw.columns if pattern.fullmatch(c)]
        if not wide:
            raise DescriptorError(
                f"receta {recipe.name}: ninguna columna de {recipe.file} tiene la forma {recipe.unpivot.columns}",
                f"recipe {recipe.name}: no column of {recipe.file} has the form {recipe.unpivot.columns}",
            )
        wanted += wide
    wanted = list(dict.fromkeys(w for w in wanted if w not in made))
    absent = [w for w in wanted if w not in known]
    if absent:
        raise DescriptorError(
            f"receta {recipe.name}: {recipe.file} no tiene la columna {', '.join(absent)}; tiene: {', '.join(raw.columns[:40])}",
            f"recipe {recipe.name}: {recipe.file} has no column {', '.join(absent)}; it has: {', '.join(raw.columns[:40])}",
        )
    return wanted


def working_table(raw: RawTable, columns: list[str]) -> pd.DataFrame:
    """The columns as text, with their row numbers."""
    frame = pd.DataFrame({name: raw.text(name) for name in columns}, dtype=object)
    frame[ROW] = raw.rows
    return frame


def correct(frame: pd.DataFrame, corrections: list[Correction], recipe: Recipe) -> pd.DataFrame:
    """Declared repairs. Raises ExpectationError when a cell no longer says what was to be repaired."""
    for c in corrections:
        if (c.file, c.table) != (recipe.file, recipe.table) or c.column not in frame.columns:
            continue
        here = frame[ROW] == c.row
        found = frame.loc[here, c.column].tolist()
        if found != [c.was]:
            said = found[0] if found else "—"
            raise ExpectationError(
                f"{c.file}:{c.row}: {c.column}: la corrección esperaba «{c.was}» y el archivo dice «{said}»; "
                "si el editor ya lo corrigió, quite la corrección del descriptor",
                f"{c.file}:{c.row}: {c.column}: the correction expects '{c.was}' and the file says '{said}'; "
                "if the publisher has mended it, take the correction out of the descriptor",
            )
        frame.loc[here, c.column] = c.becomes
    return frame


def fill_down(frame: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Empty cells of the fields that say so repeat the cell above."""
    for field in recipe.fields:
        if field.fill_down:
            cells = frame[field.name]
            frame[field.name] = cells.where(cells.str.strip() != "", None).ffill().fillna("")
    return frame


def join(frame: pd.DataFrame, recipe: Recipe, other_table: Callable[[str, str | None], RawTable]) -> pd.DataFrame:
    """Columns from other files of the source. Raises DescriptorError when their key is not unique."""
    for step in recipe.join:
        frame = _joined(frame, step, other_table(step.file, step.table), recipe.name)
    return frame


def _joined(frame: pd.DataFrame, step: Join, other: RawTable, recipe_name: str) -> pd.DataFrame:
    right = pd.DataFrame({name: other.text(name) for name in {*step.match.values(), *step.take.values()}}, dtype=object)
    keys = list(step.match.values())
    if step.repeated == "first":
        right = right[~right.duplicated(keys)]
    elif right.duplicated(keys).any():
        raise DescriptorError(
            f"receta {recipe_name}: {', '.join(keys)} se repite en {step.file}; no sirve para unir",
            f"recipe {recipe_name}: {', '.join(keys)} is repeated in {step.file}; it cannot join",
        )
    lookup = right.set_index(keys)
    here = frame[list(step.match)]
    index = here.iloc[:, 0] if len(keys) == 1 else pd.MultiIndex.from_frame(here)
    for new, published in step.take.items():
        frame[new] = lookup[published].reindex(index).fillna("").to_numpy()
    return frame


def combined_columns(template: str) -> list[str]:
    """The published columns that a `combine` names in its places."""
    return re.findall(r"\{([^{}]+)\}", template)


def combine(frame: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """New columns out of several: '{Year} {Month}' → '1965 July'."""
    for name, template in recipe.combine.items():
        columns = combined_columns(template)
        pieces = re.split(r"\{[^{}]+\}", template)
        texts = [
            pieces[0] + "".join(cell.strip() + piece for cell, piece in zip(row, pieces[1:], strict=True))
            for row in zip(*(frame[c].tolist() for c in columns), strict=True)
        ]
        frame[name] = pd.Series(texts, index=frame.index, dtype=object).str.strip()
    return frame


def unpivot(frame: pd.DataFrame, step: Unpivot | None) -> pd.DataFrame:
    """Wide to long; named groups of the column pattern become columns, in the file's row order."""
    if step is None:
        return frame
    pattern = re.compile(step.columns)
    wide = [c for c in frame.columns if pattern.fullmatch(c)]
    kept = [c for c in frame.columns if c not in wide]
    long = frame.melt(id_vars=kept, value_vars=wide, var_name=COLUMN, value_name=step.value)
    for group in pattern.groupindex:
        parts = {c: match[group] for c in wide if (match := pattern.fullmatch(c))}
        long[group] = long[COLUMN].map(parts)
    long = long[long[step.value].str.strip() != ""]  # an empty cell of a wide table says nothing
    order = {c: i for i, c in enumerate(wide)}
    return (
        long.assign(__order=long[COLUMN].map(order))
        .sort_values([ROW, "__order"], kind="stable")
        .drop(columns="__order")
        .reset_index(drop=True)
    )


def split(frame: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Cells that hold several values become several rows."""
    for field in recipe.fields:
        if field.split:
            frame[field.name] = frame[field.name].str.split(field.split.replace("\\n", "\n"))
            frame = frame.explode(field.name, ignore_index=True)
    return frame
