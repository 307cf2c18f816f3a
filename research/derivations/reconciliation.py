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
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from research.derivations.contests import Alliances, Contests
from research.derivations.squares import Lumped, Seatless, Treatment, Unknown, squares

Floats = npt.NDArray[np.float64]

EQUAL, CLOSE = 0.05, 0.10
LSQ = "least-squares-index"
INPUT_SOURCES = ("parlgov", "vparty")
MOST_CHANGES = 2  # with more, some treatment would come near almost anything
DISPLACED_FIT, DISPLACED_GAIN, DISPLACED_LEAST = 0.5, 0.3, 3
ALLIANCES: tuple[Alliances, ...] = ("joined", "apart", "merged", "split")
LUMPED: tuple[Lumped, ...] = ("one", "many")
SEATLESS: tuple[Seatless, ...] = ("each", "out", "one")
UNKNOWN: tuple[Unknown, ...] = ("hybrid", "in", "out", "zero")

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
    rows = []
    for p in published.itertuples():
        rows.append(finder.row(p))
    return pd.DataFrame(rows, columns=COLUMNS)


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
        self.treated = _treated(contests)
        self.bounds = bounds
        self.many_votes_a_ballot = _many_votes_a_ballot(contests)
        self.votes_like_seats = _votes_like_seats(contests)
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

    def row(self, p: object) -> tuple[object, ...]:
        published = float(p.published_value)  # type: ignore[attr-defined]
        index_id, by = str(p.index_id), str(p.published_by)  # type: ignore[attr-defined]
        election, source, second = self._election(p, published)
        if election is None or source is None:
            return (p.published_index_id, election, index_id, published, None, None, "not_computed", 0,  # type: ignore[attr-defined]
                    "la base no tiene votos y escaños suficientes de esa elección",
                    "the knowledge base lacks votes and seats of that election", by, None, p.published_licence)  # type: ignore[attr-defined]  # fmt: skip
        value, licence = self.told[election, index_id, source]
        reason = self._reason(election, index_id, source, published, value, second)
        stricter = licence if "SA" in licence else p.published_licence  # type: ignore[attr-defined]
        return (p.published_index_id, election, index_id, published, value, round(value - published, 6), reason.reason,  # type: ignore[attr-defined]
                int(reason.by_hand), reason.es or None, reason.en or None, by, source, stricter)  # fmt: skip

    def _election(self, p: object, published: float) -> tuple[str | None, str | None, bool]:
        """The election meant, the source to compare with, and whether the year had several."""
        index_id = str(p.index_id)  # type: ignore[attr-defined]
        if isinstance(p.election_id, str):  # type: ignore[attr-defined]
            return p.election_id, self._source(p.election_id, index_id), False  # type: ignore[attr-defined]
        key = (p.jurisdiction_id, p.year)  # type: ignore[attr-defined]
        candidates = [(e, s) for e in self.in_year.get(key, []) if (s := self._source(e, index_id))]
        if not candidates:
            return None, None, False
        best = min(candidates, key=lambda c: abs(self.told[c[0], index_id, c[1]][0] - published))
        return best[0], best[1], len(self.in_year[key]) > 1

    def _source(self, election: str, index_id: str) -> str | None:
        return next((s for s in INPUT_SOURCES if (election, index_id, s) in self.told), None)

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


@dataclass(frozen=True)
class _Treated:
    """The least squares index of the national contests under every treatment other than the default."""

    treatments: tuple[Treatment, ...]
    values: Floats  # (treatments, contests)
    place: dict[tuple[str, str], int]

    def nearest(
        self, election: str, source: str, published: float, *, of_alliances: bool
    ) -> tuple[Treatment, float] | None:
        """The simplest treatment that gives a published value within CLOSE: of others alone, or of alliances."""
        place = self.place.get((election, source))
        if place is None:
            return None
        chosen = [i for i, t in enumerate(self.treatments) if (t.alliances != "joined") == of_alliances]
        gaps = np.abs(self.values[chosen, place] - published)
        near = [(self.treatments[c].changes, g, c) for c, g in zip(chosen, gaps, strict=True) if g <= CLOSE]
        if not near:
            return None
        best = min(near)[2]
        return self.treatments[best], float(self.values[best, place])


def _treated(contests: Contests) -> _Treated:
    table = contests.table[contests.table["level"] == "nation"]
    numbers = table["contest"].to_numpy()
    treatments, values = [], []
    for alliance in ALLIANCES:
        amounts = contests.amounts(alliance)
        by_base = {u: squares(contests, amounts, u) for u in UNKNOWN}
        for o, i, u, m, s in product(LUMPED, LUMPED, UNKNOWN, LUMPED, SEATLESS):
            treatment = Treatment(alliance, o, i, u, m, s)
            if 0 < treatment.changes <= MOST_CHANGES:
                treatments.append(treatment)
                values.append(by_base[u].least_squares(treatment)[numbers])
    keys = zip(table["election_id"], table["source_id"], strict=True)
    return _Treated(tuple(treatments), np.array(values), {k: i for i, k in enumerate(keys)})


def _many_votes_a_ballot(contests: Contests) -> dict[tuple[str, str], float]:
    """Elections whose listed votes are more than half as many again as the valid ballots, with the ratio."""
    totals = contests.rows.groupby(["election_id", "source_id"]).agg(
        votes=("votes_count", "sum"), valid=("valid_count", "max")
    )
    ratio = totals["votes"] / totals["valid"].where(totals["valid"] > 0)
    return {(str(k[0]), str(k[1])): float(v) for k, v in ratio[ratio > 1.5].items()}  # type: ignore[index]


def _votes_like_seats(contests: Contests) -> set[tuple[str, str]]:
    """Elections where two contestants or more have votes and no vote share is a point away from its seat share."""
    amounts = contests.amounts()
    base = contests.seat_base(amounts, "in")
    table = amounts.table[(amounts.table["vote"] > 0) | (amounts.table["seats"] > 0)].copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table["gap"] = (table["vote"] - table["seats"] / base[table["contest"]]).abs()
    by_contest = table.groupby("contest").agg(gap=("gap", "max"), count=("gap", "size"), known=("gap", "count"))
    alike = by_contest[
        (by_contest["gap"] < 0.01) & (by_contest["known"] == by_contest["count"]) & (by_contest["count"] > 1)
    ]
    chosen = contests.table.loc[alike.index]
    return set(zip(chosen["election_id"], chosen["source_id"], strict=True))
