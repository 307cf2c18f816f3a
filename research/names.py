"""Countries, groups, variables, topics, sources and documents by any name or code that people use for them."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from research.faults import WrongName, or_rather

Language = Literal["es", "en"]

NEAR_ENOUGH = 60  # of 100; below it the nearest name is no help
PART_OF_A_NAME = 0.9  # what a likeness to a part of a longer name is worth


def folded(name: str) -> str:
    """A name without accents, capitals or repeated spaces: how two spellings of one name become equal."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("’", "'").split())


@dataclass(frozen=True)
class Labels:
    """How people call a thing, in Spanish and in English."""

    es: str
    en: str

    def in_(self, language: Language) -> str:
        """The label in that language."""
        return self.es if language == "es" else self.en


@dataclass(frozen=True)
class Variable:
    """A variable as a text needs it: labels, unit, kind and what time its answers speak of."""

    variable_id: str
    labels: Labels
    kind: str
    unit: str
    scale: str | None
    time_kind: str


class Register:
    """Things of one kind by every name they go by; an exact name wins, the nearest one is offered."""

    def __init__(self, es: str, en: str) -> None:
        self._what = (es, en)
        self._ids: dict[str, list[str]] = defaultdict(list)
        self._written: dict[str, str] = {}

    def add(self, key: str, names: Iterable[str | None]) -> None:
        """Let these names, and the id itself, stand for that thing. What is added first is preferred."""
        for name in (key, *names):
            if name and key not in self._ids[folded(name)]:
                self._ids[folded(name)].append(key)
                self._written.setdefault(folded(name), name)

    def __contains__(self, name: str) -> bool:
        return folded(name) in self._ids

    def find(self, name: str) -> str:
        """The id of what is called so. Raises WrongName for none, or for several."""
        wanted = folded(name)
        found = self._ids.get(wanted)
        if not found:
            near = nearest(wanted, self._written)
            es, en = or_rather(self._written[near] if near else None)
            raise WrongName(f"no se conoce {self._what[0]} «{name}»{es}", f"there is no {self._what[1]} '{name}'{en}")
        if len(found) > 1:
            listed = ", ".join(found)
            raise WrongName(
                f"«{name}» puede ser {listed}; escriba uno de ellos", f"'{name}' may be {listed}; write one of them"
            )
        return found[0]


class Names:
    """Every name of one knowledge base, read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.jurisdictions: dict[str, Labels] = {}
        self.groups: dict[str, Labels] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.variables: dict[str, Variable] = {}
        self.sources: dict[str, Labels] = {}
        self.documents: dict[str, str] = {}
        self._countries = Register("ningún país ni grupo", "country or group")
        self._variables = Register("la variable", "variable")
        self._topics = Register("el tema", "topic")
        self._sources = Register("la fuente", "source")
        self._documents = Register("el documento", "document")
        self._read_jurisdictions(connection)
        self._read_groups(connection)
        self._read_variables(connection)
        for key, es, en in connection.execute("SELECT topic_id, name_es, name_en FROM topics ORDER BY rowid"):
            self._topics.add(key, (es, en))
        for key, es, en in connection.execute("SELECT source_id, title_es, title_en FROM sources ORDER BY rank"):
            self.sources[key] = Labels(es, en)
            self._sources.add(key, (es, en))
        for key, short, title in connection.execute("SELECT document_id, short_name, title FROM documents"):
            self.documents[key] = short or title
            self._documents.add(key, (short, title))

    def _read_jurisdictions(self, connection: sqlite3.Connection) -> None:
        """Names of today's states first: a former state takes only the names that they leave free."""
        order = "CASE j.kind WHEN 'state' THEN 0 WHEN 'disputed' THEN 1 WHEN 'dependent_territory' THEN 2 ELSE 3 END"
        taken: dict[str, int] = {}
        rows = connection.execute(
            f"SELECT {order} AS standing, j.jurisdiction_id, j.name_es, j.name_en, n.name FROM jurisdictions j"
            " LEFT JOIN jurisdiction_names n USING (jurisdiction_id) ORDER BY standing, j.jurisdiction_id"
        )
        for standing, key, es, en, name in rows:
            self.jurisdictions[key] = Labels(es, en)
            for written in (es, en, name):
                if written and taken.setdefault(folded(written), standing) == standing:
                    self._countries.add(key, (written,))
        for key, code in connection.execute(
            "SELECT jurisdiction_id, code FROM jurisdiction_codes WHERE scheme IN ('iso2', 'iso3') AND valid_to IS NULL"
        ):
            if code not in self._countries:
                self._countries.add(key, (code,))

    def _read_groups(self, connection: sqlite3.Connection) -> None:
        for key, es, en in connection.execute('SELECT group_id, name_es, name_en FROM "groups" ORDER BY rowid'):
            self.groups[key] = Labels(es, en)
            self._countries.add(key, (es, en))
        members: dict[str, list[str]] = defaultdict(list)
        for group, key in connection.execute(
            "SELECT DISTINCT group_id, jurisdiction_id FROM group_members JOIN jurisdictions USING (jurisdiction_id)"
            " WHERE group_members.valid_to IS NULL AND jurisdictions.kind IN ('state', 'disputed') ORDER BY name_es"
        ):
            members[group].append(key)
        self.members = {group: tuple(keys) for group, keys in members.items()}

    def _read_variables(self, connection: sqlite3.Connection) -> None:
        for key, es, en, kind, unit, scale, time_kind in connection.execute(
            "SELECT variable_id, name_es, name_en, kind, unit, scale, time_kind FROM variables ORDER BY rowid"
        ):
            self.variables[key] = Variable(key, Labels(es, en), kind, unit, scale, time_kind)
            self._variables.add(key, (es, en))

    def place(self, name: str) -> str:
        """The jurisdiction or the group of that name or code. Raises WrongName."""
        return self._countries.find(name)

    def country(self, name: str) -> str:
        """The jurisdiction of that name or code. Raises WrongName; a group is not a country."""
        found = self.place(name)
        if found in self.groups:
            raise WrongName(
                f"«{name}» es un grupo de países; escriba un país", f"'{name}' is a group; write one country"
            )
        return found

    def countries(self, name: str) -> tuple[str, ...]:
        """The jurisdiction of that name or code, or the states that are now in the group of that name."""
        found = self.place(name)
        return self.members.get(found, ()) if found in self.groups else (found,)

    def variable(self, name: str) -> Variable:
        """The variable of that name or id. Raises WrongName."""
        return self.variables[self._variables.find(name)]

    def topic(self, name: str) -> str:
        """The topic of that name or id. Raises WrongName."""
        return self._topics.find(name)

    def source(self, name: str) -> str:
        """The source of that title or id. Raises WrongName."""
        return self._sources.find(name)

    def document(self, name: str) -> str:
        """The document of that abbreviation, title or id. Raises WrongName."""
        return self._documents.find(name)

    def is_document(self, name: str) -> bool:
        """Whether a document, and no source, goes by that name."""
        return name in self._documents and name not in self._sources

    def citable(self, name: str) -> str:
        """The source or document of that name, as the bibliography names it. Raises WrongName."""
        return self.document(name) if self.is_document(name) else self.source(name)


def nearest(word: str, known: Mapping[str, object] | Iterable[str]) -> str | None:
    """The known word that is most like this one, or has a part that is, or None where none is."""
    wanted, words = folded(word), {folded(k): k for k in known}
    likeness, near = max(((_likeness(wanted, k), k) for k in words), key=lambda pair: pair[0], default=(0.0, ""))
    return words[near] if likeness >= NEAR_ENOUGH else None


def _likeness(written: str, known: str) -> float:
    """How alike two names are, 0–100. A short code within a longer word is no likeness: «ar» is not what «narnia» meant."""
    whole = max(fuzz.ratio(written, known), fuzz.token_sort_ratio(written, known))
    part = fuzz.partial_ratio(written, known) * PART_OF_A_NAME if 4 <= len(written) < len(known) else 0.0
    return max(whole, part)
