"""The Chamber of Deputies: 300 districts and 200 list seats (CPEUM 52–54, LGIPE 14–20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from research.allocation.errors import AllocationError
from research.allocation.outcome import Step, Tie
from research.mexico.case import DeputiesCase
from research.mexico.grid import fill_grid
from research.mexico.proportionality import Share, pure_proportionality, told

HOUSE, LIST_SEATS, MOST_SEATS = 500, 200, 300
CONTESTED = 200
THRESHOLD = Fraction(3, 100)
POINTS = Fraction(8, 100)


@dataclass(frozen=True)
class Reading:
    """The choices that the law or its application leaves.

    `attribution`: whose a coalition's win is, a key of the case's `districts_won` (the coalition agreement, or effective
    affiliation, INE/CG645/2023). `threshold`: three per cent of the valid vote (CPEUM 54-II, as applied) or of the total
    vote (LGIPE 15.2, to the letter). `unregistered`: whether votes for unregistered candidates leave the national vote, as
    applied, or stay, since LGIPE 15.2 does not name them. `exemption`: a party whose districts alone exceed its limit
    (54-V) keeps its list seats too, to the letter of "this base shall not apply", or only its districts.
    """

    attribution: str = "agreement"
    threshold: Literal["valid", "total"] = "valid"
    unregistered: Literal["leave", "stay"] = "leave"
    exemption: Literal["letter", "districts_only"] = "letter"


@dataclass(frozen=True)
class DeputiesOutcome:
    """Seats of a chamber under one reading. `grid` is empty where a tie leaves list seats open.

    `limited` tells the parties held to a limit and which; `rounds` how often list seats were shared out.
    """

    case: str
    reading: Reading
    national_vote: int
    list_seats: Mapping[str, int]
    districts: Mapping[str, int]
    grid: Mapping[str, Mapping[str, int]]
    limited: Mapping[str, str]
    exempt: tuple[str, ...]
    rounds: int
    ties: tuple[Tie, ...]
    steps: tuple[Step, ...]

    @property
    def seats(self) -> dict[str, int]:
        """Districts and list seats together."""
        names = {**self.list_seats, **self.districts}
        return {n: self.districts.get(n, 0) + self.list_seats.get(n, 0) for n in names}


def readings_of(case: DeputiesCase, tie_order: Sequence[str] | None = None) -> list[DeputiesOutcome]:
    """The chamber under every attribution, as applied and to the letter of LGIPE 15.2; where the exemption applies, both ways."""
    outcomes = []
    for attribution in case.districts_won:
        for threshold, unregistered in (("valid", "leave"), ("total", "stay")):
            reading = Reading(attribution, threshold, unregistered)  # type: ignore[arg-type]
            outcome = assign_deputies(case, reading, tie_order)
            outcomes.append(outcome)
            if outcome.exempt:
                only = Reading(attribution, threshold, unregistered, "districts_only")  # type: ignore[arg-type]
                outcomes.append(assign_deputies(case, only, tie_order))
    return outcomes


def assign_deputies(
    case: DeputiesCase, reading: Reading | None = None, tie_order: Sequence[str] | None = None
) -> DeputiesOutcome:
    """The 200 list seats of a case and the chamber that results.

    `tie_order` names parties in the order in which equal remainders are served; without it they are declared and the
    seats stay open. Raises AllocationError where no party has a right to list seats, or limits leave seats without an owner.
    """
    reading = reading or Reading()
    if reading.attribution not in case.districts_won:
        known = ", ".join(case.districts_won)
        raise AllocationError(
            f"{case.name}: no hay triunfos por «{reading.attribution}»; hay: {known}",
            f"{case.name}: there are no wins by '{reading.attribution}'; there are: {known}",
        )
    steps: list[Step] = []
    won = dict(case.districts_won[reading.attribution])
    steps.append(
        Step(f"triunfos en distritos, atribuidos por «{reading.attribution}»", f"districts won, attributed by '{reading.attribution}'",
             {p: str(k) for p, k in won.items()}, "CPEUM 52")
    )  # fmt: skip
    entitled = _entitled(case, reading, steps)
    national = _national_vote(case, reading, entitled, steps)
    votes = {p: case.party_votes(p) for p in entitled}
    first = pure_proportionality(votes, LIST_SEATS, national, tie_order)
    _tell_share(first, "LGIPE 16, 17.1", "cociente natural", "natural quotient", steps)
    shared = _within_limits(votes, won, national, first, reading, steps, tie_order)
    grid: Mapping[str, Mapping[str, int]] = {}
    if not shared.ties:
        filled = fill_grid({p: case.votes[p] for p in entitled}, shared.seats, list(shared.limited))
        grid = filled.seats
        steps.extend(filled.steps)
    else:
        tied = "; ".join(f"{', '.join(t.contestants)} ({t.seats})" for t in shared.ties)
        steps.append(Step(f"empate de restos: {tied}; la ley no dice quién va primero", f"equal remainders: {tied}; the law does not say who goes first", {}, "LGIPE 17.1-b"))  # fmt: skip
    return DeputiesOutcome(
        case.name, reading, national, shared.seats, won, grid, shared.limited, shared.exempt, shared.rounds, shared.ties,
        tuple(steps),
    )  # fmt: skip


def _entitled(case: DeputiesCase, reading: Reading, steps: list[Step]) -> list[str]:
    steps.append(Step("votación total emitida", "total vote", {"total": f"{case.total_votes:,}"}, "LGIPE 15.1"))
    steps.append(
        Step("votación válida emitida: salen nulos y no registrados", "valid vote: null and unregistered leave",
             {"nulos · null": f"{case.null_votes:,}", "no registrados · unregistered": f"{case.unregistered_votes:,}",
              "válida · valid": f"{case.valid_votes:,}"}, "LGIPE 15.1")
    )  # fmt: skip
    short = {p: k for p, k in case.districts_contested.items() if k < CONTESTED}
    if short:
        steps.append(
            Step("sin listas: no compiten en 200 distritos", "no lists: fewer than 200 districts contested", {p: str(k) for p, k in short.items()}, "CPEUM 54-I")
        )  # fmt: skip
    valid = reading.threshold == "valid"
    base = case.valid_votes if valid else case.total_votes
    shares = {p: Fraction(case.party_votes(p), base) if base else Fraction(0) for p in case.votes}
    entitled = [p for p, share in shares.items() if share >= THRESHOLD and p not in short]
    steps.append(
        Step(f"tres por ciento de la votación {'válida' if valid else 'total'}", f"three per cent of the {'valid' if valid else 'total'} vote",
             {p: f"{case.party_votes(p):,} = {float(100 * s):.4f} % {'✓' if p in entitled else '✗'}" for p, s in shares.items()},
             "CPEUM 54-II" if valid else "LGIPE 15.2")
    )  # fmt: skip
    if not entitled:
        raise AllocationError(
            f"{case.name}: ningún partido alcanza el tres por ciento: no hay a quién asignar las {LIST_SEATS} curules",
            f"{case.name}: no party reaches three per cent: there is nobody to assign the {LIST_SEATS} seats to",
        )
    return entitled


def _national_vote(case: DeputiesCase, reading: Reading, entitled: list[str], steps: list[Step]) -> int:
    below = sum(case.party_votes(p) for p in case.votes if p not in entitled)
    national = case.total_votes - below - case.independent_votes - case.null_votes
    told_votes = {
        "sin derecho · without right": f"{below:,}", "independientes · independents": f"{case.independent_votes:,}",
        "nulos · null": f"{case.null_votes:,}",
    }  # fmt: skip
    if reading.unregistered == "leave":
        national -= case.unregistered_votes
        told_votes["no registrados · unregistered"] = f"{case.unregistered_votes:,}"
    told_votes["votación nacional · national vote"] = f"{national:,}"
    steps.append(Step("votación nacional emitida: salen", "national vote: these leave", told_votes, "LGIPE 15.2"))
    return national


@dataclass(frozen=True)
class _Shared:
    seats: dict[str, int]
    limited: dict[str, str]
    exempt: tuple[str, ...]
    rounds: int
    ties: tuple[Tie, ...]


def _within_limits(
    votes: Mapping[str, int], won: Mapping[str, int], national: int, first: Share, reading: Reading, steps: list[Step],
    tie_order: Sequence[str] | None,
) -> _Shared:  # fmt: skip
    share_of = {p: Fraction(v, national) for p, v in votes.items()}
    points_limit = {p: int((s + POINTS) * HOUSE) for p, s in share_of.items()}
    exempt = tuple(p for p in votes if Fraction(won.get(p, 0), HOUSE) > share_of[p] + POINTS)
    steps.append(
        Step("límites: 300, y el porcentaje de votación nacional más ocho puntos", "limits: 300, and the share of the national vote plus eight points",
             {p: f"{float(100 * s):.4f} % + 8 = {float(100 * (s + POINTS)):.4f} % → {points_limit[p]}" for p, s in share_of.items()},
             "CPEUM 54-IV, 54-V")
    )  # fmt: skip
    if exempt:
        es = "conservan lo que les toque" if reading.exemption == "letter" else "conservan solo sus distritos"
        en = "keep what falls to them" if reading.exemption == "letter" else "keep only their districts"
        steps.append(
            Step(f"sus distritos solos pasan del límite de ocho puntos: {es}", f"their districts alone exceed the eight-point limit: {en}",
                 {p: f"{won[p]} > {told((share_of[p] + POINTS) * HOUSE)}" for p in exempt}, "CPEUM 54-V")
        )  # fmt: skip
    fixed: dict[str, int] = {}
    reasons: dict[str, str] = {}
    share, rounds = first, 1
    while True:
        seats = {**share.seats, **fixed}
        over: dict[str, int] = {}
        for party in share.seats:
            most, reason = MOST_SEATS, "300"
            if party in exempt:
                if reading.exemption == "districts_only":
                    most, reason = won[party], "54-V"
            elif points_limit[party] < most:
                most, reason = points_limit[party], "8 %"
            if won.get(party, 0) + seats[party] > most:
                over[party] = max(0, most - won.get(party, 0))
                reasons[party] = reason
        if not over:
            break
        for party, kept in over.items():
            steps.append(
                Step(f"{party}: {won.get(party, 0)} + {seats[party]} pasa del límite ({reasons[party]}); conserva {kept} de lista",
                     f"{party}: {won.get(party, 0)} + {seats[party]} exceeds the limit ({reasons[party]}); keeps {kept} list seats",
                     {party: f"{seats[party]} − {seats[party] - kept} = {kept}"}, "LGIPE 17.2")
            )  # fmt: skip
        fixed |= over
        free = {p: v for p, v in votes.items() if p not in fixed}
        left = LIST_SEATS - sum(fixed.values())
        if not free:
            if left:
                raise AllocationError(
                    f"los límites dejan {left} curules sin dueño: no quedan partidos fuera de ellos",
                    f"the limits leave {left} seats without an owner: no parties remain outside them",
                )
            return _Shared({p: fixed[p] for p in votes}, reasons, exempt, rounds, ())
        effective = sum(free.values())
        steps.append(Step("votación nacional efectiva: sale la de los partidos limitados", "effective national vote: that of the limited parties leaves", {"efectiva · effective": f"{effective:,}", "por asignar · to assign": str(left)}, "LGIPE 18.1-a-I"))  # fmt: skip
        share = pure_proportionality(free, left, effective, tie_order)
        rounds += 1
        _tell_share(share, "LGIPE 18.1-a", "nuevo cociente natural", "new natural quotient", steps)
    return _Shared({p: seats[p] for p in votes}, reasons, exempt, rounds, (share.tie,) if share.tie else ())


def _tell_share(share: Share, article: str, es: str, en: str, steps: list[Step]) -> None:
    steps.append(Step(es, en, {"cociente · quotient": told(share.quotient)}, article))
    steps.append(
        Step("números enteros y restos", "whole numbers and remainders",
             {p: f"{k} (resto · remainder {told(share.remainder[p])})" for p, k in share.whole.items()}, article)
    )  # fmt: skip
    steps.append(
        Step(f"restos mayores: {len(share.by_remainder)}", f"largest remainders: {len(share.by_remainder)}",
             {p: f"{k}{' (+1)' if p in share.by_remainder else ''}" for p, k in share.seats.items()}, article)
    )  # fmt: skip
