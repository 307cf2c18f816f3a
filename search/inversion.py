"""From entries to inverted lists: every word of every entry, sorted by word, with numpy.

A word is folded and stemmed once, however often it stands: each spelling gets a number when first met, and the rest
is sorting numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.whoosh_index import EXACT, STEMS, FieldArrays, SegmentArrays
from search.words import LANGUAGES, WORD, fold, spaced, stems, stop_words

PIECE_GAP = 4
"""Positions left empty between two pieces of text, so that no phrase runs from one into the other."""

_MOST_WEIGHT = 65_535


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an entry's text: in which language (None: words of no language), and how much its words weigh."""

    text: str
    language: str | None
    weight: int
    is_passage: bool = False


class Inversion:
    """Collects entries, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._spellings: dict[str, int] = {}  # as written → number of its folded word
        self._numbers: dict[str, int] = {}  # folded word → number
        self._words = array("i")
        self._offsets = array("I")
        self._pieces_entry = array("i")
        self._pieces_language = array("b")
        self._pieces_weight = array("i")
        self._pieces_count = array("i")
        self._passages: list[tuple[int, int]] = []
        self._pieces_before = array("i")

    def __len__(self) -> int:
        return len(self._passages)

    def add(self, pieces: Sequence[Piece]) -> None:
        """Adds an entry; it gets the next number."""
        entry = len(self._passages)
        passage = (0, 0)
        self._pieces_before.append(len(self._pieces_entry))
        for piece in pieces:
            text = spaced(piece.text)
            spellings = WORD.findall(text)
            numbers = list(map(self._spellings.get, spellings))
            offsets = [match.start() for match in WORD.finditer(text)]
            if None in numbers:
                numbers = [self._number(spelling) for spelling in spellings]
            if -1 in numbers:  # marks without a letter fold to nothing
                kept = [place for place, number in enumerate(numbers) if number != -1]
                numbers, offsets = [numbers[place] for place in kept], [offsets[place] for place in kept]
            if piece.is_passage:
                first = len(self._words) + PIECE_GAP * len(self._pieces_entry)
                passage = (first, first + len(numbers))
            self._words.extend(numbers)  # type: ignore[arg-type]  # no None is left
            self._offsets.extend(offsets)
            self._pieces_entry.append(entry)
            self._pieces_language.append(-1 if piece.language not in STEMS else LANGUAGES.index(piece.language))
            self._pieces_weight.append(piece.weight)
            self._pieces_count.append(len(numbers))
        self._passages.append(passage)

    def _number(self, spelling: str) -> int:
        number = self._spellings.get(spelling)
        if number is None:
            folded = fold(spelling)
            number = self._numbers.setdefault(folded, len(self._numbers)) if folded else -1
            self._spellings[spelling] = number
        return number

    def finish(self) -> SegmentArrays:
        """The arrays of all that was added."""
        words = np.frombuffer(self._words, dtype=np.int32) if self._words else np.empty(0, np.int32)
        counts = np.array(self._pieces_count, dtype=np.int64)
        piece_of_word = np.repeat(np.arange(len(counts)), counts)
        positions = np.arange(len(words), dtype=np.int64) + PIECE_GAP * piece_of_word
        entries = np.array(self._pieces_entry, dtype=np.uint32)[piece_of_word]
        weights = np.array(self._pieces_weight, dtype=np.int64)[piece_of_word]
        languages = np.array(self._pieces_language, dtype=np.int8)[piece_of_word]

        total = len(words) + PIECE_GAP * len(counts)
        offsets = np.zeros(total, np.uint32)
        offsets[positions] = np.array(self._offsets, dtype=np.uint32)
        piece_starts = np.concatenate([[0], np.cumsum(counts + PIECE_GAP)])
        before = np.array([*self._pieces_before, len(counts)], dtype=np.int64)
        passages = np.array(self._passages, dtype=np.uint32).reshape(-1, 2)

        vocabulary = list(self._numbers)
        fields = [self._field(EXACT, vocabulary, words, entries, weights, positions)]
        lengths = {EXACT: np.bincount(entries, minlength=len(self))}
        for place, language in enumerate(LANGUAGES):
            in_language = languages == place
            if not in_language.any():
                lengths[STEMS[language]] = np.zeros(len(self), np.int64)
                fields.append(self._empty(STEMS[language]))
                continue
            stopped = stop_words(language)
            kept = np.array([word not in stopped for word in vocabulary])
            chosen = np.flatnonzero(in_language & kept[words])
            found: dict[str, int] = {}
            stem_numbers = np.array([found.setdefault(s, len(found)) for s in stems(language, vocabulary)])
            field = self._field(
                STEMS[language],
                list(found),
                stem_numbers[words[chosen]],
                entries[chosen],
                weights[chosen],
                positions[chosen],
            )
            fields.append(field)
            lengths[STEMS[language]] = np.bincount(entries[chosen], minlength=len(self))
        return SegmentArrays(
            entries_count=len(self),
            fields=fields,
            lengths=lengths,
            entry_starts=piece_starts[before].astype(np.uint32),
            offsets=offsets,
            passage_starts=passages[:, 0],
            passage_ends=passages[:, 1],
        )

    @staticmethod
    def _field(
        name: str,
        terms: Sequence[str],
        numbers: NDArray[np.integer],
        entries: NDArray[np.uint32],
        weights: NDArray[np.int64],
        positions: NDArray[np.int64],
    ) -> FieldArrays:
        """Sorts the words of a field by term, then by position; a posting is a run of one term in one entry."""
        if not len(numbers):
            return Inversion._empty(name)
        encoded = [term.encode() for term in terms]
        present = np.zeros(len(terms), bool)
        present[numbers] = True
        order_of_terms = sorted(np.flatnonzero(present).tolist(), key=encoded.__getitem__)
        rank = np.zeros(len(terms), np.int32)
        rank[order_of_terms] = np.arange(len(order_of_terms), dtype=np.int32)
        ranks = rank[numbers]
        order = np.argsort(ranks, kind="stable")
        ranks, entries = ranks[order], entries[order]
        is_new_term = np.empty(len(ranks), bool)
        is_new_term[0] = True
        np.not_equal(ranks[1:], ranks[:-1], out=is_new_term[1:])
        is_new_posting = is_new_term.copy()
        is_new_posting[1:] |= entries[1:] != entries[:-1]
        postings = np.flatnonzero(is_new_posting)
        term_positions = np.flatnonzero(is_new_term)
        return FieldArrays(
            name=name,
            terms=[encoded[number] for number in order_of_terms],
            posting_starts=np.append(np.searchsorted(postings, term_positions), len(postings)).astype(np.uint32),
            position_starts=np.append(term_positions, len(ranks)).astype(np.uint32),
            docs=entries[postings],
            weights=np.minimum(np.add.reduceat(weights[order], postings), _MOST_WEIGHT).astype(np.uint16),
            positions=positions[order].astype(np.uint32),
        )

    @staticmethod
    def _empty(name: str) -> FieldArrays:
        starts = np.zeros(1, np.uint32)
        nothing = np.empty(0, np.uint32)
        return FieldArrays(name, (), starts, starts, nothing, np.empty(0, np.uint16), nothing)
