"""Numbers of a row that do not go together: told as warnings, and the row is loaded all the same."""

from __future__ import annotations

import pandas as pd

from ingest.descriptor.recipes import Recipe
from ingest.readers.raw_table import cell_text
from ingest.tidy.found import Finder
from ingest.tidy.rules import pick_all
from ingest.tidy.shape import ROW


def check(typed: pd.DataFrame, recipe: Recipe, finder: Finder) -> None:
    """Tell every row in which a number exceeds the other one that a check of the recipe names."""
    published = {f.key: f.name for f in recipe.fields}
    for step in recipe.checks:
        above = typed[(typed[step.field] > typed[step.at_most]).fillna(False).astype(bool)]
        above = above[pick_all(step.when, above)]
        for row, value, other in zip(above[ROW], above[step.field], above[step.at_most], strict=True):
            more = f"{published[step.at_most]} ({cell_text(other)})"
            finder.tell(int(row), published[step.field], cell_text(value), "above-other-column", "warning", more)
