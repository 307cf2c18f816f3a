"""Every method by its name, and `allocate`, the face for one list of contestants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from research.allocation.checked_votes import checked_seats, checked_votes, over_threshold
from research.allocation.divisors import DIVISORS, highest_averages
from research.allocation.errors import AllocationError
from research.allocation.outcome import Allocation, Step
from research.allocation.quotas import (
    Overaward,
    Quota,
    droop,
    hagenbach_bischoff,
    hare,
    imperiali,
    largest_remainder,
)

QUOTAS: dict[str, Quota] = {
    "hare": hare,
    "droop": droop,
    "hagenbach_bischoff": hagenbach_bischoff,
    "imperiali_quota": imperiali,
}


@dataclass(frozen=True)
class Method:
    """A method: its name here, its kind and what people call it."""

    name: str
    kind: Literal["quota", "divisor"]
    es: str
    en: str


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method("hare", "quota", "cuota Hare y restos mayores", "Hare quota and largest remainders"),
        Method("droop", "quota", "cuota Droop y restos mayores", "Droop quota and largest remainders"),
        Method("hagenbach_bischoff", "quota", "cuota Hagenbach-Bischoff y restos mayores", "Hagenbach-Bischoff quota and largest remainders"),
        Method("imperiali_quota", "quota", "cuota Imperiali y restos mayores", "Imperiali quota and largest remainders"),
        Method("dhondt", "divisor", "D'Hondt (Jefferson): 1, 2, 3…", "D'Hondt (Jefferson): 1, 2, 3…"),
        Method("sainte_lague", "divisor", "Sainte-Laguë (Webster): 1, 3, 5…", "Sainte-Laguë (Webster): 1, 3, 5…"),
        Method("modified_sainte_lague", "divisor", "Sainte-Laguë modificado: 1.4, 3, 5…", "modified Sainte-Laguë: 1.4, 3, 5…"),
        Method("danish", "divisor", "danés: 1, 4, 7…", "Danish: 1, 4, 7…"),
        Method("imperiali_divisor", "divisor", "divisores Imperiali: 1, 1.5, 2…", "Imperiali divisors: 1, 1.5, 2…"),
        Method("huntington_hill", "divisor", "Huntington-Hill: √(n(n+1))", "Huntington-Hill: √(n(n+1))"),
        Method("adams", "divisor", "Adams: 0, 1, 2…", "Adams: 0, 1, 2…"),
        Method("dean", "divisor", "Dean: media armónica", "Dean: harmonic mean"),
    )
}  # fmt: skip


def allocate(
    votes: Mapping[str, object],
    seats: int,
    method: str,
    *,
    threshold_pct: float = 0.0,
    threshold_base_votes: int | None = None,
    cap: int | Mapping[str, int] | None = None,
    tie_order: Sequence[str] | None = None,
    overaward: Overaward = "refuse",
) -> Allocation:
    """Seats of `votes` (whole numbers by contestant) by a method of METHODS.

    `threshold_pct` is a percentage of `threshold_base_votes` (votes cast, say), by default of the votes given. `cap` is
    the most seats for anybody, or for each contestant named. `tie_order` names contestants in the order in which ties
    are to be broken; without it a tie stays open and is declared. Raises AllocationError that names the row.
    """
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise AllocationError(
            f"no hay método «{method}»; hay: {known}", f"there is no method '{method}'; there are: {known}"
        )
    checked = checked_votes(votes)
    seats = checked_seats(seats)
    steps = [
        Step(f"{METHODS[method].es}; {seats} escaños", f"{METHODS[method].en}; {seats} seats",
             {n: f"{v:,}" for n, v in checked.items()})
    ]  # fmt: skip
    passed = checked
    if threshold_pct or threshold_base_votes is not None:
        passed = over_threshold(checked, threshold_pct, threshold_base_votes)
        steps.append(
            Step(f"alcanzan la barrera de {threshold_pct} %", f"reach the threshold of {threshold_pct} %", dict.fromkeys(passed, "✓"))
        )  # fmt: skip
    caps = _caps(cap, passed)
    if method in QUOTAS:
        found = largest_remainder(passed, seats, QUOTAS[method], caps, tie_order, overaward)
    else:
        found = highest_averages(passed, seats, DIVISORS[method], caps, tie_order)
    for tie in found.ties:
        told = ", ".join(tie.contestants)
        steps_tie = Step(f"empate por {tie.seats}: {told}; hace falta una regla que lo decida",
                         f"tie for {tie.seats}: {told}; a rule must decide it")  # fmt: skip
        found = replace(found, steps=(*found.steps, steps_tie))
    return Allocation({n: found.seats.get(n, 0) for n in checked}, found.ties, (*steps, *found.steps))


def _caps(cap: int | Mapping[str, int] | None, votes: Mapping[str, int]) -> dict[str, int]:
    if cap is None:
        return {}
    if isinstance(cap, int):
        return dict.fromkeys(votes, checked_seats(cap, "tope", "cap"))
    for name, limit in cap.items():
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise AllocationError(
                f"tope de {name}: {limit!r}; debe ser un entero de 0 en adelante",
                f"cap of {name}: {limit!r}; it must be a whole number from 0 upwards",
            )
    return {n: k for n, k in cap.items() if n in votes}
