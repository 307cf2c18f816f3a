"""What a `source.yml` may say of documents: which files, how their text is divided, their metadata.

The words of the metadata are those of Dublin Core where it has one (title, creator, publisher, issued,
language, type, identifier, description, rights, relation). The same words are used in the front matter of a
Markdown file; docs/documents.md explains them.
"""

from __future__ import annotations

import datetime
import re
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from ingest.descriptor.words import InnerPath, Model, Pattern

DOCUMENT_FORMATS = frozenset({"pdf", "docx", "odt", "html", "markdown", "text"})
IDENTIFIER = r"^[a-z0-9]+(-[a-z0-9]+)*$"
PLACES = re.compile(r"\{(\w+)\}")

Structure = Literal["headings", "mexican_law", "ine_agreement"]
DocumentType = Literal[
    "constitution", "law", "agreement", "regulation", "guide", "report", "method_note", "glossary", "fact_sheet",
    "briefing_note", "other",
]  # fmt: skip


def _iso(value: object) -> object:
    """YAML reads 2022-02-17 as a date: back to text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


Day = Annotated[str, BeforeValidator(_iso), Field(pattern=r"^\d{4}(-\d\d){0,2}$")]


class Metadata(Model):
    """What is known of a document. Values may have {places}: named groups of the entry's `path`."""

    title: str | None = Field(None, description="Without it: the file's own title, else its first heading")
    creator: str | None = Field(None, description="Author; several, separated by semicolons")
    publisher: str | None = None
    issued: Day | None = Field(None, description="Date of publication or of the version: YYYY, YYYY-MM or YYYY-MM-DD")
    language: str | None = Field(None, description="Two letters (ISO 639-1); without it, recognised from the text")
    type: DocumentType | None = None
    identifier: str | None = Field(None, description="Official identifier, e.g. INE/JGE52/2022")
    description: str | None = None
    rights: str | None = None
    relation: str | None = Field(None, description="A related document or page")
    work: str | None = Field(None, description="Shared by the versions of one work; without it, the document's id")
    short_name: str | None = Field(None, description="How it is cited, e.g. LGIPE")
    line: Literal["regimen_mexicano", "programas_ine", "perspectiva_comparada"] | None = None
    status: Literal["in_force", "historical", "published"] | None = None
    jurisdiction: str | None = Field(None, description="Jurisdiction that it is about or in force in, e.g. MEX")
    topics: list[str] | None = Field(None, description="Ids of topics")
    source_url: str | None = Field(None, description="Without it, the file's url")


class FrontMatter(Metadata):
    """The YAML block at the head of a Markdown file of our own: the metadata, and the document's id."""

    id: str | None = Field(None, pattern=IDENTIFIER)


class Documents(Model):
    """Some files of a source, read as documents: a file each."""

    name: str = Field(pattern=IDENTIFIER, description="Names the reading in the accounts")
    files: InnerPath = Field(description="A path among `files`, or a pattern: * stands for any characters, also /")
    structure: Structure = Field("headings", description="How the text is divided into sections")
    path: Pattern | None = Field(
        None, description=r"Regular expression for the whole path; its named groups fill {places} of id and metadata"
    )
    id: str | None = Field(
        None, description="Document id, with {places}; without it, the front matter's, else the file's name"
    )
    front_matter: Literal["ours", "publisher"] | None = Field(
        None,
        description="Whether files begin with metadata: 'ours' is checked and wins over what stands here; "
        "of a publisher's only the title and the language are taken",
    )
    metadata: Metadata = Metadata()  # type: ignore[call-arg]  # every key has its default
    expect: dict[str, int] = Field(
        default_factory=dict, description="Sections of a kind that a right reading gives, e.g. article: 535"
    )

    @model_validator(mode="after")
    def _places_known(self) -> Documents:
        groups = set(re.compile(self.path).groupindex) if self.path else set()
        texts = [self.id, *self.metadata.model_dump(exclude={"topics"}).values()]
        unknown = {place for text in texts if text for place in PLACES.findall(text)} - groups
        if unknown:
            raise ValueError(f"{{{'}, {'.join(sorted(unknown))}}}: path has no such named group")
        return self

    def reads(self, path: str) -> bool:
        """Whether these documents read the file of that path."""
        return path == self.files or fnmatchcase(path, self.files)
