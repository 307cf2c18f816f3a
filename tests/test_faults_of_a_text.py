"""What is wrong with a text, its head, its template or its fonts: told all at once, with the line and the remedy."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import Run
from written_products import HEAD, edit, faults, heads_of, published_html, words_of

from research.directives.syntax import find_directives
from research.faults import WrongName
from research.names import Names
from research.publishing.front_matter import split


def test_all_faults_of_a_text_are_told_at_once_with_line_and_nearest(
    products_db: sqlite3.Connection, products: Path
) -> None:
    told = faults(
        products_db, products,
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


def test_no_data_says_which_years_have_some(products_db: sqlite3.Connection, products: Path) -> None:
    told = faults(products_db, products, "[[dato: México | participación | 2019]]\n")
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


def test_what_fills_a_place_of_its_own_stands_alone(products_db: sqlite3.Connection, products: Path) -> None:
    told = faults(products_db, products, "Véase [[tabla: México | participación | 2018]] abajo.\n")
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


def test_unknown_countries_and_topics_of_the_head(products_db: sqlite3.Connection, products: Path) -> None:
    head = HEAD.replace("fecha_de_corte", "paises: [Nambia]\ntemas: [participaciones]\nfecha_de_corte")
    told = faults(products_db, products, "Texto.\n", head)
    assert told == [
        "research/products/prueba/texto.md:6: no se conoce ningún país ni grupo «Nambia»; ¿quiso decir «Namibia»?",
        "research/products/prueba/texto.md:7: no se conoce el tema «participaciones»; ¿quiso decir «Participación»?",
    ]


def test_a_missing_font_is_told(products: Path, products_run: Run) -> None:
    (products / "estilo.yml").write_text("pdf_font: Libertinus Serf\n", "utf-8")
    told = products_run("publish", "corto")
    assert told.returncode == 1
    assert (
        "estilo.yml: pdf_font: la letra «Libertinus Serf» no está en esta máquina; ¿quiso decir «Libertinus Serif»?"
        in told.stderr
    )


def test_a_broken_template_is_told(products: Path, products_run: Run) -> None:
    (products / "plantilla.docx").write_bytes(b"no es un documento")
    told = products_run("publish", "corto")
    assert told.returncode == 1
    assert "research/products/plantilla.docx: la plantilla no es un archivo de Word que se pueda abrir" in told.stderr
    import docx

    document = docx.Document()
    document.save(str(products / "plantilla.docx"))
    told = products_run("publish", "corto")
    assert told.returncode == 1 and "a la plantilla le faltan los estilos" in told.stderr


def test_a_published_word_file_serves_as_template(products: Path, products_run: Run) -> None:
    edit(products / "corto/texto.md", "autorizado", "en_revision")
    assert products_run("publish", "corto", "--format", "docx").returncode == 0
    shutil.copy(products.parents[1] / "build/products/corto/corto.docx", products / "plantilla.docx")
    edit(products / "corto/texto.md", "en_revision", "autorizado")
    told = products_run("publish", "corto")
    assert told.returncode == 0, told.stderr
    assert "Comparada" in (heads := heads_of(products / "corto/publicado/corto.docx")) and "BORRADOR" not in heads


def test_an_unknown_document_and_a_missing_database(products_root: Path, products_run: Run) -> None:
    told = products_run("publish", "cotro")
    assert told.returncode == 1 and "no hay documento «cotro»; ¿quiso decir «corto»?" in told.stderr
    (products_root / "build/comparada.db").unlink()
    told = products_run("publish", "corto")
    assert told.returncode == 1 and "constrúyala con «comparada build»" in told.stderr


def test_an_unknown_reference_and_a_missing_picture_are_told(products_db: sqlite3.Connection, products: Path) -> None:
    told = faults(products_db, products, "Según [@nadie], sí.\n\n![Una foto](foto.png)\n")
    assert any(":9: la referencia «@nadie» no está en bibliografia.bib ni es una fuente" in line for line in told)
    assert any(":11: no está el archivo «foto.png» en la carpeta del documento" in line for line in told)


def test_own_bibliography(products_db: sqlite3.Connection, products: Path) -> None:
    (products / "prueba").mkdir()
    (products / "prueba/bibliografia.bib").write_text(
        "@book{nohlen, author = {Nohlen, Dieter}, title = {Sistemas electorales}, year = {1994}, publisher = {FCE}}",
        "utf-8",
    )
    said = words_of(published_html(products_db, products, "# Uno\n\nSegún los libros [@nohlen].\n\n[[bibliografía]]\n"))
    assert "Nohlen, Dieter. Sistemas electorales. FCE, 1994." in said


@pytest.mark.parametrize(
    "written",
    [
        "[dato: México | participación | 2018]]",
        "[dato: México | participación | 2018]",
        "dato: México | participación | 2018]]",
        "[Gráfico: México | participación | 2018]",
    ],
)
def test_a_directive_that_lacks_brackets_is_told(products_db: sqlite3.Connection, products: Path, written: str) -> None:
    told = faults(products_db, products, f"# Una\n\nFue de {written}.\n")
    assert len(told) == 1 and ":11: " in told[0] and "va entre «[[» y «]]»" in told[0]


def test_brackets_of_markdown_are_no_directives() -> None:
    text = "^[Véase [@vdem]] y [fuente: la ley | 2](https://x.mx), [dato: dudoso] y ^[fuente: [liga](https://x.mx)]."
    assert find_directives(text).faults == ()


def test_a_day_written_the_other_way_round_says_how(products_db: sqlite3.Connection, products: Path) -> None:
    told = faults(products_db, products, "[[dato: México | participación | 24/11/2018]]\n")
    assert len(told) == 1 and "un día (2024-06-02)" in told[0]


def test_a_missing_key_says_what_may_stand_there() -> None:
    _, told = split(HEAD.replace("estado: en_redaccion\n", "") + "Hola.\n")
    assert [f.es for f in told] == ["falta «estado» en la cabecera, p. ej. estado: en_redaccion"]


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
