"""What the size of districts and of the assembly lets one expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def effective_threshold_district_pct(magnitude: npt.ArrayLike) -> Floats:
    """Effective threshold in a district of magnitude M, 75/(M + 1), in percent of the district's votes.

    Taagepera 1998, Electoral Studies 17(4), 393–404.

    >>> float(effective_threshold_district_pct(4))
    15.0
    """
    m = _at_least_one(magnitude, "magnitude")
    return np.asarray(75.0 / (m + 1.0))


def effective_threshold_national_pct(magnitude: npt.ArrayLike, assembly_size: npt.ArrayLike) -> Floats:
    """Nationwide effective threshold, 75/[(M + 1)·√(S/M)], in percent of the country's votes.

    Taagepera 2002, Electoral Studies 21(3), 383–401. S is the number of seats, M the (mean) magnitude.

    >>> float(effective_threshold_national_pct(4, 100))  # 75 / (5 · 5)
    3.0
    """
    m, s = _at_least_one(magnitude, "magnitude"), _at_least_one(assembly_size, "assembly_size")
    return np.asarray(75.0 / ((m + 1.0) * np.sqrt(s / m)))


@dataclass(frozen=True)
class SeatProductExpectations:
    """What the seat product model expects; arrays of one shape. Shares are fractions."""

    effective_number_seats: Floats
    largest_seat_share: Floats
    effective_number_votes: Floats
    largest_vote_share: Floats


def seat_product_expectations(magnitude: npt.ArrayLike, assembly_size: npt.ArrayLike) -> SeatProductExpectations:
    """The seat product model: N_S = (MS)^(1/6), s₁ = (MS)^(−1/8), N_V = [(MS)^¼ + 1]^(2/3), v₁ = [(MS)^¼ + 1]^(−½).

    Shugart & Taagepera 2017, Votes from Seats, chapters 7 and 8; for simple systems of one tier.

    >>> e = seat_product_expectations(1, 64)
    >>> round(float(e.effective_number_seats), 2)  # 64 is 2 to the sixth
    2.0
    """
    product = _at_least_one(magnitude, "magnitude") * _at_least_one(assembly_size, "assembly_size")
    pressure = product**0.25 + 1.0
    return SeatProductExpectations(
        np.asarray(product ** (1 / 6)),
        np.asarray(product ** (-1 / 8)),
        np.asarray(pressure ** (2 / 3)),
        np.asarray(pressure ** (-1 / 2)),
    )


def _at_least_one(number: npt.ArrayLike, name: str) -> Floats:
    value = np.asarray(number, dtype=np.float64)
    if (value < 1).any():
        raise ValueError(f"{name} must be 1 or more")
    return value
