"""From printed lines to paragraphs: what repeats on every page goes, columns are read one after the other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.descriptor.words import Text
from ingest.documents.block import Block
from ingest.documents.cleaning import Vocabulary, clean

HEAD_AND_FOOT = Text(es="encabezados y pies de página", en="page headers and footers")
CONTENTS = Text(es="renglones de índice", en="lines of a table of contents")

_HEAD, _FOOT = 0.84, 0.13  # a header stands above, a footer below this share of the page's height
_REPEATED = 0.2  # share of the pages on which a header or footer stands
_PAGE_NUMBER = re.compile(r"^\W*(?:p[áa]g(?:ina|e|\.)?\s*)?\d{1,4}(?:\s*(?:de|of|/)\s*\d{1,4})?\W*$", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_LEADERS = re.compile(r"(?:\.\s?){3,}\s*\d{1,4}$|(?:…\s?){3,}\s*\d{1,4}$")
_MARKER = re.compile(
    r"^[«\"“\[(]*(?:[a-zñ]{1,2}(?:\s(?:bis|ter))?\)|[IVXLCDM]+(?:\s(?:bis|ter))?[.)]|\d{1,3}[.)]-?|[A-ZÑ][.)]|[•\-–—]\s)",
)
_SENTENCE_END = (".", ";", ":", "?", "!", "”", '"', "»", ")", "]", "…")


@dataclass(frozen=True)
class Line:
    """One printed line: its text, page, left and right edge and baseline (points from the page's left and foot)."""

    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    italic: bool
    marks: tuple[str, ...]
    is_contents: bool = False  # a wide gap and a number at its end: a line of a table of contents


@dataclass(frozen=True)
class Page:
    """A page with its lines in the order of the file."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    has_pictures: bool = False


@dataclass(frozen=True)
class _Print:
    """How the running text is printed: its size, its left and right margin."""

    size: float
    left: float
    right: float


def laid_out(pages: Sequence[Page]) -> tuple[tuple[Block, ...], tuple[tuple[Text, int], ...]]:
    """The paragraphs of all pages, and how many lines were left out for which reason."""
    repeated = _repeated_keys(pages)
    kept: list[tuple[Page, list[Line]]] = []
    heads = contents = 0
    for page in pages:
        body = [line for line in page.lines if not _is_head_or_foot(line, page, repeated)]
        text = [line for line in body if not (line.is_contents or _LEADERS.search(line.text))]
        heads, contents = heads + len(page.lines) - len(body), contents + len(body) - len(text)
        kept.append((page, _in_columns(text, page)))
    everything = [line for _, lines in kept for line in lines]
    if not everything:
        return (), ((HEAD_AND_FOOT, heads), (CONTENTS, contents))
    vocabulary = Vocabulary(line.text for line in everything)
    printed = _running_print(everything)
    blocks = tuple(_block(group, printed, vocabulary) for group in _paragraphs(everything, printed))
    return blocks, ((HEAD_AND_FOOT, heads), (CONTENTS, contents))


def _in_margin(line: Line, page: Page) -> bool:
    return line.y > _HEAD * page.height or line.y < _FOOT * page.height


def _keys(line: Line) -> Iterator[tuple[str, int | None]]:
    """What may repeat: the line as it is, and with each number that could be the page's, told by its distance."""
    text = " ".join(line.text.casefold().split())
    yield text, None
    for number in _NUMBERS.finditer(text):
        if len(number[0]) < 5:
            yield text[: number.start()] + "#" + text[number.end() :], int(number[0]) - line.page


def _repeated_keys(pages: Sequence[Page]) -> set[tuple[str, int | None]]:
    counts: Counter[tuple[str, int | None]] = Counter()
    for page in pages:
        counts.update({key for line in page.lines if _in_margin(line, page) for key in _keys(line)})
    needed = max(3, _REPEATED * len(pages))
    return {key for key, count in counts.items() if count >= needed}


def _is_head_or_foot(line: Line, page: Page, repeated: set[tuple[str, int | None]]) -> bool:
    if not _in_margin(line, page):
        return False
    outermost = line.y >= max(o.y for o in page.lines) - 1 or line.y <= min(o.y for o in page.lines) + 1
    return any(key in repeated for key in _keys(line)) or (outermost and _PAGE_NUMBER.match(line.text) is not None)


def _in_columns(lines: list[Line], page: Page) -> list[Line]:
    """The lines in reading order: where two columns stand side by side, the left one first.

    Lines stay as the file orders them unless most of them fall clearly left or right of one gutter and the
    file goes to and fro between the two.
    """
    middle = page.width / 2
    left = [line for line in lines if line.x1 < middle + 6]
    right = [line for line in lines if line.x0 > middle - 6]
    if len(left) < 5 or len(right) < 5 or len(left) + len(right) < 0.7 * len(lines):
        return lines
    sides = ["R" if line in right else "L" if line in left else "" for line in lines]
    crossings = sum({a, b} == {"L", "R"} for a, b in itertools.pairwise(sides))
    if crossings <= 3:
        return lines
    ordered: list[Line] = []
    band: list[Line] = []
    for line in lines:
        if line in left or line in right:
            band.append(line)
        else:
            ordered += [*_left_first(band, middle), line]
            band = []
    return ordered + _left_first(band, middle)


def _left_first(band: list[Line], middle: float) -> list[Line]:
    return sorted(band, key=lambda line: (line.x0 > middle - 6, -line.y))


def _running_print(lines: Sequence[Line]) -> _Print:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) < 0.6]
    lefts = Counter(round(line.x0) for line in body)
    rights = Counter(round(line.x1) for line in body)
    return _Print(size, float(lefts.most_common(1)[0][0]), float(rights.most_common(1)[0][0]))


def _is_note(line: Line, printed: _Print) -> bool:
    return line.size < 0.7 * printed.size or (line.italic and line.size < 0.9 * printed.size)


def _is_centered(line: Line, printed: _Print) -> bool:
    middle = (printed.left + printed.right) / 2
    width = printed.right - printed.left
    return (
        abs((line.x0 + line.x1) / 2 - middle) < 0.03 * width
        and line.x0 > printed.left + 0.04 * width
        and line.x1 < printed.right - 0.02 * width
    )


def _paragraphs(lines: Iterable[Line], printed: _Print) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and _begins_paragraph(group, line, printed):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins_paragraph(group: list[Line], line: Line, printed: _Print) -> bool:
    before = group[-1]
    if _is_note(before, printed) != _is_note(line, printed):
        return True
    if _is_note(line, printed):
        return _begins_note(before, line)
    centered, was_centered = _is_centered(line, printed), _is_centered(before, printed)
    # a paragraph's last line may happen to be centred: it is no heading unless it stands apart
    last_line = centered and not was_centered and not line.bold and _close(before, line)
    if (centered != was_centered or abs(before.size - line.size) > 0.6) and not last_line:
        return True
    short = before.x1 < printed.right - 0.2 * (printed.right - printed.left)
    ended = before.text.endswith(_SENTENCE_END)
    marker = _MARKER.match(line.text) is not None
    if before.page != line.page or line.y > before.y:
        return (marker and ended) or (ended and not line.text[:1].islower()) or (short and not line.text[:1].islower())
    if not _close(before, line) or _in_brackets(line) or _in_brackets(before):
        return True
    if marker and (ended or short):
        return True
    if short and ended and not line.text[:1].islower():
        return True
    if short and before.bold and not line.bold:
        return True
    if line.bold and not before.bold and ended:
        return True
    indented = line.x0 > before.x0 + 0.8 * printed.size
    hanging = len(group) == 1 and _MARKER.match(before.text) is not None
    return indented and not hanging and (ended or short) and not centered


def _in_brackets(line: Line) -> bool:
    """«(REFORMADA, P.O. 10 DE JULIO DE 2017)»: a remark in capitals on a line of its own."""
    return line.text.startswith("(") and line.text.endswith(")") and line.text.isupper() and len(line.text) > 12


def _close(before: Line, line: Line) -> bool:
    return before.y - line.y < 1.5 * max(before.size, line.size)


def _begins_note(before: Line, line: Line) -> bool:
    """A note begins with a capital or its number; a line that goes on does so in the middle of a sentence."""
    if re.match(r"\d{1,4}\s", line.text):
        return True
    # right-aligned notes fill the line; one that ends well before the next begins has ended
    return line.text[:1].isupper() and not re.search(
        r"\b(?:de|del|la|el|los|las|y|e|a|al|en|por|que|con|Acción|publicada|notificada|DOF|Diario|Oficial|Fe)\s*$|[,(“-]$",
        before.text,
    )


def _block(group: list[Line], printed: _Print, vocabulary: Vocabulary) -> Block:
    text = group[0].text
    for line in group[1:]:
        text = vocabulary.join(text, line.text)
    return Block(
        clean(text.replace("\ufffe", "-")),
        group[0].page,
        page=group[0].page,
        page_last=group[-1].page,
        is_note=_is_note(group[0], printed),
        centered=all(_is_centered(line, printed) for line in group),
        bold=all(line.bold for line in group),
        marks=tuple(mark for line in group for mark in line.marks),
    )
