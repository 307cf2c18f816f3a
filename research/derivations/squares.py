"""The least squares index of every contest under different treatments of others, independents and unknown votes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from research.derivations.contests import Alliances, Amounts, Contests

Floats = npt.NDArray[np.float64]
Lumped = Literal["one", "many"]
Seatless = Literal["each", "out", "one"]
Unknown = Literal["hybrid", "in", "out", "zero"]


@dataclass(frozen=True)
class Treatment:
    """How rows are read. The default is the one that the published table uses."""

    alliances: Alliances = "joined"
    others: Lumped = "one"
    independents: Lumped = "many"
    unknown: Unknown = "hybrid"
    missing: Lumped = "many"
    seatless: Seatless = "each"

    @property
    def changes(self) -> int:
        """In how many ways it differs from the default."""
        default = Treatment()
        return sum(getattr(self, f.name) != getattr(default, f.name) for f in fields(self))

    def words(self) -> tuple[str, str]:
        """What differs from the default, in Spanish and English."""
        es, en = [], []
        if self.alliances == "apart":
            es.append("alianzas y miembros por separado")
            en.append("alliances and members apart")
        if self.alliances == "merged":
            es.append("cada alianza con sus miembros como un solo contendiente")
            en.append("each alliance with its members as one contestant")
        if self.alliances == "split":
            es.append("los votos de la alianza en partes iguales entre sus miembros con escaños")
            en.append("the alliance's votes in equal parts among its members with seats")
        if self.others == "many":
            es.append("«otros» como muchos")
            en.append('"others" as many')
        if self.independents == "one":
            es.append("independientes como uno")
            en.append("independents as one")
        if self.unknown == "in":
            es.append("los escaños sin votos quedan en la base")
            en.append("seats without votes stay in the base")
        if self.unknown == "out":
            es.append("los escaños sin votos salen de la base")
            en.append("seats without votes leave the base")
        if self.unknown == "zero":
            es.append("los votos no contados como cero")
            en.append("untold votes as zero")
        if self.missing == "one":
            es.append("los votos que faltan como un contendiente más")
            en.append("missing votes as one more contestant")
        if self.seatless == "out":
            es.append("sin los contendientes que no obtuvieron escaños")
            en.append("without the contestants that won no seats")
        if self.seatless == "one":
            es.append("quienes no obtuvieron escaños y los votos que faltan como uno solo")
            en.append("those that won no seats and the missing votes as one")
        return "; ".join(es), "; ".join(en)


@dataclass(frozen=True)
class Squares:
    """Squared deviations (fractions) of each contest by who they are of, for one treatment of alliances and one seat base."""

    named: Floats
    others: Floats
    independents: Floats
    unknown: Floats
    missing: Floats
    seatless: Floats
    seatless_as_one: Floats
    computable: npt.NDArray[np.bool_]

    def least_squares(self, treatment: Treatment) -> Floats:
        """(contests,) least squares index, 0–100; NaN without votes or seats."""
        total = self.named.copy()
        if treatment.others == "one":
            total += self.others
        if treatment.independents == "one":
            total += self.independents
        if treatment.unknown == "zero":
            total += self.unknown
        if treatment.missing == "one":
            total += self.missing
        if treatment.seatless != "each":
            total -= self.seatless
        if treatment.seatless == "one":
            total += self.seatless_as_one
        return np.where(self.computable, 100.0 * np.sqrt(0.5 * total), np.nan)


def squares(contests: Contests, amounts: Amounts, unknown: Unknown = "hybrid") -> Squares:
    """The squared deviations that the least squares index adds up (Gallagher 1991): see research.indices for the formula."""
    base = contests.seat_base(amounts, "in" if unknown == "zero" else unknown)
    table, count = amounts.table, amounts.contests_count
    contest = table["contest"].to_numpy()
    vote, seats = table["vote"].to_numpy(np.float64), table["seats"].fillna(0.0).to_numpy(np.float64)
    told = ~np.isnan(vote)
    named = (table["kind"] == "named").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nan_to_num(seats / base[contest], nan=0.0, posinf=0.0, neginf=0.0)
        lumped = [
            np.nan_to_num(
                amounts.summed("vote", k) - amounts.summed("seats", k) / base, nan=0.0, posinf=0.0, neginf=0.0
            )
            for k in ("others", "independents")
        ]

    def summed(values: npt.NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(contest, weights=values, minlength=count), dtype=np.float64)

    of_named = summed(np.where(told & named, np.square(np.nan_to_num(vote) - share), 0.0))
    of_unknown = summed(np.where(told, 0.0, np.square(share)))
    votes = amounts.summed("vote")
    told_lumps = [summed(told & (table["kind"] == k).to_numpy()) > 0 for k in ("others", "independents")]
    others, independents = (np.where(has, np.square(gap), 0.0) for has, gap in zip(told_lumps, lumped, strict=True))
    gap = np.clip(1.0 - votes, 0.0, None)
    losers = told & named & (seats == 0)
    losing = summed(np.where(losers, np.nan_to_num(vote), 0.0))
    of_losers = summed(np.where(losers, np.square(np.nan_to_num(vote)), 0.0))
    return Squares(
        of_named,
        others,
        independents,
        of_unknown,
        np.square(gap),
        of_losers,
        np.square(losing + gap),
        (base > 0) & (votes > 0),
    )


def least_squares(contests: Contests, amounts: Amounts, treatment: Treatment) -> Floats:
    """(contests,) least squares index, 0–100, under one treatment; NaN without votes or seats."""
    return squares(contests, amounts, treatment.unknown).least_squares(treatment)
