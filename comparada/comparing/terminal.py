"""A comparison at a terminal: turned the way that fits, divided into panels where neither way does."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from research.comparison import ComparisonTable
from research.comparison.grid import Grid, grid
from research.names import Language

NARROWEST, WIDEST = 7, 24  # characters of a column
WIDEST_LABEL = 28
GAP = 2  # between columns
MOST_NOTES = 60


def terminal_table(table: ComparisonTable, language: Language, width: int, *, styled: bool = False) -> str:
    """The table in no more than `width` characters a line."""
    best = min((grid(table, language, down) for down in ("countries", "variables")), key=lambda g: _length(g, width))
    written = io.StringIO()
    console = Console(file=written, width=width, highlight=False, force_terminal=styled, no_color=not styled)
    console.print(Text(best.title, "bold"))
    panels = _panels(best, width)
    for number, columns in enumerate(panels, start=1):
        if len(panels) > 1:
            console.print(Text(f"{number}/{len(panels)}", "dim"))
        console.print(_panel(best, columns))
    for mark, text in best.notes[:MOST_NOTES]:
        console.print(Text(f"({mark}) {text}"))
    if len(best.notes) > MOST_NOTES:
        more = len(best.notes) - MOST_NOTES
        console.print(
            Text(f"Hay {more} notas más; todas con --format csv o xlsx." if language == "es"
                 else f"There are {more} more notes; all of them with --format csv or xlsx.")
        )  # fmt: skip
    for remark in best.remarks:
        console.print(Text(remark, "dim"))
    for source in best.sources:
        console.print(Text(f"{source.title}. {source.licence}.", "dim"))
    console.print(Text(best.data_version, "dim"))
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


def _panel(laid: Grid, columns: Sequence[int]) -> Table:
    panel = Table(box=box.SIMPLE, padding=(0, 1, 0, 0), show_edge=False)
    panel.add_column(laid.heads[0], max_width=WIDEST_LABEL)
    for column in columns:
        panel.add_column(laid.heads[column + 1], width=_width(laid, column))
    has_summary = False
    for line in laid.lines:
        if line.is_summary and not has_summary:
            panel.add_section()
            has_summary = True
        style = "bold" if line.is_home else "dim" if line.is_summary else ""
        cells = (Text(line.cells[c].whole) for c in columns)
        panel.add_row(Text(line.label), *cells, style=style)
    return panel


def _width(laid: Grid, column: int) -> int:
    inside = max((len(line.cells[column].whole) for line in laid.lines if not line.is_summary), default=0)
    longest_word = max(len(word) for word in laid.heads[column + 1].split())
    return max(NARROWEST, min(WIDEST, max(inside, longest_word, len(laid.heads[column + 1]) // 3)))


def _panels(laid: Grid, width: int) -> list[list[int]]:
    """The columns of each panel, as many as fit beside the labels."""
    label = min(WIDEST_LABEL, max(len(laid.heads[0]), *(len(line.label) for line in laid.lines)))
    panels: list[list[int]] = [[]]
    left = width - label - GAP
    for column in range(len(laid.heads) - 1):
        needed = _width(laid, column) + GAP
        if needed > left and panels[-1]:
            panels.append([])
            left = width - label - GAP
        panels[-1].append(column)
        left -= needed
    return panels


def _length(laid: Grid, width: int) -> int:
    """About how many lines it takes: those of every panel with its head."""
    return len(_panels(laid, width)) * (len(laid.lines) + 5)
