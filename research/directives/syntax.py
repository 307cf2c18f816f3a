"""Finding directives in a Markdown text: `[[word: argument | argument | option: value]]`, code left alone.

The word says what is wanted, arguments stand in their order, options by name; Spanish words first, English
words too, accents and capitals as one likes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from research.faults import Fault, or_rather
from research.names import folded, nearest

Word = Literal["figure", "table", "chart", "map", "results", "article", "source", "number", "references", "data"]

WORDS: Mapping[str, Word] = MappingProxyType({
    "dato": "figure", "figure": "figure",
    "tabla": "table", "cuadro": "table", "table": "table",
    "gráfica": "chart", "gráfico": "chart", "chart": "chart",
    "mapa": "map", "map": "map",
    "resultados": "results", "results": "results",
    "artículo": "article", "article": "article",
    "fuente": "source", "source": "source",
    "número": "number", "number": "number",
    "bibliografía": "references", "bibliography": "references",
    "datos usados": "data", "data used": "data",
})  # fmt: skip

# option → (Spanish, English) and the directives that know it
OPTIONS: Mapping[str, tuple[str, str, frozenset[Word]]] = MappingProxyType({
    "source": ("fuente", "source", frozenset({"figure", "table", "chart", "map", "results"})),
    "title": ("título", "title", frozenset({"table", "chart", "map", "results"})),
    "decimals": ("decimales", "decimals", frozenset({"figure", "table", "results"})),
    "note": ("nota", "note", frozenset({"figure"})),
    "chamber": ("cámara", "chamber", frozenset({"figure", "table", "chart", "map", "results"})),
    "computed": ("cálculo", "computed", frozenset({"figure", "table", "chart", "map"})),
    "kind": ("tipo", "kind", frozenset({"chart"})),
    "home": ("referencia", "home", frozenset({"table", "chart", "map"})),
    "columns": ("columnas", "columns", frozenset({"table"})),
    "most": ("máximo", "most", frozenset({"results"})),
    "paragraphs": ("párrafos", "paragraphs", frozenset({"article"})),
    "place": ("lugar", "place", frozenset({"source"})),
    "description": ("descripción", "description", frozenset({"chart", "map"})),
})  # fmt: skip

_WORD = rf"\b(?i:{'|'.join(sorted({*WORDS, *map(folded, WORDS)}))})[ \t]*:"
# a directive that lacks a bracket at its beginning, or one at each end
_UNOPENED = rf"(?<!\[)(?:\[?{_WORD}[^\[\]\n]*\]\]|\[{_WORD}[^\[\]\n]*\|[^\[\]\n]*\](?![\](]))"
_OPEN_OR_CODE = re.compile(
    r"^(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^(?P=fence)[^\n]*$|\Z)|(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`)"
    rf"|<!--.*?-->|(?P<unopened>{_UNOPENED})|\[\[(?P<inside>(?:(?!\[\[|\]\]).)*)(?P<close>\]\])?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Directive:
    """A directive where it stands: characters [start, end) of the text, its line, and what it says."""

    word: Word
    arguments: tuple[str, ...]
    options: Mapping[str, str] = field(hash=False)
    line: int
    start: int
    end: int
    written: str


@dataclass(frozen=True)
class Found:
    """The directives of a text in their order, and what is wrong with the others."""

    directives: tuple[Directive, ...]
    faults: tuple[Fault, ...]


def find_directives(text: str, first_line: int = 1) -> Found:
    """Every directive of a text whose first line has that number in its file."""
    directives: list[Directive] = []
    faults: list[Fault] = []
    for match in _OPEN_OR_CODE.finditer(text):
        line = first_line + text.count("\n", 0, match.start())
        if (bare := match["unopened"]) is not None:
            start = bare[:40]
            faults.append(
                Fault(
                    line,
                    f"«{start}» no se abre o no se cierra bien; va entre «[[» y «]]»",
                    f"'{start}' is not opened or closed well; it goes between '[[' and ']]'",
                )
            )
            continue
        inside = match["inside"]
        if inside is None:
            continue
        if match["close"] is None:
            start = inside.split("\n", 1)[0].strip()[:40]
            faults.append(
                Fault(line, f"«[[{start}» no se cierra; falta «]]»", f"'[[{start}' is not closed; ']]' is missing")
            )
            continue
        try:
            directives.append(_directive(inside, line, match.start(), match.end(), match[0]))
        except _Wrong as wrong:
            faults.append(Fault(line, wrong.es, wrong.en))
    return Found(tuple(directives), tuple(faults))


class _Wrong(Exception):
    def __init__(self, es: str, en: str) -> None:
        super().__init__(es, en)
        self.es, self.en = es, en


_WORDS_FOLDED = {folded(word): meaning for word, meaning in WORDS.items()}


def _directive(inside: str, line: int, start: int, end: int, written: str) -> Directive:
    called, colon, rest = inside.partition(":")
    word = _WORDS_FOLDED.get(folded(called))
    if word is None:
        es, en = or_rather(nearest(called, WORDS), WORDS)
        raise _Wrong(f"no hay directiva «{called.strip()}»{es}", f"there is no directive '{called.strip()}'{en}")
    arguments: list[str] = []
    options: dict[str, str] = {}
    for part in (" ".join(p.split()) for p in rest.split("|")) if colon else ():
        key = _option(part, word)
        if key is None:
            if part:
                arguments.append(part)
        elif key in options:
            name = OPTIONS[key][0]
            raise _Wrong(f"la opción «{name}» está dos veces", f"the option '{OPTIONS[key][1]}' is there twice")
        else:
            options[key] = part.partition(":")[2].strip()
    return Directive(word, tuple(arguments), MappingProxyType(options), line, start, end, " ".join(written.split()))


def _option(part: str, word: Word) -> str | None:
    """The option that a part names; None where it is an argument. Raises _Wrong for one that this directive lacks."""
    before, colon, _ = part.partition(":")
    called = folded(before)
    if not colon or len(called) > 20:
        return None
    known = {folded(name): key for key, (es, en, words) in OPTIONS.items() if word in words for name in (es, en)}
    if called in known:
        return known[called]
    if word == "number":  # a reason may say anything
        return None
    near = nearest(before, known)
    written = [es for es, _, words in OPTIONS.values() if word in words]
    own = OPTIONS[known[near]][0] if near else None
    es, en = or_rather(own, written)
    raise _Wrong(f"esta directiva no tiene la opción «{before}»{es}", f"this directive has no option '{before}'{en}")
