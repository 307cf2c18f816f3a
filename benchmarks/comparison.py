"""A comparison of 40 countries × 20 variables on one date, by the function and beside plain SQL on the same cells.

    .venv/bin/python benchmarks/comparison.py [build/comparada.db]

The plain SQL only reads the rows of the date's year: no choice of sources, ages, reasons, differences or notes. Prints the
machine, medians of seven runs and their ratio.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from research.comparison import Comparison, compare
from research.names import Names

COUNTRIES, VARIABLES, RUNS = 40, 20, 7
BUDGET_SECONDS = 0.5


def median_seconds(work: Callable[[], object]) -> float:
    """The median time of `RUNS` runs, after one that fills the caches."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    """Print the times. Ends with 1 when there is no database."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "build/comparada.db")
    if not path.is_file():
        print(f"{path}: there is no database: run 'comparada build'", file=sys.stderr)
        return 1
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    names = Names(connection)
    states = "SELECT jurisdiction_id FROM jurisdictions WHERE kind = 'state' ORDER BY 1 LIMIT ?"
    countries = tuple(str(row[0]) for row in connection.execute(states, (COUNTRIES,)))
    answered = "SELECT variable_id FROM coverage WHERE answered_in = 'answers' ORDER BY answers_count DESC, 1 LIMIT ?"
    variables = tuple(str(row[0]) for row in connection.execute(answered, (VARIABLES,)))
    marks = ", ".join("?" * len(countries)), ", ".join("?" * len(variables))
    sql = f"SELECT * FROM answers WHERE jurisdiction_id IN ({marks[0]}) AND variable_id IN ({marks[1]}) AND substr(valid_from, 1, 4) = ?"

    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores,"
          f" load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"median of {RUNS}; {COUNTRIES} countries × {VARIABLES} variables")
    plain = median_seconds(lambda: connection.execute(sql, (*countries, *variables, "2018")).fetchall())
    print(f"plain SQL, the year's rows                    {plain:6.3f} s")
    for what, day in (("a date that all sources reach, 2018-06-01", "2018-06-01"), ("a date beyond some sources, 2024-06-01", "2024-06-01")):  # fmt: skip
        asked = Comparison(variables, countries, day=day, home="MEX")
        seconds = median_seconds(lambda asked=asked: compare(connection, asked, names))  # type: ignore[misc]
        print(f"{what:45} {seconds:6.3f} s  {seconds / plain:4.1f} × plain  of {BUDGET_SECONDS} s")
    print(f"reading all names, once a connection          {median_seconds(lambda: Names(connection)):6.3f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
