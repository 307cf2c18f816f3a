"""A comparison as Markdown: a pipe table with letters, and beneath it notes, remarks and sources."""

from __future__ import annotations

import re

from research.comparison import ComparisonTable
from research.comparison.grid import Down, GridCell, grid
from research.names import Language

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$])")
MOST_COLUMNS = 10  # beyond them the table is turned, if that makes it narrower


def markdown(table: ComparisonTable, language: Language) -> str:
    """The whole comparison, ending in a line break."""
    down: Down = (
        "variables" if len(table.columns) > MOST_COLUMNS and len(table.rows) < len(table.columns) else "countries"
    )
    laid = grid(table, language, down)
    lines = [f"# {_escaped(laid.title)}", ""]
    lines.append(f"| {' | '.join(_escaped(head) for head in laid.heads)} |")
    lines.append(f"|{'---|' * len(laid.heads)}")
    for line in laid.lines:
        label = f"**{_escaped(line.label)}**" if line.is_home or line.is_summary else _escaped(line.label)
        lines.append(f"| {label} | {' | '.join(_cell(cell) for cell in line.cells)} |")
    lines.append("")
    lines += [f"- ({mark}) {_escaped(text)}" for mark, text in laid.notes]
    lines += ["", *(line for remark in laid.remarks for line in (_escaped(remark), ""))]
    lines += [f"- {_escaped(source.whole)}" for source in laid.sources]
    lines += ["", laid.data_version]
    return "\n".join([*lines, ""])


def _cell(cell: GridCell) -> str:
    return f"{_escaped(cell.text)} ({cell.marks})" if cell.marks else _escaped(cell.text)


def _escaped(words: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))
