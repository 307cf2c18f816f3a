"""Numbers in a text that come from no directive: nobody would notice when they stop being true.

Years, dates, articles of law, ordinals, pages, codes and numbered lists are how texts speak, not data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from research.directives.syntax import find_directives
from research.faults import TextError
from research.publishing.front_matter import split
from research.publishing.product import TEXT_FILE, product_ids, read_text


@dataclass(frozen=True)
class LooseNumber:
    """A number of a document's text, its line, and the words around it."""

    product_id: str
    line: int
    number: str
    around: str

    def told(self, language: str) -> str:
        """The number in one line, with what to do about it."""
        where = f"research/products/{self.product_id}/{TEXT_FILE}:{self.line}"
        es = f"«{self.number}» no sale de ninguna directiva: «{self.around}»; use [[dato: …]], o [[número: {self.number} | su razón]]"
        en = f"'{self.number}' comes from no directive: '{self.around}'; use [[figure: …]], or [[number: {self.number} | its reason]]"
        return f"{where}: {es if language == 'es' else en} [loose-number]"


_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|january|february|march|april"
    r"|may|june|july|august|september|october|november|december)"
)
_BEFORE = (
    r"(?:art[ií]culos?|arts?\.|articles?|fracci[oó]n(?:es)?|incisos?|p[aá]rrafos?|paragraphs?|apartados?|base|cap[ií]tulos?|chapters?"
    r"|t[ií]tulos?|libros?|secci[oó]n(?:es)?|sections?|transitorios?|considerandos?|ley|law|decreto|acuerdo|cuadros?|tables?|gr[aá]ficas?"
    r"|figures?|mapas?|maps?|notas?|anexos?|p[aá]ginas?|pages?|pp?\.|vol\.|n[uú]m\.|no\.|n\.º|siglo|distrito|versi[oó]n|version|v\.)"
)
_NUMBER = r"\d+(?:[.,]\d+)*"
# what is taken out of a text before numbers are looked for, each kept at its length so that lines stay
_NOT_DATA = re.compile(
    "|".join(
        (
            r"^(?:```+|~~~+)[^\n]*\n.*?^(?:```+|~~~+)[^\n]*$",  # code
            r"`[^`\n]*`",
            r"<!--.*?-->",
            r"\]\([^)\n]*\)|<[^>\s]+>|https?://\S+",  # where links lead
            r"\{[^}\n]*\}",  # attributes
            r"\[?@[\w:.#$%&+?<>~/-]+",  # references
            r"\[\^[^\]\n]+\]:?",  # marks of notes
            r"^[ \t]*(?:\d+|[a-z])[.)][ \t]",  # items of lists
            r"\b\d{4}-\d{2}(?:-\d{2})?\b",  # days
            rf"\b(?i:\d{{1,2}}(?:\.?[ºo°])?\s+(?:de\s+)?{_MONTH}(?:\s+(?:de\s+|del\s+)?\d{{4}})?)\b",
            rf"\b(?i:{_MONTH}\s+\d{{1,2}}(?:,\s*\d{{4}})?)\b",
            rf"\b(?i:{_BEFORE})\s*{_NUMBER}(?:\s*(?:,|y|e|o|a|al|and|to|or|[-–])\s*{_NUMBER})*(?:\s*(?:bis|ter|qu[aá]ter))?",
            rf"{_NUMBER}\.?[ºª°]|\b\d+\.?(?:er|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na|st|nd|rd|th)\b",  # ordinals
            r"\b(?:1[6-9]|20|21)\d{2}(?:\s*[–/-]\s*(?:(?:1[6-9]|20|21)\d{2}|\d{2}))?\b(?![.,]\d)(?!\s*%)",  # years
            r"\b[^\W\d_][\w./-]*\d[\w./-]*",  # codes: G20, COVID-19, INE/JGE52/2022, S.5.01.1.01
            r"\b\d+(?=[^\W\d_])\w*",  # 3D
        )
    ),
    re.MULTILINE | re.DOTALL,
)
_LOOSE = re.compile(rf"(?<![\w.])[−-]?{_NUMBER}(?:\s*%)?")


def loose_numbers(products: Path) -> list[LooseNumber | TextError]:
    """The numbers of every document's text that no directive gives, in the order of documents and lines.

    A text that cannot be read is told in its place and stops no other; one whose head is wrong is passed over: publishing
    it says why.
    """
    found: list[LooseNumber | TextError] = []
    for product_id in product_ids(products):
        try:
            head, _ = split(read_text(products, product_id))
        except TextError as unreadable:
            found.append(unreadable)
            continue
        if head is not None:
            found += numbers_in(head.text, head.first_line, product_id)
    return found


def numbers_in(text: str, first_line: int = 1, product_id: str = "") -> list[LooseNumber]:
    """The loose numbers of one text whose first line has that number in its file.

    >>> [n.number for n in numbers_in("En 2018 votó 63.4 % (artículo 41, 1.ª vuelta, 1 de julio); 12 países.")]
    ['63.4 %', '12']
    """
    bare = list(text)
    for directive in find_directives(text).directives:
        bare[directive.start : directive.end] = _blank(text[directive.start : directive.end])
    searched = _NOT_DATA.sub(lambda match: "".join(_blank(match[0])), "".join(bare))
    found = []
    for match in _LOOSE.finditer(searched):
        line = first_line + text.count("\n", 0, match.start())
        around = " ".join(text[max(0, match.start() - 25) : match.end() + 25].split())
        found.append(LooseNumber(product_id, line, match[0].strip(), around))
    return found


def _blank(words: str) -> list[str]:
    return ["\n" if c == "\n" else " " for c in words]
