"""The grid of parties × five constituencies: party totals and forty a constituency both hold (LGIPE 17.3, 18.2, 19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from research.allocation.outcome import Step
from research.mexico.case import CONSTITUENCIES
from research.mexico.proportionality import pure_proportionality, told

A_CONSTITUENCY = 40
Cells = dict[str, dict[str, int]]
Votes = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Grid:
    """Seats by party and constituency, and the steps that gave them."""

    seats: Mapping[str, Mapping[str, int]]
    steps: tuple[Step, ...]


def fill_grid(votes: Votes, totals: Mapping[str, int], limited: Sequence[str]) -> Grid:
    """Place each party's seats in the constituencies.

    Parties held to a limit come first, by their own quotient (LGIPE 17.3). The others go by each constituency's quotient
    (18.2, or 19 when nobody is limited). What remains goes party by party, from the largest national vote to the
    smallest, to its largest remainders where a constituency still has room: the law asks that both totals hold and does
    not say in which order parties are served; this order reproduces what the INE published for 2024.
    """
    grid: Cells = {}
    steps: list[Step] = []
    for party in limited:
        own = sum(votes[party].values())
        share = pure_proportionality(dict(votes[party]), totals[party], own, CONSTITUENCIES)
        equal = pure_proportionality(dict(votes[party]), totals[party], own).tie
        if equal:
            steps.append(_equal_remainders(party, equal.contestants, "LGIPE 17.3-c"))
        grid[party] = share.seats
        steps.append(
            Step(f"{party}: cociente de distribución {told(share.quotient)}, restos mayores en {', '.join(share.by_remainder)}",
                 f"{party}: distribution quotient {told(share.quotient)}, largest remainders in {', '.join(share.by_remainder)}",
                 _row(grid[party]), "LGIPE 17.3")
        )  # fmt: skip
    steps += _at_most_forty(grid, limited)
    others = [p for p in totals if p not in limited]
    article = "LGIPE 18.2" if limited else "LGIPE 19"
    pending = {c: A_CONSTITUENCY - sum(grid[p][c] for p in limited) for c in CONSTITUENCIES}
    effective = {c: sum(votes[p][c] for p in others) for c in CONSTITUENCIES}
    quotient = {c: Fraction(effective[c], pending[c]) if pending[c] > 0 else None for c in CONSTITUENCIES}
    steps.append(
        Step("cociente de distribución de cada circunscripción: votos entre curules por asignar",
             "distribution quotient of each constituency: votes over seats to assign",
             {c: f"{effective[c]:,} / {pending[c]} = {told(q)}" if (q := quotient[c]) else "0" for c in CONSTITUENCIES}, article)
    )  # fmt: skip
    remainder: dict[str, dict[str, Fraction]] = {}
    for party in others:
        exact = {c: votes[party][c] / q if (q := quotient[c]) else Fraction(0) for c in CONSTITUENCIES}
        grid[party] = {c: int(x) for c, x in exact.items()}
        remainder[party] = {c: exact[c] - grid[party][c] for c in CONSTITUENCIES}
        steps.append(
            Step(f"{party}: números enteros", f"{party}: whole numbers",
                 {c: f"{grid[party][c]} ({float(exact[c]):.4f})" for c in CONSTITUENCIES}, article)
        )  # fmt: skip
    steps += _by_remainders(grid, remainder, totals, pending, others, votes, article)
    return Grid({p: grid[p] for p in totals}, tuple(steps))


def _at_most_forty(grid: Cells, limited: Sequence[str]) -> list[Step]:
    """Parties held to a limit come first and could fill a constituency beyond forty: the excess goes where there is room."""
    steps: list[Step] = []
    filled = {c: sum(grid[p][c] for p in limited) for c in CONSTITUENCIES}
    for c in CONSTITUENCIES:
        if filled[c] <= A_CONSTITUENCY:
            continue
        while filled[c] > A_CONSTITUENCY:
            party = max(limited, key=lambda p: grid[p][c])
            roomy = min(CONSTITUENCIES, key=lambda k: filled[k])
            grid[party][c] -= 1
            grid[party][roomy] += 1
            filled[c] -= 1
            filled[roomy] += 1
        steps.append(
            Step(f"circunscripción {c}: pasaba de cuarenta; la ley no lo prevé: el exceso va a donde hay lugar",
                 f"constituency {c}: it exceeded forty; the law does not foresee it: the excess goes where there is room",
                 {p: " · ".join(str(grid[p][k]) for k in CONSTITUENCIES) for p in limited}, "LGIPE 17.3")
        )  # fmt: skip
    return steps


def _by_remainders(
    grid: Cells, remainder: Mapping[str, Mapping[str, Fraction]], totals: Mapping[str, int],
    pending: Mapping[str, int], others: Sequence[str], votes: Votes, article: str,
) -> list[Step]:  # fmt: skip
    steps: list[Step] = []
    room = {c: pending[c] - sum(grid[p][c] for p in others) for c in CONSTITUENCIES}
    for party in others:  # where a constituency's small turnout gave more whole numbers than the party has seats
        before = dict(grid[party])
        while sum(grid[party].values()) > totals[party]:
            c = min((c for c in CONSTITUENCIES if grid[party][c] > 0), key=lambda c: remainder[party][c])
            grid[party][c] -= 1
            room[c] += 1
        if before != grid[party]:
            steps.append(
                Step(f"{party}: sus números enteros pasaban de {totals[party]}; la ley no lo prevé: ceden los restos menores",
                     f"{party}: its whole numbers exceeded {totals[party]}; the law does not foresee it: the smallest remainders yield",
                     _row(grid[party]), article)
            )  # fmt: skip
    for party in sorted(others, key=lambda p: sum(votes[p].values()), reverse=True):
        given: list[str] = []
        while (need := totals[party] - sum(grid[party].values())) > 0:
            ordered = sorted(CONSTITUENCIES, key=lambda c: remainder[party][c], reverse=True)
            served = [c for c in ordered if room[c] > 0]
            if need < len(served) and remainder[party][served[need]] == (last := remainder[party][served[need - 1]]):
                steps.append(_equal_remainders(party, [c for c in served if remainder[party][c] == last], article))
            for c in served[:need]:
                grid[party][c] += 1
                room[c] -= 1
                given.append(c)
        if given:
            steps.append(
                Step(f"{party}: restos mayores donde queda lugar: circunscripciones {', '.join(given)}",
                     f"{party}: largest remainders where there is room: constituencies {', '.join(given)}",
                     _row(grid[party]), article)
            )  # fmt: skip
    return steps


def _equal_remainders(party: str, constituencies: Sequence[str], article: str) -> Step:
    told_es = (
        f"{party}: restos iguales en {', '.join(constituencies)}; la ley no dice cuál va primero: va el número menor"
    )
    told_en = f"{party}: equal remainders in {', '.join(constituencies)}; the law does not say which goes first: the lower number does"
    return Step(told_es, told_en, {}, article)


def _row(seats: Mapping[str, int]) -> dict[str, str]:
    return {c: str(seats[c]) for c in CONSTITUENCIES}
