"""Quota methods: whole quotas first, the largest remainders after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from research.allocation.errors import AllocationError
from research.allocation.ordering import Claim, claim, largest_claims
from research.allocation.outcome import Allocation, Step, Tie

Quota = Callable[[int, int], Fraction]
Overaward = Literal["refuse", "subtract"]


def hare(votes: int, seats: int) -> Fraction:
    """V/S. Hare 1859; Hamilton 1792."""
    return Fraction(votes, seats)


def droop(votes: int, seats: int) -> Fraction:
    """⌊V/(S + 1)⌋ + 1. Droop 1868."""
    return Fraction(votes // (seats + 1) + 1)


def hagenbach_bischoff(votes: int, seats: int) -> Fraction:
    """V/(S + 1). Hagenbach-Bischoff 1888. Exact multiples can award one seat too many."""
    return Fraction(votes, seats + 1)


def imperiali(votes: int, seats: int) -> Fraction:
    """V/(S + 2). It can award more seats than there are."""
    return Fraction(votes, seats + 2)


def largest_remainder(
    votes: Mapping[str, int],
    seats: int,
    quota: Quota,
    caps: Mapping[str, int],
    tie_order: Sequence[str] | None = None,
    overaward: Overaward = "refuse",
) -> Allocation:
    """Whole quotas, then one seat each to the largest remainders.

    Whoever's whole quotas exceed its cap is held at the cap and the rest is allocated anew among the others. Where the
    whole quotas are more than the seats, `refuse` raises AllocationError and `subtract` takes seats from the smallest
    remainders (the Czech rule of 2021).
    """
    steps: list[Step] = []
    fixed: dict[str, int] = {}
    while True:
        free = {n: v for n, v in votes.items() if n not in fixed}
        left = seats - sum(fixed.values())
        if not any(free.values()):
            _refuse_caps(left)
            return Allocation({n: fixed.get(n, 0) for n in votes}, (), tuple(steps))
        if left <= 0:
            return Allocation({n: fixed.get(n, 0) for n in votes}, (), tuple(steps))
        size = quota(sum(free.values()), left)
        whole = {n: int(v // size) for n, v in free.items()}
        steps.append(_quota_step(size, whole, {n: v - whole[n] * size for n, v in free.items()}))
        excess = {n: caps[n] for n, k in whole.items() if n in caps and k > caps[n]}
        if not excess:
            eligible = [n for n in free if n not in caps or whole[n] < caps[n]]
            short = left - sum(whole.values())
            if short > len(eligible):
                excess = {n: whole[n] for n in free if n not in eligible}
                if not excess:
                    _refuse_few_votes(left, left - short + len(eligible))
        if excess:
            fixed |= excess
            steps.append(
                Step("tope alcanzado: se vuelve a repartir entre los demás", "cap reached: allocated anew among the others",
                     {n: str(k) for n, k in excess.items()})
            )  # fmt: skip
            continue
        break
    remainders: dict[str, Claim] = {n: claim(free[n] - whole[n] * size) for n in eligible}
    ties: tuple[Tie, ...] = ()
    if short < 0:
        whole, ties = _overawarded(whole, free, size, -short, overaward, tie_order)
    elif short > 0:
        chosen, tie = largest_claims(remainders, short, tie_order)
        for name in chosen:
            whole[name] += 1
        ties = (tie,) if tie else ()
        steps.append(Step(f"restos mayores: {short}", f"largest remainders: {short}", dict.fromkeys(chosen, "+1")))
    return Allocation({n: fixed.get(n, whole.get(n, 0)) for n in votes}, ties, tuple(steps))


def _overawarded(
    whole: dict[str, int], votes: Mapping[str, int], size: Fraction, excess: int, overaward: Overaward,
    tie_order: Sequence[str] | None,
) -> tuple[dict[str, int], tuple[Tie, ...]]:  # fmt: skip
    total = sum(whole.values())
    if overaward == "refuse":
        raise AllocationError(
            f"la cuota reparte {total} escaños y hay {total - excess}: use otra cuota, o «subtract»",
            f"the quota awards {total} seats and there are {total - excess}: use another quota, or 'subtract'",
        )
    # those with the smallest remainders give a seat back; equal remainders leave the seat open among them
    having = {n: claim(votes[n] - k * size) for n, k in whole.items() if k > 0}
    kept, tie = largest_claims(having, len(having) - excess, tie_order)
    open_names = tie.contestants if tie else ()
    reduced = {n: k - (0 if n in kept or k == 0 else 1) for n, k in whole.items()}
    return reduced, (Tie(open_names, tie.seats),) if tie else ()


def _quota_step(size: Fraction, whole: Mapping[str, int], remainders: Mapping[str, Fraction]) -> Step:
    told = {n: f"{k} (resto/remainder {float(remainders[n]):,.2f})" for n, k in whole.items()}
    return Step(f"cuota: {float(size):,.4f} votos", f"quota: {float(size):,.4f} votes", told)


def _refuse_few_votes(seats: int, placed: int) -> None:
    raise AllocationError(
        f"con tan pocos votos, la cuota y los restos solo colocan {placed} de {seats} escaños: use otro método",
        f"with so few votes, the quota and the remainders place only {placed} of {seats} seats: use another method",
    )


def _refuse_caps(left: int) -> None:
    if left > 0:
        raise AllocationError(
            f"los topes dejan {left} escaños sin dueño: suba los topes o baje los escaños",
            f"the caps leave {left} seats without an owner: raise the caps or lower the seats",
        )
