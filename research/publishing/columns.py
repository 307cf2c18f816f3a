"""How wide the columns of a printed table are: no word broken where the page, lying down if need be, has room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from research.directives.content import TableContent

LINE, LYING_LINE = 470.0, 650.0  # points of a line between the margins, upright and lying down
SIZE = 9.0  # points of a table's letters
GAP = 11.0  # points between the words of two columns
WIDEST_CELL = (
    200.0  # points that a cell's words get before they are set on two lines, or a head's before those of cells
)
LEAST_SHARE, MOST_SHARE = 0.4, 0.85  # of the line: a table of few words does not fill it; one that nearly does, does
NARROW, WIDE = set("iljtfrI.,:;()[]|'’ ¹²³"), set("mwMW%—")


@dataclass(frozen=True)
class Columns:
    """The columns' shares of the table, the table's of the line (0–1), and whether the page lies down for it."""

    shares: tuple[float, ...]
    whole: float
    is_lying: bool


def columns_of(table: TableContent) -> Columns:
    """The widths that the words of a table need, and more for the longer ones as far as the line goes."""
    least, wanted, ample = [], [], []
    for index, head in enumerate(table.heads):
        cells = [f"{row[index].shown}{row[index].mark}" for row in table.rows]
        words = [word for written in (f"{head.shown}{head.mark}", *cells) for word in written.split()]
        longest = GAP + max(map(_points, cells), default=0.0)
        least.append(GAP + max(map(_points, words), default=0.0))
        wanted.append(max(least[-1], min(longest, WIDEST_CELL), GAP + _points(head.shown) / 3))
        ample.append(max(least[-1], longest, min(GAP + _points(head.shown), WIDEST_CELL)))
    is_lying = sum(least) > LINE
    line = LYING_LINE if is_lying else LINE
    share = max(sum(ample) / line, LEAST_SHARE)
    whole = share if share < MOST_SHARE else 1.0
    return Columns(_shared(least, wanted, line * whole), whole, is_lying)


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
