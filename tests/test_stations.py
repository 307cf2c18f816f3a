"""The second database: polling stations, from a small source that always runs and from the published files where they are.

Every figure of the published files is counted here from the files themselves.
"""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyreadr
import pytest
import yaml
from conftest import MIRROR, REPOSITORY, comparada, needs_mirror
from datasette.app import Datasette
from published_site import METADATA, opened_site
from running_server import serving

from comparada.metadata import tables_metadata
from ingest.table_schema import STATIONS, load_tables, tables_by_group

FILES = MIRROR / "sources"
TOLD = yaml.safe_load(METADATA.read_text("utf-8"))["databases"][STATIONS]
TABLES = load_tables(STATIONS)
Db = sqlite3.Connection

SOURCE = "mexico-casillas"
YEARS = {2006: "nal_2006", 2012: "nal_2012", 2018: "marco_nal_2018"}
CONTESTANTS = {
    2006: ["pri_pvem", "pan", "panal", "prd_pt_conv", "psd", "otros"],
    2012: ["pri_pvem", "pan", "panal", "prd_pt_mc", "otros"],
}

SMALL = """casilla,entidad,seccion,clase,lista,verdes,azules,nulos,total
7,Aguascalientes,11,B,500,120,80,10,210
8,Aguascalientes,11,B,100,60,50,0,110
9,Aguascalientes,12,S,0,5,6,1,12
"""
HEAD: dict[str, Any] = {
    "id": "casillas", "title": {"es": "Casillas de ejemplo", "en": "Example stations"}, "licence": "CC0-1.0",
    "description": {"es": "Tres casillas.", "en": "Three stations."}, "publisher": "Ejemplo", "citation": "Ejemplo",
    "redistribute": True, "version": "1", "retrieved": "2026-11-23", "homepageUrl": "https://example.org/",
    "files": [{"path": "casillas.csv", "format": "delimited"}],
}  # fmt: skip
NAMES = {"verdes": "Verdes", "azules": "Azules", "nulos": "Nulos"}


def const(value: object) -> dict[str, object]:
    return {"const": value}


def described() -> dict[str, Any]:
    """The source.yml of three polling stations, two parties and one election."""
    contestants = [
        {"table": "station_contestants", "columns": {
            "contestant_id": const(f"1-{code}"), "year": const(2015), "election_id": const("1"), "name_es": const(name),
            "name_en": const(name), "kind": const("not_valid" if code == "nulos" else "party"),
        }}
        for code, name in NAMES.items()
    ]  # fmt: skip
    number = {"type": "integer", "constraints": {"required": True, "minimum": 0}}
    station = {"template": "MEX-1-{casilla:0>4}"}
    election = {"table": "election_ids", "columns": {
        "code": const("1"), "jurisdiction_id": const("MEX"), "chamber": const("PR"), "stated_date": const("2015-06-07"),
        "date_precision": const("day"),
    }}  # fmt: skip
    stations = {"table": "stations", "columns": {
        "station_id": station, "year": const(2015), "election_id": const("1"), "code": "casilla", "state_id": "state",
        "district_number": const(1), "section_number": "seccion", "station_kind": "clase", "registered_count": "lista",
        "votes_cast_count": "total",
    }}  # fmt: skip
    results = {"table": "station_results", "columns": {
        "station_id": station, "contestant_id": {"template": "1-{who}"}, "votes_count": "votes",
    }}  # fmt: skip
    return {**HEAD, "recipes": [
        {"name": "election", "file": "casillas.csv", "fields": [{"name": "total", **number}],
         "aggregate": {"sum": ["total"]}, "facts": [election, *contestants]},
        {"name": "stations", "file": "casillas.csv", "primaryKey": ["casilla"], "facts": [stations],
         "fields": [{"name": "casilla"}, {"name": "entidad", "as": "state", "type": "jurisdiction", "scheme": "name"},
                    {"name": "seccion", **number}, {"name": "lista", **number}, {"name": "total", **number},
                    {"name": "clase", "recode": {"B": "basic_or_contiguous", "S": "special"}}],
         "checks": [{"field": "total", "atMost": "lista", "when": [{"field": "clase", "equals": "special", "negate": True}]}]},
        {"name": "votes", "file": "casillas.csv", "facts": [results],
         "unpivot": {"columns": "(?P<who>verdes|azules|nulos)", "value": "votes"},
         "fields": [{"name": "casilla"}, {"name": "who"}, {"name": "votes", **number}]},
    ]}  # fmt: skip


@pytest.fixture
def small(tiny: Path) -> Path:
    """The small root with a source of three polling stations, nothing ingested yet."""
    folder = tiny / "datasets/casillas"
    folder.mkdir()
    (folder / "casillas.csv").write_text(SMALL, "utf-8")
    (folder / "source.yml").write_text(yaml.safe_dump(described(), allow_unicode=True), "utf-8")
    shutil.copy(METADATA, tiny)
    return tiny


@pytest.fixture
def small_db(small: Path) -> Path:
    """Its stations.db."""
    assert comparada("ingest", root=small).returncode == 0
    result = comparada("build", "--with", "stations", root=small)
    assert result.returncode == 0, result.stderr
    return small / "build/stations.db"


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def edit_facts(root: Path, table: str, old: str, new: str) -> None:
    path = root / f"build/facts/casillas/stations/{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# --- the build ------------------------------------------------------------------------------------


def test_without_facts_it_says_what_to_do_and_the_first_database_stands(small: Path) -> None:
    assert comparada("ingest", "jurisdictions", "reference", root=small).returncode == 0
    result = comparada("build", "--with", "stations", root=small)
    assert result.returncode == 1
    wanted = "comparada fetch casillas && comparada ingest casillas && comparada build --with stations"
    assert result.stderr.count(wanted) == 2  # in both languages
    assert (small / "build/comparada.db").is_file() and not (small / "build/stations.db").exists()


def test_no_source_gives_stations(built: Path, tiny: Path) -> None:
    result = comparada("build", "--with", "stations", root=tiny)
    assert result.returncode == 1 and "no source in datasets/ gives polling stations" in result.stderr


def test_every_station_and_vote_is_there_with_its_origin(small_db: Path) -> None:
    stations = rows(small_db, "SELECT station_id, year, election_id, state_id, section_number, station_kind, "
                              "registered_count, votes_cast_count, source_id, licence_id, raw_file_id, raw_row FROM stations")  # fmt: skip
    head, place = (2015, "MEX-PR-2015-06-07", "MEX-AGU"), ("casillas", "CC0-1.0", "casillas/casillas.csv")
    assert stations == [
        ("MEX-1-0007", *head, 11, "basic_or_contiguous", 500, 210, *place, 2),
        ("MEX-1-0008", *head, 11, "basic_or_contiguous", 100, 110, *place, 3),
        ("MEX-1-0009", *head, 12, "special", 0, 12, *place, 4),
    ]
    told = list(csv.DictReader(SMALL.splitlines()))
    wanted = {(f"MEX-1-{int(r['casilla']):04}", f"1-{who}", int(r[who]), i + 2, who) for i, r in enumerate(told) for who in NAMES}  # fmt: skip
    sql = "SELECT station_id, contestant_id, votes_count, raw_row, raw_column FROM station_results"
    assert set(rows(small_db, sql)) == wanted and len(rows(small_db, sql)) == 9


def test_it_holds_what_its_rows_refer_to_and_no_more(small_db: Path) -> None:
    assert rows(small_db, "SELECT jurisdiction_id FROM jurisdictions ORDER BY 1") == [("MEX",), ("MEX-AGU",)]
    assert rows(small_db, "SELECT source_id FROM sources ORDER BY 1") == [("casillas",), ("jurisdictions",)]
    assert rows(small_db, "PRAGMA foreign_key_check") == []
    names = {r[0] for r in rows(small_db, "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict")}
    assert names == set(TABLES)
    told = set(rows(small_db, "SELECT table_name, column_name FROM columns"))
    assert told == {(t.name, c.name) for t in TABLES.values() for c in t.columns}


def test_the_first_database_has_the_accounts_and_none_of_the_stations(small_db: Path) -> None:
    first = small_db.with_name("comparada.db")
    assert not {"stations", "station_results"} & {r[0] for r in rows(first, "SELECT name FROM sqlite_master")}
    accounts = "SELECT recipe, rows_read_count, rows_loaded_count, facts_count FROM file_accounts WHERE raw_file_id LIKE 'casillas/%'"
    assert rows(first, accounts) == [("election", 3, 3, 4), ("stations", 3, 3, 3), ("votes", 3, 3, 9)]
    assert rows(small_db, accounts) == rows(first, accounts)


def test_more_votes_than_the_list_is_a_warning_but_not_where_there_is_no_list(small: Path, small_db: Path) -> None:
    sql = "SELECT raw_row, raw_column, value, rule, severity, message_en FROM problems WHERE source_id = 'casillas'"
    wanted = [(3, "total", "110", "above-other-column", "warning", "is above lista (100)")]
    assert rows(small_db, sql) == wanted == rows(small_db.with_name("comparada.db"), sql)
    told = comparada("check", "casillas", root=small).stdout
    assert told == "casillas/casillas.csv:3: total: '110' es mayor que lista (100) [above-other-column]\n"


def test_two_builds_are_the_same_and_one_is_enough(small: Path, small_db: Path) -> None:
    first, when = small_db.read_bytes(), small_db.stat().st_mtime_ns
    again = comparada("build", "--with", "stations", root=small)
    assert "up to date" in again.stderr and small_db.stat().st_mtime_ns == when
    small_db.unlink()
    assert comparada("build", "--with", "stations", root=small).returncode == 0
    assert small_db.read_bytes() == first


def test_changed_stations_change_the_second_database_alone(small: Path, small_db: Path) -> None:
    when = small_db.with_name("comparada.db").stat().st_mtime_ns
    edit_facts(small, "station_results", "MEX-1-0007,1-verdes,120", "MEX-1-0007,1-verdes,121")
    result = comparada("build", "--with", "stations", root=small)
    assert result.returncode == 0, result.stderr
    assert rows(small_db, "SELECT max(votes_count) FROM station_results") == [(121,)]
    assert small_db.with_name("comparada.db").stat().st_mtime_ns == when


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("station_results", "1-verdes,120", "1-verdes,many", "repita «comparada ingest casillas»"),
        ("station_results", "MEX-1-0007,1-azules", "MEX-1-0007,1-verdes", "the facts contradict each other"),
        ("stations", "station_id,", "station,", "station_id"),
    ],
)
def test_broken_facts_are_told_and_the_old_file_stands(
    small: Path, small_db: Path, table: str, old: str, new: str, told: str
) -> None:
    before = small_db.read_bytes()
    edit_facts(small, table, old, new)
    result = comparada("build", "--with", "stations", root=small)
    assert result.returncode == 1 and told in result.stderr and "Traceback" not in result.stderr
    assert small_db.read_bytes() == before


def test_votes_of_nobodys_station_and_an_unknown_election_are_told(small: Path, small_db: Path) -> None:
    edit_facts(small, "station_results", "MEX-1-0007,1-verdes", "MEX-1-0070,1-verdes")
    edit_facts(small, "stations", "MEX-1-0008,2015,1,", "MEX-1-0008,2015,2,")
    result = comparada("build", "--with", "stations", root=small)
    assert result.returncode == 0, result.stderr
    sql = "SELECT raw_row, raw_column, value, severity, message_en FROM problems WHERE rule = 'unknown-reference' ORDER BY 1"
    assert rows(small_db, sql) == [
        (2, "station_id", "MEX-1-0070", "rejected", "does not exist in stations"),
        (3, "election_id", "2", "cell_dropped", "does not exist in elections"),
    ]
    assert rows(small_db, "SELECT count(*) FROM station_results") == [(8,)]
    assert rows(small_db, "SELECT election_id FROM stations WHERE code = '8'") == [(None,)]


# --- published ------------------------------------------------------------------------------------


@pytest.fixture
async def site(small_db: Path) -> AsyncIterator[Datasette]:
    async with opened_site(small_db.with_name("comparada.db"), more_databases=[small_db]) as site:
        yield site


def test_every_table_column_and_question_is_described_in_both_languages() -> None:
    assert TOLD["tables"] == tables_metadata(STATIONS)
    assert sorted(t.name for tables in tables_by_group(STATIONS).values() for t in tables) == sorted(TABLES)
    for table in TABLES.values():
        for column in table.columns:
            assert (
                f"{column.described.es} · {column.described.en}" in TOLD["tables"][table.name]["columns"][column.name]
            )
    assert len(TOLD["queries"]) >= 2
    for question in TOLD["queries"].values():
        assert question["title"].startswith("¿") and question["description"].endswith("?")
        assert set(question.get("labels", {})) == set(question.get("defaults", {}))


async def test_its_pages_answer_and_lead_into_the_knowledge_base(site: Datasette) -> None:
    for name in TABLES:
        for address in (f"/stations/{name}", f"/stations/{name}.csv", f"/stations/{name}.json"):
            assert (await site.client.get(address)).status_code == 200, address
    for name in TOLD["queries"]:
        page = await site.client.get(f"/stations/{name}")
        assert page.status_code == 200 and TOLD["queries"][name]["title"] in page.text
    front = (await site.client.get("/")).text
    assert 'href="/stations"' in front and "Casillas de México" in front
    page = (await site.client.get("/stations")).text
    assert "Resultados por casilla" in page and "¿Cómo se votó en las casillas de una sección?" in page
    row = (await site.client.get("/stations/stations/MEX-1-0007")).text
    assert '<a href="/comparada/elections/MEX-PR-2015-06-07">' in row
    assert '<a href="/stations/jurisdictions/MEX-AGU">' in row
    assert "Casillas de ejemplo" in row and "Where it comes from" in row
    assert (await site.client.get("/stations/station_results/MEX-1-0007,1-verdes")).status_code == 200


@pytest.mark.parametrize(
    "sql",
    ["attach database ':memory:' as other", "select zeroblob(1000000000)", "delete from stations", "pragma database_list",
     "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"],
)  # fmt: skip
async def test_its_sql_is_guarded_like_the_first(site: Datasette, sql: str) -> None:
    response = await site.client.get("/stations.json", params={"sql": sql})
    assert response.status_code == 400 or response.json()["rows"] == [], response.text


def test_served_beside_the_first(small: Path, small_db: Path, tmp_path: Path) -> None:
    with serving(small, tmp_path / "log") as running:
        answer = httpx.get(f"{running.address}/stations/stations.json?_shape=array")
    assert [row["station_id"] for row in answer.json()] == ["MEX-1-0007", "MEX-1-0008", "MEX-1-0009"]
    assert "earlier build" not in (tmp_path / "log").read_text("utf-8")
    edit_facts(small, "station_results", "MEX-1-0007,1-verdes,120", "MEX-1-0007,1-verdes,121")
    with serving(small, tmp_path / "log") as running:
        assert httpx.get(f"{running.address}/stations/stations").status_code == 200
    assert "of an earlier build; to renew them: comparada build --with stations" in (tmp_path / "log").read_text(
        "utf-8"
    )


# --- the published files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Mexican polling stations, beside the states and parties that they refer to."""
    root = tmp_path_factory.mktemp("stations")
    (root / "datasets").mkdir()
    shutil.copy(REPOSITORY / "datasets/licences.yml", root / "datasets")
    for name in ("jurisdictions", "reference", "country-codes", "partyfacts", SOURCE):
        shutil.copytree(REPOSITORY / "datasets" / name, root / "datasets" / name)
    for words in (("fetch", SOURCE, "--mirror", str(FILES)), ("ingest", SOURCE), ("build", "--with", "stations")):
        result = comparada(*words, root=root)
        assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="module")
def db(mirrored: Path) -> Iterator[Db]:
    connection = sqlite3.connect(f"file:{mirrored / 'build/stations.db'}?mode=ro", uri=True)
    connection.execute("ATTACH DATABASE ? AS first", [f"file:{mirrored / 'build/comparada.db'}?mode=ro"])
    yield connection
    connection.close()


def published(name: str) -> Any:
    """A published file, read apart from our reader."""
    return pyreadr.read_r(str(FILES / SOURCE / f"{name}.rda"))[name]


@needs_mirror
def test_every_station_of_the_files_is_there(db: Db) -> None:
    found = dict(db.execute("SELECT year, count(*) FROM stations GROUP BY year"))
    assert found == {year: len(published(name)) for year, name in YEARS.items()}
    assert found == {2006: 130_777, 2012: 143_132, 2018: 156_899}
    # place and kind do not tell one station from another: only the source's own number does
    sql = "SELECT count(DISTINCT state_id || '-' || district_number || '-' || section_number || '-' || station_kind) FROM stations WHERE year = 2012"
    assert db.execute(sql).fetchone()[0] < found[2012]


@needs_mirror
@pytest.mark.parametrize(("year", "contestants"), list(CONTESTANTS.items()))
def test_every_vote_of_the_files_is_there(db: Db, year: int, contestants: list[str]) -> None:
    frame = published(YEARS[year])
    sql = "SELECT contestant_id, count(*), sum(votes_count) FROM station_results WHERE contestant_id LIKE ? GROUP BY 1"
    found = {key: (count, votes) for key, count, votes in db.execute(sql, [f"{year}-%"])}
    assert found == {f"{year}-{c}": (len(frame), int(frame[c].sum())) for c in contestants}
    sql = "SELECT code, votes_cast_count, registered_count, section_number, raw_row FROM stations WHERE year = ? ORDER BY raw_row"
    wanted = frame[["casilla_id", "total", "ln", "seccion"]].astype(int).itertuples(index=False)
    assert all(
        row == (str(c), total, ln, section, i)
        for i, (row, (c, total, ln, section)) in enumerate(zip(db.execute(sql, [year]), wanted, strict=True), start=1)
    )
    unequal = """SELECT count(*) FROM stations JOIN (SELECT station_id, sum(votes_count) AS votes FROM station_results
                 GROUP BY station_id) USING (station_id) WHERE year = ? AND votes != votes_cast_count"""
    assert db.execute(unequal, [year]).fetchone() == (0,)


@needs_mirror
def test_the_known_totals_of_2012(db: Db) -> None:
    """As the mirror's README has them: 715,660 rows, and otros are null and unregistered votes, no contestant's."""
    sql = "SELECT kind, count(*), sum(votes_count) FROM station_results JOIN station_contestants USING (contestant_id) WHERE year = 2012 GROUP BY 1"
    kinds = {kind: (count, votes) for kind, count, votes in db.execute(sql)}
    assert sum(count for count, _ in kinds.values()) == 715_660
    assert kinds["alliance"][1] == 19_220_407 + 15_881_019
    assert sum(votes for _, votes in kinds.values()) == 50_282_086
    sql = "SELECT count(*) FROM stations WHERE year = 2012 AND station_kind = 'special' AND registered_count = 0"
    assert db.execute(sql).fetchone() == (902,)
    assert db.execute(sql.replace("'special' AND", "'special' AND NOT")).fetchone() == (0,)


@needs_mirror
def test_stations_add_up_to_what_the_first_database_says(db: Db) -> None:
    sql = """SELECT s.election_id, s.state_id, c.party_id, sum(votes_count) FROM station_results
             JOIN stations s USING (station_id) JOIN station_contestants c USING (contestant_id)
             WHERE c.party_id IS NOT NULL GROUP BY 1, 2, 3"""
    added = sorted(db.execute(sql))
    first = (
        "SELECT election_id, unit_id, party_id, votes_count FROM first.results WHERE source_id = ? AND unit_id != 'MEX'"
    )
    assert len(added) == 32 * 9 and added == sorted(db.execute(first, [SOURCE]))
    sql = "SELECT election_id, state_id, sum(registered_count), sum(votes_cast_count) FROM stations WHERE election_id IS NOT NULL GROUP BY 1, 2"
    first = "SELECT election_id, unit_id, registered_count, votes_cast_count FROM first.turnout WHERE source_id = ? AND unit_id != 'MEX'"
    assert sorted(db.execute(sql)) == sorted(db.execute(first, [SOURCE]))


@needs_mirror
def test_stations_with_more_votes_than_their_list_are_warned_of(db: Db) -> None:
    sql = "SELECT raw_file_id, count(*) FROM {}problems WHERE rule = 'above-other-column' AND severity = 'warning' GROUP BY 1"
    wanted = {}
    for year in (2006, 2012):
        frame = published(YEARS[year])
        wanted[f"{SOURCE}/{YEARS[year]}.rda"] = int(((frame.total > frame.ln) & (frame.ln > 0)).sum())
    assert wanted == {f"{SOURCE}/nal_2006.rda": 117, f"{SOURCE}/nal_2012.rda": 81}
    assert dict(db.execute(sql.format(""))) == wanted == dict(db.execute(sql.format("first.")))
    loaded = "SELECT count(*) FROM stations WHERE votes_cast_count > registered_count AND registered_count > 0"
    assert db.execute(loaded).fetchone() == (198,)


@needs_mirror
def test_section_kinds_of_2018_are_those_of_2012(db: Db) -> None:
    """The frame numbers what the file of 2012 names: nearly every section that both have must come out the same."""
    sql = """SELECT a.section_kind = b.section_kind, count(*) FROM
             (SELECT DISTINCT state_id, section_number, section_kind FROM stations WHERE year = 2012) a JOIN
             (SELECT DISTINCT state_id, section_number, section_kind FROM stations WHERE year = 2018) b
             USING (state_id, section_number) WHERE a.section_kind IS NOT NULL GROUP BY 1"""
    assert dict(db.execute(sql)) == {0: 206, 1: 65_561}


@needs_mirror
def test_the_facts_in_the_repository_are_what_the_files_give(mirrored: Path) -> None:
    for path in sorted((REPOSITORY / "datasets" / SOURCE / "facts").iterdir()):
        assert (mirrored / "datasets" / SOURCE / "facts" / path.name).read_bytes() == path.read_bytes(), path.name


@needs_mirror
async def test_every_question_is_answered_in_time(mirrored: Path) -> None:
    build = mirrored / "build"
    async with opened_site(build / "comparada.db", more_databases=[build / "stations.db"]) as site:
        for name, question in TOLD["queries"].items():
            for arguments in ({}, question.get("defaults", {})):
                response = await site.client.get(f"/stations/{name}.json", params={**arguments, "_shape": "array"})
                assert response.status_code == 200 and response.json(), f"{name}: {response.text}"
        for table in TABLES:
            assert (await site.client.get(f"/stations/{table}")).status_code == 200, table
