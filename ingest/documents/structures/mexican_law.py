"""Mexican laws: books, titles, chapters, sections, articles, transitory articles and the decrees printed after them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.documents.block import Block, ReadDocument
from ingest.documents.cleaning import unspaced
from ingest.documents.structures.numerals import ORDINAL_WORD, number_of, ordinal
from ingest.documents.structures.outline import Outline, Section, slug

_KINDS = {  # word → kind, rank, part of the anchor
    "parte": ("book", 1, "parte"), "libro": ("book", 2, "lib"), "titulo": ("title", 3, "tit"),
    "capitulo": ("chapter", 4, "cap"), "seccion": ("section", 5, "sec"), "apartado": ("section", 6, "apdo"),
    "subseccion": ("section", 6, "subsec"),
}  # fmt: skip
_ARTICLE_RANK = 7
_ORDINALS = rf"{ORDINAL_WORD}(?:[ -]{ORDINAL_WORD})?"
_HEADING = re.compile(
    rf"^[\[«“\"]*(PARTE|LIBRO|T[IÍ]TULO|CAP[IÍ]TULO|SECCI[OÓ]N|SUBSECCI[OÓ]N|APARTADO)\s+"
    rf"({_ORDINALS}|[IVXLCDM]+|\d{{1,3}}|[A-Z])(?:\s+(BIS|TER|QU[AÁ]TER))?(?![\w])\]?[\s.:\-–—]*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
# a book, its title and its chapter printed one right below the other
_INNER_HEADING = re.compile(
    rf"(?:^|\s)(?=(?:T[IÍ]TULO|CAP[IÍ]TULO|SECCI[OÓ]N)\s+(?:{_ORDINALS}|[IVXLCDM]+)\b)", re.IGNORECASE
)
_PART = re.compile(rf"^({ORDINAL_WORD})\s+PARTE\W*()(.*)$", re.IGNORECASE | re.DOTALL)
_SUFFIX = (
    r"bis|ter|qu[aá]ter|qu[aá]rter|quintus|quintes|quinqui?es|quinquies|sexties|sexies|septies|octies|nonies|novies|decies|"
    r"undecies|duodecies|terdecies"
)
_ARTICLE = re.compile(
    rf"^[\[«“\"]*(ART[IÍ]CULOS?|Art[ií]culos?|Art\.)\s+(\d{{1,4}})(?:\s*[oaº°ª]\b\.?|\s*[º°])?\s*[-–]?\s*"
    rf"((?i:{_SUFFIX})(?:\s+\d{{1,2}}|\s+[A-Z](?=[.\s]))?|[A-Z](?=\s*[.\-]))?\s*(?:[.:]\s*[-–—]*|[-–—]+|\](?=\W*$)|(?=\n|$|\s[A-ZÁÉÍÓÚ]))\s*(.*)$",
    re.DOTALL,
)
_SUFFIX_ORDER = [
    "", "bis", "ter", "quater", "quarter", "quintus", "quintes", "quinquies", "quinques", "sexies", "sexties",
    "septies", "octies", "nonies", "novies", "decies", "undecies", "duodecies", "terdecies",
]  # fmt: skip
_SUPPRESSED_ARTICLE = re.compile(r"^Suprimid[oa]\.?\]?$", re.IGNORECASE)
_TRANSITORIES = re.compile(
    r"^[\[\"“]*(?:ART[IÍ]CULOS?\s+)?TRANSITORI[OA]S?\b[\]\s.:\"”]*$|^ART[IÍ]CULOS\s+TRANSITORIOS\s+DEL?\s+.{0,400}$",
    re.IGNORECASE | re.DOTALL,
)
_OF_DECREES = re.compile(r"^ART[IÍ]CULOS\s+TRANSITORIOS\s+DE\s+(?:LOS\s+)?DECRETOS", re.IGNORECASE)
_TRANSITORY = re.compile(
    rf"^[\[\"“]*(?:ART[IÍ]CULO\s+)?({_ORDINALS}|\d{{1,3}}\s*[oº°]?)(?:\s+TRANSITORIO)?\s*(?:[.:]\s*[-–—]*|[-–—]+)\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LARGEST_GAP = 3  # between one transitory article and the next: some have been struck out
_DECREE = re.compile(
    r"^\[?(DECRETO|ACUERDO|SENTENCIA|FE DE ERRATAS|ACLARACI[OÓ]N|AVISO|DECLARATORIA|RESOLUCI[OÓ]N|(?:PUNTOS\s+)?RESOLUTIVOS|LEY|NOTA)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"^\W*(?:Publicad|Notificad)[oa]s?\b.*?\b(\d{1,2})[oº]?\.?\s+de\s+(\w+)\s+(?:de|del)\s+(\d{4})",
    re.IGNORECASE | re.DOTALL,
)
_VOID = re.compile(r"^Decreto declarado inválido", re.IGNORECASE)
_CLOSING = re.compile(
    r"Rúbricas?\.?[\"”\]]*$|^En cumplimiento de lo dispuesto por la fracción I|^Dad[oa] en |^Por (?:lo )?tanto,? mando|^SAL[OÓ]N DE "
)
_GAZETTE = r"(?:\bD\.?\s?O\.?(?:\s?F\.?)?|\bP\.?\s?O\.?|\bG\.?\s?O\.?|Decreto|Peri[oó]dico Oficial|Gaceta)"
_CHANGED = r"(?:reformad|adicionad|derogad|reubicad|recorrid|abrogad|modificad)[oa]s?"
_NOTE_AFTER = re.compile(
    r"^Nota: Por declaratoria de invalidez|"
    r"^\(?(?:Art[ií]culo|P[aá]rrafo|Fracci[oó]n|Inciso|Numeral|Cap[ií]tulo|T[ií]tulo|Libro|Secci[oó]n|Denominaci[oó]n|Apartado|"
    rf"Base|Encabezado|Subinciso|Proemio|Nombre)e?s?\b[^.:;]{{0,60}}?\b{_CHANGED}\b.{{0,250}}?{_GAZETTE}.{{0,200}}$",
    re.IGNORECASE | re.DOTALL,
)
_NOTE_BEFORE = re.compile(rf"^\(\s*(?:{_CHANGED}|N\.? DE E\.?)\b[^()]*\)\.?$", re.IGNORECASE | re.DOTALL)
_FOOTNOTE = re.compile(r"^(\d{1,4})\s+(.*)$", re.DOTALL)
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip


def mexican_law(document: ReadDocument, title: str) -> list[Section]:
    """The sections of a law, code or constitution."""
    return _Reader(document, title).read()


@dataclass(frozen=True)
class _Head:
    """An article's heading as printed, its number, and what follows on the same line."""

    printed: str
    number: str
    key: tuple[int, int, str]
    rest: str


class _Reader:
    """One law being read: where in the law we are, and the sections found so far."""

    def __init__(self, document: ReadDocument, title: str) -> None:
        self._title = title
        self._footnotes, self._blocks = _footnotes(document.blocks)
        self._heads = _article_heads(self._blocks)
        self._outline = Outline()
        self._body = self._first_heading()
        self._holder: Section | None = None  # the transitories or the decree that transitory articles belong to
        self._in_decrees = self._in_transitories = self._closing = self._titled = False
        self._last = (0, False)  # the last transitory article: its number, and whether it is in figures
        self._before = ""  # the last paragraph
        self._pending: list[Block] = []  # notes printed before what they speak of

    def read(self) -> list[Section]:
        """All blocks, in order."""
        for index, block in enumerate(self._blocks):
            if block.is_note or (index not in self._heads and _NOTE_AFTER.match(block.text)):
                self._note(block)
            elif _NOTE_BEFORE.match(block.text):
                self._pending.append(block)
            else:
                self._take(index, block)
                self._before = block.text
                for note in self._pending:
                    self._note(note)
                self._pending = []
                self._mark(block)
        self._settle_void()
        return self._outline.sections

    def _take(self, index: int, block: Block) -> None:
        words = unspaced(block.text)
        if _OF_DECREES.match(words) and len(words) < 120:
            self._in_decrees, self._in_transitories, self._closing = True, False, False
            self._holder = self._outline.open("heading", 1, "decretos", words.strip("[]"), block)
        elif _TRANSITORIES.match(words) and len(words) < 400 and block.text[0] not in "atd":
            self._transitories(block, words)
        elif self._in_decrees and self._is_decree(index):
            self._decree(index, block)
        elif self._holder is None and index in self._heads:
            self._article(block, self._heads[index])
        elif index >= self._body and self._holder is None and (heading := self._as_heading(block, words)) is not None:
            self._heading(block, *heading)
        elif self._in_transitories and (match := _TRANSITORY.match(block.text)) and self._is_next(match[1]):
            self._transitory(block, match[1], match[2])
        else:
            self._text(block)

    def _first_heading(self) -> int:
        """The block on which the body begins: headings before it are those of a table of contents."""
        first_article = min(self._heads, default=0)
        found = [
            (index, _KINDS[slug(heading[0])][1], number_of(heading[1]))
            for index, block in enumerate(self._blocks[:first_article])
            if not block.is_note and (heading := self._as_heading(block, unspaced(block.text))) is not None
        ]
        highest = min((rank for _, rank, _ in found), default=0)
        return max((index for index, rank, value in found if rank == highest and value == 1), default=0)

    # --- what begins a section ----------------------------------------------------------------

    def _as_heading(self, block: Block, words: str) -> tuple[str, str, str, str] | None:
        """(word, number, suffix, title) when the block is a heading of the law's body."""
        match = _HEADING.match(words)
        if match is not None:
            word, number, suffix, rest = match[1], match[2], match[3] or "", match[4]
        elif (match := _PART.match(words)) is not None:
            word, number, suffix, rest = "parte", match[1], "", match[3]
        else:
            return None
        stands_out = block.centered or block.bold or block.text.lstrip('[«“"')[:3].isupper()
        if not words.lstrip('[«“"')[0].isupper() or len(words) > 350 or (rest and not stands_out):
            return None
        if rest and not (rest[0].isupper() or rest[0] in '[“"«('):
            return None
        return word, number, suffix, rest

    def _heading(self, block: Block, word: str, number: str, suffix: str, rest: str) -> None:
        kind, rank, short = _KINDS[slug(word)]
        value = number_of(number)
        own = f"{short}-{value if value is not None else slug(number)}{'-' + slug(suffix) if suffix else ''}"
        parent = self._parent_of(rank)
        anchor = f"{parent.anchor}/{own}" if parent is not None else own
        printed = f"{block.text[: len(block.text) - len(rest)] if rest else block.text}".strip(' []«“"\n.:-–—')
        section = self._outline.open(kind, rank, anchor, printed, block, number=f"{number} {suffix}".strip())
        self._titled = False
        inner = _INNER_HEADING.search(rest) if block.centered else None
        if rest[: inner.start() if inner else None].strip():
            self._title_of(section, rest[: inner.start() if inner else None])
        if inner is not None and (further := self._as_heading(block, rest[inner.start() :].strip())) is not None:
            self._heading(replace(block, text=rest[inner.start() :].strip()), *further)

    def _parent_of(self, rank: int) -> Section | None:
        section = self._outline.current
        while section is not None and section.rank >= rank:
            section = section.parent
        return section

    def _title_of(self, section: Section, text: str) -> None:
        words = " ".join(text.split()).strip()
        if re.match(r"^\[.*suprimid", words, re.IGNORECASE):
            section.entries.append((True, words.strip("[]")))
        elif self._titled:
            section.heading = f"{section.heading} {words.strip('[]')}"
        else:
            section.heading = f"{section.heading}. {words.strip('[]')}"
            self._titled = True

    def _article(self, block: Block, head: _Head) -> None:
        anchor = f"art-{slug(head.number)}"
        section = self._outline.open("article", _ARTICLE_RANK, anchor, head.printed, block, number=head.number)
        if _SUPPRESSED_ARTICLE.match(head.rest):
            section.entries.append((True, f"{head.printed}. Suprimido"))
        elif head.rest:
            opened = "[" if block.text.startswith("[") else ""
            section.add(block, opened + head.rest)

    def _transitories(self, block: Block, words: str) -> None:
        self._in_transitories, self._closing, self._last = True, False, (0, False)
        heading = " ".join(words.strip('[]"“”').split())
        if self._in_decrees and self._holder is not None:
            self._holder.reach(block)
            return
        self._holder = self._outline.open("heading", 1, "transitorios", heading, block)

    def _is_next(self, number: str) -> bool:
        """Whether a transitory article goes on with the last, or begins those of a further decree.

        A list inside one is numbered otherwise, or anew after a colon.
        """
        value, (last, in_figures) = _ordinal_of(number), self._last
        if value is None or (last and in_figures != number.strip()[0].isdigit()):
            return False
        if value == 1 and last and not in_figures:
            return not self._before.endswith(":")
        return last < value <= last + _LARGEST_GAP

    def _transitory(self, block: Block, number: str, rest: str) -> None:
        assert self._holder is not None
        first = self._holder.anchor == "transitorios"
        own = f"trans-{_ordinal_of(number)}"
        self._closing = False
        self._last = (_ordinal_of(number) or 0, number.strip()[0].isdigit())
        printed = block.text[: len(block.text) - len(rest)].strip(' []"“.:-–—')
        section = self._outline.open(
            "transitory", self._holder.rank + 1, own if first else f"{self._holder.anchor}/{own}", printed, block,
            number=number.strip(), below=self._holder,
        )  # fmt: skip
        section.add(block, ("[" if block.text.startswith("[") else "") + rest)

    def _is_decree(self, index: int) -> bool:
        block = self._blocks[index]
        if not _DECREE.match(block.text) or not (block.bold or block.text.split()[0].strip("[").isupper()):
            return False
        return any(_PUBLISHED.match(b.text) for b in self._blocks[index + 1 : index + 4])

    def _decree(self, index: int, block: Block) -> None:
        match = next(m for b in self._blocks[index + 1 : index + 4] if (m := _PUBLISHED.match(b.text)))
        month = match[2].casefold()
        day = f"{match[3]}-{_MONTHS.index(month) + 1:02}-{int(match[1]):02}" if month in _MONTHS else match[3]
        is_decree = block.text.lstrip("[").casefold().startswith("decreto")
        top = next(s for s in self._outline.sections if s.anchor == "decretos")
        self._in_transitories, self._closing = False, False
        self._holder = self._outline.open(
            "decree" if is_decree else "heading", 2, f"{'dec' if is_decree else slug(block.text.split()[0])}-{day}",
            block.text.strip("[]"), block, number=day, below=top,
        )  # fmt: skip

    # --- what belongs to one ------------------------------------------------------------------

    def _text(self, block: Block) -> None:
        section = self._outline.current
        if section is None:
            section = self._outline.open("front", 0, "inicio", self._title, block)
            section.rank = _ARTICLE_RANK
        if self._continues_heading(section, block):
            self._title_of(section, block.text)
            section.reach(block)
            return
        if self._holder is not None and (self._closing or _CLOSING.search(block.text)):
            self._closing = True
            section = self._holder
        section.add(block)

    def _continues_heading(self, section: Section, block: Block) -> bool:
        if section.kind not in ("book", "title", "chapter", "section") or any(not n for n, _ in section.entries):
            return False
        words = block.text
        shown = block.centered or block.bold or words.startswith("[") or (words.isupper() and len(words) < 200)
        return len(words) < 300 and (
            shown or (not self._titled and len(words) < 120 and not words.endswith((".", ":", ";")))
        )

    def _note(self, block: Block) -> None:
        section = self._outline.current
        if section is None:
            self._text(block)
            return
        if self._closing and self._holder is not None:
            section = self._holder
        section.add(block, is_note=True)
        if section is self._holder and _VOID.match(block.text):
            section.is_void = True

    def _mark(self, block: Block) -> None:
        section = self._outline.current
        for mark in block.marks:
            if section is not None and mark in self._footnotes:
                section.entries.append((True, self._footnotes[mark]))

    def _settle_void(self) -> None:
        for section in self._outline.sections:
            section.is_void = section.is_void or (section.parent is not None and section.parent.is_void)


def _ordinal_of(text: str) -> int | None:
    return number_of(text) if text.strip()[0].isdigit() else ordinal(text)


def _footnotes(blocks: Sequence[Block]) -> tuple[dict[str, str], list[Block]]:
    """Footnotes by number, and the blocks without them."""
    marks = {mark for block in blocks for mark in block.marks}
    footnotes: dict[str, str] = {}
    kept: list[Block] = []
    for block in blocks:
        match = _FOOTNOTE.match(block.text) if block.is_note else None
        if match is not None and match[1] in marks:
            footnotes.setdefault(match[1], " ".join(match[2].split()))
        else:
            kept.append(block)
    return footnotes, kept


def _article_heads(blocks: Sequence[Block]) -> dict[int, _Head]:
    """The articles of the law itself, by block: of all that look like one, the longest run in rising order.

    A quoted «Artículo 41.» at the beginning of a paragraph breaks the order and so is not taken for one.
    Articles in what follows the first transitory heading belong to decrees.
    """
    candidates: list[tuple[int, _Head]] = []
    for index, block in enumerate(blocks):
        if candidates and _TRANSITORIES.match(unspaced(block.text)) and block.text[0] not in "atd":
            break
        if not block.is_note and (head := _head(block)) is not None:
            candidates.append((index, head))
    return {candidates[i][0]: candidates[i][1] for i in _longest_rising([head.key for _, head in candidates])}


def _head(block: Block) -> _Head | None:
    match = _ARTICLE.match(block.text)
    if match is None:
        return None
    suffix = " ".join((match[3] or "").split())
    plain = slug(suffix.split()[0]) if suffix else ""
    order = _SUFFIX_ORDER.index(plain) if plain in _SUFFIX_ORDER else 50
    printed = block.text[: len(block.text) - len(match[4])].strip(' []«“"\n.:-–—')
    own = suffix if len(suffix) < 2 else slug(suffix).replace("-", " ")
    number = f"{match[2]} {own}".strip()
    return _Head(printed, number, (int(match[2]), order, suffix.lower()), match[4].strip())


def _longest_rising(keys: Sequence[tuple[int, int, str]]) -> list[int]:
    """Places of the longest strictly rising run (patience sorting)."""
    tops: list[tuple[int, int, str]] = []
    places: list[int] = []
    before: list[int] = []
    for i, key in enumerate(keys):
        at = bisect_left(tops, key)
        before.append(places[at - 1] if at else -1)
        if at == len(tops):
            tops.append(key)
            places.append(i)
        else:
            tops[at], places[at] = key, i
    run: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
