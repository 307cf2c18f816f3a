"""Published indices beside ours: each difference with its reason, and the figures that docs/reconciliation.md reports."""

from __future__ import annotations

import csv
import doctest
import importlib.util
from importlib.resources import files
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from conftest import REPOSITORY
from contested_base import LSQ, Base, Db, one

from ingest.table_schema import load_tables
from research.derivations import displaced
from research.derivations.contests import load_contests
from research.derivations.displaced import displaced_values
from research.derivations.reconciliation import hand_checked_reasons
from research.derivations.uncontested import without_uncontested

HALVES = ({"votes": 60.0, "seats": 7}, {"votes": 40.0, "seats": 3})  # an index of 10


@pytest.mark.parametrize(("published", "reason"), [(10.04, "equal"), (10.08, "rounding"), (12.0, "unexplained")])
def test_near_and_far_from_the_published_value(published: float, reason: str) -> None:
    base = Base()
    election = base.election(2000, 10, *HALVES)
    base.publish(published, 2000, election)
    assert base.derived().reason()[0] == reason


def test_another_treatment_that_gives_the_published_value_is_the_reason() -> None:
    base = Base()
    election = base.election(
        2000, 10, {"votes": 50.0, "seats": 6}, {"votes": 40.0, "seats": 4}, {"votes": 10.0, "seats": 0}
    )
    base.publish(7.07, 2000, election)
    reason, _, evidence = base.derived().reason()
    assert reason == "others_lumped" and "won no seats" in evidence


def test_an_alliance_that_the_publisher_kept_apart_is_the_reason() -> None:
    """Great Britain 1983: the Alliance's votes halved between its two parties give Gallagher's value."""
    base = Base()
    election = base.election(
        2000,
        100,
        {"kind": "alliance", "votes": 25.4, "seats": 3},
        {"seats": 1, "alliance": 0},
        {"votes": 74.6, "seats": 96},
    )
    halved = np.sqrt(0.5 * (9.7**2 + 11.7**2 + 21.4**2))
    base.publish(round(float(halved), 2), 2000, election)
    reason, _, evidence = base.derived().reason()
    assert reason == "alliance" and "equal parts" in evidence


def test_another_sources_data_are_the_reason() -> None:
    base = Base()
    election = base.election(2000, 10, *HALVES)
    base.election(2000, 10, {"votes": 65.0, "seats": 7}, {"votes": 35.0, "seats": 3}, source="vparty")
    base.publish(5.0, 2000, election)
    assert base.derived().reason()[0] == "input_differs"


def test_the_year_of_two_elections() -> None:
    base = Base()
    base.election(2000, 10, *HALVES, code="-02")
    november = base.election(2000, 10, {"votes": 70.0, "seats": 9}, {"votes": 30.0, "seats": 1}, code="-11")
    base.publish(20.0, 2000)
    assert base.derived().reason()[:2] == ("second_election", november)


def test_a_series_that_stands_some_rows_off() -> None:
    base = Base()
    elections = [
        base.election(1950 + 4 * i, 100, {"votes": 60.0, "seats": 61 + 4 * i}, {"votes": 40.0, "seats": 39 - 4 * i})
        for i in range(6)
    ]  # indices 1, 5, 9, 13, 17, 21
    for i, value in enumerate((9, 13, 17, 21)):
        base.publish(value, 1950 + 4 * i, elections[i])
    base.derived()
    reasons = base.db.execute("SELECT reason, evidence_en FROM index_reconciliation").fetchall()
    assert {r[0] for r in reasons} == {"row_displaced"} and elections[2] in reasons[0][1]
    of = base.db.execute("SELECT value_of_election_id FROM index_reconciliation ORDER BY published_index_id").fetchall()
    assert [o for (o,) in of] == elections[2:]


def test_a_series_turned_round_comes_in_at_the_other_end() -> None:
    """Germany 1949–2002: the last four values first, as Carey and Hix's file has them."""
    ours = [float(3 * i + i * i % 5) for i in range(15)]
    turned = list(enumerate(ours[4:] + ours[:4]))
    assert displaced_values(turned, ours) == {i: (i + 4) % 15 for i in range(15)}
    assert displaced_values(list(enumerate(ours)), ours) == {}
    examples = doctest.testmod(displaced)
    assert examples.attempted and not examples.failed


def test_a_value_among_many_that_fits_elsewhere_by_chance_displaces_nothing() -> None:
    ours = [float(3 * i) for i in range(10)]
    assert displaced_values([*enumerate(ours[:8]), (8, 3.0), (9, 6.0)], ours) == {}


def test_a_month_that_a_source_of_renewals_tells_is_no_second_election() -> None:
    base = Base()
    base.election(2000, 10, *HALVES)
    base.add(
        "elections", election_id="X-LC-2000-12", jurisdiction_id="X", body_id="X-LC", chamber="LC", sources_count=1,
        election_date="2000-12", date_precision="month", election_year=2000, name_es="x", name_en="x",
    )  # fmt: skip
    base.publish(10.0, 2000)
    assert base.derived().reason()[0] == "equal"


def test_the_reconciliation_reaches_what_it_says_it_reaches(derived: Db) -> None:
    """docs/reconciliation.md tells these figures; a change for the worse must be seen."""
    gaps = [abs(r[0]) for r in derived.execute(
        "SELECT difference FROM index_reconciliation WHERE published_by = 'gallagher' AND index_id = ? AND source_id = 'parlgov'", [LSQ]
    )]  # fmt: skip
    assert len(gaps) >= 450
    assert sum(g <= 0.10 for g in gaps) / len(gaps) >= 0.61
    assert sum(g <= 0.50 for g in gaps) / len(gaps) >= 0.83


def reconciliation_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reconciliation", REPOSITORY / "benchmarks" / "reconciliation.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_like_with_like_the_goal_is_reached(derived: Db) -> None:
    """The goal of 70 % and 92 %, without what is not the same thing: steps that rest on facts and leave none out for not fitting."""
    script = reconciliation_script()
    rows = pd.read_sql_query(script.COMPARED, derived)
    parlgov = rows[rows["source_id"] == "parlgov"]
    steps = script.like_with_like(derived, parlgov)
    last = steps[-1][1]
    gaps = (last["computed"] - last["published"]).abs()
    assert len(last) >= 400 and (gaps <= 0.10).mean() >= 0.70 and (gaps <= 0.50).mean() >= 0.92
    for rows in (parlgov, last):
        assert script.gap_by_reason(rows)["share of 0.1"].sum() == pytest.approx(100, abs=0.5)


def test_every_seat_that_no_contest_filled_is_found_in_its_election(derived: Db) -> None:
    text = (files("research.derivations") / "uncontested.csv").read_text("utf-8")
    elections = {r["election_id"] for r in csv.DictReader(text.splitlines())}
    found = without_uncontested(load_contests(derived))
    assert {e for e, source in found if source == "parlgov"} == elections
    sql = "SELECT election_id, published_value FROM index_reconciliation WHERE published_by = 'gallagher' AND index_id = ?"
    published = dict(derived.execute(sql, [LSQ]).fetchall())
    near = [abs(found[e, "parlgov"].value - published[e]) <= 0.10 for e in elections]
    assert sum(near) >= 9  # the rule is of the seats, not of what fits: some do not


def test_what_carey_and_hix_worked_out_is_told_as_theirs(derived: Db) -> None:
    turkey = "SELECT evidence_es, evidence_en FROM index_reconciliation WHERE election_id = 'TUR-LC-1987-10-29' AND published_by = 'gallagher'"
    es, en = derived.execute(turkey).fetchone()
    assert "Carey y Hix" in es and "Carey and Hix" in en


def test_the_german_series_is_put_back_in_its_place(derived: Db) -> None:
    sql = """SELECT r.election_id, r.value_of_election_id, r.published_value - i.value
             FROM index_reconciliation r JOIN election_indices i ON i.election_id = r.value_of_election_id
               AND i.index_id = r.index_id AND i.source_id = r.source_id AND i.unit_id = 'DEU'"""
    rows = derived.execute(sql).fetchall()
    assert ("DEU-LC-1998-09-27", "DEU-LC-1957-09-15") in {r[:2] for r in rows}
    assert len(rows) == 12 and all(abs(gap) <= 0.15 for _, _, gap in rows)


def test_the_document_lists_every_difference_above_one_and_the_decomposition(derived: Db) -> None:
    script, text = reconciliation_script(), (REPOSITORY / "docs" / "reconciliation.md").read_text("utf-8")
    rows = pd.read_sql_query(script.COMPARED, derived)
    assert script.above_one(rows) in text
    parlgov = rows[rows["source_id"] == "parlgov"]
    for reason, row in script.gap_by_reason(parlgov).iterrows():
        counts = " | ".join(str(int(row[limit])) for limit in ("0.1", "0.5", "1.0"))
        assert f"| `{reason}` | {counts} | {row['share of 0.1']} % |" in text
    for _, step in script.like_with_like(derived, parlgov):
        gaps = (step["computed"] - step["published"]).abs()
        within = [f"{100 * (gaps <= limit).mean():.1f} %" for limit in (0.10, 0.50)]
        assert f"| {len(step)} | {within[0]} | {within[1]} | {(gaps > 1).sum()} |" in text.replace("**", "")


def test_every_difference_above_one_has_its_reason_or_was_looked_into(derived: Db) -> None:
    sql = """SELECT election_id, reason, is_checked_by_hand, evidence_es, evidence_en FROM index_reconciliation
             WHERE published_by = 'gallagher' AND index_id = ? AND abs(difference) > 1"""
    rows = derived.execute(sql, [LSQ]).fetchall()
    assert len(rows) > 50
    for election, reason, _, es, en in rows:
        assert es and en, election
        assert reason != "unexplained", election


def test_no_reason_written_by_hand_is_left_over(derived: Db) -> None:
    allowed = set(load_tables()["index_reconciliation"].column("reason").allowed)
    for (election, index), reason in hand_checked_reasons().items():
        assert reason.reason in allowed
        sql = "SELECT is_checked_by_hand FROM index_reconciliation WHERE election_id = ? AND index_id = ? AND published_by = 'gallagher'"
        assert one(derived, sql, election, index) == 1, election
