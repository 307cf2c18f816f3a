"""How good the matches are, by statements that were checked by hand: a CSV of statement, given id and verdict.

Verdicts: `right`; `wrong`, tied to something else; `missed`, left alone though it is something known.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

TIED = ("stated_link", "shared_code", "same_address", "same_results", "same_name", "same_full_name", "only_acronym", "same_date",
        "same_shares", "near_date", "same_month", "same_turnout", "close_date", "same_year", "by_order")  # fmt: skip

NOW = """
SELECT source_id || ':' || code, 'election_ids', source_id, match_rule, election_id FROM election_ids
UNION ALL
SELECT source_id || ':' || scheme || ':' || code, 'party_ids', source_id, match_rule, party_id FROM party_ids
"""


@dataclass(frozen=True)
class Judged:
    """The judged statements of one table that a database has.

    `precision`: right ties over all ties; `recall`: right ties over right ties and missed ones. Both weigh each stratum
    (source and rule) by its number of statements; None where nothing of it was judged. `otherwise` lists the
    statements that bear another id than the one judged: judge them anew.
    """

    judged: int
    ties: int
    wrong: int
    missed: int
    precision: float | None
    recall: float | None
    otherwise: tuple[str, ...]


def judge(connection: sqlite3.Connection, verdicts: Path) -> dict[str, Judged]:
    """Precision and recall by table. Raises KeyError when the file lacks a column."""
    now = {row[0]: row[1:] for row in connection.execute(NOW)}
    size = Counter(row[:3] for row in now.values())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    strata: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    otherwise: dict[str, list[str]] = defaultdict(list)
    with verdicts.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table, source, rule, given = now.get(row["statement"], ("", "", "", ""))
            if not table:
                continue  # of a source that is not in this database
            if given != row["given_id"]:
                otherwise[table].append(row["statement"])
                continue
            tied = rule in TIED
            counts[table]["judged"] += 1
            counts[table]["ties"] += tied
            counts[table][row["verdict"]] += 1
            strata[table, source, rule][row["verdict"]] += 1
    return {table: _judged(table, counts[table], strata, size, otherwise[table]) for table in sorted(counts)}


def _judged(
    table: str, counts: Counter[str], strata: dict[tuple[str, str, str], Counter[str]],
    size: Counter[tuple[str, str, str]], otherwise: list[str],
) -> Judged:  # fmt: skip
    right = wrong = missed = 0.0
    for stratum, verdicts in strata.items():
        if stratum[0] != table:
            continue
        weight = size[stratum] / verdicts.total()
        if stratum[2] in TIED:
            right += weight * verdicts["right"]
            wrong += weight * verdicts["wrong"]
        missed += weight * verdicts["missed"]
    return Judged(
        counts["judged"], counts["ties"], counts["wrong"], counts["missed"],
        right / (right + wrong) if right + wrong else None,
        right / (right + missed) if right + missed else None, tuple(otherwise),
    )  # fmt: skip
