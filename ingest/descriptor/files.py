"""What a `source.yml` may say of a published file: where it is and how to read it."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from ingest.descriptor.words import InnerPath, Model


def _text_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(
            f"«{name}» no es una codificación de texto; por ejemplo utf-8, utf-16, latin-1, windows-1252 · "
            f"'{name}' is no text encoding; for example utf-8, utf-16, latin-1, windows-1252"
        ) from error
    return codecs.lookup(name).name


def _delimiter(mark: str) -> str:
    if mark != "tab" and len(mark) != 1:
        raise ValueError(
            f"el separador «{mark}» debe ser un solo carácter o tab · the delimiter must be one character or tab"
        )
    return mark


class FixedColumn(Model):
    """One column of a fixed-width file: its first and last character, counted from 1 as codebooks do."""

    name: str
    start: int = Field(ge=1)
    end: int

    @model_validator(mode="after")
    def _forward(self) -> FixedColumn:
        if self.end < self.start:
            raise ValueError(f"{self.name}: end ({self.end}) < start ({self.start})")
        return self


class File(Model):
    """One published file and how to read it. A file without `url` lies in the source's own folder.

    There `path` may be a pattern (`*.md`, `notes/*.md`): it stands for every file that matches.
    """

    path: InnerPath = Field(
        description="File name; also its name below the mirror's folder of this source, or inside the archive `within`"
    )
    url: str | None = Field(None, description="Pinned address: a commit, a DOI version, never a branch")
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    mirror: InnerPath | None = Field(None, description="Path below a --mirror, if it is not <source id>/<path>")
    within: str | None = Field(None, description="path of the ZIP file among `files` that holds this one")
    format: Literal[
        "delimited",
        "fixed",
        "xlsx",
        "xls",
        "ods",
        "json",
        "r",
        "stata",
        "spss",
        "zip",
        "pdf",
        "docx",
        "odt",
        "html",
        "markdown",
        "text",
    ] = Field(description="spss reads .sav, .zsav and .por; a zip is read through the files that say `within`")
    delimiter: Annotated[str, AfterValidator(_delimiter)] = Field(",", description="delimited: one character, or 'tab'")
    quote_char: str = Field('"', max_length=1, description="delimited: mark around cells; empty: cells are not quoted")
    encoding: Annotated[str, AfterValidator(_text_encoding)] = Field(
        "utf-8",
        description="delimited, fixed, json; stata and spss if given. A byte order mark is dropped, and is believed",
    )
    columns: list[FixedColumn] = Field(default_factory=list, description="fixed: {name, start, end} of each column")
    decimal_char: str = Field(".", description="Decimal mark of every number in the file")
    group_char: str = Field("", description="Thousands mark of every number in the file")
    header_row: int = Field(
        1, ge=0, description="Row of the published file that holds the column names; 0: columns are called (1), (2), …"
    )
    header_rows: int = Field(
        1, ge=1, description="Rows that make up a name, from headerRow on: 'Votes / PAN' under a wide 'Votes'"
    )
    repeated_names: Literal["error", "number"] = Field(
        "error", description="Two columns of one name: an error, or 'x', 'x (2)', 'x (3)'"
    )
    merged_cells: Literal["tell", "first", "repeat"] = Field(
        "tell",
        description="xlsx, xls: the value of merged cells below the header stands in the first one only (tell: and "
        "each is told as a problem), or is repeated in every cell that was merged",
    )
    missing_values: list[str] = Field(
        default_factory=lambda: [""],
        description="Cells that say nothing, in every column. Never 'NA' by default: Namibia",
    )

    @model_validator(mode="after")
    def _consistent(self) -> File:
        if self.url and not self.sha256:
            raise ValueError("a file with a url needs its sha256")
        if self.within and (self.url or self.sha256):
            raise ValueError("a file within an archive has no url or sha256 of its own")
        if (self.format == "fixed") != bool(self.columns):
            raise ValueError("columns go with format: fixed, and a fixed-width file needs them")
        if self.is_pattern and (self.url or self.sha256 or self.mirror):
            raise ValueError("a pattern stands for files in the source's own folder: no url, sha256 or mirror")
        return self

    @property
    def is_pattern(self) -> bool:
        """Whether the path stands for every file that matches it."""
        return "*" in self.path
