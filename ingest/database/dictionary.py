"""The data dictionary that a database carries: its columns, and what the codes in them mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ingest.database.sources import Row
from ingest.table_schema import Table


def dictionary(tables: Mapping[str, Table]) -> dict[str, Iterable[Row]]:
    """Rows of `columns` and `column_values`, by table, for a database with these tables."""
    described = sorted(tables.values(), key=lambda table: table.name)
    return {"columns": _columns(described), "column_values": _values(described)}


def _columns(tables: Iterable[Table]) -> Iterator[Row]:
    for table in tables:
        for position, column in enumerate(table.columns, start=1):
            yield {
                "column_id": f"{table.name}.{column.name}",
                "table_name": table.name,
                "column_name": column.name,
                "position": position,
                "type": column.type,
                "unit": column.unit,
                "references_table": column.references,
                "description_es": column.described.es,
                "description_en": column.described.en,
            }


def _values(tables: Iterable[Table]) -> Iterator[Row]:
    for table in tables:
        for column in table.columns:
            for position, (code, meaning) in enumerate(column.meanings.items(), start=1):
                yield {
                    "value_id": f"{table.name}.{column.name}.{code}",
                    "column_id": f"{table.name}.{column.name}",
                    "value": code,
                    "position": position,
                    "name_es": meaning.es,
                    "name_en": meaning.en,
                }
