"""The electoral thesaurus: which concepts a question names, and by what other words they go."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from search.translations import Dictionary
from search.words import LANGUAGES, stem, stop_words, words_of

EXPANSION_WEIGHT = 0.6
"""What the thesaurus' words count for beside those typed."""
MOST_ADDED = 12
"""Labels looked for besides what was typed, a concept."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name of a concept. A hidden one is found by, but never shown or looked for."""

    text: str
    language: str
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named in a question by its words `first` to `last` (exclusive)."""

    concept_id: str
    first: int
    last: int


class Thesaurus:
    """Concepts by their labels. Empty where the database has none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._labels: dict[str, list[Label]] = {}
        self._topics: dict[str, str] = {}
        self._by_stems: dict[tuple[str, ...], list[str]] = {}
        self._longest = 0
        self.dictionary = Dictionary(())
        try:
            concepts = connection.execute("select concept_id, topic_id from concepts").fetchall()
            labels = connection.execute(
                "select concept_id, language, kind, label from concept_labels order by concept_id, "
                "case kind when 'pref' then 0 when 'alt' then 1 else 2 end, concept_label_id"
            ).fetchall()
        except sqlite3.OperationalError:
            return
        self._topics = dict(concepts)
        for concept_id, language, kind, text in labels:
            words = tuple(words_of(text))
            if not words:
                continue
            self._labels.setdefault(concept_id, []).append(Label(text, language, kind, words))
            for key in _keys(words, language):
                found = self._by_stems.setdefault(key, [])
                if concept_id not in found:
                    found.append(concept_id)
                self._longest = max(self._longest, len(key))
        self.dictionary = Dictionary(
            [(label.language, label.text) for label in of_concept if label.kind != "hidden"]
            for of_concept in self._labels.values()
        )

    @property
    def labels_count(self) -> int:
        """How many labels there are."""
        return sum(map(len, self._labels.values()))

    def labels(self, concept_id: str) -> list[Label]:
        """All labels of a concept, the preferred ones first."""
        return self._labels.get(concept_id, [])

    def topic(self, concept_id: str) -> str | None:
        """The electoral topic of a concept."""
        return self._topics.get(concept_id)

    def concepts_named(self, words: Sequence[str]) -> list[str]:
        """The concepts that bear exactly this label, in any inflection."""
        found: dict[str, None] = {}
        for language in LANGUAGES:
            for concept_id in self._by_stems.get(_key(words, language), ()):
                found[concept_id] = None
        return list(found)

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """The concepts named in a question, each stretch of words by its longest label."""
        found: list[Mention] = []
        first = 0
        while first < len(words):
            for last in range(min(len(words), first + self._longest), first, -1):
                concepts = self.concepts_named(words[first:last])
                if concepts:
                    found.extend(Mention(concept_id, first, last) for concept_id in concepts)
                    first = last
                    break
            else:
                first += 1
        return found

    def others(self, concept_id: str, typed: Sequence[str]) -> list[Label]:
        """The labels to look for besides what was typed: those of every language in turn, none twice."""
        known = {_key(typed, language) for language in LANGUAGES}
        by_language: dict[str, list[Label]] = {}
        for label in self.labels(concept_id):
            if label.kind == "hidden":
                continue
            key = _key(label.words, label.language)
            if key in known:
                continue
            known.add(key)
            by_language.setdefault(label.language, []).append(label)
        chosen: list[Label] = []
        rounds = max(map(len, by_language.values()), default=0)
        for place in range(rounds):
            chosen.extend(labels[place] for labels in by_language.values() if place < len(labels))
        return chosen[:MOST_ADDED]


def _key(words: Sequence[str], language: str) -> tuple[str, ...]:
    stopped = stop_words(language)
    stems = tuple(word if word in stopped else stem(language, word) for word in words)
    return (language, *stems)


def _keys(words: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """A label of no language (an acronym) can be met in a question of any."""
    return [_key(words, choice) for choice in (LANGUAGES if language not in LANGUAGES else (language,))]
