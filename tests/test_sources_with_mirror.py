"""The sources whose licence keeps their facts out of the repository, read from a mirror of the published files.

Every figure here is counted in the published files themselves, apart from the knowledge base; the mirror's
README tells the traps. Without the mirror there is nothing to read, and the tests say so.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyreadr
import pytest
import yaml
from conftest import MIRROR, REPOSITORY, comparada, needs_mirror
from python_calamine import CalamineWorkbook

from comparada.serving import make_datasette

SOURCES = ("idea", "ipu", "reformas-latam", "oedi-inventory", "vdem-elections", "vdem-codebook", "mexico-prep-2018")
FILES = MIRROR / "sources"
pytestmark = needs_mirror
Db = sqlite3.Connection


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default knowledge base with these sources fetched and ingested on top."""
    root = tmp_path_factory.mktemp("mirror")
    shutil.copytree(REPOSITORY / "datasets", root / "datasets")
    brought = comparada("fetch", *SOURCES, "--mirror", str(FILES), root=root)
    assert brought.returncode == 0, brought.stderr
    ingested = comparada("ingest", *SOURCES, root=root)
    assert ingested.returncode == 0, ingested.stderr
    return root


@pytest.fixture(scope="module")
def db(root: Path) -> Iterator[Db]:
    result = comparada("build", root=root)
    assert result.returncode == 0, result.stderr
    connection = sqlite3.connect(f"file:{root / 'build/comparada.db'}?mode=ro", uri=True)
    yield connection
    connection.close()


def one(db: Db, sql: str, *values: object) -> object:
    return db.execute(sql, values).fetchone()[0]


def problems(root: Path, *sources: str) -> list[str]:
    return comparada("check", *sources, root=root).stdout.splitlines()


def sheet(path: str, name: str | None = None) -> list[list[object]]:
    with CalamineWorkbook.from_path(str(FILES / path)) as book:
        return book.get_sheet_by_name(name or book.sheet_names[0]).to_python(skip_empty_area=False)


def test_nothing_of_them_is_written_beside_the_descriptors(root: Path) -> None:
    for source in SOURCES:
        assert [p.name for p in (root / "datasets" / source).iterdir()] == ["source.yml"]
        assert (root / "build/facts" / source / "raw_files.csv").is_file()


def test_every_row_of_every_file_is_accounted_for(db: Db) -> None:
    sql = """SELECT source_id, count(*), sum(rows_read_count), sum(rows_read_count = rows_loaded_count + rows_rejected_count
             + rows_excluded_count + rows_duplicate_count) FROM file_accounts JOIN raw_files USING (raw_file_id) GROUP BY 1"""
    told = {row[0]: row[1:] for row in db.execute(sql)}
    assert all(accounts == balanced for accounts, _, balanced in told.values())
    published = sum(len(sheet(f"idea/{p.name}")) - 1 for p in (FILES / "idea").glob("*.xlsx"))
    assert told["idea"][:2] == (7, published) and published == 3466
    # two sheets of each of the seven workbooks, compared or loaded
    books = list((FILES / "reformas-latam").glob("*/*.xlsx"))
    rows = 0
    for path in books:
        with CalamineWorkbook.from_path(str(path)) as book:
            rows += sum(len(book.get_sheet_by_name(n).to_python()) - 1 for n in book.sheet_names)
    assert told["reformas-latam"][:2] == (14, rows) and len(books) == 7


def test_names_of_states_are_all_known(root: Path) -> None:
    assert not [line for line in problems(root, *SOURCES) if "unknown-jurisdiction" in line]


# --- International IDEA ----------------------------------------------------------------------------


def test_idea_repeats_and_lone_percent_signs_are_counted(root: Path) -> None:
    rows = [tuple(map(str, r)) for r in sheet("idea/VotTurnoutParlDB.xlsx")[1:]]
    told = Counter(line.rsplit("[", 1)[-1] for line in problems(root, "idea"))
    assert told["duplicate-row]"] == len(rows) - len(set(rows)) == 134
    assert told["lone-percent]"] == sum(r[4] == "%" for r in set(rows)) == 4
    above = [r for r in set(rows) if r[4] != "%" and float(r[4].removesuffix("%")) > 100]
    assert told["percent-above-100]"] == len(above) == 2


def test_idea_first_of_january_is_a_year(db: Db) -> None:
    rows = {tuple(map(str, r)) for r in sheet("idea/VotTurnoutParlDB.xlsx")[1:]}
    dates = Counter("year" if r[3].endswith("-01-01") else "day" for r in rows)
    assert dates["year"] == 2032 and len(rows) == 2254
    sql = "SELECT date_precision, count(*) FROM election_ids WHERE source_id = 'idea' AND chamber = 'LC' GROUP BY 1"
    assert dict(db.execute(sql)) == dates
    assert one(db, "SELECT count(*) FROM election_ids WHERE source_id = 'idea' AND stated_date LIKE '%-01-01'") == 0


def test_idea_namibia_and_two_systems_in_a_cell(db: Db) -> None:
    published = {(r[1], str(r[4])) for r in sheet("idea/NatLegDB.xlsx")[1:]}
    assert ("NA", "List PR") in published
    sql = "SELECT code_id FROM answers WHERE variable_id = 'legislature-electoral-system' AND jurisdiction_id = ?"
    assert db.execute(sql, ["NAM"]).fetchall() == [("legislature-electoral-system:List PR",)]
    several = next(code for code, system in published if system == "#TRS\n#PBV\n#List PR")
    jurisdiction = one(db, "SELECT jurisdiction_id FROM jurisdiction_codes WHERE scheme = 'iso2' AND code = ?", several)
    assert {row[0].split(":")[1] for row in db.execute(sql, [jurisdiction])} == {"TRS", "PBV", "List PR"}
    assert db.execute(sql, ["MEX"]).fetchall() == [("legislature-electoral-system:MMP",)]


def test_a_turnout_leads_to_its_cell(db: Db) -> None:
    sql = """SELECT value, raw_row FROM answers WHERE variable_id = 'turnout-parliamentary' AND jurisdiction_id = 'MEX'
             AND valid_from LIKE '2018%'"""
    value, row = db.execute(sql).fetchone()
    published = sheet("idea/VotTurnoutParlDB.xlsx")[row - 1]
    assert published[1] == "MX" and published[4] == f"{value:.2f}%"


# --- Inter-Parliamentary Union ---------------------------------------------------------------------


def test_women_in_parliament_fractions_percentages_and_errors(db: Db, root: Path) -> None:
    rows = sheet("ipu/women_in_parliament-historical_database-1945_to_2018.xlsx")
    at = next(i for i, r in enumerate(rows) if r[0] == "Djibouti" and r[3] == 2018.0)
    assert rows[at][8] == "26.2%"
    value = "SELECT value FROM answers WHERE variable_id = 'women-in-parliament' AND raw_row = ?"
    assert one(db, value, at + 1) == 26.2
    assert rows[1][8] == pytest.approx(4 / 210)
    assert one(db, value, 2) == pytest.approx(100 * 4 / 210)
    told = Counter(line.rsplit("[", 1)[-1] for line in problems(root, "ipu"))
    assert told["spreadsheet-error]"] == 5  # #VALUE!, which many readers give as a blank
    assert told["not-a-number]"] == sum(
        " " in str(r[i]).strip() and str(r[i])[0].isdigit() for r in rows[1:] for i in (6, 7)
    )
    assert one(db, "SELECT max(value) FROM answers WHERE variable_id = 'women-in-parliament'") <= 100


# --- Observatory of Political Reforms --------------------------------------------------------------


def test_the_two_sheets_of_the_lower_house_differ_in_fourteen_cells(root: Path) -> None:
    told = [line for line in problems(root, "reformas-latam") if "[versions-differ]" in line]
    assert sum("DD_SECB" in line for line in told) == 14
    assert sum("DD_SECA" in line and "'1933'" in line and "1963" in line for line in told) == 1
    assert sum("DD_Paridad" in line for line in told) == 2
    assert len(told) == 17  # direct democracy in two languages, media and executive agree


def test_thresholds_that_became_dates_are_told_and_not_loaded(db: Db, root: Path) -> None:
    dates = [line for line in problems(root, "reformas-latam") if "[date-in-number]" in line]
    assert ["'2023-05-02'" in dates[0], "'2023-05-01'" in dates[1], len(dates)] == [True, True, 2]
    sql = "SELECT valid_from, value FROM answers WHERE variable_id = 'legal-threshold' AND jurisdiction_id = 'MEX' ORDER BY 1"
    assert db.execute(sql).fetchall() == [("1996-01-01", 2.0), ("2014-01-01", 2.0)]
    exists = "SELECT count(*) FROM answers WHERE code_id = 'has-legal-threshold:1' AND jurisdiction_id = 'MEX' AND tier = 'lower'"
    assert one(db, exists) == 4


def test_thresholds_have_their_base_and_level(db: Db) -> None:
    def said(variable: str, jurisdiction: str) -> set[str]:
        sql = "SELECT code_id FROM answers WHERE variable_id = ? AND jurisdiction_id = ?"
        return {row[0].split(":")[1] for row in db.execute(sql, [variable, jurisdiction])}

    assert said("legal-threshold-base", "ARG") == {"registered-voters"} and said("legal-threshold-level", "ARG") == {
        "district"
    }
    assert said("legal-threshold-base", "PER") == {"valid-votes"} and said("legal-threshold-level", "PER") == {"nation"}
    quotients = "SELECT jurisdiction_id, value, count(*) FROM answers WHERE variable_id = 'legal-threshold-quotient' GROUP BY 1, 2"
    assert db.execute(quotients).fetchall() == [("COL", 50.0, 5)]
    assert one(db, "SELECT max(value) FROM answers WHERE variable_id = 'legal-threshold'") == 5.0
    figures = """SELECT count(*) FROM answers a WHERE variable_id IN ('legal-threshold', 'legal-threshold-quotient') AND value IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM answers b WHERE b.variable_id = 'legal-threshold-base'
                 AND b.jurisdiction_id = a.jurisdiction_id AND b.valid_from = a.valid_from AND b.tier = a.tier)"""
    assert one(db, figures) == 0
    brazil = "SELECT missing FROM answers WHERE variable_id = 'legal-threshold' AND jurisdiction_id = 'BRA'"
    assert db.execute(brazil).fetchall() == [("no_information",)]


def test_a_rule_lasts_until_the_eve_of_the_next(db: Db) -> None:
    sql = """SELECT valid_from, valid_to FROM answers WHERE variable_id = 'seat-allocation-principle' AND jurisdiction_id = 'MEX'
             AND tier = 'lower' ORDER BY valid_from"""
    periods = db.execute(sql).fetchall()
    assert [p[0][:4] for p in periods] == ["1963", "1972", "1977", "1987", "1996", "2014"]
    assert [p[1] for p in periods] == ["1971-12-31", "1976-12-31", "1986-12-31", "1995-12-31", "2013-12-31", None]


def test_codes_for_missing_are_no_numbers(db: Db) -> None:
    for sign in (-999, -99, 999, 888):
        assert one(db, "SELECT count(*) FROM answers WHERE source_id = 'reformas-latam' AND value = ?", sign) == 0
        assert one(db, "SELECT count(*) FROM party_answers WHERE value IN (?, ?)", sign, 100 * sign) == 0


def test_party_statutes_are_about_parties(db: Db) -> None:
    rows = sheet("reformas-latam/Reglas-Estatutarias-sobre-Paridad-y-Cuotas-de-Genero/DD_Paridad.xlsx", "Base en texto")
    published = Counter(str(r[6])[0] for r in rows[1:])
    sql = (
        "SELECT substr(code_id, -1), count(*) FROM party_answers WHERE variable_id = 'statute-gender-parity' GROUP BY 1"
    )
    assert dict(db.execute(sql)) == published == {"0": 38, "1": 16}
    reasons = "SELECT missing, count(*) FROM party_answers WHERE variable_id = 'statute-gender-quota-pct' GROUP BY 1"
    assert dict(db.execute(reasons)) == {None: 14, "not_applicable": 37, "not_specified_in_law": 3}
    assert one(db, "SELECT count(*) FROM answers WHERE variable_id LIKE 'statute-%'") == 0


# --- V-Dem -----------------------------------------------------------------------------------------


def test_electoral_bodies_by_gleditsch_ward_code(db: Db) -> None:
    frame = pyreadr.read_r(str(FILES / "vdem/states-v12-mod.rds"))[None]
    mexico = frame[(frame.gwcode == 70) & (frame.year == 2018)].iloc[0]
    sql = "SELECT value FROM answers WHERE variable_id = ? AND jurisdiction_id = 'MEX' AND valid_from = '2018-01-01'"
    for variable, column in (("emb-autonomy", "lag0_v2elembaut"), ("emb-capacity", "lag0_v2elembcap"),
                             ("public-campaign-finance", "lag0_v2elpubfin"), ("donation-disclosure", "lag0_v2eldonate")):  # fmt: skip
        assert one(db, sql, variable) == pytest.approx(mexico[column])
        assert one(db, "SELECT count(*) FROM answers WHERE variable_id = ?", variable) == frame[column].notna().sum()
    carried = "SELECT comment IS NOT NULL, count(*) FROM answers WHERE variable_id = 'emb-autonomy' GROUP BY 1"
    assert dict(db.execute(carried)) == {
        0: int((frame.lag0_is_election_year == 1).sum()),
        1: int((frame.lag0_is_election_year == 0).sum()),
    }
    assert one(db, "SELECT count(*) FROM answers WHERE source_id = 'vdem-elections' AND jurisdiction_id = 'SUN'") > 0


def test_a_yes_of_v_dem_that_means_no(db: Db) -> None:
    """v2elrstrct is 0 where candidacies are restricted; our question asks whether they are."""
    frame = pyreadr.read_r(str(FILES / "vdem/states-v12-mod.rds"))[None]
    yes = "SELECT count(*) FROM answers WHERE code_id = 'candidate-restriction:1'"
    assert one(db, yes) == int((frame.lag0_v2elrstrct == 0).sum()) > 0


def test_the_codebook_and_what_refers_to_it(db: Db) -> None:
    frame = pyreadr.read_r(str(FILES / "vdem/codebook.RData"))["codebook"]
    assert one(db, "SELECT count(*) FROM codebook_entries") == len(frame) == 781
    lost = """SELECT x.code FROM variable_crosswalks x LEFT JOIN codebook_entries e ON e.scheme = x.scheme AND e.code = x.code
              WHERE x.scheme = 'vdem' AND e.code IS NULL"""
    assert db.execute(lost).fetchall() == []
    assert one(db, "SELECT count(DISTINCT variable_id) FROM variable_crosswalks") >= 60


# --- the preliminary count of 2018, and the inventory ----------------------------------------------


def test_the_last_cut_is_the_preliminary_result(db: Db) -> None:
    cuts = [json.loads(p.read_text("utf-8")) for p in sorted((FILES / "mexico-prep-2018").glob("*.json"))]
    last = cuts[-1]
    turnout = "SELECT votes_cast_count, registered_count, counted_at, count_status FROM turnout WHERE source_id = 'mexico-prep-2018'"
    assert db.execute(turnout).fetchall() == [
        (last["totalVotos"], last["listaNominal"], "2018-07-02T21:00", "preliminary")
    ]
    named = {
        c["nombreCandidatoPropietario"]: c["total"]
        for c in last["votosCandidatoPartidoCoalicion"]
        if c["nombreCandidatoPropietario"]
    }
    assert dict(db.execute("SELECT contestant, votes_count FROM results WHERE source_id = 'mexico-prep-2018'")) == named
    rest = "SELECT sum(null_count + unregistered_count) FROM turnout WHERE source_id = 'mexico-prep-2018'"
    assert sum(named.values()) + int(str(one(db, rest))) == last["totalVotos"]


def test_every_cut_is_kept_with_its_hour(db: Db) -> None:
    cuts = [json.loads(p.read_text("utf-8")) for p in sorted((FILES / "mexico-prep-2018").glob("*.json"))]
    sql = "SELECT counted_at, sum(votes_count), sum(abroad_count), max(counted_stations_pct) FROM preliminary_counts GROUP BY 1 ORDER BY 1"
    told = db.execute(sql).fetchall()
    assert len(told) == len(cuts) == 27
    assert [row[1:] for row in told] == [
        (c["totalVotos"], c["totalVotosVE"], c["actasContabilizadas"]["porcentaje"]) for c in cuts
    ]
    assert told[0][0] == "2018-07-01T21:04"


def test_openness_of_mexicos_campaign_finance(db: Db) -> None:
    inventory = json.loads((FILES / "oedi-inventory/countries_inventory.json").read_text("utf-8"))["countries"]
    mexico = next(c for c in inventory if c["country"] == "mexico")["categories"]["campaign-finance"]
    sql = "SELECT code_id, text, date_precision FROM answers WHERE jurisdiction_id = 'MEX' AND variable_id = ?"
    assert db.execute(sql, ["open-data-campaign-finance"]).fetchone() == (
        f"open-data-campaign-finance:{mexico['value']}",
        None,
        "day",
    )
    assert (db.execute(sql, ["body-in-charge-campaign-finance"]).fetchone() or (None, None))[1] == (
        mexico["body_name"] or None
    )
    rated = sum(len(c["categories"]) for c in inventory)
    assert one(db, "SELECT count(*) FROM answers WHERE variable_id LIKE 'open-data-%'") == rated == 252


def test_every_variable_is_told_in_both_languages_and_answered(db: Db) -> None:
    columns = [f"{c}_{lang}" for c in ("name", "question", "definition", "coding_rule") for lang in ("es", "en")]
    for row in db.execute(f"SELECT variable_id, unit, time_kind, topic_id, {', '.join(columns)} FROM variables"):
        assert all(row), row[0]
    answered = """SELECT count(DISTINCT variable_id) FROM (SELECT variable_id FROM answers UNION SELECT variable_id FROM party_answers)"""
    assert int(str(one(db, answered))) >= 80
    silent = """SELECT variable_id FROM variables WHERE source_id IN ('idea', 'ipu', 'reformas-latam', 'vdem-elections')
                EXCEPT SELECT variable_id FROM answers EXCEPT SELECT variable_id FROM party_answers"""
    assert db.execute(silent).fetchall() == []


async def test_every_question_is_answered_in_time_on_the_full_base(db: Db, root: Path) -> None:
    """The base with the published files has more rows: a question that only a small one answers is no question."""
    metadata = REPOSITORY / "metadata.yml"
    site = make_datasette(root / "build" / "comparada.db", metadata)
    await site.invoke_startup()
    for name in yaml.safe_load(metadata.read_text("utf-8"))["databases"]["comparada"]["queries"]:
        response = await site.client.get(f"/comparada/{name}.json", params={"_shape": "array"})
        assert response.status_code == 200, f"{name}: {response.text}"
        assert response.json(), f"{name}: no rows"


def test_the_law_goes_before_the_observatory_on_mexicos_threshold(db: Db) -> None:
    sql = """SELECT value_a_es, source_a_id, value_b_es, source_b_id, preferred_source_id, rule, reason_en FROM conflicts
             WHERE quantity = 'lower-house-threshold' AND jurisdiction_id = 'MEX'"""
    ((one, first, other, second, preferred, rule, reason),) = db.execute(sql).fetchall()
    assert {first: one, second: other} == {"comparada-coding": "3", "reformas-latam": "2"}
    assert (preferred, rule) == ("comparada-coding", "the_law") and "Article 54, section II" in reason
    says = "SELECT valid_from, value FROM answers WHERE variable_id = 'legal-threshold' AND jurisdiction_id = 'MEX'"
    assert dict(db.execute(says).fetchall())["1996-01-01"] == 2.0  # the rule that its row of 2014 repeats
