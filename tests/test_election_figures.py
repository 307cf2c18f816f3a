"""Figures of one election: indices that Comparada computes and results, cited by directives, kept and watched."""

from __future__ import annotations

import datetime
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import comparada

from research.directives.asking import Asking
from research.directives.content import ChartContent, Content, FigureContent, TableContent
from research.directives.resolve import resolve
from research.directives.syntax import find_directives
from research.faults import TextError
from research.names import Names
from research.publishing.drawing import chart_svg
from research.publishing.filling import fill_products
from research.publishing.publish import publish
from research.publishing.stale import changes

Db = sqlite3.Connection
TODAY = datetime.date(2026, 11, 24)
HEAD = """---
tipo: EM
linea: perspectiva_comparada
procedimiento: S.5.01.1.01
titulo: {es: Una elección, en: An election}
fecha_de_corte: 2026-11-24
estado: publicado
---
"""


@pytest.fixture
def own(default_root: Path, tmp_path: Path) -> Iterator[tuple[Db, Path]]:
    """The default knowledge base to change at will, and a folder for documents."""
    shutil.copy(default_root / "build/comparada.db", tmp_path / "own.db")
    connection = sqlite3.connect(tmp_path / "own.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM product_figures")
    connection.execute("DELETE FROM products")
    yield connection, tmp_path / "products"
    connection.close()


def content(connection: Db, written: str) -> Content:
    contents, faults = resolve(Asking(connection, Names(connection), "es", "2026-11-24"), find_directives(written))
    assert not faults, faults
    ((_, found),) = contents
    return found


def fault(connection: Db, text: str) -> str:
    _, faults = resolve(Asking(connection, Names(connection), "es", "2026-11-24"), find_directives(text))
    (found,) = faults
    return f"{found.line}: {found.es}"


def computed(connection: Db, election: str, index: str, source: str) -> float:
    (value,) = connection.execute(
        "SELECT value FROM election_indices WHERE election_id = ? AND index_id = ? AND source_id = ? AND unit_id = substr(election_id, 1, 3)",
        (election, index, source),
    ).fetchone()
    return float(value)


def test_every_computed_index_of_an_election_can_be_cited(default_db: Db) -> None:
    names = Names(default_db)
    asking = Asking(default_db, names, "es", "2026-11-24")
    told = default_db.execute(
        "SELECT election_id, index_id, source_id, value FROM election_indices WHERE value IS NOT NULL"
        " AND election_id IN ('MEX-LC-2021-06-06', 'MEX-LC-2024-06-02', 'MEX-PR-2012-07-01', 'DEU-LC-2021-09-26', 'BRA-LC-2018-10-07')"
        " AND unit_id = substr(election_id, 1, 3)"
    ).fetchall()
    assert len(told) > 60
    for election, index, source, value in told:
        written = f"[[dato: {election} | {index} | cálculo: sí | fuente: {source}]]"
        contents, faults = resolve(asking, find_directives(written))
        assert not faults, (written, faults)
        ((_, figure),) = contents
        assert isinstance(figure, FigureContent) and figure.cited.value == value, written
        pin = figure.cited.pin
        assert pin is not None and pin.table == "election_indices"
        where = " AND ".join(f"{name} = ?" for name, _ in pin.key)
        assert default_db.execute(f"SELECT value FROM election_indices WHERE {where}", [v for _, v in pin.key]).fetchall() == [(value,)]  # fmt: skip


def test_a_table_of_elections_has_each_on_its_day(default_db: Db) -> None:
    table = content(default_db, "[[tabla: MEX-LC-2021-06-06; MEX-LC-2024-06-02 | least-squares-index; electoral-democracy-index]]")  # fmt: skip
    assert isinstance(table, TableContent)
    told = {(c.variable_id, c.period): c.value for c in table.cited}
    for day in ("2021-06-06", "2024-06-02"):
        value = computed(default_db, f"MEX-LC-{day}", "least-squares-index", "mexico-official-counts")
        assert told["least-squares-index", day] == value
        (of_the_year,) = default_db.execute(
            "SELECT value FROM answers WHERE variable_id = 'electoral-democracy-index' AND jurisdiction_id = 'MEX' AND valid_from = ?",
            (f"{day[:4]}-01-01",),
        ).fetchone()
        assert told["electoral-democracy-index", day[:4]] == of_the_year


def test_a_line_breaks_where_an_election_has_no_value(default_db: Db) -> None:
    asked = "[[gráfica: {} | effective-number-parliamentary-parties | 1985–2024 | cámara: baja]]"
    whole, broken = (content(default_db, asked.format(place)) for place in ("Alemania", "México"))
    assert isinstance(whole, ChartContent) and isinstance(broken, ChartContent)
    after = [round(point.at) for point in broken.lines[0].points if point.follows_gap]
    assert after == [1995, 2015]  # not computable: 1991; 2009 and 2012
    assert any("se corta" in note for note in broken.notes) and not any("se corta" in note for note in whole.notes)
    strokes = [
        max(drawn.count("M") for drawn in re.findall(r'"line mark" d="([^"]*)"', chart_svg(chart, "es")))
        for chart in (whole, broken)
    ]
    assert strokes == [1, 3]


def test_a_chart_of_an_index_has_a_point_an_election(default_db: Db) -> None:
    chart = content(default_db, "[[gráfica: México | effective-number-parliamentary-parties | 1985–2024 | cámara: baja]]")  # fmt: skip
    assert isinstance(chart, ChartContent)
    known = {
        str(row[0]) for row in default_db.execute(
            "SELECT DISTINCT election_date FROM election_indices JOIN elections USING (election_id) WHERE index_id = 'effective-number-parliamentary-parties'"
            " AND unit_id = 'MEX' AND chamber = 'LC' AND election_year >= 1985 AND value IS NOT NULL"
        )
    }  # fmt: skip
    assert {c.period for c in chart.cited} == known and len(chart.cited) == len(chart.lines[0].points) == len(known)
    assert "cálculo de Comparada con" in chart.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[[dato: MEX-LC-2024-06-20 | least-squares-index]]", "2: no se conoce la elección «MEX-LC-2024-06-20»; ¿quiso decir «MEX-LC-2024-06-02»?"),
        ("[[resultados: MEX-LC-2024-06-20]]", "1: no se conoce la elección «MEX-LC-2024-06-20»; ¿quiso decir «MEX-LC-2024-06-02»?"),
        ("[[dato: MEX-LC-2024-06-02 | least-square-index]]", "1: no se conoce la variable «least-square-index»; ¿quiso decir «least-squares-index»?"),
        ("[[dato: MEX-LC-2018-07-01 | least-squares-index]]", "no se puede calcular: los votos que da la fuente son menos de 95 de cada 100"),
        ("[[dato: MEX-LC-2021-06-06 | least-squares-index | fuente: vparty]]", "no lo da la fuente que se pide"),
        ("[[dato: MEX-LC-2024-06-02 | turnout-registered | 2024]]", "sobra «2024»"),
        ("[[tabla: MEX-LC-2024-06-02; Chile | least-squares-index]]", "mezcla países y elecciones"),
        ("[[dato: MEX | effective-number-electoral-parties | 2013]]", "los años con dato son"),
    ],
)  # fmt: skip
def test_what_cannot_be_cited_is_told_with_its_line_and_remedy(default_db: Db, text: str, said: str) -> None:
    assert said in fault(default_db, text)


def test_an_index_of_two_bodies_is_the_authors_to_choose(own: tuple[Db, Path]) -> None:
    connection, _ = own
    connection.execute(
        "INSERT INTO election_indices (election_id, unit_id, index_id, value, unit, contestants_count, formula_version, source_id, licence_id)"
        " SELECT 'MEX-LC-2006-07-02', unit_id, index_id, 2.5, unit, contestants_count, formula_version, source_id, licence_id FROM election_indices"
        " WHERE election_id = 'MEX-PR-2006-07-02' AND index_id = 'effective-number-electoral-parties'"
    )
    for written in ("[[dato: MEX | effective-number-electoral-parties | 2006{}]]", "[[gráfica: MEX | effective-number-electoral-parties | 2006{}]]"):  # fmt: skip
        told = fault(connection, written.format(""))
        assert "hay un dato por cámara; añada «| cámara: …»" in told and told.endswith("(baja, presidencia)")
        content(connection, written.format(" | cámara: presidencia"))
    figure = content(connection, "[[dato: MEX-LC-2006-07-02 | effective-number-electoral-parties]]")
    assert isinstance(figure, FigureContent) and figure.cited.value == 2.5
    figure = content(connection, "[[dato: MEX | effective-number-electoral-parties | 2006 | cámara: presidencia]]")
    assert isinstance(figure, FigureContent) and ": presidencia, 2006-07-02" in figure.note
    table = content(connection, "[[tabla: MEX | effective-number-electoral-parties | 2006]]")
    assert isinstance(table, TableContent)
    assert [c.tier for c in table.cited] == ["LC", "PR"] and len(table.heads) == 3


# --- living


def published(connection: Db, products: Path, text: str) -> None:
    (products / "nota").mkdir(parents=True)
    (products / "nota/texto.md").write_text(HEAD + text, "utf-8")
    publish(connection, products, "nota", products, TODAY)
    assert changes(connection, products) == []


TEXT = """
Fue [[dato: MEX-LC-2024-06-02 | least-squares-index]]; antes, [[dato: MEX-LC-2021-06-06 | least-squares-index]].

[[gráfica: México | effective-number-parliamentary-parties | 1985–2024 | cámara: baja]]

[[tabla: México; Brasil | least-squares-index | 2021 | cámara: baja]]

[[resultados: MEX-LC-2024-06-02]]
"""


def test_a_computed_index_that_changes_is_told_wherever_it_is_cited(own: tuple[Db, Path]) -> None:
    connection, products = own
    published(connection, products, TEXT)
    fill_products(connection, products)
    kept = connection.execute(
        "SELECT line, kind, row_key FROM product_figures WHERE table_name = 'election_indices' AND variable_id = 'least-squares-index'"
    ).fetchall()
    assert [(line, kind) for line, kind, _ in kept if "MEX" in kept[0][2]][:2] == [(10, "figure"), (10, "figure")]
    connection.execute(
        "UPDATE election_indices SET value = value + 1 WHERE election_id = 'MEX-LC-2021-06-06' AND index_id = 'least-squares-index'"
    )
    connection.execute(
        "UPDATE election_indices SET value = value + 1 WHERE election_id = 'MEX-LC-1997-07-06' AND index_id = 'effective-number-parliamentary-parties'"
    )
    found = changes(connection, products)
    assert [(c.figure.line, c.figure.kind, c.what, c.figure.period) for c in found] == [
        (10, "figure", "corrected", "2021-06-06"),
        (12, "chart", "corrected", "1997-07-06"),
        (14, "table", "corrected", "2021-06-06"),
    ]
    assert all(isinstance(c.new, float) and c.new == pytest.approx(float(str(c.old)) + 1) for c in found)


@pytest.mark.parametrize("column", ["votes_count", "vote_share_pct", "seats_count"])
def test_results_are_watched_figure_by_figure(own: tuple[Db, Path], column: str) -> None:
    connection, products = own
    published(connection, products, "[[resultados: DEU-LC-2021-09-26 | máximo: 12]]\n")
    rows = connection.execute(
        f"SELECT result_id, {column} FROM results WHERE election_id = 'DEU-LC-2021-09-26' AND unit_id = 'DEU' AND source_id = 'parlgov' AND {column} > 0"
    ).fetchall()
    for result, value in rows:
        connection.execute(f"UPDATE results SET {column} = ? WHERE result_id = ?", (value + 1, result))
        told = [(c.what, c.old, c.new) for c in changes(connection, products)]
        assert told in ([("corrected", value, value + 1)], []), "one figure, or one that the table leaves out"
        connection.execute(f"UPDATE results SET {column} = ? WHERE result_id = ?", (value, result))
    cited = connection.execute("SELECT 1 FROM results WHERE result_id = ?", (rows[0][0],)).fetchone()
    assert cited and rows


def test_an_index_that_another_source_disputes_later(own: tuple[Db, Path]) -> None:
    connection, products = own
    published(connection, products, "Fue [[dato: MEX-LC-2024-06-02 | least-squares-index]].\n")
    connection.execute(
        "INSERT INTO published_indices (index_id, election_id, value, source_id, licence_id)"
        " VALUES ('least-squares-index', 'MEX-LC-2024-06-02', 20, 'gallagher', 'none-stated')"
    )
    (found,) = changes(connection, products)
    assert (found.what, found.new, found.by) == ("contested", 20, "gallagher")


def test_the_command_tells_it_after_a_build(default_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(default_root, root, ignore=shutil.ignore_patterns("index", "products"))
    (root / "research/products/nota").mkdir(parents=True)
    (root / "research/products/nota/texto.md").write_text(HEAD + TEXT, "utf-8")
    assert comparada("publish", "nota", root=root).returncode == 0
    assert not [line for line in comparada("check", root=root).stdout.splitlines() if "research/products" in line]
    connection = sqlite3.connect(root / "build/comparada.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(
        "UPDATE election_indices SET value = value + 1 WHERE election_id = 'MEX-LC-2024-06-02' AND index_id = 'least-squares-index'"
    )
    connection.commit()
    connection.close()
    told = comparada("check", root=root)
    assert told.returncode == 1
    assert "research/products/nota/texto.md:10: MEX, least-squares-index, 2024-06-02: se corrigió:" in told.stdout


def test_a_text_with_an_unknown_election_is_not_published(default_db: Db, tmp_path: Path) -> None:
    (tmp_path / "nota").mkdir()
    (tmp_path / "nota/texto.md").write_text(
        HEAD + "\n\nFue [[dato: DEU-LC-2021-09-27 | least-squares-index]].\n", "utf-8"
    )
    with pytest.raises(TextError) as told:
        publish(default_db, tmp_path, "nota", tmp_path, TODAY)
    assert "nota/texto.md:11: no se conoce la elección «DEU-LC-2021-09-27»; ¿quiso decir «DEU-LC-2021-09-26»?" in told.value.es  # fmt: skip
