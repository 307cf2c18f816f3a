"""`answer`: each country and variable on each day answered from all the evidence, or the reason why it is not."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from research.comparison.cells import Cell, CellKey, Column, Gap, Note
from research.comparison.choosing import Choosing, read_choosing
from research.comparison.evidence import Evidence, Found, FromTable, Key, gather, marks
from research.comparison.gaps import Explaining, is_of_a_body_long_gone, read_explaining
from research.comparison.words import REASONS, both, is_same_number
from research.names import Labels, Names, Variable

# bodies in the order of their columns; a source's own words come after them
ORDER_OF_BODIES = ("LC", "UC", "PR", "EP", "CA")
PRESENT_BODIES = {"LC", "UC", "PR"}


@dataclass(frozen=True)
class Question:
    """Countries × variables on some days (ISO 8601), all by ids.

    `latest` lets an earlier answer stand in where the day itself has none. `chamber` keeps answers about one body. The
    answer must be of the `source`, in the table `from_table` and of the `election` where these are given; what other
    sources say is told beside it all the same.
    """

    countries: tuple[str, ...]
    variables: tuple[Variable, ...]
    days: tuple[str, ...]
    latest: bool = False
    chamber: str | None = None
    source: str | None = None
    from_table: FromTable | None = None
    election: str | None = None

    def wants(self, evidence: Evidence) -> bool:
        """Whether the answer may be that one."""
        return (
            self.source in (None, evidence.source_id)
            and self.from_table in (None, evidence.from_table)
            and (self.election is None or evidence.election_id in (None, self.election))
        )


@dataclass(frozen=True)
class Answers:
    """A cell for every country, day and column."""

    columns: tuple[Column, ...]
    cells: Mapping[CellKey, Cell]


def answer(connection: sqlite3.Connection, names: Names, question: Question) -> Answers:
    """The answers, each an evidence or a gap.

    What may be taken for a day is decided by `research.as_of`: a rule in force holds until it changes, a yearly
    observation in its year, a value of an election until the next.
    """
    countries, days = question.countries, question.days
    ids = [v.variable_id for v in question.variables]
    found = gather(connection, countries, ids, days)
    choosing = read_choosing(connection, countries, question.variables)
    silent = {(c, v) for c in countries for v in ids if any(not found[day].get((c, v)) for day in days)}
    explaining = read_explaining(connection, countries, ids, choosing.titles, silent)
    filling = _Filling(question, names, found, choosing, explaining, _near_questions(connection, names, question))
    columns = tuple(_columns(question.variables, found, question.chamber))
    cells = {
        (place, day, column.variable.variable_id, column.tier): filling.cell(place, day, column)
        for place in countries for day in days for column in columns
    }  # fmt: skip
    return Answers(columns, cells)


def _columns(variables: Sequence[Variable], found: Found, chamber: str | None) -> Iterator[Column]:
    """A column a variable, or one a body where its answers are about bodies.

    The European Parliament, constituent and provisional assemblies, and figures that are tied to no body have a column
    only where there is no other.
    """
    tiers: dict[str, set[str | None]] = defaultdict(set)
    for told in found.values():
        for (_, variable_id), evidence in told.items():
            tiers[variable_id] |= {e.tier for e in evidence}
    for variable in variables:
        known = tiers[variable.variable_id]
        if chamber is not None and known - {None}:
            known = {chamber}
        else:
            known = known & PRESENT_BODIES or known - {None} or known
        for tier in sorted(known or {None}, key=_place_of_body):
            yield Column(variable, tier)


def _place_of_body(tier: str | None) -> tuple[int, str]:
    known = ORDER_OF_BODIES.index(tier) if tier in ORDER_OF_BODIES else len(ORDER_OF_BODIES)
    return known, tier or ""


@dataclass(frozen=True)
class _Filling:
    question: Question
    names: Names
    found: Found
    choosing: Choosing
    explaining: Explaining
    near: Mapping[str, Mapping[Key, Sequence[Evidence]]]

    def cell(self, place: str, day: str, column: Column) -> Cell:
        all_told = self.found[day].get((place, column.variable.variable_id), [])
        told = [e for e in all_told if e.tier == column.tier]
        wanted = [e for e in told if self.question.wants(e)]
        if self.explaining.existence[place].ended_before(day) and not any(e.basis == "of_that_year" for e in wanted):
            return Cell(None, self._gap(place, day, column, wanted, all_told))
        chosen, others = self.choosing.choose(told, wanted, latest=self.question.latest)
        if chosen is None or self._is_overtaken(chosen, wanted):
            gap = self._gap(place, day, column, wanted, all_told)
            return Cell(None, dataclasses.replace(gap, earlier=gap.earlier or chosen))
        if is_of_a_body_long_gone(chosen):
            return Cell(None, self.explaining.long_ago(chosen))
        after = self.explaining.later_election(chosen, day)
        if after is not None and not self.question.latest:
            return Cell(None, self.explaining.outdated(chosen, after))
        notes = [
            *self.choosing.notes(chosen, others),
            *self._near(place, day, column, chosen),
            *_cautions(chosen, after),
        ]
        if after is not None:
            chosen = dataclasses.replace(chosen, holds=False)
        return Cell(chosen, None, None, tuple(notes), others)

    @staticmethod
    def _is_overtaken(chosen: Evidence, told: Sequence[Evidence]) -> bool:
        """Whether a later election than the answer's is told with the reason why it has no value."""
        return chosen.basis == "latest_election" and any(
            not e.answers and e.basis == "latest_election" and e.period > chosen.period and not e.period.startswith(chosen.period)
            for e in told
        )  # fmt: skip

    def _gap(self, place: str, day: str, column: Column, told: Sequence[Evidence], all_told: Sequence[Evidence]) -> Gap:
        if not told and any(e.tier == column.tier and e.answers for e in all_told):
            return Gap("other_source", REASONS["other_source"])
        # the latest evidence speaks first: of an index that cannot be computed, the election of the day
        ordered = sorted(told, key=lambda e: e.period, reverse=True)
        elsewhere = not told and any(e.tier is not None for e in all_told)
        return self.explaining.gap(column.variable, place, day, ordered, elsewhere, latest=self.question.latest)

    def _near(self, place: str, day: str, column: Column, chosen: Evidence) -> Iterator[Note]:
        """What variables that ask nearly the same say of that time, where they say something else."""
        for other in self.near.get(column.variable.variable_id, {}).get((place, day), ()):
            variable = self.names.variables[other.variable_id]
            same_time = other.period.startswith(chosen.period) or chosen.period.startswith(other.period)
            if chosen.value is None or other.value is None or not same_time or other.tier not in (None, column.tier):
                continue
            if not is_same_number(chosen.value, other.value, column.variable.unit):
                title, said = self.choosing.titles[other.source_id], both(other, variable.unit)
                yield Note("near_question", Labels(
                    f"Una pregunta cercana, «{variable.labels.es}» ({title.es}), da {said.es} ({other.period})",
                    f"A near question, '{variable.labels.en}' ({title.en}), gives {said.en} ({other.period})",
                ))  # fmt: skip


def _cautions(chosen: Evidence, after: str | None) -> Iterator[Note]:
    if chosen.basis == "nearest_earlier_year":
        yield Note("older", Labels("No hay observación de ese año: es la anterior más cercana",
                                   "There is no observation of that year: it is the nearest earlier one"))  # fmt: skip
    elif after is not None:
        yield Note("later_election", Labels(f"Hubo otra elección ({after}) de la que esta base no tiene valor",
                                   f"There was another election ({after}) whose value this knowledge base lacks"))  # fmt: skip
    elif chosen.basis == "undated":
        yield Note("uncertain", Labels("Dato sin fecha: no se sabe si valía entonces", "Undated: it is not known whether it held then"))  # fmt: skip
    elif chosen.holds is None:
        yield Note("uncertain", Labels("Hubo una elección ese año y no se sabe si fue antes o después de la fecha",
                                       "There was an election in that year, and it is not known whether before or after the date"))  # fmt: skip
    if chosen.is_beyond_source:
        yield Note("beyond_source", Labels("La fuente no llega a esa fecha: se supone que la regla no ha cambiado",
                                           "The source does not reach that date: it is supposed that the rule has not changed"))  # fmt: skip


def _near_questions(
    connection: sqlite3.Connection, names: Names, question: Question
) -> dict[str, dict[Key, list[Evidence]]]:
    """By variable asked for, then by country and day: the evidence on variables of the same unit that ask nearly the same.

    Two variables do where another system has a question that is exactly that of one and close to that of the other.
    """
    ids = [v.variable_id for v in question.variables]
    pairs = connection.execute(
        "SELECT DISTINCT a.variable_id, b.variable_id FROM variable_crosswalks a JOIN variable_crosswalks b USING (scheme, code)"
        f" WHERE a.variable_id IN ({marks(ids)}) AND b.variable_id <> a.variable_id AND 'exact' IN (a.relation, b.relation)"
        " AND b.variable_id IN (SELECT variable_id FROM coverage WHERE answers_count > 0)", ids,
    ).fetchall()  # fmt: skip
    pairs = [(a, b) for a, b in pairs if names.variables[a].unit == names.variables[b].unit]
    near: dict[str, dict[Key, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    if pairs:
        found = gather(connection, question.countries, sorted({b for _, b in pairs}), question.days)
        for asked, other in pairs:
            for day, told in found.items():
                for country in question.countries:
                    near[asked][country, day] += [e for e in told.get((country, other), ()) if e.answers and e.holds is not False]  # fmt: skip
    return near
