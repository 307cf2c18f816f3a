"""Writing pandoc's Markdown from plain words: escapes, pipe tables with measured columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from research.directives.content import Cell, TableContent

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$@\"'])")
_MARK = re.compile(r"\\\^([a-z]{1,2})\\\^")
LINE_WIDTH = 400  # dashes of a rule; above pandoc's --columns, so that their proportions count
LINE_LETTERS = 95  # letters of a table that fit a line of the page
WIDEST_WORDS = 26


def escaped(words: str) -> str:
    """Plain words as Markdown that says just them."""
    return _MARKUP.sub(r"\\\1", " ".join(words.split(" ")))


def verbatim(paragraph: str) -> str:
    """A paragraph of somebody else's as Markdown that says just that: its own numbering begins no list."""
    written = escaped(paragraph.strip())
    return re.sub(r"^(\(?\w{1,5})([.)])|^([-+*])", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", written)


def noted(words: str) -> str:
    """The same, with the letters of table notes, written ^a^, raised."""
    return _MARK.sub(r"^\1^", escaped(words))


def pipe_table(table: TableContent, caption: str) -> str:
    """The table as a pipe table; `caption` is Markdown already."""
    heads = [_cell(c, bold=False) for c in table.heads]
    rows = [[_cell(c, bold=i in table.stressed_rows) for c in row] for i, row in enumerate(table.rows)]
    rule = "|".join(
        f"{'-' if right else ':'}{'-' * width}{':' if right else '-'}"
        for width, right in zip(_widths(table), table.numeric, strict=True)
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)]
    share = round(100 * _letters(table) / LINE_LETTERS)
    width = f" {{width={max(share, 40)}}}" if share < 85 else ""
    return "\n".join([*lines, "", f": {caption}{width}", ""])


def _letters(table: TableContent) -> int:
    """Letters of the widest row, heads and gaps between columns included."""
    columns = zip(table.heads, *table.rows, strict=True)
    return sum(
        4 + max(min(len(head.shown), 40), *(len(cell.shown) + len(cell.mark) for cell in inside))
        for head, *inside in columns
    )


def _cell(cell: Cell, *, bold: bool) -> str:
    written = escaped(cell.shown.replace("\n", " "))
    written = f"**{written}**" if bold and written else written
    return f"{written}^{cell.mark}^" if cell.mark else written


def _widths(table: TableContent) -> Sequence[int]:
    """Dashes a column: as wide as what stands in it, within bounds, the head on a few lines."""
    wanted = []
    for index, head in enumerate(table.heads):
        inside = max((len(row[index].shown) + len(row[index].mark) for row in table.rows), default=0)
        longest_word = max((len(word) for word in head.shown.split()), default=1)
        wanted.append(max(6, longest_word + 1, min(inside, WIDEST_WORDS), min(len(head.shown) // 3, 18)))
    whole = sum(wanted)
    return [max(3, round(LINE_WIDTH * w / whole)) for w in wanted]
