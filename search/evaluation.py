"""From an understood query to a score for every entry."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import EXACT, STEMS, Floats
from search.index_reading import IndexReader
from search.messages import Expansion, Note
from search.phrases import entries_of, exact_phrase, inflected_phrase, phrase_starts
from search.query_language import Clause, Query
from search.scoring import NO_MATCHES, Matches, Scorer, summed
from search.thesaurus import EXPANSION_WEIGHT, Thesaurus
from search.translations import Translation
from search.words import ALL_STOP_WORDS, LANGUAGES, fold, stem, stop_words

OTHER_LANGUAGE_WEIGHT = 0.7
"""What a word counts for in a language other than that of the question."""
PAIR_WEIGHT = 0.3
"""What two neighbouring words of a question count for standing side by side, as if they were one rare word.

After the sequential dependence model of Metzler and Croft (2005), "A Markov random field model for term dependencies".
"""
PAIR_REACH = 3
"""How far apart neighbouring words of a question may be, stop words between them counted."""
MOST_WILDCARD_WORDS = 100


class TimeUp(Exception):
    """The time that a search may take is over."""


@dataclass
class Evaluated:
    """What the evaluation found: `matched` by what was typed, `found` where the filters allow it too.

    `words`, `stems` and `phrases` are to be marked in snippets, with what each is worth.
    """

    scores: Floats
    matched: NDArray[np.bool_]
    found: NDArray[np.bool_]
    words: dict[str, float] = field(default_factory=dict)
    stems: dict[tuple[str, str], float] = field(default_factory=dict)
    expansions: list[Expansion] = field(default_factory=list)
    phrases: dict[tuple[str, tuple[str, ...]], float] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    is_partial: bool = False


@dataclass(frozen=True)
class Evaluator:
    """Evaluates queries against one state of the index."""

    reader: IndexReader
    scorer: Scorer
    thesaurus: Thesaurus

    def evaluate(
        self,
        query: Query,
        lang: str,
        *,
        expand: bool,
        allowed: NDArray[np.bool_],
        deadline: float,
        pairs: bool = True,
        translated: frozenset[str] = frozenset(),
    ) -> Evaluated:
        """Scores all entries; only those `allowed` are found. Ends at `deadline` (perf_counter) with what it has.

        `expand` adds the thesaurus' other names of what was typed; plain words among `translated` are also looked
        for by the dictionary's translations.
        """
        run = _Run(self, query, lang, allowed, deadline, pairs, translated)
        return run.evaluate(expand)


class _Run:
    def __init__(
        self,
        on: Evaluator,
        query: Query,
        lang: str,
        allowed: NDArray[np.bool_],
        deadline: float,
        pairs: bool,
        translated: frozenset[str],
    ) -> None:
        self._on = on
        self._query = query
        self._allowed = allowed
        self._deadline = deadline
        self._pairs = pairs
        self._translated = translated
        self._count = on.reader.entries_count
        self._language = language_of(query.spoken, lang)
        self._weights = {
            self._language: 1.0,
            **{other: OTHER_LANGUAGE_WEIGHT for other in LANGUAGES if other != self._language},
        }
        self._result = Evaluated(np.zeros(self._count), np.zeros(self._count, bool), np.zeros(self._count, bool))

    def evaluate(self, expand: bool) -> Evaluated:
        result = self._result
        clauses = self._telling_clauses()
        asked = [clause for clause in clauses if clause.occur != "not"]
        matched = np.ones(self._count, bool)
        parts: list[Matches] = []
        try:
            for clause in clauses:
                self._check_time()
                matches = self._clause(clause)
                if clause.occur == "not":
                    matched[matches.docs] = False
                    continue
                parts.append(matches)
                if clause.occur == "must":
                    only = np.zeros(self._count, bool)
                    only[matches.docs] = True
                    matched &= only
            if self._pairs:
                parts += self._side_by_side(clauses)
            result.scores = summed(parts, self._count)
            if expand:
                self._expand(clauses)
            self._tell_translations(clauses)
        except TimeUp:
            if not result.scores.any():
                result.scores = summed(parts, self._count)
            result.is_partial = True
            result.notes.append(
                Note(
                    "La búsqueda tardaba demasiado y se detuvo: la respuesta es parcial.",
                    "The search took too long and was stopped: the answer is partial.",
                )
            )
        if any(clause.occur != "hint" for clause in asked):
            matched &= result.scores > 0
        elif not (clauses or self._query.filters or self._query.excluded):
            matched[:] = False
        result.matched = matched
        result.found = matched & self._allowed
        return result

    def _check_time(self) -> None:
        if time.perf_counter() > self._deadline:
            raise TimeUp

    def _telling_clauses(self) -> list[Clause]:
        """Without the stop words, unless there is nothing else."""
        stopped = stop_words(self._language)
        clauses = list(self._query.clauses)

        def says_nothing(clause: Clause) -> bool:
            return clause.kind == "word" and clause.occur == "should" and clause.words[0] in stopped

        telling = [clause for clause in clauses if not says_nothing(clause)]
        if any(clause.occur != "not" for clause in telling) or len(telling) == len(clauses):
            return telling
        if not (self._query.filters or self._query.excluded):
            self._result.notes.append(
                Note(
                    "La pregunta solo tiene palabras vacías; se buscaron tal cual.",
                    "The question has only words that say nothing by themselves; they were searched as they are.",
                )
            )
        return clauses

    # ── Clauses ──

    def _clause(self, clause: Clause) -> Matches:
        if clause.kind == "word":
            return self._word(clause)
        if clause.kind == "wildcard":
            return self._wildcard(clause)
        if clause.kind == "phrase":
            return self._phrase(clause)
        return self._near(clause)

    def _word(self, clause: Clause) -> Matches:
        word = clause.words[0]
        matches = self._scored(word) if clause.occur == "should" else self._on.scorer.word(word, self._weights)
        if not len(matches.docs) and clause.occur != "not":
            self._result.unknown.append(word)
        if clause.occur != "not":
            self._mark(word, matches)
        return matches

    def _scored(self, word: str) -> Matches:
        """A plain word in any of its inflections, and in other languages by its translations."""
        translations = self._translations(word)
        if not translations:
            return self._on.scorer.word(word, self._weights)
        return self._on.scorer.translated(word, self._weights, translations)

    def _translations(self, word: str) -> Sequence[Translation]:
        return self._on.thesaurus.dictionary.translations(self._language, word) if word in self._translated else ()

    def _mark(self, word: str, matches: Matches) -> None:
        worth = self._worth(matches)
        self._result.words[word] = worth
        for language in LANGUAGES:
            if word not in stop_words(language):
                self._result.stems[language, stem(language, word)] = worth

    def _worth(self, matches: Matches) -> float:
        """What finding it is worth in a snippet: rare words more; unlike numbers for unlike words."""
        return self._on.scorer.idf(EXACT, len(matches.docs)) + 1e-6 * len(self._result.words)

    def _phrase(self, clause: Clause) -> Matches:
        docs = exact_phrase(self._on.reader, clause.words)
        if not len(docs) and clause.occur != "not":
            found = [inflected_phrase(self._on.scorer, language, clause.words) for language in LANGUAGES]
            docs = np.unique(np.concatenate([matches.docs for matches in found]))
            if len(docs):
                self._result.notes.append(
                    Note(
                        f"«{clause.typed}» no está tal cual; se muestran sus variantes.",
                        f"“{clause.typed}” does not stand exactly so; its variants are shown.",
                    )
                )
        words = [self._on.scorer.word(word, self._weights) for word in clause.words]
        scores = summed(words, self._count)
        if clause.occur != "not":
            for word, matches in zip(clause.words, words, strict=True):
                if word not in ALL_STOP_WORDS:
                    self._mark(word, matches)
        return Matches(docs, scores[docs])

    def _near(self, clause: Clause) -> Matches:
        starts = phrase_starts(self._on.reader, EXACT, [(word, place) for place, word in enumerate(clause.words)])
        docs, counts = entries_of(self._on.reader, starts)
        if not len(docs):
            return NO_MATCHES
        return Matches(docs, self._on.scorer.impact(EXACT, docs, counts.astype(np.float64)))

    def _wildcard(self, clause: Clause) -> Matches:
        pattern = clause.words[0]
        prefix = re.split(r"[*?]", pattern)[0]
        regex = re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
        known = self._on.reader.words_beginning(prefix, limit=1_000_000)
        words = [word for word in known if regex.fullmatch(word)]
        if len(words) > MOST_WILDCARD_WORDS:
            self._result.notes.append(
                Note(
                    f"«{clause.typed}» abarca {len(words):,} palabras; se buscaron las {MOST_WILDCARD_WORDS} más frecuentes.",
                    f"“{clause.typed}” takes in {len(words):,} words; the {MOST_WILDCARD_WORDS} most frequent were searched.",
                )
            )
        dense = np.zeros(self._count)
        for word in words[:MOST_WILDCARD_WORDS]:
            self._check_time()
            matches = self._on.scorer.term(EXACT, word)
            dense[matches.docs] = np.maximum(dense[matches.docs], matches.scores)
            if clause.occur != "not":
                self._result.words[word] = self._worth(matches)
        docs = np.flatnonzero(dense)
        return Matches(docs, dense[docs])

    # ── What stands side by side, and other words for it ──

    def _side_by_side(self, clauses: Sequence[Clause]) -> list[Matches]:
        wanted = {clause.words[0] for clause in clauses if clause.kind == "word" and clause.occur != "not"}
        spoken = self._query.spoken
        places = [place for place, word in enumerate(spoken) if word in wanted]
        stopped = stop_words(self._language)
        found = []
        for first, second in pairwise(places):
            if second - first > PAIR_REACH or {spoken[first], spoken[second]} & stopped:
                continue
            self._check_time()
            words = spoken[first : second + 1]
            matches = self._cached_phrase(self._language, words)
            if len(matches.docs):
                found.append(Matches(matches.docs, matches.scores * PAIR_WEIGHT))
        return found

    def _cached_phrase(self, language: str, words: Sequence[str]) -> Matches:
        key = ("phrase", language, tuple(words))
        return self._on.scorer.cache.get(key, lambda: inflected_phrase(self._on.scorer, language, words))

    def _expand(self, clauses: Sequence[Clause]) -> None:
        """Lifts entries that name a concept by other words than those typed; the others keep their scores."""
        result = self._result
        for spoken in self._stretches(clauses):
            for mention in self._on.thesaurus.mentions(spoken):
                self._check_time()
                typed = spoken[mention.first : mention.last]
                added: list[str] = []
                lifted = np.zeros(self._count)
                for label in self._on.thesaurus.others(mention.concept_id, typed):
                    matches = self._label(label.language, label.words)
                    if not len(matches.docs):
                        continue
                    added.append(label.text)
                    scores = matches.scores * EXPANSION_WEIGHT
                    lifted[matches.docs] = np.maximum(lifted[matches.docs], scores)
                    self._mark_label(label.language, label.words)
                if not added:
                    continue
                own = [self._scored(word) for word in typed if word not in stop_words(self._language)]
                result.scores += np.maximum(lifted - summed(own, self._count), 0)
                result.expansions.append(Expansion(" ".join(typed), mention.concept_id, tuple(added)))

    def _tell_translations(self, clauses: Sequence[Clause]) -> None:
        """Shows and marks the words by which the dictionary knows what was typed, if no concept has shown them."""
        told = {word for expansion in self._result.expansions for word in expansion.matched.split()}
        for clause in clauses:
            if clause.kind != "word" or clause.occur != "should":
                continue
            word = clause.words[0]
            translations = [
                each
                for each in self._translations(word)
                if len(self._on.reader.postings(STEMS[each.language], each.stem).docs)
            ]
            for each in translations:
                self._result.stems.setdefault((each.language, each.stem), 0.5)
            if translations and word not in told:
                surest = {each.language: each for each in sorted(translations, key=lambda each: each.share)}
                added = dict.fromkeys(each.shown for each in surest.values() if fold(each.shown) != word)
                if added:
                    self._result.expansions.append(Expansion(word, None, tuple(added)))

    def _mark_label(self, language: str, words: tuple[str, ...]) -> None:
        if len(words) > 1:
            self._result.phrases[language, words] = 0.5
        elif language in LANGUAGES:
            self._result.stems.setdefault((language, stem(language, words[0])), 0.5)
        else:
            self._result.words.setdefault(words[0], 0.5)

    def _stretches(self, clauses: Sequence[Clause]) -> list[tuple[str, ...]]:
        """Where concepts may be named: the plain words, and each phrase that is not required."""
        phrases = [clause.words for clause in clauses if clause.kind == "phrase" and clause.occur == "should"]
        return [self._query.spoken, *phrases]

    def _label(self, language: str, words: Sequence[str]) -> Matches:
        if language in LANGUAGES:
            return self._cached_phrase(language, words)
        if len(words) == 1:
            return self._on.scorer.term(EXACT, words[0])
        return self._near(Clause("near", tuple(words), "should", " ".join(words)))


def language_of(spoken: Sequence[str], lang: str) -> str:
    """The language that a question is in, by its stop words; the reader's own when they do not tell."""
    counts: Mapping[str, int] = {
        language: sum(word in stop_words(language) for word in spoken) for language in LANGUAGES
    }
    best = max(counts, key=lambda language: (counts[language], language == lang))
    return best if counts[best] > counts.get(lang, 0) + (1 if counts.get(lang, 0) else 0) else lang
