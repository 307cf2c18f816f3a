"""What every directive is read with: the knowledge base, its names, the text's language and its cut-off date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from research.comparison import Evidence
from research.comparison.evidence import FromTable
from research.comparison.words import credited
from research.directives.periods import When
from research.directives.shown import shown
from research.directives.syntax import OPTIONS, Directive
from research.faults import WrongName, or_rather
from research.names import Labels, Language, Names, Variable, folded, nearest

T = TypeVar("T")
_LIKE_A_PERIOD = re.compile(r"\d{4}($|\D)|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$")
CHAMBER_WORDS = {
    "LC": Labels("baja", "lower"), "UC": Labels("alta", "upper"), "PR": Labels("presidencia", "presidency"),
    "EP": Labels("parlamento europeo", "european parliament"),
}  # fmt: skip
CHAMBERS = {word: key for key, said in CHAMBER_WORDS.items() for word in (said.es, said.en)} | {
    "única": "LC", "diputados": "LC", "senado": "UC", "senate": "UC",
}  # fmt: skip
ORIGINS: dict[str, FromTable] = {"sí": "election_indices", "yes": "election_indices", "no": "published_indices"}


@dataclass(frozen=True)
class Asking:
    """The knowledge base as one text sees it. `cutoff` is an ISO day: nothing later is told."""

    connection: sqlite3.Connection
    names: Names
    language: Language
    cutoff: str

    def say(self, es: str, en: str) -> str:
        """The one of the two that is in the text's language."""
        return es if self.language == "es" else en

    def country(self, jurisdiction_id: str) -> str:
        """The name of a country in the text's language."""
        return self.names.jurisdictions[jurisdiction_id].in_(self.language)

    def source_title(self, source_id: str) -> str:
        """The title of a source in the text's language."""
        return self.names.sources[source_id].in_(self.language)

    def shown(self, evidence: Evidence, unit: str, decimals: int | None = None, *, percent: bool = True) -> str:
        """An answer as the text writes it."""
        return shown(evidence, unit, self.language, decimals, percent=percent)

    def credit(self, evidence: Evidence) -> str:
        """The source of an answer, or that of the results from which Comparada computes it."""
        return credited(evidence, self.names.sources[evidence.source_id]).in_(self.language)


@dataclass(frozen=True)
class Arguments:
    """The arguments of a directive in their order, and the time among them, wherever it stands."""

    ordered: tuple[str, ...]
    period: str | None

    @classmethod
    def of(cls, directive: Directive, expected: Sequence[tuple[str, str]], *, at_least: int | None = None) -> Arguments:
        """The arguments, named in `expected` (es, en) for the messages. Raises WrongName for too few or too many."""
        periods = [a for a in directive.arguments if _LIKE_A_PERIOD.match(a)]
        ordered = [a for a in directive.arguments if a not in periods]
        needed = len(expected) if at_least is None else at_least
        if len(ordered) < needed:
            es, en = expected[len(ordered)]
            raise WrongName(f"falta {es} en {directive.written}", f"{en} is missing in {directive.written}")
        extra = [*ordered[len(expected) :], *periods[1:]]
        if extra:
            raise WrongName(
                f"sobra «{extra[0]}» en {directive.written}", f"'{extra[0]}' is too much in {directive.written}"
            )
        return cls(tuple(ordered), periods[0] if periods else None)

    def when(self, cutoff: str) -> When:
        """The time asked for; without one, the latest known at the cut-off date. Raises WrongName."""
        return When.of(self.period) if self.period else When.latest(cutoff)


def listed(written: str) -> list[str]:
    """The names of a list: between semicolons where there is one, else between commas."""
    return [name for part in written.split(";" if ";" in written else ",") if (name := part.strip())]


def variables_of(asking: Asking, written: str) -> tuple[Variable, ...]:
    """The variables that a list names, each once; a name with commas in it is one. Raises WrongName."""
    try:
        return (asking.names.variable(written),)
    except WrongName as whole:
        names = listed(written)
        if len(names) < 2:
            raise whole from None
    return tuple(dict.fromkeys(asking.names.variable(name) for name in names))


def source_option(asking: Asking, directive: Directive) -> str | None:
    """The source that a directive asks for. Raises WrongName."""
    written = directive.options.get("source")
    return asking.names.source(written) if written else None


def chamber_option(directive: Directive) -> str | None:
    """The body that a directive asks for, as elections are keyed: LC, UC, PR, EP. Raises WrongName."""
    written = directive.options.get("chamber")
    if not written:
        return None
    for word, chamber in CHAMBERS.items():
        if folded(word) == folded(written):
            return chamber
    raise WrongName(
        f"no se conoce la cámara «{written}»; escriba baja, alta o presidencia",
        f"there is no chamber '{written}'; write lower, upper or presidency",
    )


def chamber_word(chamber: str | None, language: Language) -> str:
    """The body as that option names it; as the source does where it is none of those."""
    words = CHAMBER_WORDS.get(chamber or "")
    return words.in_(language) if words else chamber or ""


def home_option(asking: Asking, directive: Directive) -> str | None:
    """The country that is to stand out. Raises WrongName."""
    written = directive.options.get("home")
    return asking.names.country(written) if written else None


def whole_number_option(directive: Directive, key: str, most: int) -> int | None:
    """An option that is a number from 0 to `most`. Raises WrongName."""
    written = directive.options.get(key)
    if written is None:
        return None
    if not written.isdecimal() or int(written) > most:
        es, en, _ = OPTIONS[key]
        raise WrongName(
            f"«{es}: {written}» debe ser un número de 0 a {most}",
            f"'{en}: {written}' must be a number from 0 to {most}",
        )
    return int(written)


def choice_option(directive: Directive, key: str, choices: Mapping[str, T]) -> T | None:
    """An option that is one of some words; gives what the word stands for. Raises WrongName."""
    written = directive.options.get(key)
    if written is None:
        return None
    for word, meaning in choices.items():
        if folded(word) == folded(written):
            return meaning
    es, en, _ = OPTIONS[key]
    end_es, end_en = or_rather(nearest(written, choices), choices)
    raise WrongName(f"«{es}» no puede ser «{written}»{end_es}", f"'{en}' cannot be '{written}'{end_en}")
