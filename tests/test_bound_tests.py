"""Consistency tests of loaded elections: what is incomplete, what contradicts itself, and that no failure is hidden."""

from __future__ import annotations

import pytest
from contested_base import Base, Db

from ingest.table_schema import load_tables


def test_incomplete_is_told_apart_from_contradictory() -> None:
    base = Base()
    lacking = base.election(2000, 10, {"votes": 60.0, "seats": 5}, {"votes": 30.0, "seats": 4})
    wrong = base.election(2004, 10, {"votes": 70.0, "seats": 7}, {"votes": 40.0, "seats": 4})
    base.derived()
    assert base.failures("shares_add_up") == [(lacking, "incomplete", 100, 90), (wrong, "contradictory", 100, 110)]
    assert base.failures("seats_equal_magnitude") == [(lacking, "incomplete", 10, 9), (wrong, "contradictory", 10, 11)]


def test_an_order_turned_round_is_a_warning() -> None:
    base = Base()
    election = base.election(2000, 10, {"votes": 51.0, "seats": 4}, {"votes": 49.0, "seats": 6})
    assert base.derived().failures("order_agrees") == [(election, "warning", 0, 1)]
    counts = base.db.execute(
        "SELECT tested_count, failed_count FROM bound_tests WHERE test = 'order_agrees' AND outcome = 'summary'"
    )
    assert counts.fetchall() == [(1, 1)]


def test_more_votes_than_voters_and_ballots_that_do_not_add_up() -> None:
    base = Base()
    election = base.election(2000, 10, {"votes": 50.0, "seats": 5}, {"votes": 50.0, "seats": 5})
    common = {
        "election_id": election,
        "unit_id": "X",
        "count_status": "final",
        "source_id": "parlgov",
        "licence_id": "CC0-1.0",
        "raw_file_id": "f",
    }
    base.add(
        "turnout",
        turnout_id=1,
        registered_count=90,
        vap_count=95,
        votes_cast_count=100,
        valid_count=97,
        null_count=2,
        unregistered_count=0,
        **common,
    )
    base.derived()
    assert base.failures("registered_cover_cast") == [(election, "contradictory", 90, 100)]
    assert base.failures("vap_covers_cast") == [(election, "contradictory", 95, 100)]
    assert base.failures("ballots_add_up") == [(election, "contradictory", 100, 99)]
    assert base.index(election, "turnout-vap")[0] == pytest.approx(100 * 100 / 95, abs=1e-6)


def test_croatia_2020_is_found_contradictory(derived: Db) -> None:
    sql = "SELECT outcome FROM bound_tests WHERE election_id = 'HRV-LC-2020-07-05' AND test = 'registered_cover_cast'"
    assert derived.execute(sql).fetchall() == [("contradictory",)]


def test_no_failure_is_hidden(derived: Db) -> None:
    sql = """SELECT s.test, s.source_id, s.failed_count, count(f.bound_test_id) FROM bound_tests s
             LEFT JOIN bound_tests f ON f.test = s.test AND f.source_id = s.source_id AND f.outcome <> 'summary'
             WHERE s.outcome = 'summary' GROUP BY 1, 2, 3"""
    rows = derived.execute(sql).fetchall()
    assert len(rows) >= 35 and all(told == found for _, _, told, found in rows)
    assert {r[0] for r in rows} == set(load_tables()["bound_tests"].column("test").allowed) - {"vap_covers_cast"}
