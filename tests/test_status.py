"""docs/status.md says of the default knowledge base what the queries beside its figures give."""

from __future__ import annotations

import re
import sqlite3

import pytest
from conftest import REPOSITORY

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (REPOSITORY / "docs" / "status.md").read_text("utf-8").splitlines()
    if line.startswith("| ")
]
ASKED = [(what, figure, told[1:-1]) for what, figure, told in ROWS if told.startswith("`select ")]


def test_most_counts_of_the_status_page_bear_their_query() -> None:
    assert len(ASKED) >= 20


@pytest.mark.parametrize(("what", "figure", "query"), ASKED, ids=[row[0] for row in ASKED])
def test_a_figure_of_the_status_page_is_what_its_query_gives(
    default_db: sqlite3.Connection, what: str, figure: str, query: str
) -> None:
    stated = re.match(r"[\d,]+", figure)
    assert stated, f"{what}: the figure comes first"
    assert int(stated[0].replace(",", "")) == default_db.execute(query).fetchone()[0]
