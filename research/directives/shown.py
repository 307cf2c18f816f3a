"""How a text writes an answer: as the comparison shows it, with the percent sign of its language or the decimals asked for."""

from __future__ import annotations

from research.comparison import Evidence
from research.comparison import words as compared
from research.comparison.words import with_decimals
from research.names import Language

NO_SPACE_BREAK = "\N{NO-BREAK SPACE}"


def shown(
    evidence: Evidence, unit: str, language: Language, decimals: int | None = None, *, percent: bool = True
) -> str:
    """An answer as a text says it; `%` follows its number, other units stand in the sentence or the heading."""
    if evidence.value is None or unit == "year":
        return compared.shown(evidence, unit, language)
    written = compared.shown(evidence, unit, language) if decimals is None else with_decimals(evidence.value, decimals)
    return with_percent(written, language) if percent and unit == "%" else written


def with_percent(written: str, language: Language) -> str:
    """The percent sign as each language sets it: `63.4 %`, `63.4%`."""
    return f"{written}{NO_SPACE_BREAK if language == 'es' else ''}%"
