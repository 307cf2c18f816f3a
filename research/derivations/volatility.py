"""Net volatility between an election and the one before of the same body, as one source tells both.

A party is the same when the source gives it the same key: ParlGov keeps a party's key through changes of name, Party Facts
(V-Party's keys) likewise. Splits and mergers that a source states (party_changes) join the parties on both sides into one for the pair of
elections between which they fall. What is left is bounded: at least, everything new succeeds what is gone; at most, nothing does.
"""

from __future__ import annotations

import sqlite3

import numpy as np
import numpy.typing as npt
import pandas as pd

from research.derivations.contests import Amounts, Contests

INDEX = "pedersen-volatility"
LEAST_CONTINUITY = 0.5


CHANGES = "SELECT source_id, party_id, successor_id, changed_on FROM party_changes ORDER BY party_change_id"


def joined_parties(
    connection: sqlite3.Connection, contests: Contests, previous: npt.NDArray[np.integer]
) -> dict[tuple[int, str], str]:
    """(contest, party) → the party that stands for all those joined to it by changes since the contest before.

    A change known to the year counts as of its 1 July.
    """
    table = contests.table
    dates = table["election_date"].to_numpy(dtype=object)
    series: dict[tuple[str, str], list[int]] = {}
    voted = contests.rows[["contest", "party_id", "source_id"]].dropna()
    for contest, party, source in voted.itertuples(index=False, name=None):
        series.setdefault((source, party), []).append(contest)
    leaders: dict[int, dict[str, str]] = {}

    def leader(of: dict[str, str], party: str) -> str:
        while of.get(party, party) != party:
            party = of[party]
        return party

    for source, party, successor, stated in connection.execute(CHANGES):
        day = stated if len(stated) > 4 else f"{stated}-07-01"
        for contest in set(series.get((source, successor), [])) | {
            c for p in series.get((source, party), []) for c in np.flatnonzero(previous == p).tolist()
        }:
            if previous[contest] >= 0 and dates[previous[contest]] < day <= dates[contest]:
                of = leaders.setdefault(contest, {})
                of[leader(of, successor)] = leader(of, party)
    return {(c, p): leader(of, p) for c, of in leaders.items() for p in {*of, *of.values()}}


def volatility_rows(
    connection: sqlite3.Connection, contests: Contests, amounts: Amounts, no_votes: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Rows of `election_indices` for every contest; not computable without a comparable predecessor."""
    table = contests.table
    ordered = table[table["first_round_id"].isna()].sort_values(
        ["source_id", "jurisdiction_id", "chamber", "unit_id", "election_date", "election_id"]
    )
    series = ordered.groupby(["source_id", "jurisdiction_id", "chamber", "unit_id"])
    before = pd.Series(-1, index=table["contest"])
    before.loc[ordered["contest"]] = series["contest"].shift(1).fillna(-1).astype(int).to_numpy()
    previous = before.to_numpy()
    named = amounts.table[amounts.table["kind"] == "named"]
    named = named[named["party_id"].notna()]
    votes = named.groupby(["contest", "party_id"])["vote"].sum().reset_index()
    pairs = pd.DataFrame({"contest": table["contest"], "previous": previous})
    now = votes.merge(pairs, on="contest")
    then = pd.DataFrame({"previous": votes["contest"], "party_id": votes["party_id"], "vote_before": votes["vote"]})
    then = then.merge(pairs, on="previous")
    joined = joined_parties(connection, contests, previous)
    if joined:
        places = pd.DataFrame(
            [(c, p, leader) for (c, p), leader in joined.items()], columns=["contest", "party_id", "leader"]
        )
        now, then = _led(now, places), _led(then, places)
    both = now.merge(then, on=["contest", "previous", "party_id"], how="outer").fillna(
        {"vote": 0.0, "vote_before": 0.0}
    )
    both = both[both["previous"] >= 0]
    common = (both["vote"] > 0) & (both["vote_before"] > 0)
    count = len(table)

    def total(values: pd.Series, chosen: pd.Series) -> npt.NDArray[np.float64]:
        weights = values[chosen].to_numpy(dtype=np.float64)
        return np.asarray(
            np.bincount(both.loc[chosen, "contest"].to_numpy(), weights=weights, minlength=count), dtype=np.float64
        )

    moved = total((both["vote"] - both["vote_before"]).abs(), common)
    new, gone = total(both["vote"], ~common), total(both["vote_before"], ~common)
    kept = total(both["vote"] + both["vote_before"], common)
    lumped = amounts.summed("vote", "others") + amounts.summed("vote", "independents")
    lumped_before = np.where(previous >= 0, lumped[previous], 0.0)
    value = 50 * (moved + new + gone + np.abs(lumped - lumped_before))
    lower = 50 * (moved + np.abs(new + lumped - gone - lumped_before))
    upper = 50 * (moved + new + gone + lumped + lumped_before)
    with np.errstate(divide="ignore", invalid="ignore"):
        continuity = kept / (kept + new + gone)
    code = np.select(
        [no_votes != "", previous < 0, no_votes[previous] != "", ~(continuity >= LEAST_CONTINUITY)],
        [no_votes, "no_previous_election", "previous_not_comparable", "continuity_low"], "",
    ).astype(object)  # fmt: skip
    computable = code == ""
    identifiers = table["election_id"].to_numpy(dtype=object)
    earlier = [identifiers[i] if i >= 0 else None for i in previous]
    return pd.DataFrame(
        {
            "contest": table["contest"], "index_id": INDEX, "unit": "index 0–100",
            "value": np.where(computable, value, np.nan), "lower_bound": np.where(computable, lower, np.nan),
            "upper_bound": np.where(computable, upper, np.nan), "not_computable": code,
            "contestants_count": np.bincount(both["contest"], minlength=count), "others_share_pct": 100 * lumped,
            "missing": None, "previous_election_id": earlier,
        }
    )  # fmt: skip


def _led(votes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Votes of parties that changes join, added up under one of them."""
    led = votes.merge(places, on=["contest", "party_id"], how="left")
    led["party_id"] = led["leader"].fillna(led["party_id"])
    values = [c for c in ("vote", "vote_before") if c in led]
    return led.groupby(["contest", "previous", "party_id"])[values].sum().reset_index()
