"""`[[gráfica: países | variable | periodo]]`: lines through the years, or bars of one time."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Literal

from research.comparison import Column, Evidence
from research.comparison.words import decimals, heading, heading_with_unit
from research.directives.asking import Asking, choice_option, home_option
from research.directives.content import ChartContent, Cited, Line, Point
from research.directives.opening import Opened, opened
from research.directives.periods import When
from research.directives.syntax import Directive
from research.faults import WrongName

EXPECTED = (
    ("la lista de países o elecciones", "the list of countries or elections"),
    ("la variable", "the variable"),
)
KINDS = {"líneas": "lines", "lines": "lines", "barras": "bars", "bars": "bars"}
MOST_LINES, MOST_BARS = 8, 40
YEARS_BACK = 25


def chart(asking: Asking, directive: Directive) -> ChartContent:
    """The chart. Raises WrongName for unknown names, too many lines to be told apart, and no data for a country."""
    asked = opened(asking, directive, EXPECTED)
    for variable in asked.variables:
        if variable.kind != "number":
            raise WrongName(
                f"«{variable.labels.es}» no es un número y no se puede graficar; use una tabla o un mapa",
                f"'{variable.labels.en}' is not a number and cannot be drawn; use a table or a map",
            )
    if len(asked.variables) > 1:
        raise WrongName(f"una gráfica es de una variable, y {directive.written} pide {len(asked.variables)}",
                        f"a chart is of one variable, and {directive.written} asks for {len(asked.variables)}")  # fmt: skip
    when = asked.when
    spans_years = when.first is not None and when.takes_earlier
    kind = choice_option(directive, "kind", KINDS) or ("lines" if spans_years else "bars")
    if kind == "bars":
        return _bars(asked)
    if asked.subjects[0].election is not None:
        raise WrongName(f"las líneas son de países y años, y {directive.written} pide elecciones; use «tipo: barras»",
                        f"lines are of countries and years, and {directive.written} asks for elections; use 'kind: bars'")  # fmt: skip
    return _lines(asked)


def _lines(asked: Opened) -> ChartContent:
    asking, when = asked.asking, asked.when
    _check_number(asked.subjects, MOST_LINES, ("líneas", "lines"))
    if when.first is None:
        when = When(f"{int(when.last[:4]) - YEARS_BACK}-01-01", when.last)
    column = asked.column
    unit = column.variable.unit
    found = asked.course(column, when)
    span = f"{(when.first or '')[:4]}–{when.last[:4]}"
    for subject, told in found.items():
        if not told:
            raise dataclasses.replace(asked, period=span).no_answer(subject, column)
    home = home_option(asking, asked.directive)
    lines = tuple(
        Line(
            asking.country(s.jurisdiction_id),
            tuple(
                Point(max(_year(e), float((when.first or "")[:4])), e.value, step.follows_gap)
                for step in told
                if (e := step.evidence).value is not None
            ),
            s.jurisdiction_id == home,
        )
        for s, told in found.items()
    )
    described = "; ".join(
        f"{asking.country(s.jurisdiction_id)}: {asking.shown(first, unit)} ({first.period}) → {asking.shown(last, unit)} ({last.period})"
        for s, told in found.items() for first, last in [(told[0].evidence, told[-1].evidence)]
    )  # fmt: skip
    answers = [step.evidence for told in found.values() for step in told]
    cited = tuple(step.cited for told in found.values() for step in told)
    start = asking.say("Gráfica de líneas", "Line chart")
    content = _chart(asked, "lines", lines, column, answers, cited, span, f"{start}. {described}.")
    if not any(point.follows_gap for line in lines for point in line.points):
        return content
    note = asking.say(
        "La línea se corta donde falta el dato de una elección o de un año.",
        "The line breaks where an election or a year lacks its value.",
    )
    return dataclasses.replace(content, notes=(*content.notes, note))


def _bars(asked: Opened) -> ChartContent:
    asking = asked.asking
    _check_number(asked.subjects, MOST_BARS, ("barras", "bars"))
    column = asked.column
    unit = column.variable.unit
    found = {s: e for s in asked.subjects if (e := asked.evidence(s, column)) and e.value is not None}
    if not found:
        raise asked.no_answer(asked.subjects[0], column)
    home = home_option(asking, asked.directive)
    of_elections = asked.subjects[0].election is not None  # in the order in which the text names them
    ordered = found if of_elections else dict(sorted(found.items(), key=lambda told: -(told[1].value or 0)))
    names = {s: s.names.in_(asking.language) for s in asked.subjects}
    periods = {e.period for e in ordered.values()}
    says_period = len(periods) > 1 and not of_elections
    lines = tuple(
        Line(f"{names[s]} ({e.period})" if says_period else names[s], (Point(0, e.value or 0),), s.jurisdiction_id == home)
        for s, e in ordered.items()
    )  # fmt: skip
    at = "–".join(sorted({min(periods), max(periods)})) if not says_period else asking.say(f"último dato hasta {asked.when.last}", f"latest by {asked.when.last}")  # fmt: skip
    told = "; ".join(f"{names[s]}: {asking.shown(e, unit)}" for s, e in ordered.items())
    start = asking.say("Gráfica de barras", "Bar chart")
    if not of_elections:
        start += asking.say(", de mayor a menor", ", from highest to lowest")
    cited = tuple(asked.cited("chart", s, column, asking.shown(e, unit)) for s, e in ordered.items())
    content = _chart(asked, "bars", lines, column, list(ordered.values()), cited, at, f"{start}. {told}.")
    lacking = [names[s] for s in asked.subjects if s not in found]
    if not lacking:
        return content
    note = f"{asking.say('Sin dato para ese periodo', 'No data for that period')}: {', '.join(lacking)}."
    return dataclasses.replace(content, notes=(*content.notes, note))


def _chart(
    asked: Opened, kind: Literal["lines", "bars"], lines: tuple[Line, ...], column: Column, answers: list[Evidence],
    cited: tuple[Cited, ...], at: str, description: str,
) -> ChartContent:  # fmt: skip
    asking, options = asked.asking, asked.directive.options
    name = heading(column, asking.language)
    return ChartContent(
        title=options.get("title") or f"{name}, {at}",
        kind=kind,
        lines=lines,
        axis=heading_with_unit(column, asking.language),
        unit=column.variable.unit,
        bounds=_bounds(column.variable.scale),
        decimals=decimals(column.variable.unit),
        description=options.get("description") or f"{name}, {at}. {description}",
        notes=(f"{asking.say('Fuente', 'Source')}: {_credits(asking, answers, at)}.",),
        cited=cited,
    )


def _credits(asking: Asking, answers: list[Evidence], at: str) -> str:
    """The source and the time; of several, each with the countries and years that it tells."""
    told: dict[str, dict[str, list[str]]] = {}
    for e in answers:
        told.setdefault(asking.credit(e), {}).setdefault(asking.country(e.jurisdiction_id), []).append(e.period[:4])
    if len(told) == 1:
        return f"{next(iter(told))}, {at}"
    spans = {
        source: ", ".join(
            f"{place} {'–'.join(dict.fromkeys((years[0], years[-1])))}" for place, years in places.items()
        )
        for source, places in told.items()
    }
    return "; ".join(f"{source} ({span})" for source, span in spans.items())


def _check_number(countries: Sequence[object], most: int, what: tuple[str, str]) -> None:
    if len(countries) > most:
        raise WrongName(
            f"{len(countries)} {what[0]} no se distinguen en una gráfica (hasta {most}); elija menos países o use una tabla o un mapa",
            f"{len(countries)} {what[1]} cannot be told apart in a chart (up to {most}); choose fewer countries or use a table or a map",
        )


def _year(answer: Evidence) -> float:
    """The time of an answer in years; a whole year's answer stands at the year."""
    day = answer.period
    if answer.date_precision == "year" or len(day) < 7:
        return float(day[:4])
    return int(day[:4]) + (int(day[5:7]) - 1) / 12


def _bounds(scale: str | None) -> tuple[float, float] | None:
    """The lowest and highest possible value where a variable's scale gives both, as in `0–1`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[–-]\s*(\d+(?:\.\d+)?)", scale or "")
    return (float(match[1]), float(match[2])) if match else None
