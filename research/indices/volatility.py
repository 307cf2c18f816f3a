"""How much of the vote moved between two elections."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def pedersen_volatility_pct(before: npt.ArrayLike, after: npt.ArrayLike) -> Floats:
    """Net electoral volatility, ½ Σ |p_t − p_(t−1)|, 0–100, of shares in fractions.

    Both arrays name the same parties in the same places: splits and mergers must be mapped first, or every change of
    name counts as volatility. Raises ValueError when their shapes differ. Pedersen 1979, European Journal of Political
    Research 7(1), 1–26.

    >>> round(float(pedersen_volatility_pct([0.6, 0.4, 0.0], [0.5, 0.4, 0.1])), 2)
    10.0
    """
    a, b = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} and {b.shape} need one place for each party")
    return np.asarray(50.0 * np.abs(b - a).sum(axis=-1))
