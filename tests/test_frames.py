"""The knowledge base as DataFrames: the guide's examples run, rows keep their source, wrong names are told."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from conftest import REPOSITORY

import comparada
from research.frames import KnowledgeBase

EXAMPLES = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "pandas.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture
def kb(default_root: Path) -> KnowledgeBase:
    return comparada.open(default_root / "build" / "comparada.db")


@pytest.mark.parametrize("example", EXAMPLES, ids=["democracy", "germany", "suffrage"])
def test_the_examples_of_the_guide_run_in_ten_lines(
    example: str, default_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len([line for line in example.splitlines() if line.strip() and not line.startswith("import")]) <= 10
    monkeypatch.chdir(default_root)
    exec(compile(example, "docs/pandas.md", "exec"), {})
    told = capsys.readouterr().out
    assert re.search(r"\((CC0-1\.0|CC-BY-SA-4\.0)\)\n\Z", told), told


def test_answers_are_the_rows_of_the_database(kb: KnowledgeBase, default_db: sqlite3.Connection) -> None:
    with kb:
        frame = kb.answers("electoral-democracy-index", "MEX")
    rows = default_db.execute(
        "SELECT value, raw_row FROM answers WHERE variable_id = 'electoral-democracy-index' AND jurisdiction_id = 'MEX'"
        " ORDER BY valid_from"
    ).fetchall()
    assert list(zip(frame["value"], frame["raw_row"], strict=True)) == rows
    assert len(rows) > 100 and set(frame["licence_id"]) == {"CC-BY-SA-4.0"}


def test_years_and_labels(default_root: Path) -> None:
    with comparada.open(default_root / "build" / "comparada.db", lang="en") as kb:
        frame = kb.answers(["female-suffrage", "male-suffrage"], ["MEX", "BRA"], years=(2000, 2001))
    assert len(frame) == 8 and set(frame["year"]) == {2000, 2001}
    assert set(frame["jurisdiction"]) == {"Mexico", "Brazil"} and set(frame["option"]) == {"Yes"}


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda kb: kb.answers("electoral-democracy-indx"), "electoral-democracy-index"),
        (lambda kb: kb.answers("female-suffrage", "MEXX"), "MEX"),
        (lambda kb: kb.elections("MXE"), "MEX"),
        (lambda kb: kb.results("MEX-LC-2018-07-02"), "MEX-LC-2018-07-01"),
        (lambda kb: kb.table("election"), "elections"),
    ],
)
def test_a_wrong_name_tells_the_nearest(kb: KnowledgeBase, ask: object, near: str) -> None:
    with kb, pytest.raises(KeyError, match=re.escape(near)):
        ask(kb)  # type: ignore[operator]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="comparada build"):
        comparada.open(tmp_path / "nada.db")
