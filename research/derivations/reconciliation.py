"""Published indices beside ours, with a reason from a closed list that is checked, never guessed.

A reason is found by computing: if the row of another election, the seats that a contest filled, or another treatment of
the same rows gives the published value (within 0.10), that is the reason. A case that was looked into has its reason and
evidence in reasons.csv, which goes before a treatment that may fit by chance; the rest is unexplained and says so.
"""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np
import pandas as pd

from research.derivations.contests import Contests
from research.derivations.displaced import displaced_values
from research.derivations.evidence import CLOSE, many_votes_a_ballot, treated, votes_like_seats
from research.derivations.uncontested import without_uncontested

EQUAL = 0.05
LSQ = "least-squares-index"
INPUT_SOURCES = ("parlgov", "vparty")

PUBLISHED = """
SELECT p.published_index_id, p.index_id, p.jurisdiction_id, p.year, p.election_id, p.value AS published_value,
  p.source_id AS published_by, p.licence_id AS published_licence
FROM published_indices p WHERE p.index_id IN (SELECT DISTINCT index_id FROM election_indices)
ORDER BY p.published_index_id
"""
LOWER_HOUSES = "SELECT election_id, jurisdiction_id, election_year, election_date FROM elections WHERE chamber = 'LC'"
COLUMNS = ["published_index_id", "election_id", "index_id", "published_value", "computed_value", "difference", "reason",
           "is_checked_by_hand", "evidence_es", "evidence_en", "value_of_election_id", "published_by", "source_id", "licence_id"]  # fmt: skip


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
    of_election: str | None = None  # the election that the value is of, where it stands in another's row


def hand_checked_reasons() -> dict[tuple[str, str], Reason]:
    """Reasons looked into case by case, by election and index: research/derivations/reasons.csv."""
    text = (files("research.derivations") / "reasons.csv").read_text("utf-8")
    return {
        (r["election_id"], r["index_id"]): Reason(r["reason"], r["evidence_es"], r["evidence_en"], True)
        for r in csv.DictReader(text.splitlines())
    }


def worked_out_by_carey_and_hix() -> set[tuple[str, int]]:
    """Country and year of the values in the published copy that Carey and Hix worked out themselves: carey_hix.csv.

    Their file gives these with more than the two decimals that Gallagher publishes.
    """
    text = (files("research.derivations") / "carey_hix.csv").read_text("utf-8")
    return {(r["jurisdiction_id"], int(r["year"])) for r in csv.DictReader(text.splitlines())}


def reconciliation_rows(connection: sqlite3.Connection, contests: Contests, indices: pd.DataFrame) -> pd.DataFrame:
    """Rows of `index_reconciliation`, one a published value of an index that is computed here."""
    published = pd.read_sql_query(PUBLISHED, connection)
    if published.empty:
        return pd.DataFrame(columns=COLUMNS)
    houses = pd.read_sql_query(LOWER_HOUSES, connection)
    # a source that tells only the month of a renewal states no second election of the year
    to_the_day = houses["election_date"].str.len() == len("2000-01-01")
    houses = houses[to_the_day | houses["election_id"].isin(contests.table["election_id"])]
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
            finder.look_for_displaced_rows(str(by), chosen)
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
        self.without_uncontested = without_uncontested(contests)
        self.carey_and_hix = worked_out_by_carey_and_hix()
        self.displaced: dict[tuple[str, str], str] = {}

    def look_for_displaced_rows(self, by: str, published: pd.DataFrame) -> None:
        """Fill `displaced`: which election a publisher's value is of, where a country's series stands some rows off."""
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
            found = displaced_values(values, ours)
            self.displaced |= {(by, sequence[i]): sequence[other] for i, other in found.items()}

    def _of_another_hand(self, p: Published, election: str, source: str) -> Reason | None:
        """Another election's value, the seats that a contest filled, or what looking into the case found."""
        if other := self.displaced.get((p.by, election)):
            value = self.told[other, LSQ, self._source(other, LSQ) or source][0]
            return Reason("row_displaced", f"la serie publicada del país está corrida: {p.value:g} es el valor de {other} (aquí {value:.2f})",
                          f"the country's published series stands some rows off: {p.value:g} is the value of {other} ({value:.2f} here)",
                          of_election=other)  # fmt: skip
        contested = self.without_uncontested.get((election, source))
        if contested and abs(contested.value - p.value) <= CLOSE:
            return Reason("input_differs", f"da {contested.value:.2f} sin {contested.es}", f"gives {contested.value:.2f} without {contested.en}")  # fmt: skip
        return self.by_hand.get((election, LSQ))

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
                None,
                p.by,
                None,
                p.licence_id,
            )
        value, licence = self.told[election, p.index_id, source]
        reason = self._reason(p, election, source, value, second)
        if reason.es and p.by not in INPUT_SOURCES and (p.jurisdiction_id, p.year) in self.carey_and_hix:
            reason = replace(
                reason,
                es=f"{reason.es}; el valor es de Carey y Hix, no de Gallagher",
                en=f"{reason.en}; the value is Carey and Hix's, not Gallagher's",
            )
        return (
            p.number, election, p.index_id, p.value, value, round(value - p.value, 6), reason.reason, int(reason.by_hand),
            reason.es or None, reason.en or None, reason.of_election, p.by, source, licence if "SA" in licence else p.licence_id,
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

    def _reason(self, p: Published, election: str, source: str, value: float, second: bool) -> Reason:
        index_id, published = p.index_id, p.value
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
            if p.by not in INPUT_SOURCES and (found := self._of_another_hand(p, election, source)):
                return found
            for reason, of_alliances in (("others_lumped", False), ("alliance", True)):
                if near := self.treated.nearest(election, source, published, of_alliances=of_alliances):
                    es, en = near[0].words()
                    return Reason(reason, f"da {near[1]:.2f} con otro trato: {es}", f"gives {near[1]:.2f} under another treatment: {en}")  # fmt: skip
        bounds = self.bounds.get((election, index_id, source))
        if bounds and bounds[0] - EQUAL <= published <= bounds[1] + EQUAL:
            told = f"{bounds[0]:.2f}–{bounds[1]:.2f}"
            return Reason("others_lumped", f"está entre las cotas que dejan los votos agrupados o no contados ({told})",
                          f"it lies between the bounds that lumped or untold votes leave ({told})")  # fmt: skip
        for other_source in INPUT_SOURCES:
            other_value = self.told.get((election, index_id, other_source))
            if other_source != source and other_value and abs(other_value[0] - published) <= CLOSE:
                return Reason("input_differs", f"los datos de {other_source} dan {other_value[0]:.2f}", f"{other_source}'s data give {other_value[0]:.2f}")  # fmt: skip
        if index_id == LSQ and (election, source) in self.many_votes_a_ballot:
            ratio = self.many_votes_a_ballot[election, source]
            return Reason("vote_tier", f"la fuente cuenta {ratio:.1f} votos por boleta válida (cada elector tiene tantos como escaños su distrito): los distritos grandes pesan más",
                          f"the source counts {ratio:.1f} votes for each valid ballot (voters have as many as their district has seats): large districts weigh more")  # fmt: skip
        if index_id == LSQ and (election, source) in self.votes_like_seats:
            return Reason("input_differs", f"los porcentajes de votos de {source} repiten los de escaños (ninguno se aparta un punto): no son votos contados",
                          f"{source}'s vote shares repeat the seat shares (none is a point away): they are not counted votes")  # fmt: skip
        return Reason("unexplained", "ningún otro trato de los datos da el valor publicado", "no other treatment of the data gives the published value")  # fmt: skip
