"""How far seats depart from votes. Shares go in as fractions; results named `_pct` are in percentage points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _deviations_pct(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    v, s = np.asarray(votes, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    if v.shape != s.shape:
        raise ValueError(f"votes {v.shape} and seats {s.shape} need one place for each contestant")
    return 100.0 * (v - s)


def least_squares_pct(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Least squares index (LSq), √(½ Σ (V − S)²), 0–100. The ½ is inside the root.

    Gallagher 1991, Electoral Studies 10(1), 33–51, equation 10.

    >>> round(float(least_squares_pct([0.6, 0.4], [0.7, 0.3])), 2)  # √(½·(100 + 100))
    10.0
    """
    return np.asarray(np.sqrt(0.5 * np.square(_deviations_pct(votes, seats)).sum(axis=-1)))


def loosemore_hanby_pct(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Distortion, ½ Σ |V − S|, 0–100: the share of seats that would have to change hands.

    Loosemore & Hanby 1971, British Journal of Political Science 1(4), 467–477.

    >>> round(float(loosemore_hanby_pct([0.6, 0.4], [0.7, 0.3])), 2)
    10.0
    """
    return np.asarray(0.5 * np.abs(_deviations_pct(votes, seats)).sum(axis=-1))


def rae_disproportionality_pct(
    votes: npt.ArrayLike, seats: npt.ArrayLike, contestants: npt.ArrayLike | None = None
) -> Floats:
    """Mean deviation, (1/n) Σ |V − S|, 0–100.

    `contestants` is n; by default those with votes or seats. Many tiny parties lower the index, hence n must be told with it.
    Rae 1967, The Political Consequences of Electoral Laws, chapter 4.

    >>> round(float(rae_disproportionality_pct([0.6, 0.4], [0.7, 0.3])), 2)
    10.0
    >>> round(float(rae_disproportionality_pct([0.6, 0.4], [0.7, 0.3], contestants=4)), 2)
    5.0
    """
    deviations = np.abs(_deviations_pct(votes, seats))
    if contestants is None:
        n = ((np.asarray(votes) > 0) | (np.asarray(seats) > 0)).sum(axis=-1).astype(np.float64)
    else:
        n = np.asarray(contestants, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(n > 0, deviations.sum(axis=-1) / n, np.nan))


def largest_deviation_pct(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Largest deviation of any contestant, max |V − S|, 0–100.

    Lijphart 1994, Electoral Systems and Party Systems, chapter 3.

    >>> round(float(largest_deviation_pct([0.5, 0.3, 0.2], [0.6, 0.3, 0.1])), 2)
    10.0
    """
    return np.asarray(np.abs(_deviations_pct(votes, seats)).max(axis=-1, initial=0.0))


def sainte_lague_index(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Sainte-Laguë index, Σ (S − V)²/V with S and V in percent; 0 upwards, without an upper limit.

    Sainte-Laguë 1910; Gallagher 1991, equation 9. NaN (undefined) where a contestant has seats and no votes.

    >>> round(float(sainte_lague_index([0.5, 0.5], [0.6, 0.4])), 2)  # 100/50 + 100/50
    4.0
    >>> bool(np.isnan(sainte_lague_index([1.0, 0.0], [0.5, 0.5])))
    True
    """
    v, s = np.asarray(votes, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(v > 0, np.square(_deviations_pct(v, s)) / (100.0 * v), 0.0)
    undefined = ((v <= 0) & (s > 0)).any(axis=-1)
    return np.asarray(np.where(undefined, np.nan, terms.sum(axis=-1)))


def advantage_ratio(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Advantage ratio of each contestant, S/V: above 1, more seats than votes. NaN where a contestant has no votes.

    Taagepera & Laakso 1980, British Journal of Political Science 10(1), 107–119.

    >>> [round(float(a), 2) for a in advantage_ratio([0.5, 0.5], [0.6, 0.4])]
    [1.2, 0.8]
    """
    v, s = np.asarray(votes, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(v > 0, s / v, np.nan))


def dhondt_index(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """D'Hondt index: the largest advantage ratio, max S/V. NaN where a contestant has seats and no votes, or none has votes.

    Gallagher 1991, equation 8.

    >>> round(float(dhondt_index([0.5, 0.5], [0.6, 0.4])), 2)
    1.2
    """
    v, s = np.asarray(votes, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    ratios = np.nan_to_num(advantage_ratio(v, s), nan=0.0)
    undefined = ((v <= 0) & (s > 0)).any(axis=-1) | (v <= 0).all(axis=-1)
    return np.asarray(np.where(undefined, np.nan, ratios.max(axis=-1, initial=0.0)))
