"""How evenly parties draw their votes, where a source tells an election by the parts of a country."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from research.derivations.contests import Amounts, Contests
from research.indices import system_nationalisation

INDEX = "party-system-nationalisation"


def nationalisation_rows(contests: Contests, amounts: Amounts, no_votes: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Rows of `election_indices` for national contests with two parts or more. Lumped others are left out."""
    table = contests.table
    named = amounts.table[amounts.table["kind"] == "named"].copy()
    named["party"] = named["party_id"].fillna("-")
    votes = named.pivot_table(index="contest", columns="party", values="vote", aggfunc="sum", fill_value=0.0)
    parts = table[table["parent_id"].notna()]
    rows = []
    key = ["election_id", "source_id", "unit_id"]
    nations = dict(zip(table[key].itertuples(index=False, name=None), table["contest"].tolist(), strict=True))
    for place, group in parts.groupby(["election_id", "source_id", "parent_id"]):
        nation = nations.get(tuple(place))
        if nation is None or len(group) < 2 or nation not in votes.index:
            continue
        national = votes.loc[[nation]].to_numpy(dtype=np.float64)[0]
        inside = votes.reindex(group["contest"]).fillna(0.0).to_numpy(dtype=np.float64)
        present = national > 0
        code = str(no_votes[nation])
        value = float(system_nationalisation(inside[:, present], national[present])) if not code else np.nan
        rows.append(
            {"contest": nation, "index_id": INDEX, "unit": "index 0–1", "value": value, "not_computable": code,
             "contestants_count": int(present.sum()), "others_share_pct": 100 * max(0.0, 1 - float(national.sum())),
             "missing": None, "previous_election_id": None, "lower_bound": np.nan, "upper_bound": np.nan}
        )  # fmt: skip
    columns = ["contest", "index_id", "unit", "value", "not_computable", "contestants_count", "others_share_pct",
               "missing", "previous_election_id", "lower_bound", "upper_bound"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
