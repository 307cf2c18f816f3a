"""A Frictionless data package: a CSV file a table, and datapackage.json with titles, units, keys and licences."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from research.export.parts import Part, data_tables, references

TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}


def write_package(
    connection: sqlite3.Connection, folder: Path, part: Part, titles: Mapping[str, tuple[str, str]]
) -> None:
    """Write `folder`/data/*.csv and `folder`/datapackage.json, valid by the Data Package standard, version 1."""
    (folder / "data").mkdir()
    described = {
        (t, c): (es, en, unit)
        for t, c, es, en, unit in connection.execute(
            "SELECT table_name, column_name, description_es, description_en, unit FROM columns"
        )
    }
    tables = data_tables(connection)
    for table in tables:
        _write_csv(connection, table, folder / "data" / f"{table}.csv")
    version = connection.execute("SELECT data_version FROM builds").fetchone()
    package = {
        "profile": "tabular-data-package",
        "name": f"comparada-{part.key}",
        "title": f"Comparada: {part.title_es} · {part.title_en}",
        "version": version[0] if version else "",
        "licenses": [
            {"name": key, "title": name, **({"path": url} if url else {})}
            for key, name, url in connection.execute("SELECT licence_id, name_en, url FROM licences ORDER BY 1")
        ],
        "sources": [
            {"title": f"{title}. {citation}", "path": url}
            for title, citation, url in connection.execute(
                "SELECT title_en, citation, homepage_url FROM sources ORDER BY source_id"
            )
        ],
        "resources": [_resource(connection, t, titles.get(t, (t, t)), described) for t in tables],
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _write_csv(connection: sqlite3.Connection, table: str, path: Path) -> None:
    cursor = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([c[0] for c in cursor.description])
        writer.writerows(cursor)


def _resource(
    connection: sqlite3.Connection, table: str, title: tuple[str, str],
    described: Mapping[tuple[str, str], tuple[str, str, str | None]],
) -> dict[str, Any]:  # fmt: skip
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    fields = []
    for _, name, kind, not_null, _, is_key in columns:
        es, en, unit = described.get((table, name), ("", "", None))
        field: dict[str, Any] = {"name": name, "type": TYPES[kind], "description": f"{es} · {en}"}
        if unit:
            field["unit"] = unit
        if not_null or is_key:
            field["constraints"] = {"required": True}
        fields.append(field)
    keys = [
        {"fields": column, "reference": {"resource": "" if other == table else other, "fields": key}}
        for column, other, key in references(connection, table)
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "title": f"{title[0]} · {title[1]}",
        "path": f"data/{table}.csv",
        "encoding": "utf-8",
        "schema": {
            "fields": fields,
            "missingValues": [""],
            "primaryKey": next(c[1] for c in columns if c[5]),
            **({"foreignKeys": keys} if keys else {}),
        },
    }
