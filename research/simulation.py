"""Any loaded election's votes under another rule, with the indices that result."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from research.allocation import Allocation, AllocationError, allocate
from research.derivations.contests import load_contests
from research.indices import effective_number, largest_deviation_pct, least_squares_pct, loosemore_hanby_pct

PARTS_PER_MILLION = 1_000_000
NAMES = """
SELECT r.result_id, coalesce(p.short_name, r.contestant, p.name, r.contestant_kind), r.votes_count
FROM results r LEFT JOIN parties p USING (party_id) WHERE r.election_id = ?
"""


@dataclass(frozen=True)
class Indices:
    """Indices of one distribution of seats: two of disproportionality (0–100), one deviation, parties by seats."""

    least_squares_pct: float
    loosemore_hanby_pct: float
    largest_deviation_pct: float
    effective_number_seats: float


@dataclass(frozen=True)
class Simulation:
    """An election's seats as they were and as another rule gives them, in the order of the votes.

    `votes` are counts, or parts per million where the source gives only shares (`votes_are_shares`). `left_out_pct` is the
    percentage of the votes that is lumped or untold and so cannot win seats.
    """

    election_id: str
    source_id: str
    votes: Mapping[str, int]
    votes_are_shares: bool
    left_out_pct: float
    seats_won: Mapping[str, int]
    allocation: Allocation
    indices_won: Indices
    indices_simulated: Indices


def simulate(
    connection: sqlite3.Connection,
    election_id: str,
    method: str,
    *,
    source_id: str | None = None,
    seats: int | None = None,
    threshold_pct: float = 0.0,
    cap: int | None = None,
    tie_order: Sequence[str] | None = None,
) -> Simulation:
    """The national votes of a loaded election allocated in one district by another method.

    Lumped others and independents win nothing and count in the votes. `seats` is by default the body's. Raises
    AllocationError where the election is unknown, its votes are not told, or a tie leaves seats open.
    """
    contests = load_contests(connection, election_id)
    told = contests.table[contests.table["level"] == "nation"]
    if source_id:
        told = told[told["source_id"] == source_id]
    if told.empty:
        raise AllocationError(
            f"no hay votos nacionales de «{election_id}»: busque su identificador en la tabla elections",
            f"there are no national votes of '{election_id}': look up its identifier in the table elections",
        )
    amounts = contests.amounts()
    counted = amounts.table[amounts.table["vote"].notna()].groupby("contest")["vote"].sum()
    number = max(told["contest"].tolist(), key=lambda c: float(counted.get(c, 0.0)))
    contest = contests.table.iloc[number]
    table = amounts.table[(amounts.table["contest"] == number) & (amounts.table["kind"] == "named")]
    table = table[table["vote"] > 0].sort_values("vote", ascending=False, kind="stable")
    if table.empty:
        raise AllocationError(f"{election_id}: la fuente no da votos", f"{election_id}: the source gives no votes")
    known = {int(i): (str(n), v) for i, n, v in connection.execute(NAMES, [election_id])}
    labels = _unique([known[int(i)][0] for i in table["result_id"]])
    counts = [known[int(i)][1] for i in table["result_id"]]
    shares = any(c is None for c in counts)
    votes = {
        n: round(v * PARTS_PER_MILLION) if shares else int(c)
        for n, v, c in zip(labels, table["vote"], counts, strict=True)
    }
    won = {n: int(s) for n, s in zip(labels, table["seats"].fillna(0), strict=True)}
    house = seats or (int(contest["seats_total"]) if contest["seats_total"] > 0 else sum(won.values()))
    base = None if shares else round(sum(votes.values()) / float(table["vote"].sum()))
    allocation = allocate(
        votes, house, method, threshold_pct=threshold_pct, cap=cap, tie_order=tie_order,
        threshold_base_votes=max(base or PARTS_PER_MILLION, sum(votes.values())) if threshold_pct else None,
    )  # fmt: skip
    fraction = table["vote"].to_numpy(dtype=np.float64)
    left_out = max(0.0, 1.0 - float(fraction.sum()))
    return Simulation(
        election_id, str(contest["source_id"]), votes, shares, round(100 * left_out, 2), won, allocation,
        _indices(fraction, left_out, list(won.values())), _indices(fraction, left_out, list(allocation.seats.values())),
    )  # fmt: skip


def _indices(votes: npt.NDArray[np.float64], left_out: float, seats: list[int]) -> Indices:
    total = sum(seats) or 1
    v, s = np.append(votes, left_out), np.append(np.array(seats, dtype=np.float64) / total, 0.0)
    return Indices(
        float(least_squares_pct(v, s)), float(loosemore_hanby_pct(v, s)), float(largest_deviation_pct(v, s)), float(effective_number(s))
    )  # fmt: skip


def _unique(labels: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        unique.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return unique
