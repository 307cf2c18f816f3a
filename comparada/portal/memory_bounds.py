"""How much memory the serving process may take, whatever its readers ask for."""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable

SQLITE_HEAP_BYTES = 128 * 1024 * 1024

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def bound_memory() -> None:
    """Bounds SQLite's memory for this whole process, once and for all; a statement beyond it fails.

    It cannot be raised again in the same process, so only a process that serves calls it.
    """
    _share_one_heap()
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA hard_heap_limit = {SQLITE_HEAP_BYTES}")
    connection.close()


def give_memory_back() -> None:
    """Returns what greedy statements have freed to the machine, where the C library can be asked to."""
    if _malloc_trim:
        _malloc_trim(0)


def _c_function(name: str) -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError, TypeError):  # another C library: it has its own ways
        return None
    return found


_malloc_trim = _c_function("malloc_trim")


def _share_one_heap() -> None:
    """Makes all threads allocate from one heap, where the C library lets us say so.

    glibc gives every thread a heap of its own and keeps what each has freed: the SQLite bound would then
    hold once a thread, and six threads that had each seen a greedy statement kept 1.5 GB.
    """
    mallopt = _c_function("mallopt")
    if mallopt:
        mallopt(_ARENA_MAX, 1)
