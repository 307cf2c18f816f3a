"""Tests that every election's data should pass, one named function each; failures are rows, none is hidden.

A failure is *contradictory* where the data cannot be right together, *incomplete* where the source leaves something out,
and a *warning* where it is odd but possible.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from research.derivations.contests import Amounts, Contests
from research.derivations.election_indices import LEAST_VOTES
from research.derivations.squares import Treatment, least_squares
from research.indices import effective_number

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SHARE_TOLERANCE = 0.005
TOTALS = """
SELECT election_id, source_id, unit_id, licence_id, registered_count, vap_count, votes_cast_count, valid_count,
  invalid_count, null_count, blank_count, unregistered_count
FROM turnout ORDER BY election_id, source_id, unit_id, turnout_id
"""
MAGNITUDES = "SELECT unit_id, magnitude_count FROM units WHERE magnitude_count IS NOT NULL"


@dataclass(frozen=True)
class Input:
    """What the tests look at: contests, their contestants, totals and what follows from them."""

    contests: Contests
    joined: Amounts
    apart: Amounts
    totals: pd.DataFrame
    magnitudes: pd.DataFrame

    @property
    def keys(self) -> pd.DataFrame:
        """Election, territory, source and licence of each contest."""
        return self.contests.table[["election_id", "unit_id", "source_id", "licence_id"]]

    @property
    def total_seats(self) -> Floats:
        """Seats of the body by contest; NaN where not told."""
        return self.contests.table["seats_total"].to_numpy(dtype=np.float64)


@dataclass(frozen=True)
class Finding:
    """What one test found: the keys of everything tested, which failed, and for those what was expected and found."""

    keys: pd.DataFrame
    tested: Mask
    failed: Mask
    expected: Floats
    found: Floats
    outcome: npt.NDArray[np.object_]
    es: str
    en: str


def magnitude_at_least_one(data: Input) -> Finding:
    """magnitude ≥ 1."""
    total = data.total_seats
    tested = ~np.isnan(total)
    failed = tested & (total < 1)
    return Finding(data.keys, tested, failed, np.ones(len(total)), total, _all("contradictory", total),
                   "el órgano tiene menos de un escaño", "the body has fewer than one seat")  # fmt: skip


def seats_equal_magnitude(data: Input) -> Finding:
    """Σ seats = magnitude."""
    total, told = data.total_seats, data.apart.summed("seats")
    tested = ~np.isnan(total) & (told > 0)
    failed = tested & (told != total)
    return Finding(data.keys, tested, failed, total, told, np.where(told > total, "contradictory", "incomplete").astype(object),
                   "los escaños de los contendientes no suman los del órgano", "the contestants' seats do not add up to the body's")  # fmt: skip


def some_votes(data: Input) -> Finding:
    """Σ votes ≥ 1."""
    told = data.contests.rows.groupby("contest")["vote"].count().reindex(range(len(data.keys)), fill_value=0).to_numpy()
    votes = data.joined.summed("vote")
    failed = votes <= 0
    return Finding(data.keys, np.ones(len(votes), dtype=bool), failed, np.full(len(votes), np.nan), votes,
                   np.where(told > 0, "contradictory", "incomplete").astype(object),
                   "no hay votos de nadie", "nobody has votes")  # fmt: skip


def seat_winners_within_magnitude(data: Input) -> Finding:
    """Parties with seats ≤ magnitude."""
    total = data.total_seats
    winners = _count(data.apart, data.apart.table["seats"] > 0)
    tested = ~np.isnan(total) & (winners > 0)
    return Finding(data.keys, tested, tested & (winners > total), total, winners, _all("contradictory", total),
                   "hay más partidos con escaños que escaños", "there are more parties with seats than seats")  # fmt: skip


def vote_winners_cover_seat_winners(data: Input) -> Finding:
    """Parties with votes ≥ parties with seats, and every one with seats has votes."""
    table = data.joined.table
    without = _count(data.joined, (table["seats"] > 0) & ~(table["vote"] > 0))
    untold = _count(data.joined, (table["seats"] > 0) & table["vote"].isna())
    tested = data.joined.summed("vote") > 0
    return Finding(data.keys, tested, tested & (without > 0), np.zeros(len(without)), without,
                   np.where(untold > 0, "incomplete", "contradictory").astype(object),
                   "hay contendientes con escaños y sin votos", "there are contestants with seats and without votes")  # fmt: skip


def least_squares_upper(data: Input) -> Finding:
    """LSq/100 ≤ √((N_V + 1)/(2 N_V))."""
    lsq, votes = _least_squares(data), data.joined.summed("vote")
    everybody = np.hstack([data.joined.padded("vote"), data.joined.summed("vote", "others")[:, None]])
    number = effective_number(everybody)
    limit = 100 * np.sqrt((number + 1) / (2 * number))
    tested = ~np.isnan(lsq) & ~np.isnan(limit)
    complete = np.abs(votes - 1) <= SHARE_TOLERANCE
    return Finding(data.keys, tested, tested & (lsq > limit + 1e-9), limit, lsq,
                   np.where(complete, "contradictory", "incomplete").astype(object),
                   "el índice de mínimos cuadrados pasa de su máximo posible", "the least squares index passes its possible maximum")  # fmt: skip


def least_squares_lower(data: Input) -> Finding:
    """LSq/100 ≥ (1/√2)·|v₁ − s₁|."""
    lsq = _least_squares(data)
    base = data.contests.seat_base(data.joined)
    known = Amounts(data.joined.table[data.joined.table["vote"].notna()], data.joined.contests_count)
    votes = known.padded("vote")
    with np.errstate(divide="ignore", invalid="ignore"):
        seats = known.padded("seats") / base[:, None]
    first = votes.argmax(axis=1)[:, None]
    gap = np.abs(np.take_along_axis(votes, first, 1) - np.take_along_axis(seats, first, 1))[:, 0]
    limit = 100 * gap / np.sqrt(2)
    tested = ~np.isnan(lsq) & ~np.isnan(limit)
    return Finding(data.keys, tested, tested & (lsq < limit - 1e-6), limit, lsq, _all("contradictory", lsq),
                   "el índice de mínimos cuadrados es menor que lo que exige el primer partido", "the least squares index is below what the first party requires")  # fmt: skip


def order_agrees(data: Input) -> Finding:
    """The order of votes and of seats agrees: a warning, counted in pairs."""
    known = Amounts(data.joined.table[data.joined.table["vote"].notna()], data.joined.contests_count)
    votes, seats = known.padded("vote"), known.padded("seats")
    pairs = np.zeros(len(votes))
    for i in range(votes.shape[1]):  # one column at a time keeps the memory small
        pairs += ((votes[:, i : i + 1] > votes) & (seats[:, i : i + 1] < seats)).sum(axis=1)
    tested = (seats.sum(axis=1) > 0) & (votes.sum(axis=1) > 0)
    return Finding(data.keys, tested, tested & (pairs > 0), np.zeros(len(pairs)), pairs, _all("warning", pairs),
                   "pares en que quien tuvo más votos tuvo menos escaños", "pairs where the one with more votes had fewer seats")  # fmt: skip


def registered_cover_cast(data: Input) -> Finding:
    """registered ≥ cast."""
    return _covers(data, "registered_count", "hay más votos emitidos que electores inscritos", "there are more votes cast than registered voters")  # fmt: skip


def vap_covers_cast(data: Input) -> Finding:
    """VAP ≥ cast."""
    return _covers(data, "vap_count", "hay más votos emitidos que población en edad de votar", "there are more votes cast than people of voting age")  # fmt: skip


def ballots_add_up(data: Input) -> Finding:
    """valid + null + unregistered = cast, in the country's own terms; where only valid and cast are told, valid ≤ cast."""
    t = data.totals
    apart = t["null_count"].fillna(0) + t["blank_count"].fillna(0) + t["unregistered_count"].fillna(0)
    rest = t["invalid_count"].where(t["invalid_count"].notna(), apart.where(t["null_count"].notna()))
    cast, valid = t["votes_cast_count"].to_numpy(np.float64), t["valid_count"].to_numpy(np.float64)
    valid = np.where(np.isnan(valid) & rest.notna(), _listed_votes(data), valid)
    whole = rest.notna().to_numpy()
    total = np.where(whole, valid + rest.fillna(0).to_numpy(np.float64), valid)
    tested = ~np.isnan(cast) & ~np.isnan(total)
    failed = tested & np.where(whole, total != cast, total > cast)
    return Finding(t, tested, failed, cast, total, _all("contradictory", cast),
                   "los votos válidos y los demás no suman los emitidos", "valid votes and the others do not add up to the votes cast")  # fmt: skip


def units_add_up(data: Input) -> Finding:
    """The parts of a country add up to the nation, in votes of all contestants."""
    table = data.contests.table
    counted = data.contests.rows.groupby("contest")["votes_count"].sum(min_count=1).reindex(table["contest"])
    parts = table.assign(votes=counted.to_numpy())
    sums = (
        parts[parts["parent_id"].notna()].groupby(["election_id", "source_id", "parent_id"])["votes"].sum(min_count=1)
    )
    keys = pd.MultiIndex.from_frame(table[["election_id", "source_id", "unit_id"]])
    total = sums.reindex(keys).to_numpy(np.float64)
    nation = counted.to_numpy(np.float64)
    tested = ~np.isnan(total) & ~np.isnan(nation)
    return Finding(data.keys, tested, tested & (total != nation), nation, total,
                   np.where(total > nation, "contradictory", "incomplete").astype(object),
                   "las partes no suman el país", "the parts do not add up to the country")  # fmt: skip


def shares_add_up(data: Input) -> Finding:
    """Shares of votes add to 100 ± 0.5."""
    votes = data.joined.summed("vote")
    tested = votes > 0
    failed = tested & (np.abs(votes - 1) > SHARE_TOLERANCE + 1e-9)
    return Finding(data.keys, tested, failed, np.full(len(votes), 100.0), 100 * votes,
                   np.where(votes > 1, "contradictory", "incomplete").astype(object),
                   "los porcentajes de votos no suman 100 ± 0.5", "vote shares do not add up to 100 ± 0.5")  # fmt: skip


TESTS: tuple[Callable[[Input], Finding], ...] = (
    magnitude_at_least_one, seats_equal_magnitude, some_votes, seat_winners_within_magnitude,
    vote_winners_cover_seat_winners, least_squares_upper, least_squares_lower, order_agrees, registered_cover_cast,
    vap_covers_cast, ballots_add_up, units_add_up, shares_add_up,
)  # fmt: skip


def bound_test_rows(connection: sqlite3.Connection, contests: Contests) -> pd.DataFrame:
    """Rows of `bound_tests`: every failure, and for each test and source how many were tested and failed."""
    data = Input(
        contests, contests.amounts(), contests.amounts("apart"), pd.read_sql_query(TOTALS, connection),
        pd.read_sql_query(MAGNITUDES, connection),
    )  # fmt: skip
    blocks: list[pd.DataFrame] = []
    for test in TESTS:
        finding = test(data)
        blocks += [_failures(test.__name__, finding), _summary(test.__name__, finding)]
    return pd.concat([b for b in blocks if len(b)], ignore_index=True)


COLUMNS = ["test", "outcome", "election_id", "unit_id", "expected", "found", "tested_count", "failed_count", "detail_es",
           "detail_en", "source_id", "licence_id"]  # fmt: skip


def _failures(name: str, f: Finding) -> pd.DataFrame:
    rows = f.keys.loc[f.failed, ["election_id", "unit_id", "source_id", "licence_id"]].copy()
    rows["test"], rows["outcome"] = name, f.outcome[f.failed]
    rows["expected"], rows["found"] = f.expected[f.failed].round(4), f.found[f.failed].round(4)
    rows["tested_count"] = rows["failed_count"] = None
    rows["detail_es"], rows["detail_en"] = f.es, f.en
    return rows[COLUMNS]


def _summary(name: str, f: Finding) -> pd.DataFrame:
    told = f.keys[["source_id", "licence_id"]].assign(tested=f.tested, failed=f.failed)
    counts = told.groupby(["source_id", "licence_id"], as_index=False)[["tested", "failed"]].sum()
    counts = counts[counts["tested"] > 0]
    return pd.DataFrame(
        {
            "test": name, "outcome": "summary", "election_id": None, "unit_id": None, "expected": None, "found": None,
            "tested_count": counts["tested"], "failed_count": counts["failed"],
            "detail_es": [f"se probaron {a}; no pasaron {b}" for a, b in zip(counts["tested"], counts["failed"], strict=True)],
            "detail_en": [f"{a} tested; {b} failed" for a, b in zip(counts["tested"], counts["failed"], strict=True)],
            "source_id": counts["source_id"], "licence_id": counts["licence_id"],
        }
    )[COLUMNS]  # fmt: skip


def _all(word: str, like: Floats) -> npt.NDArray[np.object_]:
    return np.full(len(like), word, dtype=object)


def _count(amounts: Amounts, chosen: pd.Series) -> Floats:
    return np.bincount(amounts.table.loc[chosen, "contest"], minlength=amounts.contests_count).astype(np.float64)


def _least_squares(data: Input) -> Floats:
    votes = data.joined.summed("vote")
    lsq = least_squares(data.contests, data.joined, Treatment())
    return np.where(votes >= LEAST_VOTES, lsq, np.nan)


def _covers(data: Input, column: str, es: str, en: str) -> Finding:
    cast = data.totals["votes_cast_count"].to_numpy(np.float64)
    electorate = data.totals[column].to_numpy(np.float64)
    tested = ~np.isnan(cast) & ~np.isnan(electorate)
    return Finding(
        data.totals, tested, tested & (cast > electorate), electorate, cast, _all("contradictory", cast), es, en
    )


def _listed_votes(data: Input) -> Floats:
    """Votes of all contestants of the same election, source and territory as each row of totals."""
    key = ["election_id", "source_id", "unit_id"]
    listed = data.contests.rows.groupby(key)["votes_count"].sum(min_count=1)
    return listed.reindex(pd.MultiIndex.from_frame(data.totals[key])).to_numpy(np.float64)
