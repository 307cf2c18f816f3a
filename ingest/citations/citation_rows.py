"""Rows of `citations`: what the texts of a database refer to, resolved to the documents and sections it holds."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.citations.norm_names import Names, defined_terms, known_names, plain
from ingest.citations.reference import Context, Reference
from ingest.citations.references import DECREE, GAZETTE, find_references
from ingest.database.sources import Row
from ingest.documents.structures.numerals import number_of
from ingest.documents.structures.outline import slug

LAWS = ("constitution", "law", "regulation")  # texts with articles of their own
CITING_HEADINGS = ("decree", "heading", "book", "title", "chapter", "section")  # «Artículo 65» is no reference
DEFINING = ("se entiende", "se entender", "se denominar", "abreviatur")


@dataclass(frozen=True)
class _Document:
    document_id: str
    title: str
    short_name: str | None
    type: str
    identifier: str | None
    jurisdiction_id: str | None = None

    @property
    def constitution(self) -> str | None:
        """What «la Constitución» means in it: the federal one in federal texts; in local ones it is not known."""
        return "CPEUM" if self.jurisdiction_id == "MEX" else None

    @property
    def norm(self) -> str | None:
        """The name under which citations of it are stored, if it is a norm."""
        return (self.short_name or self.title) if self.type in (*LAWS, "agreement") else None


@dataclass(frozen=True)
class _Section:
    section_id: str
    kind: str
    anchor: str
    number: str | None
    heading: str
    text: str
    notes: str

    @property
    def article(self) -> str | None:
        """The number by which it is cited as an article."""
        if self.kind == "transitory":
            return f"transitorio {number_of(self.number or '')}"
        return self.number if self.kind == "article" else None


def citation_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every reference in every section, in the order of documents and sections."""
    documents = {
        row[0]: _Document(*row)
        for row in connection.execute(
            "SELECT document_id, title, short_name, type, identifier, jurisdiction_id FROM documents ORDER BY document_id"
        )
    }
    sections: dict[str, list[_Section]] = defaultdict(list)
    for document_id, *values in connection.execute(
        "SELECT document_id, section_id, kind, anchor, number, heading, coalesce(text, ''), coalesce(reform_notes, '')"
        " FROM document_sections ORDER BY document_id, position"
    ):
        sections[document_id].append(_Section(*values))
    names = _names_of(documents)
    resolver = Resolver(documents, sections)
    for document_id, held in sections.items():
        yield from _document_rows(documents[document_id], held, names, resolver)


def _names_of(documents: dict[str, _Document]) -> Names:
    """The known norms, and those that the database holds by their titles and short names."""
    known = known_names()
    held = [d for d in documents.values() if d.norm is not None]
    full = {plain(" ".join(d.title.split())): str(d.norm) for d in held} | dict(known.full)
    short = {d.short_name: str(d.norm) for d in held if d.short_name and d.type in LAWS} | dict(known.abbreviations)
    return Names(None, full, short)


def _contexts(document: _Document, sections: list[_Section], names: Names) -> Iterator[Context]:
    """The context of each section of a document, in order."""
    glossary = [(s.heading, s.text) for s in sections if s.kind == "glossary_entry"]
    defining = [s.text for s in sections if s.kind == "article" and any(w in s.text[:400].casefold() for w in DEFINING)]
    norm = document.norm if document.type in LAWS else None
    own = names.with_terms({}, norm, document.constitution)
    own = own.with_terms(defined_terms(own, defining, glossary), norm, document.constitution)
    articles = [s.article for s in sections if s.kind == "article"]
    place = 0
    for section in sections:
        neighbours: tuple[str | None, str | None] = (None, None)
        if section.kind == "article":
            neighbours = (
                articles[place - 1] if place else None,
                articles[place + 1] if place + 1 < len(articles) else None,
            )
            place += 1
        in_decree = section.kind == "decree" or section.anchor.startswith("dec-")
        is_law = document.type in LAWS and section.kind not in ("heading", "front")
        yield Context(own, section.article, neighbours, default_own=is_law, own_decree=in_decree)


def _document_rows(document: _Document, sections: list[_Section], names: Names, resolver: Resolver) -> Iterator[Row]:
    for section, context in zip(sections, _contexts(document, sections, names), strict=True):
        number = 0
        heading = section.heading if section.kind in CITING_HEADINGS else ""
        for column, text in (("heading", heading), ("text", section.text), ("reform_notes", section.notes)):
            for reference in find_references(text, context):
                if (column == "reform_notes" and reference.norm != GAZETTE) or reference.norm == document.identifier:
                    continue
                number += 1
                cited_document, cited_section = resolver.resolve(document, section, reference)
                yield {
                    "citation_id": f"{section.section_id}#{number}", "section_id": section.section_id, "found_in": column,
                    "start_character": reference.start, "end_character": reference.end, "cited_text": reference.text,
                    "norm": reference.norm, "article": reference.article, "detail": reference.detail,
                    "cited_date": reference.date, "cited_document_id": cited_document, "cited_section_id": cited_section,
                    "rule": reference.rule,
                }  # fmt: skip


class Resolver:
    """Finds the document and the section that a reference means, among those that the database holds."""

    def __init__(self, documents: dict[str, _Document], sections: dict[str, list[_Section]]) -> None:
        self._held = {section.section_id for held in sections.values() for section in held}
        self._by_norm = {d.norm: d.document_id for d in documents.values() if d.norm is not None}
        self._by_norm |= {d.identifier: d.document_id for d in documents.values() if d.identifier}
        self._decrees: dict[tuple[str, str], str] = {}
        for document_id, held in sections.items():
            for section in held:
                if section.kind == "decree" and section.number:
                    self._decrees.setdefault((document_id, section.number), section.section_id)

    def resolve(self, citing: _Document, section: _Section, reference: Reference) -> tuple[str | None, str | None]:
        """(document, section); None for what is not held."""
        if reference.norm == GAZETTE:
            decree = self._decrees.get((citing.document_id, reference.date or ""))
            return (citing.document_id, decree) if decree else (None, None)
        if reference.norm == DECREE:
            return self._of_decree(citing, section, reference)
        document_id = self._by_norm.get(reference.norm or "")
        if document_id is None or reference.article is None:
            return document_id, None
        if reference.rule == "this_article" and document_id == citing.document_id:
            return document_id, section.section_id
        anchor = f"art-{slug(reference.article)}"
        if reference.article.startswith("transitorio"):
            return self._of_decree(citing, section, reference) if document_id == citing.document_id else self._transitory(
                document_id, "", reference
            )  # fmt: skip
        return document_id, self._if_held(f"{document_id}/{anchor}")

    def _of_decree(self, citing: _Document, section: _Section, reference: Reference) -> tuple[str | None, str | None]:
        """A transitory article of the decree, or of the law's own transitories, that the section stands in."""
        if reference.rule == "this_article":
            return citing.document_id, section.section_id
        if reference.rule == "article_of_norm" or not (reference.article or "").startswith("transitorio"):
            return None, None
        within = section.anchor.rsplit("/", 1)[0] + "/" if "/trans-" in section.anchor else ""
        if section.kind == "decree":
            within = section.anchor + "/"
        return self._transitory(citing.document_id, within, reference)

    def _transitory(self, document_id: str, within: str, reference: Reference) -> tuple[str, str | None]:
        number = (reference.article or "").rsplit(" ", 1)[-1]
        return document_id, self._if_held(f"{document_id}/{within}trans-{number}")

    def _if_held(self, section_id: str) -> str | None:
        return section_id if section_id in self._held else None
