"""Documents of every format and structure, from file to database; and what bad ones get."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
import yaml
from conftest import FIXTURES, comparada
from made_documents import docx, odt, pdf, running_text

from ingest.descriptor.documents import Documents
from ingest.descriptor.reading import load_descriptor
from ingest.documents.formats import read_file
from ingest.documents.language import detected_language
from ingest.documents.structures import STRUCTURES
from ingest.documents.structures.reform_notes import in_force
from ingest.problems import DescriptorError


@pytest.fixture
def root(tiny: Path) -> Path:
    """The small root with a source of three documents: two parallel notes and a law."""
    shutil.copytree(FIXTURES / "documents", tiny / "datasets/notas")
    return tiny


@pytest.fixture
def database(root: Path) -> sqlite3.Connection:
    """The same, ingested and built."""
    for verb in ("ingest", "build"):
        result = comparada(verb, root=root)
        assert result.returncode == 0, result.stderr
    return sqlite3.connect(root / "build/comparada.db")


def facts(root: Path, table: str, source: str = "notas") -> list[dict[str, str]]:
    with (root / "datasets" / source / "facts" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- from file to database ------------------------------------------------------------------------


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


def test_accounts_tell_how_many_paragraphs_were_read(root: Path) -> None:
    comparada("ingest", "notas", root=root)
    account = next(a for a in facts(root, "file_accounts") if a["recipe"] == "ley")
    assert (account["rows_read_count"], account["rows_loaded_count"], account["facts_count"]) == ("13", "13", "10")


def test_facts_that_are_free_but_large_stay_out_of_the_repository(root: Path) -> None:
    path = root / "datasets/notas/source.yml"
    path.write_text(path.read_text("utf-8").replace("redistribute: true", "redistribute: true\nkeptIn: build"), "utf-8")
    assert comparada("ingest", root=root).returncode == 0
    assert not (root / "datasets/notas/facts").exists()
    assert (root / "build/facts/notas/document_sections.csv").is_file()
    assert comparada("build", root=root).returncode == 0


def test_another_count_of_articles_is_told(root: Path) -> None:
    path = root / "datasets/notas/ley.txt"
    path.write_text(path.read_text("utf-8").replace("Artículo 2 Bis.- ", ""), "utf-8")
    result = comparada("ingest", "notas", root=root)
    assert result.returncode == 1
    assert "se esperaban 3 (article) y hay 2" in result.stderr and "expected 3 article, found 2" in result.stderr


# --- the descriptor -------------------------------------------------------------------------------


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
def test_a_bad_descriptor_is_told(root: Path, before: str, after: str, words: list[str]) -> None:
    path = root / "datasets/notas/source.yml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    with pytest.raises(DescriptorError) as told:
        load_descriptor(path)
    for word in words:
        assert word in told.value.es and word in told.value.en


def test_a_source_needs_recipes_or_documents(root: Path) -> None:
    path = root / "datasets/notas/source.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    del content["documents"]
    path.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(DescriptorError, match="recipes or documents"):
        load_descriptor(path)


# --- formats --------------------------------------------------------------------------------------

SAID: list[tuple[str, int | None]] = [
    ("Primera parte", 1),
    ("El padrón «nacional» y la lista.", None),
    ("Detalle", 2),
    ("Otra línea.", None),
    ("Segunda parte", 1),
    ("El fin.", None),
]


def written(path: Path) -> None:
    """SAID in the format that the file's name tells."""
    lines = {
        ".md": "\n\n".join(f"{'#' * (level or 0)} {text}".strip() for text, level in SAID),
        ".html": "<html><head><title>Prueba</title><style>p {}</style></head><body><nav>Menú</nav><main>"
        + "".join(f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>" for text, level in SAID)
        + "<script>alert(1)</script></main></body></html>",
    }
    if path.suffix == ".docx":
        docx(path, SAID)
    elif path.suffix == ".odt":
        odt(path, SAID)
    else:
        path.write_text(lines[path.suffix], "utf-8")


@pytest.mark.parametrize(
    ("name", "format_"), [("a.docx", "docx"), ("a.odt", "odt"), ("a.html", "html"), ("a.md", "markdown")]
)
def test_every_format_gives_the_same_sections(tmp_path: Path, name: str, format_: str) -> None:
    written(tmp_path / name)
    sections = STRUCTURES["headings"](read_file(tmp_path / name, format_, "utf-8"), "Prueba")
    assert [(s.anchor, s.path, [text for _, text in s.entries]) for s in sections] == [
        ("primera-parte", "Primera parte", ["El padrón «nacional» y la lista."]),
        ("detalle", "Primera parte › Detalle", ["Otra línea."]),
        ("segunda-parte", "Segunda parte", ["El fin."]),
    ]


LAW_PAGES = [
    [
        ("heading", "TÍTULO PRIMERO"),
        ("heading", "Del objeto"),
        ("article", "Artículo 1o. Los derechos político-electorales se ejercen conforme a esta Ley, y las autori-"),
        ("text", "dades los protegen. Los derechos político-electorales son de la ciudadanía, y las autoridades los"),
        ("text", "garantizan en todo tiempo."),
        ("note", "Párrafo reformado DOF 10-06-2011"),
        ("indent", "Dice el reglamento anterior que quien lo pida tendrá su constancia, según"),
        ("text", "Artículo 3. Nadie podrá negarla."),
        ("article", "Artículo 2.-"),
        ("indent", "[Lo que se pague será devuelto. (Los remanentes no se devuelven.)]"),
        ("note", "Párrafo declarado inválido por sentencia de la SCJN publicada DOF 13-08-2015 (En"),
        ("note", "la porción normativa “Los remanentes no se devuelven”)"),
        ("note", "Párrafo declarado inválido y “recupera su vigencia con el texto que"),
        ("note", "tenía al 2 de marzo de 2023” por sentencia de la SCJN publicada DOF 24-11-2023"),
        ("indent", "[Segundo párrafo. Suprimido]"),
        ("note", "Párrafo declarado inválido y suprimido conforme al texto de la ley DOF 24-11-2023"),
        ("article", "Artículo 2 Bis. Lo dispuesto en la ley se aplicará a los derechos político-"),
    ],
    [
        ("text", "electorales de quienes residen fuera."),
        ("article", "Artículo 3. Las sanciones [que se impongan sin audiencia] serán públicas."),
        ("note", "Artículo declarado inválido por sentencia de la SCJN publicada DOF 13-08-2015"),
        ("heading", "TRANSITORIOS"),
        ("article", "Primero. Esta Ley entrará en vigor, con lo siguiente:"),
        ("indent", "1. Un plazo."),
        ("indent", "2. Un aviso."),
        ("article", "Segundo. Se abroga la ley anterior."),
        ("indent", "México, D.F., a 14 de mayo de 2014.- Dip. A. Pérez, Presidente.- Rúbrica."),
        ("heading", "ARTÍCULOS TRANSITORIOS DE DECRETOS DE REFORMA"),
        ("article", "DECRETO por el que se reforma el artículo 1o. de la Ley."),
        ("indent", "Publicado en el Diario Oficial de la Federación el 10 de junio de 2011"),
        ("indent", "Artículo Único.- Se reforma el artículo 1o. para quedar como sigue:"),
        ("heading", "Transitorio"),
        ("article", "Único.- El presente Decreto entrará en vigor el día de su publicación."),
    ],
    [("text", "Fin del documento, que llena una página más para que la cabeza se repita.")],
]


@pytest.fixture
def law(tmp_path: Path) -> dict[str, tuple[str, str, str, int | None]]:
    """A law printed as the Cámara de Diputados prints them: anchor → text, notes, invalid text, page."""
    pages = [
        running_text(lines, head="LEY DE EJEMPLO", foot=f"{n} de {len(LAW_PAGES)}")
        for n, lines in enumerate(LAW_PAGES, 1)
    ]
    pdf(tmp_path / "ley.pdf", pages)
    document = read_file(tmp_path / "ley.pdf", "pdf", "utf-8")
    assert document.pages_count == 3
    assert [(reason.en, count) for reason, count in document.left_out if count] == [("page headers and footers", 6)]
    told = {}
    for s in STRUCTURES["mexican_law"](document, "Ley de Ejemplo"):
        said = in_force(s.entries, is_void=s.is_void)
        told[s.anchor] = (said.text, said.reform_notes, said.invalid_text, s.page_first)
    return told


def test_a_printed_law_is_read_as_a_person_reads_it(law: dict[str, tuple[str, str, str, int | None]]) -> None:
    assert list(law) == [
        "tit-1", "art-1", "art-2", "art-2-bis", "art-3", "transitorios", "trans-1", "trans-2", "decretos", "dec-2011-06-10",
        "dec-2011-06-10/trans-1",
    ]  # fmt: skip
    text, notes, _, page = law["art-1"]
    assert text.split("\n") == [
        "Los derechos político-electorales se ejercen conforme a esta Ley, y las autoridades los protegen. Los derechos "
        "político-electorales son de la ciudadanía, y las autoridades los garantizan en todo tiempo.",
        "Dice el reglamento anterior que quien lo pida tendrá su constancia, según Artículo 3. Nadie podrá negarla.",
    ]
    assert (notes, page) == ("Párrafo reformado DOF 10-06-2011", 1)


def test_a_word_cut_by_a_page_end_is_made_whole(law: dict[str, tuple[str, str, str, int | None]]) -> None:
    text, _, _, page = law["art-2-bis"]
    assert text == "Lo dispuesto en la ley se aplicará a los derechos político-electorales de quienes residen fuera."
    assert page == 1


def test_what_is_in_force_is_told_from_what_was_declared_invalid(
    law: dict[str, tuple[str, str, str, int | None]],
) -> None:
    text, notes, invalid, _ = law["art-2"]
    assert text == "Lo que se pague será devuelto. […]"
    assert invalid == "Los remanentes no se devuelven."
    assert notes.split("\n")[2:] == [
        "Segundo párrafo. Suprimido",
        "Párrafo declarado inválido y suprimido conforme al texto de la ley DOF 24-11-2023",
    ]
    assert law["art-3"][0] == "Las sanciones […] serán públicas."
    assert law["art-3"][2] == "que se impongan sin audiencia"


def test_signatures_and_decrees_belong_to_what_they_sign(law: dict[str, tuple[str, str, str, int | None]]) -> None:
    assert law["trans-1"][0].split("\n")[1:] == ["1. Un plazo.", "2. Un aviso."]
    assert law["trans-2"][0] == "Se abroga la ley anterior."
    assert law["transitorios"][0].endswith("Presidente.- Rúbrica.")
    assert law["dec-2011-06-10"][0].startswith("Publicado en el Diario Oficial de la Federación el 10 de junio de 2011")
    assert law["dec-2011-06-10/trans-1"][0].startswith("El presente Decreto entrará en vigor")


@pytest.mark.parametrize("to_and_fro", [False, True])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, to_and_fro: bool) -> None:
    left = [f"izquierda {n} con palabras que llenan" for n in range(12)]
    right = [f"derecha {n} con palabras que llenan" for n in range(12)]
    placed_left = [(text, 60.0, 700 - 12.0 * n, "roman", 10.0) for n, text in enumerate(left)]
    placed_right = [(text, 330.0, 700 - 12.0 * n, "roman", 10.0) for n, text in enumerate(right)]
    lines = [line for pair in zip(placed_left, placed_right, strict=True) for line in pair]
    pdf(tmp_path / "a.pdf", [lines if to_and_fro else placed_left + placed_right])
    text = " ".join(b.text for b in read_file(tmp_path / "a.pdf", "pdf", "utf-8").blocks)
    assert text == " ".join(left + right)


def test_a_footnote_number_leads_to_its_note(tmp_path: Path) -> None:
    lines = [
        ("Artículo 1", 72.0, 700.0, "bold", 12.0),
        ("Las fracciones se cumplen sin excepción en todo el territorio del Estado;", 72.0, 680.0, "roman", 12.0),
        ("161", 452.0, 684.0, "roman", 7.0),
        ("161 Fracción reformada el 22/ago/2015.", 72.0, 150.0, "roman", 5.0),
    ]
    pdf(tmp_path / "a.pdf", [lines])
    sections = STRUCTURES["mexican_law"](read_file(tmp_path / "a.pdf", "pdf", "utf-8"), "Código")
    said = in_force(sections[-1].entries)
    assert said.text == "Las fracciones se cumplen sin excepción en todo el territorio del Estado;"
    assert said.reform_notes == "Fracción reformada el 22/ago/2015."


AGREEMENT = """INE/CG1/2023

ACUERDO DEL CONSEJO GENERAL

G L O S A R I O

Consejo\tConsejo General
Lineamientos\tLineamientos para la elaboración de manuales

ANTECEDENTES

- I. El 5 de mayo de 2019 se aprobó el acuerdo INE/CG270/2019.

**II.** Se publicó después.

CONSIDERANDOS

PRIMERO. Competencia.

1. El artículo 6 de los Lineamientos dice que, en los términos

que ordene la ley, hará:

1. Un plan.
2. Un informe.

2. El Consejo es competente.

Por lo expuesto, emite los siguientes:

ACUERDOS

PRIMERO. - Se aprueba.

SEGUNDO. - Publíquese.

El presente Acuerdo fue aprobado en sesión ordinaria.
"""


def test_an_agreement_is_parted_by_its_own_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(AGREEMENT, "utf-8")
    sections = STRUCTURES["ine_agreement"](read_file(tmp_path / "a.txt", "text", "utf-8"), "Acuerdo")
    assert [(s.kind, s.anchor, s.number) for s in sections] == [
        ("front", "inicio", None),
        ("glossary", "glosario", None),
        ("glossary_entry", "glosario/consejo", None),
        ("glossary_entry", "glosario/lineamientos", None),
        ("heading", "antecedentes", None),
        ("antecedent", "antecedente-1", "I"),
        ("antecedent", "antecedente-2", "II"),
        ("heading", "considerandos", None),
        ("heading", "considerandos/competencia", "PRIMERO"),
        ("considerando", "considerando-1", "1"),
        ("considerando", "considerando-2", "2"),
        ("heading", "acuerdos", None),
        ("resolution_point", "acuerdo-1", "PRIMERO"),
        ("resolution_point", "acuerdo-2", "SEGUNDO"),
        ("heading", "aprobacion", None),
    ]
    texts = {s.anchor: "\n".join(text for _, text in s.entries) for s in sections}
    assert texts["considerando-1"] == (
        "El artículo 6 de los Lineamientos dice que, en los términos que ordene la ley, hará:\n1. Un plan.\n2. Un informe."
    )
    assert texts["acuerdos"] == "Por lo expuesto, emite los siguientes:"


def test_a_report_without_styles_is_parted_by_what_stands_out(tmp_path: Path) -> None:
    text = "INFORME\n\nPalabras de apertura del informe.\n\n1. Antecedentes\n\nLo que hubo.\n\n1.1 Detalle\n\nMás.\n\n2. Fin\n\nAdiós."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    sections = STRUCTURES["headings"](read_file(tmp_path / "a.txt", "text", "utf-8"), "Informe")
    assert [(s.heading, s.level, s.number) for s in sections] == [
        ("Informe", 1, None), ("1. Antecedentes", 1, "1"), ("1.1 Detalle", 2, "1.1"), ("2. Fin", 1, "2"),
    ]  # fmt: skip


# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La lista nominal de electores se exhibe en cada distrito antes de la jornada electoral.", "es"),
        ("The list of voters is shown in every district before the day of the election.", "en"),
        ("La liste électorale est affichée dans chaque circonscription avant le jour du scrutin.", "fr"),
        ("A lista de eleitores é afixada em cada distrito antes do dia da eleição municipal.", "pt"),
        ("Sí.", None),
    ],
)
def test_a_language_is_recognised(text: str, language: str | None) -> None:
    assert detected_language(text) == language


def test_parallel_versions_are_told_by_their_paths() -> None:
    documents = Documents.model_validate(
        {"name": "guia", "files": "*.md", "path": r"(?P<lang>\w+)/(?P<part>.+)\.md", "id": "guia-{part}-{lang}"}
    )
    assert documents.reads("es/a/b.md") and not documents.reads("es/a/b.txt")


# --- bad files ------------------------------------------------------------------------------------


def _encrypted(path: Path) -> None:
    pdf(path, [[("Texto", 72.0, 700.0, "roman", 10.0)]])
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("secreto", algorithm="RC4-128")
    writer.write(path)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 20_000_000 + b"</a>")


def _cut(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        make(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])

    return cut


ENTITIES = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&d;</w:body></w:document>"""


def _entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", ENTITIES)


BAD: dict[str, tuple[str, str, Callable[[Path], object]]] = {  # name → file, rule, how to make it
    "empty": ("malo.pdf", "empty-document", lambda p: p.write_bytes(b"")),
    "blank": ("malo.txt", "empty-document", lambda p: p.write_text("\n \n", "utf-8")),
    "encrypted": ("malo.pdf", "encrypted-document", _encrypted),
    "pictures only": ("malo.pdf", "image-only-document", lambda p: pdf(p, [[], []], picture=True)),
    "no PDF": ("malo.pdf", "damaged-document", lambda p: p.write_text("<html>404</html>", "utf-8")),
    "truncated PDF": ("malo.pdf", "damaged-document", _cut(lambda p: pdf(p, [[("Texto", 72.0, 700.0, "roman", 10.0)]]))),
    "legacy .doc": ("malo.docx", "legacy-document", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)),
    "bomb": ("malo.docx", "document-too-large", _bomb),
    "entities": ("malo.docx", "empty-document", _entities),
    "truncated Word": ("malo.docx", "damaged-document", _cut(lambda p: docx(p, [("Hola", None)] * 200))),
    "no Word": ("malo.docx", "damaged-document", lambda p: odt(p, [("Hola", None)])),
    "bad encoding": ("malo.txt", "undecodable-document", lambda p: p.write_bytes("Título\nMéxico".encode("latin-1"))),
    "null bytes": ("malo.html", "damaged-document", lambda p: p.write_bytes(b"<p>a\0b</p>")),
    "no front matter": ("malo.md", "no-front-matter", lambda p: p.write_text("# Hola\n\nAdiós", "utf-8")),
    "misspelt front matter": ("malo.md", "bad-front-matter", lambda p: p.write_text("---\ntitel: Hola\n---\nAdiós", "utf-8")),
    "front matter that is no YAML": ("malo.md", "bad-front-matter", lambda p: p.write_text("---\na: [\n---\nAdiós", "utf-8")),
    "an id twice": ("malo.md", "duplicate-document", lambda p: p.write_text("---\nid: bueno\n---\nAdiós", "utf-8")),
}  # fmt: skip
FORMATS = {".pdf": "pdf", ".docx": "docx", ".txt": "text", ".html": "html", ".md": "markdown"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_with_its_remedy_and_the_rest_goes_on(name: str, root: Path) -> None:
    file, rule, make = BAD[name]
    folder = root / "datasets/malas"
    folder.mkdir()
    source = yaml.safe_load((root / "datasets/notas/source.yml").read_text("utf-8"))
    good = {"path": "bueno.md", "format": "markdown"}
    bad = {"path": file, "format": FORMATS[Path(file).suffix]}
    documents = [{"name": "buenos", "files": "bueno.md", "frontMatter": "ours"}, {"name": "malos", "files": file}]
    if file.endswith(".md"):
        documents[1]["frontMatter"] = "ours"
    source |= {"id": "malas", "files": [good, bad], "documents": documents}
    (folder / "source.yml").write_text(yaml.safe_dump(source), "utf-8")
    (folder / "bueno.md").write_text("---\nid: bueno\ntitle: Bueno\nlanguage: es\n---\nTodo bien.", "utf-8")
    make(folder / file)
    result = comparada("ingest", "malas", "--json", root=root)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)[0]["facts"] == {"documents": 1, "document_sections": 1}
    told = facts(root, "problems", "malas")
    assert [(p["raw_file"], p["rule"], p["severity"]) for p in told] == [(file, rule, "rejected")]
    line = comparada("check", "malas", root=root).stdout.splitlines()[0]
    assert line.startswith(f"malas/{file}:") and line.endswith(f"[{rule}]")


def test_a_page_that_is_a_picture_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    pdf(tmp_path / "a.pdf", [[("Texto de la primera página", 72.0, 700.0, "roman", 10.0)], []], picture=True)
    document = read_file(tmp_path / "a.pdf", "pdf", "utf-8")
    assert [b.text for b in document.blocks] == ["Texto de la primera página"]
    assert document.pages_without_text == (2,)
