"""Why a cell has no answer: what a source says, what the dates say, or what this knowledge base does not hold."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from research.comparison.cells import Gap, Reason
from research.comparison.evidence import Evidence, Key, marks
from research.comparison.words import NOT_COMPUTABLE, REASONS
from research.names import Labels, Variable

LONGEST_TERM_YEARS = 10  # longer than any term in use: a body whose last election is older is another one, or is gone


def is_of_a_body_long_gone(evidence: Evidence) -> bool:
    """Whether an answer is of an election so long ago that whoever was elected can sit no more."""
    age = evidence.age_days
    return evidence.basis == "latest_election" and age is not None and age > LONGEST_TERM_YEARS * 365.25


@dataclass(frozen=True)
class Existence:
    """The days between which a jurisdiction existed, as far as they are recorded."""

    first: str | None
    last: str | None

    def holds_on(self, day: str) -> bool:
        """Whether it existed on the day."""
        return (self.first or "") <= day and (self.last is None or day <= self.last)

    def ended_before(self, day: str) -> bool:
        """Whether it was no more on the day."""
        return self.last is not None and self.last < day


@dataclass(frozen=True)
class Reach:
    """How far the sources of a variable go: first and last year over all countries, and who answers it."""

    first_year: int | None
    last_year: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Explaining:
    """What is needed to say why there is no answer."""

    existence: Mapping[str, Existence]
    reach: Mapping[str, Reach]
    known_years: Mapping[Key, tuple[str, str]]
    absent: Mapping[str, tuple[str, Labels]]  # variable → source that defines it and is not loaded
    elections: Mapping[tuple[str, str], Sequence[str]]
    titles: Mapping[str, Labels]

    def later_election(self, chosen: Evidence, day: str) -> str | None:
        """An election of the same body after the one that an answer is of, up to the day; None where there is none."""
        if chosen.basis != "latest_election" or chosen.tier is None:
            return None
        held = [d for d in self.elections.get((chosen.jurisdiction_id, chosen.tier), ()) if d <= day]
        after = [
            d for d in held if d > chosen.period and not d.startswith(chosen.period) and not chosen.period.startswith(d)
        ]
        return after[-1] if after else None

    def gap(
        self, variable: Variable, place: str, day: str, told: Sequence[Evidence], told_of_other_bodies: bool,
        *, latest: bool,
    ) -> Gap:  # fmt: skip
        """Why there is no answer, given the evidence that there is: the source's own words first."""
        if self.existence[place].ended_before(day) or (not told and not self.existence[place].holds_on(day)):
            earlier = next((e for e in reversed(told) if e.answers), None)
            return Gap("did_not_exist", _dates(self.existence[place]), earlier)
        earlier = next((e for e in told if e.answers and e.holds is False), None)
        for evidence in told:
            if evidence.holds is False and not latest:
                continue
            if evidence.missing is not None:
                return self._stated(evidence, earlier)
            if evidence.not_computable is not None:
                why = NOT_COMPUTABLE[evidence.not_computable]
                said = Labels(f"no se puede calcular: {why.es}", f"cannot be computed: {why.en}")
                return Gap("not_computable", said, earlier, evidence)
        if earlier is not None:
            return Gap("no_observation_of_that_year", self._ended(variable, day), earlier)
        reason, why = self._without_evidence(variable, place, day, told_of_other_bodies)
        return Gap(reason, why, remedy=self._bringing(variable) if reason == "source_absent" else None)

    def outdated(self, chosen: Evidence, election: str) -> Gap:
        """The gap of a value whose election was followed by another without a value here."""
        return Gap("later_election", Labels(f"hubo otra elección ({election}) de la que esta base no tiene valor",
                                            f"there was another election ({election}) whose value this knowledge base lacks"), chosen)  # fmt: skip

    def long_ago(self, chosen: Evidence) -> Gap:
        """The gap of a value whose election is older than any term."""
        return Gap("long_ago", Labels(f"el último valor es de una elección de hace más de {LONGEST_TERM_YEARS} años",
                                      f"the last value is of an election more than {LONGEST_TERM_YEARS} years ago"), chosen)  # fmt: skip

    def _bringing(self, variable: Variable) -> Labels:
        source, _ = self.absent[variable.variable_id]
        commands = f"comparada fetch {source} && comparada ingest {source} && comparada build"
        return Labels(f"se trae con «{commands}»", f"bring it with '{commands}'")

    def _stated(self, evidence: Evidence, earlier: Evidence | None) -> Gap:
        reason: Reason = evidence.missing  # type: ignore[assignment]  # the table allows no other words
        title, why = self.titles[evidence.source_id], REASONS[reason]
        return Gap(reason, Labels(f"{why.es} ({title.es})", f"{why.en} ({title.en})"), earlier, evidence)

    def _ended(self, variable: Variable, day: str) -> Labels:
        last = self.reach[variable.variable_id].last_year
        if last is not None and int(day[:4]) > last:
            return Labels(
                f"las fuentes de la variable terminan en {last}", f"the sources of the variable end in {last}"
            )
        return Labels(f"no hay observación de {day[:4]}", f"there is no observation of {day[:4]}")

    def _without_evidence(self, variable: Variable, place: str, day: str, told_of_other_bodies: bool) -> tuple[Reason, Labels]:  # fmt: skip
        reach = self.reach[variable.variable_id]
        if not reach.sources:
            if variable.variable_id not in self.absent:
                return "nobody_answers", REASONS["nobody_answers"]
            _, title = self.absent[variable.variable_id]
            return "source_absent", Labels(
                f"la fuente no está en esta base: {title.es}", f"the source is not in this knowledge base: {title.en}"
            )
        if told_of_other_bodies:
            return "other_chamber", REASONS["other_chamber"]
        if reach.first_year is not None and int(day[:4]) < reach.first_year:
            return "before_the_sources", Labels(f"las fuentes de la variable empiezan en {reach.first_year}", f"the sources of the variable begin in {reach.first_year}")  # fmt: skip
        known = self.known_years.get((place, variable.variable_id))
        if known:
            span = known[0] if known[0] == known[1] else f"{known[0]}–{known[1]}"
            return "other_times", Labels(f"sin dato para esa fecha; los años con dato del país son {span}", f"no data for that date; the country's years with data are {span}")  # fmt: skip
        return "not_covered", REASONS["not_covered"]


def read_explaining(
    connection: sqlite3.Connection, jurisdictions: Sequence[str], variables: Sequence[str], titles: Mapping[str, Labels],
    silent: Collection[Key],
) -> Explaining:  # fmt: skip
    """What is needed to explain the gaps; `silent` are the countries and variables of which there is no evidence."""
    existence = {
        place: Existence(first, last)
        for place, first, last in connection.execute(
            f"SELECT jurisdiction_id, valid_from, valid_to FROM jurisdictions WHERE jurisdiction_id IN ({marks(jurisdictions)})",
            list(jurisdictions),
        )
    }
    return Explaining(
        existence, _reach(connection, variables), known_years(connection, silent), _absent(connection, variables),
        _elections(connection, jurisdictions), titles,
    )  # fmt: skip


_COMPUTED = """
SELECT i.index_id, i.source_id, min(e.election_year), max(e.election_year)
FROM election_indices i JOIN elections e USING (election_id)
WHERE i.index_id IN ({marks}) GROUP BY i.index_id, i.source_id
"""


def _reach(connection: sqlite3.Connection, variables: Sequence[str]) -> dict[str, Reach]:
    told: dict[str, list[tuple[str, int | None, int | None]]] = defaultdict(list)
    sql = f"SELECT variable_id, source_id, first_year, last_year FROM coverage WHERE answered_in IS NOT NULL AND variable_id IN ({marks(variables)})"
    for variable, source, first, last in connection.execute(sql, list(variables)):
        told[variable].append((source, first, last))
    for variable, source, first, last in connection.execute(_COMPUTED.format(marks=marks(variables)), list(variables)):
        told[variable].append((source, first, last))
    return {
        v: Reach(
            min((f for _, f, _ in told[v] if f is not None), default=None),
            max((x for _, _, x in told[v] if x is not None), default=None),
            tuple(dict.fromkeys(s for s, _, _ in told[v])),
        )
        for v in variables
    }


_KNOWN = """
SELECT jurisdiction_id, variable_id, min(substr(valid_from, 1, 4)), max(substr(coalesce(valid_to, valid_from), 1, 4))
FROM answers WHERE jurisdiction_id IN ({places}) AND variable_id IN ({variables}) AND missing IS NULL AND valid_from IS NOT NULL
GROUP BY 1, 2
UNION ALL
SELECT e.jurisdiction_id, i.index_id, min(e.election_year), max(e.election_year)
FROM elections e CROSS JOIN election_indices i ON i.election_id = e.election_id
WHERE e.jurisdiction_id IN ({places}) AND i.index_id IN ({variables}) AND i.value IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT coalesce(p.jurisdiction_id, e.jurisdiction_id), p.index_id, min(coalesce(e.election_year, p.year)), max(coalesce(e.election_year, p.year))
FROM published_indices p LEFT JOIN elections e USING (election_id)
WHERE coalesce(p.jurisdiction_id, e.jurisdiction_id) IN ({places}) AND p.index_id IN ({variables}) GROUP BY 1, 2
"""


def known_years(connection: sqlite3.Connection, silent: Collection[Key]) -> dict[Key, tuple[str, str]]:
    """The first and last year of which any source answers, for each country and variable that has one."""
    if not silent:
        return {}
    places, variables = sorted({p for p, _ in silent}), sorted({v for _, v in silent})
    sql = _KNOWN.format(places=marks(places), variables=marks(variables))
    known: dict[Key, tuple[str, str]] = {}
    for place, variable, first, last in connection.execute(sql, [*places, *variables] * 3):
        years = known.get((place, variable), (str(first), str(last)))
        known[place, variable] = (min(years[0], str(first)), max(years[1], str(last)))
    return known


def _absent(connection: sqlite3.Connection, variables: Sequence[str]) -> dict[str, tuple[str, Labels]]:
    sql = (
        "SELECT variable_id, source_id, title_es, title_en FROM variables JOIN sources USING (source_id)"
        f" WHERE is_loaded = 0 AND variable_id IN ({marks(variables)})"
    )
    return {v: (source, Labels(es, en)) for v, source, es, en in connection.execute(sql, list(variables))}


def _elections(connection: sqlite3.Connection, places: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """The days of the elections of each country and body; a second round belongs to its first."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    sql = (
        "SELECT jurisdiction_id, chamber, election_date FROM elections"
        f" WHERE first_round_id IS NULL AND jurisdiction_id IN ({marks(places)}) ORDER BY election_date"
    )
    for place, chamber, day in connection.execute(sql, list(places)):
        held[place, chamber].append(day)
    return held


def _dates(existence: Existence) -> Labels:
    if existence.last is None:
        return Labels(f"no existía en esa fecha (desde {existence.first})", f"it did not exist on that date (since {existence.first})")  # fmt: skip
    span = f"{existence.first or '…'} – {existence.last}"
    return Labels(f"no existía en esa fecha ({span})", f"it did not exist on that date ({span})")
