"""The loaded results as contests: one election in one territory as one source tells it.

Who is a contestant is a treatment of the rows, not a fact. The one used for the indices:

- each row is its own amount, except that a member of an alliance without votes adds its seats to the alliance that has
  them; within an alliance without votes, members with seats alone are joined to members with votes alone;
- rows of others are one contestant; lumped independents are many, each for himself;
- a contestant whose votes are not told has no deviation. Where the votes told are 98 % or more, its seats were not filled
  by this vote (overseas territories, appointed members) and leave the base of the seat shares;
- missing votes are no contestant; they count in the bounds.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Alliances = Literal["joined", "apart", "merged", "split"]

COMPLETE_VOTES = 0.98

ROWS = """
SELECT r.result_id, r.election_id, r.source_id, r.unit_id, r.licence_id, r.party_id, r.contestant, r.contestant_kind,
  r.alliance_result_id, r.votes_count, r.vote_share_pct, r.seats_count
FROM results r WHERE :election IS NULL OR r.election_id = :election ORDER BY r.election_id, r.source_id, r.unit_id, r.result_id
"""
CONTESTS = """
SELECT DISTINCT r.election_id, r.source_id, r.unit_id, u.level, u.parent_id, r.licence_id,
  e.jurisdiction_id, e.chamber, e.election_date, e.election_year, e.first_round_id, i.seats_count AS seats_total
FROM results r JOIN units u USING (unit_id) JOIN elections e USING (election_id)
LEFT JOIN (SELECT election_id, source_id, max(seats_count) AS seats_count FROM election_ids GROUP BY 1, 2) i
  ON i.election_id = r.election_id AND i.source_id = r.source_id
WHERE :election IS NULL OR r.election_id = :election
ORDER BY r.election_id, r.source_id, r.unit_id
"""
VOTED = """
SELECT election_id, source_id, unit_id,
  max(coalesce(valid_count, votes_cast_count - coalesce(invalid_count, 0))) AS valid_count
FROM turnout GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Amounts:
    """Contestants of all contests under one treatment of alliances.

    `table` has a row a contestant: contest (its number), kind (named, others, independents), party_id, vote (fraction of
    the votes, NaN where not told), seats (count), result_id (its first row).
    """

    table: pd.DataFrame
    contests_count: int

    def padded(self, column: str, kind: str = "named") -> Floats:
        """(contests, contestants) of a column for one kind, the absent as 0."""
        chosen = self.table[self.table["kind"] == kind]
        place = chosen.groupby("contest").cumcount().to_numpy()
        width = int(place.max()) + 1 if len(place) else 1
        matrix = np.zeros((self.contests_count, width))
        matrix[chosen["contest"].to_numpy(), place] = chosen[column].fillna(0.0).to_numpy()
        return matrix

    def summed(self, column: str, kind: str | None = None) -> Floats:
        """(contests,) sums of a column, of one kind or of all."""
        chosen = self.table if kind is None else self.table[self.table["kind"] == kind]
        return _sums(chosen["contest"], chosen[column], self.contests_count)


@dataclass(frozen=True)
class Contests:
    """Every contest: `table` (a row each, numbered from 0) and `rows` as loaded, with the contest's number."""

    table: pd.DataFrame
    rows: pd.DataFrame

    def amounts(self, alliances: Alliances = "joined") -> Amounts:
        """The contestants under a treatment of alliances."""
        treatments: dict[str, Any] = {"joined": _joined, "apart": lambda rows: rows, "merged": _merged, "split": _split}
        treated = treatments[alliances](self.rows)
        table = treated[["contest", "kind", "party_id", "vote", "seats", "result_id"]].reset_index(drop=True)
        return Amounts(table, len(self.table))

    def unknown_seats(self, amounts: Amounts) -> Floats:
        """Seats of contestants whose votes are not told, by contest."""
        unknown = amounts.table[amounts.table["vote"].isna()]
        return _sums(unknown["contest"], unknown["seats"], len(self.table))

    def seat_base(self, amounts: Amounts, unknown: Literal["hybrid", "in", "out"] = "hybrid") -> Floats:
        """Seats that seat shares are of: the body's, or those told where they are more; see the module on unknown votes."""
        told = amounts.summed("seats")
        base = np.fmax(told, self.table["seats_total"].fillna(0.0).to_numpy(dtype=np.float64))
        without = self.unknown_seats(amounts)
        if unknown == "out":
            return np.asarray(base - without)
        if unknown == "hybrid":
            return np.asarray(base - np.where(amounts.summed("vote") >= COMPLETE_VOTES, without, 0.0))
        return np.asarray(base)


def load_contests(connection: sqlite3.Connection, election_id: str | None = None) -> Contests:
    """Every contest of the loaded results (or of one election), ordered by election, source and territory."""
    chosen = {"election": election_id}
    table = pd.read_sql_query(CONTESTS, connection, params=chosen)
    rows = pd.read_sql_query(ROWS, connection, params=chosen)
    voted = pd.read_sql_query(VOTED, connection)
    key = ["election_id", "source_id", "unit_id"]
    table["seats_total"] = table["seats_total"].astype(np.float64)
    counts = ["alliance_result_id", "votes_count", "vote_share_pct", "seats_count"]
    rows[counts] = rows[counts].astype(np.float64)
    voted["valid_count"] = voted["valid_count"].astype(np.float64)
    table = table.drop_duplicates(key).reset_index(drop=True)
    if (table["level"] != "nation").any():  # the body's seats are the country's, not a part's
        table.loc[table["level"] != "nation", "seats_total"] = np.nan
    table["contest"] = np.arange(len(table))
    rows = rows.merge(table[[*key, "contest"]], on=key).merge(voted, on=key, how="left")
    stated = rows["vote_share_pct"] / 100.0
    valid = rows["valid_count"].where(rows["valid_count"] > 0)
    listed = rows.groupby("contest")["votes_count"].transform("sum")
    counted = rows["votes_count"] / valid.fillna(listed.where(listed > 0))
    rows["vote"] = stated.fillna(counted).astype(np.float64)
    rows["seats"] = rows["seats_count"].astype(np.float64)
    named_person = rows["contestant"].fillna("").str.contains(r"^Independent(?: List)? -- ", regex=True)
    rows["kind"] = "named"
    rows.loc[rows["contestant_kind"] == "others", "kind"] = "others"
    rows.loc[(rows["contestant_kind"] == "independent") & ~named_person, "kind"] = "independents"
    rows = rows.sort_values("result_id").reset_index(drop=True)
    return Contests(table, rows)


def _sums(contest: pd.Series, values: pd.Series, count: int) -> Floats:
    weights = values.fillna(0.0).to_numpy(dtype=np.float64)
    return np.asarray(np.bincount(contest.to_numpy(), weights=weights, minlength=count), dtype=np.float64)


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    alliance_vote = rows["alliance_result_id"].map(rows.set_index("result_id")["vote"])
    member = rows["alliance_result_id"].notna()
    carried = member & rows["vote"].isna() & alliance_vote.notna()
    added = rows[carried].groupby("alliance_result_id")["seats"].sum()
    kept = rows[~carried].copy()
    gained = kept["result_id"].map(added)
    kept["seats"] = kept["seats"].where(gained.isna(), kept["seats"].fillna(0.0) + gained.fillna(0.0))
    # within an alliance without votes: members with seats alone and members with votes alone are one contestant
    loose = kept["alliance_result_id"].notna() & alliance_vote[~carried].isna()
    votes_alone = loose & kept["vote"].notna() & kept["seats"].isna()
    seats_alone = loose & kept["vote"].isna() & kept["seats"].notna()
    both = set(kept.loc[votes_alone, "alliance_result_id"]) & set(kept.loc[seats_alone, "alliance_result_id"])
    halves = (votes_alone | seats_alone) & kept["alliance_result_id"].isin(both)
    if not halves.any():
        return kept
    one = (
        kept[halves]
        .groupby("alliance_result_id", as_index=False)
        .agg(
            {
                "contest": "first",
                "kind": "first",
                "party_id": "first",
                "vote": "sum",
                "seats": "sum",
                "result_id": "first",
            }
        )
    )
    return pd.concat([kept[~halves], one], ignore_index=True)


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    whole = rows["alliance_result_id"].fillna(rows["result_id"])
    groups = rows.groupby(whole)
    merged = groups[["contest", "kind", "party_id", "result_id"]].first()
    merged["vote"], merged["seats"] = groups["vote"].sum(min_count=1), groups["seats"].sum(min_count=1)
    return merged.reset_index(drop=True)


def _split(rows: pd.DataFrame) -> pd.DataFrame:
    """An alliance's votes in equal parts to those of it (itself and members without votes) that won seats."""
    vote = rows.set_index("result_id")["vote"]
    whole = rows["alliance_result_id"].where(rows["vote"].isna() & rows["alliance_result_id"].map(vote).notna())
    whole = whole.fillna(rows["result_id"])
    winner = rows["seats"] > 0
    shared = whole.map(winner.groupby(whole).sum())
    own = rows["vote"].fillna(whole.map(vote))
    split = rows[winner | (shared == 0)].copy()
    split["vote"] = (own / shared.where(shared > 0, 1.0))[split.index]
    return split
