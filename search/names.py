"""What things are called in Spanish and English: kinds, languages, types, and the names that the database holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from search.words import fold, words_of

FACETS = {
    "kind": ("Clase", "Kind"),
    "jurisdiction": ("País", "Country"),
    "region": ("Región", "Region"),
    "topic": ("Tema", "Topic"),
    "language": ("Idioma", "Language"),
    "year": ("Años", "Years"),
    "source": ("Fuente", "Source"),
    "type": ("Tipo", "Type"),
}
KINDS = {
    "section": ("Texto de documento", "Document text"),
    "answer": ("Dato por país", "Country data"),
    "variable": ("Variable", "Variable"),
    "election": ("Elección", "Election"),
    "party": ("Partido", "Party"),
    "source": ("Fuente", "Source"),
    "glossary_term": ("Término electoral", "Electoral term"),
    "jurisdiction": ("País o territorio", "Country or territory"),
    "dataset": ("Conjunto de datos", "Data set"),
    "practice": ("Buena práctica", "Good practice"),
    "document": ("Documento", "Document"),
}
LANGUAGES = {
    "es": ("español", "Spanish"),
    "en": ("inglés", "English"),
    "fr": ("francés", "French"),
    "pt": ("portugués", "Portuguese"),
    "de": ("alemán", "German"),
    "it": ("italiano", "Italian"),
}
TYPES = {
    "constitution": ("constitución", "constitution"),
    "law": ("ley", "law"),
    "agreement": ("acuerdo", "agreement"),
    "regulation": ("reglamento", "regulation"),
    "guide": ("guía", "guide"),
    "report": ("informe", "report"),
    "method_note": ("nota de método", "note on method"),
    "glossary": ("glosario", "glossary"),
    "fact_sheet": ("ficha informativa", "fact sheet"),
    "briefing_note": ("nota breve", "briefing note"),
    "other": ("otro", "other"),
    "number": ("número", "number"),
    "code": ("opción", "option"),
    "boolean": ("sí o no", "yes or no"),
    "text": ("texto", "text"),
    "date": ("fecha", "date"),
    "LC": ("cámara baja o única", "lower or only house"),
    "UC": ("cámara alta", "upper house"),
    "PR": ("presidencia", "presidency"),
    "EP": ("Parlamento Europeo", "European Parliament"),
    "CA": ("asamblea constituyente", "constituent assembly"),
    "state": ("estado", "state"),
    "historic_state": ("estado histórico", "historic state"),
    "dependent_territory": ("territorio dependiente", "dependent territory"),
    "disputed": ("territorio en disputa", "disputed territory"),
    "part": ("parte de un estado", "part of a state"),
    "supranational": ("entidad supranacional", "supranational body"),
}

Pair = tuple[str, str]


class Names:
    """Ids and what people call them, (Spanish, English); and from what people type back to ids."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        def named(sql: str) -> dict[str, Pair]:
            try:
                return {key: (es, en) for key, es, en in connection.execute(sql)}
            except sqlite3.OperationalError:  # a database without that table
                return {}

        self.of: dict[str, Mapping[str, Pair]] = {
            "kind": KINDS,
            "language": LANGUAGES,
            "type": TYPES,
            "jurisdiction": named("select jurisdiction_id, name_es, name_en from jurisdictions"),
            "topic": named("select topic_id, name_es, name_en from topics"),
            "source": named("select source_id, title_es, title_en from sources"),
            "region": named("select group_id, name_es, name_en from groups"),
        }
        self.regions = self._regions(connection)
        self.jurisdictions_named = self._jurisdictions(connection)
        self.longest_name = max(map(len, self.jurisdictions_named), default=0)

    def label(self, name: str, value: str, lang: str) -> str:
        """What to call a value of a facet."""
        pair = self.of.get(name, {}).get(value)
        if name == "year":
            return value.replace("..", "–")
        return pair[lang == "en"] if pair else value

    def ids(self, name: str, typed: str) -> list[str]:
        """The values of a filter that somebody means by what they typed: an id, a name, or the words of a name."""
        known = self.of.get(name, {})
        folded = " ".join(words_of(typed))
        exact = [value for value in known if fold(value) == fold(typed.strip())]
        if exact or not folded:
            return exact
        if name == "jurisdiction":
            found = self.jurisdictions_named.get(tuple(folded.split()))
            return [found] if found else []
        labels = {value: [" ".join(words_of(label)) for label in pair] for value, pair in known.items()}
        whole = [value for value, names in labels.items() if folded in names]
        return whole or [
            value for value, names in labels.items() if any(f" {folded}" in f" {label}" for label in names)
        ]

    @staticmethod
    def _regions(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
        members: dict[str, set[str]] = {}
        try:
            for group, jurisdiction in connection.execute("select group_id, jurisdiction_id from group_members"):
                members.setdefault(group, set()).add(jurisdiction)
        except sqlite3.OperationalError:
            return {}
        return {group: frozenset(found) for group, found in members.items()}

    @staticmethod
    def _jurisdictions(connection: sqlite3.Connection) -> dict[tuple[str, ...], str]:
        """Folded names in every language → jurisdiction; a living state before a former one of the same name."""
        found: dict[tuple[str, ...], str] = {}
        try:
            rows = connection.execute(
                "select n.name, n.jurisdiction_id from jurisdiction_names n "
                "join jurisdictions j on j.jurisdiction_id = n.jurisdiction_id "
                "order by case j.kind when 'state' then 0 when 'disputed' then 1 when 'dependent_territory' then 2 "
                "when 'part' then 4 else 3 end, "
                "case n.kind when 'short' then 0 when 'official' then 1 else 2 end, n.jurisdiction_name_id"
            ).fetchall()
        except sqlite3.OperationalError:
            return {}
        for name, jurisdiction in rows:
            words = tuple(words_of(name))
            if words and not (len(words) == 1 and len(words[0]) < 3):
                found.setdefault(words, jurisdiction)
        return found
