"""Every word of a recipe, on one small file each, through the command."""

from __future__ import annotations

import csv
import json
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
