"""Which norm a text means by a name: a law's full name, its abbreviation, a term of the document's own glossary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

SELF_KINDS = (
    r"(?:Ley|C[oó]digo|Constituci[oó]n|Reglamento|Estatuto|Ordenamiento|ordenamiento|cuerpo normativo|Decreto|decreto|ley|c[oó]digo|"
    r"LEY|C[OÓ]DIGO|CONSTITUCI[OÓ]N|Acuerdo|acuerdo|Lineamientos)"
)
_SELF = re.compile(
    rf"(?:la\s+propia|el\s+propio|propi[oa]|est[aeo]s?|(?:(?:la|el|los)\s+)?presentes?)\s+(?:mism[ao]\s+)?({SELF_KINDS})\b(?!\s+(?:General|Federal|Local|Pol[ií]tica|de\s+[A-ZÁÉÍÓÚ]))"
)
_SAME = re.compile(
    rf"(?:l[ao]s?\s+|el\s+)?(?:mism[ao]s?|dich[ao]s?|citad[ao]s?|referid[ao]s?|mencionad[ao]s?|invocad[ao]s?|aludid[ao]s?)\s+{SELF_KINDS}\b(?!\s+(?:General|Federal|de\s+[A-ZÁÉÍÓÚ]))"
)
_SAME_NAME = re.compile(r"(?:mism|dich|citad|referid|mencionad|propi)[ao]s?\s+")
_NOUN = (
    r"(?:Ley|C[oó]digo|Constituci[oó]n|Reglamento|Estatuto|Decreto|Convenci[oó]n|Convenio|Pacto|Declaraci[oó]n|Lineamientos|Tratado|Carta|Protocolo|"
    r"LEY|C[OÓ]DIGO|Constitution|Code|Law|Act|Covenant|Convention|Declaration|Charter|Loi|Pacte|D[eé]claration)"
)
_CAPITAL = r"(?:[A-ZÁÉÍÓÚÑ][\wáéíóúñü’']*)"
_PARTICLE = r"(?:de|del|la|las|los|el|lo|en|y|e|para|por|sobre|a|al|contra|con|una|of|the|on|and|for|des|du|d[’']|l[’']|et|relatif|relative|aux)"
_GENERIC = re.compile(
    rf"({_NOUN}(?:\s+(?:{_PARTICLE}\s+){{0,4}}{_CAPITAL}|\s+(?:electoral|local|particular|estatal|penal|civil)\b)*)"
)
_ENGLISH = re.compile(
    rf"((?:[A-Z]\w+\s+){{1,5}}(?:Code|Law|Act|Constitution|Covenant|Convention|Declaration)(?:\s+(?:of|on|for)\s+(?:the\s+)?{_CAPITAL}(?:\s+(?:and\s+)?{_CAPITAL})*)?)"
)
_DEFINITION = re.compile(
    r"^(?:[IVXLC]+\.[-–]?|[a-zñ]{1,2}\)|\d+\.)?\s*([A-ZÁÉÍÓÚÑ][^:.;\n]{1,60}?)\s*[:|]\s*(?:(?:[Aa]\s+)?(?:[Ll]as?|[Ee]l|[Ll]os|[Aa]l)\s+)?"
    rf"({_NOUN}\s+[^\n;]{{3,250}}?)[;.]?(?:,? y)?$",
    re.MULTILINE,
)
_GLOSSARY_NOUN = re.compile(
    rf"^(?:(?:La|El|Los|Las)\s+)?(?:{_NOUN}|Modelo|Manual|Criterios|Plan|Programa|Bases|Pol[ií]ticas)\b"
)


@dataclass(frozen=True)
class Named:
    """A norm as a text names it: the name under which it is stored, where the name ends, whether it is the text's own."""

    norm: str
    start: int
    end: int
    is_self: bool = False
    is_same: bool = False


@dataclass(frozen=True)
class Names:
    """Every name by which a text can mean a norm. `own` is the norm that the text stands in, if it is one."""

    own: str | None
    full: Mapping[str, str]
    abbreviations: Mapping[str, str]
    terms: Mapping[str, str] = field(default_factory=dict)
    constitution: str | None = None

    def with_terms(self, terms: Mapping[str, str], own: str | None, constitution: str | None) -> Names:
        """The same names with a document's own terms, its norm, and the constitution that it means by that word."""
        return Names(own, self.full, self.abbreviations, terms, constitution)

    def at(self, text: str, position: int) -> Named | None:
        """The norm named exactly at a position of the text."""
        if match := _SELF.match(text, position):
            own = match[1].capitalize() if match[1].casefold() in ("decreto", "acuerdo") else self.own or match[1]
            return Named(own, match.start(), match.end(), is_self=True)
        if (match := _SAME_NAME.match(text, position)) and (known := self._known.match(text, match.end())):
            return Named(self.meaning(known[0]), match.start(), known.end())
        if match := _SAME.match(text, position):
            return Named("", match.start(), match.end(), is_same=True)
        if match := self._known.match(text, position):
            longer = _GENERIC.match(text, position)  # «Constitución Local» is not the term «Constitución»
            if longer is not None and longer.end() > match.end() and " " not in match[0]:
                return self._generic(longer)
            return Named(self.meaning(match[0]), match.start(), match.end())
        for pattern in (_ENGLISH, _GENERIC):
            if match := pattern.match(text, position):
                return self._generic(match)
        return None

    def _generic(self, match: re.Match[str]) -> Named:
        name = " ".join(match[1].split())
        if name.startswith("Decreto"):
            return Named("Decreto", match.start(), match.start() + len("Decreto"))
        if name in ("Constitución", "Constitution"):
            return Named(self.constitution or name, match.start(), match.end())
        if name in ("Ley", "Código", "Reglamento", "Estatuto", "LEY", "CÓDIGO"):
            return Named(self.own or name, match.start(), match.end(), is_self=self.own is not None)
        return Named(name, match.start(), match.end())

    def meaning(self, name: str) -> str:
        """The norm that one of the known names stands for."""
        words = " ".join(name.split())
        return self.terms.get(words) or self.abbreviations.get(words) or self.full.get(plain(words)) or words

    def all_in(self, text: str) -> list[Named]:
        """Known norms named anywhere in the text, in order; a longer name is taken before a shorter one in it."""
        return [Named(self.meaning(m[0]), m.start(), m.end()) for m in self._known.finditer(text)]

    @cached_property
    def _known(self) -> re.Pattern[str]:
        spelt = [(_loose(name), True) for name in self.full] + [(re.escape(n), False) for n in self.abbreviations]
        spelt += [(r"\s+".join(map(re.escape, n.split())), False) for n in self.terms]
        spelt.sort(key=lambda s: -len(s[0]))
        options = "|".join(f"(?i:{pattern})" if loose else pattern for pattern, loose in spelt)
        return re.compile(rf"(?<![\w/])(?=[A-ZÁÉÍÓÚ])(?:{options})(?![\w/])")

    def __hash__(self) -> int:
        return id(self)


def plain(text: str) -> str:
    """The text without accents, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def _loose(plain: str) -> str:
    """A pattern for a name without accents, that also matches it with them and across line breaks."""
    vowels = {"a": "[aá]", "e": "[eéè]", "i": "[ií]", "o": "[oó]", "u": "[uúü]", "n": "[nñ]"}
    return r"\s+".join("".join(vowels.get(c, re.escape(c)) for c in word) for word in plain.split())


@lru_cache
def known_names() -> Names:
    """The norms of norms.yml."""
    listed = yaml.load((Path(__file__).parent / "norms.yml").read_text("utf-8"), yaml.CSafeLoader)
    full = {plain(name): entry["norm"] for entry in listed for name in entry["names"]}
    abbreviations = {short: entry["norm"] for entry in listed for short in entry["abbreviations"]}
    return Names(None, full, abbreviations)


def defined_terms(names: Names, texts: Iterable[str], glossary: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The terms by which a document calls norms: from its glossary, and from articles such as «f) Constitución: La …».

    Term → the norm's stored name: its abbreviation where we know it, else the term itself when it is an
    entry of a glossary, else the full name.
    """
    terms: dict[str, str] = {}
    for term, definition in glossary:
        if _GLOSSARY_NOUN.match(definition):
            known = names.full.get(plain(" ".join(definition.split()).rstrip(".")))
            for part in term.split("/"):
                terms[part.strip()] = known or part.strip()
    for text in texts:
        for match in _DEFINITION.finditer(text):
            definition = " ".join(match[2].split()).rstrip(".;, ")
            if len(match[1].split()) <= 6:
                found = names.at(definition, 0)
                terms.setdefault(" ".join(match[1].split()), found.norm if found is not None else definition)
    return terms
