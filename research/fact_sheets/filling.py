"""The fact sheets of all states into `documents`, `document_sections` and `document_topics`, at every build."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from research.fact_sheets.evidence import gather
from research.fact_sheets.sheet import Sheet, SourceNote, make_sheet
from research.licensing import Licensing
from research.units import Language

SOURCE_ID = "comparada-documents"
LANGUAGES: tuple[Language, ...] = ("es", "en")
QUERY = "answers, elections, election_ids, results, turnout, parties WHERE jurisdiction_id = '{}'"


def fill_fact_sheets(connection: sqlite3.Connection) -> None:
    """Two documents a state, one in each language, with the strictest licence of the data that they state.

    Does nothing where the source of our own documents is not in the knowledge base.
    """
    if not connection.execute("SELECT 1 FROM sources WHERE source_id = ?", (SOURCE_ID,)).fetchone():
        return
    notes = {
        key: SourceNote(es, en, citation, licence, retrieved)
        for key, es, en, citation, licence, retrieved in connection.execute(
            "SELECT source_id, title_es, title_en, citation, licence_id, retrieved_date FROM sources"
        )
    }
    licensing = Licensing(connection)
    connection.execute("BEGIN")
    for state in gather(connection):
        for language in LANGUAGES:
            sheet = make_sheet(state, notes, language)
            _insert(connection, state.jurisdiction_id, language, sheet, licensing.strictest(sheet.source_ids), notes)
    connection.execute("COMMIT")


def _insert(
    connection: sqlite3.Connection, jurisdiction_id: str, language: Language, sheet: Sheet, licence_id: str,
    notes: Mapping[str, SourceNote],
) -> None:  # fmt: skip
    work_id = f"ficha-pais-{jurisdiction_id.lower()}"
    document_id = f"{work_id}-{language}"
    date = max((notes[s].retrieved_date for s in sheet.source_ids), default=None)
    provenance = {"source_id": SOURCE_ID, "licence_id": licence_id}
    _row(connection, "documents", {
        "document_id": document_id, "work_id": work_id, "title": sheet.title, "language": language,
        "language_is_detected": 0, "type": "fact_sheet", "line": "perspectiva_comparada", "status": "published",
        "creator": "Comparada", "publisher": "Comparada", "issued_date": date, "description": sheet.description,
        "jurisdiction_id": jurisdiction_id, "sections_count": len(sheet.sections),
        "raw_query": QUERY.format(jurisdiction_id), **provenance,
    })  # fmt: skip
    for position, section in enumerate(sheet.sections, start=1):
        _row(connection, "document_sections", {
            "section_id": f"{document_id}/{section.key}", "document_id": document_id, "position": position,
            "level": 1, "kind": "heading", "heading": section.heading,
            "heading_path": f"{sheet.title} › {section.heading}", "anchor": section.key, "language": language,
            "text": section.text, **provenance,
        })  # fmt: skip
    for topic in sheet.topic_ids:
        _row(connection, "document_topics", {"document_id": document_id, "topic_id": topic, **provenance})


def _row(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))})', list(row.values()))
