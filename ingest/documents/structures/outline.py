"""The tree of a document's sections, built in reading order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from ingest.documents.block import Block


@dataclass
class Section:
    """One section while it is being read. `rank` orders kinds of heading: a lower one holds higher ones.

    `entries` are its paragraphs and notes in order: (is a note, text). `text`, `reform_notes` and
    `invalid_text` are what becomes of them.
    """

    kind: str
    rank: int
    anchor: str
    heading: str
    number: str | None = None
    row: int = 1
    page_first: int | None = None
    page_last: int | None = None
    parent: Section | None = None
    entries: list[tuple[bool, str]] = field(default_factory=list)
    is_void: bool = False

    @property
    def level(self) -> int:
        """Depth in the tree, from 1."""
        return 1 if self.parent is None else self.parent.level + 1

    @property
    def path(self) -> str:
        """Headings from the document down to here."""
        return self.heading if self.parent is None else f"{self.parent.path} › {self.heading}"

    def add(self, block: Block, text: str | None = None, *, is_note: bool = False) -> None:
        """Take in a block's text, or the given part of it, and its pages."""
        words = block.text if text is None else text
        if words:
            self.entries.append((is_note, words))
        self.reach(block)

    def reach(self, block: Block) -> None:
        """Note that the section goes on to the block's last page."""
        if block.page_last is not None:
            self.page_last = max(self.page_last or 0, block.page_last)


class Outline:
    """Sections in order, each below the last one of lower rank, with anchors that are never given twice."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._open: list[Section] = []
        self._anchors: set[str] = set()

    @property
    def current(self) -> Section | None:
        """The section that is being read."""
        return self._open[-1] if self._open else None

    def open(
        self, kind: str, rank: int, anchor: str, heading: str, block: Block, *, number: str | None = None,
        below: Section | None = None,
    ) -> Section:  # fmt: skip
        """Begin a section at a block. `below` names its parent where rank does not say it."""
        if below is not None:
            while self._open and self._open[-1] is not below:
                self._open.pop()
        else:
            while self._open and self._open[-1].rank >= rank:
                self._open.pop()
        section = Section(
            kind, rank, self._unique(anchor), heading, number, block.row, block.page, block.page_last or block.page,
            self.current,
        )  # fmt: skip
        self.sections.append(section)
        self._open.append(section)
        return section

    def _unique(self, anchor: str) -> str:
        chosen, count = anchor, 1
        while chosen in self._anchors:
            count += 1
            chosen = f"{anchor}-{count}"
        self._anchors.add(chosen)
        return chosen


def slug(text: str, *, longest: int = 60) -> str:
    """A text as part of an address: lower case, without accents, words joined by hyphens.

    >>> slug("¿Qué es la paridad?")
    'que-es-la-paridad'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > longest:
        words = words[:longest].rsplit("-", 1)[0]
    return words or "s"
