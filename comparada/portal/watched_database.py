"""A Datasette database whose every use of a connection ends in time and fails in words.

Datasette's own time limit is looked at once in a thousand steps of SQLite's machine, and one step over
long texts can take a tenth of a second: `instr` in a loop ran for 19 s under a limit of one. Here a
watching thread interrupts the connection itself, which SQLite heeds at the next turn of any loop.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from datasette.database import Database, Results

from comparada.portal.memory_bounds import give_memory_back
from comparada.portal.sql_guard import RowBudget

GRACE_SECONDS = 0.3
EXPORT_SECONDS = 3.0
TICK_SECONDS = 0.05
LARGEST_EXPORT_ROWS = 20_000
LARGEST_EXPORT_CELLS = 800_000
LARGEST_EXPORT_BYTES = 30_000_000
# SQLite's memory is one for the whole process: a light request may meet it used up by somebody else's
# statement, which is refused a moment later.
PAUSES_FOR_MEMORY = (0.05, 0.1, 0.2)
OUT_OF_MEMORY = "out of memory"


@dataclass
class Export:
    """What a request for a file of rows wants, and what went wrong with its query."""

    error: str | None = None


current_export: ContextVar[Export | None] = ContextVar("current_export", default=None)
asks_much: ContextVar[bool] = ContextVar("asks_much", default=False)


class Watchdog:
    """Interrupts connections that have been in use beyond their deadline. One thread for all."""

    def __init__(self) -> None:
        self._deadlines: dict[int, tuple[sqlite3.Connection, float]] = {}
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
        """Interrupts the connection if the block is still running after that many seconds."""
        key = id(connection)
        with self._lock:
            outer = self._deadlines.get(key)
            self._deadlines[key] = (connection, time.monotonic() + seconds)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="sql-watchdog", daemon=True)
                self._thread.start()
        self._busy.set()
        try:
            yield
        finally:
            with self._lock:
                if outer is None:
                    self._deadlines.pop(key, None)
                else:
                    self._deadlines[key] = outer

    def _watch(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(TICK_SECONDS)
            with self._lock:
                if not self._deadlines:
                    self._busy.clear()
                now = time.monotonic()
                for connection, deadline in self._deadlines.values():
                    if now > deadline:
                        connection.interrupt()


watchdog = Watchdog()


class WatchedDatabase(Database):  # type: ignore[misc]  # Datasette carries no types
    """An immutable database file read under a watchdog."""

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any], seconds: float | None = None) -> Any:
        """Datasette's execute_fn; every failure of a statement comes out as sqlite3's OperationalError.

        The connection is interrupted after `seconds`, by default a little after Datasette's own limit. Without
        memory a request that does not itself ask for much is tried again.
        """
        limit = self.ds.sql_time_limit_ms / 1000 + GRACE_SECONDS if seconds is None else seconds

        def watched(connection: sqlite3.Connection) -> Any:
            with watchdog.watching(connection, limit):
                try:
                    return fn(connection)
                except MemoryError:
                    give_memory_back()
                    failure: BaseException = sqlite3.OperationalError(OUT_OF_MEMORY)
                except sqlite3.OperationalError as error:
                    failure = error
                    _let_go_of_cursors(error)
                except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
                    # A table that may not be read, two statements, a zero byte in the text, a huge integer:
                    # Datasette takes only OperationalError for the reader's mistake.
                    failure = sqlite3.OperationalError(str(error))
                    _let_go_of_cursors(error)
                except Exception as error:
                    failure = error
                    _let_go_of_cursors(error)
                raise failure

        for pause in () if asks_much.get() else PAUSES_FOR_MEMORY:
            try:
                return await super().execute_fn(watched)
            except sqlite3.OperationalError as error:
                if str(error) != OUT_OF_MEMORY:
                    raise
            await asyncio.sleep(pause)
        return await super().execute_fn(watched)

    async def execute(self, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:
        """Datasette's execute; a query asked for as a file of rows may have more rows than a page.

        What a reader's statement did wrong is told to the reader, not written to the log, which anybody
        could fill.
        Raises sqlite3.OperationalError when a file would have more than LARGEST_EXPORT_ROWS rows, since a
        file that ends early does not say so.
        """
        options["log_sql_errors"] = False
        export = current_export.get()
        if export is None or not truncate:
            return await super().execute(sql, params, truncate=truncate, **options)
        try:
            columns, rows = await self.rows_to_export(sql, params)
            if len(rows) > LARGEST_EXPORT_ROWS:
                raise sqlite3.OperationalError(f"more than {LARGEST_EXPORT_ROWS} rows")
        except sqlite3.Error as error:
            export.error = str(error)
            raise
        return Results(rows, False, [(name,) for name in columns])

    async def rows_to_export(self, sql: str, params: Any) -> tuple[list[str], list[sqlite3.Row]]:
        """Column names and up to one row more than LARGEST_EXPORT_ROWS, within EXPORT_SECONDS.

        Raises sqlite3.OperationalError beyond LARGEST_EXPORT_CELLS or LARGEST_EXPORT_BYTES of text and blobs.
        """

        def fetch(connection: sqlite3.Connection) -> tuple[list[str], list[sqlite3.Row]]:
            cursor = connection.cursor()
            cursor.row_factory = RowBudget(LARGEST_EXPORT_BYTES, LARGEST_EXPORT_CELLS)
            cursor.execute(sql, params if params is not None else {})
            return [c[0] for c in cursor.description], cursor.fetchmany(LARGEST_EXPORT_ROWS + 1)

        return await self.execute_fn(fetch, EXPORT_SECONDS)  # type: ignore[no-any-return]

    async def warm(self, threads: int) -> None:
        """Opens the file in every thread, so that all keep reading it when a new build takes its place."""
        together = threading.Barrier(threads, timeout=5)

        def wait_for_the_others(connection: sqlite3.Connection) -> None:
            connection.execute("select 1 from sqlite_master").fetchone()
            try:
                together.wait()
            except threading.BrokenBarrierError:
                return

        await asyncio.gather(*(self.execute_fn(wait_for_the_others) for _ in range(threads)))


def _let_go_of_cursors(error: BaseException) -> None:
    """Empties the frames that the error keeps, so that its cursors end here and now.

    Left to Python's collector they end in whatever thread it runs in; there SQLite makes them wait for the
    connection's next query, and that thread may be the one that answers everybody.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        traceback.clear_frames(one.__traceback__)
        one.__traceback__ = None
        waiting += [one.__cause__, one.__context__, getattr(one, "e", None)]
