"""The 715,660 result rows of the polling stations of 2012 into one keyed table: ours, sqlite-utils, sqlite3 .import.

    .venv/bin/python benchmarks/stations.py [folder of mexico-casillas/nal_2012.rda and the rest]

By default the folder is the mirror beside the repository, ../shared/sources. Everybody writes a fresh file with
the table as stations.db has it (strict, key of station and contestant, no rowid), without a journal. Ours reads
the compressed fact file, adds provenance and checks every reference; the others get a plain CSV with every column
in place. Prints the machine, the median of three runs of each, the ratios, and whether all wrote the same rows.
"""

from __future__ import annotations

import csv
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlite_utils

from ingest.database.load import Loader
from ingest.database.schema import create_table, open_for_writing
from ingest.descriptor.reading import load_descriptors
from ingest.facts import fact_rows, write_facts
from ingest.fetching import fetch_source
from ingest.ingestion import ingest_source, load_gazetteer
from ingest.table_schema import STATIONS, load_tables
from ingest.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
SOURCE = "mexico-casillas"
TABLE = "station_results"
ELECTION = "2012-"
RUNS = 3


def prepared(workspace: Workspace, mirror: Path) -> tuple[int, float]:
    """Leave in the workspace the fact file of 2012 alone. Returns its rows and the seconds that the whole ingest took."""
    shutil.copytree(REPOSITORY / "datasets", workspace.datasets)
    descriptors = load_descriptors(workspace)
    fetch_source(workspace, descriptors[SOURCE], str(mirror), lambda *_: None)
    start = time.perf_counter()
    ingest_source(workspace, descriptors[SOURCE], load_gazetteer(workspace, descriptors.values()), {})
    seconds = time.perf_counter() - start
    folder = workspace.facts_beside(SOURCE, STATIONS)
    rows = [r for r in fact_rows(folder, TABLE) if r["contestant_id"].startswith(ELECTION)]
    ids = {key: sorted({r[key] for r in rows}) for key in ("station_id", "contestant_id")}
    write_facts(folder, {TABLE: (list(rows[0]), (list(r.values()) for r in rows))}, effort=1)
    (workspace.build / "ids.csv").write_text("\n".join(ids["station_id"] + ids["contestant_id"]), "utf-8")
    return len(rows), seconds


def empty(path: Path) -> sqlite3.Connection:
    """A fresh file with the table, fast to write to."""
    path.unlink(missing_ok=True)
    tables = load_tables(STATIONS)
    connection = open_for_writing(str(path))
    connection.execute(create_table(tables[TABLE], tables))
    return connection


def ours(workspace: Workspace, path: Path) -> float:
    """Seconds from the fact file to the table."""
    connection = empty(path)
    loader = Loader(connection, workspace, load_tables(STATIONS))
    known = (workspace.build / "ids.csv").read_text("utf-8").split("\n")
    loader.know("stations", known)
    loader.know("station_contestants", known)
    source = load_descriptors(workspace)[SOURCE]
    start = time.perf_counter()
    loader.load_facts(TABLE, [source], {})
    seconds = time.perf_counter() - start
    assert not loader.problems
    connection.close()
    return seconds


def utils_api(table_csv: Path, path: Path) -> float:
    """Seconds of sqlite-utils' insert_all over csv.DictReader."""
    database = sqlite_utils.Database(empty(path))
    start = time.perf_counter()
    with table_csv.open(encoding="utf-8", newline="") as stream:
        database[TABLE].insert_all(csv.DictReader(stream))
    database.conn.commit()
    seconds = time.perf_counter() - start
    database.close()
    return seconds


def utils_command(table_csv: Path, path: Path) -> float:
    """Seconds of `sqlite-utils insert --csv`."""
    empty(path).close()
    command = [str(Path(sys.executable).with_name("sqlite-utils")), "insert", str(path), TABLE, str(table_csv)]
    start = time.perf_counter()
    subprocess.run([*command, "--csv", "--silent"], check=True)
    return time.perf_counter() - start


def plain_import(table_csv: Path, path: Path) -> float:
    """Seconds of SQLite's own `.import`."""
    empty(path).close()
    orders = ["PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", ".mode csv", f".import --skip 1 {table_csv} {TABLE}"]
    start = time.perf_counter()
    subprocess.run(["sqlite3", str(path), *orders], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def as_csv(database: Path, path: Path) -> None:
    """The table's rows, as a CSV with all its columns."""
    connection = sqlite3.connect(database)
    cursor = connection.execute(f"SELECT * FROM {TABLE} ORDER BY station_id, contestant_id")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(c[0] for c in cursor.description)
        writer.writerows(cursor)
    connection.close()


def differing(one: Path, other: Path) -> int:
    """Rows that only one of the two files holds."""
    connection = sqlite3.connect(one)
    connection.execute("ATTACH DATABASE ? AS other", [str(other)])
    count = 0
    for left, right in (("main", "other"), ("other", "main")):
        sql = f"SELECT count(*) FROM (SELECT * FROM {left}.{TABLE} EXCEPT SELECT * FROM {right}.{TABLE})"
        count += int(connection.execute(sql).fetchone()[0])
    connection.close()
    return count


def main() -> int:
    """Print the times. Ends with 1 without the published files, or when the files differ."""
    mirror = Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY.parent / "shared" / "sources")
    if not (mirror / SOURCE / "nal_2012.rda").is_file():
        print(f"{mirror}: there is no {SOURCE}/nal_2012.rda here", file=sys.stderr)
        return 1
    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        rows, seconds = prepared(workspace, mirror)
        print(f"ingest of {SOURCE}, three files and nine recipes: {seconds:.1f} s")
        first, table_csv = workspace.build / "ours.db", workspace.build / "rows.csv"
        ours(workspace, first)
        as_csv(first, table_csv)
        ways: dict[str, Callable[[Path], float]] = {
            "ours": lambda path: ours(workspace, path),
            "sqlite-utils insert_all": lambda path: utils_api(table_csv, path),
            "sqlite-utils insert": lambda path: utils_command(table_csv, path),
            "sqlite3 .import": lambda path: plain_import(table_csv, path),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        differ = 0
        for run in range(RUNS):
            for name, way in ways.items():  # in turn, so that a busy moment meets everybody
                path = workspace.build / "one.db"
                times[name].append(way(path))
                differ += differing(first, path) if run == 0 else 0
    medians = {name: statistics.median(t) for name, t in times.items()}
    print(f"{rows:,} rows into {TABLE}:")
    for name, median in medians.items():
        print(
            f"  {name:24} {median:6.2f} s   {median / medians['ours']:5.2f} × ours   {[round(t, 2) for t in times[name]]}"
        )
    print(f"ours / .import = {medians['ours'] / medians['sqlite3 .import']:.2f}")
    print("all wrote the same rows" if not differ else f"{differ:,} rows differ")
    return int(differ > 0)


if __name__ == "__main__":
    raise SystemExit(main())
