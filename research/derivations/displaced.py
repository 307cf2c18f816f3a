"""Published values that stand in another election's row: found where a whole series fits once it is shifted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

FIT = 0.5  # of the values of a series, the least that must fit once shifted
GAIN = 0.3  # how many more than in their own place
LEAST = 3  # values that fit, at the least
GAP = 0.15  # points: a value fits when it is no further away
REACH = 6  # elections: the furthest shift looked for first


def displaced_values(values: Iterable[tuple[int, float]], ours: Sequence[float]) -> dict[int, int]:
    """Which election each displaced value is of: from its place in the country's elections to the one meant.

    `values` are the published ones with their place, `ours` the computed index of the country's elections in order of
    date (NaN where there is none). A series is displaced where at least half of its values fit after a shift, and three
    in ten more than where they stand. The rows that the shift pushes off one end may have come in at the other: a second
    shift, the other way, is looked for among the rows that fit nowhere yet, under the same conditions.

    >>> displaced_values([(0, 9.0), (1, 13.0), (2, 17.0)], [1.0, 5.0, 9.0, 13.0, 17.0])
    {0: 2, 1: 3, 2: 4}
    >>> displaced_values([(0, 9.0), (1, 13.0), (2, 17.0)], [9.0, 13.0, 17.0])
    {}
    """
    rows = list(values)
    shift = _shift(rows, ours, range(-REACH, REACH + 1))
    if not shift:
        return {}
    found = {i: i + shift for i, v in rows if _gap(ours, i + shift, v) <= GAP}
    left = [(i, v) for i, v in rows if i not in found and not _gap(ours, i, v) <= GAP]
    other_way = range(1, len(ours)) if shift < 0 else range(1 - len(ours), 0)
    back = _shift(left, ours, other_way)
    if back:
        found |= {i: i + back for i, v in left if _gap(ours, i + back, v) <= GAP}
    return found


def _gap(ours: Sequence[float], place: int, value: float) -> float:
    """How far a value is from the index at a place; NaN where there is none."""
    return abs(ours[place] - value) if 0 <= place < len(ours) else float("nan")


def _shift(rows: list[tuple[int, float]], ours: Sequence[float], shifts: Iterable[int]) -> int:
    """The shift under which most rows fit, or 0 where none does well enough; the nearest of equals."""
    fits = {0: _fitting(rows, ours, 0)} | {s: _fitting(rows, ours, s) for s in shifts}
    best = max(fits, key=lambda s: (fits[s], -abs(s)))
    return best if fits[best] >= FIT and fits[best] >= fits[0] + GAIN else 0


def _fitting(rows: list[tuple[int, float]], ours: Sequence[float], shift: int) -> float:
    """The share of the rows with something to compare that fit under a shift; 0 with too few."""
    gaps = np.array([_gap(ours, i + shift, v) for i, v in rows])
    known = gaps[~np.isnan(gaps)]
    return float((known <= GAP).mean()) if len(known) >= LEAST else 0.0
