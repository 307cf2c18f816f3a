"""How a figure is said with its unit, in Spanish and English. Variables state their unit in English."""

from __future__ import annotations

from typing import Literal

Language = Literal["es", "en"]

# unit as stated → its name in Spanish and English; ingest/tables/variables.yml tells readers of the data the same
NAMES = {
    "% of roll": ("% del padrón", "% of the roll"),
    "% of quotient": ("% del cociente", "% of the quotient"),
    "V-Dem scale": ("escala de V-Dem", "V-Dem scale"),
    "index 0–1": ("índice de 0 a 1", "index 0–1"),
    "index 0–100": ("índice de 0 a 100", "index 0–100"),
    "index ≥ 0": ("índice de 0 en adelante", "index from 0 up"),
    "level": ("nivel", "level"),
    "ratio": ("razón", "ratio"),
    "years": ("años", "years"),
    "days": ("días", "days"),
    "parties": ("partidos", "parties"),
    "seats": ("escaños", "seats"),
    "members": ("integrantes", "members"),
    "districts": ("distritos", "districts"),
    "votes": ("votos", "votes"),
    "people": ("personas", "people"),
    "persons": ("personas", "persons"),
}
SAID_BY_THE_VALUE = ("option", "date", "year", "text", "")  # a unit that the value already shows
SCALES = ("index 0–1", "index 0–100", "index ≥ 0", "V-Dem scale", "level", "ratio")  # no count of anything: in brackets


def number(value: float, decimals: int = 3) -> str:
    """A figure as Mexico writes it, with no more decimals than it has.

    >>> number(1234.5), number(45.4), number(7.0)
    ('1,234.5', '45.4', '7')
    """
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_name(unit: str | None, language: Language) -> str:
    """A unit as a heading gives it; empty where the value already shows it.

    >>> unit_name("index 0–1", "es"), unit_name("option", "en")
    ('índice de 0 a 1', '')
    """
    if unit is None or unit in SAID_BY_THE_VALUE:
        return ""
    es, en = NAMES.get(unit, (unit, unit))
    return es if language == "es" else en


def with_unit(said: str, unit: str | None, language: Language) -> str:
    """A value already written out, followed by its unit where it needs one.

    >>> with_unit("45.4", "%", "es"), with_unit("Sí", "option", "es"), with_unit("6", "level", "en")
    ('45.4 %', 'Sí', '6 (level)')
    """
    if unit is None or not (name := unit_name(unit, language)):
        return said
    return f"{said} ({name})" if unit in SCALES else f"{said} {name}"


def measured(value: float, unit: str, language: Language) -> str:
    """A figure with its unit; a year is written without a thousands mark."""
    return with_unit(str(int(value)) if unit == "year" else number(value), unit, language)
