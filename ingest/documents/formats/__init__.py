"""One module a format: a file in, blocks out. A format is added by adding a module and its line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.documents.block import ReadDocument, UnreadableDocument
from ingest.documents.formats.docx import read_docx
from ingest.documents.formats.html import read_html
from ingest.documents.formats.markdown import read_markdown
from ingest.documents.formats.odt import read_odt
from ingest.documents.formats.pdf import read_pdf
from ingest.documents.formats.plain_text import read_text

DOCUMENT_READERS: dict[str, Callable[[Path, str], ReadDocument]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "odt": read_odt,
    "html": read_html,
    "markdown": read_markdown,
    "text": read_text,
}
LARGEST = 200_000_000  # bytes
_LEGACY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE2: .doc, .xls, .ppt, and encrypted .docx


def read_file(path: Path, format_: str, encoding: str) -> ReadDocument:
    """The blocks of a file. Raises UnreadableDocument with the rule that says why it gives no text."""
    size = path.stat().st_size
    if not size:
        raise UnreadableDocument("empty-document")
    if size > LARGEST:
        raise UnreadableDocument("document-too-large", f"{size:,}")
    with path.open("rb") as stream:
        start = stream.read(8)
    if start == _LEGACY:
        raise UnreadableDocument("legacy-document")
    document = DOCUMENT_READERS[format_](path, encoding)
    if not any(block.text for block in document.blocks):
        raise UnreadableDocument("empty-document")
    return document
