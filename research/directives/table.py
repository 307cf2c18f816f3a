"""`[[tabla: países | variables | periodo]]`: a comparative table with a source in every cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from research.comparison import Cell as Compared
from research.comparison import Column
from research.comparison.words import NO_DATA, heading, heading_with_unit
from research.directives.asking import Asking, choice_option, home_option, whole_number_option
from research.directives.content import Cell, Cited, TableContent
from research.directives.opening import Opened, Subject, opened
from research.directives.syntax import Directive
from research.faults import WrongName

EXPECTED = (
    ("la lista de países o elecciones", "the list of countries or elections"),
    ("la lista de variables", "the list of variables"),
)
COLUMNS = {"países": "countries", "countries": "countries", "variables": "variables"}
MOST_COLUMNS, MOST_ROWS = 8, 60

Key = tuple[Subject, Column]


def table(asking: Asking, directive: Directive) -> TableContent:
    """The table. Raises WrongName for unknown names, for one without any answer and for one too large for a page."""
    asked = opened(asking, directive, EXPECTED)
    subjects, columns = asked.subjects, asked.columns
    cells = {(s, c): asked.cell(s, c) for s in subjects for c in columns}
    if not any(cell.evidence for cell in cells.values()):
        raise asked.no_answer(subjects[0], columns[0])
    by_country = choice_option(directive, "columns", COLUMNS) == "countries" if "columns" in directive.options else (
        len(columns) > 4 and len(subjects) < len(columns)
    )  # fmt: skip
    _check_size(*((len(columns), len(subjects)) if by_country else (len(subjects), len(columns))), directive)
    decimals = whole_number_option(directive, "decimals", 6)
    marks = _Marks(asking, cells, columns)
    cited: list[Cited] = []

    def cell(subject: Subject, column: Column) -> Cell:
        evidence = cells[subject, column].evidence
        if evidence is None:
            return Cell(NO_DATA.in_(asking.language))
        written = asking.shown(evidence, column.variable.unit, decimals, percent=False)
        cited.append(asked.cited("table", subject, column, written))
        return Cell(written, marks.of(subject, column))

    def head(column: Column) -> Cell:
        return Cell(heading_with_unit(column, asking.language), marks.of_column(column))

    named = {s: Cell(s.names.in_(asking.language)) for s in subjects}
    numeric = {c: c.variable.kind == "number" for c in columns}
    if by_country:
        heads = (Cell("Variable"), *named.values())
        rows = tuple((head(c), *(cell(s, c) for s in subjects)) for c in columns)
        right = (False, *(all(numeric.values()) for _ in subjects))
    else:
        of = asking.say("País", "Country") if subjects[0].election is None else asking.say("Elección", "Election")
        heads = (Cell(of), *(head(c) for c in columns))
        rows = tuple((named[s], *(cell(s, c) for c in columns)) for s in subjects)
        right = (False, *(numeric[c] for c in columns))
    home = home_option(asking, directive)
    stressed = frozenset(i for i, s in enumerate(subjects) if s.jurisdiction_id == home and not by_country)
    notes = (*marks.notes(), *_Places(asking, cells).notes())
    return TableContent(
        directive.options.get("title") or _title(asked), heads, rows, right, notes, tuple(cited), stressed
    )


def _check_size(rows: int, columns: int, directive: Directive) -> None:
    if columns > MOST_COLUMNS or rows > MOST_ROWS:
        raise WrongName(
            f"el cuadro tendría {rows} filas y {columns} columnas y no cabe en la página (hasta {MOST_ROWS} y "
            f"{MOST_COLUMNS}); divídalo, o ponga «| columnas: países» o «| columnas: variables» en {directive.written[:60]}",
            f"the table would have {rows} rows and {columns} columns and does not fit the page (up to {MOST_ROWS} and "
            f"{MOST_COLUMNS}); divide it, or put '| columns: countries' or '| columns: variables' in {directive.written[:60]}",
        )


def _title(asked: Opened) -> str:
    asking = asked.asking
    names = [v.labels.in_(asking.language) for v in asked.variables]
    what = names[0] if len(names) == 1 else asking.say("Comparación de variables", "Comparison of variables")
    if asked.subjects[0].election is not None:
        return what
    if asked.period:
        return f"{what}, {asked.period}"
    return f"{what}, {asking.say('último dato hasta', 'latest by')} {asked.when.last}"


class _Marks:
    """Which letter, if any, ties a cell to its source and period: none when all are alike, one a column when that is enough."""

    def __init__(self, asking: Asking, cells: Mapping[Key, Compared], columns: Iterable[Column]) -> None:
        self._asking = asking
        self._origin = {key: (asking.credit(e), e.period) for key, cell in cells.items() if (e := cell.evidence)}
        in_column = {c: {o for (_, other), o in self._origin.items() if other == c} for c in columns}
        origins = dict.fromkeys(
            o for told in in_column.values() for o in sorted(told, key=lambda o: (o[0], _reversed(o[1])))
        )
        self._one = len(origins) == 1
        self._by_column = not self._one and all(len(o) <= 1 for o in in_column.values())
        self._letters = {o: _letter(i) for i, o in enumerate(origins)}
        self._column_letters = {c: self._letters[next(iter(o))] for c, o in in_column.items() if o}

    def of(self, subject: Subject, column: Column) -> str:
        """The letter of a cell."""
        return "" if self._one or self._by_column else self._letters[self._origin[subject, column]]

    def of_column(self, column: Column) -> str:
        """The letter of a column's heading."""
        return self._column_letters.get(column, "") if self._by_column else ""

    def notes(self) -> Iterator[str]:
        """The sources, each with its period and letter."""
        told = []
        for (source, period), letter in self._letters.items():
            said = f"{source}{f', {period}' if period else ''}"
            told.append(said if self._one else f"^{letter}^ {said}")
        label = self._asking.say("Fuente" if len(told) == 1 else "Fuentes", "Source" if len(told) == 1 else "Sources")
        yield f"{label}: {'; '.join(told)}."


def _reversed(period: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in period)


def _letter(position: int) -> str:
    return chr(ord("a") + position) if position < 26 else f"{_letter(position // 26 - 1)}{_letter(position % 26)}"


class _Places:
    """What the comparison notes of the cells, and why some have no answer, each thing once with the cells it is said of."""

    def __init__(self, asking: Asking, cells: Mapping[Key, Compared]) -> None:
        self._asking = asking
        self._cells = cells

    def notes(self) -> Iterator[str]:
        """The reasons of the gaps, what other sources say, and cautions."""
        lacking: dict[str, list[Key]] = defaultdict(list)
        otherwise: dict[str, list[Key]] = defaultdict(list)
        cautions: dict[str, list[Key]] = defaultdict(list)
        for key, cell in self._cells.items():
            if cell.gap is not None:
                lacking[cell.gap.why.in_(self._asking.language)].append(key)
            for note in cell.notes:
                if note.kind != "older":  # the period stands among the sources
                    of = otherwise if note.kind in ("second_source", "near_question") else cautions
                    of[note.said.in_(self._asking.language)].append(key)
        if lacking:
            yield f"{NO_DATA.in_(self._asking.language)}: {self._told(lacking)}."
        if otherwise:
            label = self._asking.say("Otras fuentes dan otro valor", "Other sources give another value")
            yield f"{label}: {self._told(otherwise)}."
        if cautions:
            yield f"{self._told(cautions)}."

    def _told(self, said: Mapping[str, list[Key]]) -> str:
        return "; ".join(f"{what.rstrip('.')} ({self._where(keys)})" for what, keys in said.items())

    def _where(self, keys: list[Key]) -> str:
        """The cells by column; a column all of whose cells are meant goes by its name alone."""
        places: dict[Column, list[Subject]] = defaultdict(list)
        for subject, column in keys:
            places[column].append(subject)
        columns = {c for _, c in self._cells}
        told = []
        for column, subjects in places.items():
            name = heading(column, self._asking.language)
            listed = ", ".join(s.names.in_(self._asking.language) for s in subjects)
            whole = len(subjects) * len(columns) == len(self._cells)
            told.append(name if whole else listed if len(columns) == 1 else f"{name}: {listed}")
        return "; ".join(told)
