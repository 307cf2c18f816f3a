"""The records of published documents into `products` and `product_figures`, at every build."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from pathlib import Path
from typing import Any

from research.publishing.record import read_records


def fill_products(connection: sqlite3.Connection, products: Path) -> None:
    """A row a published document and a row a figure. Raises TextError for a record that cannot be read."""
    for record in read_records(products):
        row: dict[str, Any] = dataclasses.asdict(record.product)
        for column in ("countries", "topics"):
            row[column] = json.dumps(row[column])
        _insert(connection, "products", row)
        for figure in record.figures:
            product_id = record.product.product_id
            _insert(
                connection, "product_figures",
                {"figure_id": f"{product_id}#{figure.number:04}", "product_id": product_id, **dataclasses.asdict(figure)},
            )  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
