"""How a document of any format is parted into sections, and what of a law is in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_documents import docx, odt, pdf, running_text

from ingest.documents.formats import read_file
from ingest.documents.language import detected_language
from ingest.documents.structures import STRUCTURES
from ingest.documents.structures.reform_notes import in_force

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
