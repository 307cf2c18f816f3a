"""First drafts: every one can be published as it stands, says what rows say, and lists what is missing."""

from __future__ import annotations

import datetime
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import Run, comparada

from research.directives.content import FigureContent, Quotation, TableContent
from research.drafting import Drafted, DraftRequest, draft, write_draft
from research.fact_sheets.words import SECTIONS
from research.faults import TextError
from research.publishing.loose_numbers import numbers_in
from research.publishing.product import Product, read_product

Db = sqlite3.Connection
CUTOFF = "2026-11-24"
# the sections that each type of document must have, in their order
REQUIRED = {
    "FP": [s.es for s in SECTIONS],
    "CC": ["Variables", "Países", "Fecha de corte", "Cuadro comparativo, con una fuente por celda", "Fuentes"],
    "NI": ["Motivo", "Antecedentes", "Hallazgos", "Implicaciones para el INE", "Fuentes"],
    "EM": ["Sistema", "Actores", "Reglas", "Resultados", "Observación", "Siguiente elección", "Fuentes"],
}
REQUESTS = {
    "FP": DraftRequest("FP", CUTOFF, ("Brasil",)),
    "CC": DraftRequest("CC", CUTOFF, ("MEX", "BRA", "CUB", "AUS"), variables=("electoral-democracy-index", "least-squares-index", "female-suffrage", "turnout-parliamentary")),
    "NI": DraftRequest("NI", CUTOFF, ("MEX", "BRA", "CHL"), variables=("electoral-democracy-index", "female-suffrage")),
    "EM": DraftRequest("EM", CUTOFF, election="MEX-LC-2024-06-02"),
}  # fmt: skip


@pytest.fixture(scope="module")
def drafted(default_root: Path, default_db: Db) -> dict[str, Drafted]:
    build = default_root / "build"
    return {kind: draft(default_db, request, build / "comparada.db", build / "index") for kind, request in REQUESTS.items()}  # fmt: skip


def read(connection: Db, drafted: Drafted, folder: Path) -> Product:
    (folder / drafted.product_id).mkdir(parents=True)
    (folder / drafted.product_id / "texto.md").write_text(drafted.text, "utf-8")
    return read_product(connection, folder, drafted.product_id)


@pytest.mark.parametrize("kind", list(REQUESTS))
def test_a_draft_holds_as_it_stands(kind: str, drafted: dict[str, Drafted], default_db: Db, tmp_path: Path) -> None:
    product = read(default_db, drafted[kind], tmp_path)  # raises with every fault of the text
    assert product.front_matter.type == kind and product.front_matter.state == "en_redaccion"
    assert list(re.findall(r"^# (.+)$", product.text, re.MULTILINE)) == REQUIRED[kind]
    assert len(product.figures) > 5
    assert [n.number for n in numbers_in(product.text)] == []


def test_a_table_cites_the_rows_of_the_database(drafted: dict[str, Drafted], default_db: Db, tmp_path: Path) -> None:
    product = read(default_db, drafted["CC"], tmp_path)
    cited_in_tables = [f for _, c in product.contents if isinstance(c, TableContent) for f in c.cited]
    assert {f.variable_id for f in cited_in_tables} >= {"electoral-democracy-index", "least-squares-index"}
    for cited in cited_in_tables:
        if cited.variable_id == "electoral-democracy-index":
            (latest,) = default_db.execute(
                "SELECT value FROM answers WHERE variable_id = ? AND jurisdiction_id = ? ORDER BY valid_from DESC LIMIT 1",
                (cited.variable_id, cited.jurisdiction_id),
            ).fetchone()
            assert cited.value == latest


def test_findings_say_who_is_highest_and_lowest(drafted: dict[str, Drafted], default_db: Db) -> None:
    values = {
        str(row[0]): row[1]
        for row in default_db.execute(
            "SELECT name_es, value FROM answers JOIN jurisdictions USING (jurisdiction_id) WHERE variable_id = 'electoral-democracy-index'"
            " AND answers.valid_from = '2024-01-01' AND jurisdiction_id IN ('MEX', 'BRA', 'CHL')"
        )
    }
    said = re.search(r"el valor más alto es el de (\w+) .* y el más bajo el de (\w+) ", drafted["NI"].text)
    assert said and said.groups() == (max(values, key=values.__getitem__), min(values, key=values.__getitem__))


def test_a_computed_index_is_a_figure_of_the_database(
    drafted: dict[str, Drafted], default_db: Db, tmp_path: Path
) -> None:
    (value,) = default_db.execute(
        "SELECT value FROM election_indices WHERE election_id = 'MEX-LC-2024-06-02' AND index_id = 'least-squares-index' AND unit_id = 'MEX'"
    ).fetchone()
    product = read(default_db, drafted["EM"], tmp_path)
    told = {d.written: c for d, c in product.contents if isinstance(c, FigureContent)}
    index = told["[[dato: MEX-LC-2024-06-02 | least-squares-index]]"]
    assert index.shown == f"{value:.2f}" and "cálculo de Comparada" in index.note
    assert index.cited.value == value and index.cited.pin is not None and index.cited.pin.table == "election_indices"
    for drafts in drafted.values():
        assert "calculado por Comparada" not in drafts.text


def test_an_election_note_is_of_its_day(default_root: Path, default_db: Db, tmp_path: Path) -> None:
    build = default_root / "build"
    of_2021 = draft(default_db, DraftRequest("EM", CUTOFF, election="mex-lc-2021-06-06"), build / "comparada.db", build / "index")  # fmt: skip
    product = read(default_db, of_2021, tmp_path)
    assert product.front_matter.cutoff.isoformat() == "2021-06-06"
    periods = [cited.period for _, cited in product.figures if cited.period]
    assert periods and max(periods) <= "2021-06-06"
    assert "2024-06-02" in of_2021.text  # the next one, which the knowledge base knows


def test_what_is_missing_is_listed(drafted: dict[str, Drafted]) -> None:
    assert any("IDEA" in line and "comparada fetch idea" in line for line in drafted["FP"].missing)
    assert any(line.startswith("Por escribir: quién pide la nota") for line in drafted["NI"].missing)
    assert any(("Gallagher" in line and line.startswith("Por revisar")) or "no se puede calcular" in line for line in drafted["CC"].missing)  # fmt: skip
    assert "comparada fetch" not in drafted["CC"].text


def test_passages_come_with_their_reference(drafted: dict[str, Drafted], default_db: Db) -> None:
    quoted = re.findall(r"^> — .+ \[\[fuente: ([\w-]+) \|", drafted["EM"].text, re.MULTILINE)
    assert "mexican-electoral-regime-es" in quoted
    known = {str(row[0]) for row in default_db.execute("SELECT document_id FROM documents")}
    assert set(quoted) <= known


def test_a_country_with_next_to_nothing_still_has_its_sheet(default_root: Path, default_db: Db, tmp_path: Path) -> None:
    build = default_root / "build"
    made = draft(default_db, DraftRequest("FP", CUTOFF, ("Antártida",), language="en"), build / "comparada.db", build / "index")  # fmt: skip
    product = read(default_db, made, tmp_path)
    assert list(re.findall(r"^# (.+)$", product.text, re.MULTILINE)) == [s.en for s in SECTIONS]
    assert "answer nothing on this topic for Antarctica" in product.text
    assert not any(isinstance(c, FigureContent) for _, c in product.contents)


def test_an_article_is_quoted_word_for_word(tiny: Path, run: Run) -> None:
    """The small root with a law: what the search finds of it stands in the draft as an article."""
    shutil.copytree(Path(__file__).parent / "fixtures/laws", tiny / "datasets/leyes")
    words = "El voto obligatorio es el que la ley pide a toda la ciudadanía."
    with (tiny / "datasets/leyes/sections.csv").open("a", encoding="utf-8") as file:
        file.write(f'ley-ejemplo/art-11,3,11,Artículo 11,"{words}"\n')
    assert run("ingest").returncode == 0 and run("build").returncode == 0
    told = run("draft", "NI", "--countries", "MEX,NAM", "--variables", "compulsory-example", "--id", "nota")
    assert told.returncode == 0, told.stderr
    text = (tiny / "research/products/nota/texto.md").read_text("utf-8")
    assert "[[artículo: ley-ejemplo 11 | párrafos: 1]]" in text
    connection = sqlite3.connect(tiny / "build/comparada.db")
    product = read_product(connection, tiny / "research/products", "nota")
    connection.close()
    quoted = [q.paragraphs for _, q in product.contents if isinstance(q, Quotation)]
    assert quoted[0] == (words,)


def test_the_command_writes_a_folder_that_publishes(tiny: Path, run: Run) -> None:
    assert run("ingest").returncode == 0 and run("build").returncode == 0
    told = run("draft", "CC", "--countries", "MEX,NAM,SUN", "--variables", "Participación,compulsory-example", "--id", "cuadro")  # fmt: skip
    assert told.returncode == 0, told.stderr
    folder = tiny / "research/products/cuadro"
    assert told.stdout.strip() == str(folder / "texto.md")
    assert "no existía en esa fecha" in (folder / "texto.md").read_text("utf-8")
    assert (folder / "pendientes.md").read_text("utf-8").startswith("# Lo que falta en el borrador, ")
    published = run("publish", "cuadro", "--format", "html")
    assert published.returncode == 0, published.stderr
    again = run("draft", "CC", "--countries", "MEX", "--variables", "Participación", "--id", "cuadro")
    assert again.returncode == 1 and "ya hay un documento con ese identificador" in again.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("FP", "--countries", "Brazill"), "¿quiso decir «Brazil»?"),
        (("FP",), "falta el país"),
        (("CC", "--countries", "MEX"), "variable"),
        (("EM", "--election", "MEX-LC-2024-06-20"), "¿quiso decir «MEX-LC-2024-06-02»?"),
        (("EM", "--countries", "BRA", "--election", "MEX-LC-2024-06-02"), "no es de Brasil"),
        (("FP", "--countries", "MEX", "--id", "../fuera"), "el identificador solo lleva letras"),
    ],
)
def test_bad_requests_are_told_and_leave_nothing(default_root: Path, words: tuple[str, ...], message: str) -> None:
    before = sorted((default_root / "research").rglob("*"))
    result = comparada("draft", *words, root=default_root)
    assert result.returncode == 1 and message in result.stderr
    assert sorted((default_root / "research").rglob("*")) == before


def test_writing_over_a_text_is_refused(tmp_path: Path) -> None:
    made = Drafted("uno", "---\n---\n", (), "es")
    write_draft(made, tmp_path, datetime.date(2026, 11, 24))
    with pytest.raises(TextError):
        write_draft(made, tmp_path, datetime.date(2026, 11, 24))


def test_a_note_quotes_no_country_that_it_does_not_speak_of(default_root: Path, default_db: Db) -> None:
    """Nor the sheets, tables and election notes that were made from the same data."""
    build = default_root / "build"
    asked = DraftRequest("NI", CUTOFF, ("PER", "CHL"), variables=("electoral-threshold", "female-suffrage"))
    text = draft(default_db, asked, build / "comparada.db", build / "index").text
    quoted = re.findall(r"^> — .*\[\[fuente: ([^ ]+) ", text, re.MULTILINE)
    rows = default_db.execute(
        f"SELECT jurisdiction_id, p.type FROM documents LEFT JOIN products p ON product_id = document_id"
        f" WHERE document_id IN ({', '.join('?' * len(quoted))})", quoted,
    ).fetchall()  # fmt: skip
    assert rows, "it quotes something"
    assert all(place in (None, "MEX", "PER", "CHL") and kind not in ("FP", "CC", "EM") for place, kind in rows)


def test_a_sheet_draws_no_chart_of_the_home_country_alone(default_root: Path, default_db: Db) -> None:
    build = default_root / "build"
    sheet = draft(default_db, DraftRequest("FP", CUTOFF, ("TUV",)), build / "comparada.db", build / "index").text
    drawn = re.findall(r"\[\[gráfica: ([^|]+) ", sheet)
    assert drawn and all("TUV" in countries for countries in drawn)


def test_an_election_note_says_its_day_and_answers_for_names_with_numbers(default_root: Path, default_db: Db) -> None:
    build = default_root / "build"
    asked = DraftRequest("EM", CUTOFF, election="DEU-LC-2021-09-26")
    text = draft(default_db, asked, build / "comparada.db", build / "index").text
    assert "26 de septiembre de 2021" in text.split("---")[1]
    assert [n.number for n in numbers_in(text.split("---", 2)[2])] == []


def test_a_note_without_countries_is_wrong_use(default_root: Path) -> None:
    for kind in ("CC", "NI"):
        told = comparada("draft", kind, "--variables", "female-suffrage", root=default_root)
        assert told.returncode == 2 and "faltan los países: --countries" in told.stderr
