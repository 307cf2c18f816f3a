"""`[[tabla: países | variables | periodo]]`: a comparative table with a source in every cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from research.directives.answers import Answer, When, ask
from research.directives.asking import (
    Arguments,
    Asking,
    chamber_option,
    choice_option,
    countries_of,
    home_option,
    no_answer,
    source_option,
    variables_of,
    whole_number_option,
)
from research.directives.content import Cell, Cited, TableContent
from research.directives.faults import WrongName
from research.directives.names import Variable
from research.directives.shown import heading, shown
from research.directives.syntax import Directive

EXPECTED = (("la lista de países", "the list of countries"), ("la lista de variables", "the list of variables"))
COLUMNS = {"países": "countries", "countries": "countries", "variables": "variables"}
MOST_COLUMNS, MOST_ROWS = 8, 60
NO_DATA = ("s. d.", "n.d.")

Key = tuple[str, str]


def table(asking: Asking, directive: Directive) -> TableContent:
    """The table. Raises WrongName for unknown names, for one without any answer and for one too large for a page."""
    arguments = Arguments.of(directive, EXPECTED)
    countries = countries_of(asking, arguments.ordered[0])
    variables = variables_of(asking, arguments.ordered[1])
    when = arguments.when(asking.cutoff)
    found = ask(
        asking.connection, countries, [v.variable_id for v in variables], when,
        source_option(asking, directive), chamber_option(directive),
    )  # fmt: skip
    cells = {key: answers[0] for key, answers in found.items() if answers}
    if not cells:
        raise no_answer(asking, countries[0], variables[0], arguments.period)
    by_country = choice_option(directive, "columns", COLUMNS) == "countries" if "columns" in directive.options else (
        len(variables) > 4 and len(countries) < len(variables)
    )  # fmt: skip
    _check_size(*((len(variables), len(countries)) if by_country else (len(countries), len(variables))), directive)
    decimals = whole_number_option(directive, "decimals", 6)
    marks = _Marks(asking, cells, variables)
    cited: list[Cited] = []

    def cell(country: str, variable: Variable) -> Cell:
        answer = cells.get((country, variable.variable_id))
        if answer is None:
            return Cell(asking.say(*NO_DATA))
        written = shown(answer, asking.language, decimals, unit=False)
        cited.append(Cited.of("table", answer, written, when.asked))
        return Cell(written, marks.of(country, variable.variable_id))

    def head(variable: Variable) -> Cell:
        return Cell(heading(variable, asking.language), marks.of_column(variable.variable_id))

    named = {c: Cell(asking.country(c)) for c in countries}
    numeric = {v.variable_id: v.kind == "number" for v in variables}
    if by_country:
        heads = (Cell("Variable"), *named.values())
        rows = tuple((head(v), *(cell(c, v) for c in countries)) for v in variables)
        right = (False, *(all(numeric.values()) for _ in countries))
    else:
        heads = (Cell(asking.say("País", "Country")), *(head(v) for v in variables))
        rows = tuple((named[c], *(cell(c, v) for v in variables)) for c in countries)
        right = (False, *(numeric[v.variable_id] for v in variables))
    home = home_option(asking, directive)
    stressed = frozenset(i for i, c in enumerate(countries) if c == home and not by_country)
    title = directive.options.get("title") or _title(asking, variables, when, arguments.period)
    notes = (
        *marks.notes(),
        *_gap_notes(asking, countries, variables, cells),
        *_disagreements(asking, cells, variables),
    )
    return TableContent(title, heads, rows, right, notes, tuple(cited), stressed)


def _check_size(rows: int, columns: int, directive: Directive) -> None:
    if columns > MOST_COLUMNS or rows > MOST_ROWS:
        raise WrongName(
            f"el cuadro tendría {rows} filas y {columns} columnas y no cabe en la página (hasta {MOST_ROWS} y "
            f"{MOST_COLUMNS}); divídalo, o ponga «| columnas: países» o «| columnas: variables» en {directive.written[:60]}",
            f"the table would have {rows} rows and {columns} columns and does not fit the page (up to {MOST_ROWS} and "
            f"{MOST_COLUMNS}); divide it, or put '| columns: countries' or '| columns: variables' in {directive.written[:60]}",
        )


def _title(asking: Asking, variables: tuple[Variable, ...], when: When, period: str | None) -> str:
    names = [v.labels.in_(asking.language) for v in variables]
    what = names[0] if len(names) == 1 else asking.say("Comparación de variables", "Comparison of variables")
    if period:
        return f"{what}, {period}"
    return f"{what}, {asking.say('último dato hasta', 'latest by')} {when.last}"


class _Marks:
    """Which letter, if any, ties a cell to its source and period: none when all are alike, one a column when that is enough."""

    def __init__(self, asking: Asking, cells: dict[Key, Answer], variables: Iterable[Variable]) -> None:
        self._asking = asking
        order = [v.variable_id for v in variables]
        self._origin = {key: (a.source_id, a.period) for key, a in cells.items()}
        in_column = {v: {o for (_, other), o in self._origin.items() if other == v} for v in order}
        origins = dict.fromkeys(
            o for v in order for o in sorted(in_column[v], key=lambda o: (o[0], _reversed(o[1])))
        )  # fmt: skip
        self._one = len(origins) == 1
        self._by_column = not self._one and all(len(o) <= 1 for o in in_column.values())
        self._letters = {o: _letter(i) for i, o in enumerate(origins)}
        self._column_letters = {v: self._letters[next(iter(o))] for v, o in in_column.items() if o}

    def of(self, country: str, variable: str) -> str:
        """The letter of a cell."""
        return "" if self._one or self._by_column else self._letters[self._origin[country, variable]]

    def of_column(self, variable: str) -> str:
        """The letter of a variable's heading."""
        return self._column_letters.get(variable, "") if self._by_column else ""

    def notes(self) -> Iterator[str]:
        """The sources, each with its period and letter."""
        told = []
        for (source, period), letter in self._letters.items():
            said = f"{self._asking.source_title(source)}{f', {period}' if period else ''}"
            told.append(said if self._one else f"^{letter}^ {said}")
        label = self._asking.say("Fuente" if len(told) == 1 else "Fuentes", "Source" if len(told) == 1 else "Sources")
        yield f"{label}: {'; '.join(told)}."


def _reversed(period: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in period)


def _letter(position: int) -> str:
    return chr(ord("a") + position) if position < 26 else f"{_letter(position // 26 - 1)}{_letter(position % 26)}"


def _gap_notes(
    asking: Asking, countries: tuple[str, ...], variables: tuple[Variable, ...], cells: dict[Key, Answer]
) -> Iterator[str]:
    lacking = [(c, v) for v in variables for c in countries if (c, v.variable_id) not in cells]
    if lacking:
        label = asking.say(*NO_DATA)
        told = asking.say("sin dato en la base para ese periodo", "no data in the knowledge base for that period")
        yield f"{label}: {told}."


def _disagreements(asking: Asking, cells: dict[Key, Answer], variables: tuple[Variable, ...]) -> Iterator[str]:
    names = {v.variable_id: v.labels.in_(asking.language) for v in variables}
    told = []
    for (country, variable), answer in cells.items():
        for other in answer.others:
            said = f"{shown(other, asking.language)} ({asking.source_title(other.source_id)})"
            told.append(f"{asking.country(country)}, {names[variable]}: {said}")
    if told:
        yield f"{asking.say('Otras fuentes dan otro valor', 'Other sources give another value')}: {'; '.join(told)}."
