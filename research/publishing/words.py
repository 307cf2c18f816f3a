"""What every document says of itself, in Spanish and English."""

from __future__ import annotations

import datetime

from research.names import Language

MONTHS_ES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
             "noviembre", "diciembre")  # fmt: skip
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip

WORDS: dict[str, tuple[str, str]] = {
    "table": ("Cuadro", "Table"),
    "chart": ("Gráfica", "Figure"),
    "map": ("Mapa", "Map"),
    "contents": ("Contenido", "Contents"),
    "references": ("Referencias", "References"),
    "data": ("Datos utilizados y licencias", "Data used and their licences"),
    "cutoff": ("Fecha de corte", "Cut-off date"),
    "published": ("Publicado", "Published"),
    "data version": ("Versión de los datos", "Data version"),
    "notes": ("Notas", "Notes"),
    "skip": ("Ir al texto", "Skip to the text"),
    "licence": ("Licencia", "Licence"),
    "credit": ("Cita que pide la fuente", "Citation that the source asks for"),
    "obtained": ("obtenida el", "obtained on"),
    "version": ("versión", "version"),
}


def word(key: str, language: Language) -> str:
    """One of the words above in that language. Raises KeyError."""
    return WORDS[key][0 if language == "es" else 1]


def long_date(day: datetime.date, language: Language) -> str:
    """A date as a text says it."""
    if language == "es":
        return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
