"""What a difference can rest on: the same rows under other treatments, votes that are not voters, votes that repeat seats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from research.derivations.contests import Alliances, Contests
from research.derivations.squares import Lumped, Seatless, Treatment, Unknown, squares

Floats = npt.NDArray[np.float64]

CLOSE = 0.10
MOST_CHANGES = 2  # with more, some treatment would come near almost anything
ALLIANCES: tuple[Alliances, ...] = ("joined", "apart", "merged", "split")
LUMPED: tuple[Lumped, ...] = ("one", "many")
SEATLESS: tuple[Seatless, ...] = ("each", "out", "one")
UNKNOWN: tuple[Unknown, ...] = ("hybrid", "in", "out", "zero")


@dataclass(frozen=True)
class Treated:
    """The least squares index of the national contests under every treatment other than the default."""

    treatments: tuple[Treatment, ...]
    values: Floats  # (treatments, contests)
    place: dict[tuple[str, str], int]

    def nearest(
        self, election: str, source: str, published: float, *, of_alliances: bool
    ) -> tuple[Treatment, float] | None:
        """The simplest treatment that gives a published value within CLOSE: of others alone, or of alliances."""
        place = self.place.get((election, source))
        if place is None:
            return None
        chosen = [i for i, t in enumerate(self.treatments) if (t.alliances != "joined") == of_alliances]
        gaps = np.abs(self.values[chosen, place] - published)
        near = [(self.treatments[c].changes, g, c) for c, g in zip(chosen, gaps, strict=True) if g <= CLOSE]
        if not near:
            return None
        best = min(near)[2]
        return self.treatments[best], float(self.values[best, place])


def treated(contests: Contests) -> Treated:
    """The index under every treatment that changes one or two things."""
    table = contests.table[contests.table["level"] == "nation"]
    numbers = table["contest"].to_numpy()
    treatments, values = [], []
    for alliance in ALLIANCES:
        amounts = contests.amounts(alliance)
        by_base = {u: squares(contests, amounts, u) for u in UNKNOWN}
        for o, i, u, m, s in product(LUMPED, LUMPED, UNKNOWN, LUMPED, SEATLESS):
            treatment = Treatment(alliance, o, i, u, m, s)
            if 0 < treatment.changes <= MOST_CHANGES:
                treatments.append(treatment)
                values.append(by_base[u].least_squares(treatment)[numbers])
    keys = zip(table["election_id"], table["source_id"], strict=True)
    return Treated(tuple(treatments), np.array(values), {k: i for i, k in enumerate(keys)})


def many_votes_a_ballot(contests: Contests) -> dict[tuple[str, str], float]:
    """Elections whose listed votes are more than half as many again as the valid ballots, with the ratio."""
    totals = contests.rows.groupby(["election_id", "source_id"]).agg(
        votes=("votes_count", "sum"), valid=("valid_count", "max")
    )
    ratio = totals["votes"] / totals["valid"].where(totals["valid"] > 0)
    return {(str(k[0]), str(k[1])): float(v) for k, v in ratio[ratio > 1.5].items()}  # type: ignore[index]


def votes_like_seats(contests: Contests) -> set[tuple[str, str]]:
    """Elections where two contestants or more have votes and no vote share is a point away from its seat share."""
    amounts = contests.amounts()
    base = contests.seat_base(amounts, "in")
    table = amounts.table[(amounts.table["vote"] > 0) | (amounts.table["seats"] > 0)].copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table["gap"] = (table["vote"] - table["seats"] / base[table["contest"]]).abs()
    by_contest = table.groupby("contest").agg(gap=("gap", "max"), count=("gap", "size"), known=("gap", "count"))
    alike = by_contest[
        (by_contest["gap"] < 0.01) & (by_contest["known"] == by_contest["count"]) & (by_contest["count"] > 1)
    ]
    chosen = contests.table.loc[alike.index]
    return set(zip(chosen["election_id"], chosen["source_id"], strict=True))
