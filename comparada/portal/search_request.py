"""From an address to a search: the same arguments for the page and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from comparada.search_words import FACETS, Language
from search import SearchRequest

PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100
LONGEST_TEXT = 10_000
MOST_VALUES = 20
LAST_PAGE = 50
TIME_LIMIT_SECONDS = 2.0


class Arguments(Protocol):
    """What an address states after the question mark; a name may stand several times."""

    def get(self, name: str, default: Any = None) -> Any: ...
    def getlist(self, name: str) -> list[str]: ...


def read_request(arguments: Arguments, language: Language) -> SearchRequest:
    """The search that an address asks for; what makes no sense (`page=x`) is taken as not said."""
    filters: Mapping[str, tuple[str, ...]] = {
        name: values for name in FACETS if (values := tuple(v for v in arguments.getlist(name) if v)[:MOST_VALUES])
    }
    return SearchRequest(
        text=(arguments.get("q") or "")[:LONGEST_TEXT],
        lang=language,
        filters=filters,
        page=_whole(arguments.get("page"), 1, LAST_PAGE),
        page_size=_whole(arguments.get("size"), PAGE_SIZE, LARGEST_PAGE_SIZE),
        expand=arguments.get("synonyms") != "no",
        time_limit_seconds=TIME_LIMIT_SECONDS,
    )


def _whole(text: str | None, default: int, largest: int) -> int:
    return min(max(int(text), 1), largest) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
