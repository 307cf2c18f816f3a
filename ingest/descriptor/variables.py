"""What a `source.yml` may say of variables: the questions that sources answer, with their options and equivalents."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ingest.descriptor.words import Model, Text


class Correspondence(Model):
    """The same question elsewhere: exact, or close (another definition, scale or universe)."""

    scheme: Literal["ace", "idea", "vdem"]
    code: str = Field(description="ACE's or IDEA's own name for its question; V-Dem's tag")
    relation: Literal["exact", "close"]


class Code(Model):
    """An answer option of a variable."""

    code: str
    name: Text


class Variable(Model):
    """A question that sources answer, defined in our own words."""

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str
    name: Text
    question: Text
    definition: Text
    coding_rule: Text
    kind: Literal["number", "code", "boolean", "text", "date"]
    unit: str = Field(description="'index 0–1', '%', 'seats', 'years', 'option' …")
    scale: str | None = Field(None, description="Lowest and highest possible value, e.g. '0–1'")
    time_kind: Literal["rule_in_force", "yearly_observation", "value_of_an_election", "undated_snapshot"]
    source_code: str | None = Field(None, description="The publisher's own name for it")
    codes: list[Code] = Field(default_factory=list)
    crosswalk: list[Correspondence] = Field(default_factory=list, description="What the question is called elsewhere")
