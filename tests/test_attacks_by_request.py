"""The running server under hostile addresses, methods, headers and bytes: refused in words, nothing leaks."""

from __future__ import annotations

import socket
from urllib.parse import quote

import httpx
import pytest
from conftest import REPOSITORY
from hostile_sql import ENDLESS
from running_server import LONGEST_ATTACK_SECONDS, Watched

REFUSED_PATHS = {
    "databases": "/-/databases",
    "databases as json": "/-/databases.json",
    "plugins": "/-/plugins.json",
    "versions": "/-/versions.json",
    "settings": "/-/settings.json",
    "config": "/-/config.json",
    "threads": "/-/threads.json",
    "actor": "/-/actor.json",
    "permissions": "/-/permissions",
    "allow-debug": "/-/allow-debug",
    "messages": "/-/messages",
    "patterns": "/-/patterns",
    "auth-token": "/-/auth-token?token=x",
    "logout": "/-/logout",
    "encoded": "/%2D/databases",
    "double slash": "//-/databases",
    "dots": "/x/../-/databases",
    "internal": "/_internal",
    "internal table": "/_internal/databases.json",
    "internal sql": "/_internal.json?sql=select+*+from+databases",
    "memory": "/_memory?sql=select+1",
    "memory alias": "/:memory:/x",
    "download": "/comparada.db",
    "static traversal": "/-/static/../../app.py",
    "static traversal encoded": "/-/static/%2e%2e/%2e%2e/app.py",
    "plugin static traversal": "/-/static-plugins/comparada/../plugin.py",
    "plugin static traversal encoded": "/-/static-plugins/comparada/..%2f..%2fplugin.py",
    "absolute path": "/-/static//etc/passwd",
    "etc": "/../../../../etc/passwd",
    "null byte": "/comparada/elections%00.json",
    "null in an argument": "/comparada?sql=select+%00",
    "memory by a dot": "/:memory:.json?sql=select+1",
    "internal in tildes": "/~5Finternal.json",
    "internal in percents": "/%5Finternal/databases",
    "memory in tildes": "/~3Amemory~3A",
    "statements of others": "/comparada/sqlite_stmt.json",
    "pragma as a table": "/comparada/pragma_database_list.json",
    "backslash": "/\\example.org/",
    "another site's address": "http://example.org/comparada",
    "giant path": "/" + "a" * 5000,
    "giant query": "/comparada?sql=" + "a" * 35000,
    "many arguments": "/comparada/elections?" + "&".join(f"a{i}=1" for i in range(500)),
    "many facets": "/comparada/answers?" + "&".join(["_facet=comment"] * 30),
    "broken json": "/comparada/elections?_through={",
    "broken facet": '/comparada/elections?_facet={"',
    "broken list": "/comparada/elections?chamber__in=[1",
    "size": "/comparada/elections?_size=1000000000",
    "negative size": "/comparada/elections?_size=-1",
    "unknown sort": "/comparada/elections?_sort=nothing",
    "where with union": "/comparada/elections?_where=1+union+select+*+from+sqlite_stmt",
    "where with a bomb": "/comparada/elections?_where=zeroblob(1000000000)",
    "where with a cross join": "/comparada/elections?_where=1=(select+count(*)+from+answers+a,answers+b,answers+c)",
    "unknown column": "/comparada/elections?_col=nothing",
    "unknown row": "/comparada/elections/nothing",
    "sort both ways": "/comparada/elections?_sort=chamber&_sort_desc=chamber",
    "unknown shape": "/comparada/elections.json?_shape=nothing",
    "infinity neither on nor off": "/comparada/elections.json?_json_infinity=perhaps",
    "facet without a column": "/comparada/elections?_facet={}",
    "facet of a number": '/comparada/elections?_facet_array={"column":1}',
    "through without a table": "/comparada/elections?_through={}",
    "through a list": '/comparada/elections?_through={"table":"results","column":[1],"value":"1"}',
    "through an unrelated table": '/comparada/elections?_through={"table":"topics","column":"topic_id","value":"1"}',
    "search in an unknown column": "/comparada/parties?_search_nothing=a",
    "raw search": '/comparada/parties?_search="&_searchmode=raw',
    "giant next": "/comparada/answers?_next=" + "1," * 10000,
    "unknown key": "/comparada/elections/a,b,c",
    "zero byte in tildes": "/comparada/elections/~00",
    "blob": "/comparada/elections/MEX-PR-2012-07-01.blob?_blob_column=name_es",
    "blob of a number": "/comparada.blob?sql=select+1+as+a&_blob_column=a",
    "xlsx of too many cells": f"/comparada.xlsx?sql=select+{','.join(['1.5'] * 199)}+from+answers+limit+20000",
    "csv of too many cells": f"/comparada.csv?sql=select+{','.join(['1.5'] * 199)}+from+answers+limit+20000",
    "xlsx of an endless query": "/comparada.xlsx?sql=" + ENDLESS.replace("+", "%2B") + "select+n+from+r+where+n%3C0",
    "csv of an endless query": "/comparada.csv?sql=" + ENDLESS.replace("+", "%2B") + "select+n+from+r+where+n%3C0",
}


def get_as_written(server: Watched, target: str, *headers: str, method: str = "GET", host: str = "localhost") -> str:
    """The whole answer to a request whose target is sent just as it stands."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    return answer_to(server, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


def answer_to(server: Watched, sent: bytes) -> str:
    """Whatever comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", server.serving.port), timeout=20) as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


@pytest.mark.parametrize("name", REFUSED_PATHS)
def test_addresses_are_refused(server: Watched, name: str) -> None:
    since = len(server.taken)
    target = REFUSED_PATHS[name].replace(" ", "+").replace('"', "%22").replace("{", "%7B").replace("}", "%7D")
    answer = get_as_written(server, target)
    status = int(answer.split(" ", 2)[1])
    if status == 302:  # an encoded or repeated slash is first brought into form
        place = answer.lower().partition("\r\nlocation: ")[2].partition("\r\n")[0]
        assert place.startswith("/") and not place.startswith(("//", "/\\"))
        answer = get_as_written(server, place)
        status = int(answer.split(" ", 2)[1])
    assert status in (400, 403, 404, 414, 431), answer[:400]
    for leak in (str(server.root), str(REPOSITORY), "site-packages", "Traceback", "root:x:", "hookimpl", "def "):
        assert leak not in answer
    server.assert_sound(since)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "DATA", "__CLASS__"])
def test_nothing_can_be_sent(server: Watched, method: str) -> None:
    for target in ("/", "/comparada", "/comparada/elections", "/comparada/elecciones_de_un_pais"):
        status = int(get_as_written(server, target, "Content-Length: 0", method=method).split(" ", 2)[1])
        assert status in (400, 405)


@pytest.mark.parametrize(
    "host", ['example.org"><script>alert(1)</script>', "a b", "example.org/%0d%0aX: y", "{{7*7}}", "a" * 5000]
)
def test_a_strange_host_is_refused(server: Watched, host: str) -> None:
    answer = get_as_written(server, "/comparada/elections", host=host)
    assert answer.split(" ", 2)[1] in ("400", "431")
    assert "<script>alert" not in answer


@pytest.mark.parametrize(
    "target",
    [
        "/comparada/elections?_next=%0d%0aX-Injected:%20yes",
        "/comparada?sql=select+1%0d%0aX-Injected:%20yes",
        "/%0d%0aX-Injected:%20yes/",
        "/comparada/elections%0d%0aX-Injected:%20yes",
        "/comparada.csv?sql=select+1&_dl=%0d%0aX-Injected:%20yes",
    ],
)
def test_no_header_can_be_injected(server: Watched, target: str) -> None:
    head = get_as_written(server, target).partition("\r\n\r\n")[0]
    assert "\nx-injected" not in head.lower()


@pytest.mark.parametrize(
    "target",
    [
        "/comparada/elections?_search={}",
        "/comparada/elections?name_es__contains={}",
        "/comparada/elections?_where='{}'='1'",
        "/comparada/elections?_sort={}",
        "/comparada/elections?{}=1",
        "/comparada/elecciones_de_un_pais?pais={}",
        "/comparada?sql=select+'{}'",
        "/comparada?sql=select+1+as+%22{}%22",
        "/comparada?sql=select+'http://x/{}'",
        "/comparada?sql=select+'javascript:{}'",
        "/comparada/{}",
        "/comparada/elections/{}",
        "/{}",
    ],
)
def test_no_script_can_be_slipped_in(server: Watched, target: str) -> None:
    for script in ("<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>"):
        answer = get_as_written(server, target.format("".join(f"%{ord(c):02x}" for c in script)))
        assert script not in answer
        assert "<img src=x" not in answer
        assert "content-security-policy: default-src 'none'" in answer.lower()
        assert 'href="javascript:' not in answer


@pytest.mark.parametrize(
    "arguments",
    ["_trace=1", "_context=1", "_ttl=999999999", "_timelimit=999999", "_timelimit=x", "_size=max&_trace=1",
     "_trac%65=1", "%5Fttl=999999999", "_extra=request,context,debug"],
)  # fmt: skip
def test_debugging_arguments_do_nothing(client: httpx.Client, arguments: str) -> None:
    for path in ("/comparada/elections", "/comparada/elections.json", "/comparada/elections.csv"):
        response = client.get(f"{path}?{arguments}")
        assert response.status_code == 200
        assert "_trace" not in response.text[:200]
        assert "textarea" not in response.text[:300]
        assert "999999999" not in response.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\xfe garbage\r\n\r\n",
        b"GET / HTTP/0.9\r\nConnection: close\r\n\r\n",
        b"GET /comparada/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /comparada HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /comparada HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + b"X: a\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: zzz\r\n\r\n0\r\n\r\n",
    ],
    ids=["bytes", "version", "path", "no host", "two hosts", "long header", "many headers", "two lengths"],
)
def test_a_malformed_request_does_no_harm(server: Watched, sent: bytes) -> None:
    try:
        answer = answer_to(server, sent)
    except ConnectionResetError:
        answer = ""  # as good an answer as any
    assert answer.partition("\r\n")[0].split(" ")[1:2] in ([], ["200"], ["400"], ["431"])
    server.assert_sound(len(server.taken))


@pytest.mark.parametrize(
    "header",
    [
        "Cookie: ds_actor=eyJhIjp7ImlkIjoicm9vdCJ9fQ.x; ds_messages=x; ds_csrftoken=x",
        "Authorization: Bearer dstok_x",
        "X-Forwarded-Host: example.org",
        "X-Forwarded-For: 127.0.0.1, ::1",
        "X-Original-URL: /-/databases",
        "X-HTTP-Method-Override: DELETE",
        "If-None-Match: *",
        "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT",
        "Range: bytes=0-,0-,0-",
        "Accept-Encoding: x, *;q=0",
        "Accept: application/octet-stream",
        "Origin: https://example.org",
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ],
)
def test_headers_open_no_door(server: Watched, header: str) -> None:
    answer = get_as_written(server, "/comparada/elections.json?_size=1", header)
    head, _, body = answer.partition("\r\n\r\n")
    assert head.split(" ")[1] == "200"
    assert '"rows"' in body
    assert "example.org" not in answer
    assert "access-control" not in head.lower()
    assert "set-cookie" not in head.lower()
    assert get_as_written(server, "/-/databases.json", header).split(" ")[1] == "404"
    assert get_as_written(server, "/_internal.json", header).split(" ")[1] == "404"


@pytest.mark.parametrize(
    "path", ["/", "/comparada/elections", "/comparada/answers.csv?_stream=on&_size=max", "/comparada/elections.xlsx"]
)
def test_the_head_alone_costs_no_more_than_a_page(client: httpx.Client, path: str) -> None:
    response = client.head(path)
    assert response.status_code == 200
    assert not response.content
    assert response.elapsed.total_seconds() < LONGEST_ATTACK_SECONDS


def test_names_may_be_written_in_tildes(client: httpx.Client) -> None:
    plain = client.get("/comparada/elections/MEX-PR-2012-07-01.json").json()["rows"]
    assert client.get("/~63omparada/~65lections/MEX~2DPR~2D2012~2D07~2D01.json").json()["rows"] == plain


def test_a_file_that_fails_half_way_does_not_look_whole(client: httpx.Client) -> None:
    late = "case when answer_id > 5000 then json_extract('x', '$') else 1 end"
    path = f"/comparada/answers.csv?_stream=on&_size=max&_where={quote(late)}"
    with client.stream("GET", path) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n",
    ],
)
def test_what_is_no_request_is_not_told_in_the_log(server: Watched, sent: bytes) -> None:
    before = server.serving.log.read_text("utf-8")
    assert answer_to(server, sent).startswith("HTTP/1.1 ")
    assert server.serving.log.read_text("utf-8") == before


def test_none_of_this_filled_the_log(server: Watched) -> None:
    server.assert_log_is_short()
