"""Rows to take away as CSV, JSON and XLSX: whole, the same in each, without formulas, and told when cut."""

from __future__ import annotations

import csv
import io

import openpyxl  # type: ignore[import-untyped]
from datasette.app import Datasette
from published_site import rows_of


async def test_csv_defuses_formulas_and_leaves_numbers(site: Datasette) -> None:
    sql = "select '=1+1' as a, '@x' as b, -3.5 as c, '-3.5' as d, '-2+3' as e, '+x;=y' as f, 'México \"x\", y' as g"
    response = await site.client.get("/comparada.csv", params={"sql": sql})
    row = list(csv.reader(io.StringIO(response.text)))[1]
    assert row == ["'=1+1", "'@x", "-3.5", "-3.5", "'-2+3", "'+x;=y", 'México "x", y']


async def test_csv_of_a_table_has_every_row(site: Datasette) -> None:
    response = await site.client.get("/comparada/elections.csv?_stream=on&_size=max&_dl=on")
    lines = list(csv.DictReader(io.StringIO(response.text)))
    assert len(lines) == (await rows_of(site, "select count(*) as n from elections"))[0]["n"] > 3000
    assert "attachment" in response.headers["content-disposition"]


async def test_csv_of_a_query_has_more_than_a_page_and_never_ends_early_in_silence(site: Datasette) -> None:
    response = await site.client.get("/comparada.csv", params={"sql": "select * from results limit 5000"})
    assert len(list(csv.reader(io.StringIO(response.text)))) == 5001
    response = await site.client.get("/comparada.csv", params={"sql": "select * from answers"})
    assert response.status_code == 400
    assert "20,000" in response.text
    response = await site.client.get("/comparada.csv", params={"sql": "select nada from answers"})
    assert response.status_code == 400


async def test_csv_json_and_xlsx_hold_the_same_rows(site: Datasette) -> None:
    where = {"election_id": "MEX-PR-2012-07-01", "unit_id": "MEX"}
    as_csv = list(csv.DictReader(io.StringIO((await site.client.get("/comparada/results.csv", params=where)).text)))
    as_json = (await site.client.get("/comparada/results.json", params={**where, "_shape": "array"})).json()
    book = openpyxl.load_workbook(io.BytesIO((await site.client.get("/comparada/results.xlsx", params=where)).content))
    as_sheet = list(book.worksheets[0].iter_rows(values_only=True))
    votes = sorted(row["votes_count"] for row in as_json)
    assert {15_881_019, 19_220_407} <= set(votes)  # as the known figures of 2012 have it
    assert sorted(int(row["votes_count"]) for row in as_csv) == votes
    at = as_sheet[0].index("votes_count")
    assert sorted(row[at] for row in as_sheet[1:]) == votes


async def test_xlsx_holds_text_not_formulas_and_says_whose_data_they_are(site: Datasette) -> None:
    sql = "select '=1+1' as formula, -3.5 as number, election_id, source_id, licence_id from results limit 3"
    response = await site.client.get("/comparada.xlsx", params={"sql": sql})
    assert "attachment" in response.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    data, told = book.worksheets
    assert [cell.value for cell in data[1]] == ["formula", "number", "election_id", "source_id", "licence_id"]
    assert (data["A2"].value, data["A2"].data_type, data["B2"].value) == ("=1+1", "s", -3.5)
    notes = [(row[0], row[1]) for row in told.iter_rows(values_only=True)]
    assert any(heading == "Fuente · Source" for heading, _ in notes)
    assert any(heading == "Licencia · Licence" for heading, _ in notes)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


async def test_xlsx_of_a_table_has_all_filtered_rows_labels_and_column_notes(site: Datasette) -> None:
    response = await site.client.get("/comparada/elections.xlsx?chamber=LC&_labels=on")
    book = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    wanted = (await rows_of(site, "select count(*) as n from elections where chamber = 'LC'"))[0]["n"]
    assert len(rows) == wanted + 1
    assert "jurisdiction_id_label" in rows[0]
    notes = dict(row[:2] for row in book.worksheets[1].iter_rows(values_only=True) if row[0])
    assert notes["Filas · Rows"] == f"{wanted:,}"
    assert "ISO 8601" in notes["election_date"]
    book.close()


async def test_xlsx_says_when_it_was_cut(site: Datasette) -> None:
    response = await site.client.get("/comparada/answers.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True)
    notes = dict(row[:2] for row in book.worksheets[1].iter_rows(values_only=True) if row[0])
    assert notes["Filas · Rows"] == "20,000"
    assert "20,000" in notes["AVISO · NOTE"]
    book.close()


async def test_xlsx_of_a_failing_query_says_so(site: Datasette) -> None:
    response = await site.client.get("/comparada.xlsx", params={"sql": "select nada from answers"})
    assert response.status_code == 400
    assert "columna que no existe" in response.text
