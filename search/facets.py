"""Filters and the counts beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns, year_span
from search.evaluation import Evaluated
from search.messages import FILTER_NAMES, Facet, FacetValue, Note
from search.names import FACETS, Names
from search.query_language import Query
from search.thesaurus import Thesaurus
from search.words import words_of

MOST_VALUES = 12

Filters = dict[str, tuple[str, ...]]


class Narrowing:
    """The filters of one request: chosen beside the answer, or typed as fields."""

    def __init__(self, chosen: Mapping[str, tuple[str, ...]], query: Query, names: Names, thesaurus: Thesaurus) -> None:
        self.notes: list[Note] = []
        self.more_words: list[str] = []
        """Typed as a field, but no value of it: to be searched as words."""
        self.hints: list[str] = []
        """Terms of a topic that was filtered by: what names them comes first."""
        self._names = names
        self._thesaurus = thesaurus
        self.chosen: Filters = {
            name: tuple(dict.fromkeys(values)) for name, values in chosen.items() if name in FILTER_NAMES and values
        }
        self.typed = self._resolved(query.filters)
        self.excluded = self._resolved(query.excluded)

    def _resolved(self, told: Mapping[str, tuple[str, ...]]) -> Filters:
        """What was typed after colons, as values of filters."""
        found: Filters = {}
        for name, values in told.items():
            ids: list[str] = []
            for value in values:
                known = [value] if name == "year" and year_span(value) else self._names.ids(name, value)
                if not known and name == "type":
                    kinds = self._names.ids("kind", value)
                    if kinds:
                        found["kind"] = (*found.get("kind", ()), *kinds)
                        continue
                if not known and name == "topic":
                    known = self._topics_of_concept(value)
                if not known:
                    self.more_words += words_of(value)
                    self.notes.append(
                        Note(
                            f"No hay «{value}» en {FACETS[name][0].lower()}; se buscó como palabra.",
                            f"There is no “{value}” in {FACETS[name][1].lower()}; it was searched as a word.",
                        )
                    )
                ids += known
            if ids:
                found[name] = (*found.get(name, ()), *ids)
        return found

    def _topics_of_concept(self, value: str) -> list[str]:
        """A concept of the thesaurus stands for its topic, and is looked for as a word too."""
        words = words_of(value)
        topics = [self._thesaurus.topic(concept) for concept in self._thesaurus.concepts_named(words)]
        found = list(dict.fromkeys(topic for topic in topics if topic))
        if found:
            self.hints += words
            labels = [self._names.of["topic"].get(topic, (topic, topic)) for topic in found]
            self.notes.append(
                Note(
                    f"«{value}» es un término del tema {'; '.join(es for es, _ in labels)}.",
                    f"“{value}” is a term of the topic {'; '.join(en for _, en in labels)}.",
                )
            )
        return found

    def mask(self, columns: Columns, without: str | None = None) -> NDArray[np.bool_]:
        """The entries that all filters allow; `without` one of the chosen ones."""
        mask = columns.living.copy()
        for filters in (self.chosen, self.typed):
            for name, values in filters.items():
                if not (filters is self.chosen and name == without):
                    mask &= columns.mask(name, values)
        for name, values in self.excluded.items():
            mask &= ~columns.mask(name, values)
        return mask


def facets(columns: Columns, names: Names, narrowing: Narrowing, evaluated: Evaluated, lang: str) -> tuple[Facet, ...]:
    """The facets of an answer.

    Values of a facet that is filtered by are counted as if it were not, so that another value can be chosen beside.
    """
    numbers = np.flatnonzero(evaluated.found)
    answer = []
    for name in FILTER_NAMES:
        selected = narrowing.chosen.get(name, ())
        if selected:
            counts = columns.count(name, np.flatnonzero(evaluated.matched & narrowing.mask(columns, without=name)))
        else:
            counts = columns.count(name, numbers)
        values = _values(name, counts, selected, names, lang)
        if values:
            answer.append(Facet(name, FACETS[name][lang == "en"], values))
    return tuple(answer)


def _values(
    name: str, counts: dict[str, int], selected: tuple[str, ...], names: Names, lang: str
) -> tuple[FacetValue, ...]:
    if name == "year":
        ordered = sorted(counts, reverse=True)
    else:
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
    shown = ordered[:MOST_VALUES]
    shown += [value for value in selected if value not in shown]
    return tuple(
        FacetValue(value, names.label(name, value, lang), counts.get(value, 0), value in selected) for value in shown
    )
