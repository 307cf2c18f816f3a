"""Our own coding of legal texts: what it must say of each answer, and the faces that it answers through."""

from __future__ import annotations

import csv
import itertools
import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from conftest import REPOSITORY, comparada

from research.comparison import Comparison, compare
from search.engine import Engine
from search.messages import SearchRequest

CODED = REPOSITORY / "datasets" / "comparada-coding" / "answers.csv"
Db = sqlite3.Connection


def rows() -> list[dict[str, str]]:
    with CODED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_answer_cites_its_law_and_where_it_was_read() -> None:
    for line, row in enumerate(rows(), start=2):
        assert row["instrument"] and row["article"] and row["coder"], line
        assert row["address"].startswith("http"), line
        assert row["text_as_of"] <= row["read_on"] <= date.today().isoformat(), line
        assert sum(bool(row[kind]) for kind in ("value", "option", "text")) == 1, line
        assert bool(row["note_es"]) == bool(row["note_en"]), line
        if "github.com" in row["address"]:  # a repository changes: the commit that was read
            assert re.search(r"/blob/[0-9a-f]{40}/", row["address"]), line


def test_a_percentage_has_its_base_its_level_and_its_form() -> None:
    told = {
        (r["jurisdiction"], r["tier"], r["valid_from"], r["variable_id"]): r["option"] or r["value"] for r in rows()
    }
    for country, tier, since, variable in told:
        if variable == "electoral-threshold" and told[country, tier, since, variable] == "not_specified_in_law":
            assert told[country, tier, since, "electoral-threshold-form"] in ("quotient", "none")
        elif variable == "electoral-threshold":
            assert told[country, tier, since, "electoral-threshold-form"] == "percentage"
            assert told[country, tier, since, "electoral-threshold-base"]
            assert told[country, tier, since, "electoral-threshold-level"]
        if variable == "electoral-threshold-quotient":
            assert told[country, tier, since, "electoral-threshold-form"] == "quotient"


def test_rules_of_one_country_follow_each_other() -> None:
    spans: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for r in rows():
        spans.setdefault((r["jurisdiction"], r["variable_id"]), []).append((r["valid_from"], r["valid_to"] or "9999"))
    for told in spans.values():
        told.sort()
        assert all(before[1] < after[0] for before, after in itertools.pairwise(told)), told


@pytest.fixture(scope="module")
def engine(default_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("coding")
    database = shutil.copy(default_root / "build" / "comparada.db", folder / "comparada.db")
    assert comparada("build", root=default_root).returncode == 0  # with its index
    shutil.copytree(default_root / "build" / "index", folder / "index")
    return Engine.open(Path(database), folder / "index")


@pytest.mark.parametrize(
    ("question", "country", "value", "article"),
    [
        ("threshold Germany", "DEU", "5", "§ 4 Abs. 2"),
        ("umbral Alemania", "DEU", "5", "§ 4 Abs. 2"),
        ("barrera legal México", "MEX", "3", "Art. 54, fracción II"),
        ("electoral threshold Spain", "ESP", "3", "Art. 163.1.a)"),
        ("umbral Turquía 2018", "TUR", "10", "Madde 33"),
    ],
)
def test_a_question_is_answered_above_the_hits_with_the_article(
    engine: Engine, question: str, country: str, value: str, article: str
) -> None:
    datum = engine.search(SearchRequest(question)).datum
    assert datum is not None and datum.jurisdiction_id == country
    assert (datum.variable_id, datum.source_id, datum.value_es) == ("electoral-threshold", "comparada-coding", value)
    assert datum.basis is not None and article in datum.basis and "http" in datum.basis
    assert datum.table == "answers"


def test_the_command_prints_value_article_and_source(default_root: Path) -> None:
    told = comparada("search", "threshold Germany", "--lang", "en", root=default_root)
    head = " ".join(told.stdout.split("1. ")[0].split())
    assert "Germany: Electoral threshold, 2023: 5" in head
    assert "Our own coding of legal texts" in head and "Bundeswahlgesetz, § 4 Abs. 2" in head


def test_countries_stand_side_by_side_and_each_cell_has_its_law(default_db: Db) -> None:
    ids = ("electoral-threshold", "electoral-threshold-base", "electoral-threshold-level")
    table = compare(default_db, Comparison(ids, ("DEU", "ESP", "MEX", "NLD"), day="2024-01-01"))
    assert [c.variable.variable_id for c in table.columns] == list(ids)
    said = {r.jurisdiction_id: [table.cell(r, c) for c in table.columns] for r in table.rows}
    values = {place: cells[0].evidence.value for place, cells in said.items() if cells[0].evidence}
    assert values == {"DEU": 5.0, "ESP": 3.0, "MEX": 3.0}  # the Dutch minimum is a quota: no percentage
    assert said["NLD"][0].gap is not None and said["NLD"][0].gap.reason == "not_specified_in_law"
    for place in values:
        for cell in said[place]:
            assert cell.evidence is not None and cell.evidence.legal_basis
    levels = {place: said[place][2].evidence.code_id for place in values if said[place][2].evidence}
    assert levels["ESP"] == "electoral-threshold-level:district" and levels["DEU"] == "electoral-threshold-level:nation"


def test_a_row_that_names_no_coded_variable_is_told(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "datasets", tmp_path / "datasets")
    path = tmp_path / "datasets" / "comparada-coding" / "answers.csv"
    lines = path.read_text("utf-8").splitlines()
    lines.append(lines[-1].replace("electoral-threshold", "electoral-treshold", 1))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    comparada("ingest", "comparada-coding", root=tmp_path)
    told = comparada("check", "comparada-coding", root=tmp_path).stdout
    assert f"answers.csv:{len(lines)}: variable_id: 'electoral-treshold" in told
