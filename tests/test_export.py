"""The data to take away: each licence in its part, valid by the standard, and the same rows in every format."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from itertools import islice
from pathlib import Path

import pytest
from conftest import Run, comparada
from frictionless import validate

from ingest.table_schema import load_tables

ANSWERS = "data/answers.csv"
ONE_ANSWER_IN = 12


@pytest.fixture(scope="module")
def exported(default_root: Path) -> Path:
    result = comparada("export", root=default_root)
    assert result.returncode == 0, result.stderr
    return default_root / "build" / "export"


def test_the_parts_hold_what_their_licences_allow(exported: Path, default_db: sqlite3.Connection) -> None:
    share_alike = {r[0] for r in default_db.execute("SELECT licence_id FROM licences WHERE share_alike = 1")}
    whole = default_db.execute("SELECT count(*) FROM answers").fetchone()[0]
    rows = {}
    for part in ("abierta", "compartir-igual"):
        package = json.loads((exported / part / "datapackage.json").read_text("utf-8"))
        licences = {licence["name"] for licence in package["licenses"]}
        assert bool(licences & share_alike) == (part == "compartir-igual")
        rows[part] = (exported / part / "data" / "answers.csv").read_text("utf-8").count("\n") - 1
    assert rows["abierta"] + rows["compartir-igual"] == whole
    for part, allowed in (("abierta", 0), ("compartir-igual", 1)):
        with (exported / part / "data" / "answers.csv").open(encoding="utf-8", newline="") as stream:
            assert {row["licence_id"] in share_alike for row in csv.DictReader(stream)} == {bool(allowed)}


@pytest.mark.filterwarnings("ignore")  # of the validator, not ours
def test_a_package_is_valid(run: Run, tiny: Path, built: Path) -> None:
    assert run("export").returncode == 0
    package = next((tiny / "build" / "export").glob("*/datapackage.json"))
    report = validate(str(package), parallel=False)
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "type", "message"])[:5]
    assert report.stats["tasks"] == len(json.loads(package.read_text("utf-8"))["resources"])


@pytest.mark.filterwarnings("ignore")  # of the validator, not ours
@pytest.mark.parametrize("part", ["abierta", "compartir-igual"])
def test_the_packages_of_all_that_git_holds_are_valid(exported: Path, tmp_path: Path, part: str) -> None:
    """Every table whole, with its keys and references, but `answers`: of its rows, which take half a minute, some."""
    folder = shutil.copytree(exported / part, tmp_path / part)
    with (exported / part / ANSWERS).open(newline="") as whole, (folder / ANSWERS).open("w", newline="") as some:
        csv.writer(some, lineterminator="\n").writerows(islice(csv.reader(whole), 0, None, ONE_ANSWER_IN))
    report = validate(str(folder / "datapackage.json"), parallel=False)
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "type", "message"])[:5]
    assert {task.name for task in report.tasks} == {name for name, table in load_tables().items() if not table.view}


def test_every_format_holds_the_same_rows(run: Run, tiny: Path, built: Path) -> None:
    import duckdb

    counts: dict[str, dict[str, int]] = {}
    for form in ("package", "parquet", "sqlite"):
        place = tiny / form
        assert run("export", "--format", form, "--to", str(place)).returncode == 0
        (part,) = [p for p in place.iterdir() if p.is_dir()]
        if form == "package":
            resources = json.loads((part / "datapackage.json").read_text("utf-8"))["resources"]
            read = duckdb.connect()
            counts[form] = {
                r["name"]: read.execute(f"SELECT count(*) FROM read_csv('{part / r['path']}', header=true, all_varchar=true)").fetchall()[0][0]
                for r in resources
            }  # fmt: skip
        elif form == "parquet":
            counts[form] = {p.stem: duckdb.sql(f"SELECT count(*) FROM '{p}'").fetchall()[0][0] for p in part.iterdir()}
        else:
            connection = sqlite3.connect(next(part.glob("*.db")))
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
            counts[form] = {
                t: connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in counts["package"]
            }
            connection.close()
    assert counts["package"] == counts["parquet"] == counts["sqlite"]
    assert counts["package"]["answers"] > 0


def test_sources_that_may_not_be_republished_are_left_out_and_named(run: Run, tiny: Path, built: Path) -> None:
    path = next((tiny / "datasets").glob("votos/source.yml"))
    text = path.read_text("utf-8")
    assert "redistribute: true" in text
    path.write_text(text.replace("redistribute: true", "redistribute: false"), "utf-8")
    assert run("ingest").returncode == 0 and run("build").returncode == 0
    result = run("export", "--format", "sqlite")
    assert "votos" in result.stderr.splitlines()[-1]
    connection = sqlite3.connect(next((tiny / "build" / "export").glob("*/*.db")))
    assert not connection.execute("SELECT 1 FROM sources WHERE source_id = 'votos'").fetchall()
    connection.close()


def test_a_folder_with_other_things_is_left_alone(run: Run, tiny: Path, built: Path) -> None:
    place = tiny / "mine"
    place.mkdir()
    (place / "tesis.docx").write_text("mine")
    result = run("export", "--to", str(place))
    assert result.returncode == 1 and str(place) in result.stderr and "Traceback" not in result.stderr
    assert (place / "tesis.docx").read_text() == "mine"
