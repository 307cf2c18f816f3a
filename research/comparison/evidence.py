"""Everything that any source, or an index computed here, says of countries and variables on given days."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from research.as_of import Standing
from research.as_of.looking import Basis, as_of_days
from research.names import Labels

FromTable = Literal["answers", "published_indices", "election_indices"]

# how sources of answers name a body → the key that elections use
CHAMBER_OF = {"lower": "LC", "single": "LC", "upper": "UC", "executive": "PR"}


@dataclass(frozen=True)
class Evidence:
    """What one source says of one country and variable, looked at from a day, with its place in the database.

    `tier` is a key of elections' chambers (LC, UC, PR, EP) or a source's own word; `stated_tier` the word in the row. `missing` is the source's reason,
    `not_computable` that of an index computed here. `basis`, `holds` and `age_days` are those of `research.as_of`.
    `period_from` and `period_to` bound the time that the row is about, as far as `date_precision` says.
    """

    jurisdiction_id: str
    variable_id: str
    tier: str | None
    source_id: str
    value: float | None
    code_id: str | None
    option: Labels | None
    text: str | None
    missing: str | None
    not_computable: str | None
    low: float | None
    high: float | None
    basis: Basis
    holds: bool | None
    age_days: int | None
    is_beyond_source: bool
    period_from: str | None
    period_to: str | None
    date_precision: str | None
    election_id: str | None
    from_table: FromTable
    row_id: int
    licence_id: str
    raw_file_id: str | None
    raw_row: int | None
    raw_column: str | None
    legal_basis: str | None
    comment: str | None
    stated_tier: str | None = None

    @property
    def answers(self) -> bool:
        """Whether there is an answer, rather than a reason why there is none."""
        return self.missing is None and self.not_computable is None

    @property
    def stated(self) -> float | str | None:
        """The answer as one thing that can be compared: a number, the id of an option, or a text."""
        return self.value if self.value is not None else self.code_id or self.text

    @property
    def in_words(self) -> float | str | None:
        """The answer as a number, else as Spanish says it: what can be kept and read later."""
        return self.value if self.value is not None else self.option.es if self.option else self.text

    @property
    def period(self) -> str:
        """The time that the row is about, as far as it is known: `2018`, `2018-07`, `2018-07-01`; empty when undated."""
        digits = {"year": 4, "month": 7}.get(self.date_precision or "day", 10)
        return (self.period_from or "")[:digits]


Key = tuple[str, str]  # jurisdiction, variable
Found = Mapping[str, Mapping[Key, list[Evidence]]]


def gather(
    connection: sqlite3.Connection, jurisdictions: Sequence[str], variables: Sequence[str], days: Sequence[str]
) -> Found:
    """By day, then by country and variable: the evidence up to that day, every source's."""
    found: dict[str, dict[Key, list[Evidence]]] = {day: defaultdict(list) for day in days}
    standings = as_of_days(connection, jurisdictions, variables, days)
    details = _details(connection, {s.answer_id for told in standings.values() for s in told})
    for day, told in standings.items():
        for standing in told:
            found[day][standing.jurisdiction_id, standing.variable_id].append(_of_answer(standing, details))
    for day, evidence in _of_indices(connection, jurisdictions, variables, days):
        found[day][evidence.jurisdiction_id, evidence.variable_id].append(evidence)
    return found


_DETAILS = """
SELECT answer_id, a.code_id, c.name_es, c.name_en, low, high, valid_from, valid_to, date_precision, licence_id, raw_file_id,
       raw_row, raw_column, legal_basis, comment
FROM answers a LEFT JOIN codes c USING (code_id) WHERE answer_id IN ({marks})
"""


def _details(connection: sqlite3.Connection, answer_ids: Collection[int]) -> dict[int, tuple[object, ...]]:
    sql = _DETAILS.format(marks=marks(answer_ids))
    return {row[0]: tuple(row[1:]) for row in connection.execute(sql, sorted(answer_ids))}


def _of_answer(standing: Standing, details: Mapping[int, tuple[object, ...]]) -> Evidence:
    (code, es, en, low, high, first, last, precision, licence, file, row, column, law, comment) = details[
        standing.answer_id
    ]
    return Evidence(
        standing.jurisdiction_id, standing.variable_id, CHAMBER_OF.get(standing.tier or "", standing.tier),
        standing.source_id, standing.value, _text(code), Labels(str(es), str(en)) if es is not None else None,
        standing.text, standing.missing, None, _number(low), _number(high), standing.basis, standing.holds,
        standing.age_days, standing.is_beyond_source, _text(first), _text(last), _text(precision), None, "answers",
        standing.answer_id, str(licence), _text(file), row if isinstance(row, int) else None, _text(column), _text(law),
        _text(comment), standing.tier,
    )  # fmt: skip


# An index is a value of an election: it holds from election day to the day before the next election that the same
# source tells of the same body. Elections of which only the year is known are so counted from the end of that year.
_INDICES = """
SELECT e.jurisdiction_id, i.index_id, e.chamber, i.source_id, 'election_indices', i.election_index_id, e.election_id,
       e.election_date, e.date_precision, i.value, i.not_computable, i.lower_bound, i.upper_bound, i.licence_id, NULL, NULL,
       NULL, i.missing
FROM elections e CROSS JOIN election_indices i ON i.election_id = e.election_id
WHERE e.jurisdiction_id IN ({places}) AND i.unit_id = e.jurisdiction_id AND i.index_id IN ({variables}) AND e.election_date <= ?
UNION ALL
SELECT coalesce(p.jurisdiction_id, e.jurisdiction_id), p.index_id, e.chamber, p.source_id, 'published_indices',
       p.published_index_id, p.election_id, coalesce(e.election_date, CAST(p.year AS TEXT)),
       coalesce(e.date_precision, 'year'), p.value, NULL, NULL, NULL, p.licence_id, p.raw_file_id, p.raw_row, p.raw_column, NULL
FROM published_indices p LEFT JOIN elections e USING (election_id)
WHERE coalesce(p.jurisdiction_id, e.jurisdiction_id) IN ({places}) AND p.index_id IN ({variables})
  AND coalesce(e.election_date, CAST(p.year AS TEXT)) <= ?
"""


_ARE_INDICES = """
SELECT variable_id FROM variables v WHERE variable_id IN ({variables}) AND (
  EXISTS (SELECT 1 FROM election_indices WHERE index_id = v.variable_id)
  OR EXISTS (SELECT 1 FROM published_indices WHERE index_id = v.variable_id))
ORDER BY 1
"""


def _of_indices(
    connection: sqlite3.Connection, places: Sequence[str], variables: Sequence[str], days: Sequence[str]
) -> Iterator[tuple[str, Evidence]]:
    asked = [
        str(row[0]) for row in connection.execute(_ARE_INDICES.format(variables=marks(variables)), list(variables))
    ]
    if not asked:
        return
    parameters = [*places, *asked, max(days)] * 2
    rows = connection.execute(_INDICES.format(places=marks(places), variables=marks(asked)), parameters).fetchall()
    rows.sort(key=lambda r: (*r[:2], r[2] or "", *r[3:5], r[7]))
    for _, series in groupby(rows, key=lambda r: r[:5]):
        told = [(_election_day(r[7]), r) for r in series]
        for day in days:
            held = [(held_from, r) for held_from, r in told if held_from <= day]
            latest = max((held_from for held_from, _ in held), default="")
            same_year = [(f, r) for f, r in told if f > day and r[7][:4] == day[:4] and len(r[7]) == 4]
            for held_from, row in (*((f, r) for f, r in held if f == latest), *same_year):
                yield day, _of_index(row, held_from, day, is_certain=not same_year)


_BEGINNINGS = """
SELECT DISTINCT applies_from FROM answers_as_of
WHERE jurisdiction_id IN ({places}) AND variable_id = ? AND applies_from BETWEEN ? AND ?
"""


def beginnings(
    connection: sqlite3.Connection, places: Sequence[str], variable: str, first: str, last: str
) -> tuple[str, ...]:
    """The days from `first` to `last` on which an answer of any of the countries begins to hold, `first` among them."""
    days = {first}
    days.update(
        r[0] for r in connection.execute(_BEGINNINGS.format(places=marks(places)), [*places, variable, first, last])
    )
    sql = _INDICES.format(places=marks(places), variables="?")
    days.update(_election_day(row[7]) for row in connection.execute(sql, [*places, variable, last] * 2))
    return tuple(sorted(day for day in days if first <= day <= last))


def _election_day(stated: str) -> str:
    """The day from which an election's value holds: for a month its first day, for a year its last."""
    return f"{stated}-12-31" if len(stated) == 4 else f"{stated}-01" if len(stated) == 7 else stated


def _of_index(row: Sequence[object], held_from: str, day: str, *, is_certain: bool) -> Evidence:
    (place, index, chamber, source, table, row_id, election, stated, precision, value, why_not, low, high, licence, file,
     raw_row, column, missing) = row  # fmt: skip
    is_held = held_from <= day
    return Evidence(
        str(place), str(index), _text(chamber), str(source), _number(value), None, None, None, None, _text(why_not),
        _number(low), _number(high), "latest_election" if is_held else "election_of_that_year",
        (True if is_certain else None) if is_held else None,
        (date.fromisoformat(day) - date.fromisoformat(held_from)).days if is_held else None, False,
        str(stated), None, str(precision), _text(election),
        "election_indices" if table == "election_indices" else "published_indices", int(str(row_id)), str(licence),
        _text(file), raw_row if isinstance(raw_row, int) else None, _text(column), None, _text(missing), _text(chamber),
    )  # fmt: skip


def marks(values: Collection[object]) -> str:
    """A question mark a value, for an IN."""
    return ", ".join("?" * len(values))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
