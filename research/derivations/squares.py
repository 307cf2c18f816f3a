"""The least squares index of every contest under different treatments of others, independents and unknown votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from research.derivations.contests import Alliances, Amounts, Contests
from research.indices import least_squares_pct

Floats = npt.NDArray[np.float64]
Lumped = Literal["one", "many"]


@dataclass(frozen=True)
class Treatment:
    """How rows are read. The default is the one that the published table uses."""

    alliances: Alliances = "joined"
    others: Lumped = "one"
    independents: Lumped = "many"
    unknown: Literal["hybrid", "in", "out", "zero"] = "hybrid"
    missing: Lumped = "many"

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
        return "; ".join(es), "; ".join(en)


def least_squares(contests: Contests, amounts: Amounts, treatment: Treatment) -> Floats:
    """(contests,) least squares index, 0–100; NaN without votes or seats."""
    unknown = "in" if treatment.unknown == "zero" else treatment.unknown
    base = contests.seat_base(amounts, unknown)
    told = amounts.table["vote"].notna()
    known = amounts if treatment.unknown == "zero" else Amounts(amounts.table[told], amounts.contests_count)
    with np.errstate(divide="ignore", invalid="ignore"):
        votes = [known.padded("vote")]
        seats = [known.padded("seats") / base[:, None]]
        for kind, how in (("others", treatment.others), ("independents", treatment.independents)):
            if how == "one":
                votes.append(known.summed("vote", kind)[:, None])
                seats.append(known.summed("seats", kind)[:, None] / base[:, None])
        if treatment.missing == "one":
            votes.append(np.clip(1.0 - amounts.summed("vote"), 0.0, None)[:, None])
            seats.append(np.zeros((amounts.contests_count, 1)))
        value = least_squares_pct(np.hstack(votes), np.hstack(seats))
    return np.where((base > 0) & (amounts.summed("vote") > 0), value, np.nan)
