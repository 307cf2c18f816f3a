"""`[[dato: país | variable | periodo]]`, `[[dato: elección | índice]]`: one figure in a sentence."""

from __future__ import annotations

from research.comparison import Cell, Column, Evidence
from research.comparison.words import heading
from research.directives.asking import Asking, choice_option, whole_number_option
from research.directives.content import FigureContent
from research.directives.opening import Opened, Subject, opened
from research.directives.shown import shown
from research.directives.syntax import Directive
from research.faults import WrongName

EXPECTED = (("el país o la elección", "the country or the election"), ("la variable", "the variable"))
YES_OR_NO = {"sí": "yes", "si": "yes", "yes": "yes", "no": "no"}
# what the period in the note does not say
CAUTIONS = ("later_election", "uncertain", "beyond_source")


def figure(asking: Asking, directive: Directive) -> FigureContent:
    """The figure. Raises WrongName for an unknown name, for none, and for one that is two."""
    asked = opened(asking, directive, EXPECTED)
    for several in (asked.subjects, asked.variables):
        if len(several) > 1:
            raise WrongName(f"{directive.written} pide varias cifras; use una tabla",
                            f"{directive.written} asks for several figures; use a table")  # fmt: skip
    (subject,), column = asked.subjects, asked.column
    cell = asked.cell(subject, column)
    evidence = cell.evidence
    if evidence is None or _is_of_another_year(asked, evidence):
        raise asked.no_answer(subject, column)
    if cell.others and not {"source", "computed"} & directive.options.keys():
        raise _two(directive, column, [evidence, *cell.others])
    written = asking.shown(evidence, column.variable.unit, whole_number_option(directive, "decimals", 6))
    in_sentence = written[0].lower() + written[1:] if evidence.option is not None else written
    return FigureContent(
        in_sentence,
        _note(asking, subject, column, cell),
        choice_option(directive, "note", YES_OR_NO) != "no",
        asked.cited("figure", subject, column, in_sentence),
    )


def _is_of_another_year(asked: Opened, evidence: Evidence) -> bool:
    """Whether a sentence about a year would tell the election of an earlier one."""
    return asked.period is not None and not asked.when.is_day and not asked.when.covers(evidence)


def _note(asking: Asking, subject: Subject, column: Column, cell: Cell) -> str:
    evidence = cell.evidence
    assert evidence is not None
    what = heading(column, asking.language)
    if subject.election is None:
        parts = [asking.country(subject.jurisdiction_id), what, evidence.period]
    else:
        since = evidence.period if evidence.period != subject.election.date else ""  # a rule is older, a year is a year
        parts = [subject.names.in_(asking.language), what, since]
    if evidence.from_table == "election_indices":
        parts.append(asking.say("cálculo de Comparada", "computed by Comparada"))
    cautions = [n.said.in_(asking.language) for n in cell.notes if n.kind in CAUTIONS]
    return ". ".join([", ".join(p for p in parts if p), *cautions])


def _two(directive: Directive, column: Column, told: list[Evidence]) -> WrongName:
    """A figure that is two is the author's to choose."""
    unit = column.variable.unit
    computed = any(e.from_table == "election_indices" for e in told)
    es = ", ".join(f"{_origin(e, 'cálculo')} dice {shown(e, unit, 'es')}" for e in told)
    en = ", ".join(f"{_origin(e, 'computed')} says {shown(e, unit, 'en')}" for e in told)
    or_es, or_en = (" o «| cálculo: sí» (o «no»)", " or '| computed: yes' (or 'no')") if computed else ("", "")
    return WrongName(
        f"dos fuentes no coinciden ({es}); elija con «| fuente: …»{or_es} en {directive.written}",
        f"two sources disagree ({en}); choose with '| source: …'{or_en} in {directive.written}",
    )


def _origin(evidence: Evidence, computed: str) -> str:
    return f"{evidence.source_id} ({computed})" if evidence.from_table == "election_indices" else evidence.source_id
