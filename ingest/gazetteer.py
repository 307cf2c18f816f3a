"""Who is meant: (scheme, code, date) → jurisdiction, from the facts that sources give of names and codes.

A name is matched exactly after folding (no accents, no case, no punctuation). What nobody knows is
never guessed: the nearest names are offered to the person who reads the problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

LANGUAGES = ("es", "en", "fr", "pt")
FOREVER = ("", "")


@dataclass(frozen=True)
class Found:
    """A jurisdiction, or none with the nearest candidates (names with their ids)."""

    jurisdiction_id: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Entry:
    jurisdiction_id: str
    valid_from: str
    valid_to: str

    def covers(self, day: str | None) -> bool:
        if day is None:
            return not self.valid_to
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)

    @property
    def dated(self) -> bool:
        return bool(self.valid_from or self.valid_to)


@dataclass
class Gazetteer:
    """Names and codes of jurisdictions, each for its dates."""

    _entries: dict[str, dict[str, list[_Entry]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add_jurisdictions(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Rows of `jurisdictions`: their ids become scheme `id`, their names the name schemes."""
        for row in rows:
            key = row["jurisdiction_id"]
            self._add("id", key, key, *FOREVER)
            for language in LANGUAGES:
                if name := row.get(f"name_{language}"):
                    self._add_name(language, name, key)

    def add_names(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Rows of `jurisdiction_names`."""
        for row in rows:
            self._add_name(row["language"], row["name"], row["jurisdiction_id"])

    def add_codes(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Rows of `jurisdiction_codes`."""
        for row in rows:
            self._add(row["scheme"], row["code"], row["jurisdiction_id"], row["valid_from"], row["valid_to"])

    def find(self, scheme: str, code: str, day: str | None) -> Found:
        """The jurisdiction that `code` meant on that ISO day (None: today).

        `a+b` tries scheme a, then b. Within a scheme, entries whose dates cover the day go before
        those without dates; two different answers are no answer.
        """
        for one in scheme.split("+"):
            entries = self._entries.get(one, {}).get(_folded(one, code), [])
            covering = [e for e in entries if e.dated and e.covers(day)] or [e for e in entries if not e.dated]
            ids = {e.jurisdiction_id for e in covering}
            if len(ids) == 1:
                return Found(ids.pop())
            if ids:
                return Found(None, tuple(sorted(ids)))
        return Found(None, self._nearest(scheme, code))

    def _nearest(self, scheme: str, code: str) -> tuple[str, ...]:
        known = self._entries.get(scheme.split("+")[-1], {})
        scored = process.extract(_folded(scheme.split("+")[-1], code), list(known), scorer=fuzz.WRatio, limit=3)
        return tuple(f"{name} ({known[name][0].jurisdiction_id})" for name, _, _ in scored)

    def _add_name(self, language: str, name: str, jurisdiction_id: str) -> None:
        self._add("name", name, jurisdiction_id, *FOREVER)
        self._add(f"name_{language}", name, jurisdiction_id, *FOREVER)

    def _add(self, scheme: str, code: str, jurisdiction_id: str, valid_from: str, valid_to: str) -> None:
        if folded := _folded(scheme, code):  # names in other scripts fold to nothing
            self._entries[scheme][folded].append(_Entry(jurisdiction_id, valid_from, valid_to))


_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold(name: str) -> str:
    """A name without accents, case and punctuation.

    >>> fold("Côte d'Ivoire")
    'cote d ivoire'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


def _folded(scheme: str, code: str) -> str:
    if scheme in ("m49", "cow", "gw"):
        return code.lstrip("0") or "0"
    return fold(code)
