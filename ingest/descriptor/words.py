"""Words that every part of a descriptor is made of: the strict model, a text in two languages, patterns, paths."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Scalar = str | int | float


def _regular_expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"«{text}» no es una expresión regular · is not a regular expression ({error})") from error
    return text


def _inside(path: str) -> str:
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        raise ValueError(f"«{path}» sale de la carpeta de la fuente · leaves the source's folder")
    return path


Pattern = Annotated[str, AfterValidator(_regular_expression)]
InnerPath = Annotated[str, AfterValidator(_inside)]


class Model(BaseModel):
    """Strict, frozen and camelCase in YAML: an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True
    )


class Text(Model):
    """A text for people, in Spanish and English."""

    es: str
    en: str
