"""Pairs of things told by two sources, where each has one best partner only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import TypeVar

A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)


def only_pairs(possible: Iterable[tuple[A, B, float]]) -> list[tuple[A, B]]:
    """From (one, other, strength): the pairs in which each is the other's single best partner, in the order given.

    A tie for the best leaves a thing without a partner.
    """
    ours: dict[A, list[tuple[float, B]]] = defaultdict(list)
    theirs: dict[B, list[tuple[float, A]]] = defaultdict(list)
    for a, b, strength in possible:
        ours[a].append((strength, b))
        theirs[b].append((strength, a))
    best = {a: _single_best(partners) for a, partners in ours.items()}
    return [(a, b) for a, b in best.items() if b is not None and _single_best(theirs[b]) == a]


def _single_best(partners: list[tuple[float, A]]) -> A | None:
    best = max(how for how, _ in partners)
    first, *others = [thing for how, thing in partners if how == best]
    return None if others else first
