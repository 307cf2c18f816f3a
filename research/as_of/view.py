"""The view `answers_as_of`: the answers with the days for which each may be taken."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def create_view(connection: sqlite3.Connection) -> None:
    """Put the view into a database that has the answers."""
    connection.execute((Path(__file__).parent / "answers_as_of.sql").read_text("utf-8"))
