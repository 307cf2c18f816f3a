"""Which published figures no longer stand: the same question asked again of the knowledge base of today."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from research.directives.answers import Answer, When, ask, decimals_of, series
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
    versions = dict(connection.execute("SELECT source_id, version FROM sources"))
    for record in read_records(products):
        again = _asked_again(connection, record.figures)
        said = _said_by_all(connection, record.figures, again)
        for figure in record.figures:
            answer, others = again.get(figure.number), said.get(figure.number, ())
            found += (
                Change(record.product, figure, what, new, by)
                for what, new, by in _change(connection, figure, answer, others, versions)
            )
    return found


def _asked_again(connection: sqlite3.Connection, figures: Iterable[FigureRow]) -> dict[int, Answer]:
    """Today's answer to each figure's own question, asked of its source, a whole table or chart at a time."""
    together: dict[tuple[str, str], list[FigureRow]] = defaultdict(list)
    for figure in figures:
        if figure.variable_id and figure.jurisdiction_id and figure.asked:
            together[figure.variable_id, figure.asked].append(figure)
    answers: dict[int, Answer] = {}
    for (variable, asked), group in together.items():
        countries = sorted({f.jurisdiction_id for f in group if f.jurisdiction_id})
        when = When.kept(asked)
        for source in sorted({f.source_id for f in group if f.source_id}):
            own = [f for f in group if f.source_id == source]
            if any(f.kind == "chart" for f in own):
                every = series(connection, countries, variable, when, source)
                found = {(a.jurisdiction_id, a.tier, a.period): a for a in every}
                answers |= {
                    f.number: found[k] for f in own if (k := (f.jurisdiction_id or "", f.tier, f.period or "")) in found
                }
                own = [f for f in own if f.number not in answers]
            cells = ask(connection, countries, [variable], when, source)
            for f in own:
                for answer in cells.get((f.jurisdiction_id or "", variable), ()):
                    if answer.tier == f.tier:
                        answers[f.number] = answer
    return answers


def _change(
    connection: sqlite3.Connection,
    figure: FigureRow,
    answer: Answer | None,
    said: Iterable[Answer],
    versions: dict[str, str],
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
    if answer is None:
        yield "gone", None, None
        return
    if answer.stated != old:
        later = (answer.period or None) != figure.period
        yield ("changed" if later else _kind(figure, versions)), answer.stated, None
    yield from _contested(figure, answer, said)


def _kind(figure: FigureRow, versions: dict[str, str]) -> What:
    """A new version of the source changes a figure; the same version read otherwise corrects it."""
    return "corrected" if versions.get(figure.source_id or "") == figure.source_version else "changed"


def _said_by_all(
    connection: sqlite3.Connection, figures: Iterable[FigureRow], again: dict[int, Answer]
) -> dict[int, tuple[Answer, ...]]:
    """What every source says for the period of each figure's answer, all countries of a variable and year at a time."""
    together: dict[tuple[str, str], list[FigureRow]] = defaultdict(list)
    for figure in figures:
        answer = again.get(figure.number)
        if answer is not None and answer.valid_from is not None:
            together[answer.variable_id, answer.valid_from[:4]].append(figure)
    said: dict[int, tuple[Answer, ...]] = {}
    for (variable, year), group in together.items():
        countries = sorted({f.jurisdiction_id for f in group if f.jurisdiction_id})
        cells = ask(connection, countries, [variable], When(f"{year}-01-01", f"{year}-12-31"))
        for figure in group:
            of_tier = [a for a in cells.get((figure.jurisdiction_id or "", variable), ()) if a.tier == figure.tier]
            said[figure.number] = tuple(a for first in of_tier for a in (first, *first.others))
    return said


def _contested(figure: FigureRow, answer: Answer, said: Iterable[Answer]) -> Iterator[tuple[What, Stated, str | None]]:
    """Other sources that disagree today and did not when the document was published."""
    known = {str(source) for source, _ in json.loads(figure.others)}
    for other in said:
        if other.source_id not in {*known, figure.source_id} and not other.agrees_with(answer):
            yield "contested", other.stated, other.source_id


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
        return f"{value:,.{max(decimals_of(figure.unit or ''), 3)}f}".rstrip("0").rstrip(".")
    text = " ".join(str(value if value is not None else "—").split())
    return text if len(text) <= 60 else f"«{text[:57]}…»"
