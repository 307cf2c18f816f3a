"""What a finder gives and what it must know."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.citations.norm_names import Names


@dataclass(frozen=True)
class Context:
    """Where a text stands: the names that it may use, and the article that it is, if it is one.

    `neighbours` are the numbers of the articles before and after it. `default_own`: an article without a
    norm is one of the text's own norm (laws), not of the last one named (agreements, reports). `own_decree`:
    transitory articles without a norm are those of the decree that the text stands in.
    """

    names: Names
    article: str | None = None
    neighbours: tuple[str | None, str | None] = (None, None)
    default_own: bool = False
    own_decree: bool = False


@dataclass(frozen=True)
class Reference:
    """One article, agreement, gazette or norm that a text refers to. `start` and `end` are places in the text."""

    start: int
    end: int
    text: str
    norm: str | None
    article: str | None
    detail: str | None
    date: str | None
    rule: str
