"""Figures that must come out of the default knowledge base (what git holds)."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

Db = sqlite3.Connection


def one(db: Db, sql: str, *values: object) -> Any:
    """The single value that a query gives."""
    return db.execute(sql, values).fetchone()[0]


def test_parlgov_elections_and_results(default_db: Db) -> None:
    counts = dict(
        default_db.execute("SELECT chamber, count(*) FROM election_ids WHERE source_id = 'parlgov' GROUP BY chamber")
    )
    assert counts == {"LC": 844, "EP": 183}
    assert one(default_db, "SELECT count(*) FROM results WHERE source_id = 'parlgov'") == 9776
    assert one(default_db, "SELECT count(*) FROM cabinets WHERE source_id = 'parlgov'") == 1619


def test_croatia_2020_is_loaded_and_told(default_db: Db) -> None:
    row = default_db.execute(
        "SELECT raw_row, value, severity FROM problems WHERE source_id = 'parlgov' AND rule = 'percent-above-100'"
    ).fetchall()
    assert row == [(999, "468.95", "warning")]
    loaded = "SELECT value FROM published_indices WHERE election_id = 'HRV-LC-2020-07-05' AND index_id = 'turnout-registered'"
    assert one(default_db, loaded) == 468.95


def test_mexico_2012_from_the_polling_stations(default_db: Db) -> None:
    votes = dict(
        default_db.execute(
            "SELECT party_id, votes_count FROM results WHERE election_id = 'MEX-PR-2012-07-01' AND unit_id = 'MEX'"
        )
    )
    assert sorted(votes.values(), reverse=True)[:2] == [19_220_407, 15_881_019]
    assert (
        one(
            default_db,
            "SELECT votes_cast_count FROM turnout WHERE election_id = 'MEX-PR-2012-07-01' AND unit_id = 'MEX'",
        )
        == 50_282_086
    )
    query = "SELECT raw_query FROM results WHERE election_id = 'MEX-PR-2012-07-01' AND unit_id = 'MEX' AND votes_count = 15881019"
    assert "sum(prd_pt_mc)" in one(default_db, query)


def test_mexico_2006_named_lists_and_the_rest(default_db: Db) -> None:
    assert (
        one(
            default_db,
            "SELECT sum(votes_count) FROM results WHERE election_id = 'MEX-PR-2006-07-02' AND unit_id = 'MEX'",
        )
        == 40_588_729
    )
    turnout = "SELECT invalid_count, votes_cast_count FROM turnout WHERE election_id = 'MEX-PR-2006-07-02' AND unit_id = 'MEX'"
    assert default_db.execute(turnout).fetchone() == (1_202_593, 41_791_322)


@pytest.mark.parametrize("election", ["MEX-PR-2006-07-02", "MEX-PR-2012-07-01"])
def test_the_states_add_up_to_the_nation(default_db: Db, election: str) -> None:
    sql = "SELECT party_id, sum(CASE WHEN unit_id = 'MEX' THEN votes_count ELSE -votes_count END) FROM results WHERE election_id = ? GROUP BY 1"
    differences = dict(default_db.execute(sql, [election]))
    assert differences and set(differences.values()) == {0}
    assert one(default_db, "SELECT count(DISTINCT unit_id) FROM results WHERE election_id = ?", election) == 33


def test_mexico_from_v_party_with_its_coverage(default_db: Db) -> None:
    sql = "SELECT votes_coverage_pct, seats_coverage_pct FROM election_ids WHERE election_id = 'MEX-LC-2012-07-01' AND source_id = 'vparty'"
    assert default_db.execute(sql).fetchone() == (86.7, 91.8)
    assert one(default_db, "SELECT count(*) FROM elections WHERE jurisdiction_id = 'MEX' AND chamber = 'LC'") >= 27


def test_namibia_is_everywhere(default_db: Db) -> None:
    for source in ("lied", "vdem", "vanhanen"):
        assert (
            one(default_db, "SELECT count(*) FROM answers WHERE jurisdiction_id = 'NAM' AND source_id = ?", source) > 20
        ), source
    assert (
        one(default_db, "SELECT jurisdiction_id FROM jurisdiction_codes WHERE scheme = 'iso2' AND code = 'NA'") == "NAM"
    )
    assert one(default_db, "SELECT count(*) FROM elections WHERE jurisdiction_id = 'NAM'") > 3


@pytest.mark.parametrize(
    ("state", "first", "last"),  # LIED begins East Germany in 1945, with the occupation
    [("SUN", 1922, 1990), ("YUG", 1918, 1991), ("DDR", 1945, 1990)],
)
def test_former_states_are_themselves(default_db: Db, state: str, first: int, last: int) -> None:
    """Whatever a source calls them (V-Dem says Russia and Serbia), with their dates."""
    for source in ("lied", "vdem", "vanhanen"):
        sql = "SELECT min(valid_from), max(valid_from) FROM answers WHERE jurisdiction_id = ? AND source_id = ?"
        low, high = default_db.execute(sql, [state, source]).fetchone()
        assert first <= int(low[:4]) <= first + 12 and last - 1 <= int(high[:4]) <= last, (source, low, high)
    row = default_db.execute(
        "SELECT kind, valid_from, valid_to FROM jurisdictions WHERE jurisdiction_id = ?", [state]
    ).fetchone()
    assert row[0] == "historic_state" and row[1] and row[2]
    if state == "SUN":
        overlap = "SELECT count(*) FROM answers WHERE jurisdiction_id = 'RUS' AND source_id = 'vdem' AND valid_from BETWEEN '1923' AND '1990'"
        assert one(default_db, overlap) == 0


def test_no_name_of_a_source_is_unknown(default_db: Db) -> None:
    assert (
        one(default_db, "SELECT count(*) FROM problems WHERE rule IN ('unknown-jurisdiction', 'unknown-reference')")
        == 0
    )


def test_rows_add_up_in_every_file(default_db: Db) -> None:
    sql = """SELECT count(*), sum(rows_read_count = rows_loaded_count + rows_rejected_count + rows_excluded_count
             + rows_duplicate_count) FROM file_accounts"""
    files, balanced = default_db.execute(sql).fetchone()
    assert files == balanced > 20


def test_one_election_told_by_two_sources(default_db: Db) -> None:
    sources = default_db.execute(
        "SELECT source_id, match_rule FROM election_ids WHERE election_id = 'DEU-LC-2017-09-24' ORDER BY 1"
    )
    assert sources.fetchall() == [("parlgov", "first_statement"), ("vparty", "same_date")]


def test_every_variable_is_defined_in_both_languages(default_db: Db) -> None:
    columns = ["name", "question", "definition", "coding_rule"]
    for row in default_db.execute(
        f"SELECT variable_id, {', '.join(f'{c}_es, {c}_en' for c in columns)} FROM variables"
    ):
        assert all(row), row[0]
    answered = "SELECT count(DISTINCT variable_id) FROM answers"
    assert one(default_db, answered) >= 25


def test_shares_of_a_share_alike_source_carry_its_licence(default_db: Db) -> None:
    for table in ("answers", "results", "election_ids", "party_ids"):
        sql = f"SELECT DISTINCT licence_id FROM {table} WHERE source_id IN ('vdem', 'vparty')"
        assert {row[0] for row in default_db.execute(sql)} <= {"CC-BY-SA-4.0"}
    assert one(default_db, "SELECT share_alike FROM licences WHERE licence_id = 'CC-BY-SA-4.0'") == 1


def test_a_number_leads_to_its_published_row(default_db: Db) -> None:
    """The published value of one cell, read with another reader, is the value in the knowledge base."""
    sql = """SELECT value, raw_row, raw_column, sha256 FROM answers JOIN raw_files USING (raw_file_id)
             WHERE variable_id = 'electoral-democracy-index' AND jurisdiction_id = 'MEX' AND valid_from = '2020-01-01'"""
    value, row, column, sha256 = default_db.execute(sql).fetchone()
    assert column == "v2x_polyarchy" and row > 0 and len(sha256) == 64 and 0 < value < 1
