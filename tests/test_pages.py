"""The published pages: in Spanish, labelled, with links that lead somewhere, each row with its origin."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from conftest import REPOSITORY
from datasette.app import Datasette
from published_site import QUESTIONS, Page, opened_site, rows_of

from ingest.table_schema import load_tables

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


async def test_a_code_in_a_table_is_shown_with_its_meaning(site: Datasette) -> None:
    page = (await site.client.get("/comparada/elections?chamber=PR&_facet=chamber&_size=2")).text
    shown = 'presidencia de la república <span lang="en" class="en">presidency of the republic</span>'
    assert page.count(f'<td class="type-str">{shown} <em') == 2
    assert f"<b>{shown}</b>" in page
    row = (await site.client.get("/comparada/elections/MEX-PR-2012-07-01")).text
    assert f'<dd class="value type-str">{shown} <em' in row
    csv_text = (await site.client.get("/comparada/elections.csv?chamber=PR&_size=2")).text
    assert ",PR," in csv_text and "presidencia de la república" not in csv_text


async def test_the_words_of_an_open_list_are_shown_with_their_meaning(site: Datasette) -> None:
    """Sources may state units and chambers of their own; those that we know are told in Spanish."""
    page = (await site.client.get("/comparada/variables?variable_id=lexical-index-of-electoral-democracy")).text
    assert '>nivel <em title="level">level</em></td>' in page
    page = (await site.client.get("/comparada/answers?tier=lower&_size=1")).text
    assert '>cámara baja <span lang="en" class="en">lower house</span> <em title="lower house">lower</em></td>' in page
    # a view repeats the codes of the table it is of
    assert ">cámara baja <" in (await site.client.get("/comparada/answers_as_of?tier=lower&_size=1")).text
    assert ",lower," in (await site.client.get("/comparada/answers.csv?tier=lower&_size=1")).text
    told = await rows_of(site, "select name_es from column_values where column_id = 'answers.tier' and value = 'lower'")
    assert told == [{"name_es": "cámara baja"}]
    stated = {row["unit"] for row in await rows_of(site, "select distinct unit from variables")}
    assert stated - set(load_tables()["variables"].column("unit").known) == {"%"}


async def test_no_two_pages_are_called_alike(site: Datasette) -> None:
    titles: dict[str, str] = {}
    for name, table in load_tables().items():
        paths = [f"/comparada/{name}"]
        if not table.view:
            data = (await site.client.get(f"/comparada/{name}.json?_size=1&_shape=object")).json()
            paths += [f"/comparada/{name}/{key}" for key in list(data)[:1]]
        for path in paths:
            found = re.search(r"<title>(.*?)</title>", (await site.client.get(path)).text, re.DOTALL)
            assert found and found[1] not in titles, f"{path} and {titles[found[1]]}"
            titles[found[1]] = path


async def test_what_is_told_of_one_table_does_not_slow_the_list_of_all(default_root: Path, tmp_path: Path) -> None:
    """Datasette asks of each table whether it may be seen, and copied all that is told of all of them each time."""
    database, taken = default_root / "build" / "comparada.db", []
    told = {f"column{i}": "what it holds" for i in range(1000)}
    for columns in ({}, told):
        tables = {name: {"title": name, "columns": columns} for name in load_tables()}
        metadata = tmp_path / "metadata.yml"
        metadata.write_text(yaml.safe_dump({"databases": {"comparada": {"tables": tables}}}), "utf-8")
        async with opened_site(database, metadata) as site:
            times = []
            for _ in range(4):
                start = time.perf_counter()
                await site.client.get("/comparada")
                times.append(time.perf_counter() - start)
            taken.append(min(times))
    assert taken[1] < 3 * taken[0], taken


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


async def test_a_row_is_headed_by_its_name(site: Datasette) -> None:
    text = (await site.client.get("/comparada/jurisdictions/MEX")).text
    assert "<h1>México <code>MEX</code></h1>" in text
    assert "<title>México · Jurisdicciones · Comparada</title>" in text


async def test_the_report_address_is_configured(default_root: Path, tmp_path: Path) -> None:
    metadata = tmp_path / "metadata.yml"
    metadata.write_text("plugins: {comparada: {error_report: 'https://example.org/new?title='}}", "utf-8")
    async with opened_site(default_root / "build" / "comparada.db", metadata) as site:
        text = (await site.client.get("/comparada/jurisdictions/MEX")).text
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


async def test_pages_offer_the_files(site: Datasette) -> None:
    page = Page((await site.client.get("/comparada/elections?chamber=LC&_next=x")).text)
    offered = {words: address for address, words in page.links if words in ("CSV", "Excel", "JSON")}
    assert set(offered) == {"CSV", "Excel", "JSON"}
    assert "_stream=on" in offered["CSV"]
    assert "_next" not in offered["CSV"] + offered["Excel"]
    assert "chamber=LC" in offered["CSV"]
