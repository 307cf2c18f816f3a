"""The page of an election or a party under an id that it no longer bears leads to the page it has now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datasette.utils import tilde_decode, tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette

# table → (its table of former ids, the column of the present one)
REDIRECTS = {"elections": ("election_redirects", "election_id"), "parties": ("party_redirects", "party_id")}

_ROW = re.compile(r"/(?P<database>[^/]+)/(?P<table>[^/]+)/(?P<key>[^/.]+)(?P<suffix>\.json)?\Z")


async def present_address(datasette: Datasette, path: str) -> str | None:
    """Where the row page of a former id has gone; None for every other path. `path` is without the query string."""
    found = _ROW.search(path)
    if found is None or found["table"] not in REDIRECTS or found["database"] not in datasette.databases:
        return None
    redirects, column = REDIRECTS[found["table"]]
    db = datasette.get_database(found["database"])
    if not await db.table_exists(redirects):
        return None
    sql = f"select {column} from {redirects} where old_id = ?"
    row = (await db.execute(sql, [tilde_decode(found["key"])])).first()
    if row is None:
        return None
    address: str = datasette.urls.row(found["database"], found["table"], tilde_encode(row[0]))
    return address + (found["suffix"] or "")
