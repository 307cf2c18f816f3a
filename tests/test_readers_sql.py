"""SQL of readers' own: what research needs works, and what is refused comes back in one sentence."""

from __future__ import annotations

import sqlite3

import pytest
from datasette.app import Datasette
from published_site import rows_of


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
