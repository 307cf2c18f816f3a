"""What is derived from loaded rows, as a whole: nothing of nothing, the same of the same, licences kept, questions answered."""

from __future__ import annotations

import pytest
from contested_base import DERIVED, Base, Db
from published_site import QUESTIONS

from research.derivations import derive


def test_a_base_without_results_stays_empty() -> None:
    base = Base().derived()
    assert all(base.db.execute(f"SELECT count(*) FROM {t}").fetchone() == (0,) for t in DERIVED)


def test_the_same_rows_give_the_same_tables(derived: Db) -> None:
    before = {t: derived.execute(f"SELECT * FROM {t}").fetchall() for t in DERIVED}
    derived.execute("SAVEPOINT again")
    for table in DERIVED:
        derived.execute(f"DELETE FROM {table}")
    derive(derived)
    assert {t: derived.execute(f"SELECT * FROM {t}").fetchall() for t in DERIVED} == before
    derived.execute("ROLLBACK TO again")


def test_share_alike_data_carry_their_licence_into_what_is_derived(derived: Db) -> None:
    for table in DERIVED:
        sql = f"SELECT DISTINCT licence_id FROM {table} WHERE source_id = 'vparty'"
        assert {r[0] for r in derived.execute(sql)} == {"CC-BY-SA-4.0"}, table


OF_DERIVED = {
    name: question
    for name, question in QUESTIONS.items()
    if question["topic"] == "Índices y pruebas · Indices and tests"
}


@pytest.mark.parametrize("name", OF_DERIVED)
def test_the_questions_about_derived_tables_have_answers(derived: Db, name: str) -> None:
    assert len(OF_DERIVED) >= 8
    question = OF_DERIVED[name]
    empty = dict.fromkeys(question.get("labels") or {}, "")
    for arguments in (empty, {**empty, **(question.get("defaults") or {})}):
        assert derived.execute(question["sql"], arguments).fetchone(), arguments
