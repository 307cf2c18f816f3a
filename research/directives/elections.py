"""Elections as a text names them: by their key, `MEX-LC-2024-06-02`, or by country and time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from research.faults import WrongName, or_rather
from research.names import Labels, nearest

_LIKE_A_KEY = re.compile(r"(?i)[a-z]{3}-(lc|uc|pr|ep|ca)-\d{4}(-|$)")


@dataclass(frozen=True)
class Election:
    """An election, and whether any source gives its results for the whole country."""

    election_id: str
    jurisdiction_id: str
    chamber: str
    date: str
    names: Labels
    has_results: bool

    @property
    def last_day(self) -> str:
        """The last day on which it can have been, as far as its date is known."""
        return f"{self.date}-12-31" if len(self.date) == 4 else f"{self.date}-28" if len(self.date) == 7 else self.date


_ELECTIONS = """
SELECT election_id, jurisdiction_id, chamber, election_date, name_es, name_en,
       EXISTS (SELECT 1 FROM results r WHERE r.election_id = e.election_id AND r.unit_id = e.jurisdiction_id)
FROM elections e WHERE {condition} ORDER BY election_date DESC, election_id
"""


def elections(connection: sqlite3.Connection, condition: str, *values: str) -> Iterator[Election]:
    """The elections of which an SQL condition holds, the latest first."""
    for key, place, chamber, date, es, en, told in connection.execute(_ELECTIONS.format(condition=condition), values):
        yield Election(key, place, chamber, date, Labels(es, en), bool(told))


def is_election_key(written: str) -> bool:
    """Whether the words have the form of an election's key."""
    return _LIKE_A_KEY.match(written) is not None


def election_of_key(connection: sqlite3.Connection, written: str) -> Election:
    """The election of that key. Raises WrongName, with the nearest one, where there is none."""
    for election in elections(connection, "election_id = ?", written.strip().upper()):
        return election
    known = [str(r[0]) for r in connection.execute("SELECT election_id FROM elections")]
    es, en = or_rather(nearest(written, known))
    raise WrongName(f"no se conoce la elección «{written}»{es}", f"there is no election '{written}'{en}")
