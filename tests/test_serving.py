"""The published site, over the default knowledge base and a real server: what it shows and what it withstands."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import openpyxl
import pytest
import yaml
from conftest import REPOSITORY, comparada

from comparada.metadata import is_current
from ingest.table_schema import load_tables

METADATA = yaml.safe_load((REPOSITORY / "metadata.yml").read_text("utf-8"))
QUESTIONS = METADATA["databases"]["comparada"]["queries"]


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Site:
    """A running server and how to ask it."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process

    def get(self, path: str, **parameters: str) -> Answer:
        query = f"?{urlencode(parameters)}" if parameters else ""
        start = time.perf_counter()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}{query}", timeout=30) as answer:
                body, status, headers = answer.read(), answer.status, dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                body, status, headers = error.read(), error.code, dict(error.headers)
        return Answer(status, body, {k.lower(): v for k, v in headers.items()}, time.perf_counter() - start)

    def sql(self, sql: str, **parameters: str) -> Answer:
        return self.get("/comparada.json", sql=sql, _shape="array", **parameters)

    def memory_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@pytest.fixture(scope="module")
def site(default_root: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "comparada", "--root", str(default_root), "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    site = Site(port, process)
    deadline = time.monotonic() + 60
    while True:
        try:
            site.get("/robots.txt")
            break
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
    yield site
    process.terminate()
    process.wait()


# --- what it shows ---------------------------------------------------------------------------------


def test_the_metadata_is_what_the_tables_say() -> None:
    assert is_current(REPOSITORY / "metadata.yml")


def test_every_table_and_column_is_described_in_both_languages() -> None:
    for table in load_tables().values():
        for text in (table.title, table.description):
            assert (text.es and text.en and text.es != text.en) or table.title == text, table.name
        for column in table.columns:
            assert column.es and column.en and column.es != column.en, f"{table.name}.{column.name}"


def test_there_are_enough_questions_titled_in_spanish_and_english() -> None:
    assert len(QUESTIONS) >= 20
    for name, question in QUESTIONS.items():
        assert question["title"] and question["description"] and question["title"] != question["description"], name


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_gives_rows_as_it_opens(site: Site, name: str) -> None:
    answer = site.get(f"/comparada/{name}.json", _shape="array")
    assert answer.status == 200, answer.text[:300]
    assert json.loads(answer.body), name


@pytest.mark.parametrize("table", sorted(load_tables()))
def test_a_table_page_is_quick_and_in_spanish(site: Site, table: str) -> None:
    answer = site.get(f"/comparada/{table}")
    assert answer.status == 200 and '<html lang="es"' in answer.text
    assert load_tables()[table].title.es in answer.text and load_tables()[table].title.en in answer.text


def test_references_show_names(site: Site) -> None:
    page = site.get("/comparada/answers", jurisdiction_id="MEX", variable_id="electoral-democracy-index").text
    assert "México" in page and "Índice de democracia electoral" in page


def test_a_row_says_where_it_comes_from_and_where_to_report_an_error(site: Site) -> None:
    first = json.loads(site.sql("select result_id from results where source_id = 'parlgov' limit 1").body)[0][
        "result_id"
    ]
    page = site.get(f"/comparada/results/{first}").text
    assert "election_result.csv" in page and "CC0" in page
    assert "Informar de un error" in page and "comparada/results" in page


def test_csv_json_and_xlsx(site: Site) -> None:
    where = {"election_id": "MEX-PR-2012-07-01", "unit_id": "MEX"}
    rows = list(csv.DictReader(io.StringIO(site.get("/comparada/results.csv", **where).text)))
    assert {int(r["votes_count"]) for r in rows} >= {15_881_019, 19_220_407}
    assert len(json.loads(site.get("/comparada/results.json", _shape="array", **where).body)) == len(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(site.get("/comparada/results.xlsx", **where).body)).active
    assert 15_881_019 in {cell.value for row in sheet.iter_rows() for cell in row}


def test_formulas_in_exports_are_defused_and_numbers_stay_numbers(site: Site) -> None:
    sql = "select '=1+1' as a, '+cmd' as b, '@x' as c, -3.5 as d, '-3.5' as e, '-x' as f"
    row = next(csv.DictReader(io.StringIO(site.get("/comparada.csv", sql=sql).text)))
    assert (row["a"], row["b"], row["c"], row["f"]) == ("'=1+1", "'+cmd", "'@x", "'-x")
    assert (row["d"], row["e"]) == ("-3.5", "-3.5")
    sheet = openpyxl.load_workbook(io.BytesIO(site.get("/comparada.xlsx", sql=sql).body)).active
    assert not [c.coordinate for r in sheet.iter_rows() for c in r if c.data_type == "f"]


def test_research_sql_is_open(site: Site) -> None:
    sql = """with recent as (select * from elections where election_year >= :year)
             select chamber, count(*) as n, group_concat(distinct jurisdiction_id) as who,
             round(avg(sources_count), 2) as mean, row_number() over (order by chamber) as place from recent group by chamber"""
    answer = site.sql(sql, year="2000")
    assert answer.status == 200 and json.loads(answer.body)[0]["n"] > 0, answer.text[:300]


def test_headers_and_robots(site: Site) -> None:
    headers = site.get("/").headers
    assert "default-src" in headers["content-security-policy"] and headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
    assert "Disallow" in site.get("/robots.txt").text


# --- what it withstands ----------------------------------------------------------------------------

NUMBERS = "with recursive c(n) as (select 1 union all select n + 1 from c)"
ATTACKS = {
    "zeroblob": "select zeroblob(1000000000)",
    "randomblob": "select randomblob(1000000000)",
    "hex of a large blob": "select hex(zeroblob(500000000))",
    "wide printf": "select printf('%1000000000d', 1)",
    "wide format": "select format('%.*c', 1000000000, 'x')",
    "replace bomb": "select replace(replace(printf('%9999d', 1), ' ', printf('%9999d', 1)), ' ', printf('%9999d', 1))",
    "doubling text": "with recursive t(x) as (select 'ab' union all select x || x from t) select length(x) from t limit 40",
    "endless recursion": f"{NUMBERS} select count(*) from c",
    "endless recursion, kept": f"{NUMBERS} select group_concat(n) from c",
    "json bomb": f"{NUMBERS} select json_group_array(n) from c",
    "cross join": "select count(*) from answers a, answers b, answers c",
    "sorted cross join": "select a.answer_id from answers a, answers b order by a.value * b.value limit 1",
    "LIKE bomb": "select count(*) from answers where comment || 'aaaaaaaaaaaaaaaaaaaaaaaa' like '%a%a%a%a%a%a%a%a%a%a%a%b'",
    "GLOB bomb": "select count(*) from answers, jurisdictions where name_es glob '*a*a*a*a*a*a*a*a*b'",
    "attach": "attach database '/etc/passwd' as x",
    "pragma database_list": "select * from pragma_database_list",
    "pragma in plain": "pragma database_list",
    "pragma writing": "pragma user_version = 7",
    "load_extension": "select load_extension('libc.so.6')",
    "readfile": "select readfile('/etc/passwd')",
    "writefile": "select writefile('copia', 'y')",
    "fts3_tokenizer": "select fts3_tokenizer('simple')",
    "insert": "insert into builds values ('a', 'b', 'c', 'd')",
    "delete after comment": "/* select */ delete from answers",
    "vacuum into": "vacuum into 'copia.db'",
    "deep nesting": "select " + "(" * 1500 + "1" + ")" * 1500,
    "huge list": "select 1 in (" + ",".join(["1"] * 8000) + ")",
    "many unions": " union all ".join(["select 1"] * 600),
    "compile options": "select * from pragma_compile_options",
}
MAY_ANSWER = {
    "huge list",
    "replace bomb",
    "LIKE bomb",
    "GLOB bomb",
}  # within the limits: a small answer is a good answer


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_and_others_are_served(site: Site, name: str) -> None:
    told: list[Answer] = []
    attack = threading.Thread(target=lambda: told.append(site.sql(ATTACKS[name])))
    attack.start()
    time.sleep(0.05)
    page = site.get("/comparada/sources")
    attack.join()
    assert page.status == 200 and page.seconds < 1
    assert told[0].seconds < 5
    assert told[0].status in ((200, 400, 414) if name in MAY_ANSWER else (400, 403, 414)), told[0].text[:200]
    assert "/root" not in told[0].text and "/tmp" not in told[0].text and "Traceback" not in told[0].text
    assert site.process.poll() is None and site.memory_mib() < 1024


@pytest.mark.parametrize(
    "path",
    ["/-/databases", "/-/databases.json", "/-/plugins", "/-/plugins.json", "/-/versions", "/-/versions.json", "/-/settings",
     "/-/settings.json", "/-/threads", "/-/threads.json", "/-/config", "/-/actor.json", "/-/permissions",
     "/-/allow-debug", "/-/messages", "/-/patterns", "/comparada.db", "/-/static/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"],
)  # fmt: skip
def test_debugging_pages_and_files_are_closed(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status in (400, 403, 404), path
    assert "root:" not in answer.text and "site-packages" not in answer.text


def test_the_metadata_page_leaks_no_path(site: Site, default_root: Path) -> None:
    answer = site.get("/-/metadata.json")
    assert str(default_root) not in answer.text and str(REPOSITORY) not in answer.text


@pytest.mark.parametrize(
    "path", ["/comparada/answers?variable_id=", "/comparada/elecciones_de_un_pais?pais=", "/comparada?sql=", "/nada/"]
)
def test_markup_in_an_address_stays_text(site: Site, path: str) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = site.get(path + urllib.request.quote(hostile))
    assert hostile not in answer.text and answer.status < 500


def test_a_flood_of_slow_queries_leaves_other_pages_under_a_second(site: Site) -> None:
    slow = [threading.Thread(target=site.sql, args=(f"{NUMBERS} select count(*) + {i} from c",)) for i in range(12)]
    for thread in slow:
        thread.start()
    seconds = [site.get("/comparada/sources").seconds for _ in range(5)]
    for thread in slow:
        thread.join()
    assert max(seconds) < 1, seconds


def test_a_busy_port_is_told(site: Site, default_root: Path) -> None:
    result = comparada("serve", "--port", str(site.port), root=default_root)
    assert result.returncode == 1 and "--port" in result.stderr and "Traceback" not in result.stderr


def test_a_broken_descriptor_leaves_the_old_base_serving(built: Path, tiny: Path) -> None:
    path = tiny / "datasets/votos/source.yml"
    path.write_text(path.read_text("utf-8").replace("percent: true", "percnt: true"), "utf-8")
    (tiny / "metadata.yml").write_text("title: Prueba\n", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "comparada", "--root", str(tiny), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    old = Site(port, process)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                assert old.get("/comparada/answers").status == 200
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
    finally:
        process.terminate()
        told = process.communicate()[1].decode("utf-8")
    assert "percnt" in told and "Se publica la base anterior" in told
