"""Every format that publishers use, written by the test, read through the command to facts with their rows."""

from __future__ import annotations

import datetime
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from conftest import comparada
from small_source import EU, VOTES, Case

INTEGER = [*EU, {"name": "v", "type": "integer"}]
NUMBER = [*EU, {"name": "v", "type": "number"}]
SHARE = {"turnout_pct": "v"}


@pytest.fixture
def case(tiny: Path) -> Case:
    return Case(tiny)


# --- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16", "utf-8"), ("utf-16-le", "utf-16-le"),
     ("latin-1", "latin-1"), ("cp1252", "windows-1252")],
)  # fmt: skip
def test_encodings(case: Case, codec: str, said: str) -> None:
    (case.folder / "a.csv").write_bytes("e;u;v;n\n1;MEX;7;ñandú «é»\n".encode(codec))
    case.declare("a.csv", encoding=said, delimiter=";")
    fields = [*INTEGER, {"name": "n"}]
    assert case.ingest(fields, {**VOTES, "comment": "n"}) == [["7", "ñandú «é»", "2"]]


@pytest.mark.parametrize(("mark", "said"), [("\t", "tab"), ("|", "|"), (";", ";"), ("^", "^")])
def test_delimiters(case: Case, mark: str, said: str) -> None:
    case.file("a.tsv", f"e{mark}u{mark}v\n1{mark}MEX{mark}7\n", delimiter=said)
    assert case.ingest(INTEGER, VOTES) == [["7", "2"]]


def test_lines_end_in_three_ways_in_one_file(case: Case) -> None:
    (case.folder / "a.csv").write_bytes(b'e,u,v\r\n1,MEX,"1\n0"\n2,MEX,20\r3,MEX,30\r\n4,MEX,40')
    case.declare("a.csv")
    fields = [*EU, {"name": "v", "type": "integer", "strip": "\n"}]
    assert case.ingest(fields, VOTES) == [["10", "2"], ["20", "4"], ["30", "5"], ["40", "6"]]


def test_title_lines_may_hold_anything(case: Case) -> None:
    case.file("a.csv", 'The "best" table, 1" wide\n"\n\ne,u,v\n1,MEX,7\n', headerRow=4)
    assert case.ingest(INTEGER, VOTES) == [["7", "5"]]


def test_several_header_rows(case: Case) -> None:
    case.file(
        "a.csv", "Results 2018\n,,Votes,,Seats\nElection,Place,PAN,PRI,PAN\n1,MEX,7,8,9\n", headerRow=2, headerRows=2
    )
    fields = [{"name": "Election", "as": "e"}, {"name": "Place", "as": "u"}, {"name": "Votes / PRI", "as": "v", "type": "integer"},
              {"name": "Seats / PAN", "as": "s", "type": "integer"}]  # fmt: skip
    assert case.ingest(fields, {**VOTES, "valid_count": "s"}) == [["8", "9", "4"]]


def test_padded_and_repeated_names(case: Case) -> None:
    case.file("a.csv", " e ,u\u00a0,v,v\n1,MEX,7,8\n", repeatedNames="number")
    fields = [*EU, {"name": "v (2)", "as": "v", "type": "integer"}]
    assert case.ingest(fields, VOTES) == [["8", "2"]]


def test_no_header_at_all(case: Case) -> None:
    case.file("a.csv", "1,MEX,7\n2,NAM,8\n", headerRow=0)
    fields = [{"name": "(1)", "as": "e"}, {"name": "(2)", "as": "u"}, {"name": "(3)", "as": "v", "type": "integer"}]
    assert case.ingest(fields, VOTES) == [["7", "1"], ["8", "2"]]


def test_cells_without_quotes(case: Case) -> None:
    case.file("a.csv", 'e,u,v,n\n1,MEX,7,3" disc\n', quoteChar="")
    assert case.ingest([*INTEGER, {"name": "n"}], {**VOTES, "comment": "n"}) == [["7", '3" disc', "2"]]


def test_numbers_that_would_be_misread_are_told(case: Case) -> None:
    case.file("a.csv", "e;u;v\n1;MEX;1.234,5\n2;MEX;12.5\n3;MEX;7,25\n", delimiter=";", decimalChar=",", groupChar=".")
    assert case.ingest(NUMBER, SHARE) == [["1234.5", "2"], ["", "3"], ["7.25", "4"]]
    assert [p.rsplit("[", 1)[1] for p in case.problems()] == ["odd-number-marks]"]


def test_a_decimal_point_in_a_file_of_decimal_commas(case: Case) -> None:
    case.file("a.csv", "e;u;v\n1;MEX;1.5\n2;MEX;1,5\n", delimiter=";", decimalChar=",")
    assert case.ingest(NUMBER, SHARE) == [["", "2"], ["1.5", "3"]]
    assert "caso/a.csv:2: v: '1.5'" in case.problems()[0]


def test_fixed_width(case: Case) -> None:
    case.file(
        "a.txt", 'codebook of 1998\n\n 1MEX  7"Sí, México\n 2NAM 15\n 3NAM 1\n', format="fixed", headerRow=1,
        columns=[{"name": "e", "start": 1, "end": 2}, {"name": "u", "start": 3, "end": 5}, {"name": "v", "start": 6, "end": 8},
                 {"name": "n", "start": 9, "end": 40}],
    )  # fmt: skip
    rows = case.ingest([*INTEGER, {"name": "n"}], {**VOTES, "comment": "n"})
    assert rows == [["7", '"Sí, México', "3"], ["15", "", "4"], ["1", "", "5"]]
    assert [p.split(" ")[0] for p in case.problems() if "v: " in p] == ["caso/a.txt:5:"]


# --- workbooks -------------------------------------------------------------------------------------

CELLS: list[list[Any]] = [
    ["Title"],
    [],
    ["e", "u", "v", "day"],
    [1, "MEX", 2.5, datetime.date(2023, 5, 2)],
    [2, "NAM", 10, None],
]


def as_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Data")
    for row in CELLS:
        sheet.append(row)
    book.save(path)


def as_xls(path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("Notes")
    sheet = book.add_sheet("Data")
    for y, row in enumerate(CELLS):
        for x, value in enumerate(row):
            style = (
                xlwt.easyxf(num_format_str="YYYY-MM-DD")
                if isinstance(value, datetime.date)
                else xlwt.Style.default_style
            )
            if value is not None:
                sheet.write(y, x, value, style)
    book.save(str(path))


def as_ods(path: Path) -> None:
    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row or [None]))}</table:table-row>" for row in CELLS)
    spaces = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Notes"/>'
            f'<table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        )


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", as_xlsx), ("a.xls", as_xls), ("a.ods", as_ods)])
def test_a_sheet_below_title_rows(case: Case, name: str, write: Any) -> None:
    write(case.folder / name)
    case.declare(name, format=name[2:], headerRow=3)
    fields = [*NUMBER, {"name": "day"}]
    assert case.ingest(fields, {**SHARE, "comment": "day"}, table="Data") == [
        ["2.5", "2023-05-02", "4"],
        ["10", "", "5"],
    ]


def test_a_number_that_a_spreadsheet_turned_into_a_date(case: Case) -> None:
    book = openpyxl.Workbook()
    for row in (["e", "u", "v"], [1, "MEX", 2.5], [2, "MEX", datetime.date(2023, 5, 2)]):
        book.active.append(row)
    book.save(case.folder / "a.xlsx")
    case.declare("a.xlsx", format="xlsx")
    assert case.ingest(NUMBER, SHARE) == [["2.5", "2"], ["", "3"]]
    assert "'2023-05-02' es una fecha en una columna de números" in case.problems()[0]


@pytest.mark.parametrize(
    ("rule", "countries", "told"),
    [("repeat", ["MEX", "MEX", "NAM"], 0), ("first", ["MEX", "", "NAM"], 0), ("tell", ["MEX", "", "NAM"], 1)],
)
def test_merged_cells(case: Case, rule: str, countries: list[str], told: int) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["", "", "Votes", ""], ["e", "u", "PAN", "PRI"], [1, "MEX", 7, 1], [2, None, 8, 2], [3, "NAM", 9, 3]):
        sheet.append(row)
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("B3:B4")
    book.save(case.folder / "a.xlsx")
    case.declare("a.xlsx", format="xlsx", headerRows=2, **({} if rule == "tell" else {"mergedCells": rule}))
    fields = [*EU, {"name": "Votes / PRI", "as": "v", "type": "integer"}]
    fact = {"table": "turnout", "columns": {"election_id": "e", "unit_id": {"const": "MEX"}, "count_status": {"const": "final"},
                                            "votes_cast_count": "v", "comment": "u"}}  # fmt: skip
    rows = case.ingest(fields, {**VOTES, "comment": "u"}, facts=[fact])
    assert rows == [[str(n), country, str(n + 2)] for n, country in zip((1, 2, 3), countries, strict=True)]
    assert [p for p in case.problems() if "[merged-cells]" in p and "B3:B4" in p and ":3: B: 'MEX'" in p][told:] == []
    assert len(case.problems()) == told


def test_formulas_give_their_stored_value_or_are_told(case: Case) -> None:
    book = openpyxl.Workbook()
    for row in (["e", "u", "v"], [1, "MEX", 5], [2, "MEX", "=C2*2"]):
        book.active.append(row)
    book.save(case.folder / "a.xlsx")  # openpyxl computes nothing: the second formula below gets its value by hand
    case.declare("a.xlsx", format="xlsx")
    assert case.ingest(INTEGER, VOTES) == [["5", "2"], ["", "3"]]
    told = [p for p in case.problems() if "formula" in p]
    assert len(told) == 1 and "a.xlsx:3: C: '=C2*2' es una fórmula cuyo resultado no está guardado" in told[0]
    with zipfile.ZipFile(case.folder / "a.xlsx") as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    computed = (
        parts[sheet].replace(b"<v></v>", b"<v>10</v>").replace(b"<v />", b"<v>10</v>").replace(b"<v/>", b"<v>10</v>")
    )
    assert computed != parts[sheet]
    with zipfile.ZipFile(case.folder / "a.xlsx", "w") as archive:
        for name, data in {**parts, sheet: computed}.items():
            archive.writestr(name, data)
    assert case.ingest(INTEGER, VOTES) == [["5", "2"], ["10", "3"]]
    assert not [p for p in case.problems() if "formula" in p]


# --- JSON ------------------------------------------------------------------------------------------

NESTED = {
    "cut": "21:04",
    "countries": [
        {"code": "MEX", "bodies": {"a": {"n": {"v": 7}}, "b": {"n": {"v": 8}}}},
        {"code": "NAM", "bodies": {"a": {"n": {"v": 9}}}},
    ],
}


def test_json_goes_into_lists_and_objects_and_keeps_what_stands_above(case: Case) -> None:
    case.file("a.json", json.dumps(NESTED), format="json")
    fields = [{"name": "$.countries[].bodies.*", "as": "e"}, {"name": "$.countries[].code", "as": "u"},
              {"name": "n.v", "as": "v", "type": "integer"}, {"name": "$.cut", "as": "cut"}]  # fmt: skip
    rows = case.ingest(
        fields, {"election_id": "e", "unit_id": "u", **VOTES, "comment": "cut"}, table="countries[].bodies.*"
    )
    assert rows == [["a", "MEX", "7", "21:04", "1"], ["b", "MEX", "8", "21:04", "2"], ["a", "NAM", "9", "21:04", "3"]]


def test_json_as_one_record(case: Case) -> None:
    case.file("a.json", '\ufeff{"e": 1, "u": "MEX", "total": {"v": 3}}', format="json")
    assert case.ingest([*EU, {"name": "total.v", "as": "v", "type": "integer"}], VOTES, table="$") == [["3", "1"]]


# --- statistics programs ---------------------------------------------------------------------------

FRAME = pd.DataFrame({"e": [1.0, 2.0, 3.0], "u": ["MEX", "NAM", "MEX"], "v": [10.0, 20.0, -99.0], "k": [1.0, 2.0, 2.0]})
LABELS = {"k": {1: "Sí", 2: "Sin reelección"}}


@pytest.mark.parametrize("name", ["a.dta", "a.sav", "a.zsav", "a.por"])
def test_codes_and_their_labels(case: Case, name: str) -> None:
    path = str(case.folder / name)
    if name == "a.dta":
        pyreadstat.write_dta(FRAME, path, variable_value_labels=LABELS)
    elif name == "a.por":
        pyreadstat.write_por(FRAME, path)
    else:
        pyreadstat.write_sav(
            FRAME, path, variable_value_labels=LABELS, missing_ranges={"v": [-99]}, compress=name == "a.zsav"
        )
    case.declare(name, format="stata" if name == "a.dta" else "spss")
    upper = name == "a.por"  # an old SPSS file knows capitals only, and this writer no labels
    names = {n: n.upper() if upper else n for n in "euvk"}
    fields: list[dict[str, Any]] = [
        {"name": names["e"], "as": "e"}, {"name": names["u"], "as": "u"}, {"name": names["k"], "as": "code"},
        {"name": names["v"], "as": "v", "type": "integer", "missingReasons": {"-99": "no_information"}},
        {"name": names["k"] if upper else "k:label", "as": "label"},
    ]  # fmt: skip
    rows = case.ingest(fields, {**VOTES, "blank_count": "code", "comment": "label"})
    labels = ["1", "2", "2"] if upper else ["Sí", "Sin reelección", "Sin reelección"]
    assert rows == [["10", "1", labels[0], "1"], ["20", "2", labels[1], "2"], ["", "2", labels[2], "3"]]


def test_the_reasons_of_stata_for_a_missing_value(case: Case) -> None:
    pyreadstat.write_dta(
        pd.DataFrame({"e": [1.0, 2.0], "u": ["MEX", "NAM"], "v": [10, "a"]}), str(case.folder / "a.dta"),
        missing_user_values={"v": ["a"]},
    )  # fmt: skip
    case.declare("a.dta", format="stata")
    fields = [*EU, {"name": "v", "type": "integer", "missingValues": ["a"]}]
    assert case.ingest(fields, VOTES) == [["10", "1"], ["", "2"]]
    assert not [p for p in case.problems() if "not-a" in p]


# --- inside a ZIP ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dir/a.csv", "a.xlsx", "a.dta", "a.json"])
def test_inside_a_zip(case: Case, name: str, tmp_path: Path) -> None:
    plain = tmp_path / Path(name).name
    if name.endswith(".xlsx"):
        FRAME.to_excel(plain, index=False)
    elif name.endswith(".dta"):
        pyreadstat.write_dta(FRAME, str(plain))
    elif name.endswith(".json"):
        plain.write_text(FRAME.to_json(orient="records"))
    else:
        FRAME.to_csv(plain, index=False)
    with zipfile.ZipFile(case.folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, name)
        archive.writestr("README", "x")
    form = {"csv": "delimited", "xlsx": "xlsx", "dta": "stata", "json": "json"}[name.rsplit(".", 1)[1]]
    case.declare(name, format=form, within="all.zip")
    case.declare("all.zip", format="zip")
    first = {"json": 1, "dta": 1}.get(name.rsplit(".", 1)[1], 2)
    assert case.ingest(INTEGER, VOTES) == [["10", str(first)], ["20", str(first + 1)], ["-99", str(first + 2)]]
    again = comparada("ingest", "caso", root=case.root)
    assert again.returncode == 0 and f"caso/{name} [uno]: 3 filas" in again.stdout
