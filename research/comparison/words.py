"""What a comparison says, in Spanish and English."""

from __future__ import annotations

from research.comparison.cells import Column, Reason
from research.comparison.evidence import Evidence
from research.fact_sheets.words import CHAMBERS
from research.names import Labels, Language
from research.units import unit_name

NO_DATA = Labels("s. d.", "n.d.")
BODIES = {key: Labels(es, en) for key, (es, en) in CHAMBERS.items()} | {
    "EP": Labels("Parlamento Europeo", "European Parliament"),
    "CA": Labels("asamblea constituyente", "constituent assembly"),
}

# a source's own reasons and those that a column alone decides; the others are written with their years and names
REASONS: dict[Reason, Labels] = {
    "no_information": Labels("la fuente no tiene información", "the source has no information"),
    "not_applicable": Labels("no aplica", "not applicable"),
    "not_researched": Labels("la fuente no lo investigó", "the source did not research it"),
    "not_specified_in_law": Labels("la ley no lo prevé", "the law does not provide for it"),
    "nobody_answers": Labels("ninguna fuente de esta base contesta la variable", "no source of this knowledge base answers the variable"),
    "other_chamber": Labels("las fuentes contestan de otro órgano del país, no de este", "the sources answer for another body of the country, not for this one"),
    "other_source": Labels("no lo da la fuente que se pide", "the source that is asked for does not give it"),
    "not_covered": Labels("las fuentes que contestan la variable no cubren este país", "the sources that answer the variable do not cover this country"),
}  # fmt: skip

NOT_COMPUTABLE = {
    "no_votes": Labels("la fuente no da los votos", "the source gives no votes"),
    "no_seats": Labels("la fuente no da los escaños", "the source gives no seats"),
    "no_electorate": Labels("la fuente no da el electorado", "the source gives no electorate"),
    "votes_coverage_low": Labels("los votos que da la fuente son menos de 95 de cada 100", "the votes that the source gives are fewer than 95 in 100"),
    "seats_coverage_low": Labels("los escaños que da la fuente son menos de 95 de cada 100", "the seats that the source gives are fewer than 95 in 100"),
    "shares_above_100": Labels("los porcentajes de la fuente suman más de 101", "the source's percentages add up to more than 101"),
    "seats_without_votes": Labels("la fuente no da los votos de quienes tienen más de 5 de cada 100 escaños", "the source lacks the votes of those who hold more than 5 in 100 seats"),
    "mostly_others": Labels("la mayor parte va agrupada como «otros»", "most is lumped as \"others\""),
    "undefined_ratio": Labels("la razón no está definida con esos datos", "the ratio is not defined for these data"),
    "no_previous_election": Labels("no hay elección anterior con la que comparar", "there is no earlier election to compare with"),
    "previous_not_comparable": Labels("la elección anterior no se puede comparar", "the earlier election cannot be compared"),
    "continuity_low": Labels("no se sabe qué partidos continúan", "it is not known which parties continue"),
}  # fmt: skip


def credited(evidence: Evidence, title: Labels) -> Labels:
    """The title of an answer's source; of an index computed here, that of the results it is computed from."""
    if evidence.from_table != "election_indices":
        return title
    return Labels(f"cálculo de Comparada con {title.es}", f"Comparada's computation from {title.en}")


def decimals(unit: str) -> int:
    """With how many decimals figures of a unit are shown, and so up to which difference two are the same."""
    if unit in ("index 0–1", "ratio"):
        return 3
    return (
        0
        if unit in ("level", "seats", "members", "districts", "years", "days", "year", "people", "persons", "votes")
        else 2
    )


def is_same_number(one: float, other: float, unit: str) -> bool:
    """Whether two figures differ by no more than half of the last decimal shown."""
    return abs(one - other) <= 0.5 * 10.0 ** -decimals(unit) + 1e-12


def shown_number(value: float, unit: str, *, signed: bool = False) -> str:
    """A figure with the decimals of its unit, commas for thousands and a true minus sign.

    >>> shown_number(1234.5, "%"), shown_number(-0.1044, "index 0–1"), shown_number(0.5, "%", signed=True)
    ('1,234.50', '−0.104', '+0.50')
    """
    if unit == "year":
        return str(int(value))
    places = decimals(unit)
    if places == 0 and not float(value).is_integer():
        places = 1
    return with_decimals(value, places, signed=signed)


def with_decimals(value: float, places: int, *, signed: bool = False) -> str:
    """A figure with that many decimals, commas for thousands and a true minus sign."""
    return f"{value:{'+' if signed else ''},.{places}f}".replace("-", "−")


def shown(evidence: Evidence, unit: str, language: Language) -> str:
    """An answer without its unit."""
    if evidence.value is not None:
        return shown_number(evidence.value, unit)
    if evidence.option is not None:
        return evidence.option.in_(language)
    return evidence.text or NO_DATA.in_(language)


def both(evidence: Evidence, unit: str) -> Labels:
    """An answer in both languages, with a percent sign where it needs one."""
    end = "%" if unit == "%" and evidence.value is not None else ""
    return Labels(shown(evidence, unit, "es") + (f" {end}" if end else ""), shown(evidence, unit, "en") + end)


def heading(column: Column, language: Language) -> str:
    """A variable as a column is headed, with the body it is about."""
    name = column.variable.labels.in_(language)
    if column.tier is None or column.tier == "LC":  # the names say what is of the lower or only house
        return name
    body = BODIES.get(column.tier)
    return f"{name}: {body.in_(language) if body else column.tier}"


def heading_with_unit(column: Column, language: Language) -> str:
    """The same with its unit, unless the name says it."""
    name, unit = heading(column, language), column.variable.unit
    said = unit_name(unit, language)
    return name if not said or (said.casefold() in name.casefold() and unit != "%") else f"{name} ({said})"
