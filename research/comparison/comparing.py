"""`compare`: a request answered cell by cell."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from research.comparison.answering import Question, answer
from research.comparison.cells import Aggregate, Cell, CellKey, Column, Row, SimilarityRule, Source
from research.comparison.comparison_table import ComparisonTable
from research.comparison.differences import aggregate, difference
from research.comparison.request import Asked, Comparison, resolve
from research.comparison.similar import most_similar
from research.names import Labels, Names


def compare(connection: sqlite3.Connection, asked: Comparison, names: Names | None = None) -> ComparisonTable:
    """The table that is asked for, a source or a reason in every cell.

    `names` may be given where they were read already. Raises WrongName, with the nearest name, for names and times that are not known.
    """
    names = names or Names(connection)
    resolved = resolve(connection, names, asked)
    similarity = _similar(connection, names, asked, resolved)
    countries = tuple(dict.fromkeys((*resolved.countries, *(a.jurisdiction_id for a in similarity.found)))) if similarity else resolved.countries  # fmt: skip
    answers = answer(
        connection, names, Question(countries, resolved.variables, resolved.days, asked.latest, asked.chamber)
    )
    columns, cells = answers.columns, answers.cells
    rows = tuple(Row(c, names.jurisdictions[c], day) for c in countries for day in resolved.days)
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
