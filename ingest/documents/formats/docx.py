"""Word documents (.docx): paragraphs with the level of their heading style, table rows; deleted text stays out."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from ingest.documents.block import Block, ReadDocument, UnreadableDocument
from ingest.documents.cleaning import clean
from ingest.documents.formats.xml_package import xml_part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^(?:heading|t[ií]tulo|titre)\s*(\d)$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|t[ií]tulo|puesto|titre)$", re.IGNORECASE)


def read_docx(path: Path, _encoding: str) -> ReadDocument:
    """The blocks of a Word document; `row` is the running number of the paragraph. Raises UnreadableDocument."""
    body = xml_part(path, "word/document.xml").find(f"{W}body")
    if body is None:
        raise UnreadableDocument("damaged-document", "w:body")
    levels = _style_levels(path)
    blocks: list[Block] = []
    number = 0
    for element in body.iter(f"{W}p", f"{W}tr"):
        if element.tag == f"{W}tr":
            number += 1
            cells = [clean(" ".join(_text(p) for p in cell.iter(f"{W}p"))) for cell in element.iter(f"{W}tc")]
            _add(blocks, Block(clean(" | ".join(c for c in cells if c)), number))
        elif not _inside_a_row(element):
            number += 1
            _add(blocks, _paragraph(element, number, levels))
    title = next((b.text for b in blocks if b.level == 0), None)
    return ReadDocument(tuple(b for b in blocks if b.level != 0), title=title)


def _add(blocks: list[Block], block: Block) -> None:
    if block.text:
        blocks.append(block)


def _inside_a_row(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{W}tr"), None) is not None


def _paragraph(element: etree._Element, number: int, levels: dict[str, int]) -> Block:
    style = element.find(f"{W}pPr/{W}pStyle")
    outline = element.find(f"{W}pPr/{W}outlineLvl")
    alignment = element.find(f"{W}pPr/{W}jc")
    level = levels.get(str(style.get(f"{W}val"))) if style is not None else None
    if outline is not None and str(outline.get(f"{W}val")).isdigit() and int(str(outline.get(f"{W}val"))) < 9:
        level = int(str(outline.get(f"{W}val"))) + 1
    runs = [r for r in element.iter(f"{W}r") if _text(r).strip()]
    return Block(
        clean(_text(element)).replace("\n", " "),
        number,
        level=level,
        bold=bool(runs) and all(_is_on(r.find(f"{W}rPr/{W}b")) for r in runs),
        centered=alignment is not None and alignment.get(f"{W}val") == "center",
    )


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val") not in ("0", "false", "none")


def _text(element: etree._Element) -> str:
    parts = []
    for part in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen"):
        parts.append({f"{W}t": part.text or "", f"{W}noBreakHyphen": "-"}.get(str(part.tag), " "))
    return "".join(parts)


def _style_levels(path: Path) -> dict[str, int]:
    """Style id → level of heading; 0 is the document's title."""
    try:
        styles = xml_part(path, "word/styles.xml")
    except UnreadableDocument:
        return {}
    levels: dict[str, int] = {}
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        named = str(name.get(f"{W}val")) if name is not None else ""
        if match := _HEADING.match(named):
            levels[str(style.get(f"{W}styleId"))] = int(match[1])
        elif _TITLE.match(named):
            levels[str(style.get(f"{W}styleId"))] = 0
        elif outline is not None and str(outline.get(f"{W}val")).isdigit() and int(str(outline.get(f"{W}val"))) < 9:
            levels[str(style.get(f"{W}styleId"))] = int(str(outline.get(f"{W}val"))) + 1
    return levels
