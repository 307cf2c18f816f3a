"""The list of indexed entries: a small SQLite file beside the Whoosh segments.

It holds what a hit shows without reading the knowledge base, the digest by which an update knows what has changed,
what filters ask for, and the completions offered while typing. The text of document sections is not in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from search.projections import Entry
from search.words import words_of

FILE_NAME = "entries.db"

_SCHEMA = """
create table entries (
  number integer primary key,
  kind text not null,
  "table" text not null,
  key text not null,
  language text,
  title_es text not null,
  title_en text not null,
  subtitle_es text not null,
  subtitle_en text not null,
  text_es text,
  text_en text,
  jurisdiction_id text,
  topics text,
  year_first integer,
  year_last integer,
  source_id text,
  type text,
  article text,
  document_id text,
  digest blob not null
);
create table names (
  folded text not null,
  number integer not null,
  primary key (folded, number)
) without rowid;
create table completions (
  folded text not null,
  text text not null,
  language text,
  kind text not null,
  "table" text,
  key text,
  rank integer not null
);
"""
# Made when the rows are there, which is quicker than keeping them up row by row.
_INDEXES = """
create unique index if not exists entries_kind_key on entries (kind, key);
create index if not exists entries_article on entries (article, document_id) where article is not null;
create index if not exists completions_folded on completions (folded, rank);
"""

# Kinds whose titles are offered while typing, the likeliest first.
_COMPLETED = {"glossary_term": 0, "jurisdiction": 1, "variable": 2, "source": 4, "party": 5}


@dataclass(frozen=True, slots=True)
class Row:
    """What a hit shows of an entry."""

    number: int
    kind: str
    table: str
    key: str
    language: str | None
    title: str
    subtitle: str
    text: str | None
    jurisdiction_id: str | None
    year: int | None
    source_id: str | None


def create(path: Path) -> sqlite3.Connection:
    """A new, empty list."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + _SCHEMA)
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The list of a generation, which no longer changes."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def digests(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[int, bytes]]:
    """(kind, key) → number and digest, of all entries."""
    rows = connection.execute("select kind, key, number, digest from entries")
    return {(kind, key): (number, digest) for kind, key, number, digest in rows}


def insert(connection: sqlite3.Connection, numbered: Iterable[tuple[int, Entry]]) -> None:
    """Adds entries under their numbers."""
    kept = list(numbered)
    connection.executemany(
        f"insert into entries values ({','.join('?' * 20)})", (_row(number, entry) for number, entry in kept)
    )
    connection.executemany(
        "insert into names values (?, ?)",
        sorted((name, number) for number, entry in kept if "aliases" in entry.values for name in _names(entry)),
    )


def _row(number: int, entry: Entry) -> tuple[object, ...]:
    told, values = entry.told.get, entry.values.get
    titles, subtitles, texts = (
        (told((part, "es")) or told((part, "")), told((part, "en")) or told((part, "")))
        for part in ("title", "subtitle", "text")
    )
    return (
        number,
        entry.kind,
        entry.table,
        entry.key,
        entry.language,
        titles[0] or titles[1] or "",
        titles[1] or titles[0] or "",
        subtitles[0] or subtitles[1] or "",
        subtitles[1] or subtitles[0] or "",
        None if entry.has_passage else texts[0] or texts[1],
        None if entry.has_passage else texts[1] or texts[0],
        values("jurisdiction_id"),
        values("topics"),
        values("year_first"),
        values("year_last"),
        values("source_id"),
        values("type"),
        values("article"),
        values("document_id"),
        entry.digest,
    )


def _names(entry: Entry) -> set[str]:
    """What an entry is called, folded: its titles and its other names."""
    titles = [text for (part, _), text in entry.told.items() if part == "title"]
    aliases = str(entry.values.get("aliases") or "").split("\n")
    return {folded for name in (*titles, *aliases) if (folded := _folded(name))}


@lru_cache(maxsize=50_000)
def _folded(name: str) -> str:
    """The folded words of a name, by spaces; titles come by here as names and as completions."""
    return " ".join(words_of(name))


def remove(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Takes entries off the list."""
    for table in ("entries", "names"):  # a name is not found by its number: one pass for all
        connection.execute(
            f"delete from {table} where number in (select value from json_each(?))", [json.dumps(list(numbers))]
        )


def rebuild_completions(connection: sqlite3.Connection, database: sqlite3.Connection) -> None:
    """Works out the completions anew, from the titles of entries and the titles of documents."""
    connection.executescript("drop index if exists completions_folded; delete from completions;")
    marks = ",".join("?" * len(_COMPLETED))
    titles = connection.execute(
        f'select kind, "table", key, title_es, title_en from entries where kind in ({marks})', list(_COMPLETED)
    )
    rows: list[tuple[object, ...]] = []
    for kind, table, key, *told in titles:
        for language, title in zip(("es", "en"), told, strict=True):
            rows.extend(_completions(title, language if told[0] != told[1] else None, kind, table, key))
            if told[0] == told[1]:
                break
    has_documents = database.execute("select 1 from sqlite_master where name = 'documents'").fetchone()
    if has_documents:
        for key, title, language in database.execute("select document_id, title, language from documents"):
            rows.extend(_completions(title, language, "document", "documents", key))
    connection.executemany("insert into completions values (?,?,?,?,?,?,?)", rows)


def index(connection: sqlite3.Connection) -> None:
    """Makes the indexes that are not there yet."""
    connection.executescript(_INDEXES)


def _completions(
    title: str, language: str | None, kind: str, table: str, key: str
) -> Iterator[tuple[str, str, str | None, str, str, str, int]]:
    """A title can be met at any of its words; the first counts most."""
    rest = _folded(title)
    rank = 10 * _COMPLETED.get(kind, 3)
    for place in range(3 if kind == "party" else 6):
        if rest:
            yield rest[:80], title, language, kind, table, key, rank + (0 if place == 0 else 5)
        rest = rest.partition(" ")[2]


class EntryList:
    """The list, as a search reads it. One connection, which the caller's lock guards."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_reading(path)

    def rows(self, numbers: Sequence[int], lang: str) -> dict[int, Row]:
        """What hits show, by number."""
        told = "en" if lang == "en" else "es"
        marks = ",".join("?" * len(numbers))
        sql = (
            f'select number, kind, "table", key, language, title_{told}, subtitle_{told}, text_{told}, '
            f"jurisdiction_id, year_last, source_id from entries where number in ({marks})"
        )
        return {row[0]: Row(*row) for row in self._connection.execute(sql, list(numbers))}

    def number(self, kind: str, key: str) -> int | None:
        """The number of an entry, or None."""
        sql = "select number from entries where kind = ? and key = ?"
        try:
            row = self._connection.execute(sql, [kind, key]).fetchone()
        except UnicodeEncodeError:  # half of a character, from a broken address
            return None
        return int(row[0]) if row else None

    def named(self, folded: str) -> list[tuple[int, str | None]]:
        """Entries that go by exactly this name, with their jurisdiction."""
        sql = "select e.number, e.jurisdiction_id from names n join entries e on e.number = n.number where n.folded = ?"
        return [(int(entry), jurisdiction) for entry, jurisdiction in self._connection.execute(sql, [folded])]

    def articles(self, number: str) -> list[tuple[int, str]]:
        """Entries that are the article of that number, with their document."""
        sql = "select number, document_id from entries where article = ?"
        return [(int(entry), str(document)) for entry, document in self._connection.execute(sql, [number])]

    def completions(self, folded: str, lang: str, limit: int) -> list[tuple[str, str, str | None, str | None]]:
        """(text, kind, table, key) of what begins so at one of its words, likeliest first."""
        sql = (
            'select text, kind, "table", key, min(rank) from completions '
            "where folded >= ? and folded < ? and (language is null or language = ?) "
            "group by text, kind order by min(rank), length(text), text limit ?"
        )
        rows = self._connection.execute(sql, [folded, folded + "\U0010ffff", lang, limit])
        return [(text, kind, table, key) for text, kind, table, key, _ in rows]

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
