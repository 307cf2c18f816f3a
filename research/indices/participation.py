"""Who took part: turnout of a stated electorate, women among the elected."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def turnout_pct(votes_cast: npt.ArrayLike, electorate: npt.ArrayLike) -> Floats:
    """Votes cast per 100 of an electorate: the registered, or the population of voting age. Say which, and of what date.

    International IDEA, Voter Turnout Database. NaN where the electorate is 0. Above 100 the figures do not belong together;
    the value is given all the same, for a test to find.

    >>> float(turnout_pct(60, 80))
    75.0
    """
    return _per_hundred(votes_cast, electorate)


def women_pct(women: npt.ArrayLike, members: npt.ArrayLike) -> Floats:
    """Women per 100 members of a body on a date. Inter-Parliamentary Union, Women in national parliaments.

    >>> float(women_pct(250, 500))
    50.0
    """
    return _per_hundred(women, members)


def _per_hundred(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    n, d = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(d > 0, 100.0 * n / d, np.nan))
