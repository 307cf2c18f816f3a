"""A whole `source.yml`: who publishes a source, under what licence, and how its files become facts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ingest.descriptor.documents import DOCUMENT_FORMATS, Documents
from ingest.descriptor.files import File
from ingest.descriptor.recipes import Correction, Recipe
from ingest.descriptor.variables import Variable
from ingest.descriptor.words import Model, Text


class Caveat(Model):
    """A warning to users, from a closed list."""

    kind: Literal[
        "incomplete",
        "estimated",
        "expert_judgement",
        "date_imprecise",
        "series_break",
        "third_party_copy",
        "preliminary",
        "identity",
        "hand_keyed",
        "definition_differs",
    ]
    text: Text


class Descriptor(Model):
    """One source: who publishes it, under what licence, and how its tables become facts."""

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    description: Text
    publisher: str
    authors: list[str] = Field(default_factory=list)
    citation: str
    licence: str = Field(description="Id of a row of the licences table (SPDX where one exists)")
    redistribute: bool = Field(description="Whether the licence lets us publish facts from it")
    version: str
    published: str | None = Field(None, description="ISO 8601 date or year")
    retrieved: str = Field(description="ISO 8601 date")
    homepage_url: str
    rank: int = Field(50, description="Lower is heard first when two sources name the same election or party")
    caveats: list[Caveat] = Field(default_factory=list)
    files: list[File]
    corrections: list[Correction] = Field(default_factory=list)
    variables: list[Variable] = Field(default_factory=list)
    recipes: list[Recipe] = Field(default_factory=list)
    documents: list[Documents] = Field(default_factory=list)
    kept_in: Literal["repository", "build"] | None = Field(
        None,
        description="Where facts are kept: by default the repository where redistribute is true, else build/; "
        "'build' for facts that are free but too large for the repository",
    )

    @model_validator(mode="after")
    def _kept_where_the_licence_allows(self) -> Descriptor:
        if self.kept_in == "repository" and not self.redistribute:
            raise ValueError("keptIn: repository needs redistribute: true")
        if not self.recipes and not self.documents:
            raise ValueError("a source needs recipes or documents")
        return self

    @property
    def in_repository(self) -> bool:
        """Whether facts are kept in git."""
        return self.redistribute and self.kept_in != "build"

    @model_validator(mode="after")
    def _documents_known(self) -> Descriptor:
        names = [d.name for d in self.documents]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"two entries of documents bear the name {', '.join(twice)}")
        for documents in self.documents:
            files = [f for f in self.files if f.path == documents.files or documents.reads(f.path)]
            if not files:
                raise ValueError(f"documents {documents.name}: no file among files is {documents.files}")
            if tables := [f.path for f in files if f.format not in DOCUMENT_FORMATS]:
                raise ValueError(f"documents {documents.name}: {', '.join(tables)} has no format of a document")
        return self

    @model_validator(mode="after")
    def _files_known(self) -> Descriptor:
        known = {f.path for f in self.files}
        archives = {f.path for f in self.files if f.format == "zip"}
        for file in self.files:
            if file.within is not None and file.within not in archives:
                raise ValueError(f"file {file.path}: {file.within} is not a zip among files")
        for recipe in self.recipes:
            for path in recipe.paths:
                if path not in known:
                    raise ValueError(f"recipe {recipe.name}: file {path} is not among files")
                if self.file(path).format in DOCUMENT_FORMATS:
                    raise ValueError(f"recipe {recipe.name}: {path} is a document: it belongs under documents")
        for correction in self.corrections:
            if correction.file not in known:
                raise ValueError(f"correction: file {correction.file} is not among files")
        return self

    def file(self, path: str) -> File:
        """The file of that path. Raises KeyError for one that is not declared."""
        return next(f for f in self.files if f.path == path)
