"""The questions of metadata.yml: in plain words, each with an answer in the knowledge base that git holds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from datasette.app import Datasette
from published_site import QUESTIONS

from ingest.table_schema import load_tables


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
    columns = {f"{t.name}.{c.name}": c.meanings for t in load_tables().values() for c in t.columns if c.meanings}
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
    meaning = 'los porcentajes suman 100 ± 0.5 <span lang="en" class="en">shares add up to 100 ± 0.5</span>'
    assert f'>{meaning} <em title="shares add up to 100 ± 0.5">shares_add_up</em></td>' in page


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
