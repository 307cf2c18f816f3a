"""How an answer is written: numbers as Mexico writes them, units, options and reasons in Spanish and English."""

from __future__ import annotations

from research.directives.answers import Answer, decimals_of
from research.directives.names import Language, Variable
from research.fact_sheets.words import MISSING
from research.units import AFTER

NO_SPACE_BREAK = "\N{NO-BREAK SPACE}"


def shown_number(value: float, decimals: int) -> str:
    """1,234.50: commas for thousands, a point for decimals, a true minus sign."""
    return f"{value:,.{decimals}f}".replace("-", "−")


def shown(answer: Answer, language: Language, decimals: int | None = None, *, unit: bool = True) -> str:
    """An answer as a text says it; `%` follows its number, other units stand in the sentence or the heading."""
    if answer.value is not None:
        if answer.unit == "year":
            return str(int(answer.value))
        written = shown_number(answer.value, decimals_of(answer.unit) if decimals is None else decimals)
        return with_percent(written, language) if unit and answer.unit == "%" else written
    if answer.option is not None:
        return answer.option[0 if language == "es" else 1]
    if answer.text is not None:
        return answer.text
    es, en = MISSING[answer.missing or "no_information"]
    return es if language == "es" else en


def with_percent(written: str, language: Language) -> str:
    """The percent sign as each language sets it: `63.4 %`, `63.4%`."""
    return f"{written}{NO_SPACE_BREAK if language == 'es' else ''}%"


def unit_after(unit: str, language: Language) -> str:
    """A unit as a heading gives it, ` (índice de 0 a 1)`; empty where the answer needs none."""
    if unit in ("option", "text", "date", "year", ""):
        return ""
    said = AFTER.get(unit, (unit, unit))[0 if language == "es" else 1].strip("()")
    return f" ({said})"


def heading(variable: Variable, language: Language) -> str:
    """A variable as a column is headed: its name and its unit."""
    name = variable.labels.in_(language)
    unit = unit_after(variable.unit, language)
    return name if unit.strip(" ()").casefold() in name.casefold() and variable.unit != "%" else f"{name}{unit}"
