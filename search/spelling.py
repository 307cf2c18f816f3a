"""What was probably meant by a word that stands nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.index_reading import IndexReader
from search.words import WORD, fold, spaced

_SHORTEST = 4
_COMMON = 5  # entries


def nearest_word(reader: IndexReader, word: str, fewest: int) -> str | None:
    """The known word that is nearest to an unknown one: one slip in a short word, two in a longer one.

    A word of fewer entries than `fewest` is not known well enough.
    """
    if len(word) < _SHORTEST or any(letter.isdigit() for letter in word):
        return None
    words, counts = reader.lexicon
    slips = 1 if len(word) < 7 else 2
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=20)
    usable = [
        (distance, candidate[0] != word[0], -int(counts[place]), candidate)
        for candidate, distance, place in found
        if distance and counts[place] >= fewest and not any(letter.isdigit() for letter in candidate)
    ]
    return min(usable)[3] if usable else None


def respelt(text: str, replacements: dict[str, str]) -> str:
    """The text with folded words replaced, the rest as it was typed."""
    pieces: list[str] = []
    at = 0
    for match in re.finditer(WORD, spaced(text)):
        replacement = replacements.get(fold(match.group()))
        if replacement:
            pieces += [text[at : match.start()], replacement]
            at = match.end()
    return "".join([*pieces, text[at:]])


def did_you_mean(reader: IndexReader, text: str, unknown: Sequence[str], *, is_found: bool) -> str | None:
    """The text with its unknown words replaced by the nearest known ones, or None.

    Where the rest of the question found something, only a word that is common is worth proposing.
    """
    fewest = _COMMON if is_found else 1
    replacements = {word: near for word in unknown[:6] if (near := nearest_word(reader, word, fewest))}
    return respelt(text, replacements) if replacements else None
