"""`[[dato: país | variable | periodo]]`: one figure in a sentence."""

from __future__ import annotations

from research.directives.answers import Answer, ask, chambers_known
from research.directives.asking import (
    Arguments,
    Asking,
    chamber_option,
    choice_option,
    no_answer,
    source_option,
    whole_number_option,
)
from research.directives.content import Cited, FigureContent
from research.directives.faults import WrongName
from research.directives.names import Variable
from research.directives.shown import shown
from research.directives.syntax import Directive

EXPECTED = (("el país", "the country"), ("la variable", "the variable"))
YES_OR_NO = {"sí": "yes", "si": "yes", "yes": "yes", "no": "no"}


def figure(asking: Asking, directive: Directive) -> FigureContent:
    """The figure. Raises WrongName for an unknown name, for none, and for one that is two."""
    arguments = Arguments.of(directive, EXPECTED)
    country = asking.names.country(arguments.ordered[0])
    variable = asking.names.variable(arguments.ordered[1])
    when = arguments.when(asking.cutoff)
    source, chamber = source_option(asking, directive), chamber_option(directive)
    cells = ask(asking.connection, [country], [variable.variable_id], when, source, chamber)
    answers = cells.get((country, variable.variable_id), ())
    if not answers:
        raise no_answer(asking, country, variable, arguments.period)
    answer = _the_one(asking, answers, source is not None, directive)
    if answer.stated is None or answer.missing is not None:
        raise no_answer(asking, country, variable, arguments.period)
    decimals = whole_number_option(directive, "decimals", 6)
    written = shown(answer, asking.language, decimals)
    in_sentence = written[0].lower() + written[1:] if answer.option is not None else written
    return FigureContent(
        in_sentence,
        _note(asking, answer, variable),
        choice_option(directive, "note", YES_OR_NO) != "no",
        Cited.of("figure", answer, in_sentence, when.asked),
    )


def _note(asking: Asking, answer: Answer, variable: Variable) -> str:
    parts = [asking.country(answer.jurisdiction_id), variable.labels.in_(asking.language), answer.period]
    return ", ".join(p for p in parts if p)


def _the_one(asking: Asking, answers: tuple[Answer, ...], source_is_named: bool, directive: Directive) -> Answer:
    """The only answer; a figure that is two is the author's to choose."""
    if len(answers) > 1:
        known = chambers_known(answers, asking.names)
        raise WrongName(
            f"hay un dato por cámara; añada «| cámara: …» a {directive.written} ({known})",
            f"there is one figure a chamber; add '| chamber: …' to {directive.written} ({known})",
        )
    answer = answers[0]
    if answer.others and not source_is_named:
        said = [answer, *answer.others]
        es = ", ".join(f"{a.source_id} dice {shown(a, 'es')}" for a in said)
        en = ", ".join(f"{a.source_id} says {shown(a, 'en')}" for a in said)
        raise WrongName(
            f"dos fuentes no coinciden ({es}); elija con «| fuente: …» en {directive.written}",
            f"two sources disagree ({en}); choose with '| source: …' in {directive.written}",
        )
    return answer
