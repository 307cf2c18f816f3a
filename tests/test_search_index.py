"""The index: what an update reads again, what readers see meanwhile, and what is refused."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from search_base import change, make_base

from search import (
    Engine,
    IndexAbsent,
    IndexBusy,
    IndexOfAnotherDatabase,
    SearchError,
    SearchRequest,
    update_index,
)
from search.projections import FOLDER


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_base(tmp_path / "base.db")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def found(engine: Engine, text: str) -> list[str]:
    return [hit.key for hit in engine.search(SearchRequest(text, page_size=100)).hits]


def test_a_second_update_has_nothing_to_do(database: Path, folder: Path) -> None:
    first = update_index(database, folder)
    second = update_index(database, folder)
    assert first.added == sum(first.counts.values()) > 20
    assert (second.added, second.changed, second.removed) == (0, 0, 0)
    assert second.unchanged == first.added
    assert second.generation == first.generation


def test_only_what_changed_is_read_again(database: Path, folder: Path) -> None:
    first = update_index(database, folder)
    change(
        database,
        "update document_sections set text = 'Ahora habla de urnas.' where section_id = 'guia/apertura'",
        "delete from document_sections where section_id = 'lep/art-5'",
        "insert into sources values ('nueva', 'Fuente nueva', 'New source', 'Urnas.', 'Ballot boxes.', 'X', null, 'X', null, 30)",
        build="b2",
    )
    report = update_index(database, folder)
    assert (report.added, report.changed, report.removed) == (1, 1, 1)
    assert report.unchanged == first.added - 2
    engine = Engine.open(database, folder)
    assert set(found(engine, "urnas")) == {"guia/apertura", "nueva"}
    assert "guia/apertura" not in found(engine, "mañana")
    assert "lep/art-5" not in found(engine, "diputados lista nominal")
    assert found(engine, "LEP 41")[0] == "lep/art-41"
    engine.close()


def test_many_updates_answer_as_one_index_does(database: Path, folder: Path, tmp_path: Path) -> None:
    update_index(database, folder)
    for number in range(12):
        change(
            database,
            f"update document_sections set text = 'Boleta {number} en la urna.' where section_id = 'guia/apertura'",
            f"insert into parties values ('p{number}', 'CHL', 'Partido Urna {number}', null, null, 1990, null, null)",
            build=f"b{number}",
        )
        report = update_index(database, folder)
        assert (report.added, report.changed, report.removed) == (1, 1, 0)
        kept = list(folder.glob("generation-*"))
        assert len(kept) == 2  # the one in use, and the one that readers may still have open
    whole = tmp_path / "whole"
    update_index(database, whole)
    by_steps, at_once = Engine.open(database, folder), Engine.open(database, whole)
    for text in ("urna", "boleta 11", "partido urna", '"boleta 11 en la urna"', "casilla", "elecciones México"):
        one, other = (
            {(hit.key, round(hit.score, 1)) for hit in engine.search(SearchRequest(text, page_size=100)).hits}
            for engine in (by_steps, at_once)
        )
        # Removed entries still count in how rare a word is, until their segment is written anew.
        assert {key for key, _ in one} == {key for key, _ in other}, text
    snippet = by_steps.search(SearchRequest('"boleta 11"')).hits[0].snippet
    assert "".join(fragment.text for fragment in snippet) == "Boleta 11 en la urna."
    assert [fragment.text for fragment in snippet if fragment.is_match] == ["Boleta", "11"]
    by_steps.close()
    at_once.close()


def test_readers_go_on_with_what_they_opened(database: Path, folder: Path) -> None:
    update_index(database, folder)
    old = Engine.open(database, folder)
    assert old.is_current()
    new_database = database.with_suffix(".part")
    shutil.copy(database, new_database)
    change(new_database, "update document_sections set text = 'Otra cosa.' where section_id = 'lep/art-41'", build="b2")
    new_database.replace(database)
    update_index(database, folder)
    assert not old.is_current()
    hit = next(hit for hit in old.search(SearchRequest("mesa directiva casilla")).hits if hit.key == "lep/art-41")
    assert "recibe los votos" in "".join(fragment.text for fragment in hit.snippet)
    new = Engine.open(database, folder)
    assert "lep/art-41" not in found(new, '"mesa directiva"')
    old.close()
    new.close()


def test_an_index_is_needed_and_must_be_of_this_database(database: Path, folder: Path) -> None:
    with pytest.raises(IndexAbsent) as absent:
        Engine.open(database, folder)
    assert "comparada build" in absent.value.es and "comparada build" in absent.value.en
    update_index(database, folder)
    change(database, "delete from parties", build="b2")
    with pytest.raises(IndexOfAnotherDatabase) as other:
        Engine.open(database, folder)
    assert str(database) in other.value.es
    update_index(database, folder)
    Engine.open(database, folder).close()


def test_a_database_without_a_record_of_its_build_is_known_by_its_bytes(database: Path, folder: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("drop table builds")
    connection.close()
    update_index(database, folder)
    Engine.open(database, folder).close()
    with sqlite3.connect(database) as connection:
        connection.execute("delete from parties")
    connection.close()
    with pytest.raises(IndexOfAnotherDatabase):
        Engine.open(database, folder)


def test_a_pointer_to_anywhere_else_is_no_index(database: Path, folder: Path, tmp_path: Path) -> None:
    report = update_index(database, folder)
    (folder / report.generation).rename(tmp_path / report.generation)
    pointer = json.loads((folder / "current.json").read_text())
    for elsewhere in (f"../{report.generation}", str(tmp_path / report.generation), "", 7):
        (folder / "current.json").write_text(json.dumps({**pointer, "generation": elsewhere}))
        with pytest.raises(IndexAbsent):
            Engine.open(database, folder)
    (folder / "current.json").write_text("{")
    with pytest.raises(IndexAbsent):
        Engine.open(database, folder)


def test_two_writers_do_not_meet(database: Path, folder: Path) -> None:
    folder.mkdir()
    with (folder / "index.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            update_index(database, folder)
    assert update_index(database, folder).added


def test_an_interrupted_update_leaves_the_old_index(database: Path, folder: Path) -> None:
    update_index(database, folder)
    change(database, "update parties set name = 'Partido Cambiado' where party_id = 'pdp'", build="b2")

    class Interrupted(Exception):
        pass

    def interrupt(said: str) -> None:
        if said[0].isdigit():
            raise Interrupted

    with pytest.raises(Interrupted):
        update_index(database, folder, interrupt)
    (folder / "generation-left").mkdir()
    with pytest.raises(IndexOfAnotherDatabase):  # the old index stands, and is known to be of the old database
        Engine.open(database, folder)
    assert update_index(database, folder).changed == 1
    assert not (folder / "generation-left").exists()


def test_what_cannot_be_read_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="comparada build"):
        update_index(tmp_path / "absent.db", folder)
    (tmp_path / "text.db").write_text("this is no database, but it is long enough to look like one" * 20)
    with pytest.raises(SearchError, match="vuelva a construirla"):
        update_index(tmp_path / "text.db", folder)


def test_a_folder_that_cannot_be_written_is_told(database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchError, match="no se puede escribir"):
        update_index(database, tmp_path / "file" / "index")


def test_projections_without_their_tables_are_skipped(database: Path, folder: Path) -> None:
    with sqlite3.connect(database) as connection:
        for table in ("document_sections", "concepts", "concept_labels", "documents", "document_topics"):
            connection.execute(f"drop table {table}")
    connection.close()
    report = update_index(database, folder)
    assert {"section", "glossary_term", "dataset"} == set(report.skipped)
    engine = Engine.open(database, folder)
    assert "participation/MEX" in found(engine, "participación México")
    engine.close()


def test_a_new_kind_joins_by_one_file(database: Path, folder: Path, tmp_path: Path) -> None:
    projections = tmp_path / "projections"
    shutil.copytree(FOLDER, projections)
    with sqlite3.connect(database) as connection:
        connection.execute("create table practices (practice_id text primary key, title_es text, title_en text)")
        connection.execute("insert into practices values ('p1', 'Urnas transparentes', 'Transparent ballot boxes')")
    connection.close()
    (projections / "practice.sql").write_text(
        """select practice_id as key, 'practices' as "table", title_es, title_en from practices"""
    )
    report = update_index(database, folder, projections_folder=projections)
    assert report.counts["practice"] == 1
    engine = Engine.open(database, folder)
    (hit,) = engine.search(SearchRequest("ballot box", lang="en", filters={"kind": ("practice",)})).hits
    assert (hit.table, hit.key, hit.title) == ("practices", "p1", "Transparent ballot boxes")
    engine.close()


def test_more_words_than_sixteen_bits_count_are_all_found(database: Path, folder: Path, tmp_path: Path) -> None:
    projections = tmp_path / "projections"
    projections.mkdir()
    (projections / "number.sql").write_text(
        "with recursive n (i) as (select 0 union all select i + 1 from n where i < 799) "
        """select n.i as key, 'parties' as "table", 'Lista ' || n.i as title, """
        "(select group_concat('palabra' || (n.i * 100 + m.i), ' ') from n m where m.i < 100) as text from n"
    )
    update_index(database, folder, projections_folder=projections)
    engine = Engine.open(database, folder)
    for word in (0, 9_999, 65_535, 65_536, 65_537, 79_999):
        assert found(engine, f"palabra{word}") == [str(word // 100)]
    engine.close()


def test_a_projection_that_gives_a_key_twice_is_told(database: Path, folder: Path, tmp_path: Path) -> None:
    projections = tmp_path / "projections"
    projections.mkdir()
    (projections / "twice.sql").write_text("""select 'one' as key, 'parties' as "table", name as title from parties""")
    with pytest.raises(SearchError, match="twice"):
        update_index(database, folder, projections_folder=projections)


def test_the_default_knowledge_base_is_indexed_and_answers(default_root: Path, tmp_path: Path) -> None:
    database = default_root / "build" / "comparada.db"
    report = update_index(database, tmp_path / "index")
    with sqlite3.connect(database) as connection:
        for kind, table in (("party", "parties"), ("election", "elections"), ("variable", "variables")):
            (count,) = connection.execute(f"select count(*) from {table}").fetchone()
            assert report.counts[kind] == count
        (pairs,) = connection.execute(
            "select count(*) from (select variable_id, jurisdiction_id from answers where missing is null "
            "union select index_id, jurisdiction_id from published_indices where jurisdiction_id is not null)"
        ).fetchone()
        assert report.counts["answer"] == pairs
        plan = connection.execute("explain query plan " + (FOLDER / "answer.sql").read_text("utf-8")).fetchall()
        assert any("SCAN answers USING COVERING INDEX" in step for *_, step in plan)  # 900,000 rows are not read
        (held,) = connection.execute(
            "select value from answers where variable_id = 'participation-vanhanen' and jurisdiction_id = 'MEX' "
            "and valid_from like '2018%'"
        ).fetchone()
    connection.close()
    engine = Engine.open(database, tmp_path / "index")
    results = engine.search(SearchRequest("participación México 2018"))
    assert results.datum is not None
    assert float(results.datum.value_es or "nan") == pytest.approx(held, abs=0.0005)
    assert results.datum.year == 2018
    assert results.hits[0].key == "participation-vanhanen/MEX"
    abroad = engine.search(SearchRequest("voto en el extranjero", page_size=100))
    told = ["".join(fragment.text for fragment in hit.snippet) for hit in abroad.hits]
    assert told and not [text for text in told if "no dicen nada de este tema" in text]
    # «Station» is no concept's name; the dictionary learned from the labels knows it.
    sections = {"kind": ("section",)}
    translated = engine.search(SearchRequest("station", lang="en", filters=sections, page_size=100))
    assert {hit.language for hit in translated.hits} == {"es", "en"}
    assert [e.added for e in translated.expansions if e.matched == "station" and e.concept_id is None]
    for text, expand in (("+station", True), ("station", False)):
        typed = engine.search(SearchRequest(text, lang="en", filters=sections, page_size=100, expand=expand))
        assert {hit.language for hit in typed.hits} == {"en"}
    nothing = engine.search(SearchRequest("threshold Norway", lang="en")).datum  # its law has not been coded
    assert nothing is not None and nothing.jurisdiction_id == "NOR" and nothing.value_en is None
    assert nothing.note_en is not None and "Norway" in nothing.note_en
    engine.close()
