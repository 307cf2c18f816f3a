"""Where words stand side by side: positions looked up in positions, all at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.index_arrays import EXACT, STEMS, Array, Integers
from search.index_reading import IndexReader
from search.scoring import NO_MATCHES, Matches, Scorer
from search.words import stem, stop_words

_MANY = 20_000  # from so many candidates on, marking all positions is quicker than looking each up


def phrase_starts(reader: IndexReader, field: str, words: Sequence[tuple[str, int]]) -> Integers:
    """The positions at which a phrase begins, ascending; each word comes with its distance from the beginning."""
    lists: list[tuple[Array, int]] = []
    for word, distance in words:
        positions = reader.positions(field, word)
        if not len(positions):
            return np.empty(0, np.int64)
        lists.append((positions, distance))
    lists.sort(key=lambda item: len(item[0]))
    rarest, distance = lists[0]
    starts = rarest.astype(np.int64) - distance
    starts = starts[starts >= 0]
    for positions, distance in lists[1:]:
        if not len(starts):
            break
        starts = starts[_contains(positions, starts + distance)]
    return starts


def _contains(positions: Array, wanted: Integers) -> Array:
    if len(wanted) < _MANY:
        places = np.searchsorted(positions, wanted.astype(positions.dtype))
        places[places == len(positions)] = 0
        return np.asarray(positions[places] == wanted)
    low, high = int(wanted[0]), int(wanted[-1])
    marks = np.zeros(high - low + 1, bool)
    first, last = np.searchsorted(positions, [low, high + 1])
    marks[positions[first:last].astype(np.int64) - low] = True
    return marks[wanted - low]


def entries_of(reader: IndexReader, starts: Integers) -> tuple[Integers, Integers]:
    """The entries that positions (ascending) lie in, ascending, and how many lie in each."""
    if not len(starts):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    entries = np.searchsorted(reader.entry_starts, starts, side="right") - 1
    firsts = np.flatnonzero(np.concatenate([[True], entries[1:] != entries[:-1]]))
    return entries[firsts], np.diff(np.append(firsts, len(entries)))


def exact_phrase(reader: IndexReader, words: Sequence[str]) -> Integers:
    """The entries in which folded words stand side by side exactly so."""
    starts = phrase_starts(reader, EXACT, [(word, place) for place, word in enumerate(words)])
    return entries_of(reader, starts)[0]


def inflected_places(reader: IndexReader, language: str | None, words: Sequence[str]) -> list[Integers]:
    """The positions of each word of a phrase where it stands as such; exactly so in no language's inflections."""
    stopped = stop_words(language) if language else frozenset()
    wanted = [(stem(language or "", word), place) for place, word in enumerate(words) if word not in stopped]
    if not wanted:
        return []
    starts = phrase_starts(reader, STEMS.get(language or "", EXACT), wanted)
    return [starts + place for _, place in wanted]


def inflected_phrase(scorer: Scorer, language: str, words: Sequence[str]) -> Matches:
    """The entries of a language in which words stand side by side in any inflection, scored as one rare word is.

    Stop words count for their place only: «lista nominal de electores» asks for three words and a fourth between.
    """
    stopped = stop_words(language)
    wanted = [(stem(language, word), place) for place, word in enumerate(words) if word not in stopped]
    if not wanted:
        return NO_MATCHES
    field = STEMS[language]
    if len(wanted) == 1:
        return scorer.term(field, wanted[0][0])
    docs, counts = entries_of(scorer.reader, phrase_starts(scorer.reader, field, wanted))
    if not len(docs):
        return NO_MATCHES
    return Matches(docs, scorer.impact(field, docs, counts.astype(np.float64)))
