"""Agreements of the INE: glossary, antecedents, recitals (considerandos) and points of resolution (acuerdos).

Numbered paragraphs count only when their number is the next one: a list inside a recital, which begins again
at 1, stays part of it.
"""

from __future__ import annotations

import re

from ingest.documents.block import Block, ReadDocument
from ingest.documents.cleaning import unspaced
from ingest.documents.structures.numerals import ORDINAL_WORD, number_of
from ingest.documents.structures.outline import Outline, Section, slug

_PARTS = (  # what its heading says, kind, anchor
    (re.compile(r"^GLOSARIO$", re.IGNORECASE), "glossary", "glosario"),
    (re.compile(r"^ANTECEDENTES?$", re.IGNORECASE), "heading", "antecedentes"),
    (re.compile(r"^CONSIDERANDOS?$", re.IGNORECASE), "heading", "considerandos"),
    (
        re.compile(r"^(?:PUNTOS? DE )?ACUERDOS?$|^(?:PUNTOS )?RESOLUTIVOS?$|^RESUELVE$", re.IGNORECASE),
        "heading",
        "acuerdos",
    ),
    (re.compile(r"^TRANSITORIOS?$|^ART[IÍ]CULOS? TRANSITORIOS?$", re.IGNORECASE), "heading", "transitorios"),
    (re.compile(r"^ANEXOS?(?:\s+\w{1,5})?$", re.IGNORECASE), "annex", "anexo"),
)
_ITEMS = {  # part → kind and anchor of its numbered paragraphs
    "antecedentes": ("antecedent", "antecedente"),
    "considerandos": ("considerando", "considerando"),
    "acuerdos": ("resolution_point", "acuerdo"),
    "transitorios": ("transitory", "trans"),
}
_NUMBERED = re.compile(
    rf"^({ORDINAL_WORD}(?:\s{ORDINAL_WORD})?|[IVXLC]+|\d{{1,3}})\s*(?:\.\s*[-–—]*|[-–—]+)\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ENTRY = re.compile(r"^(.{1,120}?)\s*(?:\||:)\s*(\S.*)$", re.DOTALL)
_CLOSING = re.compile(r"^(?:El|La) presentes? (?:Acuerdo|Resolución) fue(?:ron)? aprobad", re.IGNORECASE)
_ENACTING = re.compile(r":\W*$")


def ine_agreement(document: ReadDocument, title: str) -> list[Section]:
    """The sections of an agreement of the General Council or the General Executive Board."""
    outline = Outline()
    front = None
    part: Section | None = None
    expected, listed = 1, 0  # the next number of the part; the last number of a list inside an item
    for block in document.blocks:
        words = unspaced(block.text).strip(" :.*")
        if (found := _part(words)) is not None:
            kind, anchor = found
            enacting = _moved_enacting_words(outline, anchor)
            part, expected, listed = outline.open(kind, 1, anchor, words, block), 1, 0
            for text in enacting:
                part.add(block, text)
        elif part is None:
            front = front or outline.open("front", 1, "inicio", title, block)
            front.add(block)
        elif _CLOSING.match(block.text):
            part = outline.open("heading", 1, "aprobacion", "Aprobación", block)
            part.add(block)
        elif part.anchor == "glosario":
            _glossary_entry(outline, part, block)
        elif expected > 1 and _figure(block) in ({1} if not listed else {listed + 1}):
            listed += 1
            (outline.current or part).add(block)
        elif (item := _item(part, block, expected)) is not None:
            _open_item(outline, part, block, *item)
            expected, listed = expected + 1, 0
        elif part.anchor == "considerandos" and _is_subheading(block):
            number = _NUMBERED.match(block.text)
            own = slug(number[2] if number else block.text)
            outline.open(
                "heading",
                2,
                f"considerandos/{own}",
                block.text.rstrip("."),
                block,
                number=number[1] if number else None,
            )
        else:
            (outline.current or part).add(block)
    return outline.sections


def _figure(block: Block) -> int | None:
    """The number in figures that a paragraph begins with."""
    match = _NUMBERED.match(block.text)
    return int(match[1]) if match is not None and match[1].isdigit() else None


def _part(words: str) -> tuple[str, str] | None:
    return next(((kind, anchor) for pattern, kind, anchor in _PARTS if pattern.match(words)), None)


def _moved_enacting_words(outline: Outline, anchor: str) -> list[str]:
    """«…emite los siguientes:» stands before the heading of the points of resolution and belongs below it."""
    current = outline.current
    if (
        anchor != "acuerdos"
        or current is None
        or len(current.entries) < 2
        or not _ENACTING.search(current.entries[-1][1])
    ):
        return []
    return [current.entries.pop()[1]]


def _glossary_entry(outline: Outline, part: Section, block: Block) -> None:
    match = _ENTRY.match(block.text)
    if match is None:
        (outline.current or part).add(block)
        return
    term = match[1].strip()
    entry = outline.open("glossary_entry", 2, f"glosario/{slug(term)}", term, block)
    entry.add(block, match[2])


def _item(part: Section, block: Block, expected: int) -> tuple[str, str, str] | None:
    """(number as printed, anchor number, text) when the block is the part's next numbered paragraph."""
    items = _ITEMS.get(part.anchor)
    match = _NUMBERED.match(block.text)
    if items is None or match is None or number_of(match[1]) != expected:
        return None
    in_words = (not match[1][0].isdigit() and not match[1].isupper()) or len(match[1]) > 6
    if part.anchor == "considerandos" and (in_words or _is_subheading(block)):
        return None
    return match[1], str(expected), match[2]


def _open_item(outline: Outline, part: Section, block: Block, number: str, value: str, text: str) -> None:
    kind, anchor = _ITEMS[part.anchor]
    names = {
        "antecedent": "Antecedente",
        "considerando": "Considerando",
        "resolution_point": "Acuerdo",
        "transitory": "Transitorio",
    }
    below = outline.current
    while below is not None and below.rank > 2:
        below = below.parent
    rank = 3 if below is not None and below.rank == 2 and below.kind == "heading" else 2
    section = outline.open(kind, rank, f"{anchor}-{value}", f"{names[kind]} {number}", block, number=number)
    section.add(block, text)


def _is_subheading(block: Block) -> bool:
    """«PRIMERO. Competencia.»: an ordinal in words and a few words."""
    match = _NUMBERED.match(block.text)
    return match is not None and not match[1][0].isdigit() and len(match[1]) > 4 and len(match[2]) < 120
