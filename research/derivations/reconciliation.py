"""Published indices beside ours, with a reason from a closed list that is checked, never guessed.

A reason is found by computing: if another treatment of the same rows gives the published value (within 0.10), that
treatment is the reason. What no rule explains is looked up in reasons.csv, written case by case with its evidence; the rest
is unexplained and says so.
"""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

from research.derivations.contests import Contests
from research.derivations.evidence import CLOSE, many_votes_a_ballot, treated, votes_like_seats

EQUAL = 0.05
LSQ = "least-squares-index"
INPUT_SOURCES = ("parlgov", "vparty")
DISPLACED_FIT, DISPLACED_GAIN, DISPLACED_LEAST = 0.5, 0.3, 3

PUBLISHED = """
SELECT p.published_index_id, p.index_id, p.jurisdiction_id, p.year, p.election_id, p.value AS published_value,
  p.source_id AS published_by, p.licence_id AS published_licence
FROM published_indices p WHERE p.index_id IN (SELECT DISTINCT index_id FROM election_indices)
ORDER BY p.published_index_id
"""
LOWER_HOUSES = "SELECT election_id, jurisdiction_id, election_year, election_date FROM elections WHERE chamber = 'LC'"
COLUMNS = ["published_index_id", "election_id", "index_id", "published_value", "computed_value", "difference", "reason",
           "is_checked_by_hand", "evidence_es", "evidence_en", "published_by", "source_id", "licence_id"]  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A published value, as the table published_indices has it; `election_id` is None where only the year is told."""

    number: int
    index_id: str
    jurisdiction_id: str | None
    year: int | None
    election_id: str | None
    value: float
    by: str
    licence_id: str


@dataclass(frozen=True)
class Reason:
    """A reason and what it rests on."""

    reason: str
    es: str
    en: str
    by_hand: bool = False


def hand_checked_reasons() -> dict[tuple[str, str], Reason]:
    """Reasons looked into case by case, by election and index: research/derivations/reasons.csv."""
    text = (files("research.derivations") / "reasons.csv").read_text("utf-8")
    return {
        (r["election_id"], r["index_id"]): Reason(r["reason"], r["evidence_es"], r["evidence_en"], True)
        for r in csv.DictReader(text.splitlines())
    }


def reconciliation_rows(connection: sqlite3.Connection, contests: Contests, indices: pd.DataFrame) -> pd.DataFrame:
    """Rows of `index_reconciliation`, one a published value of an index that is computed here."""
    published = pd.read_sql_query(PUBLISHED, connection)
    if published.empty:
        return pd.DataFrame(columns=COLUMNS)
    houses = pd.read_sql_query(LOWER_HOUSES, connection)
    nations = set(contests.table.loc[contests.table["level"] == "nation", "unit_id"])
    ours = indices[indices["unit_id"].isin(nations) & indices["value"].notna()]
    keys = zip(ours["election_id"], ours["index_id"], ours["source_id"], strict=True)
    told = dict(zip(keys, zip(ours["value"].tolist(), ours["licence_id"], strict=True), strict=True))
    bounded = ours[ours["lower_bound"].notna() & ours["upper_bound"].notna()]
    places = zip(bounded["election_id"], bounded["index_id"], bounded["source_id"], strict=True)
    limits = zip(bounded["lower_bound"].tolist(), bounded["upper_bound"].tolist(), strict=True)
    finder = _Finder(contests, told, dict(zip(places, limits, strict=True)), houses)
    for by, chosen in published[published["index_id"] == LSQ].groupby("published_by"):
        if by not in INPUT_SOURCES:
            finder.look_for_displaced_rows(chosen)
    values = (Published(*row) for row in connection.execute(PUBLISHED))
    return pd.DataFrame([finder.row(p) for p in values], columns=COLUMNS)


class _Finder:
    """Looks for the reason of one published value after another."""

    def __init__(
        self,
        contests: Contests,
        told: dict[tuple[str, str, str], tuple[float, str]],
        bounds: dict[tuple[str, str, str], tuple[float, float]],
        houses: pd.DataFrame,
    ) -> None:
        self.told = told
        self.by_hand = hand_checked_reasons()
        self.in_year = houses.groupby(["jurisdiction_id", "election_year"])["election_id"].apply(sorted).to_dict()
        ordered = houses.sort_values("election_date")
        self.country = dict(zip(houses["election_id"], houses["jurisdiction_id"], strict=True))
        self.sequence = ordered.groupby("jurisdiction_id")["election_id"].apply(list).to_dict()
        self.treated = treated(contests)
        self.bounds = bounds
        self.many_votes_a_ballot = many_votes_a_ballot(contests)
        self.votes_like_seats = votes_like_seats(contests)
        self.displaced: dict[str, int] = {}

    def look_for_displaced_rows(self, published: pd.DataFrame) -> None:
        """Countries whose published series fits ours when shifted by some elections, and does not where it stands.

        Found where at least half of the values (three or more) fit within 0.15 after a shift, and three in ten fewer do in
        their own place.
        """
        stated = published[published["election_id"].notna()]
        for country, rows in stated.groupby("jurisdiction_id"):
            sequence = self.sequence.get(country, [])
            place = {e: i for i, e in enumerate(sequence)}
            values = [
                (place[e], float(v))
                for e, v in zip(rows["election_id"], rows["published_value"], strict=True)
                if e in place
            ]
            ours = [self.told[e, LSQ, s][0] if (s := self._source(e, LSQ)) else np.nan for e in sequence]
            fits = {}
            for shift in range(-6, 7):
                gaps = [abs(ours[i + shift] - v) for i, v in values if 0 <= i + shift < len(ours)]
                known = [g for g in gaps if not np.isnan(g)]
                fits[shift] = sum(g <= 0.15 for g in known) / len(known) if len(known) >= DISPLACED_LEAST else 0.0
            best = max(fits, key=lambda k: (fits[k], -abs(k)))
            if best and fits[best] >= DISPLACED_FIT and fits[best] >= fits[0] + DISPLACED_GAIN:
                self.displaced[str(country)] = best

    def _displaced_to(self, election: str, published: float) -> Reason | None:
        country = self.country.get(election, "")
        shift = self.displaced.get(country)
        if shift is None:
            return None
        sequence = self.sequence[country]
        here = sequence.index(election)
        for other in sorted(sequence, key=lambda e: abs(sequence.index(e) - here - shift)):
            source = self._source(other, LSQ)
            same_way = (sequence.index(other) - here) * shift > 0
            if source and same_way and abs(self.told[other, LSQ, source][0] - published) <= 0.15:
                value = self.told[other, LSQ, source][0]
                return Reason(
                    "row_displaced",
                    f"la serie publicada del país está corrida unos renglones: {published:g} es el valor de {other} (aquí {value:.2f})",
                    f"the country's published series stands some rows off: {published:g} is the value of {other} ({value:.2f} here)",
                )
        return None

    def row(self, p: Published) -> tuple[object, ...]:
        """The row of one published value, in the order of COLUMNS."""
        election, source, second = self._election(p)
        if election is None or source is None:
            es = "la base no tiene votos y escaños suficientes de esa elección"
            en = "the knowledge base lacks votes and seats of that election"
            return (
                p.number,
                election,
                p.index_id,
                p.value,
                None,
                None,
                "not_computed",
                0,
                es,
                en,
                p.by,
                None,
                p.licence_id,
            )
        value, licence = self.told[election, p.index_id, source]
        reason = self._reason(election, p.index_id, source, p.value, value, second)
        return (
            p.number, election, p.index_id, p.value, value, round(value - p.value, 6), reason.reason, int(reason.by_hand),
            reason.es or None, reason.en or None, p.by, source, licence if "SA" in licence else p.licence_id,
        )  # fmt: skip

    def _election(self, p: Published) -> tuple[str | None, str | None, bool]:
        """The election meant, the source to compare with, and whether the year had several.

        A source's own index is compared with what its own votes and seats give.
        """
        sources = (p.by,) if p.by in INPUT_SOURCES else INPUT_SOURCES
        if p.election_id is not None:
            return p.election_id, self._source(p.election_id, p.index_id, sources), False
        in_year = self.in_year.get((p.jurisdiction_id, p.year), [])
        candidates = [(e, s) for e in in_year if (s := self._source(e, p.index_id, sources))]
        if not candidates:
            return None, None, False
        best = min(candidates, key=lambda c: abs(self.told[c[0], p.index_id, c[1]][0] - p.value))
        return best[0], best[1], len(in_year) > 1

    def _source(self, election: str, index_id: str, sources: tuple[str, ...] = INPUT_SOURCES) -> str | None:
        return next((s for s in sources if (election, index_id, s) in self.told), None)

    def _reason(
        self, election: str, index_id: str, source: str, published: float, value: float, second: bool
    ) -> Reason:
        gap = abs(value - published)
        if second and gap <= CLOSE:
            es = "el año tuvo dos elecciones y la fuente da solo el año: se toma la más cercana"
            en = "the year had two elections and the source gives only the year: the nearest is taken"
            return Reason("second_election", es, en)
        if gap <= EQUAL:
            return Reason("equal", "", "")
        if gap <= CLOSE:
            return Reason("rounding", "", "")
        if index_id == LSQ:
            for reason, of_alliances in (("others_lumped", False), ("alliance", True)):
                if near := self.treated.nearest(election, source, published, of_alliances=of_alliances):
                    es, en = near[0].words()
                    return Reason(reason, f"da {near[1]:.2f} con otro trato: {es}", f"gives {near[1]:.2f} under another treatment: {en}")  # fmt: skip
        bounds = self.bounds.get((election, index_id, source))
        if bounds and bounds[0] - EQUAL <= published <= bounds[1] + EQUAL:
            told = f"{bounds[0]:.2f}–{bounds[1]:.2f}"
            return Reason("others_lumped", f"está entre las cotas que dejan los votos agrupados o no contados ({told})",
                          f"it lies between the bounds that lumped or untold votes leave ({told})")  # fmt: skip
        if index_id == LSQ and (found_row := self._displaced_to(election, published)):
            return found_row
        for other_source in INPUT_SOURCES:
            other_value = self.told.get((election, index_id, other_source))
            if other_source != source and other_value and abs(other_value[0] - published) <= CLOSE:
                return Reason("input_differs", f"los datos de {other_source} dan {other_value[0]:.2f}", f"{other_source}'s data give {other_value[0]:.2f}")  # fmt: skip
        if (election, index_id) in self.by_hand:
            return self.by_hand[election, index_id]
        if index_id == LSQ and (election, source) in self.many_votes_a_ballot:
            ratio = self.many_votes_a_ballot[election, source]
            return Reason("vote_tier", f"la fuente cuenta {ratio:.1f} votos por boleta válida (cada elector tiene tantos como escaños su distrito): los distritos grandes pesan más",
                          f"the source counts {ratio:.1f} votes for each valid ballot (voters have as many as their district has seats): large districts weigh more")  # fmt: skip
        if index_id == LSQ and (election, source) in self.votes_like_seats:
            return Reason("input_differs", f"los porcentajes de votos de {source} repiten los de escaños (ninguno se aparta un punto): no son votos contados",
                          f"{source}'s vote shares repeat the seat shares (none is a point away): they are not counted votes")  # fmt: skip
        return Reason("unexplained", "ningún otro trato de los datos da el valor publicado", "no other treatment of the data gives the published value")  # fmt: skip
