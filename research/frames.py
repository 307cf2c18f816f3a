"""The knowledge base as pandas DataFrames: tidy rows, each with its source, licence and place in the published file."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

Language = Literal["es", "en"]

ANSWERS = """
SELECT a.jurisdiction_id, j.name_{lang} AS jurisdiction, a.variable_id, v.name_{lang} AS variable, a.tier,
       CAST(substr(a.valid_from, 1, 4) AS INTEGER) AS year, a.valid_from, a.valid_to, a.date_precision,
       a.value, c.name_{lang} AS option, a.text, a.missing, a.low, a.high, v.unit,
       a.source_id, a.licence_id, a.raw_file_id, a.raw_row
FROM answers a JOIN variables v USING (variable_id) JOIN jurisdictions j USING (jurisdiction_id)
LEFT JOIN codes c ON c.code_id = a.code_id
WHERE a.variable_id IN ({variables}) {where}
ORDER BY a.variable_id, a.jurisdiction_id, a.valid_from, a.source_id
"""

RESULTS = """
SELECT r.election_id, e.election_date, e.chamber, e.jurisdiction_id, r.unit_id, u.level, r.party_id,
       coalesce(r.contestant, p.name) AS contestant, p.short_name, r.contestant_kind, r.votes_count, r.vote_share_pct,
       r.seats_count, r.seat_share_pct, i.votes_coverage_pct, i.seats_coverage_pct,
       r.source_id, r.licence_id, r.raw_file_id, r.raw_row
FROM results r JOIN elections e USING (election_id) JOIN units u USING (unit_id) LEFT JOIN parties p USING (party_id)
LEFT JOIN election_ids i ON i.election_id = r.election_id AND i.source_id = r.source_id
WHERE {where}
ORDER BY r.election_id, r.source_id, r.unit_id, r.votes_count DESC, r.vote_share_pct DESC
"""


class KnowledgeBase:
    """An open, read-only knowledge base. Use as a context manager or call `close`.

    Every frame keeps `source_id`, `licence_id`, `raw_file_id` and `raw_row`; `cite` turns them into references.
    """

    def __init__(self, database: Path, lang: Language = "es") -> None:
        if not database.is_file():
            raise FileNotFoundError(f"{database}: no está · is not there; comparada build")
        self._connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        self._lang = lang

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """What a SELECT gives. Whole numbers with gaps come as Int64, so that a count stays a count."""
        cursor = self._connection.execute(sql, parameters)
        frame = pd.DataFrame(cursor.fetchall(), columns=[c[0] for c in cursor.description])
        return frame.convert_dtypes()

    def table(self, name: str) -> pd.DataFrame:
        """A whole table. Raises KeyError, with the nearest name, for one that does not exist."""
        self._check("sqlite_master", "name", [name], "table")
        return self.query(f'SELECT * FROM "{name}"')

    def variables(self) -> pd.DataFrame:
        """What can be asked: id, name, question, unit, time kind, source, jurisdictions and last year answered."""
        return self.query(
            f"SELECT variable_id, v.name_{self._lang} AS name, question_{self._lang} AS question, kind, unit, time_kind,"
            " v.source_id, count(DISTINCT a.jurisdiction_id) AS jurisdictions_count,"
            " CAST(max(substr(a.valid_from, 1, 4)) AS INTEGER) AS last_year"
            " FROM variables v LEFT JOIN answers a USING (variable_id) GROUP BY variable_id ORDER BY variable_id"
        )

    def answers(
        self, variables: str | Sequence[str], jurisdictions: str | Sequence[str] = (),
        years: tuple[int, int] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """One row an answer: jurisdiction × variable × period × source, with value or option, interval and unit.

        `years` are the first and the last wanted, of the day on which an answer's period begins. Raises KeyError, with
        the nearest known one, for an unknown variable or jurisdiction.
        """
        wanted, places = _listed(variables), _listed(jurisdictions)
        self._check("variables", "variable_id", wanted, "variable")
        self._check("jurisdictions", "jurisdiction_id", places, "jurisdiction")
        where, parameters = "", [*wanted]
        if places:
            where += f" AND a.jurisdiction_id IN ({_marks(places)})"
            parameters += places
        if years:
            where += " AND substr(a.valid_from, 1, 4) BETWEEN ? AND ?"
            parameters += [f"{years[0]:04}", f"{years[1]:04}"]
        return self.query(ANSWERS.format(lang=self._lang, variables=_marks(wanted), where=where), parameters)

    def elections(self, jurisdictions: str | Sequence[str] = ()) -> pd.DataFrame:
        """Elections by date, of some jurisdictions or of all. Raises KeyError for an unknown jurisdiction."""
        places = _listed(jurisdictions)
        self._check("jurisdictions", "jurisdiction_id", places, "jurisdiction")
        where = f"WHERE jurisdiction_id IN ({_marks(places)})" if places else ""
        return self.query(f"SELECT * FROM elections {where} ORDER BY election_date, election_id", places)

    def results(self, elections: str | Sequence[str]) -> pd.DataFrame:
        """Results as each source tells them: compare sources, do not add them up. Raises KeyError for an unknown election."""
        wanted = _listed(elections)
        self._check("elections", "election_id", wanted, "election")
        return self.query(RESULTS.format(where=f"r.election_id IN ({_marks(wanted)})"), wanted)

    def cite(self, frame: pd.DataFrame) -> list[str]:
        """The references and licences of the sources that a frame's rows come from."""
        used = sorted(set(frame["source_id"].dropna()))
        rows = self._connection.execute(
            f"SELECT citation, licence_id FROM sources WHERE source_id IN ({_marks(used)}) ORDER BY citation", used
        )
        return [f"{citation} ({licence})" for citation, licence in rows]

    def _check(self, table: str, column: str, wanted: Sequence[str], what: str) -> None:
        if not wanted:
            return
        known = [str(row[0]) for row in self._connection.execute(f'SELECT "{column}" FROM "{table}"')]
        for one in wanted:
            if one not in set(known):
                near = difflib.get_close_matches(one, known, n=3, cutoff=0.4)
                raise KeyError(
                    f"no {what} '{one}'" + (f"; ¿quiso decir · did you mean {', '.join(near)}?" if near else "")
                )


def _listed(stated: str | Sequence[str]) -> list[str]:
    return [stated] if isinstance(stated, str) else list(stated)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
