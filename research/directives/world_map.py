"""`[[mapa: variable | periodo | países]]`: what each country answers, in classes that a grey print keeps apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from research.comparison import Evidence
from research.comparison.words import decimals, heading, with_decimals
from research.directives.asking import Arguments, Asking, home_option
from research.directives.content import MapContent
from research.directives.opening import Opened, Subject, subjects_of
from research.directives.syntax import Directive
from research.faults import WrongName
from research.names import Variable
from research.units import unit_name

EXPECTED = (("la variable", "the variable"), ("la región o los países", "the region or countries"))
CLASSES = 5
FIXED_STEPS = {
    "index 0–1": (0.2, 0.4, 0.6, 0.8),
    "%": (20.0, 40.0, 60.0, 80.0),
    "index 0–100": (20.0, 40.0, 60.0, 80.0),
}


def world_map(asking: Asking, directive: Directive) -> MapContent:
    """The map. Raises WrongName for unknown names, no data at all, and options too many to be told apart."""
    arguments = Arguments.of(directive, EXPECTED, at_least=1)
    variable = asking.names.variable(arguments.ordered[0])
    is_world = len(arguments.ordered) < 2
    when = arguments.when(asking.cutoff)
    area = _states(asking) if is_world else subjects_of(asking, arguments.ordered[1], when)
    asked = Opened(asking, directive, area, (variable,), arguments.period, when)
    column = asked.column
    told = {s: e for s in area if (e := asked.evidence(s, column)) and e.in_words is not None}
    answers = list(told.values())
    if not answers:
        raise asked.no_answer(area[0], column)
    classes, class_of = (
        _options(asking, answers) if variable.kind in ("code", "boolean") else _steps(asking, answers, variable)
    )
    at = arguments.period or asking.say(f"último dato hasta {when.last}", f"latest by {when.last}")
    name, unit = heading(column, asking.language), unit_name(variable.unit, asking.language)
    sources = "; ".join(dict.fromkeys(asking.credit(e) for e in answers))
    return MapContent(
        title=directive.options.get("title") or f"{name}{f' ({unit})' if unit else ''}, {at}",
        area=tuple(s.jurisdiction_id for s in area),
        is_world=is_world,
        class_of=class_of,
        classes=classes,
        no_answer=asking.say("Sin dato", "No data"),
        home=home_option(asking, directive),
        description=directive.options.get("description") or _description(asking, answers, variable, classes, class_of, f"{name}, {at}"),
        notes=(
            f"{asking.say('Fuente', 'Source')}: {sources}, {at}.",
            asking.say("Límites: Natural Earth; no implican posición alguna sobre la condición jurídica de ningún territorio.",
                       "Boundaries: Natural Earth; they imply no position on the legal status of any territory."),
        ),
        cited=tuple(asked.cited("map", s, column, asking.shown(e, variable.unit)) for s, e in told.items()),
    )  # fmt: skip


def _states(asking: Asking) -> tuple[Subject, ...]:
    return tuple(
        Subject(asking.names.jurisdictions[row[0]], row[0])
        for row in asking.connection.execute(
            "SELECT jurisdiction_id FROM jurisdictions WHERE kind IN ('state', 'disputed') AND valid_to IS NULL ORDER BY 1"
        )
    )


def _options(asking: Asking, answers: Sequence[Evidence]) -> tuple[tuple[str, ...], dict[str, int]]:
    told = {a.jurisdiction_id: asking.shown(a, "option") for a in answers}
    classes = tuple(sorted(set(told.values()), key=lambda c: (-list(told.values()).count(c), c)))
    if len(classes) > CLASSES:
        raise WrongName(
            f"el mapa tendría {len(classes)} opciones y no se distinguirían (hasta {CLASSES}); use una tabla",
            f"the map would have {len(classes)} options, which could not be told apart (up to {CLASSES}); use a table",
        )
    return classes, {key: classes.index(option) for key, option in told.items()}


def _steps(asking: Asking, answers: Sequence[Evidence], variable: Variable) -> tuple[tuple[str, ...], dict[str, int]]:
    """Five classes: equal steps where the scale has bounds, else a fifth of the countries in each."""
    values = sorted(a.value for a in answers if a.value is not None)
    levels = sorted(set(values))
    if len(levels) <= CLASSES:
        named = tuple(with_decimals(v, decimals(variable.unit)) for v in levels)
        return named, {a.jurisdiction_id: levels.index(a.value) for a in answers if a.value is not None}
    cuts = FIXED_STEPS.get(variable.unit) or tuple(
        sorted({values[len(values) * i // CLASSES] for i in range(1, CLASSES)} - {values[0]})
    )  # fmt: skip
    places = 1 if variable.unit == "index 0–1" else 0 if variable.unit in FIXED_STEPS else decimals(variable.unit)
    edges = [with_decimals(cut, places) for cut in cuts]
    low, high = asking.say("menos de", "below"), asking.say("o más", "or more")
    between = [f"{a} {asking.say('a menos de', 'to below')} {b}" for a, b in pairwise(edges)]
    classes = (f"{low} {edges[0]}", *between, f"{edges[-1]} {high}")
    return classes, {a.jurisdiction_id: sum(a.value >= cut for cut in cuts) for a in answers if a.value is not None}


def _description(
    asking: Asking,
    answers: Sequence[Evidence],
    variable: Variable,
    classes: Sequence[str],
    class_of: dict[str, int],
    what: str,
) -> str:
    counted = [(label, sum(c == i for c in class_of.values())) for i, label in enumerate(classes)]
    told = "; ".join(f"{label}: {count}" for label, count in counted)
    said = asking.say(f"Mapa de {len(answers)} países por clase", f"Map of {len(answers)} countries by class")
    numbers = sorted((a for a in answers if a.value is not None), key=lambda a: a.value or 0)
    ends = ""
    if len(numbers) > 1:
        low, high = numbers[0], numbers[-1]
        ends = asking.say(
            f" El valor más bajo es de {asking.country(low.jurisdiction_id)} ({asking.shown(low, variable.unit)}) y el más alto de"
            f" {asking.country(high.jurisdiction_id)} ({asking.shown(high, variable.unit)}).",
            f" The lowest value is that of {asking.country(low.jurisdiction_id)} ({asking.shown(low, variable.unit)}), the highest that of"
            f" {asking.country(high.jurisdiction_id)} ({asking.shown(high, variable.unit)}).",
        )
    return f"{what}. {said}: {told}.{ends}"
