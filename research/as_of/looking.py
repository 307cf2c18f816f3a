"""`as_of`: the evidence on given countries and variables for one day, with its age said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

Basis = Literal[
    "in_force", "of_that_year", "nearest_earlier_year", "latest_election", "election_of_that_year", "undated"
]

# basis → what is said of the evidence, in Spanish and English
BASES: dict[Basis, tuple[str, str]] = {
    "in_force": ("Regla vigente en esa fecha.", "Rule in force on that date."),
    "of_that_year": ("Observación de ese año.", "Observation of that year."),
    "nearest_earlier_year": (
        "No hay observación de ese año: es la del año anterior más cercano y no vale para esa fecha.",
        "There is no observation of that year: it is the nearest earlier one and does not hold for that date.",
    ),
    "latest_election": (
        "Valor de la última elección hasta esa fecha.",
        "Value of the latest election up to that date.",
    ),
    "election_of_that_year": (
        "Elección de ese año, de la que no se conoce el día: pudo ser antes o después de esa fecha.",
        "Election of that year whose day is not known: it may have been before or after that date.",
    ),
    "undated": (
        "Dato sin fecha: no se sabe si valía entonces; solo se conoce la fecha de la publicación.",
        "Undated: it is not known whether it held then; only the date of publication is known.",
    ),
}


@dataclass(frozen=True)
class Standing:
    """One source's answer looked at from a day.

    `applies_from` and `applies_to` bound the days for which it may be taken. `holds` is None where that cannot
    be known. `age_days` runs from the day that the evidence is of (the beginning of the rule, the last day of the year
    observed, election day) to the day asked for; 0 where that day lies within the year observed, None where the
    evidence has no date. `is_beyond_source`: the day asked for is later than what the source vouches for.
    """

    jurisdiction_id: str
    variable_id: str
    source_id: str
    tier: str | None
    value: float | None
    code_id: str | None
    text: str | None
    missing: str | None
    applies_from: str | None
    applies_to: str | None
    source_date: str | None
    basis: Basis
    holds: bool | None
    age_days: int | None
    is_beyond_source: bool
    answer_id: int

    @property
    def age_years(self) -> float | None:
        """The age in years of 365.25 days, to one decimal."""
        return None if self.age_days is None else round(self.age_days / 365.25, 1)

    @property
    def explanation(self) -> tuple[str, str]:
        """What the basis means, in Spanish and English."""
        return BASES[self.basis]


class _Row(NamedTuple):
    jurisdiction_id: str
    variable_id: str
    source_id: str
    tier: str | None
    time_kind: str
    value: float | None
    code_id: str | None
    text: str | None
    missing: str | None
    applies_from: str | None
    applies_to: str | None
    attested_to: str | None
    source_date: str | None
    valid_from: str | None
    answer_id: int


_COLUMNS = """
o.jurisdiction_id, o.variable_id, o.source_id, o.tier, o.time_kind, o.value, o.code_id, o.text, o.missing,
o.applies_from, o.applies_to, o.attested_to, o.source_date, a.valid_from, a.answer_id
"""

# A rule or a year that ended before the first day asked for is of no use; an earlier election may still be.
_OF_THE_DAYS = """
SELECT {columns} FROM answers a JOIN variables k ON k.variable_id = a.variable_id
  JOIN answers_as_of o ON o.answer_id = a.answer_id
WHERE a.jurisdiction_id IN ({places}) AND a.variable_id IN ({variables})
  AND (a.valid_from IS NULL OR a.valid_from <= ? AND (
    a.valid_to IS NULL OR k.time_kind = 'value_of_an_election' OR a.valid_to >= substr(?, 1, length(a.valid_to))))
"""

# the last row of each series that ended before a day: the greatest of valid_from with the row's number behind it
_LAST_BEFORE = """
SELECT CAST(substr(max(valid_from || printf('%012d', answer_id)), -12) AS INTEGER) FROM answers
WHERE jurisdiction_id IN ({places}) AND variable_id IN ({variables}) AND valid_to < ?
GROUP BY jurisdiction_id, variable_id, source_id, tier
"""


def as_of(
    connection: sqlite3.Connection, jurisdiction_ids: Sequence[str], variable_ids: Sequence[str], day: str
) -> list[Standing]:
    """The evidence of every source on these countries and variables for a day (ISO 8601, known to the day).

    Ordered by jurisdiction, variable, source and tier; nothing for what no source tells up to that day. Raises
    ValueError when `day` is no date.
    """
    return as_of_days(connection, jurisdiction_ids, variable_ids, [day])[day]


def as_of_days(
    connection: sqlite3.Connection, jurisdiction_ids: Sequence[str], variable_ids: Sequence[str], days: Sequence[str]
) -> Mapping[str, list[Standing]]:
    """`as_of` for several days, the database read once. Raises ValueError for a day that is no date."""
    asked = {day: date.fromisoformat(day) for day in days}
    found: dict[str, list[Standing]] = {day: [] for day in days}
    if not jurisdiction_ids or not variable_ids or not days:
        return found
    rows = _rows(connection, jurisdiction_ids, variable_ids, min(days), max(days))
    for _, series in groupby(rows, key=lambda r: r[:4]):
        told = list(series)
        for day, when in asked.items():
            begun = [r for r in told if r.valid_from is None or r.valid_from <= day]
            if begun:
                found[day] += _standing(begun, when)
    return found


def _rows(
    connection: sqlite3.Connection, places: Sequence[str], variables: Sequence[str], first: str, last: str
) -> list[_Row]:
    marks = {"columns": _COLUMNS, "places": _marks(places), "variables": _marks(variables)}
    rows = {
        row[-1]: _Row(*row)
        for row in connection.execute(_OF_THE_DAYS.format(**marks), [*places, *variables, last, first])
    }
    begun = {r[:4] for r in rows.values() if r.valid_from is None or r.valid_from <= first}
    yearly = _without_an_observation(connection, places, variables, {(r[0], r[1]) for r in begun})
    if yearly:
        late_places, late_variables = sorted({j for j, _ in yearly}), sorted({v for _, v in yearly})
        marks |= {"places": _marks(late_places), "variables": _marks(late_variables)}
        before = [
            r[0] for r in connection.execute(_LAST_BEFORE.format(**marks), [*late_places, *late_variables, first])
        ]
        sql = f"SELECT {_COLUMNS} FROM answers a JOIN answers_as_of o USING (answer_id) WHERE a.answer_id IN ({_marks(before)})"
        rows |= {row[-1]: _Row(*row) for row in connection.execute(sql, before)}
    return sorted(rows.values(), key=lambda r: (*r[:3], r.tier or "", r.valid_from or "", r.answer_id))


def _without_an_observation(
    connection: sqlite3.Connection, places: Sequence[str], variables: Sequence[str], begun: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The pairs of a country and a variable of years of which some source may have no observation on the first day."""
    rows = connection.execute(
        "SELECT variable_id, (SELECT count(*) FROM coverage c WHERE c.variable_id = v.variable_id) FROM variables v"
        f" WHERE time_kind = 'yearly_observation' AND variable_id IN ({_marks(variables)})",
        list(variables),
    )
    return [(j, v) for v, sources in rows for j in places if sources > 1 or (j, v) not in begun]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _standing(series: list[_Row], asked: date) -> Iterator[Standing]:
    """One source's answers to one variable for one country and tier, from first to last."""
    day = asked.isoformat()
    kind = series[0].time_kind
    if kind == "undated_snapshot":
        yield from (_made(r, "undated", None, None, asked) for r in series)
        return
    held = [r for r in series if r.applies_from and r.applies_to and r.applies_from <= day <= r.applies_to]
    if kind == "rule_in_force":
        yield from (_made(r, "in_force", True, r.applies_from, asked) for r in held)
    elif kind == "value_of_an_election":
        same_year = [r for r in series if r.valid_from and r.valid_from <= day < (r.applies_from or "")]
        is_latest = None if same_year else True  # an election of that year may have come between
        yield from (_made(r, "latest_election", is_latest, r.applies_from, asked) for r in held)
        yield from (_made(r, "election_of_that_year", None, None, asked) for r in same_year)
    elif held:
        yield from (_made(r, "of_that_year", True, day, asked) for r in held)
    else:
        earlier = [r for r in series if r.applies_to and r.applies_to < day]
        if earlier:
            yield _made(earlier[-1], "nearest_earlier_year", False, earlier[-1].applies_to, asked)


def _made(row: _Row, basis: Basis, holds: bool | None, of: str | None, asked: date) -> Standing:
    attested = row.attested_to or ""
    return Standing(
        row.jurisdiction_id, row.variable_id, row.source_id, row.tier, row.value, row.code_id, row.text, row.missing,
        row.applies_from, row.applies_to, row.source_date, basis, holds,
        None if of is None else (asked - date.fromisoformat(of)).days,
        basis == "in_force" and bool(attested) and attested < asked.isoformat()[: len(attested)], row.answer_id,
    )  # fmt: skip
