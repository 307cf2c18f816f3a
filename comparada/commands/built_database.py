"""The database that a command needs: where it is, open for reading, or the order that builds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.problems import ComparadaError
from ingest.workspace import Workspace


def built_database(workspace: Workspace) -> Path:
    """The file of the knowledge base. Raises ComparadaError, with the remedy, when it is not built."""
    if not workspace.database.is_file():
        raise ComparadaError(
            f"{workspace.database}: la base no está construida; constrúyala con «comparada build»",
            f"{workspace.database}: the database is not built; build it with 'comparada build'",
        )
    return workspace.database


@contextmanager
def opened_database(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The knowledge base open for reading until the block ends. Raises ComparadaError when it is not built."""
    address = f"{built_database(workspace).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection
