"""Reading the index: all its segments as one list of entries."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from search.index_arrays import EXACT, FIELDS, Array, Floats, Integers
from search.whoosh_codec import SEGMENT_ARRAYS, ArrayTermsReader
from search.whoosh_index import open_segments


@dataclass(frozen=True)
class Postings:
    """The entries in which a term stands, ascending, and its weight in each."""

    docs: Integers
    weights: Floats


_MOST_KNOWN_PLACES = 20_000
_NOWHERE = Postings(np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class _Segment:
    base: int
    position_base: int
    terms: ArrayTermsReader


class IndexReader:
    """All segments as one list of entries, numbered from 0. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Opens every file at once, so that the folder may go while this reader works."""
        self._segments: list[_Segment] = []
        self._known_places: dict[tuple[str, str], tuple[tuple[_Segment, int], ...]] = {}
        base = position_base = 0
        lengths: dict[str, list[Floats]] = {name: [np.empty(0)] for name in FIELDS}
        for opened in open_segments(folder):
            self._segments.append(_Segment(base, position_base, opened.terms))
            for name in FIELDS:
                lengths[name].append(opened.lengths[name])
            base += opened.entries_count
            position_base += int(opened.terms.view(SEGMENT_ARRAYS, "entry_starts")[-1])
        self.entries_count = base
        """Entries of all segments, those removed included."""
        self._lengths = {name: np.concatenate(parts) for name, parts in lengths.items()}

    def postings(self, field: str, word: str) -> Postings:
        """Where a word stands; empty where it does not."""
        found = [_postings_of(part, field, ordinal) for part, ordinal in self._places(field, word)]
        if not found:
            return _NOWHERE
        if len(found) == 1:
            return found[0]
        return Postings(
            np.concatenate([postings.docs for postings in found]),
            np.concatenate([postings.weights for postings in found]),
        )

    def forget(self) -> None:
        """Forgets where terms are."""
        self._known_places.clear()

    def lengths(self, field: str) -> Floats:
        """Words of each entry in a field, as Whoosh keeps them: exact up to 10, then in steps of a few per cent."""
        return self._lengths[field]

    def having(self, field: str) -> int:
        """How many entries have the field."""
        return int(np.count_nonzero(self._lengths[field]))

    @cached_property
    def entry_starts(self) -> Integers:
        """The position of each entry's first word, and the end of the last."""
        parts = [
            part.terms.view(SEGMENT_ARRAYS, "entry_starts")[:-1].astype(np.int64) + part.position_base
            for part in self._segments
        ]
        end = [np.array([self._positions_end], np.int64)]
        return np.concatenate(parts + end)

    @property
    def _positions_end(self) -> int:
        if not self._segments:
            return 0
        last = self._segments[-1]
        return last.position_base + int(last.terms.view(SEGMENT_ARRAYS, "entry_starts")[-1])

    @cached_property
    def passages(self) -> tuple[Integers, Integers]:
        """The positions at which each entry's own text begins and ends; equal where it has none."""
        bounds = [
            [part.terms.view(SEGMENT_ARRAYS, name).astype(np.int64) + part.position_base for part in self._segments]
            for name in ("passage_starts", "passage_ends")
        ]
        nothing = [np.empty(0, np.int64)]
        return np.concatenate(bounds[0] + nothing), np.concatenate(bounds[1] + nothing)

    def offsets(self, entry: int, first: int, last: int) -> Array:
        """The characters at which the words between two positions of an entry begin."""
        part = self._part(entry)
        return part.terms.view(SEGMENT_ARRAYS, "offsets")[first - part.position_base : last - part.position_base]

    def positions(self, field: str, word: str) -> Array:
        """The positions of a word, ascending."""
        found = [_positions_of(part, field, ordinal) for part, ordinal in self._places(field, word)]
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def entries_with(self, word: str) -> int:
        """In how many entries a folded word stands."""
        total = 0
        for part, ordinal in self._places(EXACT, word):
            first, last = part.terms.view(EXACT, "posting_starts")[ordinal : ordinal + 2].tolist()
            total += last - first
        return total

    def _places(self, field: str, word: str) -> tuple[tuple[_Segment, int], ...]:
        """The segments that have a word, with its ordinal in each."""
        known = self._known_places.get((field, word))
        if known is None:
            term = word.encode()
            pairs = ((part, part.terms.ordinal(field, term)) for part in self._segments)
            known = tuple((part, ordinal) for part, ordinal in pairs if ordinal is not None)
            if len(self._known_places) >= _MOST_KNOWN_PLACES:
                self._known_places.clear()
            self._known_places[field, word] = known
        return known

    def _part(self, entry: int) -> _Segment:
        place = len(self._segments) - 1
        while self._segments[place].base > entry:
            place -= 1
        return self._segments[place]

    @cached_property
    def lexicon(self) -> tuple[list[str], Integers]:
        """The folded words of all entries, in order, and in how many entries each stands."""
        counts: dict[str, int] = {}
        for part in self._segments:
            words = bytes(part.terms.view(EXACT, "lexicon")).decode().split("\n")
            entries = np.diff(part.terms.view(EXACT, "posting_starts")).tolist()
            if not counts:
                counts = dict(zip(words, entries, strict=False))
                continue
            for word, count in zip(words, entries, strict=False):
                counts[word] = counts.get(word, 0) + count
        ordered = sorted(word for word in counts if word)
        return ordered, np.array([counts[word] for word in ordered], dtype=np.int64)

    def words_beginning(self, prefix: str, limit: int) -> list[str]:
        """The words that begin so, those of most entries first."""
        words, counts = self.lexicon
        first = bisect_left(words, prefix)
        last = bisect_left(words, prefix + "\U0010ffff")
        order = np.argsort(-counts[first:last], kind="stable")[:limit]
        return [words[first + place] for place in order.tolist()]


def _postings_of(part: _Segment, field: str, ordinal: int) -> Postings:
    terms = part.terms
    first, last = terms.view(field, "posting_starts")[ordinal : ordinal + 2].tolist()
    docs = terms.view(field, "docs")[first:last].astype(np.int64)
    if part.base:
        docs += part.base
    return Postings(docs, terms.view(field, "weights")[first:last].astype(np.float64))


def _positions_of(part: _Segment, field: str, ordinal: int) -> Array:
    start, end = part.terms.view(field, "position_starts")[ordinal : ordinal + 2].tolist()
    positions: Array = part.terms.view(field, "positions")[start:end]
    return positions.astype(np.int64) + part.position_base if part.position_base else positions
