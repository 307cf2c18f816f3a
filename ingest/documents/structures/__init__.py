"""One module a structure: blocks in, sections out. A structure is added by adding a module and its line here."""

from __future__ import annotations

from collections.abc import Callable

from ingest.documents.block import ReadDocument
from ingest.documents.structures.headings import headings
from ingest.documents.structures.ine_agreement import ine_agreement
from ingest.documents.structures.mexican_law import mexican_law
from ingest.documents.structures.outline import Section

STRUCTURES: dict[str, Callable[[ReadDocument, str], list[Section]]] = {
    "headings": headings,
    "mexican_law": mexican_law,
    "ine_agreement": ine_agreement,
}
