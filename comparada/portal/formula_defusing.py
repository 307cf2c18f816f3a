"""Cells that a spreadsheet would run as formulas, made harmless in exported CSV.

A cell that begins with = + - @, a tab or a line break gets an apostrophe before it, which spreadsheets
read as "this is text" (ASVS 1.2.10, CWE-1236). Numbers such as -3.5 stay numbers. A cell with a semicolon
or a tab inside is put between quotation marks, since some spreadsheets split cells at them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

# A cell may be longer than the 131,072 characters at which Python's reader gives up.
csv.field_size_limit(max(csv.field_size_limit(), 1_000_000))

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
# Cheap and never too strict: most chunks have nothing like it and pass untouched.
_MAYBE = re.compile('(?:^|[,;\t\r\n])"?[=+\\-@\t\r\n\0＝＋－＠](?!\\d)|[;\t\0]|(?:^|[,\r\n])"?[+-][\\d.]')
_NEEDS_QUOTES = re.compile('[",;\t\r\n]')


def defuse(cell: str) -> str:
    """The cell as it may stand in a spreadsheet: itself, or with an apostrophe before it.

    >>> defuse("=1+1"), defuse("-3.5"), defuse("-3.5+2"), defuse("México")
    ("'=1+1", '-3.5', "'-3.5+2", 'México')
    """
    if cell.startswith(_FORMULA_START) and not _NUMBER.match(cell):
        return "'" + cell
    return cell


def csv_line(cells: list[str]) -> str:
    """One line of CSV, with its line end, every cell defused."""
    return ",".join(_quoted(defuse(cell)) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    if _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


class CsvDefuser:
    """Rewrites a stream of CSV bytes, whatever the places at which it is cut."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    def feed(self, chunk: bytes, last: bool = False) -> bytes:
        """The rewritten bytes of every record that is complete; with `last`, of all that is left."""
        self._pending += self._decoder.decode(chunk, last)
        end = len(self._pending) if last else self._end_of_last_record()
        complete, self._pending = self._pending[:end], self._pending[end:]
        return self._rewrite(complete).encode("utf-8")

    def _end_of_last_record(self) -> int:
        # Quotation marks inside a cell are doubled, so a line end after an even number ends a record.
        end = self._pending.rfind("\r\n")
        while end >= 0 and self._pending.count('"', 0, end) % 2:
            end = self._pending.rfind("\r\n", 0, end)
        return end + 2 if end >= 0 else 0

    def _rewrite(self, records: str) -> str:
        if not _MAYBE.search(records):
            return records
        rows = csv.reader(io.StringIO(records, newline=""))
        return "".join(csv_line(row) if row else "\r\n" for row in rows)
