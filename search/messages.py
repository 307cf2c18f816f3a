"""What is asked of the engine and what it answers: the values that cross the border of this package.

Texts for people come in Spanish and in English where both are known (`…_es`, `…_en`, `Note`); labels inside an
answer come in the language of the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FILTER_NAMES = ("kind", "jurisdiction", "region", "topic", "language", "year", "source", "type")
"""What one can filter by, and the order of the facets."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to the engine.

    `text` is what the person typed, query language included. `filters` maps names of FILTER_NAMES to accepted values
    (any of them will do; of several names all must hold); a `year` is `2015`, `2015..2024`, `..1990` or `2015..`.
    `page` counts from 1, `page_size` is 1–100. `expand` adds the thesaurus' other words for what was typed.
    """

    text: str
    lang: str = "es"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    page_size: int = 20
    expand: bool = True
    time_limit_seconds: float = 2.0
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a snippet; `is_match` where a word was found."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found. `table` and `key` name its row in the database."""

    kind: str
    table: str
    key: str
    title: str
    subtitle: str
    snippet: tuple[Fragment, ...]
    language: str | None
    jurisdiction_id: str | None
    year: int | None
    source_id: str | None
    score: float


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: `value` is what a filter takes, `count` how many entries the choice would give."""

    value: str
    label: str
    count: int
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way of narrowing the answer."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words that were looked for besides those typed: `matched` is what was typed, `added` the thesaurus' words.

    `concept_id` is the concept that was named, None where a single word was translated by the concepts' labels.
    """

    matched: str
    concept_id: str | None
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the person should know about this answer."""

    es: str
    en: str


@dataclass(frozen=True, slots=True)
class Datum:
    """The figure that a question of variable and jurisdiction (and perhaps year) asks for, above the hits.

    `value_es` and `value_en` are the value written out, or None where nothing is held; `note_es` and `note_en` say
    what was not found («no hay dato de 2018; el más cercano es de 2015»). `table` and `key` name the row for a link.
    `basis` is the law and article that an answer rests on, where its source cites them. `others` are further figures
    that answer the same question by another measure or source.
    """

    variable_id: str | None
    variable_es: str
    variable_en: str
    jurisdiction_id: str
    jurisdiction_es: str
    jurisdiction_en: str
    year: int | None
    asked_year: int | None
    value_es: str | None
    value_en: str | None
    unit: str | None
    source_id: str | None
    source_es: str | None
    source_en: str | None
    table: str | None
    key: str | None
    note_es: str | None = None
    note_en: str | None = None
    basis: str | None = None
    others: tuple[Datum, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer: one page of hits, best first, and what surrounds them."""

    hits: tuple[Hit, ...]
    total_count: int
    page: int
    pages_count: int
    facets: tuple[Facet, ...]
    expansions: tuple[Expansion, ...]
    did_you_mean: str | None
    datum: Datum | None
    notes: tuple[Note, ...]
    seconds: float
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed. `table` and `key` name a row where there is one."""

    text: str
    kind: str
    table: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an update of the index did, in entries."""

    added: int
    changed: int
    removed: int
    unchanged: int
    seconds: float
    generation: str
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
