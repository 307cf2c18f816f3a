"""Two tiers: seats won in districts and seats from lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from research.allocation.checked_votes import checked_seats, checked_votes, over_threshold
from research.allocation.errors import AllocationError
from research.allocation.methods import allocate
from research.allocation.outcome import Allocation, Step, Tie

Overhang = Literal["keep", "absorb", "level"]
"""What becomes of a party that won more districts than its share of the house: the house grows by what it keeps (New
Zealand); the house stays and the others share the rest; the house grows until everybody's share covers its districts."""


def _districts(districts: Mapping[str, int]) -> dict[str, int]:
    for name, won in districts.items():
        if isinstance(won, bool) or not isinstance(won, int) or won < 0:
            raise AllocationError(
                f"distritos de {name}: {won!r}; debe ser un entero de 0 en adelante",
                f"districts of {name}: {won!r}; it must be a whole number from 0 upwards",
            )
    return dict(districts)


def parallel(
    votes: Mapping[str, object],
    districts: Mapping[str, int],
    list_seats: int,
    method: str,
    *,
    threshold_pct: float = 0.0,
    tie_order: Sequence[str] | None = None,
) -> Allocation:
    """District seats plus list seats that take no notice of them (mixed-member majoritarian)."""
    won = _districts(districts)
    lists = allocate(votes, list_seats, method, threshold_pct=threshold_pct, tie_order=tie_order)
    total = {n: won.get(n, 0) + lists.seats.get(n, 0) for n in {**lists.seats, **won}}
    step = Step("se suman los distritos", "districts are added", {n: str(k) for n, k in won.items()})
    return Allocation(total, lists.ties, (*lists.steps, step))


def compensatory(
    votes: Mapping[str, object],
    districts: Mapping[str, int],
    total_seats: int,
    method: str,
    *,
    threshold_pct: float = 0.0,
    exempt_with_districts: int | None = None,
    overhang: Overhang = "keep",
    tie_order: Sequence[str] | None = None,
) -> Allocation:
    """The house by the list vote, districts counted in (mixed-member proportional); total seats by contestant.

    A contestant without list votes (an independent) keeps its districts and they leave the house to allocate. With
    `exempt_with_districts` = k, winning k districts lifts the threshold. Raises AllocationError; a tie in the list vote
    is declared and what follows from it is left open.
    """
    won = _districts(districts)
    checked_seats(total_seats, "escaños de la cámara", "seats of the house")
    kept = {n: k for n, k in won.items() if n not in votes}
    to_share = total_seats - sum(kept.values())
    if to_share < 1 or (sum(won.values()) > total_seats and overhang == "absorb"):
        raise AllocationError(
            f"los distritos ({sum(won.values())}) no caben en una cámara de {total_seats}",
            f"the districts ({sum(won.values())}) do not fit in a house of {total_seats}",
        )
    entitled = _entitled(votes, won, threshold_pct, exempt_with_districts)
    outside = {n: won[n] for n in won if n in votes and n not in entitled and won[n]}
    to_share -= sum(outside.values())
    shares = allocate(entitled, to_share, method, tie_order=tie_order)
    steps = [*shares.steps]
    excess = {n: won[n] - k for n, k in shares.seats.items() if won.get(n, 0) > k}
    steps.append(Step(f"escaños excedentes: {sum(excess.values())}", f"overhang seats: {sum(excess.values())}", {n: str(k) for n, k in excess.items()}))  # fmt: skip
    final = dict(shares.seats)
    ties = shares.ties
    if excess and overhang == "keep":
        final = {n: max(k, won.get(n, 0)) for n, k in final.items()}
    elif excess and overhang == "absorb":
        final, ties = _absorbed(entitled, won, to_share, method, tie_order)
    elif excess:
        house = to_share
        while excess:
            house += 1
            shares = allocate(entitled, house, method, tie_order=tie_order)
            excess = {n: won[n] - k for n, k in shares.seats.items() if won.get(n, 0) > k}
        final, ties = dict(shares.seats), shares.ties
        steps.append(Step(f"la cámara crece a {house}", f"the house grows to {house}"))
    return Allocation(
        {n: final.get(n, 0) + outside.get(n, 0) + kept.get(n, 0) for n in {**dict.fromkeys(votes), **kept}},
        ties,
        tuple(steps),
    )


def _entitled(
    votes: Mapping[str, object], won: Mapping[str, int], threshold_pct: float, exempt: int | None
) -> dict[str, object]:
    checked = checked_votes(votes)
    if not threshold_pct:
        return dict(checked)
    passed = set(over_threshold(checked, threshold_pct))
    return {n: v for n, v in checked.items() if n in passed or (exempt is not None and won.get(n, 0) >= exempt)}


def _absorbed(
    votes: Mapping[str, object], won: Mapping[str, int], seats: int, method: str, tie_order: Sequence[str] | None
) -> tuple[dict[str, int], tuple[Tie, ...]]:
    fixed: dict[str, int] = {}
    while True:
        free = {n: v for n, v in votes.items() if n not in fixed}
        left = seats - sum(fixed.values())
        if not free or left < 1:
            return {n: fixed.get(n, 0) for n in votes}, ()
        shares = allocate(free, left, method, tie_order=tie_order)
        excess = {n: won[n] for n, k in shares.seats.items() if won.get(n, 0) > k}
        if not excess:
            return {n: fixed.get(n, shares.seats.get(n, 0)) for n in votes}, shares.ties
        fixed |= excess
