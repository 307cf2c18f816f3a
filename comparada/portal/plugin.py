"""The Datasette plugin: each hook hands over to the module that does its work.

Only hooks that Datasette 1.0 keeps are used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from datasette import handle_exception as datasettes_handle_exception
from datasette import hookimpl
from datasette.views.base import DatasetteError

from comparada.portal import search_pages, site_files
from comparada.portal.cell_links import CellPainter
from comparada.portal.gate import App, Gate
from comparada.portal.page_context import PageContext
from comparada.portal.plain_errors import explain, word_as_readers_mistake
from comparada.portal.spreadsheet import has_rows, render_xlsx
from comparada.portal.sql_guard import guard_connection
from comparada.portal.watched_database import WatchedDatabase
from comparada.search_words import ADDRESSES
from ingest.table_schema import COMPARADA

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment

Hook = TypeVar("Hook", bound=Callable[..., Any])
# pluggy's marks carry no types
hook = cast(Callable[[Hook], Hook], hookimpl)
first_hook = cast(Callable[[Hook], Hook], hookimpl(tryfirst=True))


@hook
def startup(datasette: Datasette) -> Callable[[], Any]:
    """Opens the files in every thread before the first reader comes."""
    # Datasette prints every refused request with all its variables when rich is installed: half a
    # second of the event loop for each, and a log that anybody can fill.
    datasettes_handle_exception.rich = None

    async def warm() -> None:
        for database in datasette.databases.values():
            if isinstance(database, WatchedDatabase):
                await database.warm(datasette.setting("num_sql_threads"))

    return warm


@hook
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Lets every page, also one that tells of an error, use plain words and lead to the sections."""
    env.globals["explain"] = explain
    env.globals["sections"] = lambda: menu_links(datasette)


@first_hook
def handle_exception(exception: Exception, request: Request) -> None:
    """Says whose mistake it was, before Datasette words the answer."""
    if isinstance(exception, DatasetteError):
        word_as_readers_mistake(exception, request)


@hook
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Bounds what a statement may do; Datasette's own notes in memory need no guard."""
    if database not in ("_internal", "_memory"):
        guard_connection(conn)


@hook
def asgi_wrapper(datasette: Datasette) -> Callable[[App], Gate]:
    """Puts the gate before Datasette."""
    config = datasette.plugin_config("comparada") or {}
    hosts = frozenset(str(host) for host in config.get("hosts") or [])
    return lambda app: Gate(app, datasette, hosts)


@hook
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """The search, robots.txt, the icon and our static files."""
    return [*search_pages.routes(), *site_files.routes()]


@hook
def register_output_renderer() -> dict[str, Any]:
    """Excel workbooks."""
    return {"extension": "xlsx", "render": render_xlsx, "can_render": has_rows}


@hook
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """`portal`: what our templates ask for."""
    return {"portal": PageContext(datasette, request)}


@hook
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Any:
    """Links from identifiers and web addresses."""
    painter: CellPainter | None = datasette.__dict__.get("comparada_painter")
    if painter is None:
        painter = datasette.__dict__["comparada_painter"] = CellPainter(datasette)
    return painter.paint(value, column, table, database)


@hook
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The sections of the site, shown on every page."""
    urls = datasette.urls
    return [
        {"href": urls.path(ADDRESSES["es"]), "label": "Buscar"},
        {"href": urls.database(COMPARADA) + "#preguntas", "label": "Preguntas"},
        {"href": urls.database(COMPARADA) + "#tablas", "label": "Tablas"},
        {"href": urls.table(COMPARADA, "sources"), "label": "Fuentes"},
        {"href": urls.database(COMPARADA) + "#sql", "label": "SQL"},
    ]
