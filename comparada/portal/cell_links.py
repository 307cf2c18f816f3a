"""Cells that lead somewhere or say more: an identifier to its row, a web address to its page, a code with its meaning."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from markupsafe import Markup, escape

from ingest.descriptor.words import Text
from ingest.table_schema import COMPARADA, DATABASES, all_tables

if TYPE_CHECKING:
    from datasette.app import Datasette

CELLS_BETWEEN_PAUSES = 400

_ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")
_DOI = re.compile(r"10\.\d{4,9}/\S+\Z")


class CellPainter:
    """Datasette's render_cell for one server; now and then it lets other requests have their turn."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self._cells = 0

    def paint(self, value: Any, column: str, table: str | None, database: str) -> Any:
        """Markup for the cell, an awaitable of it, or None to leave it as it is."""
        self._cells += 1
        if isinstance(value, str) and (link := _web_link(value)):
            return link
        if isinstance(value, str) and table and (meaning := meaning_of(table, column, value)):
            return coded(value, meaning)
        if isinstance(value, str | int) and value != "":
            other = _other_table(column, table)
            home = _database_with(other, database)
            if other and home:
                return self._row_link(home, other, value, with_label=table is not None)
        if self._cells % CELLS_BETWEEN_PAUSES == 0:
            return _pause()
        return None

    def _row_link(self, database: str, table: str, value: str | int, with_label: bool) -> Any:
        address = self._datasette.urls.row(database, table, tilde_encode(str(value)))
        link = Markup('<a href="{}">{}</a>').format(address, value)
        return self._labelled(link, database, table, value) if with_label else link

    async def _labelled(self, link: Markup, database: str, table: str, value: str | int) -> Markup:
        described = all_tables()[table]
        if not described.label:
            return link
        db = self._datasette.get_database(database)
        if not await db.table_exists(table):
            return link
        sql = f'select "{described.label}" from "{table}" where "{described.primary_key}" = ?'
        found = (await db.execute(sql, [value])).first()
        return link + Markup(" <span>{}</span>").format(found[0]) if found else link


def _web_link(text: str) -> Markup | None:
    text = text.strip()
    if _ADDRESS.match(text):
        shown = text if len(text) <= 80 else text[:77] + "…"
        return Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(text, shown)
    if _DOI.match(text):
        return Markup('<a href="https://doi.org/{}" rel="nofollow noopener">{}</a>').format(escape(text), text)
    return None


def coded(code: str, meaning: Text) -> Markup:
    """A code as pages show it: what it means in Spanish, in English where there is room for it, and the code."""
    said = escape(meaning.es) if meaning.en == code else both(meaning)
    return said + Markup(' <em title="{}">{}</em>').format(meaning.en, code)


def both(text: Text) -> Markup:
    """A text in Spanish with its English beside it, unless it is the same in both."""
    if text.en == text.es:
        return escape(text.es)
    return Markup('{} <span lang="en" class="en">{}</span>').format(text.es, text.en)


def meaning_of(table: str, column: str, code: str) -> Text | None:
    """What a code in a column of ours means; None where the column has no list of codes, or not this one."""
    return _meanings().get((table, column), {}).get(code)


@lru_cache
def _meanings() -> dict[tuple[str, str], dict[str, Text]]:
    return {(name, c.name): c.meanings for name, table in all_tables().items() for c in table.columns}


@lru_cache
def _keys() -> dict[str, str]:
    """Column → the table whose key is called so."""
    return {table.primary_key: name for name, table in all_tables().items() if table.primary_key and not table.view}


def _other_table(column: str, table: str | None) -> str | None:
    """The table that a column of `table` refers to; in a query's result, the one whose key it is named for."""
    if table is None:
        return _keys().get(column)
    described = all_tables().get(table)
    if described is None:
        return None
    return next((c.references or c.identity for c in described.columns if c.name == column), None)


def _database_with(table: str | None, database: str) -> str | None:
    """Where a row of `table` is found from a page of `database`: there, else in the knowledge base; None: nowhere."""
    if table is None or database not in DATABASES:
        return None
    homes = all_tables()[table].databases
    return database if database in homes else COMPARADA if COMPARADA in homes else None


async def _pause() -> None:
    await asyncio.sleep(0)
