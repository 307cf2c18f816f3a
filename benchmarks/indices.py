"""Every index of every loaded election, and the least squares index beside a public package's on the same input.

    .venv/bin/python benchmarks/indices.py [build/comparada.db]

Works on a copy of the database. The package is votelib (one election a call, exact decimals); ours takes all elections at
once. Prints the machine, the medians of three runs, and the largest difference between the two results.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from votelib.crit.proportionality import gallagher

from research.derivations import derive
from research.derivations.contests import load_contests
from research.indices import least_squares_pct

TABLES = ("election_indices", "bound_tests", "index_reconciliation")


def median_seconds(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median time of three runs of `work`; `before` is not timed."""
    times = []
    for _ in range(3):
        before()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    """Print the times. Ends with 1 when there is no database."""
    source = Path(sys.argv[1] if len(sys.argv) > 1 else "build/comparada.db")
    if not source.is_file():
        print(f"{source}: there is no database: run 'comparada build'", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparada.db"
        shutil.copy(source, path)
        connection = sqlite3.connect(path)

        def empty() -> None:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")

        seconds = median_seconds(lambda: derive(connection), empty)
        rows = {t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES}
        contests = load_contests(connection)
        connection.close()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    told = ", ".join(f"{n:,} {t}" for t, n in rows.items())
    print(f"derive, {len(contests.table):,} contests → {told}: {seconds:.1f} s")
    amounts = contests.amounts()
    votes, seats = amounts.padded("vote"), amounts.padded("seats")
    whole = np.round(votes * 1_000_000).astype(int)
    chosen = (whole.sum(axis=1) > 0) & (seats.sum(axis=1) > 0)
    whole, seats = whole[chosen], seats[chosen].astype(int)
    ours = least_squares_pct(whole / whole.sum(1, keepdims=True), seats / seats.sum(1, keepdims=True))

    def package() -> list[float]:
        return [
            100
            * float(
                gallagher({i: int(x) for i, x in enumerate(v) if x or s[i]}, {i: int(x) for i, x in enumerate(s) if x})
            )
            for v, s in zip(whole, seats, strict=True)
        ]

    theirs = np.array(package())
    t_ours = median_seconds(
        lambda: least_squares_pct(whole / whole.sum(1, keepdims=True), seats / seats.sum(1, keepdims=True))
    )
    t_theirs = median_seconds(package)
    print(f"least squares index of {len(ours):,} elections: {t_ours * 1000:.1f} ms here, {t_theirs:.2f} s with votelib")
    print(f"largest difference: {np.abs(ours - theirs).max():.2e} points")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
