"""Comparisons through the Python function and the command, on a small root and on the default knowledge base."""

from __future__ import annotations

import csv
import io
import random
import re
import sqlite3
import statistics
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from conftest import Run, comparada
from rich.cells import cell_len

from research.comparison import Cell, Comparison, ComparisonTable, compare
from research.comparison.records import FIELDS
from research.faults import WrongName

Db = sqlite3.Connection
MIRRORED = "turnout-parliamentary"  # its source is not in git


@pytest.fixture
def small(built: Path) -> Iterator[Db]:
    connection = sqlite3.connect(built)
    # the small source tells its rule a year at a time; here it says from when, as sources of rules do
    connection.execute("UPDATE answers SET valid_to = NULL WHERE variable_id = 'compulsory-example'")
    yield connection
    connection.close()


def only(table: ComparisonTable, country: str, day: str | None = None) -> Cell:
    """The cell of a country in a table of one variable."""
    (row,) = [r for r in table.rows if r.jurisdiction_id == country and day in (None, r.day)]
    (column,) = table.columns
    return table.cell(row, column)


def asked(connection: Db, variable: str, countries: str, day: str, **more: object) -> ComparisonTable:
    return compare(connection, Comparison((variable,), tuple(countries.split(",")), day=day, **more))  # type: ignore[arg-type]


# --- what may be taken for a day


def test_a_rule_holds_until_it_changes(small: Db) -> None:
    before, after = (only(asked(small, "Voto obligatorio", "México", day), "MEX") for day in ("2020-12-31", "2023-05-05"))  # fmt: skip
    assert before.evidence is not None and before.evidence.option is not None and before.evidence.option.es == "Sí"
    assert after.evidence is not None and after.evidence.option is not None and after.evidence.option.es == "No"
    assert after.evidence.age_days == 31 + 28 + 31 + 30 + 4 + 730  # from 1 January 2021
    assert [n.kind for n in after.notes] == []


def test_an_election_of_an_unknown_day_of_the_year_is_marked(small: Db) -> None:
    table = asked(small, "turnout-example", "MEX", "2021-06-01")
    cell = only(table, "MEX")
    assert cell.evidence is not None and cell.evidence.value == 63.4 and cell.evidence.holds is None
    assert [n.kind for n in cell.notes] == ["uncertain"]
    assert table.aggregates[0].uncertain_count == 1


def test_every_gap_has_its_reason(small: Db) -> None:
    table = asked(small, "Voto obligatorio", "CIV,SUN,NAM,ARE,RUS", "2021-01-01")
    reasons = {r.jurisdiction_id: c.gap.reason for r in table.rows if (c := only(table, r.jurisdiction_id)).gap}
    assert reasons == {
        "CIV": "no_information", "SUN": "did_not_exist", "ARE": "not_covered", "RUS": "not_covered",
    }  # fmt: skip
    gone = only(table, "SUN").gap
    assert gone is not None and gone.why.es == "no existía en esa fecha (1922-12-30 – 1991-12-25)"
    assert gone.earlier is not None and gone.earlier.option is not None and gone.earlier.option.es == "Sí"
    assert only(asked(small, "turnout-example", "NAM", "1985-01-01"), "NAM").gap.reason == "did_not_exist"  # type: ignore[union-attr]
    early = only(asked(small, "turnout-example", "MEX", "1950-01-01"), "MEX").gap
    assert early is not None and early.reason == "before_the_sources" and "1989" in early.why.en


def test_a_year_is_not_carried_forward_unless_the_latest_is_asked_for(default_db: Db) -> None:
    strict = only(asked(default_db, "participation-vanhanen", "MEX", "2024-12-31"), "MEX")
    assert strict.evidence is None and strict.gap is not None and strict.gap.earlier is not None
    assert strict.gap.reason == "no_observation_of_that_year" and strict.gap.earlier.period == "2018"
    assert strict.gap.why.es == "las fuentes de la variable terminan en 2018"
    table = asked(default_db, "participation-vanhanen", "MEX", "2024-12-31", latest=True)
    latest = only(table, "MEX")
    assert latest.evidence is not None and latest.evidence.value == strict.gap.earlier.value
    assert latest.evidence.age_days == 6 * 365 + 2 and latest.evidence.holds is False
    assert (table.aggregates[0].known_count, table.aggregates[0].uncertain_count) == (1, 1)


def test_an_index_that_cannot_be_computed_says_why_and_shows_the_last_that_could(default_db: Db) -> None:
    cell = only(asked(default_db, "least-squares-index", "MEX", "2018-06-30", chamber="LC"), "MEX")
    assert cell.gap is not None and cell.gap.reason == "not_computable"
    assert cell.gap.stated_by is not None and cell.gap.stated_by.election_id == "MEX-LC-2015-06-07"
    assert cell.gap.earlier is not None and cell.gap.earlier.period < "2015"


def test_a_source_that_is_absent_is_named_with_the_command_that_brings_it(default_db: Db) -> None:
    gap = only(asked(default_db, MIRRORED, "MEX", "2018-06-01"), "MEX").gap
    assert gap is not None and gap.reason == "source_absent"
    assert "IDEA" in gap.why.es and "comparada fetch idea" in gap.told("en")


def test_the_former_state_does_not_answer_for_today(default_db: Db) -> None:
    table = asked(default_db, "electoral-democracy-index", "SUN,RUS", "2018-06-01", home="RUS", latest=True)
    gone = only(table, "SUN")
    assert gone.evidence is None and gone.gap is not None and gone.gap.reason == "did_not_exist"
    assert gone.difference is not None and gone.difference.relation == "not_comparable"


def test_an_election_older_than_any_term_does_not_answer(default_db: Db) -> None:
    strict = only(asked(default_db, "least-squares-index", "CUB", "2025-01-01"), "CUB")
    assert strict.gap is not None and strict.gap.reason == "long_ago"
    assert strict.gap.earlier is not None and strict.gap.earlier.period[:4] == "2013"
    latest = only(asked(default_db, "least-squares-index", "CUB", "2025-01-01", latest=True), "CUB")
    assert latest.gap == strict.gap  # whoever was elected then sits no more, whatever is asked for


# --- sources that disagree


def test_two_sources_of_one_election_stand_as_a_note_with_the_reason_of_the_preference(default_db: Db) -> None:
    cell = only(asked(default_db, "least-squares-index", "AUS", "1947-01-01"), "AUS")
    (conflict,) = default_db.execute(
        "SELECT preferred_source_id, value_a_en, value_b_en, reason_en FROM conflicts"
        " WHERE quantity = 'least-squares-index' AND election_id = 'AUS-LC-1946-09-28'"
    ).fetchall()
    assert cell.evidence is not None and cell.evidence.source_id == conflict[0] == "gallagher"
    assert f"{cell.evidence.value:.2f}" == conflict[2]
    (said,) = [n.said.en for n in cell.notes if "ParlGov" in n.said.en and "computation" not in n.said.en]
    assert conflict[1] in said and conflict[3] in said


def test_rounding_is_no_disagreement(default_db: Db) -> None:
    said = default_db.execute(
        "SELECT source_id, value FROM published_indices WHERE election_id = 'DEU-LC-2009-09-27' AND index_id = 'least-squares-index'"
    ).fetchall()
    assert {source: round(value, 1) for source, value in said} == {"parlgov": 3.3, "gallagher": 3.4}
    cell = only(asked(default_db, "least-squares-index", "DEU", "2010-01-01"), "DEU")
    assert [n for n in cell.notes if "Gallagher" in n.said.es or "ParlGov" in n.said.es] == []


# --- against a home country, and over all


def test_differences_and_aggregates_are_those_of_the_rows(default_db: Db) -> None:
    table = asked(default_db, "electoral-democracy-index", "América del Sur", "2018-06-01", home="MEX")
    values = dict(
        default_db.execute(
            "SELECT jurisdiction_id, value FROM answers WHERE variable_id = 'electoral-democracy-index' AND valid_from = '2018-01-01'"
        )
    )
    for row in table.rows:
        cell = only(table, row.jurisdiction_id)
        assert cell.evidence is not None and cell.evidence.value == values[row.jurisdiction_id]
        if row.jurisdiction_id != "MEX":
            assert cell.difference is not None and cell.difference.amount is not None
            assert cell.difference.amount == pytest.approx(values[row.jurisdiction_id] - values["MEX"])
            assert cell.difference.relation == ("higher" if cell.difference.amount > 0 else "lower")
    told = [values[r.jurisdiction_id] for r in table.rows]
    (whole,) = table.aggregates
    assert (whole.asked_count, whole.known_count, whole.unknown_pct) == (len(told), len(told), 0)
    assert whole.mean == pytest.approx(statistics.fmean(told)) and whole.median == pytest.approx(
        statistics.median(told)
    )


def test_intervals_that_meet_are_said(default_db: Db) -> None:
    table = asked(default_db, "electoral-democracy-index", "MEX,COL,CUB", "2018-06-01", home="MEX")
    meets = {c: only(table, c).difference.intervals_overlap for c in ("COL", "CUB")}  # type: ignore[union-attr]
    assert meets == {"COL": True, "CUB": False}


def test_options_are_counted_with_their_denominator(small: Db) -> None:
    table = asked(small, "compulsory-example", "MEX,NAM,CIV,ARE", "2022-01-01", home="MEX")
    (whole,) = table.aggregates
    assert [(o.en, n) for o, n in whole.counts] == [("No", 1), ("Yes", 1)]
    assert (whole.known_count, whole.asked_count, whole.unknown_pct) == (2, 4, 50.0)
    assert only(table, "NAM").difference.relation == "different"  # type: ignore[union-attr]


def test_similar_countries_follow_the_stated_rule(default_db: Db) -> None:
    ids = ("electoral-democracy-index", "participation-vanhanen", "female-suffrage")
    table = compare(default_db, Comparison(ids, similar_to="MEX", day="2018-06-01", home="MEX"))
    assert table.similarity is not None and len(table.similarity.found) == 10
    assert [r.jurisdiction_id for r in table.rows] == ["MEX", *(a.jurisdiction_id for a in table.similarity.found)]
    assert "un décimo de la escala" in table.similarity.rule.es and "3 variables" in table.similarity.rule.en
    shares = [a.share_pct for a in table.similarity.found]
    assert shares == sorted(shares, reverse=True)
    for alike in table.similarity.found:
        cells = [
            (table.cells["MEX", "2018-06-01", v, None].evidence, table.cells[alike.jurisdiction_id, "2018-06-01", v, None].evidence)
            for v in ids
        ]  # fmt: skip
        shared = [(a, b) for a, b in cells if a and b]
        width = {"electoral-democracy-index": 1.0, "participation-vanhanen": 100.0}
        near = sum(
            a.stated == b.stated if a.value is None or b.value is None else abs(a.value - b.value) <= 0.1 * width[a.variable_id]
            for a, b in shared
        )  # fmt: skip
        assert (alike.alike_count, alike.shared_count) == (near, len(shared))


# --- periods, groups, names


def test_a_period_has_a_row_a_year_or_its_ends(default_db: Db) -> None:
    every = compare(default_db, Comparison(("electoral-democracy-index",), ("MEX", "BRA"), years=(2015, 2018)))
    ends = compare(default_db, Comparison(("electoral-democracy-index",), ("MEX", "BRA"), years=(2015, 2018), rows="ends"))  # fmt: skip
    assert [(r.jurisdiction_id, r.day[:4]) for r in every.rows][:5] == [
        ("MEX", "2015"), ("MEX", "2016"), ("MEX", "2017"), ("MEX", "2018"), ("BRA", "2015"),
    ]  # fmt: skip
    assert [(r.jurisdiction_id, r.day) for r in ends.rows] == [
        (c, d) for c in ("MEX", "BRA") for d in ("2015-12-31", "2018-12-31")
    ]
    for row in ends.rows:
        assert ends.cell(row, ends.columns[0]) == every.cell(row, every.columns[0])


def test_a_country_whose_data_begin_within_the_period(default_db: Db) -> None:
    (first,) = default_db.execute(
        "SELECT min(valid_from) FROM answers WHERE jurisdiction_id = 'SSD' AND variable_id = 'electoral-democracy-index'"
    ).fetchone()
    year = int(first[:4])
    table = compare(default_db, Comparison(("electoral-democracy-index",), ("SSD",), years=(year - 2, year + 1)))
    assert [table.cell(r, table.columns[0]).evidence is not None for r in table.rows] == [False, False, True, True]


def test_a_group_has_the_members_of_the_day(default_db: Db) -> None:
    def members(day: str) -> set[str]:
        table = compare(default_db, Comparison(("female-suffrage",), groups=("Unión Europea",), day=day))
        return {r.jurisdiction_id for r in table.rows}

    assert members("2018-06-01") - members("2022-06-01") == {"GBR"}


@pytest.mark.parametrize(
    ("asked_for", "message"),
    [
        (Comparison(("participasión",), ("MEX",), day="2018-06-01"), "¿quiso decir «Participación"),
        (Comparison(("female-suffrage",), ("Mexco",), day="2018-06-01"), "¿quiso decir «México»?"),
        (Comparison(("female-suffrage",), groups=("México",), day="2018-06-01"), "es un país (MEX), no un grupo"),
        (Comparison(("female-suffrage",), ("MEX",), day="ayer"), "«ayer» no es una fecha; escriba 2018-06-01"),
        (Comparison(("female-suffrage",), ("MEX",), years=(2024, 2000)), "escriba 2000..2024"),
        (Comparison(("female-suffrage",), ("MEX",)), "una fecha o un periodo"),
        (Comparison(("female-suffrage",), day="2018-06-01"), "falta al menos un país o un grupo"),
        (Comparison((), ("MEX",), day="2018-06-01"), "falta al menos una variable"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_with_its_remedy(default_db: Db, asked_for: Comparison, message: str) -> None:
    with pytest.raises(WrongName) as told:
        compare(default_db, asked_for)
    assert message in told.value.es


def test_no_cell_is_blank_whatever_is_asked(default_db: Db) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    places = [str(r[0]) for r in default_db.execute("SELECT jurisdiction_id FROM jurisdictions ORDER BY 1")]
    variables = [str(r[0]) for r in default_db.execute("SELECT variable_id FROM variables ORDER BY 1")]
    for _ in range(6):
        day = f"{chance.randrange(1800, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        some = Comparison(
            tuple(chance.sample(variables, 12)), tuple(chance.sample(places, 30)), day=day, latest=chance.random() < 0.5,
            home=chance.choice(places),
        )  # fmt: skip
        table = compare(default_db, some)
        frame = table.frame("en")
        assert len(frame) == len(table.rows) * len(table.columns) == len(table.cells)
        assert (frame["shown"].isna() != frame["gap_reason"].isna()).all()
        assert frame.loc[frame["shown"].notna(), ["source_id", "licence_id", "from_table", "row_id"]].notna().all(axis=None)  # fmt: skip
        assert all(a.known_count + sum(c.gap is not None for (_, d, v, t), c in table.cells.items()
                                       if (d, v, t) == (a.day, a.column.variable.variable_id, a.column.tier)) == a.asked_count
                   for a in table.aggregates)  # fmt: skip


# --- the command


def test_the_frame_and_csv_carry_the_row_of_the_published_file(default_root: Path, default_db: Db) -> None:
    told = comparada("compare", "--countries", "MEX", "--variables", "electoral-democracy-index", "--date", "2018-06-01",
                     "--format", "csv", root=default_root)  # fmt: skip
    assert told.returncode == 0
    (record,) = csv.DictReader(io.StringIO(told.stdout))
    assert list(record) == list(FIELDS)
    row = default_db.execute("SELECT value, raw_file_id, raw_row, raw_column, low FROM answers WHERE answer_id = ?", (record["row_id"],)).fetchone()  # fmt: skip
    assert [record["value"], record["raw_file_id"], record["raw_row"], record["raw_column"], record["low"]] == [str(c) for c in row]  # fmt: skip


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_terminal_table_keeps_to_its_width_and_loses_no_cell(default_root: Path, width: int, lang: str) -> None:
    ids = ["electoral-democracy-index", "liberal-democracy-index", "female-suffrage", "least-squares-index",
           "participation-vanhanen", "competition-vanhanen", "lexical-index-of-electoral-democracy"]  # fmt: skip
    told = comparada(
        "compare", "--group", "Americas", "--variables", ",".join(ids), "--date", "2018-06-01", "--home", "MEX",
        "--lang", lang, "--width", str(width), root=default_root,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert max(cell_len(line) for line in told.stdout.splitlines()) <= width
    home = "México" if lang == "es" else "Mexico"
    assert len(re.findall(rf"^{home} +0\.675 ", told.stdout, re.MULTILINE)) == 1
    assert ("s. d." if lang == "es" else "n.d.") in told.stdout


def test_three_hundred_countries(default_root: Path, default_db: Db, tmp_path: Path) -> None:
    codes = [str(r[0]) for r in default_db.execute("SELECT jurisdiction_id FROM jurisdictions ORDER BY 1 LIMIT 300")]
    for form in ("csv", "docx", "table"):
        target = tmp_path / f"todos.{form}"
        told = comparada("compare", "--countries", ",".join(codes), "--variables", "female-suffrage;electoral-democracy-index",
                         "--date", "2018-06-01", "--format", form, "--to", str(target), root=default_root)  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert told.stdout.strip() == str(target)
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "todos.csv").read_text("utf-8"))))) == 600
    assert len(docx.Document(str(tmp_path / "todos.docx")).tables[0].rows) == 1 + 300 + 2


def test_workbook_word_and_markdown_say_the_same(default_root: Path, tmp_path: Path) -> None:
    for name in ("c.xlsx", "c.docx", "c.md"):
        told = comparada("compare", "--countries", "México; Brasil; Cuba", "--variables", "female-suffrage;electoral-democracy-index;least-squares-index",
                         "--date", "2018-06-01", "--home", "MEX", "--to", str(tmp_path / name), root=default_root)  # fmt: skip
        assert told.returncode == 0, told.stderr
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert book.sheetnames == ["Cuadro", "Celdas", "Notas y fuentes"]
    sheet = [[c.value for c in row] for row in book["Cuadro"].iter_rows(min_row=2)]
    cells = [[c.text for c in row.cells] for row in docx.Document(str(tmp_path / "c.docx")).tables[0].rows]
    assert [row[:3] for row in sheet] == [row[:3] for row in cells]
    assert len(list(book["Celdas"].rows)) == 1 + 3 * 3
    written = (tmp_path / "c.md").read_text("utf-8")
    for row in sheet[1:4]:
        assert f"| {row[1]} | {row[2]} |" in written
    assert all(c.data_type != "f" for s in book for row in s.iter_rows() for c in row)


def test_text_that_looks_like_a_formula_stays_text(tiny: Path, run: Run, tmp_path: Path) -> None:
    source = tiny / "datasets/votos/source.yml"
    source.write_text(source.read_text("utf-8").replace('name: {es: "Sí", en: "Yes"}', 'name: {es: "=1+1", en: "+2"}'), "utf-8")  # fmt: skip
    assert run("ingest").returncode == 0 and run("build").returncode == 0
    for name in ("c.xlsx", "c.csv"):
        told = run("compare", "--countries", "NAM", "--variables", "compulsory-example", "--date", "1994-06-01", "--to", str(tmp_path / name))  # fmt: skip
        assert told.returncode == 0, told.stderr
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    kinds = {c.data_type for s in book for row in s.iter_rows() for c in row if c.value == "=1+1"}
    assert kinds == {"s"}
    (record,) = csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text("utf-8")))
    assert record["shown"] == "'=1+1"


def test_wrong_use_is_told(default_root: Path, tmp_path: Path) -> None:
    def said(*words: str) -> tuple[int, str]:
        told = comparada("compare", *words, root=default_root)
        return told.returncode, told.stderr

    code, message = said("--countries", "Brazill", "--variables", "female-suffrage", "--date", "2018-06-01")
    assert code == 1 and "¿quiso decir «Brazil»?" in message and "did you mean 'Brazil'?" in message
    code, message = said("--countries", "MEX", "--variables", "female-suffrage", "--years", "2000-24")
    assert code == 2 and "2000..2024" in message
    code, message = said("--countries", "MEX", "--variables", "female-suffrage", "--date", "2018-06-01", "--to", str(tmp_path / "no/hay.csv"))  # fmt: skip
    assert code == 1 and "no se puede escribir" in message
    (empty := tmp_path / "vacía").mkdir()
    told = comparada("compare", "--countries", "MEX", "--variables", "x", root=empty)
    assert told.returncode == 1 and "comparada build" in told.stderr


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--countries", "MEX", "--to", "cuadro.pdf"), 2, "se escribe en .md, .csv, .xlsx, .docx"),
        (("--countries", "MEX", "--ends"), 2, "falta --years 2000..2024"),
        ((), 2, "faltan los países: --countries"),
        (("--countries", "MEX", "--years", "2020..2010"), 1, "primero el año más antiguo"),
        (("--countries", "MEX", "--date", "31/10/2021"), 1, "(año-mes-día)"),
        (("--countries", "MEX", "--to", "no-hay/cuadro.csv"), 1, "no existe la carpeta no-hay"),
    ],
)
def test_each_mistake_is_told_with_its_remedy(
    default_root: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    told = comparada("compare", "--variables", "female-suffrage", *words, root=default_root)
    assert told.returncode == code and message in told.stderr and told.stdout == ""


def test_one_cell_is_told_in_the_singular(default_root: Path) -> None:
    told = comparada("compare", "--countries", "MEX", "--variables", "female-suffrage", root=default_root)
    assert "1 fila × 1 columna; todas las celdas tienen dato · 1 row × 1 column; every cell has a value" in told.stderr
