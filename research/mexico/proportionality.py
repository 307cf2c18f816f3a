"""The formula of pure proportionality: natural quotient and largest remainder (LGIPE 16 and 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from research.allocation.ordering import claim, largest_claims
from research.allocation.outcome import Tie


@dataclass(frozen=True)
class Share:
    """Seats by quotient and by remainder, with every quantity; ties left open."""

    quotient: Fraction
    whole: Mapping[str, int]
    remainder: Mapping[str, Fraction]
    by_remainder: tuple[str, ...]
    tie: Tie | None

    @property
    def seats(self) -> dict[str, int]:
        """Seats of each party."""
        return {n: k + (n in self.by_remainder) for n, k in self.whole.items()}


def pure_proportionality(
    votes: Mapping[str, int], seats: int, base: int, tie_order: Sequence[str] | None = None
) -> Share:
    """`seats` of `votes` by the quotient base/seats and the largest remainders. `base` is the vote that the law divides."""
    quotient = Fraction(base, seats) if seats else Fraction(1)
    whole = {n: int(v // quotient) if seats else 0 for n, v in votes.items()}
    remainder = {n: v - whole[n] * quotient for n, v in votes.items()}
    by_remainder, tie = largest_claims(
        {n: claim(r) for n, r in remainder.items()}, seats - sum(whole.values()), tie_order
    )
    return Share(quotient, whole, remainder, by_remainder, tie)


def told(number: Fraction | int) -> str:
    """A quantity as a person reads it: whole, or with four decimals."""
    number = Fraction(number)
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):,.4f}"
