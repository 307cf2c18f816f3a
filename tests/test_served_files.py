"""Which database files are served: a second one beside the first, a new build in place of the old, a missing one told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from published_site import METADATA, opened_site

from comparada.serving import make_datasette


async def test_a_second_database_is_served_beside_it(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "otra.db"
    other = sqlite3.connect(path)
    other.executescript("create table puestos (puesto_id text primary key, votes integer); "
                        "insert into puestos values ('a', 1)")  # fmt: skip
    other.close()
    async with opened_site(default_root / "build" / "comparada.db", more_databases=[path]) as site:
        for address in ("/", "/otra", "/otra/puestos", "/otra/puestos/a", "/comparada"):
            assert (await site.client.get(address)).status_code == 200, address
        assert 'href="/otra"' in (await site.client.get("/")).text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.db"):
        make_datasette(tmp_path / "absent.db", METADATA)


async def test_a_new_build_does_not_disturb_the_readers_of_the_old_one(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "comparada.db"
    path.write_bytes((default_root / "build" / "comparada.db").read_bytes())
    async with opened_site(path) as site:
        fresh = tmp_path / "fresh.db"
        sqlite3.connect(fresh).close()
        fresh.replace(path)
        for _ in range(12):
            assert (await site.client.get("/comparada/elections/MEX-PR-2012-07-01")).status_code == 200
