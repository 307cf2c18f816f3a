"""The passage of an entry that answers best, cut from its text, with the words found marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.index_arrays import Array
from search.messages import Fragment
from search.words import WORD, fold, spaced, stem

WORDS = 40
"""How long a snippet is, in words."""
_MOST_MATCHES = 200


def cut(text: str, offsets: Sequence[int] | Array, matches: Sequence[tuple[int, float]]) -> tuple[Fragment, ...]:
    """The best window of a text.

    `offsets` gives the character at which each word of the text begins; `matches` are the words found, by number,
    ascending, with what each is worth.
    """
    count = len(offsets)
    text = text.replace("\n", " ")
    if not count:
        return (Fragment(text.strip(), False),) if text.strip() else ()
    start = _best_start(matches, count)
    end = min(count, start + WORDS)
    start = max(0, end - WORDS)
    begin = int(offsets[start]) if start else 0
    stop = int(offsets[end]) if end < count else len(text)
    found = [place for place, _ in matches if start <= place < end]
    fragments: list[Fragment] = []
    if start:
        fragments.append(Fragment("… ", False))
    at = begin
    for place in found:
        offset = int(offsets[place])
        if offset < at:
            continue
        match = WORD.match(text, offset)
        if match is None:
            continue
        if offset > at:
            fragments.append(Fragment(text[at:offset], False))
        at = match.end()
        fragments.append(Fragment(text[offset:at], True))
    rest = text[at:stop].rstrip()
    if rest:
        fragments.append(Fragment(rest, False))
    if end < count:
        fragments.append(Fragment(" …", False))
    return tuple(fragments)


def _best_start(matches: Sequence[tuple[int, float]], count: int) -> int:
    """Where the window begins that holds most of what is worth most, each worth counted fully once."""
    if not matches or count <= WORDS:
        return 0
    matches = matches[:_MOST_MATCHES]
    best_start, best_worth = 0, -1.0
    last = 0
    inside: dict[float, int] = {}
    worth = 0.0
    for first, (place, _) in enumerate(matches):
        while last < len(matches) and matches[last][0] < place + WORDS - 6:
            value = matches[last][1]
            times = inside.get(value, 0)
            worth += value if not times else value * 0.05
            inside[value] = times + 1
            last += 1
        if worth > best_worth + 1e-9:
            best_worth, best_start = worth, place
        value = matches[first][1]
        inside[value] -= 1
        worth -= value if not inside[value] else value * 0.05
    return max(0, best_start - 6)


def mark(text: str, exact: frozenset[str], stems: Mapping[str, frozenset[str]]) -> tuple[Fragment, ...]:
    """A short text whole, or its best window, marking folded words and stems by language."""
    spaced_text = spaced(text)
    offsets: list[int] = []
    matches: list[tuple[int, float]] = []
    for place, match in enumerate(WORD.finditer(spaced_text)):
        offsets.append(match.start())
        word = fold(match.group())
        if word in exact or any(stem(language, word) in wanted for language, wanted in stems.items()):
            matches.append((place, 1.0 + len(word) / 1000))
    return cut(text, offsets, matches)
