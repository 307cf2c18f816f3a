"""What a comparison gives: its cells, aggregates, sources, and all of it as a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from research.comparison.cells import Aggregate, Cell, CellKey, Column, Row, SimilarityRule, Source
from research.comparison.records import FIELDS, Record, record
from research.comparison.request import Comparison
from research.names import Labels, Language

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ComparisonTable:
    """Rows × columns → cells, with aggregates by day and column, the sources used and the data's version."""

    asked: Comparison
    home: str | None
    days: tuple[str, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: Mapping[CellKey, Cell]
    aggregates: tuple[Aggregate, ...]
    sources: Mapping[str, Source]
    similarity: SimilarityRule | None
    data_version: str
    jurisdictions: Mapping[str, Labels]

    def cell(self, row: Row, column: Column) -> Cell:
        """The cell of a row and a column."""
        return self.cells[row.jurisdiction_id, row.day, column.variable.variable_id, column.tier]

    def records(self, language: Language) -> Iterator[Record]:
        """The cells, row by row, as the fields of `research.comparison.records`."""
        for row in self.rows:
            for column in self.columns:
                told = record(row, column, self.cell(row, column), self.sources, language)
                yield told | {"home_id": self.home, "data_version": self.data_version}

    def frame(self, language: Language = "es") -> pd.DataFrame:
        """One row a cell, with every part of its provenance; the columns are those of `research.comparison.records`."""
        import pandas as pd  # takes a while to import, and few need it

        return pd.DataFrame(list(self.records(language)), columns=list(FIELDS)).convert_dtypes()
