"""Countries × variables at a time: one table with a source in every cell, or the reason why there is none."""

from research.comparison.cells import (
    Aggregate,
    Cell,
    Column,
    Difference,
    Gap,
    Note,
    Row,
    SimilarityRule,
)
from research.comparison.comparing import compare
from research.comparison.comparison_table import ComparisonTable
from research.comparison.evidence import Evidence
from research.comparison.request import Comparison

__all__ = [
    "Aggregate",
    "Cell",
    "Column",
    "Comparison",
    "ComparisonTable",
    "Difference",
    "Evidence",
    "Gap",
    "Note",
    "Row",
    "SimilarityRule",
    "compare",
]
