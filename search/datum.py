"""The figure that a question of variable and jurisdiction asks for: «participación México 2018»."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.messages import Datum, Note
from search.names import Names
from search.question import Asked
from search.thesaurus import Thesaurus
from search.words import stem, stop_words, words_of

_TURNOUT = "turnout-registered"
_MOST_OTHERS = 4
_MOST_MEANT = {4: 9, 3: 9, 2: 2, 1: 1}
"""How many variables a question may mean at once, by how surely it names them (see `_ranked`)."""
_LEAST_SURE = 2
"""How surely a variable must be named to answer in place of one named more surely, of which nothing is known."""


@dataclass(frozen=True)
class _Variable:
    variable_id: str
    es: str
    en: str
    unit: str | None
    topic_id: str
    lasts: bool
    names: dict[str, tuple[str, ...]]  # language → stems of its name that say something, in order


@dataclass(frozen=True)
class _Figure:
    first_year: int | None
    last_year: int | None
    es: str
    en: str
    source_id: str
    table: str
    key: str
    basis: str | None = None


class DatumFinder:
    """Looks up the figure that a question asks for. Reads through the connection it was given."""

    def __init__(self, connection: sqlite3.Connection, names: Names, thesaurus: Thesaurus) -> None:
        self._connection = connection
        self._names = names
        self._thesaurus = thesaurus
        self._tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        self._ranks = (
            dict(connection.execute("select source_id, rank from sources")) if "sources" in self._tables else {}
        )
        self._variables = self._read_variables() if {"variables", "answers"} <= self._tables else {}

    def find(self, asked: Asked) -> tuple[Datum | None, Note | None]:
        """The figure, or a word that there is none; (None, None) when the question does not ask for a figure."""
        if not asked.jurisdictions or not asked.rest or len(asked.rest) > 8:
            return None, None
        variables = self._variables_meant(asked)
        if variables is None:
            return None, None
        if not variables:
            return None, self._nothing(asked)
        found: list[Datum] = []
        for jurisdiction in asked.jurisdictions[:3]:
            data = [self._datum(variable, jurisdiction, asked.year) for variable in variables]
            held = [datum for datum in data if datum.value_es is not None]
            held.sort(
                key=lambda datum: (
                    _distance(datum),
                    datum.table != "turnout",
                    self._ranks.get(datum.source_id or "", 0),
                )
            )
            found.extend(held or data[:1])
        first, *others = found
        return replace(first, others=tuple(others[:_MOST_OTHERS])), None

    def _nothing(self, asked: Asked) -> Note | None:
        """A plain word that no variable goes by that name: only where something like a variable was named."""
        named = self._concepts_named(asked)
        if not (named or (not self._thesaurus.labels_count and len(asked.rest) <= 2)):
            return None
        es, en = self._names.of["jurisdiction"].get(asked.jurisdictions[0], (asked.jurisdictions[0],) * 2)
        return Note(
            f"Ninguna variable de esta base responde a «{asked.typed}» para {es}; abajo está lo que lo menciona.",
            f"No variable of this base answers “{asked.typed}” for {en}; below is what mentions it.",
        )

    # ── Variables ──

    def _read_variables(self) -> dict[str, _Variable]:
        rows = self._connection.execute(
            "select variable_id, name_es, name_en, unit, topic_id, time_kind from variables order by variable_id"
        )
        of_parties: set[str] = set()
        if "party_answers" in self._tables:
            asked = (
                "select distinct variable_id from party_answers p "
                "where not exists (select 1 from answers a where a.variable_id = p.variable_id)"
            )
            of_parties = {row[0] for row in self._connection.execute(asked)}
        return {
            variable_id: _Variable(
                variable_id,
                es,
                en,
                None if unit in ("option", "") else unit,
                topic_id,
                time_kind in ("rule_in_force", "undated_snapshot"),
                {"es": _telling(es, "es"), "en": _telling(en, "en")},
            )
            for variable_id, es, en, unit, topic_id, time_kind in rows
            if variable_id not in of_parties
        }

    def _variables_meant(self, asked: Asked) -> list[_Variable] | None:
        """The variables that a question's words name, surest first; None when they could be several unlike ones.

        Of variables named as surely, those with a figure for the place are meant. Where the surest have none, the next
        ones that bear most of the name are; only a variable named by its very name, or its topic's, is told to be empty.
        """
        ranked = self._named(asked)
        best = max(ranked.values(), default=0)
        held = self._with_figures(list(ranked), asked.jurisdictions)
        for rank in range(best, 0, -1):
            if rank < min(best, _LEAST_SURE):
                break
            chosen = [self._variables[variable] for variable, found in ranked.items() if found == rank]
            chosen = [variable for variable in chosen if variable.variable_id in held]
            if chosen:
                # What is known of a thing that itself is not: a threshold's existence, its base, its level.
                most = _MOST_MEANT[rank] if rank == best else 1 + _MOST_OTHERS
                return chosen if _are_alike(chosen, rank, most) else None
        empty = [self._variables[variable] for variable, found in ranked.items() if found == best]
        if best > _LEAST_SURE and _are_alike(empty, best, _MOST_MEANT[best]):
            return empty
        return []

    def _concepts_named(self, asked: Asked) -> list[str]:
        return list(
            dict.fromkeys(c for words in (asked.said, asked.rest) for c in self._thesaurus.concepts_named(words))
        )

    def _named(self, asked: Asked) -> dict[str, int]:
        """The variables that words name, in either language or by a concept's other labels, and how surely."""
        ways = [(language, asked.rest) for language in ("es", "en")]
        for concept in self._concepts_named(asked):
            ways += [(label.language, label.words) for label in self._thesaurus.labels(concept)]
        ranked: dict[str, int] = {}
        for language, words in ways:
            if language not in ("es", "en"):
                continue
            for variable, rank in self._ranked(_telling(" ".join(words), language), language):
                ranked[variable] = max(rank, ranked.get(variable, 0))
        return ranked

    def _with_figures(self, variables: Sequence[str], jurisdictions: Sequence[str]) -> set[str]:
        """Those of the variables of which something is known in one of the places."""
        asked = [json.dumps(list(variables)), json.dumps(list(jurisdictions))]
        within = "in (select value from json_each(?))"
        sql = f"select distinct variable_id from answers where variable_id {within} and jurisdiction_id {within} "
        held = {row[0] for row in self._connection.execute(sql + "and missing is null", asked)}
        if "published_indices" in self._tables:
            sql = (
                f"select distinct index_id from published_indices where index_id {within} and jurisdiction_id {within}"
            )
            held |= {row[0] for row in self._connection.execute(sql, asked)}
        if _TURNOUT in variables and any(self._turnouts(place) for place in jurisdictions):
            held.add(_TURNOUT)
        return held

    def _ranked(self, asked: Sequence[str], language: str) -> list[tuple[str, int]]:
        """4: its very name. 3: the head of its name, which is its topic's too. 2: most of its name. 1: part of it."""
        wanted = set(asked)
        if not wanted:
            return []
        found = []
        for variable in self._variables.values():
            name = variable.names[language]
            if not name:
                continue
            topic = set(_telling(self._names.of["topic"].get(variable.topic_id, ("", ""))[language == "en"], language))
            within = wanted <= set(name)
            is_head = within and name[0] in wanted and wanted <= topic
            is_topic = wanted == topic and name[0] in topic
            is_most = within and len(wanted) > 1 and 2 * len(wanted) >= len(set(name))
            if wanted == set(name):
                found.append((variable.variable_id, 4))
            elif is_head or is_topic:
                found.append((variable.variable_id, 3))
            elif is_most:
                found.append((variable.variable_id, 2))
            elif within:
                found.append((variable.variable_id, 1))
        return found

    # ── Figures ──

    def _datum(self, variable: _Variable, jurisdiction: str, year: int | None) -> Datum:
        figures = self._figures(variable, jurisdiction)
        place_es, place_en = self._names.of["jurisdiction"].get(jurisdiction, (jurisdiction,) * 2)
        empty = Datum(
            variable_id=variable.variable_id,
            variable_es=variable.es,
            variable_en=variable.en,
            jurisdiction_id=jurisdiction,
            jurisdiction_es=place_es,
            jurisdiction_en=place_en,
            year=None,
            asked_year=year,
            value_es=None,
            value_en=None,
            unit=variable.unit,
            source_id=None,
            source_es=None,
            source_en=None,
            table=None,
            key=None,
        )
        if not figures:
            return replace(
                empty,
                note_es=f"No hay datos de «{variable.es}» para {place_es} en esta base.",
                note_en=f"There are no figures of “{variable.en}” for {place_en} in this base.",
            )
        figure, exact = _nearest(figures, year, variable.lasts)
        source_es, source_en = self._names.of["source"].get(figure.source_id, (figure.source_id,) * 2)
        told = year if exact and year is not None else figure.last_year or figure.first_year
        return replace(
            empty,
            year=told,
            value_es=figure.es,
            value_en=figure.en,
            source_id=figure.source_id,
            source_es=source_es,
            source_en=source_en,
            table=figure.table,
            key=figure.key,
            basis=figure.basis,
            note_es=None if exact else f"No hay dato de {year}; el más cercano es de {told}.",
            note_en=None if exact else f"There is no figure for {year}; the nearest is from {told}.",
        )

    def _figures(self, variable: _Variable, jurisdiction: str) -> list[_Figure]:
        asked = [variable.variable_id, jurisdiction]
        rows = self._connection.execute(
            "select a.answer_id, substr(a.valid_from, 1, 4), substr(a.valid_to, 1, 4), a.value, "
            "coalesce(c.name_es, a.text), coalesce(c.name_en, a.text), a.source_id, a.legal_basis "
            "from answers a left join codes c on c.code_id = a.code_id "
            "where a.variable_id = ? and a.jurisdiction_id = ? and a.missing is null",
            asked,
        ).fetchall()
        found = []
        for key, first, last, value, es, en, source, basis in rows:
            number = _number(value)
            first_year, last_year = (int(first) if first else None), (int(last) if last else None)
            if last_year is None and not variable.lasts:
                last_year = first_year
            found.append(_Figure(first_year, last_year, es or number, en or number, source, "answers", str(key), basis))
        if "published_indices" in self._tables:
            indices = self._connection.execute(
                "select published_index_id, year, value, source_id from published_indices "
                "where index_id = ? and jurisdiction_id = ?",
                asked,
            )
            for key, year, value, source in indices:
                number = _number(value)
                found.append(_Figure(year, year, number, number, source, "published_indices", str(key)))
        if variable.variable_id == _TURNOUT:
            found += self._turnouts(jurisdiction)
        return found

    def _turnouts(self, jurisdiction: str) -> list[_Figure]:
        if not {"turnout", "elections"} <= self._tables:
            return []
        rows = self._connection.execute(
            "select t.turnout_id, e.election_year, "
            "coalesce(t.turnout_pct, 100.0 * t.votes_cast_count / t.registered_count), t.source_id "
            "from turnout t join elections e on e.election_id = t.election_id "
            "where t.unit_id = ? and e.jurisdiction_id = ?",
            [jurisdiction, jurisdiction],
        )
        return [
            _Figure(year, year, number, number, source, "turnout", str(key))
            for key, year, value, source in rows
            if (number := _number(value))
        ]


def _are_alike(variables: Sequence[_Variable], rank: int, most: int) -> bool:
    """Whether a question can mean all of them at once."""
    topics = {variable.topic_id for variable in variables}
    return len(variables) <= most and (rank == 4 or len(topics) == 1)


def _telling(name: str, language: str) -> tuple[str, ...]:
    stopped = stop_words(language)
    return tuple(stem(language, word) for word in words_of(name) if word not in stopped)


def _number(value: float | None) -> str:
    """A figure written out, at most three decimals.

    >>> _number(0.583), _number(63.30121), _number(6.0)
    ('0.583', '63.301', '6')
    """
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _distance(datum: Datum) -> int:
    if datum.asked_year is None:
        return -(datum.year or 0)
    return abs(datum.asked_year - datum.year) if datum.year is not None else 9_999


def _nearest(figures: list[_Figure], year: int | None, lasts: bool) -> tuple[_Figure, bool]:
    """The figure of a year, or the nearest one (the earlier of two), or the latest when no year is asked for."""

    def prefers_turnout(figure: _Figure) -> bool:
        return figure.table != "turnout"

    def latest_first(figure: _Figure) -> int:
        return -(figure.first_year or 0)

    if year is None:  # a rule without an end is in force: it goes before one that has ended

        def end(figure: _Figure) -> int:
            return figure.last_year or (9_999 if lasts else figure.first_year or 0)

        return min(figures, key=lambda figure: (-end(figure), latest_first(figure), prefers_turnout(figure))), True

    def away(figure: _Figure) -> int:
        first = figure.first_year if figure.first_year is not None else (0 if lasts else None)
        last = figure.last_year if figure.last_year is not None else (9_999 if lasts else first)
        if first is None or last is None:
            return 9_999
        return max(first - year, year - last, 0)

    nearest = min(
        figures,
        key=lambda f: (away(f), f.first_year is not None and f.first_year > year, prefers_turnout(f), latest_first(f)),
    )
    return nearest, away(nearest) == 0
