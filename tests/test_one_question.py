"""A table in a document and `comparada compare` of the same countries, variables and time say the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import pytest

from research.comparison import Comparison, compare
from research.directives.asking import Asking
from research.directives.content import TableContent
from research.directives.resolve import resolve
from research.directives.syntax import find_directives
from research.names import Names

Db = sqlite3.Connection
LATEST = "2026-11-24"
Said = tuple[str, str, str | None, str, str, object]  # country, variable, body, source, period, answer


def portions(names: Sequence[str], size: int) -> Iterator[list[str]]:
    yield from (list(names[at : at + size]) for at in range(0, len(names), size))


def of_documents(
    connection: Db, names: Names, period: str | None, places: list[str], variables: list[str]
) -> set[Said]:
    """What tables in a text say, as many tables as a page needs."""
    told: set[Said] = set()
    for some in portions(variables, 2):
        for rows in portions(places, 60):
            written = f"[[tabla: {'; '.join(rows)} | {'; '.join(some)}{f' | {period}' if period else ''} | columnas: variables]]"
            contents, faults = resolve(Asking(connection, names, "es", LATEST), find_directives(written))
            assert all("no hay dato" in f.es for f in faults), faults
            for _, content in contents:
                assert isinstance(content, TableContent)
                told |= {
                    (str(c.jurisdiction_id), str(c.variable_id), c.tier, str(c.source_id), c.period, c.value if c.value is not None else c.value_text)
                    for c in content.cited
                }  # fmt: skip
    return told


def of_comparisons(
    connection: Db, names: Names, period: str | None, places: list[str], variables: list[str]
) -> set[Said]:
    """What the comparison says of the same, asked in the same portions: its columns are those of the countries beside each other."""
    told: set[Said] = set()
    day = f"{period}-12-31" if period and len(period) == 4 else period or LATEST
    for some in portions(variables, 2):
        for rows in portions(places, 60):
            asked = Comparison(tuple(some), tuple(rows), day=day, latest=period is None)
            for (place, _, variable, tier), cell in compare(connection, asked, names).cells.items():
                if (e := cell.evidence) is not None:
                    said = e.value if e.value is not None else (e.option.es if e.option else e.text)
                    told.add((place, variable, tier, e.source_id, e.period, said))
    return told


@pytest.mark.parametrize("period", [None, "2021", "1994-08-21"])
def test_a_table_says_what_the_comparison_says(default_db: Db, period: str | None) -> None:
    names = Names(default_db)
    answered = "SELECT variable_id FROM coverage WHERE answers_count > 0 UNION SELECT index_id FROM election_indices"
    variables = [str(r[0]) for r in default_db.execute(answered)]
    places = [str(r[0]) for r in default_db.execute("SELECT jurisdiction_id FROM jurisdictions ORDER BY 1")]
    tables, comparisons = (say(default_db, names, period, places, variables) for say in (of_documents, of_comparisons))
    only_here, only_there = sorted(tables - comparisons, key=str), sorted(comparisons - tables, key=str)
    assert len(comparisons) > 5_000
    assert not only_here and not only_there, (
        f"{len(comparisons)}: {len(only_here)} {only_here[:5]}, {len(only_there)} {only_there[:5]}"
    )
