"""Seats to those with the largest claims; equal claims are a tie, never broken in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from research.allocation.outcome import Tie

Claim = tuple[int, Fraction]
"""A claim to a seat: first its rank (1 stands before 0, whatever the number), then a number; larger comes first."""


def claim(number: Fraction | int) -> Claim:
    """An ordinary claim."""
    return (0, Fraction(number))


def winners_of_equals(
    names: Sequence[str], seats: int, tie_order: Sequence[str] | None
) -> tuple[tuple[str, ...], Tie | None]:
    """Who of `names`, all with equal claims, takes `seats` (fewer than they are): by the order given, or nobody and a tie."""
    if tie_order is not None and all(name in tie_order for name in names):
        return tuple(sorted(names, key=list(tie_order).index)[:seats]), None
    return (), Tie(tuple(names), seats)


def largest_claims(
    claims: Mapping[str, Claim], seats: int, tie_order: Sequence[str] | None = None
) -> tuple[tuple[str, ...], Tie | None]:
    """Up to one seat each for the `seats` largest claims. A tie at the last place leaves those seats open."""
    ordered = sorted(claims, key=claims.__getitem__, reverse=True)
    if seats >= len(ordered):
        return tuple(ordered), None
    if seats <= 0:
        return (), None
    last = claims[ordered[seats - 1]]
    if claims[ordered[seats]] != last:
        return tuple(ordered[:seats]), None
    before = [n for n in ordered if claims[n] > last]
    equal = [n for n in claims if claims[n] == last]
    chosen, tie = winners_of_equals(equal, seats - len(before), tie_order)
    return (*before, *chosen), tie
