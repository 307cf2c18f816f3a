"""How evenly a party draws its votes from the parts of a country."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def party_nationalisation(shares: npt.ArrayLike) -> Floats:
    """Party nationalisation score of each party, 1 − Gini of its shares over the units; 0–1, 1 is perfectly even.

    `shares` is (units, parties): the party's share of each unit's vote, every unit weighing the same.
    Jones & Mainwaring 2003, Party Politics 9(2), 139–166. NaN for a party without votes.

    >>> [round(float(x), 2) for x in party_nationalisation([[0.5, 1.0], [0.5, 0.0]])]
    [1.0, 0.5]
    """
    p = np.sort(np.asarray(shares, dtype=np.float64), axis=0)
    units = p.shape[0]
    rank = np.arange(1, units + 1, dtype=np.float64)[:, np.newaxis]
    total = p.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gini = 2.0 * (rank * p).sum(axis=0) / (units * total) - (units + 1.0) / units
        return np.asarray(np.where(total > 0, 1.0 - gini, np.nan))


def system_nationalisation(shares: npt.ArrayLike, national_shares: npt.ArrayLike) -> Floats:
    """Party system nationalisation score, Σ PNS_j · v_j, v_j the party's share (fraction) of the national vote.

    Jones & Mainwaring 2003. Parties without votes count nothing.

    >>> round(float(system_nationalisation([[0.5, 0.5], [0.5, 0.5]], [0.5, 0.5])), 2)
    1.0
    """
    scores = np.nan_to_num(party_nationalisation(shares), nan=0.0)
    return np.asarray((scores * np.asarray(national_shares, dtype=np.float64)).sum(axis=-1))
