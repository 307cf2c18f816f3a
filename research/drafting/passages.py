"""Passages and articles of the documents that the search finds for some words, with their references."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from research.names import Language
from search import Engine, SearchRequest
from search.problems import IndexAbsent, IndexOfAnotherDatabase

MOST_WORDS = 70
LEAST_WORDS = 8
# glossaries are lists of words; country sheets, tables and election notes are made from the same data as the drafts
QUOTED = ("constitution", "law", "agreement", "regulation", "guide", "report", "method_note", "briefing_note", "other")


@dataclass(frozen=True)
class Passage:
    """The beginning of a section: its document, heading, and number where it is an article."""

    section_id: str
    document_id: str
    heading: str
    text: str
    is_cut: bool
    article: str | None


class Library:
    """The documents of a knowledge base, found by its search index where there is one."""

    def __init__(self, connection: sqlite3.Connection, database: Path, index: Path) -> None:
        self._connection = connection
        try:
            self._engine: Engine | None = Engine.open(database, index)
        except (IndexAbsent, IndexOfAnotherDatabase):
            self._engine = None

    @property
    def is_open(self) -> bool:
        """Whether there is an index of this database."""
        return self._engine is not None

    def close(self) -> None:
        """Let go of the index."""
        if self._engine is not None:
            self._engine.close()

    def find(
        self, words: str, language: Language, most: int, countries: Collection[str], jurisdiction: str | None = None,
        but: Collection[str] = (),
    ) -> list[Passage]:  # fmt: skip
        """The sections that answer best, in that language, some left out.

        They are of one country's documents, or of those that are about no country or about one of these.
        """
        if self._engine is None:
            return []
        filters: dict[str, tuple[str, ...]] = {"kind": ("section",), "language": (language,), "type": QUOTED}
        if jurisdiction is not None:
            filters["jurisdiction"] = (jurisdiction,)
        found = self._engine.search(SearchRequest(words, language, filters, page_size=60, facets=False))
        passages: list[Passage] = []
        for hit in found.hits:
            row = self._connection.execute(
                "SELECT s.document_id, s.heading, s.text, s.kind, s.number, d.jurisdiction_id FROM document_sections s"
                " JOIN documents d USING (document_id) LEFT JOIN products p ON p.product_id = d.document_id"
                " WHERE s.section_id = ? AND coalesce(p.type NOT IN ('FP', 'CC', 'EM'), TRUE)", (hit.key,),
            ).fetchone()  # fmt: skip
            if (
                row is None
                or row[5] not in (None, *countries)
                or hit.key in but
                or row[3] == "front"
                or not row[2]
                or len(row[2].split()) < LEAST_WORDS
            ):
                continue
            passages.append(_passage(hit.key, *row[:5]))
            if len(passages) == most:
                break
        return passages


def _passage(section: str, document: str, heading: str, text: str, kind: str, number: str | None) -> Passage:
    words = text.split()
    is_cut = len(words) > MOST_WORDS
    return Passage(
        section, document, heading, " ".join(words[:MOST_WORDS]), is_cut, number if kind == "article" else None
    )
