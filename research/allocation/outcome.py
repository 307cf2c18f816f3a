"""What comes out of an allocation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One step of a computation, in Spanish and English, with the quantities that it gave, by contestant or by name.

    `article` cites the rule where there is one. Quantities are text as a person reads them, exact where they are whole.
    """

    es: str
    en: str
    quantities: Mapping[str, str] = field(default_factory=dict)
    article: str = ""


@dataclass(frozen=True)
class Tie:
    """Contestants with equal claims to fewer seats than they are: `seats` stay open among them, at most one each."""

    contestants: tuple[str, ...]
    seats: int


@dataclass(frozen=True)
class Allocation:
    """Seats by contestant, in the order of the votes given; ties left open; every step.

    The seats add up to the seats to fill less those that `ties` leave open.
    """

    seats: Mapping[str, int]
    ties: tuple[Tie, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Whether every seat has its owner."""
        return not self.ties

    @property
    def open_seats(self) -> int:
        """Seats that ties leave open."""
        return sum(tie.seats for tie in self.ties)
