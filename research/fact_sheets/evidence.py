"""What the loaded tables say of each state, gathered for its fact sheet."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """The latest thing that one source says of a variable: a value or why there is none, and its period."""

    topic_id: str
    name_es: str
    name_en: str
    unit: str
    number: float | None
    option_es: str | None
    option_en: str | None
    text: str | None
    missing: str | None
    period: str
    source_id: str


@dataclass(frozen=True)
class Contestant:
    """A party, alliance or candidate at an election; shares in percent, as the source gives them."""

    name: str
    name_en: str | None
    short_name: str | None
    votes_count: int | None
    vote_share_pct: float | None
    seats_count: int | None


@dataclass(frozen=True)
class LastElection:
    """The latest election of a body that one source tells, with its contestants and its electorate."""

    election_id: str
    chamber: str
    date: str
    source_id: str
    seats_count: int | None
    votes_coverage_pct: float | None
    seats_coverage_pct: float | None
    registered_count: int | None
    votes_cast_count: int | None
    turnout_pct: float | None
    contestants: tuple[Contestant, ...]


@dataclass
class Evidence:
    """All that is held of one state. `relations` are (kind, other state's names es/en, date)."""

    jurisdiction_id: str
    name_es: str
    name_en: str
    name_fr: str | None
    name_pt: str | None
    valid_from: str | None
    official_es: str | None = None
    official_en: str | None = None
    codes: dict[str, list[str]] = field(default_factory=dict)
    groups: list[tuple[str, str, str]] = field(default_factory=list)
    relations: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    elections_count: int = 0
    first_election_year: int | None = None
    last_elections: list[LastElection] = field(default_factory=list)
    parties_count: int = 0


def gather(connection: sqlite3.Connection) -> list[Evidence]:
    """The evidence of every state of today and of every disputed territory, by its id."""
    states = {
        row[0]: Evidence(*row)
        for row in connection.execute(
            "SELECT jurisdiction_id, name_es, name_en, name_fr, name_pt, valid_from FROM jurisdictions"
            " WHERE kind IN ('state', 'disputed') ORDER BY jurisdiction_id"
        )
    }
    _add_identity(connection, states)
    for jurisdiction_id, finding in _latest_answers(connection):
        if jurisdiction_id in states:
            states[jurisdiction_id].findings.append(finding)
    _add_elections(connection, states)
    return list(states.values())


def _add_identity(connection: sqlite3.Connection, states: dict[str, Evidence]) -> None:
    for key, language, name in connection.execute(
        "SELECT jurisdiction_id, language, name FROM jurisdiction_names WHERE kind = 'official' ORDER BY rowid"
    ):
        state = states.get(key)
        if state and language == "es":  # the last one is the full form: «Estados Unidos Mexicanos»
            state.official_es = name
        elif state and language == "en":
            state.official_en = name
    for key, scheme, code in connection.execute(
        "SELECT jurisdiction_id, scheme, code FROM jurisdiction_codes"
        " WHERE scheme IN ('iso2', 'iso3', 'm49', 'cow', 'gw') AND valid_to IS NULL"
        " GROUP BY jurisdiction_id, scheme, code ORDER BY scheme, code"
    ):
        if key in states:
            states[key].codes.setdefault(scheme, []).append(code)
    for key, kind, es, en in connection.execute(
        'SELECT jurisdiction_id, kind, name_es, name_en FROM group_members JOIN "groups" USING (group_id)'
        ' WHERE group_members.valid_to IS NULL ORDER BY "groups".rowid'
    ):
        if key in states:
            states[key].groups.append((kind, es, en))
    for key, kind, es, en, date in connection.execute(
        "SELECT r.jurisdiction_id, r.kind, o.name_es, o.name_en, r.date FROM jurisdiction_relations r"
        " JOIN jurisdictions o ON o.jurisdiction_id = r.related_id ORDER BY r.date, o.name_es"
    ):
        if key in states:
            states[key].relations.append((kind, es, en, date))


# The latest period of each variable, source and state; SQLite takes the bare columns from the row of the maximum.
LATEST = """
SELECT a.jurisdiction_id, v.topic_id, v.name_es, v.name_en, v.unit, a.value, c.name_es, c.name_en, a.text, a.missing,
       substr(max(coalesce(a.valid_from, '')), 1, CASE a.date_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END),
       a.source_id
FROM answers a JOIN variables v USING (variable_id) LEFT JOIN codes c ON c.code_id = a.code_id
GROUP BY a.jurisdiction_id, a.variable_id, a.source_id, a.tier
ORDER BY a.jurisdiction_id, v.topic_id, v.rowid, a.source_id
"""


def _latest_answers(connection: sqlite3.Connection) -> Iterator[tuple[str, Finding]]:
    for key, *columns in connection.execute(LATEST):
        yield key, Finding(*columns)


LAST_ELECTIONS = """
SELECT e.jurisdiction_id, e.election_id, e.chamber, e.election_date, i.source_id,
       i.seats_count, i.votes_coverage_pct, i.seats_coverage_pct
FROM elections e JOIN election_ids i USING (election_id)
WHERE e.chamber IN ('LC', 'UC', 'PR')
  AND e.election_date = (SELECT max(election_date) FROM elections l
                         WHERE l.jurisdiction_id = e.jurisdiction_id AND l.chamber = e.chamber)
ORDER BY e.jurisdiction_id, e.chamber, i.source_id
"""

CONTESTANTS = """
SELECT r.election_id, r.source_id, coalesce(r.contestant, p.name), p.name_en, p.short_name,
       r.votes_count, r.vote_share_pct, r.seats_count
FROM results r JOIN units USING (unit_id) LEFT JOIN parties p USING (party_id)
WHERE level = 'nation' AND (r.votes_count > 0 OR r.vote_share_pct > 0 OR r.seats_count > 0)
ORDER BY coalesce(r.vote_share_pct, 0) DESC, coalesce(r.votes_count, 0) DESC, coalesce(r.seats_count, 0) DESC, r.result_id
"""

ELECTORATE = """
SELECT election_id, source_id, registered_count, votes_cast_count, turnout_pct
FROM turnout JOIN units USING (unit_id) WHERE level = 'nation'
"""


def _add_elections(connection: sqlite3.Connection, states: dict[str, Evidence]) -> None:
    for key, count, first in connection.execute(
        "SELECT jurisdiction_id, count(*), min(election_year) FROM elections WHERE chamber <> 'EP' GROUP BY 1"
    ):
        if key in states:
            states[key].elections_count, states[key].first_election_year = count, first
    for key, count in connection.execute("SELECT jurisdiction_id, count(*) FROM parties GROUP BY 1"):
        if key in states:
            states[key].parties_count = count
    contestants: dict[tuple[str, str], list[Contestant]] = defaultdict(list)
    for election_id, source_id, *columns in connection.execute(CONTESTANTS):
        contestants[election_id, source_id].append(Contestant(*columns))
    electorates = {(e, s): tuple(rest) for e, s, *rest in connection.execute(ELECTORATE)}
    for key, election_id, chamber, date, source_id, seats, votes_pct, seats_pct in connection.execute(LAST_ELECTIONS):
        if key in states:
            registered, cast, turnout = electorates.get((election_id, source_id), (None, None, None))
            told = tuple(contestants[election_id, source_id])
            states[key].last_elections.append(
                LastElection(election_id, chamber, date, source_id, seats, votes_pct, seats_pct, registered, cast,
                             turnout, told)
            )  # fmt: skip
