"""Markdown, as CommonMark with tables and footnotes: headings with their level, paragraphs, list items, table rows."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.documents.block import Block, ReadDocument, UnreadableDocument
from ingest.documents.cleaning import clean
from ingest.documents.formats.plain_text import decoded

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FOOTNOTE = re.compile(r"^\[\^([^\]]+)\]:[ \t]*")
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]]+)\](?!:)")
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def read_markdown(path: Path, encoding: str) -> ReadDocument:
    """The blocks of a Markdown file and its front matter; `row` is the line on which each begins."""
    text = decoded(path, encoding)
    front_matter, body, skipped = split_front_matter(text)
    blocks: list[Block] = []
    tokens = _parser().parse(_LIQUID.sub("", body))
    cells: list[str] = []
    in_table = False
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "tr_open":
            cells, in_table = [], True
        elif token.type == "tr_close":
            blocks.append(Block(clean(" | ".join(cells)), _line(token, skipped) or (blocks[-1].row if blocks else 1)))
            in_table = False
        elif token.type == "inline":
            plain, marks = _plain(token)
            if in_table:
                cells.append(plain)
            elif before is not None and before.type == "heading_open":
                _add(blocks, plain, _line(token, skipped), level=int(before.tag[1:]), marks=marks)
            else:
                _add_paragraphs(blocks, plain, _line(token, skipped), marks)
        elif token.type in ("fence", "code_block"):
            _add(blocks, token.content, _line(token, skipped))
    return ReadDocument(tuple(blocks), front_matter=front_matter)


def split_front_matter(text: str) -> tuple[dict[str, object], str, int]:
    """The YAML block at the head of a text, the text after it, and how many lines the block takes.

    Raises UnreadableDocument when it is not a set of keys and values.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text, 0
    try:
        content = yaml.load(match[1], yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise UnreadableDocument("bad-front-matter", " ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise UnreadableDocument("bad-front-matter", "---")
    return {str(k): v for k, v in content.items()}, text[match.end() :], match[0].count("\n")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _line(token: Token, skipped: int) -> int:
    return (token.map[0] if token.map else 0) + skipped + 1 if token.map else 0


def _add_paragraphs(blocks: list[Block], plain: str, line: int, marks: tuple[str, ...]) -> None:
    """A paragraph; footnotes that follow each other without a blank line are told apart."""
    for offset, part in enumerate(re.split(r"\n(?=\[\^[^\]]+\]:)", plain)):
        note = _FOOTNOTE.match(part)
        own = (note[1],) if note else marks
        _add(blocks, _FOOTNOTE.sub("", part), line + offset, is_note=note is not None, marks=own)


def _add(
    blocks: list[Block], text: str, row: int, *, level: int | None = None, is_note: bool = False,
    marks: tuple[str, ...] = (),
) -> None:  # fmt: skip
    text = clean(text).replace("\n", " ") if level or not is_note else clean(text)
    if text:
        blocks.append(Block(text, row, level=level, is_note=is_note, marks=marks))


def _plain(token: Token) -> tuple[str, tuple[str, ...]]:
    """The words of an inline token, without links' addresses and marks of emphasis; and its footnote marks."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append("")
    text = "".join(parts)
    return _FOOTNOTE_MARK.sub("", text), tuple(_FOOTNOTE_MARK.findall(text))
