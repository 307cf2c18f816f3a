"""From text to words: where they stand, their folded form and their stem in each language.

Accents are folded *before* stemming: the other order loses one accented word in ten that was typed without accents.
"""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import Stemmer  # type: ignore[import-not-found]  # PyStemmer is a C module without types
from numpy.typing import NDArray

from search.whoosh_index import STOP_LISTS

LANGUAGES = ("es", "en", "fr", "pt")
"""The languages with a stemmer, in the order of preference when nothing tells them apart."""

_SNOWBALL = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese"}

# A word is a run of letters and digits, with the marks that a decomposed text carries beside its letters.
WORD = re.compile(r"[\w\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u093c-\u094d]+")
MAX_WORD_LENGTH = 64

# Letters that have no decomposition but that people type without their stroke.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def spaced(text: str) -> str:
    """The text with underscores as spaces, of the same length: what WORD is to be run over."""
    return text.replace("_", " ")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The word in lower case and without accents, at most 64 letters; two spellings of one word fold alike.

    >>> fold("Elección"), fold("ELECCION"), fold("Straße")
    ('eleccion', 'eleccion', 'strasse')
    """
    if word.isascii():
        return word.lower()[:MAX_WORD_LENGTH]
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKC", letters.translate(_STROKES))[:MAX_WORD_LENGTH]


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order.

    >>> words_of("La sección 5.ª, INE/CG270/2019")
    ['la', 'seccion', '5', 'a', 'ine', 'cg270', '2019']
    """
    return [folded for folded in map(fold, WORD.findall(spaced(text))) if folded]


def cut(text: str) -> tuple[list[str], NDArray[np.intp]]:
    """The words of a long text as they are written, in order, and the characters at which they begin.

    What WORD finds in the spaced text, by a table of the characters that make words: quicker than an expression.

    >>> words, starts = cut("INE/CG270: la_mesa")
    >>> words, starts.tolist()
    (['INE', 'CG270', 'la', 'mesa'], [0, 4, 11, 14])
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes):
        return [], np.empty(0, np.intp)
    makes_words = _makes_words(min(1 << int(codes.max()).bit_length(), sys.maxunicode + 1))[codes]
    blanked = np.where(makes_words, codes, np.uint32(ord(" ")))
    begins = makes_words.copy()
    begins[1:] &= ~makes_words[:-1]
    return blanked.tobytes().decode("utf-32-le", "surrogatepass").split(), np.flatnonzero(begins)


@lru_cache
def _makes_words(count: int) -> NDArray[np.bool_]:
    """Of the first `count` characters, which make words."""
    table = np.zeros(count, bool)
    for run in WORD.finditer(spaced("".join(map(chr, range(count))))):
        table[run.start() : run.end()] = True
    return table


_stemmers = {language: Stemmer.Stemmer(name, 0) for language, name in _SNOWBALL.items()}
_stemmers_lock = threading.Lock()  # a PyStemmer object is not to be used by two threads at once


@lru_cache(maxsize=200_000)
def stem(language: str, folded: str) -> str:
    """The Snowball stem of a folded word; the word itself in a language without a stemmer.

    >>> stem("es", "elecciones") == stem("es", "eleccion")
    True
    """
    stemmer = _stemmers.get(language)
    if stemmer is None:
        return folded
    with _stemmers_lock:
        return str(stemmer.stemWord(folded))


def stems(language: str, words: Iterable[str]) -> list[str]:
    """The stems of many folded words, without filling the cache of questions."""
    stemmer = _stemmers.get(language)
    if stemmer is None:
        return list(words)
    with _stemmers_lock:
        return [str(found) for found in stemmer.stemWords(list(words))]


def stop_words(language: str) -> frozenset[str]:
    """The folded words of a language that say nothing by themselves (Snowball's lists, which Whoosh carries)."""
    return _STOP_WORDS.get(language, frozenset())


def _read_stop_words() -> dict[str, frozenset[str]]:
    # Question words and others that Snowball's lists lack, by language.
    more = {
        "es": "cual cuales cuantos cuantas cuanto cuanta segun asi etc si",
        "en": "",
        "fr": "quel quelle quels quelles comment combien pourquoi est ou",
        "pt": "qual quais quantos quantas quanto quanta segundo assim",
    }
    said = {"es": {"estado", "estados", "estada", "estadas"}}  # «been», but also «state»
    return {
        language: frozenset(
            part for word in [*STOP_LISTS[language], *more[language].split()] for part in words_of(word)
        )
        - said.get(language, set())
        for language in LANGUAGES
    }


_STOP_WORDS = _read_stop_words()
ALL_STOP_WORDS = frozenset().union(*_STOP_WORDS.values())
