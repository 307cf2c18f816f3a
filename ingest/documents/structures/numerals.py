"""Numbers as legal texts write them: Roman numerals and Spanish ordinals in words."""

from __future__ import annotations

import re
import unicodedata

_ROMAN = re.compile(r"^(?=[IVXLCDM])M*(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_UNITS = {
    "primer": 1, "segund": 2, "tercer": 3, "cuart": 4, "quint": 5, "sext": 6, "septim": 7, "setim": 7, "octav": 8,
    "noven": 9, "nono": 9,
}  # fmt: skip
_TEENS = {"undecim": 11, "duodecim": 12}
_TENS = {
    "decim": 10, "vigesim": 20, "trigesim": 30, "cuadragesim": 40, "quincuagesim": 50, "sexagesim": 60,
    "septuagesim": 70, "octogesim": 80, "nonagesim": 90, "centesim": 100,
}  # fmt: skip
ORDINAL_WORD = (
    r"(?:prim[eé]r[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[eé]p?tim[oa]|octav[oa]|noven[oa]|"
    r"(?:und[eé]|duod[eé]|d[eé])cim[oa]?(?:prim[eé]r[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|"
    r"s[eé]p?tim[oa]|octav[oa]|noven[oa])?|"
    r"(?:vig|trig|cuadrag|quincuag|sexag|septuag|octog|nonag|cent)[eé]sim[oa]?(?:prim[eé]r[oa]?|segund[oa]|tercer[oa]?|"
    r"cuart[oa]|quint[oa]|sext[oa]|s[eé]p?tim[oa]|octav[oa]|noven[oa])?|[uú]nic[oa])"
)


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals; None when it is none.

    >>> roman("XIV"), roman("IIX")
    (14, None)
    """
    if not _ROMAN.match(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-v if v < max(values[i + 1 :], default=0) else v for i, v in enumerate(values))


def ordinal(text: str) -> int | None:
    """The value of a Spanish ordinal in words, of either gender; None when it is none. «Único» is 1.

    >>> ordinal("Décimo Primero"), ordinal("decimoctavo"), ordinal("vigésimasegunda"), ordinal("ÚNICO"), ordinal("anterior")
    (11, 18, 22, 1, None)
    """
    letters = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if c.isalpha())
    if letters in ("unico", "unica"):
        return 1
    total = 0
    for stems in (_TENS, _TEENS, _UNITS):
        stem = next((s for s in stems if letters.startswith(s)), None)
        if stem is not None:
            total += stems[stem]
            letters = letters[len(stem) :]
            if letters[:1] in ("o", "a") and not any(letters.startswith(s) for s in _UNITS):
                letters = letters[1:]
    return total if total and letters in ("", "o", "a") else None


def number_of(text: str) -> int | None:
    """The value of a number in figures, in Roman numerals or in words."""
    text = text.strip()
    if figures := re.match(r"^(\d+)\s*(?:[oaº°ª]\.?)?$", text):
        return int(figures[1])
    return roman(text.upper()) or ordinal(text)
