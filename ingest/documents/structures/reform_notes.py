"""Text in force, told apart from notes on amendments and from passages declared invalid.

The consolidated laws of the Cámara de Diputados print notes in small italics below what they speak of, and
mark what a ruling of the Supreme Court touched with brackets. What a bracket means, its notes say:

- «… declarado inválido y “recupera su vigencia con el texto que tenía …”»: an amendment was annulled, and
  what stands in brackets is the earlier text, in force again. The brackets go, the text stays.
- «… declarado inválido y suprimido …»: what the annulled amendment had added is gone; «[3. Suprimido]»
  marks its place. The mark goes to the notes.
- «… declarado inválido por sentencia …»: what stands in brackets (in parentheses inside them, when both
  things happened; only the quoted words, when the note quotes some) is itself invalid. It goes to
  invalid_text, and «[…]» marks its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = "[…]"
_RESTORED = re.compile(r"recupera su vigencia", re.IGNORECASE)
_STRUCK = re.compile(r"declarad[oa]s? inv[áa]lid[oa]s? por sentencia", re.IGNORECASE)
_QUOTED = re.compile(r"“([^”]+)”")
_SUPPRESSED = re.compile(
    r"(?:^(?:\d{1,3}\.|[a-zñ]{1,2}\)|[IVXLC]+\.)\s*)?\[[^\[\]]{0,60}?\bSuprimid[oa]s?\b\.?\)?\]\.?", re.MULTILINE
)
_LOOSE_BRACKET = re.compile(r"\[(?!…\]|sic\])|(?<!\[…)(?<!\[sic)\]")


@dataclass(frozen=True)
class InForce:
    """What a section says: its text in force, notes on amendments, and passages declared invalid."""

    text: str
    reform_notes: str
    invalid_text: str


def in_force(entries: list[tuple[bool, str]], *, is_void: bool = False) -> InForce:
    """Sort a section's paragraphs and notes. `is_void`: the whole section was declared invalid."""
    notes = [text for is_note, text in entries if is_note]
    if is_void:
        words = [_LOOSE_BRACKET.sub("", text) for is_note, text in entries if not is_note]
        return InForce("", "\n".join(notes), "\n".join(words))
    restored = any(_RESTORED.search(note) for note in notes)
    paragraphs: list[str] = []
    told: list[str] = []
    invalid: list[str] = []
    for words, own_notes in _with_their_notes(entries):
        text = "\n".join(words)
        for stub in _SUPPRESSED.findall(text):
            told.append(stub.replace("[", "").replace("]", ""))
        text = _SUPPRESSED.sub("", text)
        for note in own_notes:
            if _STRUCK.search(note) and not _RESTORED.search(note):
                text, passages = _strike(text, note, inside=any(_RESTORED.search(n) for n in own_notes))
                invalid += passages
        paragraphs.append(_LOOSE_BRACKET.sub("", text) if restored else text)
        told += own_notes
    lines = [line.strip() for line in "\n".join(paragraphs).split("\n")]
    return InForce("\n".join(line for line in lines if line), "\n".join(told), "\n".join(invalid))


def _with_their_notes(entries: list[tuple[bool, str]]) -> list[tuple[list[str], list[str]]]:
    """Runs of paragraphs, each with the notes that follow it."""
    runs: list[tuple[list[str], list[str]]] = []
    for is_note, text in entries:
        if not runs or (not is_note and runs[-1][1]):
            runs.append(([], []))
        runs[-1][1 if is_note else 0].append(text)
    return runs


def _strike(text: str, note: str, *, inside: bool) -> tuple[str, list[str]]:
    """The text without what the note says is invalid, and what that was."""
    opening, closing = (r"\(", r"\)") if inside else (r"\[", r"\]")
    portions = [q.strip(" .…,;") for q in _QUOTED.findall(note)]
    if portions:
        patterns = [
            opening + r"\s*(" + r"\s+".join(map(re.escape, p.split())) + r"[.,;]?)\s*" + closing for p in portions
        ]
    else:
        patterns = [r"\[\((.*?)\)\]" if inside else r"\[(?!…\])(.*?)\]"]
    passages: list[str] = []
    for pattern in patterns:
        passages += [m[1] for m in re.finditer(pattern, text, re.DOTALL)]
        text = re.sub(pattern, MARK, text, flags=re.DOTALL)
    return text, [" ".join(p.split()) for p in passages]
