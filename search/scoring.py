"""BM25 over Whoosh's postings, with numpy.

score(word, entry) = idf · w·(k1+1) / (w + k1·(1 − b + b·length/average)),  idf = ln(1 + (N − n + ½)/(n + ½))

Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond", eq. 3.15, with the idf of
Lucene, which is never negative. `w` is how often the word stands in the entry, words of the title counted more than
once; `N` is of the entries that have the field, as in Lucene. The average length is that of the entry's own kind: beside
thousands of one-line entries every legal article would be a long text, and long texts all rank alike.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.index_arrays import EXACT, FIELDS, STEMS, Floats, Integers
from search.index_reading import IndexReader
from search.translations import Translation
from search.words import stem

K1 = 1.2
B = 0.75
EXACT_WEIGHT = 0.3
"""What a word counts for standing as it was typed, beside what its stem counts for."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Entries, ascending, and what each scores."""

    docs: Integers
    scores: Floats


NO_MATCHES = Matches(np.empty(0, np.int64), np.empty(0))


class BoundedCache:
    """Keeps what was computed lately, up to a number of bytes. Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Matches] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Matches]) -> Matches:
        """The kept value, or else the computed one, which is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = compute()
        size = found.docs.nbytes + found.scores.nbytes + 200
        with self._lock:
            if size <= self._most_bytes // 4 and key not in self._kept:
                self._kept[key] = found
                self._bytes += size
                while self._bytes > self._most_bytes:
                    _, oldest = self._kept.popitem(last=False)
                    self._bytes -= oldest.docs.nbytes + oldest.scores.nbytes + 200
        return found

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


class Scorer:
    """Scores words against all entries of a reader."""

    def __init__(self, reader: IndexReader, kinds: Integers, cache_bytes: int = 48_000_000) -> None:
        """`kinds` gives each entry the number of its kind, or −1."""
        self.reader = reader
        self.cache = BoundedCache(cache_bytes)
        self._having = {name: reader.having(name) for name in FIELDS}
        self._saturation: dict[str, Floats] = {}
        for name in FIELDS:
            lengths = reader.lengths(name)
            self._saturation[name] = K1 * ((1 - B) + B * lengths / average_lengths(lengths, kinds))

    def idf(self, field: str, entries_count: int) -> float:
        """How telling it is that a word stands in `entries_count` of the entries that have the field."""
        return self._idf(max(self._having[field], entries_count), entries_count)

    @staticmethod
    def _idf(total: int, entries_count: int) -> float:
        return math.log(1 + (total - entries_count + 0.5) / (entries_count + 0.5))

    def term(self, field: str, word: str) -> Matches:
        """The entries with a word in a field (a stem, in the fields of stems)."""
        postings = self.reader.postings(field, word)
        if not len(postings.docs):
            return NO_MATCHES
        return Matches(postings.docs, self.impact(field, postings.docs, postings.weights))

    def impact(self, field: str, docs: Integers, weights: Floats) -> Floats:
        """BM25 of something that stands `weights` times in `docs`."""
        return self.idf(field, len(docs)) * self._saturated(field, docs, weights)

    def _saturated(self, field: str, docs: Integers, weights: Floats) -> Floats:
        return (weights * (K1 + 1)) / (weights + self._saturation[field][docs])

    def word(self, word: str, language_weights: Mapping[str, float]) -> Matches:
        """The entries with a folded word in any of its inflections.

        An entry counts once, by the language in which it scores most; standing exactly so adds EXACT_WEIGHT of its
        score as an exact word.
        """
        key = (word, tuple(language_weights.items()))
        return self.cache.get(key, lambda: self._word(word, language_weights))

    def translated(
        self, word: str, language_weights: Mapping[str, float], translations: Sequence[Translation]
    ) -> Matches:
        """The entries with a folded word or, in another language, with what translates it.

        A translation stands for the word by its share. All languages have one idf, that of the entries with any of
        these words, after Pirkola (1998): the word would else seem rarer, and count for more, in the smaller collection.
        """
        key = (word, tuple(language_weights.items()), "translated")
        return self.cache.get(key, lambda: self._translated(word, language_weights, translations))

    def _translated(
        self, word: str, language_weights: Mapping[str, float], translations: Sequence[Translation]
    ) -> Matches:
        found: list[tuple[str, Integers, Floats]] = []
        having = np.zeros(self.reader.entries_count, bool)
        for language in language_weights:
            said = [(stem(language, word), 1.0)] + [(t.stem, t.share) for t in translations if t.language == language]
            weights = np.zeros(self.reader.entries_count)
            for stemmed, share in said:
                postings = self.reader.postings(STEMS[language], stemmed)
                weights[postings.docs] = np.maximum(weights[postings.docs], share * postings.weights)
            docs = np.flatnonzero(weights)
            having[docs] = True
            found.append((language, docs, weights[docs]))
        idf = self._idf(len(having), int(np.count_nonzero(having)))
        dense = np.zeros(self.reader.entries_count)
        for language, docs, weights in found:
            scores = language_weights[language] * idf * self._saturated(STEMS[language], docs, weights)
            dense[docs] = np.maximum(dense[docs], scores)
        exact = self.term(EXACT, word)
        dense[exact.docs] += exact.scores * EXACT_WEIGHT
        docs = np.flatnonzero(dense)
        return Matches(docs, dense[docs])

    def _word(self, word: str, language_weights: Mapping[str, float]) -> Matches:
        found = [
            Matches(matches.docs, matches.scores * weight)
            for language, weight in language_weights.items()
            if len((matches := self.term(STEMS[language], stem(language, word))).docs)
        ]
        exact = self.term(EXACT, word)
        if not found:
            return Matches(exact.docs, exact.scores * EXACT_WEIGHT)
        dense = np.zeros(self.reader.entries_count)
        dense[found[0].docs] = found[0].scores
        for matches in found[1:]:
            dense[matches.docs] = np.maximum(dense[matches.docs], matches.scores)
        dense[exact.docs] += exact.scores * EXACT_WEIGHT
        docs = np.flatnonzero(dense)
        return Matches(docs, dense[docs])


def average_lengths(lengths: Floats, kinds: Integers) -> Floats:
    """For each entry the average length of the entries of its kind that have the field (1 where none has)."""
    numbers = kinds + 1
    total = np.bincount(numbers, weights=lengths)
    having = np.bincount(numbers, weights=lengths > 0)
    averages = np.where(total > 0, total / np.maximum(having, 1), 1.0)
    return np.asarray(averages[numbers])


def summed(parts: list[Matches], entries_count: int) -> Floats:
    """The scores of all parts added up, by entry."""
    if not parts:
        return np.zeros(entries_count)
    if len(parts) == 1:
        dense = np.zeros(entries_count)
        dense[parts[0].docs] = parts[0].scores
        return dense
    docs = np.concatenate([part.docs for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    return np.bincount(docs, weights=scores, minlength=entries_count).astype(np.float64, copy=False)


def best(scores: Floats, candidates: Integers, count: int) -> Integers:
    """The `count` candidates that score most, best first; of equals, the lower number first."""
    values = scores[candidates]
    if len(candidates) > 4 * count:
        cut = np.partition(values, len(values) - count)[len(values) - count]
        kept = values >= cut
        candidates, values = candidates[kept], values[kept]
    order = np.argsort(-values, kind="stable")[:count]
    return candidates[order]
