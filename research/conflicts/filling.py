"""The table `conflicts`, worked out from the loaded tables and `coverage` at every build."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from research.conflicts.preferring import Dispute, Grounds, prefer
from research.conflicts.readings import (
    Equivalent,
    Quantity,
    Reading,
    Subject,
    Text,
    equivalents,
    quantities,
    readings_of_answers,
    readings_of_elections,
)

ALMOST = 1e-9  # so that a difference of exactly the tolerance is none

TOLD_TWICE = """
SELECT v.variable_id, coalesce(a.tier, ''), v.name_es, v.name_en, v.unit
FROM answers a JOIN variables v USING (variable_id)
WHERE v.variable_id IN (
  SELECT variable_id FROM coverage WHERE answered_in = 'answers' GROUP BY variable_id HAVING count(*) > 1
)
GROUP BY v.variable_id, coalesce(a.tier, '') HAVING count(DISTINCT a.source_id) > 1
"""

INSERT = """
INSERT INTO conflicts (conflict_id, quantity, name_es, name_en, kind, jurisdiction_id, election_id, party_id,
  variable_a_id, variable_b_id, period_from, period_to, source_a_id, value_a_es, value_a_en, source_b_id, value_b_es,
  value_b_en, difference, unit, preferred_source_id, rule, reason_es, reason_en, row_a_table, row_a_id, row_b_table, row_b_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def fill_conflicts(connection: sqlite3.Connection) -> None:
    """A row for each pair of sources that tell the same thing otherwise, in a settled order."""
    grounds = Grounds.of(connection)
    rank = {str(s): (int(r), str(s)) for s, r in connection.execute("SELECT source_id, rank FROM sources")}
    rows = sorted(_row(d, grounds) for d in _disputes(connection, rank))
    connection.execute("BEGIN")
    connection.executemany(INSERT, rows)
    connection.execute("COMMIT")


def _disputes(connection: sqlite3.Connection, rank: dict[str, tuple[int, str]]) -> Iterator[Dispute]:
    for quantity in quantities():
        yield from _of_one_subject(quantity, readings_of_elections(connection, quantity), rank)
    twice = connection.execute(TOLD_TWICE).fetchall()
    for variable_id, tier, es, en, unit in twice:
        quantity = Quantity(variable_id, Text(es, en), unit)
        yield from _in_one_time(quantity, list(readings_of_answers(connection, variable_id, tier)), rank)
    answered = {str(row[0]) for row in connection.execute("SELECT variable_id FROM coverage WHERE answers_count > 0")}
    for pair in equivalents():
        if {pair.ours, pair.theirs} <= answered:
            yield from _between(connection, pair, rank)


def _of_one_subject(
    quantity: Quantity, readings: Iterable[Reading], rank: dict[str, tuple[int, str]]
) -> Iterator[Dispute]:
    """Sources that tell one value each of one election or of a party in it."""
    said: dict[Subject, list[Reading]] = defaultdict(list)
    for r in readings:
        said[r.subject].append(r)
    for all_said in said.values():
        by_source: dict[str, list[Reading]] = defaultdict(list)
        for r in all_said:
            by_source[r.source_id].append(r)
        single = sorted((rs[0] for rs in by_source.values() if len(rs) == 1), key=lambda r: rank[r.source_id])
        for one, other in combinations(single, 2):
            if _differ(quantity, one, other):
                yield Dispute(quantity, one, other, single)


def _in_one_time(quantity: Quantity, readings: list[Reading], rank: dict[str, tuple[int, str]]) -> Iterator[Dispute]:
    """Sources that answer one variable for times that meet. A source with several answers at once tells no single one."""
    said: dict[Subject, list[Reading]] = defaultdict(list)
    for r in sorted(readings, key=lambda r: (rank[r.source_id], r.period_from or "")):
        said[r.subject].append(r)
    for all_said in said.values():
        for one, other in combinations(all_said, 2):
            if one.source_id != other.source_id and _meet(one, other) and _differ(quantity, one, other):
                yield Dispute(quantity, one, other, [r for r in all_said if _meet(one, r) and _meet(other, r)])


def _between(connection: sqlite3.Connection, pair: Equivalent, rank: dict[str, tuple[int, str]]) -> Iterator[Dispute]:
    """Two variables that ask the same question, code by code."""
    said: dict[Subject, list[Reading]] = defaultdict(list)
    for r in readings_of_answers(connection, pair.theirs, pair.theirs_tier):
        said[r.subject].append(r)
    ours = list(readings_of_answers(connection, pair.ours, pair.ours_tier))
    several = {r.subject for r, s in combinations(ours, 2) if r.subject == s.subject and _meet(r, s)}
    for one in sorted(ours, key=lambda r: (rank[r.source_id], r.subject)):
        for other in said[one.subject]:
            if one.source_id == other.source_id or not _meet(one, other) or one.subject in several:
                continue
            if one.number is not None and other.number is not None:
                if one.number != other.number:
                    yield Dispute(pair.quantity, one, other, (one, other))
            elif pair.finer.get(one.code) == other.code:
                yield Dispute(pair.quantity, one, other, (one, other), finer=one.source_id)
            elif (one.code in pair.same or one.code in pair.finer) and pair.same.get(one.code) != other.code:
                yield Dispute(pair.quantity, one, other, (one, other))


def _differ(quantity: Quantity, one: Reading, other: Reading) -> bool:
    if one.number is not None and other.number is not None:
        return abs(one.number - other.number) > quantity.tolerance + ALMOST
    return one.code != other.code


def _meet(one: Reading, other: Reading) -> bool:
    """Whether two periods share a day."""
    return (one.period_from or "") <= (other.period_to or "9999") and (other.period_from or "") <= (
        one.period_to or "9999"
    )


def _row(d: Dispute, grounds: Grounds) -> tuple[str | float | None, ...]:
    preference = prefer(d, grounds)
    jurisdiction, election, party = d.one.subject
    first = max(filter(None, (d.one.period_from, d.other.period_from)), default=None)
    last = min(filter(None, (d.one.period_to, d.other.period_to)), default=None)
    subject = (party and f"{election}:{party}") or election or f"{jurisdiction}:{first}"
    return (
        f"{d.quantity.id}:{subject}:{d.one.source_id}:{d.other.source_id}", d.quantity.id,
        d.quantity.name.es, d.quantity.name.en, "finer" if d.finer else "contradiction", jurisdiction, election or None,
        party or None, d.one.variable_id, d.other.variable_id, first, last,
        d.one.source_id, d.one.value.es, d.one.value.en, d.other.source_id, d.other.value.es, d.other.value.en,
        _difference(d), d.quantity.unit, preference.source_id,
        preference.rule, preference.reason.es, preference.reason.en, d.one.row_table, d.one.row_id,
        d.other.row_table, d.other.row_id,
    )  # fmt: skip


def _difference(d: Dispute) -> float | None:
    if d.one.number is None or d.other.number is None:
        return None
    return round(d.other.number - d.one.number, 6)
