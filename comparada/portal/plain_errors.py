"""What SQLite and Datasette say of a failed query, in plain Spanish and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datasette.views.base import DatasetteError

from comparada.portal.sql_guard import LARGEST_RESULT_CELLS, LARGEST_VALUE_BYTES
from comparada.portal.watched_database import LARGEST_EXPORT_CELLS, LARGEST_EXPORT_ROWS

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

_PROHIBITED = re.compile(r"prohibited|not authorized")

_KNOWN = (
    (
        re.compile(r"interrupted|took too long"),
        "La consulta tardó más de lo permitido (un segundo). Añada una condición o un LIMIT.",
        "The query took longer than allowed (one second). Add a condition or a LIMIT.",
    ),
    (
        _PROHIBITED,
        "La consulta usa una función, una tabla o una orden que aquí no está permitida. "
        "Solo se leen las tablas publicadas.",
        "The query uses a function, a table or a command that is not allowed here. "
        "Only the published tables can be read.",
    ),
    (
        re.compile(r"too big|out of memory"),
        f"La consulta forma un valor demasiado grande (más de {LARGEST_VALUE_BYTES:,} caracteres) "
        "o pide demasiada memoria.",
        f"The query builds a value that is too large (over {LARGEST_VALUE_BYTES:,} characters) "
        "or asks for too much memory.",
    ),
    (
        re.compile(r"result too large"),
        f"El resultado es demasiado grande: caben {LARGEST_RESULT_CELLS:,} celdas en una página, "
        f"{LARGEST_EXPORT_CELLS:,} en un archivo, y menos si los textos son muy largos. "
        "Pida menos columnas o menos filas.",
        f"The result is too large: a page holds {LARGEST_RESULT_CELLS:,} cells, a file {LARGEST_EXPORT_CELLS:,}, "
        "and fewer when the texts are very long. Ask for fewer columns or rows.",
    ),
    (
        re.compile(r"more than \d+ rows"),
        f"El archivo tendría más de {LARGEST_EXPORT_ROWS:,} filas. Añada una condición o un LIMIT; "
        "las tablas completas se descargan en CSV desde su página.",
        f"The file would have more than {LARGEST_EXPORT_ROWS:,} rows. Add a condition or a LIMIT; "
        "whole tables can be downloaded as CSV from their page.",
    ),
    (
        re.compile(r"Statement must be a SELECT|disallowed PRAGMA"),
        "Solo se admiten consultas que leen: SELECT o WITH.",
        "Only queries that read are accepted: SELECT or WITH.",
    ),
    (
        re.compile(r"one statement at a time"),
        "Escriba una sola consulta cada vez.",
        "Write one query at a time.",
    ),
    (
        re.compile(r"no such column|Cannot (sort|search)|invalid column"),
        "La consulta nombra una columna que no existe.",
        "The query names a column that does not exist.",
    ),
    (re.compile(r"no such table"), "La consulta nombra una tabla que no existe.", "There is no such table."),
    (
        re.compile(r"no such function"),
        "La consulta nombra una función que no existe.",
        "There is no such function.",
    ),
    (
        re.compile(r"fts5|unterminated string|malformed MATCH"),
        "Lo que se busca está mal escrito: revise las comillas, los paréntesis y los signos.",
        "The search is malformed: check the quotation marks, brackets and signs.",
    ),
    (
        re.compile(r"supply a value for binding"),
        "Falta el valor de un parámetro de la consulta.",
        "A parameter of the query has no value.",
    ),
    (
        re.compile(r"integer overflow"),
        "Un cálculo de la consulta da un número demasiado grande.",
        "The query computes a number that is too large.",
    ),
    (
        re.compile(r"syntax error|incomplete input|unrecognized token"),
        "La consulta SQL está mal escrita.",
        "The SQL query has a syntax error.",
    ),
    (
        re.compile(r"stack overflow|too deep|too many|too large|limit"),
        "La consulta es demasiado complicada.",
        "The query is too complex.",
    ),
    (re.compile(r"(Table|Record|Database) not found"), "No existe esa página.", "There is no such page."),
    (re.compile(r"^404$"), "No existe esa página.", "There is no such page."),
)


def explain(message: str) -> tuple[str, str]:
    """The failure in Spanish and in English; a general sentence when it is not a known one."""
    for pattern, es, en in _KNOWN:
        if pattern.search(message):
            return es, en
    return "No se pudo responder a esta petición.", "This request could not be answered."


def word_as_readers_mistake(error: DatasetteError, request: Request) -> None:
    """Mends an error that Datasette raises about the address or the statement of a reader.

    Datasette counts some of them (an unknown column to sort by) as failures of its own, and words the one
    about time in HTML, also where JSON was asked for. A statement comes back on the page, to be corrected.
    """
    if error.status >= 500:
        error.status = 400
    if error.title == "SQL Interrupted":
        error.message, error.message_is_html = "SQL query took too long", False
    if error.title in ("SQL Interrupted", "Invalid SQL") and "." not in request.path and request.args.get("sql"):
        error.error_dict = {**error.error_dict, "sql": request.args["sql"], "sql_address": request.path}
