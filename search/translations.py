"""A dictionary of electoral words, learned from the thesaurus: each concept is named in several languages.

Model 1 of Brown, Della Pietra, Della Pietra and Mercer (1993), "The mathematics of statistical machine translation",
finds which word of a label stands for which word of the same concept's labels in another language. It is learned in
both directions, and what only one of them believes is left out (Och and Ney 2003 on symmetric alignments).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import Floats, Integers
from search.words import LANGUAGES, WORD, fold, spaced, stem, stop_words

LEAST_PROBABLE = 0.1
"""A word translates another when each is expected to stand for the other at least so often."""
_ROUNDS = 6
_LEAST_MET = 0.8  # labels in which the one is expected to stand for the other


@dataclass(frozen=True, slots=True)
class Translation:
    """A stem of another language; the shares of a word's translations into a language add up to 1."""

    language: str
    stem: str
    share: float
    shown: str


class Dictionary:
    """Stems → their translations. Empty where it was given no labels."""

    def __init__(self, concepts: Iterable[Sequence[tuple[str, str]]]) -> None:
        """`concepts` gives the labels of each: (language, label)."""
        self._translations: dict[tuple[str, str], tuple[Translation, ...]] = {}
        shown: dict[tuple[str, str], Counter[str]] = {}
        by_concept = []
        for labels in concepts:
            told: dict[str, dict[tuple[str, ...], None]] = {}
            for language, label in labels:
                if language in LANGUAGES and (words := _telling(language, label, shown)):
                    told.setdefault(language, {})[words] = None
            by_concept.append(told)
        for one, other in combinations(LANGUAGES, 2):
            pairs = [(a, b) for told in by_concept for a in told.get(one, ()) for b in told.get(other, ())]
            if not pairs:
                continue
            for first, second, probability in _learned(pairs):
                for language, word, into, translated in ((one, first, other, second), (other, second, one, first)):
                    (name, _), *_ = shown[into, translated].most_common(1)
                    self._translations[language, word] = (
                        *self._translations.get((language, word), ()),
                        Translation(into, translated, probability, name),
                    )

    def translations(self, language: str, folded: str) -> tuple[Translation, ...]:
        """How a word of a language is said in the others; empty when that is not known."""
        if folded in stop_words(language):
            return ()
        found = self._translations.get((language, stem(language, folded)), ())
        totals: dict[str, float] = {}
        for each in found:
            totals[each.language] = totals.get(each.language, 0.0) + each.share
        return tuple(replace(each, share=each.share / totals[each.language]) for each in found)


def _telling(language: str, label: str, shown: dict[tuple[str, str], Counter[str]]) -> tuple[str, ...]:
    """The stems of a label, each once; `shown` counts how they were written."""
    stopped = stop_words(language)
    stems: dict[str, None] = {}
    for written in WORD.findall(spaced(label)):
        folded = fold(written)
        if len(folded) > 1 and folded not in stopped:
            found = stem(language, folded)
            stems[found] = None
            shown.setdefault((language, found), Counter())[written.lower()] += 1
    return tuple(stems)


def _learned(pairs: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[tuple[str, str, float]]:
    """(word, word of the other language, how surely each stands for the other), from labels of the same concepts."""
    firsts: dict[str, int] = {}
    seconds: dict[str, int] = {}
    cells: list[tuple[int, int, int, int]] = []  # words that may stand for each other; the places they stand at
    first_place = second_place = 0
    for one, other in pairs:
        numbers = [firsts.setdefault(word, len(firsts)) for word in one]
        others = [seconds.setdefault(word, len(seconds)) for word in other]
        cells += [
            (a, b, first_place + i, second_place + j) for i, a in enumerate(numbers) for j, b in enumerate(others)
        ]
        first_place += len(one)
        second_place += len(other)
    table = np.array(cells, np.int64)
    first, second, at_first, at_second = table.T
    couples, couple = np.unique(first * len(seconds) + second, return_inverse=True)
    first_of, second_of = np.divmod(couples, len(seconds))
    forward, met_forward = _model_1(couple, first_of, at_second)
    backward, met_backward = _model_1(couple, second_of, at_first)
    kept = (np.minimum(forward, backward) >= LEAST_PROBABLE) & (np.minimum(met_forward, met_backward) >= _LEAST_MET)
    names, other_names = list(firsts), list(seconds)
    return [
        (names[first_of[place]], other_names[second_of[place]], float(np.sqrt(forward[place] * backward[place])))
        for place in np.flatnonzero(kept).tolist()
    ]


def _model_1(couple: NDArray[np.intp], source: Integers, place: Integers) -> tuple[Floats, Floats]:
    """P(target | source) of each couple of words, and how often it is expected to have been met.

    Every target's place chooses among the sources of its pair of labels: `couple` and `place` go by those choices.
    """
    probability: Floats = np.ones(len(source))
    met = probability
    for _ in range(_ROUNDS):
        chosen = probability[couple]
        chosen /= np.bincount(place, chosen)[place]
        met = np.bincount(couple, chosen, len(source)).astype(np.float64)
        probability = np.asarray(met / np.bincount(source, met)[source])
    return probability, met
