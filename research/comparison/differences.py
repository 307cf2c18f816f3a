"""A country against the home country, and a column over all its countries."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from research.comparison.cells import Aggregate, Cell, Column, Difference
from research.comparison.evidence import Evidence
from research.comparison.words import is_same_number
from research.names import Labels


def difference(home: Evidence | None, other: Evidence | None, unit: str) -> Difference:
    """The other less the home country; not comparable where either has no answer."""
    if home is None or other is None:
        return Difference("not_comparable")
    if home.value is None or other.value is None:
        return Difference("same" if home.stated == other.stated else "different")
    amount = other.value - home.value
    overlap = None
    if home.low is not None and home.high is not None and other.low is not None and other.high is not None:
        overlap = home.low <= other.high and other.low <= home.high
    if is_same_number(home.value, other.value, unit):
        return Difference("same", amount, overlap)
    return Difference("higher" if amount > 0 else "lower", amount, overlap)


def aggregate(column: Column, day: str, cells: Sequence[Cell]) -> Aggregate:
    """Mean, median and range of numbers, counts of options; texts are only counted."""
    known = [c.evidence for c in cells if c.evidence is not None]
    uncertain = sum(e.holds is not True for e in known)
    base = (column, day, len(cells), len(known), uncertain)
    values = [e.value for e in known if e.value is not None]
    if values:
        return Aggregate(*base, statistics.fmean(values), statistics.median(values), min(values), max(values))
    options: Counter[Labels] = Counter(e.option for e in known if e.option is not None)
    counts = tuple(sorted(options.items(), key=lambda c: (-c[1], c[0].es)))
    return Aggregate(*base, counts=counts)
