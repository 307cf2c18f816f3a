"""The arrays that an index is made of: what the inversion gives, the codec writes and a search reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]

EXACT = "exact"
"""The field of folded words, whole, of every language."""
STEMS = {"es": "stem_es", "en": "stem_en", "fr": "stem_fr", "pt": "stem_pt"}
"""The fields of stems, by language; stop words are not in them."""
FIELDS = (EXACT, *STEMS.values())


@dataclass(frozen=True)
class FieldArrays:
    """The inverted lists of one field of a segment, terms in byte order.

    Term `i` has the postings `docs[posting_starts[i]:posting_starts[i+1]]` with their `weights`, and stands at
    `positions[position_starts[i]:position_starts[i+1]]`, ascending.
    """

    name: str
    terms: Sequence[bytes]
    posting_starts: Array
    position_starts: Array
    docs: NDArray[np.uint32]
    weights: NDArray[np.uint16]
    positions: NDArray[np.uint32]


@dataclass(frozen=True)
class SegmentArrays:
    """What a new segment holds: its fields, and of its entries the lengths and where their words stand.

    `lengths[field]` counts each entry's words in that field. `entry_starts` has one more item than there are entries.
    `offsets` gives, by position, the character at which the word begins in its own piece of text.
    `passage_starts` and `passage_ends` bound the positions of the piece that snippets are cut from (equal: none).
    """

    entries_count: int
    fields: Sequence[FieldArrays]
    lengths: dict[str, Integers]
    entry_starts: NDArray[np.uint32]
    offsets: NDArray[np.uint32]
    passage_starts: NDArray[np.uint32]
    passage_ends: NDArray[np.uint32]
