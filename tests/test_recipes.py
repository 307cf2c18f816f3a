"""Every word of a recipe, on one small file each, through the command."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pyreadr
import pytest
from conftest import comparada
from small_source import EU, VOTES, Case


@pytest.fixture
def case(tiny: Path) -> Case:
    return Case(tiny)


def test_rename_and_row_numbers_across_records_of_several_lines(case: Case) -> None:
    case.file("a.csv", 'e,u,n,x\n1,MEX,"two\nlines",10\n2,MEX,y,20\n')
    assert case.ingest([*EU, {"name": "x", "as": "v", "type": "integer"}], VOTES) == [["10", "2"], ["20", "4"]]


def test_byte_order_mark_semicolons_and_decimal_commas(case: Case) -> None:
    case.file("a.csv", "\ufeffe;u;v\n1;MEX;1.234,5\n", delimiter=";", decimalChar=",", groupChar=".")
    assert case.ingest([*EU, {"name": "v", "type": "number"}], {"turnout_pct": "v"}) == [["1234.5", "2"]]


def test_header_below_a_preamble(case: Case) -> None:
    case.file("a.csv", "Title\n\ne,u,v\n1,MEX,7\n", headerRow=3)
    assert case.ingest([*EU, {"name": "v", "type": "integer"}], VOTES) == [["7", "4"]]


def test_label_prefix_recode_and_missing_codes(case: Case) -> None:
    case.file("a.csv", "e,u,v,k\n1,MEX,-999,03.Mixto\n2,MEX,5,01.Otro\n")
    fields = [*EU, {"name": "v", "type": "integer", "missingValues": ["-999"]},
              {"name": "k", "strip": r"^\d+\.", "recode": {"Mixto": "mixed"}}]  # fmt: skip
    assert case.ingest(fields, {**VOTES, "comment": "k"}) == [["", "mixed", "2"], ["5", "Otro", "3"]]


def test_a_value_that_recode_does_not_list(case: Case) -> None:
    case.file("a.csv", "e,u,v,k\n1,MEX,1,A\n2,MEX,2,Z\n")
    fields = [*EU, {"name": "v", "type": "integer"}, {"name": "k", "recode": {"A": "a"}, "recodeOthers": "reject"}]
    assert case.ingest(fields, {**VOTES, "comment": "k"}) == [["1", "a", "2"], ["2", "", "3"]]
    assert case.problems() == ["caso/a.csv:3: k: 'Z' no está en la lista de valores del descriptor [unlisted-value]"]


def test_percentages_as_text_scale_and_offset(case: Case) -> None:
    case.file("a.csv", "e,u,p,s,n\n1,MEX,45.23%,0.5,3\n")
    fields = [*EU, {"name": "p", "type": "number", "percent": True}, {"name": "s", "type": "number", "scale": 100},
              {"name": "n", "type": "integer", "offset": 1809}]  # fmt: skip
    columns = {"turnout_pct": "p", "comment": "s", "votes_cast_count": "n"}
    assert case.ingest(fields, columns) == [["45.23", "50", "1812", "2"]]


def test_several_values_in_one_cell(case: Case) -> None:
    case.file("a.csv", 'e,u,v\n1,MEX,"10\n20"\n')
    assert case.ingest([*EU, {"name": "v", "type": "integer", "split": "\\n"}], VOTES) == [["10", "2"], ["20", "2"]]


def test_fill_down(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,1\n,MEX,2\n")
    fields = [{"name": "e", "fillDown": True}, {"name": "u"}, {"name": "v", "type": "integer"}]
    assert case.ingest(fields, {"election_id": "e", **VOTES}) == [["1", "1", "2"], ["1", "2", "3"]]


def test_wide_to_long_keeps_the_published_column(case: Case) -> None:
    case.file("a.csv", "u,q1,q2,q3\nMEX,10,,30\n")
    fields = [{"name": "u"}, {"name": "e"}, {"name": "v", "type": "integer"}]
    unpivot = {"columns": r"q(?P<e>\d)", "value": "v"}
    assert case.ingest(fields, {"election_id": "e", **VOTES}, unpivot=unpivot) == [["1", "10", "2"], ["3", "30", "2"]]
    with (case.folder / "facts/turnout.csv").open() as stream:
        assert [row["raw_column"] for row in csv.DictReader(stream)] == ["q1", "q3"]


def test_excluded_rows_are_counted_under_their_name(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,1\nTotal,MEX,1\n")
    rule = {"name": "totals", "field": "e", "equals": "Total", "reason": {"es": "totales", "en": "totals"}}
    assert case.ingest([*EU, {"name": "v", "type": "integer"}], VOTES, exclude=[rule]) == [["1", "2"]]
    result = comparada("ingest", "caso", root=case.root)
    assert "1 excluidas" in result.stdout and "excluidas: 1 · totales" in result.stdout


def test_join_on_another_file(case: Case) -> None:
    case.file("a.csv", "e,v\n1,5\n2,6\n")
    case.file("b.csv", "id,country\n1,MEX\n2,NAM\n")
    fields = [{"name": "e"}, {"name": "u"}, {"name": "v", "type": "integer"}]
    join = [{"file": "b.csv", "match": {"e": "id"}, "take": {"u": "country"}}]
    assert case.ingest(fields, {"unit_id": "u", **VOTES}, join=join) == [["MEX", "5", "2"], ["NAM", "6", "3"]]


def test_sums_carry_their_query(case: Case) -> None:
    case.file("a.csv", "s,v\nA,1\nA,2\nB,4\n")
    columns = {"election_id": {"const": "x"}, "unit_id": "s", **VOTES}
    rows = case.ingest(
        [{"name": "s"}, {"name": "v", "type": "integer"}], columns, aggregate={"by": ["s"], "sum": ["v"]}
    )
    assert rows == [["x", "A", "3", ""], ["x", "B", "4", ""]]
    with (case.folder / "facts/turnout.csv").open() as stream:
        assert next(csv.DictReader(stream))["raw_query"] == "select s, sum(v) from a.csv group by s"


@pytest.mark.parametrize(
    ("cell", "field", "day", "precision"),
    [
        ("2018-07-01", {}, "2018-07-01", "day"),
        ("2018-01-01", {"yearOnly": ["01-01"]}, "2018", "year"),
        ("01/07/2018", {"format": "%d/%m/%Y"}, "2018-07-01", "day"),
        ("2018-07", {}, "2018-07", "month"),
        ("2018", {}, "2018", "year"),
    ],
)
def test_date_forms(case: Case, cell: str, field: dict[str, Any], day: str, precision: str) -> None:
    case.file("a.csv", f"e,u,d\n1,MEX,{cell}\n")
    columns = {"counted_at": "d", "comment": {"precisionOf": "d"}}
    assert case.ingest([*EU, {"name": "d", "type": "date", **field}], columns) == [[day, precision, "2"]]


@pytest.mark.parametrize(
    ("scheme", "code", "at", "expected"),
    [("iso2", "NA", None, "NAM"), ("m49", "484", None, "MEX"), ("m49", "0484", None, "MEX"), ("name_fr", "Mexique", None, "MEX"),
     ("name", "COTE D IVOIRE", None, "CIV"), ("votos", "Russia", "1989", "SUN"), ("votos+name", "Russia", "1992", "RUS"),
     ("votos+name", "Russia", "1991", "RUS")],
)  # fmt: skip
def test_country_by_scheme_and_date(case: Case, scheme: str, code: str, at: str | None, expected: str) -> None:
    case.file("a.csv", f"e,c,y,v\n1,{code},{at or 2000},1\n")
    country = {"name": "c", "as": "u", "type": "jurisdiction", "scheme": scheme, **({"at": "y"} if at else {})}
    fields = [{"name": "e"}, {"name": "y", "type": "year"}, country, {"name": "v", "type": "integer"}]
    assert case.ingest(fields, {"unit_id": "u", **VOTES}) == [[expected, "1", "2"]]


def test_corrections_have_a_guard(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,1000\n")
    correction = {"file": "a.csv", "row": 2, "column": "v", "was": "1000", "becomes": "100",
                  "reason": {"es": "un cero de más", "en": "one zero too many"}, "sourceUrl": "https://example.org/"}  # fmt: skip
    case.extra = {"corrections": [correction]}
    fields = [*EU, {"name": "v", "type": "integer"}]
    assert case.ingest(fields, VOTES) == [["100", "2"]]
    (case.folder / "a.csv").write_text("e,u,v\n1,MEX,100\n")
    result = comparada("ingest", "caso", root=case.root)
    assert (
        result.returncode == 1 and "a.csv:2: v: la corrección esperaba «1000» y el archivo dice «100»" in result.stderr
    )


def test_constraints_are_told(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,-5\n1,MEX,7\n,MEX,8\n")
    fields = [{"name": "e", "constraints": {"required": True, "unique": True}}, {"name": "u"},
              {"name": "v", "type": "integer", "constraints": {"minimum": 0}}]  # fmt: skip
    assert len(case.ingest(fields, VOTES)) == 2
    assert [p.rsplit("[", 1)[1] for p in case.problems()] == ["minimum]", "unique]", "required]"]


def test_suspicious_cells_in_columns_that_nobody_declared(case: Case) -> None:
    body = "".join(f"{i},MEX,{i},{i},{i}%\n" for i in range(2, 12))
    case.file("a.csv", f"e,u,v,threshold,turnout\n{body}20,MEX,1,2023-05-02,150%\n21,MEX,1,3,%\n22,MEX,1,#VALUE!,4%\n")
    case.ingest([*EU, {"name": "v", "type": "integer"}], VOTES)
    told = [(p.split(":")[1], p.split(": ")[1], p.rsplit("[", 1)[1]) for p in case.problems()]
    assert told == [("12", "threshold", "date-in-number]"), ("12", "turnout", "percent-above-100]"),
                    ("13", "turnout", "lone-percent]"), ("14", "threshold", "spreadsheet-error]")]  # fmt: skip


def test_a_date_in_a_column_of_numbers(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,2023-05-02\n")
    assert case.ingest([*EU, {"name": "v", "type": "number"}], VOTES) == [["", "2"]]
    assert "[date-in-number]" in case.problems()[0]


def answered(case: Case, fields: list[dict[str, Any]], answers: dict[str, Any], **recipe: Any) -> list[tuple[str, ...]]:
    """What the recipe answers: jurisdiction, value, code, first day, last day."""
    texts = {k: {"es": "x", "en": "x"} for k in ("name", "question", "definition", "codingRule")}
    variable = {"id": "regla", "topic": "turnout", **texts, "kind": "number", "unit": "%", "timeKind": "rule_in_force"}
    case.extra["variables"] = [{**variable, **case.extra.pop("variable", {})}]
    case.describe(fields, {}, facts=[], answers=[{"subject": "u", "period": "y", **answers}], **recipe)
    assert comparada("ingest", "jurisdictions", root=case.root).returncode == 0
    result = comparada("ingest", "caso", root=case.root)
    assert result.returncode == 0, result.stderr
    with (case.folder / "facts/answers.csv").open(encoding="utf-8", newline="") as stream:
        names = ("jurisdiction_id", "value", "code_id", "valid_from", "valid_to")
        return [tuple(row[n] for n in names) for row in csv.DictReader(stream)]


UY: list[dict[str, Any]] = [
    {"name": "u", "type": "jurisdiction", "scheme": "id"},
    {"name": "y", "type": "year"},
    {"name": "v", "type": "number"},
]


def test_a_rule_holds_until_the_eve_of_the_next(case: Case) -> None:
    case.file("a.csv", "u,y,v\nMEX,1996,2\nMEX,2014,3\nNAM,2000,5\nMEX,1990,1\n")
    rows = answered(case, UY, {"untilNext": True, "variables": {"regla": {"value": "v"}}})
    assert rows == [
        ("MEX", "2", "", "1996-01-01", "2013-12-31"),
        ("MEX", "3", "", "2014-01-01", ""),
        ("NAM", "5", "", "2000-01-01", ""),
        ("MEX", "1", "", "1990-01-01", "1995-12-31"),
    ]


def test_answers_of_some_rows_only(case: Case) -> None:
    case.file("a.csv", "u,y,v\nMEX,1996,2\nMEX,2014,3\n")
    rows = answered(case, UY, {"when": [{"field": "v", "equals": 3}], "variables": {"regla": {"value": "v"}}})
    assert rows == [("MEX", "3", "", "2014-01-01", "2014-12-31")]


def test_a_date_from_two_columns_in_one_of_two_forms(case: Case) -> None:
    case.file("a.csv", "e,u,Year,Month\n1,MEX,1965,july\n2,MEX,1966,\n3,MEX,1967,x\n")
    fields = [*EU, {"name": "day", "type": "date", "format": ["%Y %B", "%Y"]}]
    rows = case.ingest(fields, {"comment": "day"}, combine={"day": "{Year} {Month}"})
    assert rows == [["1965-07", "2"], ["1966", "3"], ["", "4"]]
    assert "'1967 x' no es una fecha" in case.problems()[0]


def test_a_cell_written_anew(case: Case) -> None:
    case.file("a.csv", "e,u,d\n1,MEX,01 de julio de 2018 21:04\n2,MEX,mañana\n")
    rewrite = {"pattern": r"(\d+) de julio de (\d+) (.+)", "becomes": r"\2-07-\1T\3"}
    rows = case.ingest([*EU, {"name": "d", "rewrite": rewrite}], {"counted_at": "d"})
    assert rows == [["2018-07-01T21:04", "2"], ["mañana", "3"]]


def test_shares_and_percentages_in_one_column(case: Case) -> None:
    case.file("a.csv", "e,u,p\n1,MEX,0.262\n2,MEX,26.2%\n3,MEX,1.5\n")
    fields = [*EU, {"name": "p", "type": "number", "percent": True, "shares": True}]
    assert case.ingest(fields, {"turnout_pct": "p"}) == [["26.2", "2"], ["26.2", "3"], ["150", "4"]]
    assert "[percent-above-100]" in case.problems()[0]


def test_two_versions_of_one_table_are_compared(case: Case) -> None:
    case.file("labels.csv", "e,u,system,v\n1,MEX,03.Mixto,10\n2,NAM,02.Proporcional,20\n")
    case.file("codes.csv", "e,u,sistema,v\n1,MEX,3,10.0\n2,nam,1,25\n")
    fields = [*EU, {"name": "v", "type": "integer"}, {"name": "system", "strip": r"^\d+\."}]
    rows = case.ingest(
        fields, {**VOTES, "comment": "system"}, compare=[{"file": "codes.csv", "columns": {"system": "sistema"}}]
    )
    assert rows == [["10", "Mixto", "2"], ["20", "Proporcional", "3"]]
    assert case.problems() == [
        "caso/labels.csv:3: system: '02.Proporcional' la otra versión de la tabla dice «1» (codes.csv); se carga la primera [versions-differ]",
        "caso/labels.csv:3: v: '20' la otra versión de la tabla dice «25» (codes.csv); se carga la primera [versions-differ]",
    ]
    told = comparada("ingest", "caso", root=case.root).stdout
    assert "caso/codes.csv [uno: compare]: 2 filas leídas = 0 cargadas + 0 rechazadas + 2 excluidas" in told
    (case.folder / "codes.csv").write_text("e,u,sistema,v\n1,MEX,3,10\n", "utf-8")
    assert comparada("ingest", "caso", root=case.root).returncode == 0
    assert any("[table-length]" in line for line in case.problems())
    (case.folder / "codes.csv").write_text("e,u,v\n1,MEX,10\n", "utf-8")
    lacking = comparada("ingest", "caso", root=case.root)
    assert lacking.returncode == 1 and "system → sistema" in lacking.stderr


def test_what_a_question_is_called_elsewhere(case: Case, tiny: Path) -> None:
    case.file("a.csv", "u,y,v\nMEX,1996,2\n")
    case.extra["variable"] = {"crosswalk": [{"scheme": "vdem", "code": "v2elthresh", "relation": "close"}]}
    answered(case, UY, {"variables": {"regla": {"value": "v"}}})
    assert comparada("ingest", root=tiny).returncode == 0
    built = comparada("build", root=tiny)
    assert built.returncode == 0, built.stderr
    with closing(sqlite3.connect(tiny / "build/comparada.db")) as connection:
        rows = connection.execute("SELECT variable_id, scheme, code, relation FROM variable_crosswalks")
        assert rows.fetchall() == [("regla", "vdem", "v2elthresh", "close")]


# --- formats ---------------------------------------------------------------------------------------


def test_xlsx_sheet_with_title_rows(case: Case) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Data")
    for row in (["Title"], [], ["e", "u", "v"], [1, "MEX", 10.0], [2, "MEX", 2.5]):
        sheet.append(row)
    book.save(case.folder / "a.xlsx")
    case.declare("a.xlsx", format="xlsx", headerRow=3)
    rows = case.ingest([*EU, {"name": "v", "type": "number"}], {"turnout_pct": "v"}, table="Data")
    assert rows == [["10", "4"], ["2.5", "5"]]


def test_json_at_a_path(case: Case) -> None:
    case.file("a.json", json.dumps({"data": {"items": [{"e": 1, "u": "MEX", "n": {"v": 3}}]}}), format="json")
    assert case.ingest([*EU, {"name": "n.v", "as": "v", "type": "integer"}], VOTES, table="data.items") == [["3", "1"]]


def test_r_workspace_publishes_the_named_table_only(case: Case) -> None:
    import pandas as pd

    frame = pd.DataFrame({"e": [1.0, 2.0], "u": ["MEX", None], "v": [10.0, 20.0]})
    pyreadr.write_rdata(str(case.folder / "a.rda"), frame, df_name="tabla")
    case.declare("a.rda", format="r")
    fields = [{"name": "e"}, {"name": "u", "constraints": {"required": True}}, {"name": "v", "type": "integer"}]
    assert case.ingest(fields, VOTES, table="tabla") == [["10", "1"]]
    assert case.problems() == ["caso/a.rda:2: u: '' la celda está vacía y es obligatoria [required]"]
    case.files = []
    (case.folder / "source.yml").write_text(
        (case.folder / "source.yml").read_text("utf-8").replace("tabla", "secreto"), "utf-8"
    )
    result = comparada("ingest", "caso", root=case.root)
    assert result.returncode == 1 and "contiene: tabla" in result.stderr
