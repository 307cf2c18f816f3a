"""The published site, through Datasette's own client, over the knowledge base that git holds."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl  # type: ignore[import-untyped]
import pytest
import yaml
from conftest import REPOSITORY
from datasette.app import Datasette

from comparada.metadata import FIRST_MARK, is_current, main, metadata_with_tables
from comparada.serving import make_datasette
from ingest.table_schema import load_tables

QUESTIONS: dict[str, dict[str, Any]] = yaml.safe_load((REPOSITORY / "metadata.yml").read_text("utf-8"))["databases"][
    "comparada"
]["queries"]

PAGES = (
    "/",
    "/comparada",
    "/comparada?sql=select+1",
    "/comparada?sql=selec",
    "/comparada/elections",
    "/comparada/elections?_search=mexico&chamber=LC&_sort_desc=election_date&_where=1",
    "/comparada/answers?_facet=source_id&_size=3",
    "/comparada/elections/MEX-PR-2012-07-01",
    "/comparada/jurisdictions/SUN",
    "/comparada/results/1",
    "/comparada/indice_de_un_pais",
    "/comparada/nothing-of-the-kind",
    "/-/databases",
)


@pytest.fixture
async def site(default_root: Path) -> AsyncIterator[Datasette]:
    datasette = make_datasette(default_root / "build" / "comparada.db", REPOSITORY / "metadata.yml")
    await datasette.invoke_startup()
    yield datasette
    closed(datasette)


def closed(datasette: Datasette) -> None:
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


async def rows_of(site: Datasette, sql: str, **arguments: str) -> list[dict[str, Any]]:
    response = await site.client.get("/comparada.json", params={"sql": sql, "_shape": "array", **arguments})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


# --- metadata.yml ---------------------------------------------------------------------------------


def test_the_tables_block_of_the_metadata_is_current() -> None:
    assert is_current(REPOSITORY / "metadata.yml"), "run: python -m comparada.metadata"


def test_the_tables_block_is_rewritten_and_nothing_else(tmp_path: Path) -> None:
    kept = (REPOSITORY / "metadata.yml").read_text("utf-8")
    path = tmp_path / "metadata.yml"
    path.write_text(kept.replace(FIRST_MARK, f"{FIRST_MARK}\n    tables: {{}}"), "utf-8")
    assert main([str(path), "--check"]) == 1
    assert main([str(path)]) == 0
    assert path.read_text("utf-8") == kept
    assert main([str(path), "--check"]) == 0


def test_a_metadata_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="these two lines once each"):
        metadata_with_tables("title: x\n")


def test_every_table_and_column_is_described_in_both_languages() -> None:
    told = yaml.safe_load((REPOSITORY / "metadata.yml").read_text("utf-8"))["databases"]["comparada"]["tables"]
    assert set(told) == set(load_tables())
    for name, table in load_tables().items():
        for key in ("title", "description", "source", "license"):
            assert " · " in told[name][key], f"{name}: {key}"
        for column in table.columns:
            text = told[name]["columns"][column.name]
            assert column.es and column.en and f"{column.described.es} · {column.described.en}" in text
            assert not column.unit or f"[{column.unit}]" in text


# --- the named questions --------------------------------------------------------------------------


def test_there_are_at_least_twenty_questions_in_plain_words() -> None:
    assert len(QUESTIONS) >= 20
    for name, question in QUESTIONS.items():
        assert question["title"].startswith(("¿", "En ")), name
        assert question["title"].endswith("?"), name
        assert question["description"].endswith("?"), name
        assert " · " in question["topic"], name
        wanted = set(re.findall(r":(\w+)", re.sub(r"'[^']*'", "", question["sql"])))
        assert set(question.get("labels") or {}) == wanted, name
        assert set(question.get("defaults") or {}) <= wanted, name
        assert ("note_es" in question) == ("note_en" in question), name


@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_question_has_an_answer_as_it_stands_and_with_its_defaults(site: Datasette, name: str) -> None:
    for arguments in ({}, QUESTIONS[name].get("defaults") or {}):
        response = await site.client.get(f"/comparada/{name}.json", params={**arguments, "_shape": "array"})
        assert response.status_code == 200, response.text
        assert response.json(), f"{name} {arguments}: no rows"
    page = await site.client.get(f"/comparada/{name}")
    assert page.status_code == 200
    assert QUESTIONS[name]["title"] in page.text


async def test_a_code_in_an_answer_is_shown_with_its_meaning(site: Datasette) -> None:
    """Files keep the code alone; pages say what it means, wherever a column holds nothing but codes of ours."""
    columns = {f"{t.name}.{c.name}": c.values for t in load_tables().values() for c in t.columns if c.values}
    for name, question in QUESTIONS.items():
        told = question.get("codes") or {}
        assert set(told.values()) <= set(columns), name
        response = await site.client.get(f"/comparada/{name}.json", params={"_shape": "array"})
        rows = response.json()
        assert set(told) <= set(rows[0]), name
        for column in rows[0]:
            held = {row[column] for row in rows} - {None, ""}
            known = [c for c, values in columns.items() if held and held <= set(values)]
            assert not known or column in told or column.endswith("_id"), f"{name}: {column} holds codes of {known}"
    page = (await site.client.get("/comparada/pruebas_de_un_pais")).text
    assert '>los porcentajes suman 100 ± 0.5 <em title="shares add up to 100 ± 0.5">shares_add_up</em></td>' in page


async def test_a_code_in_a_table_is_shown_with_its_meaning(site: Datasette) -> None:
    page = (await site.client.get("/comparada/elections?chamber=PR&_facet=chamber&_size=2")).text
    assert page.count(">presidencia de la república <em") == 2
    assert re.search(r"<b>presidencia de la república</b>", page)
    csv_text = (await site.client.get("/comparada/elections.csv?chamber=PR&_size=2")).text
    assert ",PR," in csv_text and "presidencia de la república" not in csv_text


async def test_a_country_may_be_named_or_coded(site: Datasette) -> None:
    found = [
        (await site.client.get("/comparada/elecciones_de_un_pais.json", params={"pais": p, "_shape": "array"})).json()
        for p in ("ESP", "España", "españa", "Spain", " esp ")
    ]
    assert found[0]
    assert all(f == found[0] for f in found)


async def test_the_questions_tell_known_figures(site: Datasette) -> None:
    async def answer(name: str, **arguments: str) -> list[dict[str, Any]]:
        response = await site.client.get(f"/comparada/{name}.json", params={**arguments, "_shape": "array"})
        found: list[dict[str, Any]] = response.json()
        return found

    states = await answer("presidenciales_de_mexico_por_estado", anio="2012")
    assert len({row["estado"] for row in states}) == 32
    croatia = await answer("participacion_de_un_pais", pais="Croacia")
    assert 468.95 in [row["participación_publicada_pct"] for row in croatia]
    gone = {row["jurisdiction_id"] for row in await answer("estados_que_ya_no_existen")}
    assert {"SUN", "YUG", "DDR", "CSK"} <= gone
    serbia = await answer("que_pais_es_una_clave", clave="Serbia")
    assert {"YUG", "SCG"} <= {row["jurisdiction_id"] for row in serbia if row["sistema_de_claves"] == "vdem"}


async def test_parameters_offer_their_choices(site: Datasette) -> None:
    page = (await site.client.get("/comparada/elecciones_de_un_pais")).text
    assert '<option value="NAM">Namibia</option>' in page
    assert 'value="MEX"' in page


# --- the pages ------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a person with a screen reader, or a strict browser, would trip over."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.titles = self.headings = 0
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.unlabelled: list[str] = []
        self.inline: list[str] = []
        self.foreign: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._labels = 0
        self._script = False
        self._link: list[str] | None = None
        self.feed(text)
        self.unlabelled += [str(f) for f in self.fields if f.get("id") not in self.labelled]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "html":
            self.language = has.get("lang") or ""
        self.titles += tag == "title"
        self.headings += tag == "h1"
        if tag == "label":
            self._labels += 1
            self.labelled.add(has.get("for") or "")
        if tag in ("input", "select", "textarea") and has.get("type") != "hidden" and not self._labels:
            self.fields.append(has)
        if "style" in has or any(name.startswith("on") for name in has) or tag == "style":
            self.inline.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in has:
            self.inline.append("script")
        loaded = (has.get("src") or "") if tag in ("script", "img", "iframe") else ""
        loaded = loaded or ((has.get("href") or "") if tag == "link" and has.get("rel") == "stylesheet" else "")
        if loaded and not loaded.startswith("/"):
            self.foreign.append(loaded)
        if tag == "a":
            self._link = [has.get("href") or ""]

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if tag == "a" and self._link:
            self.links.append((self._link[0], " ".join("".join(self._link[1:]).split())))
            self._link = None


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_in_spanish_labelled_and_load_nothing_from_elsewhere(site: Datasette, path: str) -> None:
    response = await site.client.get(path)
    page = Page(response.text)
    assert page.language == "es"
    assert page.titles == page.headings == 1
    assert not page.unlabelled
    assert not page.inline
    assert not page.foreign
    assert 'href="#contenido"' in response.text
    assert 'lang="en"' in response.text


@pytest.mark.parametrize("path", PAGES)
async def test_answers_carry_safe_headers(site: Datasette, path: str) -> None:
    headers = (await site.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


async def test_the_start_page_leads_to_every_table_and_question(site: Datasette) -> None:
    page = Page((await site.client.get("/")).text)
    addresses = {address for address, _ in page.links}
    assert {f"/comparada/{name}" for name in (*load_tables(), *QUESTIONS)} <= addresses
    counts = (await rows_of(site, "select count(*) as n from results"))[0]["n"]
    assert f"{counts:,}" in (await site.client.get("/")).text


def kind_of_link(address: str) -> tuple[object, ...]:
    """What makes two links go the same way: the page's kind, its format and the arguments' names.

    Pages that lie one beside another (each table, each question) are kinds of their own; rows of a table are one.
    """
    parts = urlsplit(address)
    path = parts.path.strip("/").split("/")
    rows_of_a_table = len(path) == 3 and path[0] == "comparada"
    page = (path[0], path[1], "row", path[2].rpartition(".")[1:]) if rows_of_a_table else tuple(path)
    return (page, *sorted(re.sub(r"_\d+$", "", name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)))


async def test_links_within_the_site_lead_somewhere(site: Datasette) -> None:
    followed: set[tuple[object, ...]] = set()
    starts = ("/", "/comparada/sources", "/comparada/topics", "/comparada/elections/MEX-PR-2012-07-01",
              "/comparada/indice_de_un_pais", "/comparada?sql=select+1+as+a", "/comparada/topics?_facet=name_es&_size=2")  # fmt: skip
    for path in starts:
        for address, _ in Page((await site.client.get(path)).text).links:
            address = address.replace("http://localhost", "").partition("#")[0]
            if address.startswith("/") and kind_of_link(address) not in followed:
                followed.add(kind_of_link(address))
                response = await site.client.get(address)
                assert response.status_code == 200, f"{path} → {address}: {response.status_code}"
    assert len(followed) > 80


async def test_tables_show_labels_facets_and_their_own_order(site: Datasette) -> None:
    page = (await site.client.get("/comparada/elections?jurisdiction_id=MEX")).text
    assert re.search(r'<a href="/comparada/jurisdictions/MEX">México</a>', page)
    for name, table in load_tables().items():
        data = (await site.client.get(f"/comparada/{name}.json?_size=1")).json()
        assert set(data["facet_results"]) == set(table.facets), name
        assert not data["suggested_facets"]
        assert f"order by {table.sort}" in data["query"]["sql"].replace('"', "").replace("[", "").replace("]", ""), name


async def test_search_needs_no_accents(site: Datasette) -> None:
    data = (await site.client.get("/comparada/jurisdictions.json?_search=mexico&_shape=array")).json()
    assert "MEX" in {row["jurisdiction_id"] for row in data}


async def test_search_tables_are_not_shown(site: Datasette) -> None:
    assert "_fts" not in (await site.client.get("/comparada")).text


async def test_a_row_tells_where_it_comes_from_and_how_to_report_an_error(site: Datasette) -> None:
    row = (
        await rows_of(
            site,
            "select r.*, f.url, f.path from results r join raw_files f using (raw_file_id)"
            " where r.source_id = 'parlgov' limit 1",
        )
    )[0]
    text = (await site.client.get(f"/comparada/results/{row['result_id']}")).text
    page = Page(text)
    assert (row["url"], row["path"]) in page.links
    assert re.search(rf"fila\s*<span[^>]*>· row</span> {row['raw_row']:,}\b", text)
    assert "CC0" in text
    address = next(a for a, words in page.links if "Report an error" in words)
    assert address.startswith("mailto:")
    assert f"comparada%2Fresults%2F{row['result_id']}" in address
    assert f"parlgov%2Felection_result.csv%3A{row['raw_row']}" in address or "parlgov%2F" in address


async def test_the_report_address_is_configured(default_root: Path, tmp_path: Path) -> None:
    metadata = tmp_path / "metadata.yml"
    metadata.write_text("plugins: {comparada: {error_report: 'https://example.org/new?title='}}", "utf-8")
    datasette = make_datasette(default_root / "build" / "comparada.db", metadata)
    text = (await datasette.client.get("/comparada/jurisdictions/MEX")).text
    closed(datasette)
    assert 'href="https://example.org/new?title=comparada%2Fjurisdictions%2FMEX' in text


@pytest.mark.parametrize("table", [name for name, table in load_tables().items() if not table.view])
async def test_every_kind_of_row_has_its_page(site: Datasette, table: str) -> None:
    data = (await site.client.get(f"/comparada/{table}.json?_size=1&_shape=object")).json()
    for key in list(data)[:1]:
        response = await site.client.get(f"/comparada/{table}/{key}")
        assert response.status_code == 200
        assert "Report an error" in response.text
        assert "Where it comes from" in response.text


async def test_identifiers_in_a_querys_result_lead_to_their_rows(site: Datasette) -> None:
    text = (await site.client.get("/comparada/elecciones_de_un_pais?pais=MEX")).text
    assert '<a href="/comparada/elections/MEX-PR-2012-07-01">' in text


async def test_robots_may_read_pages_but_not_follow_combinations(site: Datasette) -> None:
    text = (await site.client.get("/robots.txt")).text
    assert "Disallow: /*?_" in text
    assert "Disallow: /*?sql=" in text
    assert "Disallow: /\n" not in text


@pytest.mark.parametrize("path", ["/favicon.ico", "/-/static-plugins/comparada/comparada.css"])
async def test_the_sites_own_files_are_served(site: Datasette, path: str) -> None:
    response = await site.client.get(path)
    assert response.status_code == 200
    assert "max-age" in response.headers["cache-control"]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours written #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_have_enough_contrast() -> None:
    sheet = (REPOSITORY / "comparada/portal/static/comparada.css").read_text("utf-8")
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", sheet))
    for text in ("ink", "soft", "deep", "link", "warm"):
        for ground in ("ground", "paper", "tint", "warm-ground"):
            assert contrast(colour[text], colour[ground]) >= 4.5, f"{text} on {ground}"
    assert contrast("#a9c6cb", colour["deep"]) >= 4.5
    assert contrast(colour["soft"], "#e9ebe6") >= 4.5


# --- files of rows --------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    "sql",
    ["selec * from elections", "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"],
)
async def test_a_refused_statement_comes_back_to_be_corrected(site: Datasette, sql: str) -> None:
    response = await site.client.get("/comparada", params={"sql": sql})
    assert response.status_code == 400
    assert f"{sql}</textarea>" in response.text
    assert 'action="/comparada"' in response.text
    assert "Preguntas" in response.text


async def test_json_tells_an_error_in_one_sentence(site: Datasette) -> None:
    for path in ("/comparada/elections.json?_sort=nothing", "/comparada/elections.json?_where=nothing(1)"):
        response = await site.client.get(path)
        assert response.status_code == 400
        assert "<" not in response.json()["error"]


async def test_pages_offer_the_files(site: Datasette) -> None:
    page = Page((await site.client.get("/comparada/elections?chamber=LC&_next=x")).text)
    offered = {words: address for address, words in page.links if words in ("CSV", "Excel", "JSON")}
    assert set(offered) == {"CSV", "Excel", "JSON"}
    assert "_stream=on" in offered["CSV"]
    assert "_next" not in offered["CSV"] + offered["Excel"]
    assert "chamber=LC" in offered["CSV"]


# --- research SQL ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "select group_concat(name_es, '; ') as x from (select name_es from jurisdictions order by 1 limit 9)",
        "select printf('%05.2f|%-5s|%,d', 3.14159, 'a', 1234567) as x",
        "select round(avg(value), 3) as x from answers where variable_id = 'electoral-democracy-index'",
        "select avg(value) over (order by valid_from rows 4 preceding) as x from answers where jurisdiction_id = 'MEX'",
        "select j.value as x from json_each('[1, 2, 3]') j",
        "with recursive y(n) as (select 2000 union all select n + 1 from y where n < 2024) select max(n) as x from y",
        "with y as (select 1 as a) select count(*) as x from y",
        "select count(*) as x from elections where name_es like '%méxico%' collate nocase",
        "select json_group_array(election_id) as x from elections where jurisdiction_id = 'MEX'",
        "select substr(election_date, 1, 4) as x, count(*) from elections group by 1 order by 2 desc",
        "select trim('xxaxx', 'x') || upper(replace(' b ', ' ', '')) || hex('c') as x",
        "select strftime('%Y', election_date) as x, julianday(election_date) from elections limit 1",
        "select snippet(parties_fts, 0, '', '', '…', 4) as x from parties_fts where parties_fts match 'accion' limit 1",
        "select name as x from pragma_table_info('elections')",
        "select sql as x from sqlite_master where name = 'elections'",
        "explain query plan select * from elections where jurisdiction_id = 'MEX'",
        "select sqrt(2) as x, ln(2), power(2, 10), 7 % 3, cast('7' as integer), iif(1, 'a', 'b')",
    ],
)
async def test_research_sql_works(site: Datasette, sql: str) -> None:
    assert await rows_of(site, sql)


async def test_bounded_functions_answer_as_sqlites_own(site: Datasette) -> None:
    expressions = [
        "printf('%d %5.1f %s %% %x', 7, 2.25, 'ñ', 255)",
        "printf('%s', null)",
        "format('%+d|%-6d|%06d', 5, 5, 5)",
        "trim('  a  ', ' ')",
        "ltrim('aab', 'a')",
        "rtrim('baa', 'a')",
        "trim(null, 'a')",
        "trim(12321, 1)",
        "trim('abc', '')",
    ]
    sql = "select " + ", ".join(f"{e} as c{i}" for i, e in enumerate(expressions))
    plain = sqlite3.connect(":memory:")
    wanted = plain.execute(sql).fetchone()
    plain.close()
    assert tuple((await rows_of(site, sql))[0].values()) == wanted


async def test_metadata_is_published_and_names_no_folder(site: Datasette) -> None:
    text = (await site.client.get("/-/metadata.json")).text
    assert json.loads(text)["title"]
    assert "/work" not in text
    assert "/home" not in text


async def test_a_second_database_is_served_beside_it(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "otra.db"
    other = sqlite3.connect(path)
    other.executescript("create table puestos (puesto_id text primary key, votes integer); "
                        "insert into puestos values ('a', 1)")  # fmt: skip
    other.close()
    datasette = make_datasette(
        default_root / "build" / "comparada.db", REPOSITORY / "metadata.yml", more_databases=[path]
    )
    for address in ("/", "/otra", "/otra/puestos", "/otra/puestos/a", "/comparada"):
        assert (await datasette.client.get(address)).status_code == 200, address
    assert 'href="/otra"' in (await datasette.client.get("/")).text
    closed(datasette)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.db"):
        make_datasette(tmp_path / "absent.db", REPOSITORY / "metadata.yml")


async def test_a_new_build_does_not_disturb_the_readers_of_the_old_one(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "comparada.db"
    path.write_bytes((default_root / "build" / "comparada.db").read_bytes())
    datasette = make_datasette(path, REPOSITORY / "metadata.yml")
    await datasette.invoke_startup()
    fresh = tmp_path / "fresh.db"
    sqlite3.connect(fresh).close()
    fresh.replace(path)
    for _ in range(12):
        assert (await datasette.client.get("/comparada/elections/MEX-PR-2012-07-01")).status_code == 200
    closed(datasette)
