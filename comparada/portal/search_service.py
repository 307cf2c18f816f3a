"""The search engine behind the pages: opened once, asked in threads of its own, renewed when the index is.

The event loop never runs a search: it would keep every other page waiting.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from comparada.portal.turnstile import Turnstile
from search import Engine, Hit, SearchError, SearchRequest, SearchResults, Suggestion

SEARCHES_AT_ONCE = 1  # pure Python beside the event loop: a second thread would only take its turns
LONGEST_LINE = 60
LONGEST_WAIT_SECONDS = 8.0
SECONDS_BETWEEN_LOOKS = 1.0

Answer = TypeVar("Answer")


class NotReady(Exception):
    """There is no index of this database yet: it is being made."""


class TooBusy(Exception):
    """Too many searches are waiting."""


class SearchService:
    """Searches over one database file and the index beside it."""

    def __init__(self, database: Path, index: Path) -> None:
        self._database = database
        self._index = index
        self._engine: Engine | None = None
        self._looked = 0.0
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(SEARCHES_AT_ONCE, thread_name_prefix="search")
        self._turnstile = Turnstile(SEARCHES_AT_ONCE, LONGEST_LINE, LONGEST_WAIT_SECONDS)

    async def search(self, request: SearchRequest) -> SearchResults:
        """The engine's answer. Raises NotReady or TooBusy."""
        return await self._ask(lambda engine: engine.search(request))

    async def suggest(self, prefix: str, lang: str) -> tuple[Suggestion, ...]:
        """Completions of what is being typed. Raises NotReady or TooBusy."""
        return await self._ask(lambda engine: engine.suggest(prefix, lang))

    async def similar(self, kind: str, key: str) -> tuple[Hit, ...]:
        """Entries that resemble one. Raises NotReady or TooBusy."""
        return await self._ask(lambda engine: engine.similar(kind, key))

    async def _ask(self, question: Callable[[Engine], Answer]) -> Answer:
        if not await self._turnstile.enter():
            raise TooBusy
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: question(self._current_engine())
            )
        finally:
            self._turnstile.leave()

    def _current_engine(self) -> Engine:
        """The engine of the newest index; looks for a newer one now and then."""
        with self._lock:
            now = time.monotonic()
            if self._engine is not None and now - self._looked < SECONDS_BETWEEN_LOOKS:
                return self._engine
            self._looked = now
            if self._engine is not None and self._engine.is_current():
                return self._engine
            try:
                newer = Engine.open(self._database, self._index)
            except SearchError:
                if self._engine is None:
                    raise NotReady from None
                return self._engine  # the old one goes on answering
            self._engine = newer
            return newer
