"""Places inside an article: «párrafo tercero, Base V, Apartado A», «fracciones I a IV», «primer párrafo»."""

from __future__ import annotations

import re

from ingest.documents.structures.numerals import ORDINAL_WORD, ordinal, roman

AND = r"(?:\s*[,;]\s*(?:y|e|o|u)\s+|\s*[,;]\s*|\s+(?:y|e|o|u|and|et),?\s+)"
TO = r"(?:\s+(?:a|al|à|to)\s+(?:la\s+)?)"
_KEY = r"(?i:p[aá]rrafos?|numerales|numeral|incisos?|fracci[oó]n(?:es)?|bases?|apartados?|subincisos?|puntos?|paragraphs?|paragraphes?|alin[eé]as?|sections?)"
_VALUE = (
    rf"(?:\d+(?:\.\d+)*|[a-zñ]{{1,2}}(?:\s(?:bis|ter))?\)|[IVXLC]+\b|[A-ZÑ]\)?(?=[\s,.;)])|"
    rf"(?i:{ORDINAL_WORD}(?:\s{ORDINAL_WORD})?|[uú]ltimo|pen[uú]ltimo)\b(?!\s+{_KEY}))"
)
_VALUES = rf"{_VALUE}(?:(?:{AND}|{TO}){_VALUE})*"
_RANK = rf"(?i:primer|segundo|tercer|{ORDINAL_WORD}|[uú]ltimo|pen[uú]ltimo)"
_PLACE = re.compile(
    rf"(?:en\s+(?:su|sus|el|la|los|las)\s+|un\s+|(?:del|de\s+la|de\s+los|de\s+las)\s+(?:propi[oa]\s+)?)?"
    rf"(?:(?P<key>{_KEY})\s+(?:de\s+la\s+)?(?P<values>{_VALUES})"
    rf"|(?P<rank>{_RANK})(?:\s+(?:y|e)\s+(?P<rank2>{_RANK}))?\s+(?P<key2>{_KEY}))"
)
_ONE = rf"(?:{_KEY}\s+(?:de\s+la\s+)?{_VALUES}|{_RANK}(?:\s+(?:y|e)\s+{_RANK})?\s+{_KEY})"
_BEFORE = re.compile(
    rf"\b{_ONE}(?:(?:\s*,\s*|\s+)(?:(?:del?|al?)\s+(?:la\s+|los\s+|las\s+)?|y\s+)?{_ONE})*\s*,?\s+(?:del|de\s+los|de\s+dicho|de\s+el|al|a\s+los)\s+$"
)
# «un párrafo séptimo al artículo 84»: places that belong to the article that follows them
_OF_THE_NEXT = re.compile(
    rf"(?:\s*,?\s*(?:y\s+)?(?:(?:del?|al?)(?:\s+l[ao]s?)?\s+)?(?:un[oa]?\s+)?{_ONE})*\s*,?\s+(?:al|del|de\s+los|a\s+los)\s+(?:[Aa]rt[ií]culos?|[Dd]iversos?)\s+\d"
)
_LEAD = re.compile(r"\s*(?:,\s*|;\s*|\.\s*(?=numeral))?(?:(?:y|e|o)\s+)?")
_BEGINS = re.compile(rf"\b(?:{_KEY}|{_RANK})\b")
_NAMES = (  # how a key begins → what it is called in the table
    ("parr", "párrafo"), ("párr", "párrafo"), ("para", "párrafo"), ("ali", "párrafo"), ("num", "numeral"),
    ("inc", "inciso"), ("frac", "fracción"), ("bas", "base"), ("apa", "apartado"), ("sub", "subinciso"),
    ("pun", "punto"), ("sec", "sección"),
)  # fmt: skip
_FURTHEST = 160  # characters before an article in which its places may stand


def place_at(text: str, position: int) -> tuple[list[str], int] | None:
    """The places named at a position, after a comma, «y» or a space; and where they end."""
    lead = _LEAD.match(text, position)
    start = lead.end() if lead is not None else position
    if start == position or (match := _PLACE.match(text, start)) is None or _OF_THE_NEXT.match(text, match.end()):
        return None
    return _told(match), match.end()


def places_before(text: str, position: int, earliest: int) -> tuple[int, list[str]] | None:
    """«fracción XVIII del [artículo …]»: where it begins, and the places from large to small."""
    window = max(earliest, position - _FURTHEST)
    for match in _BEGINS.finditer(text, window, position):
        if _BEFORE.fullmatch(text, match.start(), position):
            found = [_told(m) for m in _PLACE.finditer(text, match.start(), position)]
            return match.start(), [place for group in reversed(found) for place in group]
    return None


def _told(match: re.Match[str]) -> list[str]:
    key = _called(match["key"] or match["key2"])
    if match["rank"]:
        return [f"{key} {_value(value)}" for value in (match["rank"], match["rank2"]) if value]
    parts = re.split(rf"({TO}|{AND})", match["values"])
    values = [_value(parts[0])]
    for joint, part in zip(parts[1::2], parts[2::2], strict=True):
        value = _value(part)
        values += _up_to(values[-1], value) if re.fullmatch(TO, joint) else [value]
    return [f"{key} {value}" for value in values]


def _up_to(first: str, last: str) -> list[str]:
    """The values after the first, up to the last: «I a IV», «1 a 4»; the last alone where the order is not known."""
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) < 50:
        return [str(n) for n in range(int(first) + 1, int(last) + 1)]
    low, high = roman(first), roman(last)
    if low and high and 0 < high - low < 50:
        return [_roman_text(n) for n in range(low + 1, high + 1)]
    return [last]


def _roman_text(number: int) -> str:
    text = ""
    for value, letters in ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text, number = text + letters, number - value
    return text


def _called(key: str) -> str:
    plain = key.casefold()
    return next((name for stem, name in _NAMES if plain.startswith(stem)), plain)


def _value(text: str) -> str:
    words = " ".join(text.split()).rstrip(")")
    number = ordinal(words) if len(words) > 3 else None
    return str(number) if number is not None else words.casefold() if words.casefold().endswith("ltimo") else words
