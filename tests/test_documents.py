"""A source of documents from file to database: metadata, sections, citations, accounts; and what bad descriptors get."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import yaml
from conftest import comparada, facts

from ingest.descriptor.documents import Documents
from ingest.descriptor.reading import load_descriptor
from ingest.problems import DescriptorError


@pytest.fixture
def database(documents_root: Path) -> sqlite3.Connection:
    """The same, ingested and built."""
    for verb in ("ingest", "build"):
        result = comparada(verb, root=documents_root)
        assert result.returncode == 0, result.stderr
    return sqlite3.connect(documents_root / "build/comparada.db")


def test_metadata_come_from_the_front_matter_and_the_descriptor(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT document_id, work_id, title, language, language_is_detected, type, publisher, issued_date, line,"
        " jurisdiction_id, sections_count, source_id, licence_id, raw_file_id FROM documents ORDER BY document_id"
    ).fetchall()
    assert rows == [
        ("ley-de-ejemplo", "ley-de-ejemplo", "Ley de Ejemplo", "es", 1, "law", None, None, None, "MEX", 8, "notas",
         "CC0-1.0", "notas/ley.txt"),
        ("umbral-en", "umbral", "The threshold in the Ley de Ejemplo", "en", 1, "briefing_note", "Ejemplo", "2024-05-01",
         "regimen_mexicano", None, 1, "notas", "CC0-1.0", "notas/notas/umbral.en.md"),
        ("umbral-es", "umbral", "El umbral en la Ley de Ejemplo", "es", 0, "briefing_note", "Ejemplo", "2024-05-01",
         "regimen_mexicano", "MEX", 2, "notas", "CC0-1.0", "notas/notas/umbral.es.md"),
    ]  # fmt: skip
    topics = database.execute("SELECT document_id, topic_id FROM document_topics ORDER BY 1").fetchall()
    assert topics == [("ley-de-ejemplo", "turnout"), ("umbral-es", "turnout")]


def test_sections_have_place_path_and_text(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT section_id, level, kind, number, heading_path, parent_id, anchor, raw_row FROM document_sections"
        " WHERE document_id = 'ley-de-ejemplo' ORDER BY position"
    ).fetchall()
    assert rows == [
        ("ley-de-ejemplo/inicio", 1, "front", None, "Ley de Ejemplo", None, "inicio", 1),
        ("ley-de-ejemplo/tit-1", 1, "title", "PRIMERO", "TÍTULO PRIMERO. DISPOSICIONES GENERALES", None, "tit-1", 3),
        ("ley-de-ejemplo/art-1", 2, "article", "1", "TÍTULO PRIMERO. DISPOSICIONES GENERALES › Artículo 1",
         "ley-de-ejemplo/tit-1", "art-1", 7),
        ("ley-de-ejemplo/art-2", 2, "article", "2", "TÍTULO PRIMERO. DISPOSICIONES GENERALES › Artículo 2",
         "ley-de-ejemplo/tit-1", "art-2", 11),
        ("ley-de-ejemplo/art-2-bis", 2, "article", "2 bis", "TÍTULO PRIMERO. DISPOSICIONES GENERALES › Artículo 2 Bis",
         "ley-de-ejemplo/tit-1", "art-2-bis", 19),
        ("ley-de-ejemplo/transitorios", 1, "heading", None, "TRANSITORIOS", None, "transitorios", 21),
        ("ley-de-ejemplo/trans-1", 2, "transitory", "PRIMERO", "TRANSITORIOS › PRIMERO", "ley-de-ejemplo/transitorios",
         "trans-1", 23),
        ("ley-de-ejemplo/trans-2", 2, "transitory", "SEGUNDO", "TRANSITORIOS › SEGUNDO", "ley-de-ejemplo/transitorios",
         "trans-2", 25),
    ]  # fmt: skip
    text, notes = database.execute(
        "SELECT text, reform_notes FROM document_sections WHERE section_id = 'ley-de-ejemplo/art-2'"
    ).fetchone()
    assert text.split("\n")[-1] == "II. Lo que dice el artículo anterior."
    assert notes == "Artículo reformado, Decreto 10, DOF 01-02-2020"


def test_a_footnote_stands_where_it_is_called_and_a_table_is_told_by_rows(database: sqlite3.Connection) -> None:
    texts = dict(database.execute("SELECT section_id, text FROM document_sections WHERE document_id = 'umbral-es'"))
    assert texts["umbral-es/inicio"].split("\n")[1].startswith("Antes lo decía el artículo 41")
    assert texts["umbral-es/que-cambio"].split("\n")[1:] == ["partido | votos", "A | 10"]


def test_datasettes_own_search_finds_passages_without_accents(database: sqlite3.Connection) -> None:
    found = database.execute(
        "SELECT section_id FROM document_sections WHERE rowid IN"
        " (SELECT rowid FROM document_sections_fts WHERE document_sections_fts MATCH 'orden publico')"
    ).fetchall()
    assert found == [("ley-de-ejemplo/art-1",)]


def test_what_a_text_cites_and_what_cites_it(database: sqlite3.Connection) -> None:
    cited = database.execute(
        "SELECT cited_text, norm, article, detail, cited_date, cited_section_id, rule FROM citations"
        " WHERE section_id IN ('umbral-es/inicio', 'umbral-es/que-cambio') ORDER BY citation_id"
    ).fetchall()
    assert cited == [
        ("artículo 2, fracción I, de la LEJ", "LEJ", "2", "fracción I", None, "ley-de-ejemplo/art-2", "article_of_norm"),
        ("artículo 41 de la Constitución Política de los Estados Unidos Mexicanos", "CPEUM", "41", None, None, None,
         "article_of_norm"),
        ("Diario Oficial de la Federación el 23 de mayo de 2014", "DOF", None, None, "2014-05-23", None, "gazette"),
        ("LEJ, artículos 1 a 3", "LEJ", "1", None, None, "ley-de-ejemplo/art-1", "article_of_norm"),
        ("LEJ, artículos 1 a 3", "LEJ", "2", None, None, "ley-de-ejemplo/art-2", "article_of_norm"),
        ("LEJ, artículos 1 a 3", "LEJ", "3", None, None, None, "article_of_norm"),
    ]  # fmt: skip
    citing = database.execute(
        "SELECT section_id, rule FROM citations WHERE cited_section_id = 'ley-de-ejemplo/art-1' ORDER BY citation_id"
    ).fetchall()
    assert citing == [
        ("ley-de-ejemplo/art-2", "article_of_this_text"),
        ("ley-de-ejemplo/art-2-bis", "article_of_this_text"),
        ("umbral-es/que-cambio", "article_of_norm"),
    ]
    places = database.execute(
        "SELECT substr(text, start_character + 1, end_character - start_character), cited_text FROM citations"
        " JOIN document_sections USING (section_id) WHERE found_in = 'text'"
    ).fetchall()
    assert places and all(there == told for there, told in places)


def test_accounts_tell_how_many_paragraphs_were_read(documents_root: Path) -> None:
    comparada("ingest", "notas", root=documents_root)
    account = next(a for a in facts(documents_root, "notas", "file_accounts") if a["recipe"] == "ley")
    assert (account["rows_read_count"], account["rows_loaded_count"], account["facts_count"]) == ("13", "13", "10")


def test_facts_that_are_free_but_large_stay_out_of_the_repository(documents_root: Path) -> None:
    path = documents_root / "datasets/notas/source.yml"
    path.write_text(path.read_text("utf-8").replace("redistribute: true", "redistribute: true\nkeptIn: build"), "utf-8")
    assert comparada("ingest", root=documents_root).returncode == 0
    assert not (documents_root / "datasets/notas/facts").exists()
    assert (documents_root / "build/facts/notas/document_sections.csv").is_file()
    assert comparada("build", root=documents_root).returncode == 0


def test_another_count_of_articles_is_told(documents_root: Path) -> None:
    path = documents_root / "datasets/notas/ley.txt"
    path.write_text(path.read_text("utf-8").replace("Artículo 2 Bis.- ", ""), "utf-8")
    result = comparada("ingest", "notas", root=documents_root)
    assert result.returncode == 1
    assert "se esperaban 3 (article) y hay 2" in result.stderr and "expected 3 article, found 2" in result.stderr


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("structure: mexican_law", "structure: mexican_lw", ["source.yml:", "mexican_lw", "mexican_law"]),
        ("files: ley.txt", "files: lei.txt", ["ley", "lei.txt"]),
        ("notas/*.md", "notas/*.markdown", ["notas/*.markdown"]),
        ("frontMatter: ours", "frontMatter: ours\n    id: 'nota-{lengua}'", ["lengua"]),
        ("shortName: LEJ", "shortNme: LEJ", ["shortNme", "shortName"]),
        ("ley.txt, format: text", "ley.txt, format: delimited", ["ley.txt"]),
    ],
)
def test_a_bad_descriptor_is_told(documents_root: Path, before: str, after: str, words: list[str]) -> None:
    path = documents_root / "datasets/notas/source.yml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    with pytest.raises(DescriptorError) as told:
        load_descriptor(path)
    for word in words:
        assert word in told.value.es and word in told.value.en


def test_a_source_needs_recipes_or_documents(documents_root: Path) -> None:
    path = documents_root / "datasets/notas/source.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    del content["documents"]
    path.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(DescriptorError, match="recipes or documents"):
        load_descriptor(path)


def test_parallel_versions_are_told_by_their_paths() -> None:
    documents = Documents.model_validate(
        {"name": "guia", "files": "*.md", "path": r"(?P<lang>\w+)/(?P<part>.+)\.md", "id": "guia-{part}-{lang}"}
    )
    assert documents.reads("es/a/b.md") and not documents.reads("es/a/b.txt")
