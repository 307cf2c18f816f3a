"""The SQL of a database, made from the tables' descriptions."""

from __future__ import annotations

import sqlite3

from ingest.table_schema import Column, Table


def create_table(table: Table, tables: dict[str, Table]) -> str:
    """The CREATE TABLE statement: STRICT, with keys, references and closed lists as checks.

    A reference names the column it points to: Datasette follows only those that do.
    """
    lines = [_column_sql(column, table) for column in table.columns]
    lines += [
        f'  FOREIGN KEY ("{c.name}") REFERENCES "{c.references}" ("{tables[c.references].primary_key}")'
        for c in table.columns
        if c.references
    ]
    order = ""
    if not table.primary_key:  # the rows rest in the order of their key: no index of its own is needed
        key = ", ".join(f'"{name}"' for name in table.natural_key)
        lines.append(f"  PRIMARY KEY ({key})")
        order = ", WITHOUT ROWID"
    return f'CREATE TABLE "{table.name}" (\n' + ",\n".join(lines) + f"\n) STRICT{order}"


def _column_sql(column: Column, table: Table) -> str:
    sql = f'  "{column.name}" {column.type.upper()}'
    if column.name == table.primary_key:
        sql += " PRIMARY KEY" if column.type == "integer" else " PRIMARY KEY NOT NULL"
    elif column.required:
        sql += " NOT NULL"
    if column.allowed:
        allowed = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in column.allowed)
        sql += f' CHECK ("{column.name}" IN ({allowed}))'
    return sql


def create_indexes(table: Table) -> list[str]:
    """One index for each reference, facet and sort column, or for those listed; the key has its own. None for a view.

    Columns indexed together serve for the first of them alone as well.
    """
    if table.view:
        return []
    wanted = table.indexes
    if wanted is None:
        wanted = [c.name for c in table.columns if c.references] + table.facets + [table.sort]
    leading = {columns[0] for columns in table.joint_indexes}
    single = [[n] for n in dict.fromkeys(wanted) if n not in {table.primary_key, "licence_id", *leading}]
    return [_index_sql(table.name, columns) for columns in [*single, *table.joint_indexes]]


def _index_sql(table: str, columns: list[str]) -> str:
    quoted = ", ".join(f'"{column}"' for column in columns)
    return f'CREATE INDEX "{"_".join([table, *columns])}" ON "{table}" ({quoted})'


def create_search(table: Table) -> list[str]:
    """Full-text search for Datasette's own search box, accents optional."""
    if not table.search:
        return []
    columns = ", ".join(f'"{c}"' for c in table.search)
    return [
        f'CREATE VIRTUAL TABLE "{table.name}_fts" USING fts5({columns}, content="{table.name}", '
        'tokenize="unicode61 remove_diacritics 2")',
        f'INSERT INTO "{table.name}_fts" ("{table.name}_fts") VALUES (\'rebuild\')',
    ]


def insert_sql(table: Table, columns: list[str]) -> str:
    """An INSERT with one place for each of the columns."""
    names = ", ".join(f'"{c}"' for c in columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(columns))})'


def open_for_writing(path: str) -> sqlite3.Connection:
    """A connection to a file that nobody else reads yet: fast, since a broken one is thrown away."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")  # checked whole, once, before the swap
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -200000")
    return connection
