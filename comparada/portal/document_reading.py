"""A section of a document as a reader wants it: its text with its references as links, and who cites it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comparada.portal.entry_addresses import entry_address, row_address
from comparada.portal.search_service import NotReady, SearchService, TooBusy
from ingest.table_schema import COMPARADA

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_CITING = 60
MOST_SECTIONS = 1_000


@dataclass(frozen=True)
class Piece:
    """A run of text; `address` where it is a reference to something that we hold."""

    text: str
    address: str | None = None


@dataclass(frozen=True)
class SectionLink:
    """Another section: what it is called, where it is, how deep, and in which document."""

    heading: str
    address: str
    level: int = 1
    document: str = ""


@dataclass(frozen=True)
class SectionReading:
    """A section and what surrounds it. `paragraphs` are its lines, cut at references."""

    document: SectionLink
    path: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    reform_notes: tuple[str, ...]
    invalid_text: tuple[str, ...]
    below: tuple[SectionLink, ...]
    before: SectionLink | None
    after: SectionLink | None
    cited_by: tuple[SectionLink, ...]
    cited_by_count: int


class DocumentReader:
    """Reads documents from the knowledge base for the pages of their rows."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette

    async def section(self, section_id: str) -> SectionReading | None:
        """The section as it is read; None when there is none of that id."""
        found = await self._rows(
            "SELECT s.*, d.title, d.short_name FROM document_sections s JOIN documents d USING (document_id)"
            " WHERE section_id = ?", section_id,
        )  # fmt: skip
        if not found:
            return None
        row = found[0]
        references = await self._rows(
            "SELECT start_character AS start, end_character AS \"end\", min(coalesce(cited_section_id, '')) AS section,"
            " min(coalesce(cited_document_id, '')) AS document FROM citations WHERE section_id = ? AND found_in = 'text'"
            " GROUP BY start_character, end_character ORDER BY start_character", section_id,
        )  # fmt: skip
        citing = await self._rows(
            "SELECT DISTINCT s.section_id, s.heading, s.level, coalesce(d.short_name, d.title) AS document"
            " FROM citations c JOIN document_sections s ON s.section_id = c.section_id JOIN documents d"
            " ON d.document_id = s.document_id WHERE c.cited_section_id = ? ORDER BY d.document_id, s.position",
            section_id,
        )  # fmt: skip
        here = (row["document_id"], row["position"])
        near = "SELECT section_id, heading, level FROM document_sections WHERE document_id = ? AND position"
        before = await self._rows(f"{near} < ? ORDER BY position DESC LIMIT 1", *here)
        after = await self._rows(f"{near} > ? ORDER BY position LIMIT 1", *here)
        below = await self._rows(
            "SELECT section_id, heading, level FROM document_sections WHERE parent_id = ? ORDER BY position", section_id
        )
        return SectionReading(
            document=SectionLink(row["title"], self._address("documents", row["document_id"])),
            path=str(row["heading_path"]),
            paragraphs=tuple(self._paragraphs(row["text"] or "", references)),
            reform_notes=_lines(row["reform_notes"]),
            invalid_text=_lines(row["invalid_text"]),
            below=self._links(below),
            before=next(iter(self._links(before)), None),
            after=next(iter(self._links(after)), None),
            cited_by=self._links(citing[:MOST_CITING]),
            cited_by_count=len(citing),
        )

    async def similar(self, section_id: str) -> tuple[SectionLink, ...]:
        """What resembles the section, as the search finds it; nothing while there is no index."""
        service: SearchService | None = self._datasette.__dict__.get("comparada_search")
        if service is None:
            return ()
        try:
            hits = await service.similar("section", section_id)
        except (NotReady, TooBusy):
            return ()
        return tuple(
            SectionLink(h.title, entry_address(self._datasette, h.kind, h.table, h.key), document=h.subtitle)
            for h in hits
        )

    async def contents(self, document_id: str) -> tuple[SectionLink, ...]:
        """The sections of a document in their order, up to MOST_SECTIONS."""
        rows = await self._rows(
            f"SELECT section_id, heading, level FROM document_sections WHERE document_id = ? ORDER BY position LIMIT {MOST_SECTIONS}",
            document_id,
        )
        return self._links(rows)

    async def versions(self, document_id: str) -> tuple[SectionLink, ...]:
        """The same work in other languages."""
        rows = await self._rows(
            "SELECT o.document_id, o.title, o.language FROM documents d JOIN documents o USING (work_id)"
            " WHERE d.document_id = ? AND o.document_id <> d.document_id ORDER BY o.language", document_id,
        )  # fmt: skip
        return tuple(
            SectionLink(r["title"], self._address("documents", r["document_id"]), document=r["language"]) for r in rows
        )

    def _paragraphs(self, text: str, references: list[Any]) -> Iterator[tuple[Piece, ...]]:
        start = 0
        for line in text.split("\n"):
            end = start + len(line)
            pieces, at = [], start
            for r in references:
                if at <= r["start"] and r["end"] <= end:
                    pieces.append(Piece(text[at : r["start"]]))
                    pieces.append(Piece(text[r["start"] : r["end"]], self._cited(r)))
                    at = r["end"]
            pieces.append(Piece(text[at:end]))
            if line.strip():
                yield tuple(p for p in pieces if p.text)
            start = end + 1

    def _cited(self, reference: Any) -> str | None:
        if reference["section"]:
            return self._address("document_sections", reference["section"])
        return self._address("documents", reference["document"]) if reference["document"] else None

    def _links(self, rows: list[Any]) -> tuple[SectionLink, ...]:
        return tuple(
            SectionLink(
                r["heading"], self._address("document_sections", r["section_id"]), int(r["level"]),
                r["document"] if "document" in r.keys() else "",  # noqa: SIM118  # sqlite3.Row
            )
            for r in rows
        )  # fmt: skip

    def _address(self, table: str, key: str) -> str:
        return row_address(self._datasette, table, key)

    async def _rows(self, sql: str, *parameters: object) -> list[Any]:
        return list((await self._datasette.get_database(COMPARADA).execute(sql, list(parameters))).rows)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in (text or "").split("\n") if line.strip())
