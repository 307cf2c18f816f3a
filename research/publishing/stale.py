"""Which published figures no longer stand: the same question asked again of the knowledge base of today."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from research.comparison import Cell
from research.comparison.answering import Question, answer
from research.comparison.evidence import FromTable
from research.comparison.words import decimals
from research.directives.opening import within
from research.directives.periods import When
from research.names import Names
from research.publishing.record import FigureRow, ProductRow, read_records

What = Literal["changed", "corrected", "contested", "gone"]
Stated = str | float | None

_TABLES = {"answers", "published_indices", "results", "turnout", "document_sections"}


@dataclass(frozen=True)
class Change:
    """A published figure that no longer stands.

    `changed`: the source's version is another, or a later answer has come in; `corrected`: the same version of the source
    now reads otherwise; `contested`: another source now says something else; `gone`: nothing answers any more.
    `new` is the value of today, of the other source (`by`) when contested.
    """

    product: ProductRow
    figure: FigureRow
    what: What
    new: Stated
    by: str | None = None

    @property
    def old(self) -> Stated:
        """The value as it was published."""
        return self.figure.value if self.figure.value is not None else self.figure.value_text

    def told(self, language: str) -> str:
        """The change in one line: document, line, directive, old and new value."""
        f = self.figure
        where = f"research/products/{self.product.product_id}/texto.md:{f.line}"
        about = ", ".join(p for p in (f.jurisdiction_id, f.variable_id or _of(f), f.period) if p)
        old, new = _said(self.old, f), _said(self.new, f)
        es = {"changed": f"cambió: {old} → {new}", "corrected": f"se corrigió: {old} → {new}",
              "contested": f"en disputa: {old} según {f.source_id}, {new} según {self.by}",
              "gone": f"ya no está en la base: {old}"}  # fmt: skip
        en = {"changed": f"changed: {old} → {new}", "corrected": f"was corrected: {old} → {new}",
              "contested": f"contested: {old} according to {f.source_id}, {new} according to {self.by}",
              "gone": f"is no longer in the knowledge base: {old}"}  # fmt: skip
        said = (es if language == "es" else en)[self.what]
        return f"{where}: {about}: {said} [{self.what}]"


def changes(connection: sqlite3.Connection, products: Path) -> list[Change]:
    """Every figure of the published documents that no longer stands, by document and place. Raises TextError for a spoilt record."""
    found: list[Change] = []
    names = Names(connection)
    versions = dict(connection.execute("SELECT source_id, version FROM sources"))
    for record in read_records(products):
        again = _asked_again(connection, names, record.figures)
        for figure in record.figures:
            told = _change(connection, figure, again.get(figure.number), versions)
            found += (Change(record.product, figure, what, new, by) for what, new, by in told)
    return found


def _asked_again(connection: sqlite3.Connection, names: Names, figures: Iterable[FigureRow]) -> dict[int, Cell]:
    """Today's cell of each figure's own question, asked of its source and table, all days of a variable at a time."""
    together: dict[tuple[When | None, Question], list[tuple[FigureRow, When]]] = defaultdict(list)
    for figure in figures:
        variable = names.variables.get(figure.variable_id or "")
        if variable is None or figure.jurisdiction_id not in names.jurisdictions or not figure.asked:
            continue
        when = When.kept(figure.asked)
        question = Question((), (variable,), (), when.takes_earlier, figure.tier, figure.source_id, _table(figure))
        together[when if when.takes_earlier else None, question].append((figure, when))
    again: dict[int, Cell] = {}
    for (span, question), group in together.items():
        countries = tuple(sorted({f.jurisdiction_id for f, _ in group if f.jurisdiction_id}))
        days = tuple(sorted({when.last for _, when in group}))
        cells = answer(connection, names, dataclasses.replace(question, countries=countries, days=days)).cells
        for figure, when in group:
            cell = cells.get((figure.jurisdiction_id or "", when.last, figure.variable_id or "", figure.tier))
            if cell is not None:
                again[figure.number] = within(cell, span or when)
    return again


def _table(figure: FigureRow) -> FromTable | None:
    """The table that the figure is of, where it is one of those that answer."""
    return next((t for t in get_args(FromTable) if t == figure.table_name), None)


def _change(
    connection: sqlite3.Connection, figure: FigureRow, cell: Cell | None, versions: dict[str, str]
) -> Iterator[tuple[What, Stated, str | None]]:
    if figure.pin is None:
        return
    old = figure.value if figure.value is not None else figure.value_text
    if figure.variable_id is None:
        new = _read(connection, figure)
        stands = new is not None and (old == new if figure.kind != "article" else str(old) in str(new))
        if not stands:
            yield ("gone" if new is None else _kind(figure, versions)), new, None
        return
    if cell is None or cell.evidence is None:
        yield "gone", None, None
        return
    if cell.evidence.in_words != old:
        later = (cell.evidence.period or None) != figure.period
        yield ("changed" if later else _kind(figure, versions)), cell.evidence.in_words, None
    # other sources that say something else today and did not when the document was published
    known = {figure.source_id, *(str(source) for source, _ in json.loads(figure.others))}
    for other in cell.others:
        if other.source_id not in known:
            yield "contested", other.in_words, other.source_id


def _kind(figure: FigureRow, versions: dict[str, str]) -> What:
    """A new version of the source changes a figure; the same version read otherwise corrects it."""
    return "corrected" if versions.get(figure.source_id or "") == figure.source_version else "changed"


def _read(connection: sqlite3.Connection, figure: FigureRow) -> Stated:
    """What the figure's own cell says today; None where there is no such row."""
    pin = figure.pin
    if pin is None or pin.table not in _TABLES:
        return None
    columns = {str(row[1]) for row in connection.execute(f'PRAGMA table_info("{pin.table}")')}
    if not {pin.column, *(name for name, _ in pin.key)} <= columns:
        return None
    where = " AND ".join(f'"{name}" IS ?' for name, _ in pin.key)
    row = connection.execute(
        f'SELECT "{pin.column}" FROM "{pin.table}" WHERE {where}', [value for _, value in pin.key]
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return float(row[0]) if isinstance(row[0], (int, float)) else str(row[0])


def _of(figure: FigureRow) -> str:
    """What a figure without a variable is about."""
    key = dict(figure.pin.key) if figure.pin else {}
    names = ("election_id", "section_id", "party_id", "contestant")
    return " ".join([*(str(key[n]) for n in names if key.get(n)), figure.column_name or ""]).strip()


def _said(value: Stated, figure: FigureRow) -> str:
    if isinstance(value, float):
        return f"{value:,.{max(decimals(figure.unit or ''), 3)}f}".rstrip("0").rstrip(".")
    text = " ".join(str(value if value is not None else "—").split())
    return text if len(text) <= 60 else f"«{text[:57]}…»"
