"""A document's metadata: what its descriptor states, what its own front matter says, what its text tells."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from ingest.descriptor.documents import PLACES, Documents, FrontMatter, Metadata
from ingest.documents.block import ReadDocument, UnreadableDocument
from ingest.documents.language import detected_language
from ingest.documents.structures.outline import slug

LONGEST_TITLE = 300
UNKNOWN_LANGUAGE = "und"  # ISO 639-2 for «undetermined»


@dataclass(frozen=True)
class Described:
    """What is known of one document."""

    document_id: str
    title: str
    language: str
    language_is_detected: bool
    metadata: Metadata


def described(documents: Documents, path: str, document: ReadDocument) -> Described:
    """The metadata of a file read. Raises UnreadableDocument when its front matter cannot be understood."""
    places = _places(documents, path)
    stated = documents.metadata.model_dump(exclude_none=True)
    filled = {key: _fill(value, places) if isinstance(value, str) else value for key, value in stated.items()}
    front = _front_matter(documents, document)
    metadata = Metadata.model_validate({**filled, **front.model_dump(exclude_none=True, exclude={"id"})})
    key = front.id or (_fill(documents.id, places) if documents.id else path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    language = metadata.language or document.language
    detected = None if language else detected_language("\n".join(b.text for b in document.blocks))
    return Described(
        slug(key, longest=200),
        metadata.title or _own_title(document) or path,
        language or detected or UNKNOWN_LANGUAGE,
        language is None,
        metadata,
    )


def _places(documents: Documents, path: str) -> Mapping[str, str]:
    if documents.path is None:
        return {}
    match = re.fullmatch(documents.path, path)
    if match is None:
        raise UnreadableDocument("path-not-matched", documents.path)
    return {name: value or "" for name, value in match.groupdict().items()}


def _fill(text: str, places: Mapping[str, str]) -> str:
    return PLACES.sub(lambda m: places.get(m[1], m[0]), text)


def _front_matter(documents: Documents, document: ReadDocument) -> FrontMatter:
    # publishers write front matter for web pages: «L&#39;Argentine»
    given = {
        key: html.unescape(value) if isinstance(value, str) else value
        for key, value in document.front_matter.items()
        if value not in (None, "")
    }
    if documents.front_matter is None:
        return FrontMatter.model_construct()
    if documents.front_matter == "publisher":
        given = {
            key: " ".join(value.split())
            for key, value in given.items()
            if key in ("title", "language") and isinstance(value, str)
        }
    elif not given:
        raise UnreadableDocument("no-front-matter")
    try:
        return FrontMatter.model_validate(given)
    except ValidationError as error:
        raise UnreadableDocument("bad-front-matter", "; ".join(_fault(fault) for fault in error.errors())) from error


def _fault(fault: Mapping[str, object]) -> str:
    location = fault["loc"]
    key = ".".join(map(str, location)) if isinstance(location, tuple) else ""
    if fault["type"] == "extra_forbidden":
        known = sorted(str(f.alias or name) for name, f in FrontMatter.model_fields.items())
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        return f"{key} ✗ → {near[0] if near else ', '.join(known)}"
    return f"{key}: {fault['msg']}"


def _own_title(document: ReadDocument) -> str | None:
    if document.title and len(document.title) <= LONGEST_TITLE:
        return document.title
    headings = [b for b in document.blocks if b.level is not None]
    first = headings[0] if headings else document.blocks[0]
    return first.text[:LONGEST_TITLE]
