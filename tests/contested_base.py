"""A database of elections with the few rows that a case needs, and what is derived from them."""

from __future__ import annotations

import sqlite3
from typing import Any

from ingest.database.schema import create_table
from ingest.table_schema import load_tables
from research.derivations import derive

DERIVED = ("election_indices", "bound_tests", "index_reconciliation")
Db = sqlite3.Connection


class Base:
    """A database with every table and the few rows that a case needs."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        tables = load_tables()
        for table in tables.values():
            self.db.execute(create_table(table, tables))
        self.result = self.published = 0
        self.add("units", unit_id="X", jurisdiction_id="X", level="nation", name_es="X", name_en="X")

    def add(self, table: str, **row: Any) -> None:
        names = ", ".join(row)
        self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))

    def election(
        self, year: int, seats: int | None, *rows: dict[str, Any], source: str = "parlgov", code: str = ""
    ) -> str:
        """An election of X with one result row a dictionary: kind, votes (percent), seats, alliance (place of its row)."""
        election = f"X-LC-{year}{code}"
        if not self.db.execute("SELECT 1 FROM elections WHERE election_id = ?", [election]).fetchone():
            self.add(
                "elections", election_id=election, jurisdiction_id="X", body_id="X-LC", chamber="LC", sources_count=1,
                election_date=f"{year}{code}", date_precision="year", election_year=year, name_es="x", name_en="x",
            )  # fmt: skip
        provenance = {
            "source_id": source,
            "licence_id": "CC-BY-SA-4.0" if source == "vparty" else "CC0-1.0",
            "raw_file_id": "f",
        }
        number = self.db.execute("SELECT count(*) FROM election_ids").fetchone()[0]
        self.add(
            "election_ids", election_statement_id=number + 1, code=election, election_id=election, match_rule="first_statement",
            jurisdiction_id="X", chamber="LC", stated_date=str(year), date_precision="year", seats_count=seats, **provenance,
        )  # fmt: skip
        first = self.result + 1
        for row in rows:
            self.result += 1
            alliance = first + row["alliance"] if "alliance" in row else None
            self.add(
                "results", result_id=self.result, election_id=election, unit_id="X", party_id=row.get("party", f"p{self.result}"),
                contestant=row.get("name"), contestant_kind=row.get("kind", "party"), alliance_result_id=alliance,
                vote_share_pct=row.get("votes"), votes_count=row.get("count"), seats_count=row.get("seats"),
                count_status="final", **provenance,
            )  # fmt: skip
        return election

    def publish(self, value: float, year: int, election: str | None = None, index: str = "least-squares-index") -> None:
        self.published += 1
        self.add(
            "published_indices", published_index_id=self.published, index_id=index, jurisdiction_id="X", year=year,
            election_id=election, value=value, source_id="gallagher", licence_id="CC-BY-3.0", raw_file_id="g",
        )  # fmt: skip

    def derived(self) -> Base:
        derive(self.db)
        return self

    def index(self, election: str, index: str, source: str = "parlgov") -> tuple[Any, ...]:
        sql = "SELECT value, not_computable, lower_bound, upper_bound FROM election_indices WHERE election_id = ? AND index_id = ? AND source_id = ?"
        row: tuple[Any, ...] = self.db.execute(sql, [election, index, source]).fetchone()
        return row

    def failures(self, test: str) -> list[tuple[Any, ...]]:
        sql = "SELECT election_id, outcome, expected, found FROM bound_tests WHERE test = ? AND outcome <> 'summary'"
        return self.db.execute(sql, [test]).fetchall()

    def reason(self) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self.db.execute(
            "SELECT reason, election_id, evidence_en FROM index_reconciliation ORDER BY 1 DESC"
        ).fetchone()
        return row


LSQ = "least-squares-index"


def one(db: Db, sql: str, *values: object) -> Any:
    """The first cell of the first row."""
    return db.execute(sql, values).fetchone()[0]
