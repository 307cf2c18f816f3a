"""OpenDocument text (.odt): headings with their level, paragraphs, table rows; deleted text stays out."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from ingest.documents.block import Block, ReadDocument
from ingest.documents.cleaning import clean
from ingest.documents.formats.xml_package import xml_part

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LEFT_OUT = {f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}table-of-content"}


def read_odt(path: Path, _encoding: str) -> ReadDocument:
    """The blocks of an OpenDocument text; `row` is the running number of the paragraph."""
    content = xml_part(path, "content.xml")
    blocks: list[Block] = []
    title: str | None = None
    number = 0
    for element in content.iter(f"{TEXT}h", f"{TEXT}p", f"{TABLE}table-row"):
        ancestors = {str(a.tag) for a in element.iterancestors()}
        if ancestors & _LEFT_OUT or (element.tag != f"{TABLE}table-row" and f"{TABLE}table-row" in ancestors):
            continue
        number += 1
        if element.tag == f"{TABLE}table-row":
            text = " | ".join(clean(_text(cell)) for cell in element.iter(f"{TABLE}table-cell"))
        else:
            text = clean(_text(element)).replace("\n", " ")
        if not text.strip(" |"):
            continue
        if title is None and element.get(f"{TEXT}style-name") == "Title":
            title = text
            continue
        level = int(element.get(f"{TEXT}outline-level", "1")) if element.tag == f"{TEXT}h" else None
        blocks.append(Block(text, number, level=level))
    return ReadDocument(tuple(blocks), title=title)


def _text(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            parts.append(" ")
        elif child.tag not in _LEFT_OUT:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
