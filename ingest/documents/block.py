"""What every format gives: a document as a plain sequence of blocks, in reading order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.descriptor.words import Text


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or table row.

    `row` is its place in the file: the page of a PDF, the line of a text or Markdown file, the running
    number of the paragraph elsewhere. `level` is the depth of a heading (1 is the highest) where the format
    states it. `is_note` marks small italic print, and what a format calls a footnote. `marks` are the
    numbers of the footnotes that the block refers to.
    """

    text: str
    row: int
    page: int | None = None
    page_last: int | None = None
    level: int | None = None
    is_note: bool = False
    centered: bool = False
    bold: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadDocument:
    """A file, read: its blocks, what was left out and why, and what the file says of itself."""

    blocks: tuple[Block, ...]
    pages_count: int | None = None
    title: str | None = None
    language: str | None = None
    front_matter: Mapping[str, object] = field(default_factory=dict)
    left_out: tuple[tuple[Text, int], ...] = ()
    pages_without_text: tuple[int, ...] = ()


class UnreadableDocument(Exception):
    """A file that gives no text. `rule` is one of ingest.problems.RULES, `more` what is known of the case."""

    def __init__(self, rule: str, more: str = "") -> None:
        super().__init__(rule, more)
        self.rule = rule
        self.more = more
