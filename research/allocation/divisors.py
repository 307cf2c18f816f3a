"""Divisor methods (highest averages): each seat to the largest votes/divisor."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from research.allocation.errors import AllocationError
from research.allocation.ordering import Claim, winners_of_equals
from research.allocation.outcome import Allocation, Step, Tie

Priority = Callable[[int, int], Claim]
"""(votes, seats already held) → claim to the next seat. Claims of one contestant fall strictly."""


def by_divisors(divisor: Callable[[int], Fraction | int]) -> Priority:
    """Claims votes/divisor(k), k = 0 for the first seat. A divisor of 0 gives everybody a first seat, largest first."""

    def priority(votes: int, held: int) -> Claim:
        d = Fraction(divisor(held))
        return (1, Fraction(votes)) if d == 0 else (0, votes / d)

    return priority


def huntington_hill(votes: int, held: int) -> Claim:
    """Votes/√(n(n + 1)), compared by their squares so that they stay exact. Hill 1911; Huntington 1921."""
    return (1, Fraction(votes)) if held == 0 else (0, Fraction(votes * votes, held * (held + 1)))


def dean(held: int) -> Fraction:
    """Dean's divisor, the harmonic mean of n and n + 1: 2n(n + 1)/(2n + 1). Dean 1832."""
    return Fraction(2 * held * (held + 1), 2 * held + 1)


DIVISORS: dict[str, Priority] = {
    "dhondt": by_divisors(lambda k: k + 1),
    "sainte_lague": by_divisors(lambda k: 2 * k + 1),
    "modified_sainte_lague": by_divisors(lambda k: Fraction(7, 5) if k == 0 else 2 * k + 1),
    "danish": by_divisors(lambda k: 3 * k + 1),
    "imperiali_divisor": by_divisors(lambda k: Fraction(k + 2, 2)),
    "huntington_hill": huntington_hill,
    "adams": by_divisors(lambda k: k),
    "dean": by_divisors(dean),
}


def highest_averages(
    votes: Mapping[str, int],
    seats: int,
    priority: Priority,
    caps: Mapping[str, int],
    tie_order: Sequence[str] | None = None,
) -> Allocation:
    """One seat after another to the largest claim. Raises AllocationError where caps leave seats without an owner."""
    names = list(votes)
    held = dict.fromkeys(names, 0)

    def entry(index: int) -> tuple[int, Fraction, int] | None:
        name = names[index]
        if votes[name] == 0 or (name in caps and held[name] >= caps[name]):
            return None
        rank, number = priority(votes[name], held[name])
        return -rank, -number, index

    heap = [e for i in range(len(names)) if (e := entry(i))]
    heapq.heapify(heap)
    left = seats
    ties: tuple[Tie, ...] = ()
    last: tuple[str, Fraction] | None = None
    while left:
        if not heap:
            raise AllocationError(
                f"los topes dejan {left} escaños sin dueño: suba los topes o baje los escaños",
                f"the caps leave {left} seats without an owner: raise the caps or lower the seats",
            )
        equal = [heapq.heappop(heap)]
        while heap and heap[0][:2] == equal[0][:2]:
            equal.append(heapq.heappop(heap))
        tied = [names[e[2]] for e in equal]
        if len(tied) > left:
            chosen, tie = winners_of_equals(tied, left, tie_order)
            ties = (tie,) if tie else ()
            left = 0
        else:
            chosen = tuple(tied)
            left -= len(tied)
        for name in chosen:
            held[name] += 1
            last = (name, -equal[0][1])
        for e in equal:
            if names[e[2]] in chosen and (following := entry(e[2])):
                heapq.heappush(heap, following)
    steps: tuple[Step, ...] = ()
    if last:
        steps = (Step(f"el último escaño fue para {last[0]}", f"the last seat went to {last[0]}", {n: str(k) for n, k in held.items()}),)  # fmt: skip
    return Allocation(held, ties, steps)
