"""What is indexed: one .sql file of `projections/` a kind of entry. A later kind joins by one file.

Each file gives rows with `key` and `table` (the row that a hit links to) and any of these columns:

- `title`, `subtitle`, `text`, in the entry's own `language`; or `title_es`, `title_en` … and likewise `subtitle_…`
  and `text_…`, for an entry that is told in several languages;
- `names`, `names_es`, `names_en`, `names_fr`, `names_pt`: words to be found by, never shown;
- `aliases`: other whole names, one a line. In a projection with this column, who types just a title or an alias (and
  perhaps the country) gets the entry first;
- `jurisdiction_id`, `topics` (ids, by spaces), `year_first`, `year_last`, `source_id`, `type`: what filters ask for;
- `article` and `document_id`: the number and the document by which a legal article is cited.

A line `-- passage: table.key_column.text_column` says where the text of a hit is read again to cut its snippet; such
text is not stored a second time. A file whose tables the database lacks is skipped.
"""

from __future__ import annotations

import hashlib
import marshal
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from search.inversion import Layout, Piece
from search.words import LANGUAGES

FOLDER = Path(__file__).parent / "projections"
TITLE_WEIGHT = 3
"""What a word of a title counts for, in words of the text."""

_TOLD = ("title", "subtitle", "text", "names")
_PLAIN = (
    "jurisdiction_id",
    "topics",
    "year_first",
    "year_last",
    "source_id",
    "type",
    "article",
    "document_id",
    "aliases",
)


@dataclass(frozen=True)
class Passage:
    """Where the text of an entry stands in the database."""

    table: str
    key_column: str
    text_column: str

    def read(self, connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
        """The texts of the entries with these keys."""
        marks = ",".join("?" * len(keys))
        sql = f'select "{self.key_column}", "{self.text_column}" from "{self.table}" where "{self.key_column}" in ({marks})'
        return {str(key): text or "" for key, text in connection.execute(sql, list(keys))}


@dataclass(frozen=True)
class Projection:
    """A kind of entry and the SQL that gives its entries."""

    kind: str
    sql: str
    passage: Passage | None


class Entry(NamedTuple):
    """One entry: `told` maps (`title`, language) and the like to words; language "" is the entry's own, or none."""

    kind: str
    table: str
    key: str
    language: str | None
    told: dict[tuple[str, str], str]
    values: dict[str, Any]
    digest: bytes
    has_passage: bool

    @property
    def layout(self) -> Layout:
        """What the values of `told` are, for the index."""
        return _layout(tuple(self.told), self.language, self.has_passage)


@lru_cache
def _layout(labels: tuple[tuple[str, str], ...], language: str | None, has_passage: bool) -> Layout:
    return tuple(
        Piece(own or language, TITLE_WEIGHT if part == "title" else 1, has_passage and part == "text")
        for part, own in labels
    )


def load(folder: Path = FOLDER) -> list[Projection]:
    """The projections of a folder, by kind."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text("utf-8")
        match = re.search(r"^-- passage: (\w+)\.(\w+)\.(\w+)$", sql, re.MULTILINE)
        found.append(Projection(path.stem, sql, Passage(*match.groups()) if match else None))
    return found


def digest(loaded: Sequence[Projection]) -> str:
    """What tells one set of projections from another."""
    return hashlib.sha256(repr([(projection.kind, projection.sql) for projection in loaded]).encode()).hexdigest()[:32]


def missing_table(connection: sqlite3.Connection, projection: Projection) -> str | None:
    """The table for want of which a projection has no entries, if any. Raises sqlite3.Error for any other mistake."""
    try:
        connection.execute("explain " + projection.sql)
    except sqlite3.OperationalError as error:
        match = re.match(r"no such table: (\S+)", str(error))
        if not match:
            raise
        return match.group(1)
    return None


def entries(connection: sqlite3.Connection, projection: Projection) -> Iterator[Entry]:
    """The entries of a projection, as the database has them now."""
    cursor = connection.execute(projection.sql)
    names = [column[0] for column in cursor.description]
    place = {name: names.index(name) for name in names}
    told_places = [
        (place[name], (part, language))
        for part in _TOLD
        for language in ("", *LANGUAGES)
        if (name := f"{part}_{language}" if language else part) in place
    ]
    plain_places = [(name, place[name]) for name in _PLAIN if name in place]
    language_place = place.get("language")
    table_place, key_place = place["table"], place["key"]
    kind, has_passage = projection.kind, projection.passage is not None
    for row in cursor:
        yield Entry(
            kind,
            row[table_place],
            str(row[key_place]),
            row[language_place] if language_place is not None else None,
            {label: str(told) for at, label in told_places if (told := row[at]) not in (None, "")},
            {name: row[at] for name, at in plain_places},
            _digest(row),
            has_passage,
        )


def _digest(row: tuple[Any, ...]) -> bytes:
    """What tells one state of an entry from another. Version 2 of marshal: the same bytes for the same values."""
    return hashlib.blake2b(marshal.dumps(row, 2), digest_size=12).digest()
