"""Text as people typed it: one kind of space, no soft hyphens, words that a line end had cut made whole."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LINE_END_HYPHEN = "\ufffe"  # what PDFium gives for a hyphen at the end of a line
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
_SPACED = re.compile(r"(?<!\w)\w(?: \w){3,}(?!\w)")


def clean(text: str) -> str:
    """The text in NFC with single spaces and without invisible characters or ligatures; line breaks stay."""
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def unspaced(text: str) -> str:
    """Letters set apart for show, joined.

    >>> unspaced("T R A N S I T O R I O S")
    'TRANSITORIOS'
    """
    return _SPACED.sub(lambda m: m[0].replace(" ", ""), text)


class Vocabulary:
    """The words of a document, to tell a hyphen that a line end put in from one that belongs to the word."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._seen: Counter[str] = Counter()
        for line in lines:
            words = _WORD.findall(line.casefold())
            # the first and the last word of a line may be halves
            self._seen.update(words[1:-1])

    def join(self, first: str, second: str) -> str:
        """Two lines of a paragraph as one. Without a hyphen between them they are joined by a space."""
        head, hyphen = first.rstrip(), False
        if head.endswith(("-", LINE_END_HYPHEN)) and second[:1].isalpha() and head[-2:-1].isalpha():
            head, hyphen = head[:-1], True
        if not hyphen:
            return f"{head} {second.lstrip()}" if head and second else head + second
        before = _WORD.findall(head)[-1]
        after = _WORD.findall(second)[0]
        return head + ("-" if self._keeps_hyphen(before.casefold(), after) else "") + second

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        if after[0].isupper():
            return True
        after = after.casefold()
        whole, apart = self._seen[before + after], self._seen[f"{before}-{after}"]
        if whole or apart:
            return apart > whole
        return before.endswith("o") and self._seen[before] > 0 and self._seen[after] > 0  # político-electoral
