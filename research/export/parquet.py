"""Parquet files, one a table, typed as in the database, for DuckDB, pandas, R and the like."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from research.export.parts import Part, data_tables

TYPES = {"TEXT": "VARCHAR", "INTEGER": "BIGINT", "REAL": "DOUBLE"}
ROWS_AT_ONCE = 50_000


def write_parquet(
    connection: sqlite3.Connection, folder: Path, part: Part, titles: Mapping[str, tuple[str, str]]
) -> None:
    """Write `folder`/<table>.parquet, rows in the order of the database, compressed with zstd."""
    import duckdb  # only this format needs it
    import pandas as pd

    with duckdb.connect() as engine:
        for table in data_tables(connection):
            columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            shape = ", ".join(f'"{c[1]}" {TYPES[c[2]]}' for c in columns)
            engine.execute(f'CREATE TABLE "{table}" ({shape})')
            cursor = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                batch = pd.DataFrame(rows, columns=[c[1] for c in columns], dtype=object)
                engine.register("batch", batch)
                engine.execute(f'INSERT INTO "{table}" SELECT * FROM batch')
                engine.unregister("batch")
            engine.execute(f"COPY \"{table}\" TO '{folder / table}.parquet' (FORMAT parquet, COMPRESSION zstd)")
            engine.execute(f'DROP TABLE "{table}"')
