"""What may leave together: the sources whose licences let us republish, share-alike ones as a part of their own.

A part is the database with every row of other sources taken out, and with what only those rows spoke of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class ExportError(Exception):
    """An export that cannot be made: `es` and `en` say the place, what is wrong and the remedy."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(f"{es}\n{en}")
        self.es = es
        self.en = en


@dataclass(frozen=True)
class Part:
    """A set of licences that go together. `key` names its folder."""

    key: str
    title_es: str
    title_en: str
    share_alike: int


PARTS = (
    Part("abierta", "Datos de licencia abierta", "Data under open licences", 0),
    Part("compartir-igual", "Datos de licencia compartir igual", "Data under share-alike licences", 1),
)


@dataclass(frozen=True)
class PartExported:
    """One part on disk: rows by table, and the sources and licences in it."""

    key: str
    folder: Path
    rows: dict[str, int]
    source_ids: tuple[str, ...]
    licence_ids: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """A finished export: its parts, and the loaded sources that are in none since their licence does not let them."""

    parts: tuple[PartExported, ...]
    left_out: tuple[str, ...]


# What every part needs to be read: states, topics, and the sources themselves. Open rows of these go with any part.
FRAME = frozenset(
    {"sources", "jurisdictions", "jurisdiction_names", "jurisdiction_codes", "jurisdiction_relations", "groups",
     "group_members", "topics"}
)  # fmt: skip
# Tables that only tell how a source was read: they do not keep it in a part.
ABOUT_SOURCES = frozenset(
    {"raw_files", "file_accounts", "source_caveats", "problems", "corrections", "variables", "codes"}
)

# Tables whose rows stand for what sources state: a row that no statement names any more goes.
STATED_BY = {
    "elections": (("election_ids", "election_id"),),
    "parties": (("party_ids", "party_id"),),
    "units": (("results", "unit_id"), ("turnout", "unit_id"), ("units", "parent_id")),
    "bodies": (("elections", "body_id"),),
}


def make_part(database: Path, part: Part, place: Path) -> sqlite3.Connection:
    """A copy of the database at `place` with the rows of this part only. Raises sqlite3.Error."""
    with sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True) as whole, sqlite3.connect(place) as copy:
        whole.backup(copy)
    whole.close()
    copy.close()
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    tables = data_tables(connection)
    for table in _search_tables(connection):
        connection.execute(f'DROP TABLE "{table}"')
    _keep_sources(connection, tables, part)
    while _mend_references(connection, tables) or _drop_unstated(connection, tables):
        pass
    connection.execute("VACUUM")
    return connection


def data_tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The tables of data, without those of full-text search."""
    names = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return tuple(n for n in names if "_fts" not in n and not n.startswith("sqlite_"))


def _search_tables(connection: sqlite3.Connection) -> list[str]:
    return [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%\\_fts' ESCAPE '\\'")]


def _keep_sources(connection: sqlite3.Connection, tables: tuple[str, ...], part: Part) -> None:
    """Take out the rows whose licence is not of this part; what points to them is mended afterwards."""
    connection.execute("DELETE FROM sources WHERE redistribute = 0")
    for table in (t for t in tables if t != "licences"):
        columns = {r[1] for r in connection.execute(f'PRAGMA table_info("{table}")')}
        if "licence_id" in columns:
            least = 0 if table in FRAME else part.share_alike
            connection.execute(
                f'DELETE FROM "{table}" WHERE licence_id NOT IN (SELECT licence_id FROM licences'
                " WHERE redistribute = 1 AND share_alike BETWEEN ? AND ?)",
                (least, part.share_alike),
            )


def references(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str, str]]:
    """(column, table it refers to, column there)."""
    for row in connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
        yield row[3], row[2], row[4]


def _mend_references(connection: sqlite3.Connection, tables: tuple[str, ...]) -> bool:
    """Empty, or take out with its row, what refers to a row that is gone. Whether anything was done."""
    changed = 0
    for table in tables:
        required = {r[1] for r in connection.execute(f'PRAGMA table_info("{table}")') if r[3]}
        for column, other, key in references(connection, table):
            gone = f'"{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{key}" FROM "{other}")'
            deed = f'DELETE FROM "{table}"' if column in required else f'UPDATE "{table}" SET "{column}" = NULL'
            changed += connection.execute(f"{deed} WHERE {gone}").rowcount
    return changed > 0


def _drop_unstated(connection: sqlite3.Connection, tables: tuple[str, ...]) -> bool:
    changed = 0
    for table, statements in STATED_BY.items():
        if table not in tables:
            continue
        key = next(r[1] for r in connection.execute(f'PRAGMA table_info("{table}")') if r[5])
        named = " UNION ".join(f'SELECT "{c}" FROM "{t}" WHERE "{c}" IS NOT NULL' for t, c in statements)
        changed += connection.execute(f'DELETE FROM "{table}" WHERE "{key}" NOT IN ({named})').rowcount
    stating = [
        f'SELECT "{column}" FROM "{table}"'
        for table in tables if table not in ABOUT_SOURCES
        for column, other, _ in references(connection, table) if other == "sources"
    ]  # fmt: skip
    changed += connection.execute(f"DELETE FROM sources WHERE source_id NOT IN ({' UNION '.join(stating)})").rowcount
    licensing = [
        f'SELECT "{c}" FROM "{t}"' for t in tables for c, other, _ in references(connection, t) if other == "licences"
    ]
    changed += connection.execute(
        f"DELETE FROM licences WHERE licence_id NOT IN ({' UNION '.join(licensing)})"
    ).rowcount
    return changed > 0
