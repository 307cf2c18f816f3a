"""metadata.yml: its tables blocks are made from the descriptions, and what it tells is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import REPOSITORY
from datasette.app import Datasette

from comparada.metadata import FIRST_MARK, is_current, main, metadata_with_tables
from ingest.table_schema import load_tables
from research.units import NAMES, SAID_BY_THE_VALUE


def test_the_tables_block_of_the_metadata_is_current() -> None:
    assert is_current(REPOSITORY / "metadata.yml"), "run: python -m comparada.metadata"


def test_the_tables_block_is_rewritten_and_nothing_else(tmp_path: Path) -> None:
    kept = (REPOSITORY / "metadata.yml").read_text("utf-8")
    path = tmp_path / "metadata.yml"
    path.write_text(kept.replace(FIRST_MARK, f"{FIRST_MARK}\n    tables: {{}}"), "utf-8")
    assert main([str(path), "--check"]) == 1
    assert main([str(path)]) == 0
    assert path.read_text("utf-8") == kept
    assert main([str(path), "--check"]) == 0


def test_a_metadata_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="these two lines once each"):
        metadata_with_tables("title: x\n")


def test_every_table_and_column_is_described_in_both_languages() -> None:
    told = yaml.safe_load((REPOSITORY / "metadata.yml").read_text("utf-8"))["databases"]["comparada"]["tables"]
    assert set(told) == set(load_tables())
    for name, table in load_tables().items():
        for key in ("title", "description", "source", "license"):
            assert " · " in told[name][key], f"{name}: {key}"
        for column in table.columns:
            text = told[name]["columns"][column.name]
            assert column.es and column.en and f"{column.described.es} · {column.described.en}" in text
            assert not column.unit or f"[{column.unit}]" in text


async def test_metadata_is_published_and_names_no_folder(site: Datasette) -> None:
    text = (await site.client.get("/-/metadata.json")).text
    assert json.loads(text)["title"]
    assert "/work" not in text
    assert "/home" not in text


def test_documents_and_pages_call_a_unit_by_the_same_name() -> None:
    known = load_tables()["variables"].column("unit").known
    assert {unit: (known[unit].es, known[unit].en) for unit in NAMES} == NAMES
    assert set(known) - set(NAMES) == set(SAID_BY_THE_VALUE) - {""}
