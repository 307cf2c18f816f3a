"""What a question names: jurisdictions by any of their names, a year, and the words left over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.names import Names
from search.words import ALL_STOP_WORDS, WORD, fold, spaced

_YEAR = re.compile(r"1[789]\d\d|20\d\d")


@dataclass(frozen=True)
class Asked:
    """What a question names: jurisdictions, a year, and the words left over.

    `said` is the words left over with the stop words between them, `typed` the same as they were written: «cuota de
    género».
    """

    jurisdictions: tuple[str, ...]
    year: int | None
    rest: tuple[str, ...]
    said: tuple[str, ...]
    typed: str


def question_of(names: Names, spoken: Sequence[str], text: str) -> Asked:
    """What the words of a question name. Codes (MEX) count in capitals and where no country is named in full."""
    written = {fold(word): word for word in WORD.findall(spaced(text))}
    asked = _asked(names, spoken, {}, written)
    codes = {} if asked.jurisdictions else {word.lower(): word for word in re.findall(r"\b[A-Z]{3}\b", text)}
    coded = _asked(names, spoken, codes, written) if codes else asked
    return coded if coded.rest else asked  # «¿Quién es el PAN?» does not ask of Panama


def _asked(names: Names, spoken: Sequence[str], codes: dict[str, str], written: dict[str, str]) -> Asked:
    jurisdictions: list[str] = []
    rest: list[str] = []
    said: list[str] = []
    year: int | None = None
    place = 0
    while place < len(spoken):
        size, found = _jurisdiction_at(names, spoken, place, codes)
        if found:
            jurisdictions.append(found)
            place += size
            continue
        word = spoken[place]
        if _YEAR.fullmatch(word):
            year = int(word)
        elif word not in ALL_STOP_WORDS:
            rest.append(word)
            said.append(word)
        elif said:
            said.append(word)
        place += 1
    while said and said[-1] in ALL_STOP_WORDS:
        said.pop()
    typed = " ".join(written.get(word, word) for word in said)
    return Asked(tuple(dict.fromkeys(jurisdictions)), year, tuple(rest), tuple(said), typed)


def _jurisdiction_at(names: Names, spoken: Sequence[str], place: int, codes: dict[str, str]) -> tuple[int, str | None]:
    for size in range(min(names.longest_name, len(spoken) - place), 0, -1):
        found = names.jurisdictions_named.get(tuple(spoken[place : place + size]))
        if found and not (size == 1 and spoken[place] in ALL_STOP_WORDS):
            return size, found
    code = codes.get(spoken[place])
    if code and code in names.of["jurisdiction"]:
        return 1, code
    return 0, None
