"""Collecting problems of one recipe while its table is tidied."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ingest.problems import Problem, Severity


@dataclass
class Finder:
    """Gathers the problems of one recipe and the places of the working table that they reject.

    A published row that was unpivoted or split stands in several places; only those with the fault
    are rejected.
    """

    file: str
    recipe: str
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)

    def tell(
        self, row: int | None, column: str | None, value: str, rule: str, severity: Severity, more: str = ""
    ) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.file, self.recipe, row, column, value, rule, severity, more))

    def tell_cells(
        self, cells: pd.Series, rows: pd.Series, column: str, rule: str, severity: Severity, more: str = ""
    ) -> None:
        """Note the same problem for several cells of a column; `rows` gives their published rows."""
        for row, value in zip(rows[cells.index].tolist(), cells.tolist(), strict=True):
            self.tell(int(row), column, str(value), rule, severity, more)
        if severity == "rejected":
            self.rejected |= set(cells.index)
