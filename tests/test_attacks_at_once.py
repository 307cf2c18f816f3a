"""The running server under many requests at once: the others are left in peace and memory stays small."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hostile_sql import REFUSED_SQL
from running_server import Watched, serving

LONGEST_PAGE_BESIDE_SEARCHES_SECONDS = 0.5


def at_once(server: Watched, paths: list[str]) -> list[int]:
    """The statuses of requests that are all sent together."""
    statuses: list[int] = []

    def ask(path: str) -> None:
        with httpx.Client(base_url=server.serving.address, timeout=120) as client:
            statuses.append(client.get(path).status_code)

    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_many_attacks_at_once_leave_the_others_in_peace(server: Watched) -> None:
    since = len(server.taken)
    slow = [
        "endless recursion", "json_group_array", "sort of an endless list", "cross join sorted",
        "distinct over a cross join", "instr over long texts", "nested ctes",
    ]  # fmt: skip
    statuses = at_once(server, [f"/comparada.json?sql={quote(REFUSED_SQL[name])}" for name in slow * 3])
    assert set(statuses) <= {400, 503}
    assert 400 in statuses
    server.assert_sound(since)


def test_many_greedy_statements_leave_memory_to_the_others(server: Watched) -> None:
    since = len(server.taken)
    statuses = at_once(server, [f"/comparada.json?sql={quote(REFUSED_SQL['nested ctes'])}"] * 16)
    assert set(statuses) <= {400, 503}
    server.assert_sound(since)


@pytest.mark.parametrize(
    "arguments", ["comment__contains=zz", "_sort=comment", "_facet=comment&_facet=value", "_search=nothing"]
)
def test_many_slow_filters_leave_the_others_in_peace(server: Watched, arguments: str) -> None:
    since = len(server.taken)
    statuses = at_once(server, [f"/comparada/answers?{arguments}&raw_row__gt={i}" for i in range(12)])
    assert set(statuses) <= {200, 503}
    server.assert_sound(since)


def test_a_flood_of_searches_leaves_other_pages_quick(server: Watched) -> None:
    deadline = time.monotonic() + 60
    with httpx.Client(base_url=server.serving.address, timeout=30) as client:
        while client.get("/-/search.json", params={"q": "voto"}).status_code == 503:  # the index is made beside
            assert time.monotonic() < deadline
            time.sleep(0.5)
    since = len(server.taken)
    questions = ("elecciones de diputados y senadores por representación proporcional", '"de la"', "a* e* p*", "democracia -voto",
                 "who can vote from abroad and how are votes counted in each country", "país:MEX año:1990..2020 partido")  # fmt: skip
    statuses: list[int] = []

    def ask(number: int) -> None:
        with httpx.Client(base_url=server.serving.address, timeout=60) as client:
            for question in questions:
                # a number of its own, so that no answer was kept from before
                answer = client.get(("/es/buscar", "/-/search.json")[number % 2], params={"q": f"{question} {number}"})
                statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503} and statuses.count(200) > len(statuses) / 2
    slowest = max(server.taken[since:])
    assert slowest < LONGEST_PAGE_BESIDE_SEARCHES_SECONDS, f"another page took {slowest:.2f} s"


def test_exports_leave_the_others_in_peace(server: Watched, client: httpx.Client) -> None:
    since = len(server.taken)

    def export(path: str) -> None:
        with httpx.Client(base_url=server.serving.address, timeout=120) as client, client.stream("GET", path) as answer:
            for count, _ in enumerate(answer.iter_raw()):
                if count > 400:  # a reader who goes away
                    break

    paths = ["/comparada/answers.xlsx", "/comparada/answers.csv?_stream=on&_size=max", "/comparada/answers?_size=1000"]
    threads = [threading.Thread(target=export, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.get("/comparada/topics.csv").elapsed.total_seconds() < 2  # nobody works for those who left
    server.assert_sound(since)


def stop_reading(port: int) -> socket.socket:
    """A reader who asks for a large file and reads none of it."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(b"GET /comparada/answers.csv?_stream=on&_size=max HTTP/1.1\r\nHost: x\r\n\r\n")
    return connection


def test_readers_who_stop_reading_do_not_close_the_door(server: Watched, client: httpx.Client) -> None:
    with ExitStack() as stuck:
        for _ in range(3):
            stuck.enter_context(stop_reading(server.serving.port))
        time.sleep(1)
        assert client.get("/comparada.json?sql=select+1").status_code == 200
        assert client.get("/comparada/elections.xlsx").status_code == 200
        assert client.get("/comparada/topics.csv").status_code == 200


def test_readers_who_stop_reading_do_not_keep_the_server_from_ending(default_root: Path, tmp_path: Path) -> None:
    with ExitStack() as stuck, serving(default_root, tmp_path / "server.log") as running:
        for _ in range(2):
            stuck.enter_context(stop_reading(running.port))
        time.sleep(1)
    # The server was told to end, and ended, while the readers were still there.
    assert running.process.returncode is not None


def test_none_of_this_filled_the_log(server: Watched) -> None:
    server.assert_log_is_short()
