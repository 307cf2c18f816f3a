"""Documents as people make them: a text with directives, published; its figures kept, and told when they fall."""

from __future__ import annotations

import csv
import datetime
import html
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import FIXTURES, REPOSITORY, Run, comparada, pdf_pages

from research.directives.asking import Asking
from research.directives.resolve import resolve
from research.directives.syntax import OPTIONS, WORDS, find_directives
from research.faults import TextError, WrongName
from research.names import Names
from research.publishing.drawing import WORLD_FILE
from research.publishing.front_matter import split
from research.publishing.loose_numbers import numbers_in
from research.publishing.publish import publish
from research.publishing.stale import changes

HEAD = """---
tipo: NI
linea: perspectiva_comparada
procedimiento: S.5.01.1.01
titulo: {es: Una nota, en: A note}
fecha_de_corte: 2026-11-24
estado: en_redaccion
---
"""
TODAY = datetime.date(2026, 11, 24)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def small_root(folder: Path) -> Path:
    """The small root with a law and a short document in it."""
    root = folder / "root"
    shutil.copytree(FIXTURES / "tiny", root)
    # the small source tells its rule a year at a time; here it says from when, as sources of rules do
    edit(
        root / "datasets/votos/source.yml", "          compulsory-example: {code: regla}\n",
        "      - subject: pais\n        period: anio\n        untilNext: true\n"
        "        variables:\n          compulsory-example: {code: regla}\n",
    )  # fmt: skip
    shutil.copytree(FIXTURES / "laws", root / "datasets/leyes")
    shutil.copytree(FIXTURES / "products/corto", root / "research/products/corto")
    return root


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small root, ingested and built."""
    root = small_root(tmp_path_factory.mktemp("built"))
    for verb in ("ingest", "build"):
        assert comparada(verb, root=root).returncode == 0
    return root


@pytest.fixture(scope="session")
def published_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with two documents published: one cites Mexico in 2018, the other the Soviet Union in 1989."""
    root = tmp_path_factory.mktemp("published") / "root"
    shutil.copytree(built_once, root)
    other = root / "research/products/otro"
    other.mkdir()
    (other / "texto.md").write_text(
        HEAD.replace("en_redaccion", "publicado") + "Votó [[dato: Unión Soviética | participación | 1989]].\n", "utf-8"
    )
    assert comparada("publish", "corto", "otro", root=root).returncode == 0
    assert comparada("build", root=root).returncode == 0
    assert notices(root) == []
    return root


@pytest.fixture
def root(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the small root, ingested and built."""
    shutil.copytree(built_once, tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def run(root: Path) -> Run:
    """`run("publish", "corto")` runs the command on that copy."""
    return lambda *words, **options: comparada(*words, root=root, **options)


@pytest.fixture
def ready(root: Path) -> Path:
    """Its documents."""
    return root / "research/products"


@pytest.fixture
def published_root(published_once: Path, tmp_path: Path) -> Path:
    """A copy of the small root with its two published documents."""
    shutil.copytree(published_once, tmp_path / "root")
    return tmp_path / "root"


@contextmanager
def database(root: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(f"file:{root / 'build/comparada.db'}?mode=ro", uri=True)
    try:
        yield opened
    finally:
        opened.close()


def asked(root: Path, question: str) -> list[tuple[object, ...]]:
    with database(root) as opened:
        return opened.execute(question).fetchall()


def built_again(root: Path) -> None:
    for verb in ("ingest", "build"):
        told = comparada(verb, root=root)
        assert told.returncode == 0, told.stderr


@pytest.fixture
def connection(root: Path) -> Iterator[sqlite3.Connection]:
    with database(root) as opened:
        yield opened


def faults(connection: sqlite3.Connection, products: Path, text: str, head: str = HEAD) -> list[str]:
    """What is wrong with a text, as it is told in Spanish."""
    folder = products / "prueba"
    folder.mkdir(exist_ok=True)
    (folder / "texto.md").write_text(head + text, "utf-8")
    with pytest.raises(TextError) as caught:
        publish(connection, products, "prueba", products.parent / "drafts", TODAY, ("html",))
    return caught.value.es.splitlines()


def published_html(connection: sqlite3.Connection, products: Path, text: str, head: str = HEAD) -> str:
    (products / "prueba").mkdir(exist_ok=True)
    (products / "prueba/texto.md").write_text(head + text, "utf-8")
    drafts = products.parent / "drafts"
    publish(connection, products, "prueba", drafts, TODAY, ("html",))
    return (drafts / "prueba/prueba.html").read_text("utf-8")


def words_of(page: str) -> str:
    """The text of a page without its marks of notes."""
    body = re.sub(r'<a [^>]*role="doc-noteref".*?</a>', "", page.split('<main id="text">', 1)[1], flags=re.DOTALL)
    spaced = re.sub(r"</(?:p|td|th|h\d|li|div|figcaption)>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", spaced)).split())


# --- publishing


def test_a_text_becomes_html_word_and_pdf_with_its_figures_on_record(ready: Path, root: Path, run: Run) -> None:
    told = run("publish", "corto")
    assert told.returncode == 0, told.stderr
    folder = ready / "corto/publicado"
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

    data_version = asked(root, "SELECT data_version FROM builds")[0][0]
    assert json.loads((folder / "registro.json").read_text("utf-8"))["data_version"] == data_version

    assert run("build").returncode == 0
    assert asked(root, "SELECT title_es, state, countries FROM products") == [
        ("Participación: una nota", "publicado", '["MEX"]')
    ]
    assert asked(root, "SELECT count(*) FROM product_figures") == [(len(figures),)]
    assert asked(root, "SELECT data_version FROM builds") == [(data_version,)], "a document is no datum"


def test_a_draft_goes_to_build_without_a_record(ready: Path, root: Path, run: Run) -> None:
    text = ready / "corto/texto.md"
    text.write_text(text.read_text("utf-8").replace("autorizado", "en_revision"), "utf-8")
    told = run("publish", "corto", "--format", "docx")
    assert told.returncode == 0, told.stderr
    assert [p.name for p in (root / "build/products/corto").iterdir()] == ["corto.docx"]
    assert "borrador (estado: en_revision)" in told.stderr
    assert not (ready / "corto/publicado").exists()


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


def heads_of(path: Path) -> str:
    """What stands at the head of the pages of a Word file."""
    with zipfile.ZipFile(path) as file:
        parts = sorted(name for name in file.namelist() if re.match(r"word/header\d*\.xml", name))
        return "|".join("".join(ElementTree.fromstring(file.read(name)).itertext()) for name in parts)


def test_every_page_of_a_draft_says_that_it_is_one(ready: Path, root: Path, run: Run) -> None:
    assert run("publish", "corto").returncode == 0
    published = ready / "corto/publicado"
    assert "BORRADOR" not in "".join(pdf_pages(published / "corto.pdf")) + heads_of(published / "corto.docx")
    assert "BORRADOR" not in (published / "corto.html").read_text("utf-8")

    edit(ready / "corto/texto.md", "autorizado", "en_revision")
    assert run("publish", "corto").returncode == 0
    folder = root / "build/products/corto"
    pages = pdf_pages(folder / "corto.pdf")
    assert pages and all(MARK in page for page in pages)
    assert heads_of(folder / "corto.docx").count(MARK) == 2, "the first page and the others"
    page = (folder / "corto.html").read_text("utf-8")
    assert "<title>BORRADOR: " in page and f'role="note">{MARK}</p>' in page


@pytest.mark.parametrize("state", ["rechazado", "cancelado", "archivado", "sustituido"])
def test_what_is_closed_comes_out_no_more(ready: Path, root: Path, run: Run, state: str) -> None:
    edit(ready / "corto/texto.md", "autorizado", state)
    told = run("publish", "corto")
    assert told.returncode == 1
    assert f"research/products/corto/texto.md:9: un documento en estado «{state}» ya no se publica" in told.stderr
    assert not (root / "build/products/corto").exists() and not (ready / "corto/publicado").exists()


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


def test_author_and_date_in_english(connection: sqlite3.Connection, ready: Path) -> None:
    head = HEAD.replace("estado:", "language: en\ncitations: author-date\nestado:")
    said = words_of(
        published_html(connection, ready, "# One\n\nTurnout was [[figure: Mexico | Turnout | 2018]].\n", head)
    )
    assert "Turnout was 63.40% (Ejemplo n.d.)." in said
    assert "Data used and their licences" in said and "References" in said


def test_unlicensed_data_are_named(connection: sqlite3.Connection, ready: Path, root: Path) -> None:
    text = "# Uno\n\nVotó [[dato: México | participación | 2018]].\n"
    assert "Sin licencia declarada" not in words_of(published_html(connection, ready, text))
    descriptor = root / "datasets/votos/source.yml"
    descriptor.write_text(descriptor.read_text("utf-8").replace("licence: CC0-1.0", "licence: none-stated"), "utf-8")
    built_again(root)
    with database(root) as opened:
        said = words_of(published_html(opened, ready, text))
    assert "Sin licencia declarada. Participación de ejemplo" in said


def test_a_failure_leaves_the_old_publication_whole(ready: Path, run: Run) -> None:
    assert run("publish", "corto").returncode == 0
    folder = ready / "corto/publicado"
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    (ready / "estilo.yml").write_text("pdf_font: Letra que no existe\n", "utf-8")
    failed = run("publish", "corto")
    assert failed.returncode == 1
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert {p.name for p in (ready / "corto").iterdir()} == {"texto.md", "publicado"}


def test_publishing_twice_gives_the_same_page_and_record(
    connection: sqlite3.Connection, ready: Path, tmp_path: Path
) -> None:
    publish(connection, ready, "corto", tmp_path, TODAY)
    folder = ready / "corto/publicado"
    first = {name: (folder / name).read_bytes() for name in ("corto.html", "corto.pdf", "registro.json", "cifras.csv")}
    publish(connection, ready, "corto", tmp_path, TODAY)
    assert {name: (folder / name).read_bytes() for name in first} == first


# --- bad input


def test_all_faults_of_a_text_are_told_at_once_with_line_and_nearest(
    connection: sqlite3.Connection, ready: Path
) -> None:
    told = faults(
        connection, ready,
        "Votó [[dato: Mexco | participación | 2018]] y [[dato: México | participasión | 2018]].\n"
        "[[dto: México | participación]]\n\n[[dato: Namibia | participación]] [[dato: México | participación | 2018 | fuent: votos]]\n"
        "[[artículo: LGE 11]]\n\n[[artículo: LGX 1]]\n\n[[dato: México | participación\n",
    )  # fmt: skip
    place = "research/products/prueba/texto.md"
    assert told[0] == f"{place}:9: no se conoce la variable «participasión»; ¿quiso decir «participación»?".replace(
        "«participación»?", "«Participación»?"
    )
    assert told[1] == f"{place}:9: no se conoce ningún país ni grupo «Mexco»; ¿quiso decir «México»?"
    assert told[2] == f"{place}:10: no hay directiva «dto»; ¿quiso decir «dato»?"
    assert f"{place}:12: no hay dato de «Participación» para Namibia hasta 2026-11-24: la base no tiene ninguno" in told
    assert f"{place}:12: esta directiva no tiene la opción «fuent»; ¿quiso decir «fuente»?" in told
    assert any("no tiene aquí el artículo «11»; ¿quiso decir «1»?" in line for line in told)
    assert any("no se conoce el documento «LGX»; ¿quiso decir «LGE»?" in line for line in told)
    assert any("no se cierra; falta «]]»" in line for line in told)


def test_no_data_says_which_years_have_some(connection: sqlite3.Connection, ready: Path) -> None:
    told = faults(connection, ready, "[[dato: México | participación | 2019]]\n")
    assert told == [
        "research/products/prueba/texto.md:9: no hay dato de «Participación» para México en 2019; los años con dato son 2018–2021"
    ]


def test_a_figure_that_is_two_is_the_authors_to_choose(default_db: sqlite3.Connection, tmp_path: Path) -> None:
    asked = "Fue [[dato: AUS-LC-1946-09-28 | least-squares-index{}]].\n"
    said = dict(default_db.execute(
        "SELECT source_id, value FROM published_indices WHERE election_id = 'AUS-LC-1946-09-28' AND index_id = 'least-squares-index'"
    ).fetchall())  # fmt: skip
    told = faults(default_db, tmp_path, asked.format(""))
    assert len(told) == 1 and "elija con «| fuente: …»" in told[0]
    assert all(f"{source} dice {value:.2f}" in told[0] for source, value in said.items())
    for source, value in said.items():
        page = published_html(default_db, tmp_path, asked.format(f" | fuente: {source}"))
        assert f"Fue {value:.2f}." in words_of(page)
    rounded = (
        "Fue [[dato: DEU-LC-2009-09-27 | least-squares-index]].\n"  # both sources, to the decimal of the coarser one
    )
    assert "Fue 3.3" in words_of(published_html(default_db, tmp_path, rounded))


def test_what_fills_a_place_of_its_own_stands_alone(connection: sqlite3.Connection, ready: Path) -> None:
    told = faults(connection, ready, "Véase [[tabla: México | participación | 2018]] abajo.\n")
    assert len(told) == 1 and "debe estar sola, con una línea vacía antes y otra después" in told[0]


def test_too_much_for_a_page_is_told(default_db: sqlite3.Connection, tmp_path: Path) -> None:
    told = faults(
        default_db, tmp_path,
        "[[gráfica: Américas | electoral-democracy-index | 2000–2024]]\n\n[[tabla: África, Asia, Europa, Américas, Oceanía | electoral-democracy-index | 2024]]\n",
    )  # fmt: skip
    assert len(told) == 2
    assert "líneas no se distinguen en una gráfica (hasta 8)" in told[0] and "no cabe en la página" in told[1]


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        ("tipo: XX\n", 2, "«tipo» no puede ser «XX»; se conocen: FP, NI, EC, CC, EM, RM, PI, BP, RC"),
        ("tipo: NI\nestadp: publicado\n", 3, "la cabecera no tiene la clave «estadp»; ¿quiso decir «estado»?"),
        ("tipo: NI\nprocedimiento: S.5\n", 3, "«procedimiento» no puede ser «S.5»; los códigos son S.5.01.1.01, S.5.01.1.02, S.5.01.2.01, S.5.01.2.02"),
        ("tipo: NI\nfecha_de_corte: ayer\n", 3, "«fecha_de_corte: ayer» no es una fecha; escriba 2026-11-24"),
        ("titulo: México: una nota\n", 2, "la cabecera no se entiende: revise los dos puntos y las sangrías (un título con dos puntos va entre comillas)"),
    ],
)  # fmt: skip
def test_a_wrong_head_names_key_and_line(head: str, line: int, message: str) -> None:
    read, told = split(f"---\n{head}---\nTexto\n")
    assert read is None
    assert (line, message) in [(f.line, f.es) for f in told]


def test_a_head_may_be_in_english() -> None:
    english = (
        "---\ntype: FP\nline: perspectiva_comparada\nprocedure: S.5.01.1.01\ntitle: {es: Uno, en: One}\n"
        "cutoff_date: 2026-11-24\nstate: publicado\n---\nText\n"
    )
    read, told = split(english)
    assert told == [] and read is not None and read.front_matter.type == "FP" and read.first_line == 9


def test_unknown_countries_and_topics_of_the_head(connection: sqlite3.Connection, ready: Path) -> None:
    head = HEAD.replace("fecha_de_corte", "paises: [Nambia]\ntemas: [participaciones]\nfecha_de_corte")
    told = faults(connection, ready, "Texto.\n", head)
    assert told == [
        "research/products/prueba/texto.md:6: no se conoce ningún país ni grupo «Nambia»; ¿quiso decir «Namibia»?",
        "research/products/prueba/texto.md:7: no se conoce el tema «participaciones»; ¿quiso decir «Participación»?",
    ]


def test_a_missing_font_is_told(ready: Path, run: Run) -> None:
    (ready / "estilo.yml").write_text("pdf_font: Libertinus Serf\n", "utf-8")
    told = run("publish", "corto")
    assert told.returncode == 1
    assert (
        "estilo.yml: pdf_font: la letra «Libertinus Serf» no está en esta máquina; ¿quiso decir «Libertinus Serif»?"
        in told.stderr
    )


def test_a_broken_template_is_told(ready: Path, run: Run) -> None:
    (ready / "plantilla.docx").write_bytes(b"no es un documento")
    told = run("publish", "corto")
    assert told.returncode == 1
    assert "research/products/plantilla.docx: la plantilla no es un archivo de Word que se pueda abrir" in told.stderr
    import docx

    document = docx.Document()
    document.save(str(ready / "plantilla.docx"))
    told = run("publish", "corto")
    assert told.returncode == 1 and "a la plantilla le faltan los estilos" in told.stderr


def test_a_published_word_file_serves_as_template(ready: Path, run: Run) -> None:
    edit(ready / "corto/texto.md", "autorizado", "en_revision")
    assert run("publish", "corto", "--format", "docx").returncode == 0
    shutil.copy(ready.parents[1] / "build/products/corto/corto.docx", ready / "plantilla.docx")
    edit(ready / "corto/texto.md", "en_revision", "autorizado")
    told = run("publish", "corto")
    assert told.returncode == 0, told.stderr
    assert "Comparada" in (heads := heads_of(ready / "corto/publicado/corto.docx")) and "BORRADOR" not in heads


def test_an_unknown_document_and_a_missing_database(root: Path, run: Run) -> None:
    told = run("publish", "cotro")
    assert told.returncode == 1 and "no hay documento «cotro»; ¿quiso decir «corto»?" in told.stderr
    (root / "build/comparada.db").unlink()
    told = run("publish", "corto")
    assert told.returncode == 1 and "constrúyala con «comparada build»" in told.stderr


def test_an_unknown_reference_and_a_missing_picture_are_told(connection: sqlite3.Connection, ready: Path) -> None:
    told = faults(connection, ready, "Según [@nadie], sí.\n\n![Una foto](foto.png)\n")
    assert any(":9: la referencia «@nadie» no está en bibliografia.bib ni es una fuente" in line for line in told)
    assert any(":11: no está el archivo «foto.png» en la carpeta del documento" in line for line in told)


def test_own_bibliography(connection: sqlite3.Connection, ready: Path) -> None:
    (ready / "prueba").mkdir()
    (ready / "prueba/bibliografia.bib").write_text(
        "@book{nohlen, author = {Nohlen, Dieter}, title = {Sistemas electorales}, year = {1994}, publisher = {FCE}}",
        "utf-8",
    )
    said = words_of(published_html(connection, ready, "# Uno\n\nSegún los libros [@nohlen].\n\n[[bibliografía]]\n"))
    assert "Nohlen, Dieter. Sistemas electorales. FCE, 1994." in said


# --- directives and names


def test_every_directive_of_the_guide_holds(default_db: sqlite3.Connection) -> None:
    guide = (REPOSITORY / "docs/publishing.md").read_text("utf-8")
    examples = "\n".join(re.findall(r"^```markdown\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE))
    found = find_directives(examples)
    assert {d.word for d in found.directives} == set(WORDS.values())
    named = {(d.word, key) for d in found.directives for key in d.options}
    assert named == {(word, key) for key, (_, _, words) in OPTIONS.items() for word in words}, (
        "an example of each option"
    )
    _, wrong = resolve(Asking(default_db, Names(default_db), "es", "2026-11-24"), found)
    laws = default_db.execute("SELECT count(*) FROM documents WHERE short_name IN ('LGIPE', 'CPEUM')").fetchone()[0]
    assert [f.es for f in wrong if laws or "no se conoce el documento" not in f.es] == []


def test_code_and_comments_hold_no_directives() -> None:
    text = "`[[dato: a]]`\n\n```\n[[dato: b]]\n```\n<!-- [[dato: c]] -->\n[[dato: d | e]]"
    assert [d.arguments for d in find_directives(text).directives] == [("d", "e")]


def test_countries_by_any_of_their_names(default_db: sqlite3.Connection) -> None:
    names = Names(default_db)
    assert {
        names.country(n) for n in ("MEX", "mx", "mexico", "México", "Mexique", "Estados Unidos Mexicanos", "MÉJICO")
    } == {"MEX"}
    assert names.country("Alemania") == "DEU" and names.country("Yemen") == "YEM"
    assert len(names.countries("América del Sur")) == 12


def test_every_outline_of_the_map_is_a_jurisdiction(default_db: sqlite3.Connection) -> None:
    known = {row[0] for row in default_db.execute("SELECT jurisdiction_id FROM jurisdictions")}
    outlines = [g.get("id") for g in json.loads(WORLD_FILE.read_text("utf-8"))["objects"]["countries"]["geometries"]]
    assert {key for key in outlines if key} <= known
    states = {
        row[0]
        for row in default_db.execute(
            "SELECT jurisdiction_id FROM jurisdictions WHERE kind = 'state' AND valid_to IS NULL"
        )
    }
    assert states - set(outlines) == {"MCO", "TUV", "VAT"}, "too small to be drawn"


# --- living figures


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def notices(root: Path) -> list[str]:
    told = comparada("check", root=root)
    return [line for line in told.stdout.splitlines() if line.startswith("research/products/")]


def test_a_changed_fact_flags_exactly_the_documents_that_cite_it(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", '"63.4%"', '"64.9%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/corto/texto.md:14: MEX, turnout-example, 2018: se corrigió: 63.4 → 64.9 [corrected]",
        "research/products/corto/texto.md:16: MEX, turnout-example, 2018: se corrigió: 63.4 → 64.9 [corrected]",
    ]
    with database(published_root) as opened:
        found = changes(opened, published_root / "research/products")
    assert {(c.product.product_id, c.what, c.old, c.new) for c in found} == {("corto", "corrected", 63.4, 64.9)}


def test_a_new_version_of_the_source_changes_a_figure(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", '"89.8%"', '"87.0%"')
    edit(published_root / "datasets/votos/source.yml", 'version: "1"', 'version: "2"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/otro/texto.md:9: SUN, turnout-example, 1989: cambió: 89.8 → 87 [changed]"
    ]


def test_a_figure_that_is_gone(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", 'Russia,1989,"89.8%"', 'Russia,1990,"89.8%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/otro/texto.md:9: SUN, turnout-example, 1989: ya no está en la base: 89.8 [gone]"
    ]


def test_a_second_source_that_disagrees(published_root: Path) -> None:
    shutil.copytree(
        published_root / "datasets/votos", published_root / "datasets/segunda", ignore=shutil.ignore_patterns("facts")
    )
    descriptor = (
        (published_root / "datasets/segunda/source.yml").read_text("utf-8").replace("id: votos\n", "id: segunda\n")
    )
    start, end = descriptor.index("variables:\n"), descriptor.index("recipes:\n")
    (published_root / "datasets/segunda/source.yml").write_text(descriptor[:start] + descriptor[end:], "utf-8")
    edit(published_root / "datasets/segunda/votos.csv", '"63.4%"', '"61.0%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/corto/texto.md:14: MEX, turnout-example, 2018: en disputa: 63.4 según votos, 61 según segunda [contested]",
        "research/products/corto/texto.md:16: MEX, turnout-example, 2018: en disputa: 63.4 según votos, 61 según segunda [contested]",
    ]


def test_an_article_that_was_reformed(published_root: Path) -> None:
    edit(published_root / "datasets/leyes/sections.csv", "También es una obligación.", "También es un deber.")
    built_again(published_root)
    told = notices(published_root)
    assert len(told) == 1 and told[0].startswith("research/products/corto/texto.md:18: ley-ejemplo/art-1 text: ")


def test_a_spoilt_record_stops_the_build_with_its_place(published_root: Path) -> None:
    (published_root / "research/products/corto/publicado/registro.json").write_text("{", "utf-8")
    told = comparada("build", root=published_root)
    assert told.returncode == 1
    assert "research/products/corto/publicado: el registro de la publicación no se puede leer" in told.stderr


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("En 2018 votó 63.4 % (artículo 41, 1.ª vuelta, 1 de julio); 12 países.", ["63.4 %", "12"]),
        ("Los artículos 65 y 66 de la LGIPE, fracción IV, p. 12; el 2.º lugar; 2000–2024; 2018-07-01.", []),
        ("1. Uno\n2. Dos, con 500 escaños y 1,234.5 votos", ["500", "1,234.5"]),
        ("INE/JGE52/2022, S.5.01.1.01, COVID-19, [liga](https://example.org/12), `x = 4`, [@vdem, p. 3]", []),
        ("Votó [[dato: México | x | 2018]], el 45% y $10.", ["45%", "10"]),
        ("On July 1, 2018, 21 seats; article 9; the 1st round.", ["21"]),
    ],
)  # fmt: skip
def test_numbers_that_come_from_no_directive(text: str, loose: list[str]) -> None:
    assert [n.number for n in numbers_in(text)] == loose


def test_check_tells_loose_numbers_with_their_line(ready: Path, root: Path) -> None:
    with (ready / "corto/texto.md").open("a", encoding="utf-8") as file:
        file.write("\nVotaron 1,200 personas.\n")
    told = notices(root)
    assert len(told) == 1
    assert told[0].startswith("research/products/corto/texto.md:22: «1,200» no sale de ninguna directiva")


def test_a_picture_of_the_documents_folder_is_in_all_three(connection: sqlite3.Connection, ready: Path) -> None:
    (ready / "prueba").mkdir()
    (ready / "prueba/texto.md").write_text(f"{HEAD}\n# Una\n\n![Una foto](foto.svg)\n", "utf-8")
    (ready / "prueba/foto.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>', "utf-8"
    )
    made = publish(connection, ready, "prueba", ready.parent / "drafts", TODAY)
    assert {f.suffix for f in made.files} == {".docx", ".html", ".pdf"}


@pytest.mark.parametrize(
    "written",
    [
        "[dato: México | participación | 2018]]",
        "[dato: México | participación | 2018]",
        "dato: México | participación | 2018]]",
        "[Gráfico: México | participación | 2018]",
    ],
)
def test_a_directive_that_lacks_brackets_is_told(connection: sqlite3.Connection, ready: Path, written: str) -> None:
    told = faults(connection, ready, f"# Una\n\nFue de {written}.\n")
    assert len(told) == 1 and ":11: " in told[0] and "va entre «[[» y «]]»" in told[0]


def test_brackets_of_markdown_are_no_directives() -> None:
    text = "^[Véase [@vdem]] y [fuente: la ley | 2](https://x.mx), [dato: dudoso] y ^[fuente: [liga](https://x.mx)]."
    assert find_directives(text).faults == ()


def test_a_day_written_the_other_way_round_says_how(connection: sqlite3.Connection, ready: Path) -> None:
    told = faults(connection, ready, "[[dato: México | participación | 24/11/2018]]\n")
    assert len(told) == 1 and "un día (2024-06-02)" in told[0]


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


def test_a_missing_key_says_what_may_stand_there() -> None:
    _, told = split(HEAD.replace("estado: en_redaccion\n", "") + "Hola.\n")
    assert [f.es for f in told] == ["falta «estado» en la cabecera, p. ej. estado: en_redaccion"]


def test_a_folder_of_another_name_is_told_and_stops_no_other(ready: Path, root: Path, run: Run) -> None:
    shutil.copytree(ready / "corto", ready / "corto á")
    with (ready / "corto/texto.md").open("a", encoding="utf-8") as file:
        file.write("\nVotaron 1,200 personas.\n")
    told = notices(root)
    assert any("«1,200» no sale de ninguna directiva" in line for line in told)
    assert any("corto á: el identificador solo lleva letras sin acento" in line for line in told)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Chlie", "Chile"),
        ("Mexco", "México"),
        ("Narnia", "Armenia"),
        ("Sur de América", "América del Sur"),
        ("zzz", None),
    ],
)
def test_what_was_meant_is_a_name_and_no_code_within_it(
    default_db: sqlite3.Connection, written: str, meant: str | None
) -> None:
    with pytest.raises(WrongName) as caught:
        Names(default_db).place(written)
    assert caught.value.es.endswith(f"¿quiso decir «{meant}»?" if meant else f"«{written}»")
