"""Published documents into `products` and `product_figures`, and their text into `documents`, at every build."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from pathlib import Path
from typing import Any

from research.licensing import Licensing
from research.publishing.record import Record, read_records
from research.publishing.searchable import document_row, sections_of

SOURCE_ID = "comparada-documents"


def fill_products(connection: sqlite3.Connection, products: Path) -> None:
    """A row a published document, a row a figure, and the text for the search. Raises TextError for a spoilt record."""
    licensing = Licensing(connection)
    for record in read_records(products):
        _insert_text(connection, products, record, licensing)
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


def _insert_text(connection: sqlite3.Connection, products: Path, record: Record, licensing: Licensing) -> None:
    product = record.product
    page = products / product.product_id / "publicado" / f"{product.product_id}.html"
    known = connection.execute("SELECT 1 FROM sources WHERE source_id = ?", (SOURCE_ID,)).fetchone()
    if not page.is_file() or not known:
        return
    used = {f.source_id for f in record.figures if f.source_id}
    provenance = {"source_id": SOURCE_ID, "licence_id": licensing.strictest(used)}
    sections = list(sections_of(page))
    document = document_row(product, len(sections))
    _insert(connection, "documents", {**document, "raw_query": f"comparada publish {product.product_id}", **provenance})
    for topic in product.topics:
        _insert(
            connection, "document_topics", {"document_id": document["document_id"], "topic_id": topic, **provenance}
        )
    for position, section in enumerate(sections, start=1):
        _insert(connection, "document_sections", {
            "section_id": f"{document['document_id']}/{section.key}", "document_id": document["document_id"],
            "position": position, "level": section.level, "kind": "heading", "heading": section.heading,
            "heading_path": section.path, "anchor": section.key, "language": product.language, "text": section.text,
            **provenance,
        })  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
