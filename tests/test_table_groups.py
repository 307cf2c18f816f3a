"""The headings under which the pages list the tables: each table says its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest import table_schema
from ingest.table_schema import COMPARADA, DATABASES, all_tables, load_tables, tables_by_group


def test_every_table_stands_in_one_group() -> None:
    grouped = [table.name for tables in tables_by_group(COMPARADA).values() for table in tables]
    assert sorted(grouped) == sorted(load_tables())


@pytest.mark.parametrize("database", DATABASES)
def test_no_heading_stands_without_tables_and_positions_order_them(database: str) -> None:
    for group, tables in tables_by_group(database).items():
        places = [table.position for table in tables]
        assert places and places == sorted(places), group.key


def test_a_database_that_is_not_ours_has_no_groups() -> None:
    assert tables_by_group("another") == {}


def test_a_table_of_an_unknown_group_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(table_schema.TABLES_FOLDER, tmp_path / "tables")
    described = folder / "results.yml"
    described.write_text(described.read_text("utf-8").replace("comparada: elecciones", "comparada: eleciones"), "utf-8")
    monkeypatch.setattr(table_schema, "TABLES_FOLDER", folder)
    all_tables.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"results\.yml: comparada has no group eleciones; it has paises, "):
            all_tables()
    finally:
        all_tables.cache_clear()


def test_a_column_like_one_that_does_not_exist_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(table_schema.TABLES_FOLDER, tmp_path / "tables")
    described = folder / "conflicts.yml"
    described.write_text(described.read_text("utf-8").replace("like: variables.unit", "like: variables.units"), "utf-8")
    monkeypatch.setattr(table_schema, "TABLES_FOLDER", folder)
    all_tables.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"conflicts: unit is like variables\.units, which is no column"):
            all_tables()
    finally:
        all_tables.cache_clear()
