"""Writing pandoc's Markdown from plain words: escapes, pipe tables with measured columns."""

from __future__ import annotations

import re

from research.directives.content import Cell, TableContent
from research.publishing.columns import Columns

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$@\"'])")
_MARK = re.compile(r"\\\^([a-z]{1,2})\\\^")
LINE_WIDTH = 400  # dashes of a rule; above pandoc's --columns, so that their proportions count


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


def pipe_table(table: TableContent, columns: Columns, caption: str) -> str:
    """The table as a pipe table with columns so wide; `caption` is Markdown already."""
    heads = [_cell(c, bold=False) for c in table.heads]
    rows = [[_cell(c, bold=i in table.stressed_rows) for c in row] for i, row in enumerate(table.rows)]
    rule = "|".join(
        f"{'-' if right else ':'}{'-' * width}{':' if right else '-'}"
        for width, right in zip((max(3, round(LINE_WIDTH * s)) for s in columns.shares), table.numeric, strict=True)
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)]
    width = f" {{width={round(100 * columns.whole)}}}" if columns.whole < 1 else ""
    return "\n".join([*lines, "", f": {caption}{width}", ""])


def _cell(cell: Cell, *, bold: bool) -> str:
    written = escaped(cell.shown.replace("\n", " "))
    written = f"**{written}**" if bold and written else written
    return f"{written}^{cell.mark}^" if cell.mark else written
