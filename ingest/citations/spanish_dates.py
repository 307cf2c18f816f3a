"""Dates as Mexican official texts write them: 13-04-2020, 23 de mayo de 2014, veintitrés de mayo de dos mil catorce."""

from __future__ import annotations

import datetime
import re
import unicodedata

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_SMALL = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    "primero": 1, "un": 1, "una": 1, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300,
    "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800,
    "novecientos": 900,
}  # fmt: skip
_MONTH = "(?:" + "|".join(MONTHS) + "|setiembre)"
_DAY_WORDS = r"(?:primero|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|diecis[eé]is|diecisiete|dieciocho|diecinueve|veinte|veinti[\wé]+|treinta(?:\s+y\s+un[oa]?)?)"
_YEAR_WORDS = r"(?:mil\s+(?:ocho|nove)cientos(?:\s+[\wé]+(?:\s+y\s+\w+)?)?|dos\s+mil(?:\s+[\wé]+(?:\s+y\s+\w+)?)?)"
DATE = (
    rf"(?:\d{{1,2}}[-/]\d{{1,2}}[-/]\d{{4}}|(?:\d{{1,2}}[oº°]?\.?|{_DAY_WORDS})\s+(?:d[ií]as?\s+del\s+mes\s+)?de\s+{_MONTH}"
    rf"\s+(?:de|del)(?:\s+a[nñ]o)?\s+(?:\d{{4}}|{_YEAR_WORDS}))"
)
_FIGURES = re.compile(r"^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$")
_WORDS = re.compile(
    r"^(.+?)\s+(?:d[ií]as?\s+del\s+mes\s+)?de\s+(\w+)\s+(?:de|del)(?:\s+a[nñ]o)?\s+(.+)$", re.IGNORECASE | re.DOTALL
)


def iso_date(text: str) -> str | None:
    """The date in ISO 8601; None when there is no such day.

    >>> iso_date("13-04-2020"), iso_date("1o. de mayo de 2023"), iso_date("31-02-2020")
    ('2020-04-13', '2023-05-01', None)
    >>> iso_date("veintitrés de mayo de dos mil catorce")
    '2014-05-23'
    """
    if match := _FIGURES.match(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _WORDS.match(text):
        name = _plain(match[2]).replace("setiembre", "septiembre")
        if name not in MONTHS:
            return None
        month = MONTHS.index(name) + 1
        day, year = _number(match[1]), _number(match[3])
    else:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _number(text: str) -> int:
    """A number in figures or in Spanish words; 0 when it is none."""
    if figures := re.match(r"\d+", text.strip()):
        return int(figures[0])
    total = 0
    for word in _plain(text).split():
        if word == "mil":
            total = (total or 1) * 1000
        elif word != "y":
            total += _VALUES.get(word, 0)
    return total


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
