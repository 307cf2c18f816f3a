"""The documents of one source: files in; rows of documents, document_topics and document_sections out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ingest.descriptor.documents import Documents
from ingest.descriptor.files import File
from ingest.descriptor.source import Descriptor
from ingest.documents.block import ReadDocument, UnreadableDocument
from ingest.documents.formats import read_file
from ingest.documents.metadata import UNKNOWN_LANGUAGE, Described, described
from ingest.documents.structures import STRUCTURES
from ingest.documents.structures.outline import Section, slug
from ingest.documents.structures.reform_notes import in_force
from ingest.problems import ExpectationError, Problem
from ingest.tidy.recipe import Account

Row = dict[str, str]
TABLES = ("documents", "document_topics", "document_sections")
_CHARACTERISTIC = {"mexican_law": "article", "ine_agreement": "considerando"}  # without any, the structure is wrong


@dataclass
class ReadDocuments:
    """What came of a source's documents: rows by table, an account per file, and the problems."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    accounts: list[Account] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def frames(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The rows as tables of text; a table without rows is left out."""
        for name, rows in self.rows.items():
            if rows:
                yield name, pd.DataFrame(rows, dtype="object").fillna("")


def read_documents(descriptor: Descriptor, files: Mapping[str, Path]) -> ReadDocuments:
    """Read every document of a source. What cannot be read is told and left out; the rest goes on.

    Raises ExpectationError when a reading gives other counts of sections than the descriptor expects.
    """
    result = ReadDocuments()
    for documents in descriptor.documents:
        counts: Counter[str] = Counter()
        for file in descriptor.files:
            if documents.reads(file.path):
                counts += _read_one(documents, file, files[file.path], result)
        for kind, expected in documents.expect.items():
            if counts[kind] != expected:
                raise ExpectationError(
                    f"{descriptor.id}: documentos {documents.name}: se esperaban {expected} ({kind}) y hay {counts[kind]}; "
                    "revise el archivo o corrija expect en el descriptor",
                    f"{descriptor.id}: documents {documents.name}: expected {expected} {kind}, found {counts[kind]}; "
                    "look at the file, or correct expect in the descriptor",
                )
    return result


def _read_one(documents: Documents, file: File, path: Path, result: ReadDocuments) -> Counter[str]:
    """Read a file into the result; how many sections of each kind it gave."""

    def tell(rule: str, severity: str, more: str = "", row: int | None = None) -> None:
        told = Problem(file.path, documents.name, row, None, "", rule, severity, more)  # type: ignore[arg-type]
        result.problems.append(told)

    try:
        document = read_file(path, file.format, file.encoding)
        about = described(documents, file.path, document)
        if any(row["document_id"] == about.document_id for row in result.rows["documents"]):
            raise UnreadableDocument("duplicate-document", about.document_id)
    except UnreadableDocument as error:
        tell(error.rule, "rejected", error.more)
        result.accounts.append(Account(file.path, documents.name, 0, 0, 0, 0, (), 0))
        return Counter()
    for page in document.pages_without_text:
        tell("page-without-text", "warning", row=page)
    if about.language == UNKNOWN_LANGUAGE:
        tell("unknown-language", "warning")
    sections = STRUCTURES[documents.structure](document, about.title)
    kinds = Counter(section.kind for section in sections)
    if (kind := _CHARACTERISTIC.get(documents.structure)) and not kinds[kind]:
        tell("structure-not-found", "warning", kind)
    origin = {"raw_file": file.path, "raw_column": ""}
    rows = {
        "documents": [{**_document_row(about, document, file), **origin, "raw_row": "", "raw_query": ""}],
        "document_topics": [
            {"document_id": about.document_id, "topic_id": topic, **origin, "raw_row": ""}
            for topic in about.metadata.topics or []
        ],
        "document_sections": [{**row, **origin} for row in _section_rows(about, sections)],
    }
    for name, made in rows.items():
        result.rows[name] += made
    left_out = sum(count for _, count in document.left_out)
    result.accounts.append(
        Account(
            file.path, documents.name, rows_read=len(document.blocks) + left_out, rows_loaded=len(document.blocks),
            rows_rejected=0, rows_duplicate=0, excluded=document.left_out, facts=sum(map(len, rows.values())),
        )
    )  # fmt: skip
    return kinds


def _document_row(about: Described, document: ReadDocument, file: File) -> Row:
    m = about.metadata
    return {
        "document_id": about.document_id, "work_id": slug(m.work, longest=200) if m.work else about.document_id, "title": about.title,
        "language": about.language, "language_is_detected": str(int(about.language_is_detected)),
        "type": m.type or "other", "line": m.line or "", "status": m.status or "published",
        "short_name": m.short_name or "", "creator": m.creator or "", "publisher": m.publisher or "",
        "issued_date": m.issued or "", "identifier": m.identifier or "", "description": m.description or "",
        "rights": m.rights or "", "relation": m.relation or "", "source_url": m.source_url or file.url or "",
        "jurisdiction_id": m.jurisdiction or "",
        "pages_count": "" if document.pages_count is None else str(document.pages_count),
    }  # fmt: skip


def _section_rows(about: Described, sections: list[Section]) -> Iterator[Row]:
    is_glossary = about.metadata.type == "glossary"
    for position, section in enumerate(sections, start=1):
        told = in_force(section.entries, is_void=section.is_void)
        kind = "glossary_entry" if is_glossary and section.kind == "heading" and told.text else section.kind
        yield {
            "section_id": f"{about.document_id}/{section.anchor}", "document_id": about.document_id,
            "position": str(position), "level": str(section.level), "kind": kind, "number": section.number or "",
            "heading": section.heading, "heading_path": section.path,
            "parent_id": f"{about.document_id}/{section.parent.anchor}" if section.parent else "",
            "page_first": _number(section.page_first), "page_last": _number(section.page_last),
            "anchor": section.anchor, "language": about.language, "text": told.text,
            "reform_notes": told.reform_notes, "invalid_text": told.invalid_text, "raw_row": str(section.row),
        }  # fmt: skip


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
