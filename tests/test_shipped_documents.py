"""The documents that come with the project, and the guide that leads to more of them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import REPOSITORY, comparada

PRODUCTS = REPOSITORY / "research" / "products"
SHIPPED = sorted(p.name for p in PRODUCTS.iterdir() if p.is_dir())
GUIDE = (REPOSITORY / "docs" / "drafting.md").read_text("utf-8")


def test_what_the_desk_promises_is_there() -> None:
    kinds = [json.loads((PRODUCTS / i / "publicado" / "registro.json").read_text("utf-8"))["type"] for i in SHIPPED]
    assert kinds.count("FP") >= 4 and kinds.count("CC") >= 1 and kinds.count("EM") >= 1
    assert all(i in GUIDE for i in SHIPPED)


@pytest.mark.parametrize("product", SHIPPED)
def test_it_stands_in_three_formats_with_the_record_of_its_figures(
    product: str, default_db: sqlite3.Connection
) -> None:
    folder = PRODUCTS / product / "publicado"
    starts = {"html": b"<!DOCTYPE", "docx": b"PK", "pdf": b"%PDF"}
    for ending, start in starts.items():
        assert (folder / f"{product}.{ending}").read_bytes()[:16].upper().startswith(start.upper())
    with (folder / "cifras.csv").open(encoding="utf-8", newline="") as stream:
        recorded = list(csv.DictReader(stream))
    held = default_db.execute("SELECT count(*) FROM product_figures WHERE product_id = ?", (product,)).fetchone()[0]
    assert held == len(recorded) > 50
    sections = default_db.execute(
        "SELECT count(*) FROM document_sections WHERE document_id = ?", (product.lower(),)
    ).fetchone()[0]
    assert sections >= 4


def test_none_has_a_figure_that_no_longer_stands(default_root: Path) -> None:
    told = comparada("check", root=default_root)
    notices = [line for line in (told.stdout + told.stderr).splitlines() if "research/products" in line]
    assert not notices
    assert re.search(r"^ +0 +avisos sobre documentos", told.stderr, re.MULTILINE)


def test_the_search_finds_them(default_root: Path) -> None:
    result = comparada("search", "democracia electoral en veinte países de América Latina", "--json", root=default_root)
    keys = [hit["key"] for hit in json.loads(result.stdout)["hits"]]
    assert any(key.startswith("cuadro-democracia-america-latina/") for key in keys)


def test_a_changed_fact_flags_exactly_the_documents_that_cite_it(default_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(default_root, root, ignore=shutil.ignore_patterns("index"))
    database = root / "build" / "comparada.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA foreign_keys = OFF")
    citing = {r[0] for r in connection.execute(
        "SELECT DISTINCT product_id FROM product_figures WHERE variable_id = 'participation-vanhanen' AND jurisdiction_id = 'BRA'"
    )}  # fmt: skip
    changed = connection.execute(
        "UPDATE answers SET value = value + 1 WHERE variable_id = 'participation-vanhanen' AND jurisdiction_id = 'BRA'"
        " AND valid_from LIKE '2018%'"
    ).rowcount
    connection.commit()
    connection.close()
    assert changed == 1 and citing
    told = comparada("check", root=root).stdout
    flagged = set(re.findall(r"research/products/([^/]+)/", told))
    assert flagged == citing


def test_the_guide_leads_from_nothing_to_a_word_file(default_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(default_root, root, ignore=shutil.ignore_patterns("products"))
    commands = re.findall(r"^comparada ((?:draft|publish|compare) .+)$", GUIDE, re.MULTILINE)
    assert len(commands) == 7
    for command in commands:
        words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', command)]
        result = comparada(*words, root=root)
        assert result.returncode == 0, f"{command}\n{result.stderr}"
    for product in ("ficha-pais-URY", "cuadro-cuatro-paises", "nota-alemania"):
        assert (root / "build" / "products" / product / f"{product}.docx").read_bytes().startswith(b"PK")
