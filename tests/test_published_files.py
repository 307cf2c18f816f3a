"""A text with directives becomes HTML, Word and PDF, with its figures on record."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import FIXTURES, Run, pdf_pages
from written_products import HEAD, TODAY, asked, built_again, database, edit, heads_of, published_html, words_of

from research.publishing.front_matter import split
from research.publishing.publish import publish

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_a_text_becomes_html_word_and_pdf_with_its_figures_on_record(
    products: Path, products_root: Path, products_run: Run
) -> None:
    told = products_run("publish", "corto")
    assert told.returncode == 0, told.stderr
    folder = products / "corto/publicado"
    assert {p.name for p in folder.iterdir()} == {
        "corto.html",
        "corto.docx",
        "corto.pdf",
        "registro.json",
        "cifras.csv",
    }
    assert told.stdout.split() == [str(folder / f"corto.{kind}") for kind in ("docx", "html", "pdf")]

    page = words_of((folder / "corto.html").read_text("utf-8"))
    assert "En 2018 votó 63.40 % de la lista" in page
    assert "2. También es una obligación. — LGE, artículo 1" in page and "Votar es un derecho" not in page
    assert "s. d.: sin dato para esa fecha; los años con dato del país son 2020" in page

    figures = list(csv.DictReader((folder / "cifras.csv").read_text("utf-8").splitlines()))
    assert [f["kind"] for f in figures] == ["figure", "figure", "table", "table", "article", "number"]
    assert figures[0]["value"] == "63.4" and figures[0]["source_version"] == "1"
    assert json.loads(figures[0]["row_key"]) == {
        "variable_id": "turnout-example", "jurisdiction_id": "MEX", "tier": None, "valid_from": "2018-01-01", "source_id": "votos",
    }  # fmt: skip
    assert figures[1]["period"] == "2018", "a rule in force is carried forward, its own period told"

    data_version = asked(products_root, "SELECT data_version FROM builds")[0][0]
    assert json.loads((folder / "registro.json").read_text("utf-8"))["data_version"] == data_version

    assert products_run("build").returncode == 0
    assert asked(products_root, "SELECT title_es, state, countries FROM products") == [
        ("Participación: una nota", "publicado", '["MEX"]')
    ]
    assert asked(products_root, "SELECT count(*) FROM product_figures") == [(len(figures),)]
    assert asked(products_root, "SELECT data_version FROM builds") == [(data_version,)], "a document is no datum"


def test_a_draft_goes_to_build_without_a_record(products: Path, products_root: Path, products_run: Run) -> None:
    text = products / "corto/texto.md"
    text.write_text(text.read_text("utf-8").replace("autorizado", "en_revision"), "utf-8")
    told = products_run("publish", "corto", "--format", "docx")
    assert told.returncode == 0, told.stderr
    assert [p.name for p in (products_root / "build/products/corto").iterdir()] == ["corto.docx"]
    assert "borrador (estado: en_revision)" in told.stderr
    assert not (products / "corto/publicado").exists()


def test_the_word_file_has_styles_captions_contents_notes_and_alternative_texts(
    default_root: Path, default_db: sqlite3.Connection, tmp_path: Path
) -> None:
    shutil.copytree(FIXTURES / "products/nota-de-ejemplo", tmp_path / "nota-de-ejemplo")
    publish(default_db, tmp_path, "nota-de-ejemplo", tmp_path / "drafts", TODAY)
    folder = tmp_path / "drafts/nota-de-ejemplo"
    with zipfile.ZipFile(folder / "nota-de-ejemplo.docx") as file:
        document = ElementTree.fromstring(file.read("word/document.xml"))
        notes = file.read("word/footnotes.xml").decode()
        styles = file.read("word/styles.xml").decode()
    used = {e.get(f"{WORD}val") for e in document.iter(f"{WORD}pStyle")}
    assert {"Title", "Heading1", "TableCaption", "ImageCaption", "TOC1", "BlockText"} <= used
    fields = [e.text.strip() for e in document.iter(f"{WORD}instrText") if e.text]
    assert fields[0].startswith("TOC") and "SEQ Cuadro \\* ARABIC" in fields and "SEQ Gráfica \\* ARABIC" in fields
    assert "México, Índice de democracia electoral, 2024." in re.sub(r"<[^>]+>", "", notes)
    described = [d for e in document.iter() if e.tag.endswith("}docPr") and (d := e.get("descr"))]
    assert any("México: 0.664 (2000)" in d for d in described)
    assert "Nota de cuadro" in styles and 'w:ascii="Arial"' in styles
    whole = "".join(document.itertext())
    assert "Compartir igual" in whole and "V-Dem Project" in whole and "Versión de los datos" in whole

    page = (folder / "nota-de-ejemplo.html").read_text("utf-8")
    assert '<html lang="es-MX">' in page and 'href="#text"' in page and '<th scope="col"' in page
    assert not re.search(r'(?:src|href)="(?!data:|#|https?:)', page), "one file, nothing beside it"
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]+>", page))
    assert (folder / "nota-de-ejemplo.pdf").read_bytes().startswith(b"%PDF")


MARK = "BORRADOR (en revisión): su publicación no está autorizada"


def test_every_page_of_a_draft_says_that_it_is_one(products: Path, products_root: Path, products_run: Run) -> None:
    assert products_run("publish", "corto").returncode == 0
    published = products / "corto/publicado"
    assert "BORRADOR" not in "".join(pdf_pages(published / "corto.pdf")) + heads_of(published / "corto.docx")
    assert "BORRADOR" not in (published / "corto.html").read_text("utf-8")

    edit(products / "corto/texto.md", "autorizado", "en_revision")
    assert products_run("publish", "corto").returncode == 0
    folder = products_root / "build/products/corto"
    pages = pdf_pages(folder / "corto.pdf")
    assert pages and all(MARK in page for page in pages)
    assert heads_of(folder / "corto.docx").count(MARK) == 2, "the first page and the others"
    page = (folder / "corto.html").read_text("utf-8")
    assert "<title>BORRADOR: " in page and f'role="note">{MARK}</p>' in page


@pytest.mark.parametrize("state", ["rechazado", "cancelado", "archivado", "sustituido"])
def test_what_is_closed_comes_out_no_more(products: Path, products_root: Path, products_run: Run, state: str) -> None:
    edit(products / "corto/texto.md", "autorizado", state)
    told = products_run("publish", "corto")
    assert told.returncode == 1
    assert f"research/products/corto/texto.md:9: un documento en estado «{state}» ya no se publica" in told.stderr
    assert not (products_root / "build/products/corto").exists() and not (products / "corto/publicado").exists()


def test_a_wide_table_breaks_no_word_and_lies_down_where_it_must(
    default_db: sqlite3.Connection, tmp_path: Path
) -> None:
    eight = ["DOM", "GTM", "VEN", "ARG", "NIC", "CRI", "SLV", "HND"]
    table = "[[tabla: {} | electoral-democracy-index; participation-vanhanen; mode-of-democratic-transition | 2018 | columnas: países]]"
    text = f"Antes.\n\n{table.format('; '.join(eight))}\n\nDespués.\n\n{table.format('; '.join(eight[:3]))}\n"
    published_html(default_db, tmp_path, text)
    publish(default_db, tmp_path, "prueba", tmp_path / "drafts", TODAY)
    pages = [set(page.split()) for page in pdf_pages(tmp_path / "drafts/prueba/prueba.pdf")]
    names = dict(default_db.execute("SELECT jurisdiction_id, name_es FROM jurisdictions"))
    assert all(set(names[key].split()) <= pages[1] for key in eight) and "Antes." in pages[0] and "Después." in pages[2]
    with zipfile.ZipFile(tmp_path / "drafts/prueba/prueba.docx") as file:
        document = ElementTree.fromstring(file.read("word/document.xml"))
    lie = [e.find(f"{WORD}pgSz").get(f"{WORD}orient") for e in document.iter(f"{WORD}sectPr")]  # type: ignore[union-attr]
    assert lie == [None, "landscape", None]
    assert not list(document.iter(f"{WORD}numRestart")), "notes are numbered through all sections"
    heads = [e for e in document.iter(f"{WORD}sectPr") if e.find(f"{WORD}headerReference") is not None]
    assert len(heads) == 3, "every section has its head of the page"
    widths = [int(e.get(f"{WORD}w", "0")) for e in next(document.iter(f"{WORD}tblGrid"))]
    line = 27.94 - 5  # centimetres between the margins of a page that lies down
    for key, width in zip(eight, widths[1:], strict=True):
        word = max(names[key].split(), key=len)
        assert line * width / sum(widths) > 0.18 * len(word), "1.8 millimetres a letter of nine points"


def test_the_pdf_says_what_the_text_says(default_db: sqlite3.Connection, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "products/nota-de-ejemplo", tmp_path / "nota-de-ejemplo")
    publish(default_db, tmp_path, "nota-de-ejemplo", tmp_path / "drafts", TODAY, ("pdf",))
    said = " ".join(" ".join(pdf_pages(tmp_path / "drafts/nota-de-ejemplo/nota-de-ejemplo.pdf")).split())
    for wanted in (
        "México en comparación",
        "Gráfica 1. México pierde terreno",
        "Cuadro 1. Cuatro variables",
        "MORENA",
        "Compartir igual",
    ):
        assert wanted in said


def test_author_and_date_in_english(products_db: sqlite3.Connection, products: Path) -> None:
    head = HEAD.replace("estado:", "language: en\ncitations: author-date\nestado:")
    said = words_of(
        published_html(products_db, products, "# One\n\nTurnout was [[figure: Mexico | Turnout | 2018]].\n", head)
    )
    assert "Turnout was 63.40% (Ejemplo n.d.)." in said
    assert "Data used and their licences" in said and "References" in said


def test_unlicensed_data_are_named(products_db: sqlite3.Connection, products: Path, products_root: Path) -> None:
    text = "# Uno\n\nVotó [[dato: México | participación | 2018]].\n"
    assert "Sin licencia declarada" not in words_of(published_html(products_db, products, text))
    descriptor = products_root / "datasets/votos/source.yml"
    descriptor.write_text(descriptor.read_text("utf-8").replace("licence: CC0-1.0", "licence: none-stated"), "utf-8")
    built_again(products_root)
    with database(products_root) as opened:
        said = words_of(published_html(opened, products, text))
    assert "Sin licencia declarada. Participación de ejemplo" in said


def test_a_failure_leaves_the_old_publication_whole(products: Path, products_run: Run) -> None:
    assert products_run("publish", "corto").returncode == 0
    folder = products / "corto/publicado"
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    (products / "estilo.yml").write_text("pdf_font: Letra que no existe\n", "utf-8")
    failed = products_run("publish", "corto")
    assert failed.returncode == 1
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert {p.name for p in (products / "corto").iterdir()} == {"texto.md", "publicado"}


def test_publishing_twice_gives_the_same_page_and_record(
    products_db: sqlite3.Connection, products: Path, tmp_path: Path
) -> None:
    publish(products_db, products, "corto", tmp_path, TODAY)
    folder = products / "corto/publicado"
    first = {name: (folder / name).read_bytes() for name in ("corto.html", "corto.pdf", "registro.json", "cifras.csv")}
    publish(products_db, products, "corto", tmp_path, TODAY)
    assert {name: (folder / name).read_bytes() for name in first} == first


def test_a_picture_of_the_documents_folder_is_in_all_three(products_db: sqlite3.Connection, products: Path) -> None:
    (products / "prueba").mkdir()
    (products / "prueba/texto.md").write_text(f"{HEAD}\n# Una\n\n![Una foto](foto.svg)\n", "utf-8")
    (products / "prueba/foto.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>', "utf-8"
    )
    made = publish(products_db, products, "prueba", products.parent / "drafts", TODAY)
    assert {f.suffix for f in made.files} == {".docx", ".html", ".pdf"}


def test_only_tables_keep_together_in_word(default_db: sqlite3.Connection, tmp_path: Path) -> None:
    (tmp_path / "nota").mkdir()
    items = "\n".join(f"- Punto {word}." for word in ("uno", "dos", "tres"))
    table = "[[tabla: México; Chile | electoral-democracy-index | 2024]]"
    (tmp_path / "nota/texto.md").write_text(f"{HEAD}# Una\n\n{items}\n\n{table}\n", "utf-8")
    publish(default_db, tmp_path, "nota", tmp_path / "drafts", TODAY, ("docx",))
    with zipfile.ZipFile(tmp_path / "drafts/nota/nota.docx") as file:
        document = ElementTree.fromstring(file.read("word/document.xml"))
        styles = ElementTree.fromstring(file.read("word/styles.xml"))
    keeping = {s.get(f"{WORD}styleId") for s in styles.iter(f"{WORD}style") if s.find(f".//{WORD}keepNext") is not None}
    body = document.find(f"{WORD}body")
    assert body is not None
    kept = {
        "".join(p.itertext()): p.find(f"{WORD}pPr/{WORD}keepNext") is not None
        or ((s := p.find(f"{WORD}pPr/{WORD}pStyle")) is not None and s.get(f"{WORD}val") in keeping)
        for p in document.iter(f"{WORD}p")
    }  # fmt: skip
    assert not any(kept[words] for words in kept if words.startswith("Punto "))
    assert kept["México"] and kept["Chile"], "the rows, with each other and with the note beneath"


def test_the_head_of_a_page_says_the_type_once() -> None:
    said = []
    for title in ("Nota informativa: México", "México"):
        head, _ = split(HEAD.replace("Una nota", f'"{title}"') + "Hola.\n")
        assert head is not None
        said.append(head.front_matter.running_title)
    assert said == ["Nota informativa: México"] * 2
