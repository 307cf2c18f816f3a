"""The SQLite file: strict, referring, deterministic, incremental, and never half-written."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run

from ingest.table_schema import load_tables


def logical_dump(path: Path) -> str:
    connection = sqlite3.connect(path)
    dump = hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
    connection.close()
    return dump


def test_two_builds_are_the_same(built: Path, run: Run) -> None:
    first, dump = built.read_bytes(), logical_dump(built)
    built.unlink()
    assert run("build").returncode == 0
    assert logical_dump(built) == dump
    assert built.read_bytes() == first


def test_nothing_changed_nothing_done(built: Path, run: Run) -> None:
    before = built.stat().st_mtime_ns
    result = run("build")
    assert "al día" in result.stderr and built.stat().st_mtime_ns == before


def test_a_changed_fact_is_built(built: Path, tiny: Path, run: Run) -> None:
    path = tiny / "datasets/votos/facts/answers.csv"
    path.write_text(path.read_text("utf-8").replace("63.4", "63.5"), "utf-8")
    assert run("build").returncode == 0
    assert sqlite3.connect(built).execute("SELECT count(*) FROM answers WHERE value = 63.5").fetchone() == (1,)


def test_tables_are_strict_and_refer(built: Path) -> None:
    connection = sqlite3.connect(built)
    connection.execute("PRAGMA foreign_keys = ON")
    for name in (name for name, table in load_tables().items() if not table.view):
        assert connection.execute("SELECT strict FROM pragma_table_list(?)", [name]).fetchone() == (1,), name
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO source_caveats VALUES ('x', 'nowhere', 'incomplete', 'a', 'b')")
        connection.commit()


def test_every_column_is_in_the_data_dictionary(built: Path) -> None:
    connection = sqlite3.connect(built)
    told = set(connection.execute("SELECT table_name, column_name FROM columns"))
    for name in load_tables():
        for row in connection.execute("SELECT name FROM pragma_table_info(?)", [name]):
            assert (name, row[0]) in told


def test_every_answer_has_source_licence_and_row(built: Path) -> None:
    rows = (
        sqlite3.connect(built)
        .execute("SELECT source_id, licence_id, raw_file_id, raw_row, raw_column FROM answers")
        .fetchall()
    )
    assert rows and all(all(cell is not None for cell in row) for row in rows)


def test_a_reference_to_nothing_is_told_and_left_out(built: Path, tiny: Path, run: Run) -> None:
    path = tiny / "datasets/votos/facts/answers.csv"
    path.write_text(
        path.read_text("utf-8").replace("turnout-example,NAM", "turnout-example,XXX").replace(",NAM,", ",XXX,"), "utf-8"
    )
    assert run("build").returncode == 0
    connection = sqlite3.connect(built)
    told = connection.execute("SELECT value, rule, severity FROM problems WHERE rule = 'unknown-reference'").fetchall()
    assert told == [("XXX", "unknown-reference", "rejected")]
    assert connection.execute("SELECT count(*) FROM answers WHERE jurisdiction_id = 'XXX'").fetchone() == (0,)


def test_killed_in_mid_build_the_old_file_stands(built: Path, tiny: Path, run: Run) -> None:
    old = built.read_bytes()
    path = tiny / "datasets/votos/facts/answers.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *(rows * 40_000)]) + "\n", "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "comparada", "--root", str(tiny), "build"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    part = built.with_name("comparada.db.part")
    deadline = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size > 1_000_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert part.exists() and built.read_bytes() == old
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    assert run("build").returncode == 0


def test_two_builds_at_once(built: Path, tiny: Path, run: Run) -> None:
    import fcntl

    old = built.read_bytes()
    path = tiny / "datasets/votos/facts/answers.csv"
    path.write_text(path.read_text("utf-8").replace("63.4", "63.5"), "utf-8")
    with (tiny / "build/build.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("build")
    assert result.returncode == 1
    assert "otra construcción está en marcha" in result.stderr and "another build is running" in result.stderr
    assert built.read_bytes() == old


def test_a_full_disk_leaves_the_old_file(built: Path, tiny: Path, run: Run) -> None:
    import resource

    old = built.read_bytes()
    path = tiny / "datasets/votos/facts/answers.csv"
    path.write_text(path.read_text("utf-8").replace("63.4", "63.5"), "utf-8")

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    result = run("build", preexec_fn=no_room)
    assert result.returncode == 1
    assert "no se pudo escribir" in result.stderr and "espacio en disco" in result.stderr
    assert built.read_bytes() == old


def test_a_read_only_folder_is_told(built: Path, tiny: Path) -> None:
    path = tiny / "datasets/votos/facts/answers.csv"
    path.write_text(path.read_text("utf-8").replace("63.4", "63.5"), "utf-8")
    old = built.read_bytes()
    built.parent.chmod(0o555)
    # no permission stops the superuser, unless it gives that privilege up
    bound = ["setpriv", "--bounding-set", "-dac_override"] if os.getuid() == 0 else []
    command = [*bound, sys.executable, "-m", "comparada", "--root", str(tiny), "build"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        built.parent.chmod(0o755)
    assert result.returncode == 1, result.stderr
    assert "permisos" in result.stderr and "Traceback" not in result.stderr
    assert built.read_bytes() == old
