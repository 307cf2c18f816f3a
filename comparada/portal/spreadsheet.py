"""Rows as an Excel workbook: a sheet of data and a sheet that says what they are and whose."""

from __future__ import annotations

import asyncio
import io
import math
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from comparada.portal.plain_errors import explain
from comparada.portal.watched_database import LARGEST_EXPORT_ROWS, WatchedDatabase
from ingest.table_schema import all_tables

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
LARGEST_EXACT_INTEGER = 2**53
LABELS_AT_ONCE = 1_000

_PAGE_LIMIT = re.compile(r" limit \d+( offset \d+)?\s*\Z")
_UNPRINTABLE = re.compile("[\000-\010\013\014\016-\037\ufffe\uffff]")
_FORMULA_START = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Rows:
    """What is exported: the columns and rows, and whether there were more."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    cut: bool


async def render_xlsx(
    datasette: Datasette,
    request: Request,
    database: str,
    table: str | None,
    query_name: str | None,
    sql: str | None,
    data: dict[str, Any],
) -> Response | None:
    """The whole answer as a workbook, up to LARGEST_EXPORT_ROWS rows; None when there is no answer."""
    if not sql:
        return None
    if data.get("error"):
        return Response.text("\n".join(explain(data["error"])), status=400)
    db = datasette.get_database(database)
    if not isinstance(db, WatchedDatabase):
        return None
    params = data["query"]["params"]
    try:
        columns, rows = await db.rows_to_export(_PAGE_LIMIT.sub("", sql) if table else sql, params)
    except sqlite3.Error as error:
        return Response.text("\n".join(explain(str(error))), status=400)
    found = Rows(columns, rows[:LARGEST_EXPORT_ROWS], len(rows) > LARGEST_EXPORT_ROWS)
    if table and request.args.get("_labels"):
        found = await _with_labels(datasette, database, table, found)
    title = _title(datasette, database, table, query_name)
    notes = [*_notes(found, title, request.url), *await _terms(datasette, database, found)]
    body = await asyncio.to_thread(workbook, found, notes, table)
    name = re.sub(r"[^A-Za-z0-9_-]", "_", table or query_name or database)
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(body, headers=headers, content_type=CONTENT_TYPE)


async def _with_labels(datasette: Datasette, database: str, table: str, found: Rows) -> Rows:
    """The rows with a column of labels after each reference, as the CSV of the page has them."""
    columns = list(found.columns)
    rows = [list(row) for row in found.rows]
    for column in [c for c in all_tables()[table].columns if c.references] if table in all_tables() else []:
        if column.name not in columns:
            continue
        at = columns.index(column.name)
        values = sorted({row[at] for row in rows if row[at] is not None}, key=str)
        labels: dict[Any, Any] = {}
        for start in range(0, len(values), LABELS_AT_ONCE):
            some = values[start : start + LABELS_AT_ONCE]
            found_labels = await datasette.expand_foreign_keys(database, table, column.name, some)
            labels |= {value: label for (_, value), label in found_labels.items()}
        columns.insert(at + 1, f"{column.name}_label")
        for row in rows:
            row.insert(at + 1, labels.get(row[at]))
    return Rows(columns, rows, found.cut)


def workbook(found: Rows, notes: Iterable[Sequence[str]], table: str | None = None) -> bytes:
    """The bytes of a workbook with the sheets «datos» and «léame · read me». Text is never a formula."""
    import openpyxl  # type: ignore[import-untyped]  # takes a third of a second, and few need it

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("datos")
    sheet.freeze_panes = "A2"
    sheet.append(_cells(sheet, found.columns, bold=True))
    for row in found.rows:
        sheet.append(_cells(sheet, row))
    told = book.create_sheet("léame · read me")
    told.column_dimensions["A"].width = 28
    told.column_dimensions["B"].width = 90
    for note in notes:
        told.append(_cells(told, note))
    for note in _column_notes(found.columns, table):
        told.append(_cells(told, note))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(sheet: Any, values: Iterable[Any], bold: bool = False) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Font  # type: ignore[import-untyped]

    cells: list[Any] = []
    for value in values:
        plain = _plain(value)
        if isinstance(plain, str) and (bold or plain.startswith(_FORMULA_START)):
            cell = WriteOnlyCell(sheet, value=plain)
            cell.data_type = "s"  # else openpyxl takes "=1+1" for a formula
            if bold:
                cell.font = Font(bold=True)
            else:
                cell.quotePrefix = True  # and it stays text when somebody edits it
            cells.append(cell)
        else:
            cells.append(plain)
    return cells


def _plain(value: Any) -> str | int | float | None:
    if value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_EXACT_INTEGER:
        return value
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    text = _UNPRINTABLE.sub("", str(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _title(datasette: Datasette, database: str, table: str | None, query_name: str | None) -> str:
    if query_name:
        queries = datasette.metadata("queries", database=database, fallback=False) or {}
        return str(queries.get(query_name, {}).get("title") or query_name)
    described = all_tables().get(table or "")
    return f"{described.title.es} · {described.title.en}" if described else "Consulta SQL · SQL query"


def _notes(found: Rows, title: str, url: str) -> list[Sequence[str]]:
    notes: list[Sequence[str]] = [
        ("Contenido · Content", title),
        ("Dirección · Address", url),
        ("Filas · Rows", f"{len(found.rows):,}"),
    ]
    if found.cut:
        notes.append(
            (
                "AVISO · NOTE",
                f"Hay más filas: este archivo trae las primeras {LARGEST_EXPORT_ROWS:,}. Las tablas completas se "
                f"descargan en CSV. · There are more rows: this file has the first {LARGEST_EXPORT_ROWS:,}. Whole "
                "tables can be downloaded as CSV.",
            )
        )
    return notes


async def _terms(datasette: Datasette, database: str, found: Rows) -> list[Sequence[str]]:
    """The sources and licences of the rows, when they say which."""
    told: list[Sequence[str]] = [("", "")]
    for column, table, shown in (
        ("source_id", "sources", "citation"),
        ("licence_id", "licences", "name_es || ' · ' || name_en || coalesce(' · ' || url, '')"),
    ):
        if column not in found.columns:
            continue
        at = list(found.columns).index(column)
        ids = sorted({row[at] for row in found.rows if row[at]}, key=str)[:50]
        places = ", ".join("?" * len(ids))
        sql = f"select {column}, {shown} from {table} where {column} in ({places}) order by 1"
        heading = "Fuente · Source" if table == "sources" else "Licencia · Licence"
        rows = (await datasette.get_database(database).execute(sql, ids)).rows
        told += [(heading, f"{row[0]}: {row[1]}") for row in rows]
    if len(told) == 1:
        told.append(
            (
                "Licencia · Licence",
                "Estas filas no nombran su licencia: véanse las tablas sources y licences. · These rows do not name "
                "their licence: see the tables sources and licences.",
            )
        )
    return told


def _column_notes(columns: Sequence[str], table: str | None) -> list[Sequence[str]]:
    described = all_tables().get(table or "")
    if described is None:
        return []
    notes: list[Sequence[str]] = [("", ""), ("Columna · Column", "Qué contiene · What it holds")]
    for column in described.columns:
        if column.name in columns:
            unit = f" [{column.unit}]" if column.unit else ""
            notes.append((column.name, f"{column.described.es} · {column.described.en}{unit}"))
    return notes


def has_rows(columns: Sequence[str], view_name: str) -> bool:
    """Whether a page is offered as a workbook: tables and queries are, single rows are not."""
    return bool(columns) and view_name in ("table", "database")
