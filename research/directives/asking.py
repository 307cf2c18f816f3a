"""What every directive is read with: the knowledge base, its names, the text's language and its cut-off date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from research.directives.answers import Answer, When, chamber_named, known_periods
from research.directives.faults import WrongName, or_rather
from research.directives.names import Language, Names, Variable, folded, nearest
from research.directives.syntax import OPTIONS, Directive

_LIKE_A_PERIOD = re.compile(r"\d{4}($|\D)")
MOST_COUNTRIES = 300


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

    def sources_of(self, answers: Sequence[Answer]) -> tuple[str, ...]:
        """The sources of these answers, each once."""
        return tuple(dict.fromkeys(a.source_id for a in answers))


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


def countries_of(asking: Asking, written: str) -> tuple[str, ...]:
    """The countries that a list names, groups opened, each once. Raises WrongName."""
    found: dict[str, None] = {}
    for name in listed(written):
        found.update(dict.fromkeys(asking.names.countries(name)))
    if not found:
        raise WrongName(f"«{written}» no tiene ningún país", f"'{written}' has no country")
    return tuple(found)


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
    """The chamber that a directive asks for. Raises WrongName."""
    written = directive.options.get("chamber")
    return chamber_named(written) if written else None


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


def choice_option(directive: Directive, key: str, choices: dict[str, str]) -> str | None:
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


def no_answer(asking: Asking, country: str, variable: Variable, period: str | None) -> WrongName:
    """Why there is no figure, and for which years there is one."""
    known = known_periods(asking.connection, country, variable.variable_id)
    names = asking.names.jurisdictions[country]
    at_es, at_en = (f" en {period}", f" in {period}") if period else (f" hasta {asking.cutoff}", f" by {asking.cutoff}")
    if known:
        span = known[0] if known[0] == known[1] else f"{known[0]}–{known[1]}"
        es, en = f"; los años con dato son {span}", f"; the years with data are {span}"
    else:
        es, en = ": la base no tiene ninguno", ": the knowledge base has none"
    return WrongName(
        f"no hay dato de «{variable.labels.es}» para {names.es}{at_es}{es}",
        f"there is no value of '{variable.labels.en}' for {names.en}{at_en}{en}",
    )
