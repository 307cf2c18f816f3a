"""One state's evidence put into words: a document with the sections that every country fact sheet has.

Each line states what rows say, with its period and its source; a section without data says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from research.fact_sheets.evidence import Contestant, Evidence, Finding, LastElection
from research.fact_sheets.words import CHAMBERS, MISSING, SCHEMES, SECTIONS, SheetSection
from research.units import Language, measured, number

MOST_CONTESTANTS = 12


@dataclass(frozen=True)
class SheetText:
    """A section of a sheet: its place in the document and its text, a statement a line."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """A fact sheet in one language, with the topics that it has findings on and the sources that it rests on."""

    title: str
    description: str
    sections: tuple[SheetText, ...]
    topic_ids: tuple[str, ...]
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class SourceNote:
    """How a source is named in a sheet."""

    title_es: str
    title_en: str
    citation: str
    licence: str
    retrieved_date: str


def make_sheet(state: Evidence, sources: Mapping[str, SourceNote], language: Language) -> Sheet:
    """The fact sheet of a state in Spanish or English."""
    return _Writer(state, sources, language).sheet()


class _Writer:
    def __init__(self, state: Evidence, sources: Mapping[str, SourceNote], language: Language) -> None:
        self._state = state
        self._sources = sources
        self._language = language
        self._used: set[str] = set()

    def sheet(self) -> Sheet:
        name = self._either(self._state.name_es, self._state.name_en)
        sections = tuple(SheetText(s.key, self._either(s.es, s.en), "\n".join(self._lines(s))) for s in SECTIONS)
        description = self._either(
            f"Lo que esta base sabe de {name}: cada dato lleva su año y su fuente, y lo que falta se dice.",
            f"What this knowledge base holds on {name}: each figure has its year and source, and what is missing is said.",
        )
        title = self._either(f"Ficha país: {name}", f"Country fact sheet: {name}")
        topics = tuple(dict.fromkeys(f.topic_id for f in self._state.findings))
        return Sheet(title, description, sections, topics, tuple(sorted(self._used)))

    def _either(self, es: str, en: str) -> str:
        return es if self._language == "es" else en

    def _lines(self, section: SheetSection) -> list[str]:
        if section.key == "fuentes":
            return list(self._source_lines())
        written: list[str] = []
        if section.key == "datos-basicos":
            written += self._identity_lines()
        if section.key == "partidos" and self._state.parties_count:
            count = number(self._state.parties_count)
            written.append(self._either(
                f"Partidos y alianzas de los que hay registro en esta base, de cualquier época: {count}.",
                f"Parties and alliances on record in this knowledge base, of any time: {count}.",
            ))  # fmt: skip
        if section.key == "ultima-eleccion":
            written += self._election_lines()
        written += self._finding_lines([f for f in self._state.findings if f.topic_id in section.topics])
        return written or [
            self._either(
                "Las fuentes abiertas que esta base reúne no dicen nada de este tema para este país.",
                "The open sources gathered in this knowledge base say nothing on this topic for this country.",
            )
        ]

    def _identity_lines(self) -> Iterator[str]:
        s = self._state
        official = self._either(s.official_es or "", s.official_en or "")
        if official and official != self._either(s.name_es, s.name_en):
            yield self._either(f"Nombre oficial: {official}.", f"Official name: {official}.")
        others = [("español", "Spanish", s.name_es), ("inglés", "English", s.name_en), ("francés", "French", s.name_fr),
                  ("portugués", "Portuguese", s.name_pt)]  # fmt: skip
        told = [f"{self._either(es, en)} {name}" for es, en, name in others if name]
        yield self._either("Nombres: ", "Names: ") + "; ".join(told) + "."
        codes = [f"{name} {', '.join(s.codes[scheme])}" for scheme, name in SCHEMES.items() if scheme in s.codes]
        if codes:
            yield self._either("Claves: ", "Codes: ") + "; ".join(codes) + "."
        for kinds, es, en in (
            (("region",), "Región", "Region"),
            (("organisation", "classification"), "Pertenece a", "Belongs to"),
        ):
            names = [self._either(g_es, g_en) for kind, g_es, g_en in s.groups if kind in kinds]
            if names:
                yield f"{self._either(es, en)}: {', '.join(names)}."
        for kind, es, en, date in s.relations:
            since = f" ({date})" if date else ""
            if kind == "successor_of":
                yield self._either(f"Sucede a {es}{since}.", f"Successor of {en}{since}.")
            elif kind == "part_of":
                yield self._either(f"Forma parte de {es}{since}.", f"Part of {en}{since}.")
        if s.elections_count:
            yield self._either(
                f"Elecciones nacionales en esta base: {number(s.elections_count)}, la primera de {s.first_election_year}.",
                f"National elections in this knowledge base: {number(s.elections_count)}, the first of {s.first_election_year}.",
            )

    def _finding_lines(self, findings: list[Finding]) -> Iterator[str]:
        """One line a source and period, so that each figure stands beside both."""
        told: dict[tuple[str, str], list[str]] = {}
        for f in findings:
            stated = f"{self._either(f.name_es, f.name_en)}: {self._answer(f)}"
            told.setdefault((f.source_id, f.period), []).append(stated)
        for (source_id, period), statements in told.items():
            when = period or self._either("sin fecha", "undated")
            yield f"{self._source(source_id)}, {when}. {'; '.join(statements)}."

    def _answer(self, finding: Finding) -> str:
        option = self._either(finding.option_es or "", finding.option_en or "")
        if option:
            return option
        if finding.number is not None:
            return measured(finding.number, finding.unit, self._language)
        if finding.text:
            return finding.text
        es, en = MISSING.get(finding.missing or "no_information", MISSING["no_information"])
        return self._either(es, en)

    def _election_lines(self) -> Iterator[str]:
        for election in self._state.last_elections:
            es, en = CHAMBERS[election.chamber]
            source = self._source(election.source_id)
            yield self._either(
                f"Última elección de la {es} en esta base: {election.date} ({source}).",
                f"Latest election of the {en} in this knowledge base: {election.date} ({source}).",
            )
            yield from self._electorate_lines(election)
            yield from (self._contestant_line(c) for c in election.contestants[:MOST_CONTESTANTS])
            if (more := len(election.contestants) - MOST_CONTESTANTS) > 0:
                yield self._either(f"Y {more} contendientes más.", f"And {more} more contestants.")
            yield from self._coverage_lines(election)

    def _electorate_lines(self, election: LastElection) -> Iterator[str]:
        if election.seats_count:
            yield self._either(f"Escaños: {number(election.seats_count)}.", f"Seats: {number(election.seats_count)}.")
        if election.registered_count:
            count = number(election.registered_count)
            yield self._either(f"Lista nominal: {count} personas.", f"Registered electorate: {count} people.")
        if election.votes_cast_count:
            count = number(election.votes_cast_count)
            yield self._either(f"Votos emitidos: {count}.", f"Votes cast: {count}.")
        if election.turnout_pct is not None:
            share = number(election.turnout_pct, 2)
            yield self._either(
                f"Participación según la fuente: {share} %.", f"Turnout according to the source: {share} %."
            )

    def _contestant_line(self, c: Contestant) -> str:
        name = c.name if self._language == "es" or not c.name_en or c.name_en == c.name else f"{c.name} ({c.name_en})"
        if c.short_name and c.short_name != c.name:
            name = f"{name}, {c.short_name}"
        parts = []
        if c.vote_share_pct is not None:
            share = number(c.vote_share_pct, 2)
            parts.append(self._either(f"{share} % de los votos", f"{share} % of the votes"))
        if c.votes_count is not None:
            parts.append(self._either(f"{number(c.votes_count)} votos", f"{number(c.votes_count)} votes"))
        if c.seats_count is not None:
            one = c.seats_count == 1
            es, en = ("escaño", "seat") if one else ("escaños", "seats")
            parts.append(f"{number(c.seats_count)} {self._either(es, en)}")
        return f"{name}: {', '.join(parts)}."

    def _coverage_lines(self, election: LastElection) -> Iterator[str]:
        told = [
            self._either(f"{number(pct, 1)} % de los {es}", f"{number(pct, 1)} % of the {en}")
            for pct, es, en in ((election.votes_coverage_pct, "votos", "votes"), (election.seats_coverage_pct, "escaños", "seats"))
            if pct is not None and pct < 99.5
        ]  # fmt: skip
        if told:
            joined = self._either(" y ", " and ").join(told)
            yield self._either(
                f"Los contendientes que la fuente da reúnen {joined}; el resto no está en ella.",
                f"The contestants that the source gives bring together {joined}; the rest is not in it.",
            )

    def _source(self, source_id: str) -> str:
        self._used.add(source_id)
        note = self._sources[source_id]
        return self._either(note.title_es, note.title_en)

    def _source_lines(self) -> Iterator[str]:
        for source_id in sorted(self._used):
            note = self._sources[source_id]
            yield f"{note.citation.rstrip('.')}. {self._either('Licencia', 'Licence')}: {note.licence}."
        if self._used:
            latest = max(self._sources[s].retrieved_date for s in self._used)
            yield self._either(f"Datos obtenidos hasta el {latest}.", f"Data obtained up to {latest}.")
