"""From entries to inverted lists: every word of every entry, sorted by word, with numpy.

A word is folded and stemmed once, however often it stands: each spelling gets a number when first met, and the rest
is sorting numbers.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import EXACT, STEMS, FieldArrays, SegmentArrays
from search.words import LANGUAGES, WORD, fold, spaced, stems, stop_words

PIECE_GAP = 4
"""Positions left empty between two pieces of text, so that no phrase runs from one into the other."""

_MOST_WEIGHT = 65_535
_IS_END, _IS_NOTHING = -2, -1
_WORDS_AND_GAPS = re.compile(f"({WORD.pattern})")


class Piece(NamedTuple):
    """What a piece of an entry's text is: in which language (None: words of no language), how much its words weigh."""

    language: str | None
    weight: int
    is_passage: bool = False


Layout = tuple[Piece, ...]
"""The pieces of an entry, in order; entries of one kind mostly share theirs."""


class _Spellings(dict[str, int]):
    """Words as written → the number of their folded form, which they get when first met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}  # folded word → number

    def __missing__(self, spelling: str) -> int:
        folded = fold(spelling)
        number = self[spelling] = self.numbers.setdefault(folded, len(self.numbers)) if folded else _IS_NOTHING
        return number


class Inversion:
    """Collects entries, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._spellings = _Spellings()
        self._numbers: list[array[int]] = []  # of each piece's words, _IS_NOTHING for lone marks, then _IS_END
        self._offsets: list[array[int]] = []  # of the words of passages
        self._met: dict[str, array[int]] = {}  # pieces that are no passage → their numbers: names and labels recur
        self._layouts: dict[Layout, int] = {}
        self._entries_layout: list[int] = []

    def __len__(self) -> int:
        return len(self._entries_layout)

    def add(self, layout: Layout, texts: Sequence[str]) -> None:
        """Adds an entry, text by text as its layout says; it gets the next number."""
        self._entries_layout.append(self._layouts.setdefault(layout, len(self._layouts)))
        for piece, text in zip(layout, texts, strict=True):
            if piece.is_passage:
                self._add_passage(text)
                continue
            numbers = self._met.get(text)
            if numbers is None:
                numbers = self._met[text] = self._numbered(WORD.findall(spaced(text)))
            self._numbers.append(numbers)

    def _add_passage(self, text: str) -> None:
        parts = _WORDS_AND_GAPS.split(spaced(text))  # gap, word, gap, word … gap
        numbers = self._numbered(parts[1::2])
        offsets = array("I", list(accumulate(map(len, parts)))[0:-1:2])
        if _IS_NOTHING in numbers:
            offsets = array("I", [at for at, number in zip(offsets, numbers, strict=False) if number != _IS_NOTHING])
        self._numbers.append(numbers)
        self._offsets.append(offsets)

    def _numbered(self, spellings: Sequence[str]) -> array[int]:
        numbers = array("i", list(map(self._spellings.__getitem__, spellings)))
        numbers.append(_IS_END)
        return numbers

    def finish(self) -> SegmentArrays:
        """The arrays of all that was added."""
        stream = np.frombuffer(b"".join(self._numbers), dtype=np.int32)
        piece_of_word = np.cumsum(stream == _IS_END)[stream >= 0]
        words = stream[stream >= 0]
        counts = np.bincount(piece_of_word, minlength=np.count_nonzero(stream == _IS_END))
        # Of each entry its layout, of each layout its pieces: so every piece's language, weight and entry.
        pieces = [piece for layout in self._layouts for piece in layout]
        sizes = np.array([len(layout) for layout in self._layouts], dtype=np.int64)
        layout_of_entry = np.array(self._entries_layout, dtype=np.int64)
        pieces_of_entry = sizes[layout_of_entry]
        before = np.concatenate([[0], np.cumsum(pieces_of_entry)])
        entry_of_piece = np.repeat(np.arange(len(self)), pieces_of_entry)
        first_of_layout = np.concatenate([[0], np.cumsum(sizes)])[layout_of_entry]
        kind_of_piece = np.arange(len(counts)) - before[entry_of_piece] + first_of_layout[entry_of_piece]

        positions = (np.arange(len(words)) + PIECE_GAP * piece_of_word).astype(np.uint32)
        entries = entry_of_piece.astype(np.uint32)[piece_of_word]
        kind_of_word = kind_of_piece[piece_of_word]
        weights = np.array([piece.weight for piece in pieces], dtype=np.uint16)[kind_of_word]
        languages = np.array(
            [LANGUAGES.index(piece.language) if piece.language in STEMS else -1 for piece in pieces], dtype=np.int8
        )[kind_of_word]
        in_passage = np.array([piece.is_passage for piece in pieces], dtype=bool)[kind_of_word]

        total = len(words) + PIECE_GAP * len(counts)
        offsets = np.zeros(total, np.uint32)
        offsets[positions[in_passage]] = np.frombuffer(b"".join(self._offsets), dtype=np.uint32)
        piece_starts = np.concatenate([[0], np.cumsum(counts + PIECE_GAP)])
        passages = np.zeros((len(self), 2), np.uint32)
        of_passage = np.flatnonzero(np.array([piece.is_passage for piece in pieces], dtype=bool)[kind_of_piece])
        passages[entry_of_piece[of_passage], 0] = piece_starts[of_passage]
        passages[entry_of_piece[of_passage], 1] = piece_starts[of_passage] + counts[of_passage]

        vocabulary = list(self._spellings.numbers)
        fields = [self._field(EXACT, vocabulary, words, entries, weights, positions)]
        lengths = {EXACT: np.bincount(entries, minlength=len(self))}
        for place, language in enumerate(LANGUAGES):
            in_language = languages == place
            if not in_language.any():
                lengths[STEMS[language]] = np.zeros(len(self), np.int64)
                fields.append(self._empty(STEMS[language]))
                continue
            stopped = stop_words(language)
            used = np.flatnonzero(np.bincount(words[in_language], minlength=len(vocabulary)))
            telling = [number for number in used.tolist() if vocabulary[number] not in stopped]
            kept = np.zeros(len(vocabulary), bool)
            kept[telling] = True
            chosen = np.flatnonzero(in_language & kept[words])
            found: dict[str, int] = {}
            stem_numbers = np.zeros(len(vocabulary), np.int64)
            stem_numbers[telling] = [
                found.setdefault(stemmed, len(found))
                for stemmed in stems(language, [vocabulary[number] for number in telling])
            ]
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
        weights: NDArray[np.uint16],
        positions: NDArray[np.uint32],
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
        order = _sorted_by(ranks)
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
            weights=np.minimum(np.add.reduceat(weights[order], postings, dtype=np.int64), _MOST_WEIGHT).astype(
                np.uint16
            ),
            positions=positions[order],
        )

    @staticmethod
    def _empty(name: str) -> FieldArrays:
        starts = np.zeros(1, np.uint32)
        nothing = np.empty(0, np.uint32)
        return FieldArrays(name, (), starts, starts, nothing, np.empty(0, np.uint16), nothing)


def _sorted_by(ranks: NDArray[np.int32]) -> NDArray[np.intp]:
    """The stable order of the ranks, sorted by their halves: numpy sorts 16 bits by counting, five times as fast."""
    order = np.argsort(ranks.astype(np.uint16), kind="stable")
    if ranks.max() > np.iinfo(np.uint16).max:
        order = order[np.argsort((ranks >> 16).astype(np.uint16)[order], kind="stable")]
    return order
