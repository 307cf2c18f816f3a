"""Data frames into tables, with running numbers and without NaN."""

from __future__ import annotations

import sqlite3

import pandas as pd


def fill(connection: sqlite3.Connection, table: str, number: str | None, rows: pd.DataFrame) -> None:
    """Insert the rows in their order; `number` is a key to count from 1. NaN and NA become NULL."""
    columns = list(rows.columns)
    values = rows.astype(object).where(rows.notna(), None)
    if number:
        values.insert(0, number, range(1, len(rows) + 1))
        columns = [number, *columns]
    names = ", ".join(f'"{c}"' for c in columns)
    places = ", ".join("?" * len(columns))
    connection.executemany(
        f'INSERT INTO "{table}" ({names}) VALUES ({places})', values.itertuples(index=False, name=None)
    )
