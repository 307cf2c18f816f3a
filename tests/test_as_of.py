"""What held on a date, for each kind of time, and how old the evidence is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from test_conflicts import Base

from research.as_of import BASES, Standing, as_of, create_view

Found = list[tuple[float | None, str, bool | None, int | None]]


@pytest.fixture
def base() -> Iterator[Base]:
    made = Base()
    made.source("a", 1, "2020-06-01")
    create_view(made.db)
    yield made
    made.db.close()


def looked(base: Base, day: str, variable: str = "v") -> list[Standing]:
    return as_of(base.db, ["XXX"], [variable], day)


def short(standings: list[Standing]) -> Found:
    return [(s.value, s.basis, s.holds, s.age_days) for s in standings]


def test_a_rule_holds_until_it_changes(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", value=1.5, valid_from="1996-11-22", valid_to="2014-05-22", date_precision="day")
    base.answer("v", "a", value=3.0, valid_from="2014-05-23", date_precision="day")
    assert short(looked(base, "1990-01-01")) == []
    assert short(looked(base, "2014-05-22")) == [(1.5, "in_force", True, 6390)]
    assert short(looked(base, "2018-06-01")) == [(3.0, "in_force", True, 1470)]
    assert looked(base, "2018-06-01")[0].age_years == 4.0


def test_a_rule_without_an_end_ends_where_the_sources_next_begins(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", value=2.0, valid_from="1987-01-01", date_precision="year")
    base.answer("v", "a", value=5.0, valid_from="1996-01-01", date_precision="year")
    assert [s.value for s in looked(base, "1995-12-31")] == [2.0]
    assert [s.value for s in looked(base, "1996-01-01")] == [5.0]


def test_another_houses_rule_does_not_end_this_ones(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", value=2.0, tier="lower", valid_from="1987-01-01")
    base.answer("v", "a", value=5.0, tier="upper", valid_from="1996-01-01")
    assert {(s.tier, s.value) for s in looked(base, "2000-01-01")} == {("lower", 2.0), ("upper", 5.0)}


def test_a_date_later_than_the_publication_is_said_to_be_beyond_the_source(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", value=2.0, valid_from="1987-01-01")
    assert [looked(base, day)[0].is_beyond_source for day in ("2020-06-01", "2020-06-02")] == [False, True]


def test_an_answer_checked_later_is_vouched_for_until_then(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", value=2.0, valid_from="1987-01-01", verified_on="2025-01-31")
    assert [looked(base, day)[0].is_beyond_source for day in ("2024-01-01", "2025-02-01")] == [False, True]


def test_a_yearly_observation_is_of_its_year_and_the_nearest_earlier_one_is_told_as_such(base: Base) -> None:
    base.variable("v", "a", "yearly_observation")
    for year, value in ((2015, 0.5), (2017, 0.7), (2019, 0.9)):
        base.answer("v", "a", value=value, valid_from=f"{year}-01-01", valid_to=f"{year}-12-31", date_precision="year")
    assert short(looked(base, "2017-06-01")) == [(0.7, "of_that_year", True, 0)]
    assert short(looked(base, "2018-06-01")) == [(0.7, "nearest_earlier_year", False, 152)]
    assert short(looked(base, "2014-06-01")) == []


def test_a_value_of_an_election_is_that_of_the_latest_one(base: Base) -> None:
    base.variable("v", "a", "value_of_an_election")
    for day, value in (("2015-06-07", 47.7), ("2018-07-01", 63.2)):
        base.answer("v", "a", value=value, valid_from=day, valid_to=day, date_precision="day")
    assert short(looked(base, "2018-06-30")) == [(47.7, "latest_election", True, 1119)]
    assert short(looked(base, "2018-07-01")) == [(63.2, "latest_election", True, 0)]
    assert short(looked(base, "2015-06-06")) == []


def test_an_election_of_the_year_asked_for_without_a_day_leaves_it_open(base: Base) -> None:
    base.variable("v", "a", "value_of_an_election")
    for year, value in ((2015, 47.7), (2018, 63.2)):
        base.answer("v", "a", value=value, valid_from=f"{year}-01-01", valid_to=f"{year}-12-31", date_precision="year")
    assert short(looked(base, "2018-06-01")) == [
        (47.7, "latest_election", None, 883), (63.2, "election_of_that_year", None, None),
    ]  # fmt: skip
    assert short(looked(base, "2019-01-01")) == [(63.2, "latest_election", True, 1)]


def test_an_undated_fact_is_never_carried(base: Base) -> None:
    base.variable("v", "a", "undated_snapshot")
    base.answer("v", "a", value=1.0)
    (found,) = looked(base, "2018-06-01")
    assert (found.basis, found.holds, found.age_days, found.source_date) == ("undated", None, None, "2020-06-01")
    covered = "SELECT count(*) FROM answers_as_of WHERE '2018-06-01' BETWEEN applies_from AND applies_to"
    assert base.db.execute(covered).fetchone() == (0,)


def test_what_is_missing_is_told_with_its_reason(base: Base) -> None:
    base.variable("v", "a", "rule_in_force")
    base.answer("v", "a", missing="not_specified_in_law", valid_from="2000-01-01")
    assert [(s.value, s.missing) for s in looked(base, "2018-06-01")] == [(None, "not_specified_in_law")]


def test_what_is_no_date_is_refused(base: Base) -> None:
    with pytest.raises(ValueError, match="2018"):
        looked(base, "2018")


def test_nothing_asked_nothing_told(base: Base) -> None:
    assert as_of(base.db, [], ["v"], "2018-06-01") == [] == as_of(base.db, ["XXX"], [], "2018-06-01")


def test_each_basis_is_explained_in_both_languages() -> None:
    assert all(es and en and es != en for es, en in BASES.values())


def test_the_view_and_the_function_agree_on_the_default_knowledge_base(default_db: sqlite3.Connection) -> None:
    day = "2018-06-01"
    by_view = default_db.execute(
        "SELECT variable_id, source_id, value FROM answers_as_of WHERE jurisdiction_id = 'MEX' AND ? BETWEEN applies_from AND applies_to"
        " ORDER BY variable_id, source_id", [day],
    ).fetchall()  # fmt: skip
    variables = [row[0] for row in default_db.execute("SELECT variable_id FROM variables")]
    told = [(s.variable_id, s.source_id, s.value) for s in as_of(default_db, ["MEX"], variables, day) if s.holds]
    assert by_view and told == by_view
