"""Where an entry of the search leads: the page of its row, or the rows of a country and a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from ingest.table_schema import COMPARADA

if TYPE_CHECKING:
    from datasette.app import Datasette

# Tables that an entry of kind `answer` may stand for → the column that names the variable there, and the time column.
SERIES = {"answers": ("variable_id", "valid_from"), "published_indices": ("index_id", "year")}


def row_address(datasette: Datasette, table: str, key: str) -> str:
    """The page of one row."""
    return str(datasette.urls.row(COMPARADA, table, tilde_encode(key)))


def entry_address(datasette: Datasette, kind: str, table: str, key: str) -> str:
    """The page of a hit; for the answers of a country to a variable, the latest first."""
    if kind == "answer" and table in SERIES:
        variable, jurisdiction = key.rsplit("/", 1)
        column, time = SERIES[table]
        wanted = {column: variable, "jurisdiction_id": jurisdiction, "_sort_desc": time}
        return f"{datasette.urls.table(COMPARADA, table)}?{urlencode(wanted)}"
    return row_address(datasette, table, key)
