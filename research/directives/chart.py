"""`[[gráfica: países | variable | periodo]]`: lines through the years, or bars of one time."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Literal

from research.directives.answers import Answer, When, ask, decimals_of, series
from research.directives.asking import (
    Arguments,
    Asking,
    chamber_option,
    choice_option,
    countries_of,
    home_option,
    no_answer,
    source_option,
)
from research.directives.content import ChartContent, Cited, Line, Point
from research.directives.faults import WrongName
from research.directives.names import Variable
from research.directives.shown import heading, shown
from research.directives.syntax import Directive

EXPECTED = (("la lista de países", "the list of countries"), ("la variable", "the variable"))
KINDS = {"líneas": "lines", "lines": "lines", "barras": "bars", "bars": "bars"}
MOST_LINES, MOST_BARS = 8, 40
YEARS_BACK = 25


def chart(asking: Asking, directive: Directive) -> ChartContent:
    """The chart. Raises WrongName for unknown names, too many lines to be told apart, and no data for a country."""
    arguments = Arguments.of(directive, EXPECTED)
    countries = countries_of(asking, arguments.ordered[0])
    variable = asking.names.variable(arguments.ordered[1])
    if variable.kind != "number":
        raise WrongName(
            f"«{variable.labels.es}» no es un número y no se puede graficar; use una tabla o un mapa",
            f"'{variable.labels.en}' is not a number and cannot be drawn; use a table or a map",
        )
    when = arguments.when(asking.cutoff)
    spans_years = when.first is not None and when.first[:4] != when.last[:4]
    kind = choice_option(directive, "kind", KINDS) or ("lines" if spans_years else "bars")
    if kind == "lines":
        return _lines(asking, directive, countries, variable, when)
    return _bars(asking, directive, countries, variable, when, arguments.period)


def _lines(
    asking: Asking, directive: Directive, countries: tuple[str, ...], variable: Variable, when: When
) -> ChartContent:
    _check_number(countries, MOST_LINES, ("líneas", "lines"))
    if when.first is None:
        when = When(f"{int(when.last[:4]) - YEARS_BACK}-01-01", when.last)
    found: dict[str, list[Answer]] = defaultdict(list)
    for answer in series(
        asking.connection, countries, variable.variable_id, when,
        source_option(asking, directive), chamber_option(directive),
    ):  # fmt: skip
        found[answer.jurisdiction_id].append(answer)
    span = f"{(when.first or '')[:4]}–{when.last[:4]}"
    for country in countries:
        if country not in found:
            raise no_answer(asking, country, variable, span)
    home = home_option(asking, directive)
    lines = tuple(
        Line(asking.country(c), tuple(Point(_year(a), a.value) for a in found[c] if a.value is not None), c == home)
        for c in countries
    )
    told = "; ".join(
        f"{asking.country(c)}: {shown(found[c][0], asking.language)} ({found[c][0].period}) → "
        f"{shown(found[c][-1], asking.language)} ({found[c][-1].period})"
        for c in countries
    )
    answers = [a for c in countries for a in found[c]]
    start = asking.say("Gráfica de líneas", "Line chart")
    return _chart(asking, directive, "lines", lines, variable, answers, when, span, f"{start}. {told}.")


def _bars(
    asking: Asking, directive: Directive, countries: tuple[str, ...], variable: Variable, when: When, period: str | None
) -> ChartContent:
    _check_number(countries, MOST_BARS, ("barras", "bars"))
    cells = ask(
        asking.connection, countries, [variable.variable_id], when,
        source_option(asking, directive), chamber_option(directive),
    )  # fmt: skip
    found = {c: cells[c, variable.variable_id][0] for c in countries if (c, variable.variable_id) in cells}
    if not found:
        raise no_answer(asking, countries[0], variable, period)
    home = home_option(asking, directive)
    ordered = sorted((a for a in found.values() if a.value is not None), key=lambda a: -(a.value or 0))
    one_period = len({a.period for a in ordered}) == 1
    lines = tuple(
        Line(
            asking.country(a.jurisdiction_id) + ("" if one_period else f" ({a.period})"),
            (Point(0, a.value or 0),), a.jurisdiction_id == home,
        )
        for a in ordered
    )  # fmt: skip
    at = ordered[0].period if one_period else asking.say(f"último dato hasta {when.last}", f"latest by {when.last}")
    told = "; ".join(f"{asking.country(a.jurisdiction_id)}: {shown(a, asking.language)}" for a in ordered)
    start = asking.say("Gráfica de barras, de mayor a menor", "Bar chart, from highest to lowest")
    content = _chart(asking, directive, "bars", lines, variable, ordered, when, at, f"{start}. {told}.")
    lacking = [asking.country(c) for c in countries if c not in found]
    if not lacking:
        return content
    note = f"{asking.say('Sin dato para ese periodo', 'No data for that period')}: {', '.join(lacking)}."
    return ChartContent(**{**content.__dict__, "notes": (*content.notes, note)})


def _chart(
    asking: Asking, directive: Directive, kind: Literal["lines", "bars"], lines: tuple[Line, ...], variable: Variable,
    answers: list[Answer], when: When, at: str, description: str,
) -> ChartContent:  # fmt: skip
    sources = "; ".join(asking.source_title(s) for s in asking.sources_of(answers))
    name = variable.labels.in_(asking.language)
    return ChartContent(
        title=directive.options.get("title") or f"{name}, {at}",
        kind=kind,
        lines=lines,
        axis=heading(variable, asking.language),
        unit=variable.unit,
        bounds=_bounds(variable.scale),
        decimals=decimals_of(variable.unit),
        description=directive.options.get("description") or f"{name}, {at}. {description}",
        notes=(f"{asking.say('Fuente', 'Source')}: {sources}, {at}.",),
        cited=tuple(Cited.of("chart", a, shown(a, asking.language), when.asked) for a in answers),
    )


def _check_number(countries: tuple[str, ...], most: int, what: tuple[str, str]) -> None:
    if len(countries) > most:
        raise WrongName(
            f"{len(countries)} {what[0]} no se distinguen en una gráfica (hasta {most}); elija menos países o use una tabla o un mapa",
            f"{len(countries)} {what[1]} cannot be told apart in a chart (up to {most}); choose fewer countries or use a table or a map",
        )


def _year(answer: Answer) -> float:
    """The time of an answer in years; a whole year's answer stands at the year."""
    day = answer.valid_from or "0"
    if answer.date_precision == "year" or len(day) < 7:
        return float(day[:4])
    return int(day[:4]) + (int(day[5:7]) - 1) / 12


def _bounds(scale: str | None) -> tuple[float, float] | None:
    """The lowest and highest possible value where a variable's scale gives both, as in `0–1`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[–-]\s*(\d+(?:\.\d+)?)", scale or "")
    return (float(match[1]), float(match[2])) if match else None
