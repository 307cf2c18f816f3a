"""A comparison laid out for a page: heads, cells of a few words with letters, and beneath them what the letters mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from research.comparison.cells import Aggregate, Cell, Column, Gap, Row
from research.comparison.comparison_table import ComparisonTable
from research.comparison.evidence import Evidence
from research.comparison.words import NO_DATA, heading, heading_with_unit, shown, shown_number
from research.names import Language

Down = Literal["countries", "variables"]
MOST_EARLIER = 4  # answers of other times told in one note


@dataclass(frozen=True)
class GridCell:
    """What stands in a cell, the letters of its notes, and the number in it, if it is one."""

    text: str
    marks: str = ""
    number: float | None = None

    @property
    def whole(self) -> str:
        """The text with its letters in brackets."""
        return f"{self.text} ({self.marks})" if self.marks else self.text


@dataclass(frozen=True)
class GridLine:
    """A line: what it is of, its cells, and whether it is the home country's or sums up the others."""

    label: str
    cells: tuple[GridCell, ...]
    is_home: bool = False
    is_summary: bool = False


@dataclass(frozen=True)
class GridSource:
    """A source with the columns that it fills, its licence, and the citation that it asks for."""

    title: str
    licence: str
    citation: str

    @property
    def whole(self) -> str:
        """All three."""
        return f"{self.title}. {self.citation}. {self.licence}."


@dataclass(frozen=True)
class Grid:
    """A title, heads (the first is that of the labels), lines, and what is said beneath."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[GridLine, ...]
    notes: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    sources: tuple[GridSource, ...]
    data_version: str


def grid(table: ComparisonTable, language: Language, down: Down = "countries") -> Grid:
    """The table with countries (or variables) down the side."""
    return _Layout(table, language).grid(down)


class _Layout:
    def __init__(self, table: ComparisonTable, language: Language) -> None:
        self._table = table
        self._language: Language = language
        self._letters: dict[str, str] = {}
        self._earlier: dict[str, list[str]] = {}
        self._is_period = len(table.days) > 1 or table.asked.years is not None

    def _say(self, es: str, en: str) -> str:
        return es if self._language == "es" else en

    def grid(self, down: Down) -> Grid:
        table = self._table
        cells = {(r, c): self._cell(r, c) for r in table.rows for c in table.columns}
        rows = {r: self._label(r) for r in table.rows}
        columns = {c: heading_with_unit(c, self._language) for c in table.columns}
        summaries = list(self._summaries()) if len({r.jurisdiction_id for r in table.rows}) > 1 else []
        if down == "countries":
            heads = (self._say("País", "Country"), *columns.values())
            lines = [
                GridLine(label, tuple(cells[r, c] for c in columns), is_home=r.jurisdiction_id == table.home)
                for r, label in rows.items()
            ]
            lines += [GridLine(label, tuple(of[c] for c in columns), is_summary=True) for label, of in summaries]
        else:
            heads = ("Variable", *rows.values(), *(label for label, _ in summaries))
            lines = [
                GridLine(head, (*(cells[r, c] for r in rows), *(of[c] for _, of in summaries)))
                for c, head in columns.items()
            ]
        version = f"{self._say('Versión de los datos', 'Data version')}: {table.data_version}."
        notes = tuple((letter, self._note(text)) for text, letter in self._letters.items())
        return Grid(self._title(), heads, tuple(lines), notes, tuple(self._remarks()), tuple(self._sources()), version)

    def _label(self, row: Row) -> str:
        name = row.labels.in_(self._language)
        return f"{name}, {row.day[:4]}" if self._is_period else name

    def _cell(self, row: Row, column: Column) -> GridCell:
        cell, unit = self._table.cell(row, column), column.variable.unit
        told = [note for note in cell.notes if note.kind != "older"]  # its year stands beside it
        marks = [self._letter(note.said.in_(self._language)) for note in told]
        if cell.evidence is None:
            assert cell.gap is not None
            return GridCell(NO_DATA.in_(self._language), ", ".join([self._gap(row, unit, cell.gap), *marks]))
        text = shown(cell.evidence, unit, self._language)
        if year := _other_year(cell.evidence, row.day):
            text += f" [{year}]"
        return GridCell(text + _against_home(cell, unit), ", ".join(dict.fromkeys(marks)), cell.evidence.value)

    def _letter(self, text: str) -> str:
        return self._letters.setdefault(text, _letter(len(self._letters)))

    def _gap(self, row: Row, unit: str, gap: Gap) -> str:
        why = gap.told(self._language)
        if gap.earlier is not None:
            said = f"{self._label(row)}: {shown(gap.earlier, unit, self._language)} [{gap.earlier.period}]"
            self._earlier.setdefault(why, []).append(said)
        return self._letter(why)

    def _note(self, text: str) -> str:
        sentence = f"{text[0].upper()}{text[1:]}"
        known = self._earlier.get(text, [])
        if known:
            told = "; ".join(known[:MOST_EARLIER])
            more = len(known) - MOST_EARLIER
            also = self._say(f"; y {more} más", f"; and {more} more") if more > 0 else ""
            sentence += f". {self._say('Sin valer para la fecha', 'Not holding on the date')}: {told}{also}"
        return f"{sentence.rstrip('.')}."

    def _summaries(self) -> Iterator[tuple[str, Mapping[Column, GridCell]]]:
        for day in self._table.days:
            of = {a.column: a for a in self._table.aggregates if a.day == day}
            at = f", {day[:4]}" if self._is_period else ""
            yield self._say("Resumen", "Summary") + at, {c: GridCell(self._summary(a)) for c, a in of.items()}
            yield self._say("Con dato", "Known") + at, {c: GridCell(self._known(a)) for c, a in of.items()}

    def _summary(self, of: Aggregate) -> str:
        unit = of.column.variable.unit
        if of.mean is not None and of.median is not None:
            mean, median = shown_number(of.mean, unit), shown_number(of.median, unit)
            return self._say(f"media {mean}; mediana {median}", f"mean {mean}; median {median}")
        counts = "; ".join(f"{option.in_(self._language)}: {count}" for option, count in of.counts)
        return counts or "—"

    def _known(self, of: Aggregate) -> str:
        uncertain = of.uncertain_count
        also = self._say(f", {uncertain} de otra fecha o sin ella", f", {uncertain} of another date or none") if uncertain else ""  # fmt: skip
        return self._say(f"{of.known_count} de {of.asked_count} ({of.unknown_pct:.0f} % sin dato{also})",
                         f"{of.known_count} of {of.asked_count} ({of.unknown_pct:.0f}% unknown{also})")  # fmt: skip

    def _title(self) -> str:
        days = self._table.days
        if self._is_period:
            span = days[0][:4] if len(days) == 1 else f"{days[0][:4]}–{days[-1][:4]}"
            return self._say(f"Comparación, {span}, al 31 de diciembre de cada año", f"Comparison, {span}, at 31 December of each year")  # fmt: skip
        if self._table.asked.latest:
            return self._say(f"Comparación, último dato hasta {days[0]}", f"Comparison, latest known by {days[0]}")
        return self._say(f"Comparación al {days[0]}", f"Comparison at {days[0]}")

    def _remarks(self) -> Iterator[str]:
        table = self._table
        yield self._say(
            "[año]: de cuándo es el dato, o desde cuándo rige la regla, si no es del año de la fecha. s. d.: sin dato, con su razón en la nota.",
            "[year]: when the value is of, or since when the rule holds, where it is not of the year of the date. n.d.: no data, its reason in the note.",
        )
        if table.home:
            home = table.jurisdictions[table.home].in_(self._language)
            overlap = any(c.difference and c.difference.intervals_overlap for c in table.cells.values())
            meets = self._say("; ≈: los intervalos de la fuente se tocan y la diferencia puede no ser real",
                              "; ≈: the source's intervals meet, and the difference may not be real") if overlap else ""  # fmt: skip
            yield self._say(f"Frente a {home}: ▲ más alto, ▼ más bajo, y por cuánto; = igual, ≠ distinto{meets}.",
                            f"Against {home}: ▲ higher, ▼ lower, and by how much; = the same, ≠ different{meets}.")  # fmt: skip
        if len({r.jurisdiction_id for r in table.rows}) > 1:
            yield self._say(
                "Resumen: sobre los países con dato; «con dato» cuenta de cuántos de los pedidos, incluido el de referencia.",
                "Summary: over the countries with a value; 'known' counts them among those asked for, the home country included.",
            )
        if table.similarity:
            yield table.similarity.rule.in_(self._language)
            yield "; ".join(
                f"{table.jurisdictions[a.jurisdiction_id].in_(self._language)} {a.alike_count}/{a.shared_count}"
                for a in table.similarity.found
            )

    def _sources(self) -> Iterator[GridSource]:
        used = dict.fromkeys(
            e.source_id for c in self._table.cells.values() for e in (c.evidence, c.gap.earlier if c.gap else None) if e
        )
        for source_id in used:
            source = self._table.sources[source_id]
            of = sorted({heading(c, self._language) for c in self._table.columns if self._is_from(source_id, c)})
            title = f"{source.title.in_(self._language)} ({'; '.join(of)})"
            yield GridSource(title, source.licence_id, source.citation.rstrip("."))

    def _is_from(self, source_id: str, column: Column) -> bool:
        cells = (self._table.cell(row, column) for row in self._table.rows)
        return any(e.source_id == source_id for c in cells for e in (c.evidence, c.gap.earlier if c.gap else None) if e)


def _other_year(evidence: Evidence, day: str) -> str | None:
    """The year that the evidence is of, where that is not the day's; of an election always."""
    if evidence.basis == "undated":
        return "?"
    year = evidence.period[:4]
    return year if year and (year != day[:4] or evidence.basis in ("latest_election", "election_of_that_year")) else None  # fmt: skip


def _against_home(cell: Cell, unit: str) -> str:
    difference = cell.difference
    if difference is None or difference.relation == "not_comparable":
        return ""
    if difference.relation in ("same", "different"):
        return " =" if difference.relation == "same" else " ≠"
    assert difference.amount is not None
    sign = "▲" if difference.relation == "higher" else "▼"
    meets = "≈" if difference.intervals_overlap else ""
    return f" {sign}{shown_number(abs(difference.amount), unit)}{meets}"


def _letter(index: int) -> str:
    letters = ""
    while True:
        letters = chr(ord("a") + index % 26) + letters
        index = index // 26 - 1
        if index < 0:
            return letters
