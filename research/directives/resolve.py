"""Directives → content, all the faults of a text told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from research.directives.asking import Asking
from research.directives.chart import chart
from research.directives.content import Content, Place
from research.directives.figure import figure
from research.directives.quotation import article, own_number, reference
from research.directives.results import results
from research.directives.syntax import Directive, Found, Word
from research.directives.table import table
from research.directives.world_map import world_map
from research.faults import Fault, WrongName

_BY_WORD: Mapping[Word, Callable[[Asking, Directive], Content]] = {
    "figure": figure,
    "table": table,
    "chart": chart,
    "map": world_map,
    "results": results,
    "article": article,
    "source": reference,
    "number": own_number,
    "references": lambda _asking, _directive: Place("references"),
    "data": lambda _asking, _directive: Place("data"),
}


def resolve(asking: Asking, found: Found) -> tuple[list[tuple[Directive, Content]], list[Fault]]:
    """The content of each directive that has one, and the faults of all the others."""
    contents: list[tuple[Directive, Content]] = []
    faults = list(found.faults)
    for directive in found.directives:
        try:
            contents.append((directive, _BY_WORD[directive.word](asking, directive)))
        except WrongName as wrong:
            faults.append(Fault(directive.line, wrong.es, wrong.en))
    return contents, faults
