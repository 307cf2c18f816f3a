"""What lumping small contestants as "others" can do to an index.

"Others" may be one contestant or any number of them. An index is therefore told as computed with others as one, and
with its bounds: others as one, and others as infinitely many contestants, each with next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from research.indices.disproportionality import (
    largest_deviation_pct,
    least_squares_pct,
    loosemore_hanby_pct,
)
from research.indices.fragmentation import (
    effective_number,
    fractionalisation,
    golosov_number,
    herfindahl_hirschman,
    molinar_number,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bounds:
    """An index with others as one contestant, and the lower and upper of the two readings; arrays of one shape."""

    value: Floats
    lower: Floats
    upper: Floats


_OF_SHARES: dict[str, Callable[[npt.ArrayLike], Floats]] = {
    "effective_number": effective_number,
    "fractionalisation": fractionalisation,
    "herfindahl_hirschman": herfindahl_hirschman,
    "golosov_number": golosov_number,
    "molinar_number": molinar_number,
}
_OF_DEVIATIONS: dict[str, Callable[[npt.ArrayLike, npt.ArrayLike], Floats]] = {
    "least_squares_pct": least_squares_pct,
    "largest_deviation_pct": largest_deviation_pct,
    "loosemore_hanby_pct": loosemore_hanby_pct,
}


def others_bounds(
    index: str,
    named: npt.ArrayLike,
    others: npt.ArrayLike,
    named_seats: npt.ArrayLike | None = None,
    others_seats: npt.ArrayLike | None = None,
) -> Bounds:
    """The bounds of an index of this package by its function's name.

    `named` (…, contestants) and `others` (…) are fractions of votes (or of whatever the index is of); indices of
    disproportionality need the seats too. Infinitely many contestants leave nothing in a sum of squares; in Golosov's
    sum they leave others/p₁²; in Loosemore and Hanby's distortion they leave what one contestant leaves.
    Raises KeyError for an index that has no bounds here.

    >>> b = others_bounds("effective_number", [0.5, 0.4], 0.1)
    >>> [round(float(x), 2) for x in (b.value, b.lower, b.upper)]  # 1/.42, 1/.42, 1/.41
    [2.38, 2.38, 2.44]
    """
    p, o = np.asarray(named, dtype=np.float64), np.asarray(others, dtype=np.float64)
    as_one = np.concatenate([p, o[..., np.newaxis]], axis=-1)
    if index in _OF_SHARES:
        value = _OF_SHARES[index](as_one)
        many = _OF_SHARES[index](p)
        if index == "golosov_number":
            largest = p.max(axis=-1, initial=0.0)
            with np.errstate(divide="ignore", invalid="ignore"):
                many = np.where(o > 0, many + o / largest**2, many)
    else:
        of_deviations = _OF_DEVIATIONS[index]
        if named_seats is None or others_seats is None:
            raise ValueError(f"{index} needs seats")
        s, t = np.asarray(named_seats, dtype=np.float64), np.asarray(others_seats, dtype=np.float64)
        value = of_deviations(as_one, np.concatenate([s, t[..., np.newaxis]], axis=-1))
        many = value if index == "loosemore_hanby_pct" else of_deviations(p, s)
    return Bounds(value, np.asarray(np.fmin(value, many)), np.asarray(np.fmax(value, many)))
