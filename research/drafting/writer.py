"""The writing of a draft: directives tried before they are written, and what could not be said kept in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from research.comparison import Column, ComparisonTable
from research.comparison.words import heading
from research.directives.asking import CHAMBER_WORDS, Asking
from research.directives.elections import Election
from research.directives.resolve import resolve
from research.directives.syntax import find_directives
from research.drafting.passages import Library, Passage
from research.publishing.loose_numbers import numbers_in
from research.publishing.markdown import escaped

MOST_NUMBERS = 3  # of a passage: those with more are worked examples and lists of amounts
_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:[.,]\d+)*(?:\s*%)?")


class Writer:
    """One draft on its way: what it asks from, the table and the election it speaks of, its text so far, what is missing."""

    def __init__(
        self, asking: Asking, table: ComparisonTable, library: Library, election: Election | None = None
    ) -> None:
        self.asking = asking
        self._election = election
        self.table = table
        self.library = library
        self.missing: dict[str, None] = {}
        self._blocks: list[str] = []
        self._quoted: set[str] = set()
        self._countries = {row.jurisdiction_id for row in table.rows}

    @property
    def text(self) -> str:
        """All that was written, a block a paragraph."""
        return "\n\n".join(self._blocks) + "\n"

    def say(self, es: str, en: str) -> str:
        """The one of the two that is in the draft's language."""
        return self.asking.say(es, en)

    def lacks(self, es: str, en: str) -> None:
        """Put something on the list of what is missing."""
        self.missing[self.say(es, en)] = None

    def head(self, es: str, en: str, level: int = 1) -> None:
        """A heading."""
        self._blocks.append(f"{'#' * level} {self.say(es, en)}")

    def block(self, text: str) -> None:
        """A paragraph, a list or a directive of its own."""
        self._blocks.append(text)

    def items(self, lines: Iterable[str]) -> bool:
        """A list; False, and nothing written, where it would be empty."""
        written = [f"- {line}" for line in lines]
        if written:
            self._blocks.append("\n".join(written))
        return bool(written)

    def to_write(self, es: str, en: str) -> None:
        """A place that only a person can fill."""
        self._blocks.append(f"*{self.say('Por escribir', 'To be written')}: {self.say(es, en)}*")
        self.lacks(f"Por escribir: {es}", f"To be written: {en}")

    def tried(self, written: str) -> str | None:
        """The directive, if it holds; else None, and what is wrong with it goes on the list."""
        _, faults = resolve(self.asking, find_directives(written))
        for fault in faults:
            self.lacks(f"{fault.es} · {written}", f"{fault.en} · {written}")
        return None if faults else written

    def on_its_own(self, written: str) -> bool:
        """A directive in a place of its own, if it holds."""
        holds = self.tried(written)
        if holds:
            self._blocks.append(holds)
        return holds is not None

    def own_number(self, number: object, es: str, en: str) -> str:
        """A number of the draft's own, with its reason."""
        return f"[[{self.say('número', 'number')}: {number} | {self.say(es, en)}]]"

    def answering_for_numbers(self, text: str, es: str, en: str) -> str:
        """The text with each number that no directive would give, dates and articles left alone, as one of the draft's own."""
        loose = {found.number for found in numbers_in(text)}
        return _NUMBER.sub(lambda m: self.own_number(m[0], es, en) if m[0] in loose else m[0], text)

    def figure(self, country: str, column: Column) -> str | None:
        """A figure of the table as a directive; None where there is no answer or none that may be cited."""
        cell = self.table.cells[country, self.table.days[0], column.variable.variable_id, column.tier]
        evidence = cell.evidence
        if evidence is None:
            return None
        if evidence.text is not None:
            return escaped(evidence.text)
        of_the_election = self._election is not None and evidence.election_id == self._election.election_id
        parts = [str(evidence.election_id) if of_the_election else country, column.variable.variable_id]
        if column.tier in CHAMBER_WORDS and not of_the_election:
            body = CHAMBER_WORDS[column.tier].in_(self.asking.language)
            parts.append(f"{self.say('cámara', 'chamber')}: {body}")
        if cell.others:
            parts.append(f"{self.say('fuente', 'source')}: {evidence.source_id}")
        return self.tried(f"[[{self.say('dato', 'figure')}: {' | '.join(parts)}]]")

    def column_name(self, column: Column) -> str:
        """The variable, and the body it is about, as text."""
        return escaped(heading(column, self.asking.language))

    def passages(self, words: str, most: int, jurisdiction: str | None = None) -> bool:
        """Passages that the search finds, each with its reference; articles are quoted word for word."""
        if not self.library.is_open:
            self.lacks("Pasajes: no hay índice de búsqueda de esta base; hágalo con «comparada build»",
                       "Passages: there is no search index of this knowledge base; make it with 'comparada build'")  # fmt: skip
            return False
        written = 0
        for passage in self.library.find(
            words, self.asking.language, 3 * most, self._countries, jurisdiction, self._quoted
        ):
            if written < most and len(numbers_in(passage.text)) <= MOST_NUMBERS and self._passage(passage):
                self._quoted.add(passage.section_id)
                written += 1
        return written > 0

    def _passage(self, passage: Passage) -> bool:
        if passage.article is not None:
            article, paragraphs = self.say("artículo", "article"), self.say("párrafos", "paragraphs")
            return self.on_its_own(f"[[{article}: {passage.document_id} {passage.article} | {paragraphs}: 1]]")
        place = passage.heading.replace("|", " ").replace("]]", " ")
        reference = self.tried(f"[[{self.say('fuente', 'source')}: {passage.document_id} | {self.say('lugar', 'place')}: {place}]]")  # fmt: skip
        if reference is None:
            return False
        document = escaped(self.asking.names.documents[passage.document_id])
        quoted = self.answering_for_numbers(
            escaped(passage.text).replace("[[", "["),
            f"cita de {passage.document_id}",
            f"quoted from {passage.document_id}",
        )
        self._blocks.append(f"> {quoted}{' […]' if passage.is_cut else ''}\n>\n> — {document}, {escaped(passage.heading)} {reference}")  # fmt: skip
        return True
