"""`compare`: a request answered cell by cell."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from research.comparison.cells import (
    Aggregate,
    Cell,
    CellKey,
    Column,
    Gap,
    Note,
    Row,
    SimilarityRule,
    Source,
)
from research.comparison.choosing import Choosing, read_choosing
from research.comparison.comparison_table import ComparisonTable
from research.comparison.differences import aggregate, difference
from research.comparison.evidence import Evidence, Found, Key, gather, marks
from research.comparison.gaps import Explaining, is_of_a_body_long_gone, read_explaining
from research.comparison.request import Asked, Comparison, resolve
from research.comparison.similar import most_similar
from research.comparison.words import both, is_same_number
from research.directives.names import Labels, Names, Variable

# bodies in the order of their columns; a source's own words come after them
ORDER_OF_BODIES = ("LC", "UC", "PR", "EP", "CA")
PRESENT_BODIES = {"LC", "UC", "PR"}


def compare(connection: sqlite3.Connection, asked: Comparison, names: Names | None = None) -> ComparisonTable:
    """The table that is asked for, a source or a reason in every cell.

    What may be taken for a day is decided by `research.as_of`: a rule in force holds until it changes, a yearly
    observation in its year, a value of an election until the next. `names` may be given where they were read already.
    Raises WrongName, with the nearest name, for names and times that are not known.
    """
    names = names or Names(connection)
    resolved = resolve(connection, names, asked)
    similarity = _similar(connection, names, asked, resolved)
    countries = tuple(dict.fromkeys((*resolved.countries, *(a.jurisdiction_id for a in similarity.found)))) if similarity else resolved.countries  # fmt: skip
    ids = [v.variable_id for v in resolved.variables]
    found = gather(connection, countries, ids, resolved.days)
    choosing = read_choosing(connection, countries, ids)
    silent = {(c, v) for c in countries for v in ids if any(not found[day].get((c, v)) for day in resolved.days)}
    explaining = read_explaining(connection, countries, ids, choosing.titles, silent)
    near = _near_questions(connection, names, resolved, countries)
    rows = tuple(Row(c, names.jurisdictions[c], day) for c in countries for day in resolved.days)
    columns = tuple(_columns(resolved.variables, found, asked.chamber))
    filling = _Filling(asked, names, found, choosing, explaining, near)
    cells = {
        (r.jurisdiction_id, r.day, c.variable.variable_id, c.tier): filling.cell(r, c) for r in rows for c in columns
    }
    if resolved.home:
        cells = _held_against(resolved.home, cells, columns)
    aggregates = tuple(_aggregates(countries, resolved.days, columns, cells))
    return ComparisonTable(
        asked, resolved.home, resolved.days, rows, columns, cells, aggregates, _sources(connection), similarity,
        str(connection.execute("SELECT data_version FROM builds").fetchone()[0]), names.jurisdictions,
    )  # fmt: skip


def _similar(connection: sqlite3.Connection, names: Names, asked: Comparison, resolved: Asked) -> SimilarityRule | None:
    if resolved.similar_to is None:
        return None
    return most_similar(
        connection,
        names,
        resolved.similar_to,
        resolved.variables,
        resolved.days[-1],
        asked.similar_count,
        asked.similar_by,
    )


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
    asked: Comparison
    names: Names
    found: Found
    choosing: Choosing
    explaining: Explaining
    near: Mapping[str, Mapping[Key, Sequence[Evidence]]]

    def cell(self, row: Row, column: Column) -> Cell:
        place, variable = row.jurisdiction_id, column.variable
        all_told = self.found[row.day].get((place, variable.variable_id), [])
        told = [e for e in all_told if e.tier == column.tier]
        latest = self.asked.latest
        if self.explaining.existence[place].ended_before(row.day) and not any(e.basis == "of_that_year" for e in told):
            return Cell(None, self._gap(row, column, told, all_told))
        chosen, others = self.choosing.choose(told, latest=latest)
        if chosen is None or self._is_overtaken(chosen, told):
            gap = self._gap(row, column, told, all_told)
            return Cell(None, dataclasses.replace(gap, earlier=gap.earlier or chosen))
        if is_of_a_body_long_gone(chosen):
            return Cell(None, self.explaining.long_ago(chosen))
        after = self.explaining.later_election(chosen, row.day)
        if after is not None and not latest:
            return Cell(None, self.explaining.outdated(chosen, after))
        notes = [
            *self.choosing.notes(chosen, others, variable.unit),
            *self._near(row, column, chosen),
            *_cautions(chosen, after),
        ]
        if after is not None:
            chosen = dataclasses.replace(chosen, holds=False)
        return Cell(chosen, None, None, tuple(notes))

    @staticmethod
    def _is_overtaken(chosen: Evidence, told: Sequence[Evidence]) -> bool:
        """Whether a later election than the answer's is told with the reason why it has no value."""
        return chosen.basis == "latest_election" and any(
            not e.answers and e.basis == "latest_election" and e.period > chosen.period and not e.period.startswith(chosen.period)
            for e in told
        )  # fmt: skip

    def _gap(self, row: Row, column: Column, told: Sequence[Evidence], all_told: Sequence[Evidence]) -> Gap:
        # the latest evidence speaks first: of an index that cannot be computed, the election of the day
        ordered = sorted(told, key=lambda e: e.period, reverse=True)
        elsewhere = not told and any(e.tier is not None for e in all_told)
        return self.explaining.gap(
            column.variable, row.jurisdiction_id, row.day, ordered, elsewhere, latest=self.asked.latest
        )

    def _near(self, row: Row, column: Column, chosen: Evidence) -> Iterator[Note]:
        """What variables that ask nearly the same say of that time, where they say something else."""
        for other in self.near.get(column.variable.variable_id, {}).get((row.jurisdiction_id, row.day), ()):
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
    connection: sqlite3.Connection, names: Names, resolved: Asked, countries: Sequence[str]
) -> dict[str, dict[Key, list[Evidence]]]:
    """By variable asked for, then by country and day: the evidence on variables of the same unit that ask nearly the same.

    Two variables do where another system has a question that is exactly that of one and close to that of the other.
    """
    ids = [v.variable_id for v in resolved.variables]
    pairs = connection.execute(
        "SELECT DISTINCT a.variable_id, b.variable_id FROM variable_crosswalks a JOIN variable_crosswalks b USING (scheme, code)"
        f" WHERE a.variable_id IN ({marks(ids)}) AND b.variable_id <> a.variable_id AND 'exact' IN (a.relation, b.relation)"
        " AND b.variable_id IN (SELECT variable_id FROM coverage WHERE answers_count > 0)", ids,
    ).fetchall()  # fmt: skip
    pairs = [(a, b) for a, b in pairs if names.variables[a].unit == names.variables[b].unit]
    near: dict[str, dict[Key, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    if pairs:
        found = gather(connection, countries, sorted({b for _, b in pairs}), resolved.days)
        for asked, other in pairs:
            for day, told in found.items():
                for country in countries:
                    near[asked][country, day] += [e for e in told.get((country, other), ()) if e.answers and e.holds is not False]  # fmt: skip
    return near


def _held_against(home: str, cells: Mapping[CellKey, Cell], columns: Sequence[Column]) -> dict[CellKey, Cell]:
    units = {c.variable.variable_id: c.variable.unit for c in columns}
    return {
        (place, day, variable, tier): cell if place == home else dataclasses.replace(
            cell, difference=difference(cells[home, day, variable, tier].evidence, cell.evidence, units[variable])
        )
        for (place, day, variable, tier), cell in cells.items()
    }  # fmt: skip


def _aggregates(
    countries: Iterable[str], days: Sequence[str], columns: Sequence[Column], cells: Mapping[CellKey, Cell]
) -> Iterator[Aggregate]:
    places = list(countries)
    for day in days:
        for column in columns:
            yield aggregate(column, day, [cells[p, day, column.variable.variable_id, column.tier] for p in places])


def _sources(connection: sqlite3.Connection) -> dict[str, Source]:
    return {
        row[0]: Source(row[0], Labels(row[1], row[2]), row[3], row[4], row[5], bool(row[6]))
        for row in connection.execute(
            "SELECT source_id, title_es, title_en, citation, version, licence_id, is_loaded FROM sources"
        )
    }
