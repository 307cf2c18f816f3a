"""What sources say otherwise of one thing: found on small tables, preferred by a named rule, and the known cases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from ingest.database.schema import create_table
from ingest.table_schema import load_tables
from research.as_of import create_view
from research.conflicts import fill_conflicts
from research.coverage import fill_coverage

Db = sqlite3.Connection


class Base:
    """An empty knowledge base with its tables, and short ways to put rows in."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        tables = load_tables()
        for table in tables.values():
            if not table.view:
                self.db.execute(create_table(table, tables))
        for key in ("XXX", "YYY", "MEX"):
            self.row("jurisdictions", jurisdiction_id=key, kind="state", name_es=key, name_en=key)
            self.row("units", unit_id=key, jurisdiction_id=key, level="nation", name_es=key, name_en=key)
        self.election("XXX-LC-2020-05-03")

    def row(self, table: str, **values: object) -> None:
        described = load_tables()[table]
        for column in described.columns:
            if (
                column.required
                and column.name not in values
                and not (column.name == described.primary_key and described.auto_id)
            ):
                values[column.name] = (column.allowed or [{"text": "x", "integer": 0, "real": 0.0}[column.type]])[0]
        names = ", ".join(f'"{name}"' for name in values)
        self.db.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})', list(values.values())
        )

    def source(self, key: str, rank: int, published: str = "2020", *, copy: bool = False) -> None:
        self.row("sources", source_id=key, rank=rank, published_date=published)
        if copy:
            self.row("source_caveats", caveat_id=f"{key}-1", source_id=key, kind="third_party_copy")

    def election(self, key: str, sources: int = 2) -> None:
        self.row("elections", election_id=key, jurisdiction_id=key[:3], body_id=key[:6], chamber="LC", election_date=key[7:],
                 date_precision="day", election_year=int(key[7:11]), sources_count=sources, name_es=key, name_en=key)  # fmt: skip

    def turnout(
        self, source: str, pct: float | None = None, cast: int | None = None, registered: int | None = None
    ) -> None:
        self.row("turnout", election_id="XXX-LC-2020-05-03", unit_id="XXX", source_id=source, licence_id="x",
                 turnout_pct=pct, votes_cast_count=cast, registered_count=registered, count_status="final")  # fmt: skip

    def variable(self, key: str, source: str, time_kind: str = "rule_in_force", kind: str = "number") -> None:
        self.row("variables", variable_id=key, source_id=source, topic_id="t", time_kind=time_kind, kind=kind, unit="%",
                 name_es=key, name_en=key)  # fmt: skip

    def answer(self, variable: str, source: str, state: str = "XXX", **more: object) -> None:
        self.row("answers", variable_id=variable, source_id=source, jurisdiction_id=state, licence_id="x", **more)

    def conflicts(self) -> list[tuple[object, ...]]:
        fill_coverage(self.db)
        fill_conflicts(self.db)
        return self.db.execute(
            "SELECT quantity, value_a_en, value_b_en, preferred_source_id, rule FROM conflicts ORDER BY conflict_id"
        ).fetchall()


@pytest.fixture
def base() -> Iterator[Base]:
    made = Base()
    yield made
    made.db.close()


def test_turnout_told_by_three_is_decided_by_most(base: Base) -> None:
    for rank, (key, pct) in enumerate({"a": 61.0, "b": 61.0, "c": 70.0}.items()):
        base.source(key, rank)
        base.turnout(key, pct)
    assert base.conflicts() == [
        ("turnout", "61", "70", "a", "most_sources"), ("turnout", "61", "70", "b", "most_sources"),
    ]  # fmt: skip


def test_rounding_is_no_conflict_and_counts_make_a_turnout(base: Base) -> None:
    base.source("a", 1)
    base.source("b", 2)
    base.turnout("a", cast=6123, registered=10_000)
    base.turnout("b", pct=61.3)
    assert base.conflicts() == []


def test_an_impossible_value_yields(base: Base) -> None:
    base.source("a", 1, copy=True)
    base.source("b", 2, copy=True)
    base.turnout("a", cast=17_360_065, registered=3_701_924)
    base.turnout("b", pct=46.9)
    assert base.conflicts() == [("turnout", "468.95", "46.9", "b", "impossible_value")]


def test_a_third_partys_copy_yields(base: Base) -> None:
    base.source("a", 1, copy=True)
    base.source("b", 2)
    base.turnout("a", 60.0)
    base.turnout("b", 62.0)
    assert base.conflicts() == [("turnout", "60", "62", "b", "not_a_copy")]


@pytest.mark.parametrize(
    ("first", "second", "preferred", "rule"),
    [("2019-05-01", "2021", "b", "later_version"), ("2021", "2021-06-01", None, "undecided")],
)
def test_the_later_publication_decides_last_and_only_where_it_is_later(
    base: Base, first: str, second: str, preferred: str | None, rule: str
) -> None:
    base.source("a", 1, first)
    base.source("b", 2, second)
    base.turnout("a", 60.0)
    base.turnout("b", 62.0)
    assert base.conflicts() == [("turnout", "60", "62", preferred, rule)]


def test_one_sources_two_values_are_no_conflict_between_sources(base: Base) -> None:
    base.source("a", 1)
    base.source("b", 2)
    for pct in (60.0, 61.0):
        base.turnout("a", pct)
    base.turnout("b", 62.0)
    assert base.conflicts() == []


def test_vote_shares_prefer_the_fuller_count_and_leave_members_of_alliances_aside(base: Base) -> None:
    base.row("parties", party_id="p", name="P")
    base.row("parties", party_id="q", name="Q")
    for rank, (key, share, coverage) in enumerate((("a", 30.0, 86.7), ("b", 31.0, 99.8))):
        base.source(key, rank)
        base.row("election_ids", code="1", election_id="XXX-LC-2020-05-03", jurisdiction_id="XXX", chamber="LC", source_id=key,
                 licence_id="x", stated_date="2020-05-03", date_precision="day", votes_coverage_pct=coverage)  # fmt: skip
        for party, alliance in (("p", None), ("q", "1")):
            base.row("results", election_id="XXX-LC-2020-05-03", unit_id="XXX", party_id=party, contestant_kind="party",
                     vote_share_pct=share, alliance_code=alliance, count_status="final", source_id=key, licence_id="x")  # fmt: skip
    assert base.conflicts() == [("vote-share", "30", "31", "b", "fuller_count")]


def test_one_variable_answered_by_two_sources_is_compared_where_their_times_meet(base: Base) -> None:
    base.source("a", 1, "2010")
    base.source("b", 2, "2020")
    base.variable("threshold", "a")
    base.answer("threshold", "a", value=2.0, valid_from="2014-01-01")
    base.answer("threshold", "b", value=3.0, valid_from="2014-05-23")
    base.answer("threshold", "b", value=1.5, valid_from="1990-01-01", valid_to="2013-12-31")
    base.answer("threshold", "b", value=9.0)  # undated: of no time
    assert base.conflicts() == [("threshold", "2", "3", "b", "later_version")]
    assert base.db.execute("SELECT period_from, period_to, difference FROM conflicts").fetchall() == [
        ("2014-05-23", None, 1.0)
    ]


def systems(base: Base, state: str, ours: str, theirs: str) -> None:
    for key, code in (("legislature-electoral-system", ours), ("seat-allocation-principle", theirs)):
        base.db.execute(
            "INSERT OR IGNORE INTO codes (code_id, variable_id, code, name_es, name_en, position) VALUES (?, ?, ?, ?, ?, 1)",
            [f"{key}:{code}", key, code, code, code],
        )
    base.answer(
        "legislature-electoral-system",
        "idea",
        state,
        code_id=f"legislature-electoral-system:{ours}",
        valid_from="2021-01-01",
    )
    base.answer("seat-allocation-principle", "reformas-latam", state, tier="lower", valid_from="2014-01-01",
                code_id=f"seat-allocation-principle:{theirs}")  # fmt: skip


def test_mexicos_system_is_called_otherwise_and_the_law_decides(base: Base) -> None:
    base.source("idea", 1, copy=True)
    base.source("reformas-latam", 2)
    base.variable("legislature-electoral-system", "idea", kind="code")
    base.variable("seat-allocation-principle", "reformas-latam", kind="code")
    systems(base, "MEX", "MMP", "mixed")
    systems(base, "XXX", "List PR", "proportional")
    systems(base, "YYY", "FPTP", "proportional")
    assert base.conflicts() == [
        ("legislature-system", "MMP", "mixed", "reformas-latam", "the_law"),
        ("legislature-system", "FPTP", "proportional", "reformas-latam", "not_a_copy"),
    ]
    kinds = dict(base.db.execute("SELECT jurisdiction_id, kind FROM conflicts"))
    assert kinds == {"MEX": "finer", "YYY": "contradiction"}


def test_coverage_counts_answers_missing_ones_and_variables_without_any(base: Base) -> None:
    base.source("a", 1)
    base.variable("threshold", "a")
    base.variable("never", "a")
    base.answer("threshold", "a", value=2.0, valid_from="2014-01-01")
    base.answer("threshold", "a", "YYY", value=3.0, valid_from="1990-01-01", valid_to="1999-12-31")
    base.answer("threshold", "a", "MEX", missing="no_information", valid_from="2000-01-01")
    fill_coverage(base.db)
    columns = "jurisdictions_count, answers_count, missing_count, open_count, first_year, last_year"
    assert base.db.execute(f"SELECT variable_id, {columns} FROM coverage ORDER BY 1").fetchall() == [
        ("never", 0, 0, 0, 0, None, None), ("threshold", 2, 2, 1, 1, 1990, 2014),
    ]  # fmt: skip


# --- the knowledge base that git holds ------------------------------------------------------------


def test_the_authors_of_an_index_are_preferred(default_db: Db) -> None:
    row = default_db.execute(
        "SELECT DISTINCT preferred_source_id, rule FROM conflicts WHERE quantity = 'least-squares-index'"
    ).fetchall()
    assert row == [("gallagher", "primary_publisher")]


def test_both_values_are_in_the_rows_that_a_conflict_names(default_db: Db) -> None:
    rows = default_db.execute(
        "SELECT row_a_table, row_a_id, source_a_id, row_b_table, row_b_id, source_b_id FROM conflicts"
    ).fetchall()
    assert rows
    keys = {name: table.primary_key for name, table in load_tables().items()}
    for table_a, id_a, source_a, table_b, id_b, source_b in rows:
        for table, key, source in ((table_a, id_a, source_a), (table_b, id_b, source_b)):
            found = default_db.execute(f"SELECT source_id FROM {table} WHERE {keys[table]} = ?", [key]).fetchone()
            assert found == (source,)


def test_every_conflict_says_why(default_db: Db) -> None:
    assert default_db.execute(
        "SELECT count(*) FROM conflicts WHERE reason_es = '' OR reason_en = '' OR (preferred_source_id IS NULL) <> (rule = 'undecided')"
    ).fetchone() == (0,)


def test_every_variable_is_in_the_coverage(default_db: Db) -> None:
    lacking = default_db.execute(
        "SELECT variable_id FROM variables WHERE variable_id NOT IN (SELECT variable_id FROM coverage)"
    ).fetchall()
    assert lacking == []
    told = default_db.execute("SELECT sum(answers_count + missing_count) FROM coverage WHERE answered_in = 'answers'")
    assert told.fetchone() == default_db.execute("SELECT count(*) FROM answers").fetchone()


def test_the_view_can_be_made_of_empty_tables(base: Base) -> None:
    create_view(base.db)
    assert base.db.execute("SELECT count(*) FROM answers_as_of").fetchone() == (0,)
