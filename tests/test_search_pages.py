"""The search as people and programs meet it: two pages, two addresses for programs, and the command."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import comparada
from datasette.app import Datasette
from published_site import opened_site

PAGES = ("/es/buscar", "/en/search")
QUESTION = "participación México 2018"


async def text_of(site: Datasette, path: str, **parameters: str) -> str:
    response = await site.client.get(path, params=parameters)
    assert response.status_code == 200, response.text[:400]
    return html.unescape(response.text)


@pytest.mark.parametrize("page", PAGES)
async def test_the_empty_page_says_what_can_be_asked(site: Datasette, page: str) -> None:
    text = await text_of(site, page)
    language = page[1:3]
    assert f'<html lang="{language}">' in text and 'role="search"' in text
    # the head and foot of every page are in Spanish, with their English beside
    assert '<header class="site" lang="es">' in text and '<footer class="site" lang="es">' in text
    examples = re.findall(rf'<li><a href="({page}\?q=[^"]+)"', text)
    assert len(examples) >= 4
    for address in examples:
        assert 'class="hits"' in (await site.client.get(address)).text


async def test_a_question_of_variable_country_and_year_is_answered_above_the_hits(site: Datasette) -> None:
    text = await text_of(site, "/es/buscar", q=QUESTION)
    figure = text[text.index('class="datum"') : text.index('class="hits"')]
    assert "45.4 %" in figure and "Vanhanen" in figure and "2018" in figure
    told = json.loads((await site.client.get("/-/search.json", params={"q": QUESTION})).text)
    row = (await site.client.get(told["datum"]["url"] + ".json", params={"_shape": "objects"})).json()["rows"][0]
    assert row["value"] == 45.4 and row["valid_from"].startswith("2018")


async def test_every_hit_leads_to_a_page(site: Datasette) -> None:
    kinds = set()
    for question in (
        QUESTION,
        "umbral electoral",
        "Partido Acción Nacional",
        "V-Dem",
        "índice de democracia liberal",
        "Uruguay",
    ):
        told = json.loads((await site.client.get("/-/search.json", params={"q": question, "size": "15"})).text)
        assert told["ok"] and told["hits"], question
        for hit in told["hits"]:
            if hit["kind"] in kinds:
                continue
            kinds.add(hit["kind"])
            assert (await site.client.get(hit["url"])).status_code == 200, hit
    assert kinds >= {"answer", "election", "party", "variable", "source", "glossary_term"}


async def test_a_text_leads_to_similar_ones(site: Datasette) -> None:
    page = (await site.client.get("/comparada/document_sections/mexican-electoral-regime-es~2Fparidad")).text
    similar = page[page.index("Textos parecidos") : page.index('<nav class="pages"', page.index("Textos parecidos"))]
    addresses = re.findall(r'<a href="([^"]+)"', similar)
    assert len(addresses) >= 3
    assert (await site.client.get(html.unescape(addresses[0]))).status_code == 200


async def test_filters_narrow_and_can_be_taken_off(site: Datasette) -> None:
    text = await text_of(site, "/en/search", q="democracy", kind="answer", jurisdiction="URY")
    assert "Uruguay" in text and "Remove the filters" in text
    told = json.loads((await site.client.get("/-/search.json", params={"q": "democracy", "jurisdiction": "URY"})).text)
    assert told["hits"] and {hit["jurisdiction_id"] for hit in told["hits"]} == {"URY"}
    wider = json.loads((await site.client.get("/-/search.json", params={"q": "democracy"})).text)
    assert wider["total_count"] > told["total_count"] > 0


async def test_pages_follow_one_another_without_repeating(site: Datasette) -> None:
    seen: list[str] = []
    address = "/es/buscar?q=elecciones"
    for _ in range(3):
        text = (await site.client.get(address)).text
        seen += re.findall(r'<h3><a href="([^"]+)"', text)
        address = html.unescape(re.search(r'rel="next" href="([^"]+)"', text)[1])  # type: ignore[index]
    assert len(seen) == len(set(seen)) == 60


async def test_synonyms_are_shown_and_can_be_switched_off(site: Datasette) -> None:
    text = await text_of(site, "/es/buscar", q="casilla")
    assert "polling station" in text[text.index("También se buscó") :]
    off = re.search(r'href="([^"]+synonyms=no[^"]*)"', text)
    assert off is not None
    narrower = (await site.client.get(off[1])).text
    assert "También se buscó" not in narrower and "Buscar también sinónimos" in narrower


async def test_a_misspelt_word_is_mended(site: Datasette) -> None:
    text = await text_of(site, "/es/buscar", q="democrasia")
    assert "¿Quiso decir" in text and "democracia" in text


async def test_words_are_suggested(site: Datasette) -> None:
    told = (await site.client.get("/-/suggest.json", params={"q": "umbr", "lang": "es"})).json()
    assert any(s.startswith("umbral") for s in told["suggestions"])


@pytest.mark.parametrize(
    "question",
    ["x" * 10_000, "palabra " * 1250, '"', "((((", "+ -", "el la de", "🗳️🗳️", "انتخابات", "\x01\x02", "*", "a*", "año:..", "país:",
     "%", "'; drop table answers; --", "{{7*7}}", "año:9999999999999999..1"],
)  # fmt: skip
@pytest.mark.parametrize("page", PAGES)
async def test_bad_input_gets_an_answer_or_a_word(site: Datasette, page: str, question: str) -> None:
    response = await site.client.get(page, params={"q": question})
    assert response.status_code == 200
    assert 'class="hits"' in response.text or 'class="note"' in response.text
    assert "49" not in response.text or "{{7*7}}" not in question or "7*7" in response.text


@pytest.mark.parametrize("script", ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>"])
async def test_nothing_can_be_slipped_into_the_page(site: Datasette, script: str) -> None:
    for name in ("q", "kind", "jurisdiction", "year", "page", "synonyms"):
        response = await site.client.get("/es/buscar", params={"q": "voto", name: script})
        assert script not in response.text and "<img src=x" not in response.text


async def test_without_an_index_the_page_says_when(default_root: Path, tmp_path: Path) -> None:
    database = default_root / "build" / "comparada.db"
    async with opened_site(database, index=tmp_path / "index") as site:
        response = await site.client.get("/es/buscar", params={"q": "voto"})
        assert response.status_code == 200 and "se está preparando" in response.text
        assert response.headers["cache-control"] == "no-store"
        response = await site.client.get("/-/search.json", params={"q": "voto"})
        assert response.status_code == 503 and response.json()["ok"] is False and "retry-after" in response.headers
        shutil.copytree(default_root / "build" / "index", tmp_path / "index", symlinks=True)
        for path in ("/es/buscar", "/en/search"):
            assert 'class="hits"' in (await site.client.get(path, params={"q": "voto"})).text


def test_the_command_prints_the_figure_and_the_hits(default_root: Path) -> None:
    result = comparada("search", "participación", "México", "2018", root=default_root)
    assert result.returncode == 0 and "45.4 %" in result.stdout
    assert re.search(r"^ *1\. México: Participación", result.stdout, re.MULTILINE)


def test_the_command_speaks_json_and_takes_filters(default_root: Path) -> None:
    result = comparada(
        "search", "democracy", "--lang", "en", "--json", "--filter", "jurisdiction=URY", root=default_root
    )
    told = json.loads(result.stdout)
    assert told["hits"] and {hit["jurisdiction_id"] for hit in told["hits"]} == {"URY"}
    result = comparada("search", "x", "--filter", "pais=URY", root=default_root)
    assert result.returncode == 2 and "jurisdiction" in result.stderr


def test_the_command_finds_nothing(default_root: Path) -> None:
    assert comparada("search", "xqzwvkj", root=default_root).returncode == 1
