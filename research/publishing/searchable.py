"""A published document as a document of the knowledge base: its sections, read from the HTML that was published."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from research.publishing.record import ProductRow

HEADINGS = ("h1", "h2", "h3")
LEFT_OUT = ("script", "style", "svg", "nav", "header", "footer")

# type code of a product → the closed list of the table `documents`
TYPES = {
    "FP": "fact_sheet", "NI": "briefing_note", "EC": "report", "CC": "report", "EM": "briefing_note", "RM": "report",
    "PI": "report", "BP": "report", "RC": "briefing_note",
}  # fmt: skip


@dataclass(frozen=True)
class PublishedSection:
    """A heading and the text below it, a paragraph or a row of a table a line."""

    key: str
    level: int
    heading: str
    path: str
    text: str


def sections_of(page: Path) -> Iterator[PublishedSection]:
    """The sections of a published page in their order; those without text are left out. Raises OSError."""
    root: Any = html.document_fromstring(page.read_text("utf-8"))
    trail: list[tuple[int, str]] = []
    lines: list[str] = []
    seen: dict[str, int] = {}

    def finished() -> Iterator[PublishedSection]:
        if trail and any(lines):
            level, heading = trail[-1]
            key = _key(heading)
            seen[key] = seen.get(key, 0) + 1
            key = key if seen[key] == 1 else f"{key}-{seen[key]}"
            yield PublishedSection(
                key, level, heading, " › ".join(h for _, h in trail), "\n".join(line for line in lines if line)
            )
        lines.clear()

    for element in _blocks(root.body):
        text = _text(element)
        if element.tag in HEADINGS:
            yield from finished()
            level = int(element.tag[1])
            trail[:] = [*(t for t in trail if t[0] < level), (level, text)]
        else:
            lines.append(text)
    yield from finished()


def _blocks(parent: Any) -> Iterator[Any]:
    for element in parent:
        if not isinstance(element.tag, str) or element.tag in LEFT_OUT:
            continue
        if element.tag in (*HEADINGS, "p", "li", "tr", "figcaption", "caption", "blockquote"):
            yield element
        else:
            yield from _blocks(element)


def _text(element: Any) -> str:
    cells = [_plain(cell) for cell in element if cell.tag in ("td", "th")] if element.tag == "tr" else []
    return "; ".join(c for c in cells if c) if cells else _plain(element)


def _plain(element: Any) -> str:
    """The text without the marks of its notes, which would read as digits of the figure before them."""
    texts = element.xpath(".//text()[not(ancestor::sup) and not(ancestor::*[contains(@class, 'footnote-ref')])]")
    return re.sub(r"\s+", " ", "".join(texts)).strip()


def _key(heading: str) -> str:
    folded = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-") or "apartado"


def document_row(product: ProductRow, sections_count: int) -> dict[str, Any]:
    """The row of `documents` for a published product, without its provenance."""
    return {
        "document_id": product.product_id.lower(),
        "work_id": product.product_id.lower(),
        "title": product.title_es if product.language == "es" else product.title_en,
        "language": product.language,
        "language_is_detected": 0,
        "type": TYPES[product.type],
        "line": product.line,
        "status": "published",
        "creator": "Comparada",
        "publisher": "Comparada",
        "issued_date": product.published_date,
        "identifier": product.product_id,
        "jurisdiction_id": product.countries[0] if len(product.countries) == 1 else None,
        "sections_count": sections_count,
    }
