"""How many parties there are: numbers that weigh parties by their shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def herfindahl_hirschman(shares: npt.ArrayLike) -> Floats:
    """Concentration, Σ p² (0–1), of shares (…, contestants) in fractions.

    Hirschman 1945; Herfindahl 1950.

    >>> round(float(herfindahl_hirschman([0.5, 0.3, 0.2])), 2)  # .25 + .09 + .04
    0.38
    """
    p = np.asarray(shares, dtype=np.float64)
    return np.asarray(np.square(p).sum(axis=-1))


def fractionalisation(shares: npt.ArrayLike) -> Floats:
    """Chance that two voters (or seats) drawn at random are of different parties, 1 − Σ p² (0–1).

    Rae 1967, The Political Consequences of Electoral Laws, chapter 3.

    >>> round(float(fractionalisation([0.5, 0.3, 0.2])), 2)  # 1 − .38
    0.62
    """
    return np.asarray(1.0 - herfindahl_hirschman(shares))


def effective_number(shares: npt.ArrayLike) -> Floats:
    """Effective number of parties, 1 / Σ p², in parties; of votes (ENEP) or of seats (ENPP).

    Laakso & Taagepera 1979, Comparative Political Studies 12(1), equation for N₂. NaN where all shares are 0.

    >>> round(float(effective_number([0.75, 0.25])), 2)  # 1 / (.5625 + .0625)
    1.6
    """
    concentration = herfindahl_hirschman(shares)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(concentration > 0, 1.0 / concentration, np.nan))


def golosov_number(shares: npt.ArrayLike) -> Floats:
    """Golosov's effective number of parties, Σ p / (p + p₁² − p²), in parties; p₁ is the largest share.

    Golosov 2010, Party Politics 16(2), 171–192. NaN where all shares are 0.

    >>> round(float(golosov_number([0.75, 0.25])), 2)  # 1 + .25 / (.25 + .5625 − .0625)
    1.33
    """
    p = np.asarray(shares, dtype=np.float64)
    largest = p.max(axis=-1, keepdims=True, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p / (p + largest**2 - p**2), 0.0)
    total = terms.sum(axis=-1)
    return np.asarray(np.where(total > 0, total, np.nan))


def molinar_number(shares: npt.ArrayLike) -> Floats:
    """Molinar's number of parties, 1 + N·(Σp² − p₁²)/Σp², in parties; N is Laakso and Taagepera's number.

    Molinar 1991, American Political Science Review 85(4), 1383–1391. NaN where all shares are 0.

    >>> round(float(molinar_number([0.5, 0.5])), 2)  # 1 + 2·(.5 − .25)/.5
    2.0
    >>> round(float(molinar_number([0.75, 0.25])), 2)  # 1 + 1.6·.0625/.625
    1.16
    """
    p = np.asarray(shares, dtype=np.float64)
    concentration = herfindahl_hirschman(p)
    first = np.square(p.max(axis=-1, initial=0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1.0 + effective_number(p) * (concentration - first) / concentration)
