"""metadata.yml: its head and questions are written by hand, its tables blocks are made from ingest/tables.

`python -m comparada.metadata` rewrites the block of each database between its two marks and leaves every other
line as it is.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from ingest.table_schema import COMPARADA, STATIONS, Column, Database, Table, load_tables

FIRST_MARK = "    # --- tables: made by `python -m comparada.metadata` from ingest/tables; not by hand ---"
LAST_MARK = "    # --- end of tables ---"
MARKS: dict[Database, tuple[str, str]] = {
    COMPARADA: (FIRST_MARK, LAST_MARK),
    STATIONS: (
        "    # --- tables of stations: made by `python -m comparada.metadata` from ingest/tables; not by hand ---",
        "    # --- end of tables of stations ---",
    ),
}

_EACH_ROW_LICENCE = "Cada fila dice su licencia · Each row states its licence"
_EACH_ROW_SOURCE = "Cada fila dice su fuente · Each row states its source"
_OWN = "Comparada, a partir de las fuentes · Comparada, from the sources"


def metadata_with_tables(text: str) -> str:
    """The text of a metadata.yml with its tables blocks made anew. Raises ValueError without the two marks."""
    lines = text.splitlines()
    for database, (first, last) in MARKS.items():
        if lines.count(first) != 1 or lines.count(last) != 1:
            raise ValueError(f"metadata.yml needs these two lines once each:\n{first}\n{last}")
        before = lines[: lines.index(first) + 1]
        after = lines[lines.index(last) :]
        lines = [*before, *_block(database), *after]
    return "\n".join(lines) + "\n"


def is_current(path: Path) -> bool:
    """Whether the tables blocks of that metadata.yml say what ingest/tables says now."""
    text = path.read_text("utf-8")
    return metadata_with_tables(text) == text


def tables_metadata(database: Database = COMPARADA) -> dict[str, Any]:
    """What Datasette is told of each table of a database, by name."""
    return {name: _table(table, database) for name, table in sorted(load_tables(database).items())}


def _block(database: Database) -> list[str]:
    written: str = yaml.safe_dump(
        {"tables": tables_metadata(database)}, allow_unicode=True, sort_keys=False, width=1_000_000
    )
    return [f"    {line}" for line in written.splitlines()]


def _table(table: Table, database: Database) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": f"{table.title.es} · {table.title.en}",
        "description": f"{table.description.es} · {table.description.en}",
        "source": _OWN,
        "source_url": f"/{database}/sources",
        "license": _EACH_ROW_LICENCE,
        "license_url": f"/{database}/licences",
        "columns": {column.name: _column(column) for column in table.columns},
        "sort": table.sort,
    }
    if any(column.name == "source_id" for column in table.columns):
        described["source"] = _EACH_ROW_SOURCE
    if not any(column.name == "licence_id" for column in table.columns):
        described["license"] = "Licencias de las fuentes · Licences of the sources"
    if table.label:
        described["label_column"] = table.label
    if table.facets:
        described["facets"] = list(table.facets)
    return described


def _column(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.described.es} · {column.described.en}{unit}"


def main(arguments: list[str] | None = None) -> int:
    """Rewrites the blocks, or with --check only says whether they are current. 0 well, 1 out of date."""
    parser = argparse.ArgumentParser(prog="python -m comparada.metadata", description=main.__doc__)
    parser.add_argument("path", type=Path, nargs="?", default=Path("metadata.yml"))
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    current = is_current(options.path)
    if options.check:
        print("al día · current" if current else "atrasado · out of date", file=sys.stderr)
        return 0 if current else 1
    if not current:
        options.path.write_text(metadata_with_tables(options.path.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
