"""Turnout of the registered and of the voting-age population, from the totals that each source gives."""

from __future__ import annotations

import sqlite3

import numpy as np
import pandas as pd

from research.indices import turnout_pct

TOTALS = """
SELECT election_id, source_id, unit_id, licence_id, max(votes_cast_count) AS cast_count,
  max(registered_count) AS registered_count, max(vap_count) AS vap_count
FROM turnout GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""


def turnout_rows(connection: sqlite3.Connection) -> pd.DataFrame:
    """Rows of `election_indices` for the two turnouts. VAP turnout only where a source gives the population."""
    totals = pd.read_sql_query(TOTALS, connection)
    blocks = []
    for index_id, base in (("turnout-registered", "registered_count"), ("turnout-vap", "vap_count")):
        chosen = totals if base == "registered_count" else totals[totals[base].notna()]
        rows = chosen[["election_id", "source_id", "unit_id", "licence_id"]].copy()
        value = turnout_pct(chosen["cast_count"].astype(np.float64), chosen[base].astype(np.float64))
        rows["index_id"], rows["unit"], rows["value"] = index_id, "%", value
        rows["not_computable"] = np.where(np.isnan(value), "no_electorate", "")
        rows["contestants_count"] = 0
        blocks.append(rows)
    return pd.concat(blocks, ignore_index=True)
