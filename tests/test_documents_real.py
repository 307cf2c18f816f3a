"""The real documents, as published: every article, recital and decree in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from conftest import MIRROR, REPOSITORY, needs_mirror

from ingest.descriptor.reading import load_descriptor
from ingest.documents.reading import ReadDocuments, Row, read_documents

SOURCES = ("mx-federal-laws", "mx-state-electoral-codes", "ine-jge52-2022", "oedi-guide")
pytestmark = needs_mirror
_read: dict[str, ReadDocuments] = {}


def read(source: str) -> ReadDocuments:
    """A source's documents, read once; each descriptor's own expectations are checked on the way."""
    if source not in _read:
        descriptor = load_descriptor(REPOSITORY / "datasets" / source / "source.yml")
        _read[source] = read_documents(descriptor, {f.path: MIRROR / str(f.mirror) for f in descriptor.files})
    return _read[source]


def sections(source: str, document: str) -> Iterator[Row]:
    return (row for row in read(source).rows["document_sections"] if row["document_id"] == document)


def section(section_id: str, source: str = "mx-federal-laws") -> Row:
    return next(row for row in read(source).rows["document_sections"] if row["section_id"] == section_id)


@pytest.mark.parametrize(("document", "last"), [("cpeum", 136), ("lgipe", 535), ("lgpp", 97), ("lgsmime", 112)])
def test_every_article_of_the_federal_laws_is_there_once(document: str, last: int) -> None:
    numbers = Counter(row["number"] for row in sections("mx-federal-laws", document) if row["kind"] == "article")
    plain = [n for n in numbers if n.isdigit()]
    assert sorted(map(int, plain)) == list(range(1, last + 1))
    assert set(numbers.values()) == {1}


def test_bis_articles_of_lgipe_are_told_with_what_became_of_them() -> None:
    """26 bis to septies articles are printed; all but four were added by the decree annulled in 2023."""
    added = [
        row for row in sections("mx-federal-laws", "lgipe") if row["kind"] == "article" and not row["number"].isdigit()
    ]
    suppressed = [row["number"] for row in added if "Suprimido" in row["reform_notes"]]
    assert len(added) == 26 and len(suppressed) == 22
    assert [row["number"] for row in added if row["text"]] == ["442 bis", "463 bis", "463 ter", "474 bis"]


def test_transitory_articles_of_each_decree_are_apart() -> None:
    rows = list(sections("mx-federal-laws", "cpeum"))
    decrees = {row["section_id"]: row for row in rows if row["kind"] == "decree"}
    parents = Counter(row["parent_id"] for row in rows if row["kind"] == "transitory")
    assert parents["cpeum/transitorios"] == 19
    assert parents["cpeum/dec-2014-02-10"] == 21
    assert len(decrees) == 152 and all(row["number"] for row in decrees.values())
    assert decrees["cpeum/dec-2014-02-10"]["heading"].startswith("DECRETO por el que se reforman, adicionan y derogan")


def test_text_in_force_notes_and_invalid_passages_are_apart() -> None:
    article = section("lgipe/art-209")
    assert "5. La entrega de cualquier tipo de material […], en el que se oferte" in article["text"]
    assert (
        article["invalid_text"] == "que contenga propaganda política o electoral de partidos, coaliciones o candidatos"
    )
    restored = section("lgipe/art-28")
    assert restored["text"].split("\n")[-3:-1] == ["a) […]", "b) […]"]
    assert restored["invalid_text"].startswith(
        "Al partido político que obtenga en las respectivas elecciones el tres por ciento"
    )
    for row in read("mx-federal-laws").rows["document_sections"]:
        assert not re.search(r"\[(?!…\])|\bDOF \d\d-\d\d-\d{4}$", row["text"], re.MULTILINE) or row["kind"] in (
            "front",
            "heading",
            "decree",
        ), row["section_id"]


def test_the_annulled_decree_is_no_text_in_force() -> None:
    decree = section("lgipe/dec-2023-03-02")
    assert decree["text"] == "" and "Se reforman numeral 4 del artículo 1" in decree["invalid_text"]
    assert section("lgipe/dec-2023-03-02/trans-1")["text"] == ""
    assert section("lgipe/dec-2024-10-14/trans-1")["text"] != ""


def test_pages_and_paths_lead_to_the_place() -> None:
    article = section("cpeum/art-41")
    assert (article["page_first"], article["page_last"]) == ("52", "61")
    assert article["heading_path"] == (
        "Título Segundo › Capítulo I. De la Soberanía Nacional y de la Forma de Gobierno › Artículo 41"
    )
    assert section("lgipe/lib-3/tit-1/cap-2")["heading"] == "CAPÍTULO II. De los Órganos Centrales"


def test_page_headers_and_line_end_hyphens_are_gone() -> None:
    for source in ("mx-federal-laws", "mx-state-electoral-codes"):
        for row in read(source).rows["document_sections"]:
            assert "CÁMARA DE DIPUTADOS DEL H. CONGRESO" not in row["text"], row["section_id"]
            assert not re.search(r"\b\d+ de (?:402|287|85|76)$", row["text"], re.MULTILINE), row["section_id"]
            assert not re.search(r"[a-záéíóú]-$", row["text"], re.MULTILINE), row["section_id"]


@pytest.mark.parametrize(
    ("document", "last"),
    [("baja-california", 405), ("campeche", 774), ("chiapas", 718), ("ciudad-de-mexico", 461), ("colima", 366),
     ("guanajuato", 471), ("nuevo-leon", 376), ("oaxaca", 356), ("puebla", 415), ("yucatan", 416)],
)  # fmt: skip
def test_every_article_of_the_state_codes_is_there_once(document: str, last: int) -> None:
    rows = sections("mx-state-electoral-codes", f"ley-electoral-{document}")
    numbers = Counter(row["number"] for row in rows if row["kind"] == "article")
    assert sorted(int(n) for n in numbers if n.isdigit()) == list(range(1, last + 1))
    assert set(numbers.values()) == {1}


def test_the_agreement_has_its_41_recitals() -> None:
    rows = list(sections("ine-jge52-2022", "ine-jge52-2022"))
    recitals = [row for row in rows if row["kind"] == "considerando"]
    assert [row["number"] for row in recitals] == [str(n) for n in range(1, 42)]
    assert section("ine-jge52-2022/considerando-13", "ine-jge52-2022")["text"].count("\n") == 4  # its own list of four
    assert {row["heading"] for row in rows if row["kind"] == "glossary_entry"} >= {"CPEUM", "LGIPE", "RIINE"}


def test_the_guides_versions_are_linked() -> None:
    documents = read("oedi-guide").rows["documents"]
    works = Counter(row["work_id"] for row in documents)
    assert Counter(works.values()) == {3: 42, 1: 22}
    timely = {row["language"]: row["title"] for row in documents if row["work_id"] == "oedi-guide-principles-timely"}
    assert set(timely) == {"es", "en", "fr"}


def test_nothing_is_lost_but_one_page_without_text() -> None:
    problems = {(p.file, p.rule) for source in SOURCES for p in read(source).problems}
    assert problems == {("en/assessment/forms/index.md", "empty-document")}
    for source in SOURCES:
        for account in read(source).accounts:
            assert account.balances
        ids = [row["section_id"] for row in read(source).rows["document_sections"]]
        assert len(ids) == len(set(ids))
        assert {row["parent_id"] for row in read(source).rows["document_sections"]} - {""} <= set(ids)
