"""SQL functions whose own loops SQLite does not bound, replaced by bounded ones of the same name.

`printf('%.*c', 2000000000, 'x')` keeps one step of SQLite busy for seconds, and so does `trim` with a long
list of characters; no time limit can end a step half-way.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

LARGEST_WIDTH = 10_000
MOST_CHARACTERS_TO_TRIM = 100

_SPECIFIER = re.compile(r"%[-+ 0#,!]*(\*|\d+)?(?:\.(\*|\d+))?")


def add_bounded_functions(connection: sqlite3.Connection, largest_value: int) -> None:
    """Replaces printf, format and the two-argument trims on the connection.

    What they refuse comes back as a text over `largest_value`, the connection's own limit, so that SQLite
    fails with "string or blob too big"; an exception would be written to the log each time.
    """
    too_big = " " * (largest_value + 1)
    formatter = _Formatter(too_big)
    connection.create_function("printf", -1, formatter, deterministic=True)
    connection.create_function("format", -1, formatter, deterministic=True)
    for name, strip in (("trim", str.strip), ("ltrim", str.lstrip), ("rtrim", str.rstrip)):
        connection.create_function(name, 2, _trimmer(strip, too_big), deterministic=True)


class _Formatter:
    """SQLite's own printf, run apart, once the widths are known to be sensible."""

    def __init__(self, too_big: str) -> None:
        self._too_big = too_big
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)

    def __call__(self, *arguments: Any) -> Any:
        form = "" if not arguments or arguments[0] is None else str(arguments[0])
        widths = [number for numbers in _SPECIFIER.findall(form) for number in numbers if number]
        if not arguments or any(width == "*" or len(width) > 6 or int(width) > LARGEST_WIDTH for width in widths):
            return self._too_big
        places = ", ".join("?" * len(arguments))
        return self._connection.execute(f"select printf({places})", arguments).fetchone()[0]


def _trimmer(strip: Any, too_big: str) -> Any:
    def trim(text: Any, characters: Any) -> Any:
        if text is None or characters is None:
            return None
        if len(str(characters)) > MOST_CHARACTERS_TO_TRIM:
            return too_big
        return strip(_as_text(text), _as_text(characters))

    return trim


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
