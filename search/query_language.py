"""What people type, understood: words, phrases, + and −, fields, wildcards, dates. Nothing typed is an error.

elecciones méxico                 words: any of them will do, more and rarer ones count more
"lista nominal"  «lista nominal»  these words side by side
+voto  -exterior                  must be there; must not
país:MEX tema:turnout año:2015..2024 tipo:law fuente:parlgov idioma:en región:m49-419 clase:section
elect*  el?ctor                   any letters; one letter
1 de julio de 2018, 2018-07-01    also finds the date as data write it
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from search.columns import year_span
from search.messages import Note
from search.words import WORD, fold, spaced, words_of

Occur = Literal["should", "must", "not", "hint"]
"""A `hint` puts entries in order, but does not choose them."""
ClauseKind = Literal["word", "phrase", "near", "wildcard"]
"""A `near` only counts more where its words stand side by side."""

MOST_CHARACTERS = 2_000
MOST_CLAUSES = 64

_FIELD_NAMES = {
    "kind": "clase kind",
    "type": "tipo type",
    "jurisdiction": "pais country jurisdiccion jurisdiction pays",
    "region": "region",
    "topic": "tema topic theme sujet",
    "year": "ano anio year annee",
    "source": "fuente source",
    "language": "idioma lengua language lang langue",
    "date": "fecha date",
}
FIELD_OF = {word: name for name, words in _FIELD_NAMES.items() for word in words.split()}
"""What people may write before a colon → the filter it stands for."""

_CLOSING = {'"': '"', "“": "”", "”": "”", "«": "»", "„": "“"}
_FIELD = re.compile(r"([^\W\d_]{2,20}):(?!/)(?=[^\s:])")
_JOINED_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero january janvier janeiro",
            "febrero february fevrier fevereiro",
            "marzo march mars marco",
            "abril april avril",
            "mayo may mai maio",
            "junio june juin junho",
            "julio july juillet julho",
            "agosto august aout",
            "septiembre setiembre september septembre setembro",
            "octubre october octobre outubro",
            "noviembre november novembre novembro",
            "diciembre december decembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a query, as it was typed and as it was understood."""

    kind: ClauseKind
    words: tuple[str, ...]
    occur: Occur
    typed: str


@dataclass(frozen=True)
class Query:
    """A query, understood. `filters` and `excluded` map names of filters to what was typed after the colon.

    `spoken` are the folded words outside quotes, fields and wildcards, in order: what names things and concepts.
    """

    clauses: tuple[Clause, ...]
    filters: Mapping[str, tuple[str, ...]]
    excluded: Mapping[str, tuple[str, ...]]
    spoken: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass
class _Reading:
    clauses: list[Clause] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, es: str, en: str) -> None:
        said = Note(es, en)
        if said not in self.notes:
            self.notes.append(said)


def parse(text: str) -> Query:
    """Understands what was typed; what cannot be taken as meant is taken as plain words, and a note says so."""
    reading = _Reading()
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        reading.note(
            f"La pregunta es muy larga: se leyeron sus primeros {MOST_CHARACTERS} caracteres.",
            f"The question is very long: its first {MOST_CHARACTERS} characters were read.",
        )
    place, pending = 0, None
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        occur: Occur = "should"
        if text[place] in "+-−" and place + 1 < len(text) and not text[place + 1].isspace():
            occur = "must" if text[place] == "+" else "not"
            place += 1
        name: str | None = None
        field_match = _FIELD.match(text, place)
        if field_match:
            name = FIELD_OF.get(fold(field_match.group(1)))
            if name is None:
                reading.note(
                    f"No hay un campo «{field_match.group(1)}»; se buscó como palabra.",
                    f"There is no field “{field_match.group(1)}”; it was searched as a word.",
                )
            else:
                place = field_match.end()
        value, quoted, place = _value(text, place, reading)
        if not quoted and name is None and occur == "should" and value in ("AND", "OR", "NOT"):
            pending = _operator(reading, value)
            continue
        if pending and occur == "should":
            occur = pending
        pending = None
        if name:
            _take_field(reading, name, value, occur)
        elif quoted:
            _take_phrase(reading, value, occur)
        else:
            _take_words(reading, value, occur)
    _take_spoken_dates(reading)
    clauses = reading.clauses
    if len(clauses) > MOST_CLAUSES:
        clauses = clauses[:MOST_CLAUSES]
        reading.note(
            f"La pregunta tiene muchas palabras: se buscaron las primeras {MOST_CLAUSES}.",
            f"The question has many words: the first {MOST_CLAUSES} were searched.",
        )
    return Query(
        tuple(clauses),
        {name: tuple(values) for name, values in reading.filters.items()},
        {name: tuple(values) for name, values in reading.excluded.items()},
        tuple(reading.spoken[:MOST_CLAUSES]),
        tuple(reading.notes),
    )


def _value(text: str, place: int, reading: _Reading) -> tuple[str, bool, int]:
    """What stands at a place: (the text, whether it was in quotes, where to go on)."""
    closing = _CLOSING.get(text[place]) if place < len(text) else None
    if closing:
        end = text.find(closing, place + 1)
        if end < 0:
            rest = text[place + 1 :]
            if rest.strip():
                reading.note(
                    "Faltaba cerrar unas comillas; se cerraron al final.",
                    "A quotation mark was left open; it was closed at the end.",
                )
            return rest, True, len(text)
        return text[place + 1 : end], True, end + 1
    end = place
    while end < len(text) and not text[end].isspace() and (end == place or text[end] not in _CLOSING):
        end += 1
    return text[place:end], False, max(end, place + 1)


def _operator(reading: _Reading, word: str) -> Occur | None:
    if word == "NOT":
        return "not"
    if word == "AND":
        if reading.clauses and reading.clauses[-1].occur == "should":
            last = reading.clauses[-1]
            reading.clauses[-1] = Clause(last.kind, last.words, "must", last.typed)
        return "must"
    return None


def _take_field(reading: _Reading, name: str, value: str, occur: Occur) -> None:
    value = value.strip()
    if name == "date":
        parts = value.replace("/", "-").split("-")
        if parts and year_span(parts[0]):
            name, rest = "year", value
            if len(parts) > 1:
                _take_phrase(reading, rest, "must" if occur == "should" else occur)
            value = parts[0]
    if name == "date" or (name == "year" and year_span(value) is None):
        reading.note(
            f"«{value}» no es un año ni un intervalo de años (2015..2024); se buscó como palabra.",
            f"“{value}” is neither a year nor a span of years (2015..2024); it was searched as a word.",
        )
        _take_words(reading, value, occur)
        return
    if value:
        into = reading.excluded if occur == "not" else reading.filters
        into.setdefault(name, []).append(value)


def _take_phrase(reading: _Reading, value: str, occur: Occur) -> None:
    words = tuple(words_of(value))
    if not words:
        return
    kind: ClauseKind = "phrase" if len(words) > 1 else "word"
    # What somebody puts in quotes is asked for.
    reading.clauses.append(Clause(kind, words, "must" if occur == "should" else occur, value.strip()))


def _take_words(reading: _Reading, value: str, occur: Occur) -> None:
    if "*" in value or re.search(r"\w\?\w", value):
        pattern = _pattern(value)
        if pattern.strip("*?"):
            reading.clauses.append(Clause("wildcard", (pattern,), occur, value))
            return
        if "*" in value and not words_of(value):
            reading.note(
                "Un comodín necesita alguna letra: «elect*».",
                "A wildcard needs some letter: “elect*”.",
            )
            return
    words = words_of(value)
    if not words:
        return
    if occur == "not" and len(words) > 1:
        reading.clauses.append(Clause("phrase", tuple(words), occur, value))
        return
    for word in words:
        reading.clauses.append(Clause("word", (word,), occur, word))
    if occur == "should":
        reading.spoken.extend(words)
        if len(words) > 1 and any(letter.isdigit() for letter in value):  # a date, or the number of an agreement
            match = _JOINED_DATE.search(value)
            joined = _iso_words(match) if match else tuple(words)
            reading.clauses.append(Clause("near", joined, "should", value))


def _pattern(value: str) -> str:
    """A wildcard pattern in folded letters: only letters, digits, * and ? are left."""
    pieces = re.split(r"([*?])", spaced(value).strip("?¿"))
    return "".join(piece if piece in "*?" else "".join(map(fold, WORD.findall(piece))) for piece in pieces)[:64]


def _iso_words(match: re.Match[str]) -> tuple[str, ...]:
    year, month, day = (match.group(1), match.group(2), match.group(3)) if match.group(1) else match.group(6, 5, 4)
    return (str(year), f"{int(month):02}", f"{int(day):02}")


def _take_spoken_dates(reading: _Reading) -> None:
    """«1 de julio de 2018» and "July 1, 2018" also as data write them: 2018-07-01."""
    words = [word for word in reading.spoken if word not in ("de", "del", "of", "the")]
    for first, second, year in zip(words, words[1:], words[2:], strict=False):
        if not (year.isdigit() and len(year) == 4):
            continue
        day, month = (first, second) if second in _MONTHS else (second, first)
        if month in _MONTHS and day.isdigit() and 1 <= int(day) <= 31:
            date = (year, f"{_MONTHS[month]:02}", f"{int(day):02}")
            reading.clauses.append(Clause("near", date, "should", "-".join(date)))
