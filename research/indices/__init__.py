"""Electoral indices as pure functions of arrays.

Shares are **fractions** (0–1) along the last axis, one place a contestant; names that end in `_pct` are percentages
(0–100). A contestant who is not there has share 0, so that elections of different sizes stand in one padded matrix.
Every function works on one election (a vector) or many (a matrix) alike and never rescales what it is given.
"""

from research.indices.disproportionality import (
    advantage_ratio,
    dhondt_index,
    largest_deviation_pct,
    least_squares_pct,
    loosemore_hanby_pct,
    rae_disproportionality_pct,
    sainte_lague_index,
)
from research.indices.fragmentation import (
    effective_number,
    fractionalisation,
    golosov_number,
    herfindahl_hirschman,
    molinar_number,
)
from research.indices.others import Bounds, others_bounds
from research.indices.participation import turnout_pct, women_pct
from research.indices.system import (
    effective_threshold_district_pct,
    effective_threshold_national_pct,
    seat_product_expectations,
)
from research.indices.territory import party_nationalisation, system_nationalisation
from research.indices.volatility import pedersen_volatility_pct

__all__ = [
    "Bounds",
    "advantage_ratio",
    "dhondt_index",
    "effective_number",
    "effective_threshold_district_pct",
    "effective_threshold_national_pct",
    "fractionalisation",
    "golosov_number",
    "herfindahl_hirschman",
    "largest_deviation_pct",
    "least_squares_pct",
    "loosemore_hanby_pct",
    "molinar_number",
    "others_bounds",
    "party_nationalisation",
    "pedersen_volatility_pct",
    "rae_disproportionality_pct",
    "sainte_lague_index",
    "seat_product_expectations",
    "system_nationalisation",
    "turnout_pct",
    "women_pct",
]
