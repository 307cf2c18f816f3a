"""The pages of a Word file: those that lie down for a wide table, and the rows of a table that stay together."""

from __future__ import annotations

import copy
import io
from typing import Any

import docx
import docx.document
from docx.oxml.ns import qn


def laid(written: bytes) -> bytes:
    """The document with each marked section like its own but for how the page lies, its tables whole where they can be.

    A mark is a section of a paragraph that says `portrait` or `landscape` and no more; it ends the section before it.
    """
    document = docx.Document(io.BytesIO(written))
    _keep_rows_together(document)
    own: Any = document.element.body.sectPr
    marked = [s for s in document.element.body.iter(qn("w:sectPr")) if s is not own]
    for position, mark in enumerate(marked):
        section = copy.deepcopy(own)
        if position > 0:
            _without_a_first_page(section)
        if mark.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape":
            page = section.find(qn("w:pgSz"))
            width, height = page.get(qn("w:w")), page.get(qn("w:h"))
            for key, value in (("w:w", height), ("w:h", width), ("w:orient", "landscape")):
                page.set(qn(key), value)
        mark.getparent().replace(mark, section)
    if marked:
        _without_a_first_page(own)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _keep_rows_together(document: docx.document.Document) -> None:
    """Rows of a table with each other and with the note beneath; lists have the same style and break where they must."""
    for table in document.tables:
        for cell in {cell._tc: cell for row in table.rows for cell in row.cells}.values():
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _without_a_first_page(section: Any) -> None:
    """Only the first section of a document has a first page of its own kind."""
    for told in section.findall(qn("w:titlePg")):
        section.remove(told)
