"""From entries to inverted lists: every word of every entry, sorted by word, with numpy.

A word is folded and stemmed once, however often it stands: each spelling gets a number when first met, and the rest
is sorting numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import EXACT, STEMS, FieldArrays, Integers, SegmentArrays
from search.words import LANGUAGES, cut, fold, stems, stop_words

PIECE_GAP = 4
"""Positions left empty between two pieces of text, so that no phrase runs from one into the other."""

_MOST_WEIGHT = 65_535
_IS_NOTHING = -1  # a lone mark, of which folding leaves nothing
_BATCH_LENGTH = 1_000_000  # characters read at once


class Piece(NamedTuple):
    """What a piece of an entry's text is: in which language (None: words of no language), how much its words weigh."""

    language: str | None
    weight: int
    is_passage: bool = False


Layout = tuple[Piece, ...]
"""The pieces of an entry, in order; entries of one kind mostly share theirs."""


class _Numbered(dict[str, int]):
    """Texts → their numbers, given in the order in which they are first asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Spellings(dict[str, int]):
    """Words as written → the numbers of their folded forms."""

    def __init__(self) -> None:
        self.folded = _Numbered()

    def __missing__(self, spelling: str) -> int:
        folded = fold(spelling)
        number = self[spelling] = self.folded[folded] if folded else _IS_NOTHING
        return number


class Inversion:
    """Collects entries, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._texts = _Numbered()  # names and labels recur: each is read once
        self._pieces = array("I")  # the numbers of the texts of all entries
        self._layouts: dict[Layout, int] = {}
        self._entries_layout: list[int] = []

    def __len__(self) -> int:
        return len(self._entries_layout)

    def add(self, layout: Layout, texts: Sequence[str]) -> None:
        """Adds an entry, text by text as its layout says; it gets the next number."""
        if len(layout) != len(texts):
            raise ValueError(f"{len(texts)} texts for {len(layout)} pieces")
        self._entries_layout.append(self._layouts.setdefault(layout, len(self._layouts)))
        self._pieces.extend(map(self._texts.__getitem__, texts))

    def finish(self) -> SegmentArrays:
        """The arrays of all that was added."""
        vocabulary, words, starts, counts = self._read()
        piece_of_word = np.repeat(np.arange(len(counts)), counts)
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
        offsets[positions[in_passage]] = starts[in_passage]
        piece_starts = np.concatenate([[0], np.cumsum(counts + PIECE_GAP)])
        passages = np.zeros((len(self), 2), np.uint32)
        of_passage = np.flatnonzero(np.array([piece.is_passage for piece in pieces], dtype=bool)[kind_of_piece])
        passages[entry_of_piece[of_passage], 0] = piece_starts[of_passage]
        passages[entry_of_piece[of_passage], 1] = piece_starts[of_passage] + counts[of_passage]

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

    def _read(self) -> tuple[list[str], NDArray[np.int32], NDArray[np.uint32], Integers]:
        """The folded words; of each word of all pieces its number in them and where it begins; how many a piece has."""
        spellings = _Spellings()
        read = [_read_together(batch, spellings) for batch in _batches(self._texts)]
        words, starts, counts = (np.concatenate(arrays) for arrays in zip(*read, strict=True))
        firsts = np.cumsum(counts) - counts
        texts = np.array(self._pieces, dtype=np.int64)
        counts = counts[texts]
        places = np.arange(counts.sum()) + np.repeat(firsts[texts] - (np.cumsum(counts) - counts), counts)
        return list(spellings.folded), words[places], starts[places], counts

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


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """At least one, the last one perhaps empty."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > _BATCH_LENGTH:
            yield batch
            batch, size = [], 0
    yield batch


def _read_together(
    texts: Sequence[str], spellings: _Spellings
) -> tuple[NDArray[np.int32], NDArray[np.uint32], Integers]:
    """The numbers of the words of some texts, where each begins in its own text, and how many each text has."""
    written, starts = cut("\n".join(texts))
    words = np.fromiter(map(spellings.__getitem__, written), np.int32, len(written))
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    text_of_word = np.searchsorted(ends, starts, side="right")
    starts -= np.concatenate([[0], ends])[text_of_word]
    said = words != _IS_NOTHING
    return words[said], starts[said].astype(np.uint32), np.bincount(text_of_word[said], minlength=len(texts))


def _sorted_by(ranks: NDArray[np.int32]) -> NDArray[np.intp]:
    """The stable order of the ranks, sorted by their halves: numpy sorts 16 bits by counting, five times as fast."""
    order = np.argsort(ranks.astype(np.uint16), kind="stable")
    if ranks.max() > np.iinfo(np.uint16).max:
        order = order[np.argsort((ranks >> 16).astype(np.uint16)[order], kind="stable")]
    return order
