"""The Senate: 64 by majority, 32 to the first minority, 32 from national lists (CPEUM 56, LGIPE 14.2 and 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from research.allocation.errors import AllocationError
from research.allocation.outcome import Step, Tie
from research.mexico.case import SenateCase
from research.mexico.proportionality import pure_proportionality, told

LIST_SEATS = 32
THRESHOLD = Fraction(3, 100)


@dataclass(frozen=True)
class SenateOutcome:
    """Senators of a case by party and by way in."""

    case: str
    national_vote: int
    list_seats: Mapping[str, int]
    won_in_states: Mapping[str, int]
    ties: tuple[Tie, ...]
    steps: tuple[Step, ...]

    @property
    def seats(self) -> dict[str, int]:
        """All senators of each party."""
        names = {**self.list_seats, **self.won_in_states}
        return {n: self.list_seats.get(n, 0) + self.won_in_states.get(n, 0) for n in names}


def senators_of_states(votes: Mapping[str, Mapping[str, int]]) -> tuple[dict[str, int], dict[str, Tie]]:
    """Senators by contestant from the votes of each state: two to the first, one to the second (the first minority).

    A contestant is whoever registered the list of two formulas. Returns the senators, and the states where a tie leaves
    some open (CPEUM 56 does not say who goes first). Raises AllocationError for a state without votes.
    """
    won: dict[str, int] = {}
    ties: dict[str, Tie] = {}
    for state, by_contestant in votes.items():
        if not any(by_contestant.values()):
            raise AllocationError(f"{state}: no hay votos", f"{state}: there are no votes")
        ordered = sorted(by_contestant, key=by_contestant.__getitem__, reverse=True)
        places = (2, 1)
        for place, seats in enumerate(places):
            if place >= len(ordered) or by_contestant[ordered[place]] == 0:
                break
            equal = [c for c in ordered if by_contestant[c] == by_contestant[ordered[place]]]
            if len(equal) > 1:
                ties[state] = Tie(tuple(equal), sum(places[place:]))
                break
            won[ordered[place]] = won.get(ordered[place], 0) + seats
    return won, ties


def assign_senate(
    case: SenateCase, threshold: Literal["total", "valid"] = "total", tie_order: Sequence[str] | None = None
) -> SenateOutcome:
    """The 32 list senators of a case and the Senate that results.

    LGIPE 21.1-b asks for three per cent "of the vote cast for the list": the total, to the letter; "valid" leaves null and
    unregistered votes out. There is no limit to over-representation in the Senate. Raises AllocationError.
    """
    total = sum(case.votes.values()) + case.null_votes + case.unregistered_votes + case.independent_votes
    base = total if threshold == "total" else total - case.null_votes - case.unregistered_votes
    if not base:
        raise AllocationError(f"{case.name}: no hay votos", f"{case.name}: there are no votes")
    shares = {p: Fraction(v, base) for p, v in case.votes.items()}
    entitled = {p: case.votes[p] for p, s in shares.items() if s >= THRESHOLD}
    if not entitled:
        raise AllocationError(
            f"{case.name}: ningún partido alcanza el tres por ciento", f"{case.name}: no party reaches three per cent"
        )
    national = sum(entitled.values())
    share = pure_proportionality(entitled, LIST_SEATS, national, tie_order)
    steps = (
        Step("votación total emitida", "total vote", {"total": f"{total:,}"}, "LGIPE 21.1-a"),
        Step(f"tres por ciento de la votación ({threshold})", f"three per cent of the vote ({threshold})",
             {p: f"{float(100 * s):.4f} % {'✓' if p in entitled else '✗'}" for p, s in shares.items()}, "LGIPE 21.1-b"),
        Step("votación nacional emitida", "national vote", {"nacional · national": f"{national:,}"}, "LGIPE 21.1-b"),
        Step("cociente natural", "natural quotient", {"cociente · quotient": told(share.quotient)}, "LGIPE 21.3"),
        Step("números enteros y restos", "whole numbers and remainders",
             {p: f"{k} (resto · remainder {told(share.remainder[p])})" for p, k in share.whole.items()}, "LGIPE 21.5-a"),
        Step("restos mayores", "largest remainders", dict.fromkeys(share.by_remainder, "+1"), "LGIPE 21.5-b"),
        Step("de los estados (mayoría y primera minoría) y de lista", "of the states (majority and first minority) and of the list",
             {p: f"{case.won_in_states.get(p, 0)} + {share.seats.get(p, 0)}" for p in {**case.votes, **case.won_in_states}}, "CPEUM 56"),
    )  # fmt: skip
    return SenateOutcome(
        case.name,
        national,
        share.seats,
        dict(case.won_in_states),
        (share.tie,) if share.tie else (),
        steps,
    )
