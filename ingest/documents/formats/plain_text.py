"""Plain text: paragraphs are lines, or groups of lines when blank lines set them apart; marks of Markdown
that found their way into a text file (**bold**, «- ») are taken off."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.documents.block import Block, ReadDocument, UnreadableDocument
from ingest.documents.cleaning import Vocabulary, clean

_EMPHASIS = re.compile(r"\*\*|__")
_TABS = re.compile(r"\s*\t\s*")
_ITEM = re.compile(r"(?:[-*•]|\d{1,3}[.)]|[a-zñ]{1,2}\)|[IVXLC]+\.)\s")
_BULLET = re.compile(r"^[-*•]\s+(?=\S)")
WRAPPED_FROM, WRAPPED_AT = 50, 100  # between these is the longest line of hard-wrapped text


def read_text(path: Path, encoding: str) -> ReadDocument:
    """The paragraphs of a text file; `row` is the line on which each begins."""
    lines = [(number, line.strip()) for number, line in enumerate(decoded(path, encoding).split("\n"), start=1)]
    filled = [line for _, line in lines if line]
    longest = max(map(len, filled), default=0)
    wrapped = WRAPPED_FROM < longest <= WRAPPED_AT  # hard-wrapped text fills its lines
    vocabulary = Vocabulary(filled)
    blocks: list[Block] = []
    open_paragraph, previous = False, 0
    for number, line in lines:
        bold = line.startswith("**") and line.endswith("**") and len(line) > 4
        text = clean(_TABS.sub(" | ", _EMPHASIS.sub("", _BULLET.sub("", line))))
        if not text:
            open_paragraph = False
        elif blocks and (
            (wrapped and open_paragraph and previous > 0.6 * longest and not _ITEM.match(line) and "\t" not in line)
            or _goes_on(blocks[-1].text, text)
        ):
            last = blocks.pop()
            blocks.append(Block(vocabulary.join(last.text, text), last.row, bold=last.bold and bold))
        else:
            blocks.append(Block(text, number, bold=bold))
            open_paragraph = True
        previous = len(line)
    return ReadDocument(tuple(blocks))


def _goes_on(before: str, text: str) -> bool:
    """Whether a page end has cut a sentence: it stopped at a letter or a comma and goes on in lower case."""
    return text[0].islower() and text[1:3].strip()[:1] not in (")", ".") and (before[-1] == "," or before[-1].isalpha())


def decoded(path: Path, encoding: str) -> str:
    """The text of a file with line ends as \\n. Raises UnreadableDocument when it is in another encoding."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableDocument("undecodable-document", f"0x{data[error.start]:02x}, {line}, {encoding}") from error
    if "\0" in text:
        raise UnreadableDocument("damaged-document", "0x00")
    return text.replace("\r\n", "\n").replace("\r", "\n")
