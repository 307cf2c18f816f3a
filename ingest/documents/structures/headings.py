"""Reports, guides and notes: a section a heading, with what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.documents.block import Block, ReadDocument
from ingest.documents.structures.outline import Outline, Section, slug

_NUMBERED = re.compile(r"^((?:\d{1,2}\.)*\d{1,2})\.?\s+(?=[^\W\d])(.+)$", re.DOTALL)
_ROMAN = re.compile(r"^([IVXLC]+)\.\s+(?=[^\W\d])(.+)$", re.DOTALL)
LONGEST_HEADING = 160


def headings(document: ReadDocument, title: str) -> list[Section]:
    """Sections by the headings that the format states; where it states none, by those that stand out in print."""
    blocks = _without_title(_with_levels(document.blocks), title)
    notes = {_mark(b): b for b in blocks if b.is_note}
    outline = Outline()
    for block in blocks:
        if block.is_note:
            continue
        if block.level is not None:
            number = _number(block.text)
            outline.open("heading", block.level, slug(block.text), block.text, block, number=number)
            continue
        section = outline.current or outline.open("front", 9, "inicio", title, block)
        section.add(block)
        for mark in block.marks:
            if (note := notes.pop(mark, None)) is not None:
                section.add(note)
    if notes and outline.sections:
        for note in notes.values():
            outline.sections[-1].add(note)
    return outline.sections


def _mark(note: Block) -> str:
    """Which mark a footnote answers: its own, where the format gives it, else the number that it begins with."""
    if note.marks:
        return note.marks[0]
    match = re.match(r"\d{1,4}", note.text)
    return match[0] if match else f"row {note.row}: {note.text[:20]}"


def _without_title(blocks: Sequence[Block], title: str) -> Sequence[Block]:
    """The document's title stands first as its only highest heading: it is no section."""
    if not blocks or blocks[0].level is None or len(blocks) == 1:
        return blocks
    top = blocks[0].level
    if any(b.level is not None and b.level <= top for b in blocks[1:]):
        return blocks[1:] if slug(blocks[0].text) == slug(title) else blocks
    return blocks[1:]


def _with_levels(blocks: Sequence[Block]) -> list[Block]:
    if any(b.level is not None for b in blocks):
        return list(blocks)
    return [replace(b, level=level) if (level := _printed_level(b)) is not None else b for b in blocks]


def _printed_level(block: Block) -> int | None:
    """The depth of a heading told by its print: numbered, bold, centred or in capitals; short and no sentence."""
    text = block.text
    if (
        len(text) > LONGEST_HEADING
        or text.endswith((".", ";", ",", ":"))
        or block.is_note
        or not re.search(r"[^\W\d_]{2}", text)
    ):
        return None
    numbered = _NUMBERED.match(text)
    shown = block.bold or block.centered or text.isupper()
    if numbered and (shown or len(text) < 80):
        return numbered[1].count(".") + 1
    if not shown:
        return None
    return 1 if block.centered or text.isupper() or _ROMAN.match(text) else 2


def _number(text: str) -> str | None:
    match = _NUMBERED.match(text) or _ROMAN.match(text)
    return match[1] if match else None
