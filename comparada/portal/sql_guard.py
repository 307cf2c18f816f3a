"""What a reader's SQL may do: sizes, functions, tables and pragmas, told to each SQLite connection.

SQL stays open to researchers. A statement may read the tables of the file and use the functions
listed here; it may not reach another file, ask where this one lies, read other people's statements
or build a value larger than `LARGEST_VALUE_BYTES`. Time is limited elsewhere (`watched_database`).
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable
from typing import Any

from comparada.portal.bounded_functions import add_bounded_functions

LARGEST_VALUE_BYTES = 250_000
LARGEST_RESULT_BYTES = 10_000_000
LARGEST_RESULT_CELLS = 60_000
PAGE_CACHE_KIB = 4_000

LIMITS = {
    # One value or one stored row. Also bounds what instr, like and replace can chew on in one step.
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST_VALUE_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 200_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    # Datasette asks for the labels of a page of 1,000 rows in one statement.
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2_000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_PLAIN_FUNCTIONS = """
    -> ->> char coalesce concat concat_ws escape_fts format glob hex ifnull iif instr length like likelihood
    likely lower ltrim nullif octet_length printf quote random replace rtrim soundex sqlite_version substr
    substring trim typeof unicode unlikely upper
"""
_MATHEMATICAL_FUNCTIONS = """
    abs acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod
    pi pow power radians round sign sin sinh sqrt tan tanh trunc
"""
_DATE_FUNCTIONS = """
    current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch
"""
_AGGREGATES_AND_WINDOWS = """
    avg count cume_dist dense_rank first_value group_concat lag last_value lead max min nth_value ntile
    percent_rank rank row_number string_agg sum total
"""
_JSON_FUNCTIONS = """
    json json_array json_array_length json_extract json_group_array json_group_object json_insert
    json_object json_patch json_quote json_remove json_replace json_set json_type json_valid
"""
_SEARCH_FUNCTIONS = "bm25 highlight match snippet"

ALLOWED_FUNCTIONS = frozenset(
    name
    for names in (
        _PLAIN_FUNCTIONS,
        _MATHEMATICAL_FUNCTIONS,
        _DATE_FUNCTIONS,
        _AGGREGATES_AND_WINDOWS,
        _JSON_FUNCTIONS,
        _SEARCH_FUNCTIONS,
    )
    for name in names.split()
)

ALLOWED_PRAGMAS = frozenset(
    {
        "data_version",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "schema_version",
        "table_info",
        "table_xinfo",
    }
)
# Datasette asks which files are attached; the true answer names this machine's folders, so there is none.
UNANSWERED_PRAGMAS = frozenset({"database_list"})

TABLE_FUNCTIONS = frozenset(
    {"json_each", "json_tree", *(f"pragma_{p}" for p in ALLOWED_PRAGMAS if p != "data_version")}
)
SCHEMA_TABLES = frozenset({"sqlite_master", "sqlite_schema"})

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def guard_connection(connection: sqlite3.Connection) -> None:
    """Applies the limits, the authorizer and the result budget to a connection that is about to read."""
    tables = {
        row[0].lower() for row in connection.execute("select name from sqlite_master where type in ('table', 'view')")
    }
    connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    add_bounded_functions(connection, LARGEST_VALUE_BYTES)
    for category, limit in LIMITS.items():
        connection.setlimit(category, limit)
    connection.row_factory = RowBudget()
    connection.set_authorizer(_authorizer(frozenset(tables)))


def _authorizer(tables: frozenset[str]) -> Authorizer:
    readable = tables | TABLE_FUNCTIONS | SCHEMA_TABLES

    def authorize(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            name = (first or "").lower()
            # Without a column it is a `count(*)`, of a table or of the statement's own WITH.
            harmless = name in readable or (not second and not _tells_of_the_machine(name))
            return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION:
            allowed = (second or "").lower() in ALLOWED_FUNCTIONS
            return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_PRAGMA:
            pragma = (first or "").lower()
            if pragma in UNANSWERED_PRAGMAS:
                return sqlite3.SQLITE_IGNORE
            return sqlite3.SQLITE_OK if pragma in ALLOWED_PRAGMAS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
            # How SQLite asks to declare json_each or a search table in memory; the file stays read-only.
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return authorize


def _tells_of_the_machine(table: str) -> bool:
    return table.startswith(("pragma_", "sqlite_", "dbstat", "bytecode", "tables_used", "fts"))


class RowBudget:
    """Makes a connection's rows and ends a query whose result outgrows the budget.

    Raises sqlite3.OperationalError at the row that goes beyond `most_bytes` of text and blobs or `most_cells`.
    """

    def __init__(self, most_bytes: int = LARGEST_RESULT_BYTES, most_cells: int = LARGEST_RESULT_CELLS) -> None:
        self._most_bytes = most_bytes
        self._most_cells = most_cells
        self._cursor: weakref.ref[sqlite3.Cursor] | None = None
        self._bytes = 0
        self._cells = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        if self._cursor is None or self._cursor() is not cursor:
            self._cursor = weakref.ref(cursor)
            self._bytes = self._cells = 0
        self._cells += len(values)
        self._bytes += sum(len(v) for v in values if isinstance(v, str | bytes))
        if self._bytes > self._most_bytes or self._cells > self._most_cells:
            raise sqlite3.OperationalError("result too large")
        return sqlite3.Row(cursor, values)
