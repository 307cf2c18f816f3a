"""How wide the columns of a printed table are: no word broken where the page, lying down if need be, has room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from research.directives.content import TableContent

LINE, LYING_LINE = 470.0, 650.0  # points of a line between the margins, upright and lying down
SIZE = 9.0  # points of a table's letters
GAP = 11.0  # points between the words of two columns
WIDEST_WORDS = 26  # letters of a cell before it is set on two lines
NARROW, WIDE = set("iljtfrI.,:;()[]|'’ ¹²³"), set("mwMW%—")


@dataclass(frozen=True)
class Columns:
    """The columns' shares of the table, the table's of the line (0–1), and whether the page lies down for it."""

    shares: tuple[float, ...]
    whole: float
    is_lying: bool


def columns_of(table: TableContent) -> Columns:
    """The widths that the words of a table need, and more for the longer ones as far as the line goes."""
    inside = [(head, [row[i] for row in table.rows]) for i, head in enumerate(table.heads)]
    least, wanted = [], []
    for head, cells in inside:
        words = [w for cell in (head, *cells) for w in f"{cell.shown}{cell.mark}".split()]
        least.append(max(map(_points, words), default=0.0) + GAP)
        longest = max((min(_points(f"{c.shown}{c.mark}"), WIDEST_WORDS * SIZE / 2) for c in cells), default=0.0)
        wanted.append(max(least[-1], longest + GAP, _points(head.shown) / 3 + GAP))
    is_lying = sum(least) > LINE
    line = LYING_LINE if is_lying else LINE
    # a table of few words does not fill the line
    whole = min(1.0, max(sum(wanted) * 1.15 / line, 0.4))
    shares = _shared(least, wanted, line * (whole if whole < 0.85 else 1.0))
    return Columns(shares, whole if whole < 0.85 else 1.0, is_lying)


def _shared(least: Sequence[float], wanted: Sequence[float], line: float) -> tuple[float, ...]:
    spare = line - sum(least)
    if spare <= 0:
        return tuple(w / sum(least) for w in least)
    more = [w - at_least for w, at_least in zip(wanted, least, strict=True)]
    weights = more if sum(more) > spare else wanted
    return tuple((at_least + spare * w / sum(weights)) / line for at_least, w in zip(least, weights, strict=True))


def _points(words: str) -> float:
    """About how wide some words are in bold letters without serifs."""
    letters = (0.34 if c in NARROW else 0.89 if c in WIDE else 0.74 if c.isupper() else 0.6 for c in words)
    return SIZE * sum(letters)
