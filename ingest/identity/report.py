"""What was matched, what was left open and what stands alone: `python -m ingest.identity.report [DATABASE]`.

`--list ambiguous|alone` prints the statements; `--sample N --seed S` a sample spread over tables, sources
(`--source`, or all) and rules, as CSV, for checking by hand; `--judged FILE` the precision and recall that such verdicts give.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TextIO

from ingest.identity.judging import Judged, judge

COUNTS = """
SELECT 'election_ids' AS statements, source_id, chamber AS kind, match_rule, count(*) FROM election_ids GROUP BY 1, 2, 3, 4
UNION ALL
SELECT 'party_ids', source_id, scheme, match_rule, count(*) FROM party_ids GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 5 DESC
"""

AMBIGUOUS = """
SELECT 'election_ids' AS statements, source_id, code, stated_date AS told, election_id AS given, candidates
FROM election_ids WHERE match_rule = 'ambiguous'
UNION ALL
SELECT 'party_ids', source_id, scheme || ' ' || code, coalesce(short_name || ': ', '') || coalesce(name_en, name, ''),
       party_id, candidates
FROM party_ids WHERE match_rule = 'ambiguous'
ORDER BY 1, 2, 3
"""

# An election alone: told by one source, though another tells elections of the body both before and after.
ALONE = """
WITH spans AS (
  SELECT source_id, jurisdiction_id, chamber, min(substr(stated_date, 1, 4)) AS first, max(substr(stated_date, 1, 4)) AS last
  FROM election_ids GROUP BY 1, 2, 3
)
SELECT 'election_ids' AS statements, i.source_id, i.code, i.stated_date AS told, i.election_id AS given,
       group_concat(DISTINCT s.source_id) AS not_in
FROM election_ids i JOIN elections e USING (election_id)
JOIN spans s ON s.jurisdiction_id = i.jurisdiction_id AND s.chamber = i.chamber AND s.source_id <> i.source_id
  AND s.first <= substr(i.stated_date, 1, 4) AND s.last >= substr(i.stated_date, 1, 4)
WHERE e.sources_count = 1 GROUP BY i.election_statement_id
UNION ALL
SELECT 'party_ids', source_id, scheme || ' ' || code, coalesce(short_name || ': ', '') || coalesce(name_en, name, ''),
       party_id, ''
FROM party_ids p WHERE match_rule = 'first_statement' AND scheme = 'parlgov'
  AND NOT EXISTS (SELECT 1 FROM party_ids o WHERE o.party_id = p.party_id AND o.source_id <> p.source_id)
ORDER BY 1, 2, 3
"""

STATEMENTS = """
SELECT 'election_ids', source_id, match_rule, source_id || ':' || code, election_id FROM election_ids
UNION ALL
SELECT 'party_ids', source_id, match_rule, source_id || ':' || scheme || ':' || code, party_id FROM party_ids
ORDER BY 1, 2, 3, 4
"""


def sample(
    connection: sqlite3.Connection, size: int, seed: int, sources: Sequence[str] = ()
) -> Iterator[tuple[str, str, str, str]]:
    """About `size` statements as (table, statement, id given, rule), the same number from each stratum while it lasts.

    A stratum is a table, a source and a rule. `sources`: only these, or all.
    """
    strata: dict[tuple[str, str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for table, source, rule, statement, given in connection.execute(STATEMENTS):
        if not sources or source in sources:
            strata[table, source, rule].append((table, statement, given, rule))
    chance = random.Random(seed)
    piles = [chance.sample(rows, len(rows)) for _, rows in sorted(strata.items())]
    drawn: list[tuple[str, str, str, str]] = []
    while len(drawn) < size and any(piles):
        drawn += [pile.pop() for pile in piles if pile]
    yield from sorted(drawn[:size])


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Print the report, a list or a sample. Returns 0; 2 when the database is not there."""
    parser = argparse.ArgumentParser(prog="python -m ingest.identity.report", description=__doc__.splitlines()[0])
    parser.add_argument("database", type=Path, nargs="?", default=Path("build/comparada.db"))
    parser.add_argument("--list", choices=("ambiguous", "alone"))
    parser.add_argument("--judged", type=Path, metavar="VERDICTS")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--source", action="append", default=[], metavar="SOURCE")
    parser.add_argument("--seed", type=int, default=20_180_701)
    options = parser.parse_args(arguments)
    if not options.database.is_file():
        print(f"{options.database}: no existe; «comparada build» · does not exist: 'comparada build'", file=sys.stderr)
        return 2
    connection = sqlite3.connect(f"{options.database.resolve().as_uri()}?mode=ro", uri=True)
    if options.sample:
        print(f"seed {options.seed}", file=sys.stderr)
        _write(
            out,
            ("table", "statement", "given_id", "rule"),
            sample(connection, options.sample, options.seed, options.source),
        )
        return 0
    if options.judged:
        header = [column.name for column in fields(Judged)]
        told = judge(connection, options.judged)
        _write(out, ["table", *header], ([t, *(getattr(j, c) for c in header)] for t, j in told.items()))
        return 0
    sql = {"ambiguous": AMBIGUOUS, "alone": ALONE, None: COUNTS}[options.list]
    rows = connection.execute(sql)
    _write(out, [column[0] for column in rows.description], rows)
    return 0


def _write(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


if __name__ == "__main__":
    raise SystemExit(main())
