"""The running server under hostile SQL: it refuses in words, stays small, and answers others meanwhile."""

from __future__ import annotations

import os

import httpx
import pytest
from conftest import REPOSITORY
from hostile_sql import MAY_ANSWER_SQL, REFUSED_AS_FILES, REFUSED_SQL
from running_server import LONGEST_ATTACK_SECONDS, Watched


def assert_no_folder_leaks(server: Watched, response: httpx.Response) -> None:
    told = response.text + str(response.headers)
    for leak in (str(server.root), str(REPOSITORY), "site-packages", "Traceback", "root:x:", os.sep + "build"):
        assert leak not in told


@pytest.mark.parametrize(
    ("form", "name"),
    [
        *((form, name) for form in (".json", "") for name in (*REFUSED_SQL, *MAY_ANSWER_SQL)),
        *((form, name) for form in (".csv", ".xlsx") for name in (*REFUSED_AS_FILES, *MAY_ANSWER_SQL)),
    ],
)
def test_sql_is_answered_or_refused_in_time(server: Watched, client: httpx.Client, name: str, form: str) -> None:
    since = len(server.taken)
    sql = {**REFUSED_SQL, **MAY_ANSWER_SQL}[name]
    arguments = {"list": str([1] * 300)} if ":list" in sql else {}
    response = client.get(f"/comparada{form}", params={"sql": sql, **arguments})
    assert response.status_code == 400 or (name in MAY_ANSWER_SQL and response.status_code == 200), response.text[:300]
    assert response.elapsed.total_seconds() < LONGEST_ATTACK_SECONDS
    assert_no_folder_leaks(server, response)
    server.assert_sound(since)


def test_none_of_this_filled_the_log(server: Watched) -> None:
    server.assert_log_is_short()
