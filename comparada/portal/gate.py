"""The gate before Datasette: what may come in, how much at once, and how every answer goes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn

from comparada.portal import request_checks
from comparada.portal.formula_defusing import CsvDefuser
from comparada.portal.old_addresses import present_address
from comparada.portal.plain_errors import explain
from comparada.portal.request_checks import BUSY, FAILED, Refusal, Scope, Weight, path_of
from comparada.portal.response_headers import with_safety_headers
from comparada.portal.turnstile import Turnstile
from comparada.portal.watched_database import Export, asks_much, current_export

if TYPE_CHECKING:
    from datasette.app import Datasette

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STATEMENTS_AT_ONCE = 2
SCANS_AT_ONCE = 2
STREAMS_AT_ONCE = 4
LONGEST_LINE = 40
LONGEST_WAIT_SECONDS = 8.0
LONGEST_STREAM_SECONDS = 180.0
LONGEST_SILENCE_SECONDS = 15.0
ROWS_SENT_TOGETHER = 50


class Gate:
    """An ASGI application around Datasette's."""

    def __init__(self, app: App, datasette: Datasette, hosts: frozenset[str]) -> None:
        self._app = app
        self._datasette = datasette
        self._hosts = hosts
        self._lines = {
            Weight.STATEMENT: Turnstile(STATEMENTS_AT_ONCE, LONGEST_LINE, LONGEST_WAIT_SECONDS),
            Weight.SCAN: Turnstile(SCANS_AT_ONCE, LONGEST_LINE, LONGEST_WAIT_SECONDS),
        }
        self._streams = Turnstile(STREAMS_AT_ONCE, LONGEST_LINE, LONGEST_WAIT_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return None
        answer = Answer(self._datasette, scope, send)
        refusal = request_checks.refusal(scope, self._datasette.setting("base_url"), self._hosts)
        if refusal:
            return await answer.refuse(refusal)
        scope = request_checks.without_dropped_arguments(scope)
        weight = request_checks.weight(scope)
        if weight is Weight.LIGHT:
            return await self._app(scope, receive, answer.send)
        asks_much.set(True)
        return await self._in_line(self._lines[weight], scope, receive, answer)

    async def _in_line(self, line: Turnstile, scope: Scope, receive: Receive, answer: Answer) -> None:
        is_csv = path_of(scope).endswith(".csv")
        if is_csv and not await self._streams.enter():
            return await answer.refuse(BUSY)
        try:
            if not await line.enter():
                return await answer.refuse(BUSY)
            # The queries are done when the answer starts; a reader who reads slowly holds no place.
            answer.when_started(line.leave)
            if is_csv:
                answer.export = Export()
                current_export.set(answer.export)
            leaving = asyncio.create_task(answer.notice_leaving(receive))
            try:
                async with asyncio.timeout(LONGEST_STREAM_SECONDS):
                    await self._app(scope, receive, answer.send)
            finally:
                leaving.cancel()
                answer.started()
        finally:
            if is_csv:
                self._streams.leave()


class Answer:
    """One answer on its way out: safe headers, no inner errors, no live formulas."""

    def __init__(self, datasette: Datasette, scope: Scope, send: Send) -> None:
        self._datasette = datasette
        self._scope = scope
        self._send = send
        self._path = path_of(scope)
        self._on_start: Callable[[], None] | None = None
        self._begun = False
        self._gone = False
        self._ended = False
        self._defuser: CsvDefuser | None = None
        self._rows: list[bytes] = []
        self.export: Export | None = None

    def when_started(self, action: Callable[[], None]) -> None:
        """Has `action` called once, when the answer starts or will never start."""
        self._on_start = action

    def started(self) -> None:
        """Calls what waits for the start, if it was not called yet."""
        action, self._on_start = self._on_start, None
        if action:
            action()

    async def send(self, message: Message) -> None:
        """Datasette's message, mended."""
        if message["type"] == "http.response.start":
            self._ended = self._ended or self._begun  # an answer that failed half-way only breaks off
            if not self._ended:
                self._begun = True
                self.started()
                await self._start(message)
        elif self.export and self.export.error:
            self._ended = True  # the connection breaks off: a file cut short must not look whole
        elif self._gone and not self._ended:
            self._break_off("the reader has gone")
        elif self._scope["method"] == "HEAD" and message.get("more_body") and not self._ended:
            await self._send({"type": "http.response.body", "body": b""})
            self._break_off("only the head was asked for")
        elif not self._ended:
            if self._defuser:
                await self._gather(message)
            else:
                await self._send_on(message)

    async def _gather(self, message: Message) -> None:
        """Datasette sends a file row by row, a thousand of them in one go; these leave together, and others get turns."""
        self._rows.append(message.get("body", b""))
        last = not message.get("more_body", False)
        if last or len(self._rows) >= ROWS_SENT_TOGETHER:
            assert self._defuser is not None
            body = self._defuser.feed(b"".join(self._rows), last)
            self._rows.clear()
            await asyncio.sleep(0)
            await self._send_on({**message, "body": body})

    def _break_off(self, reason: str) -> NoReturn:
        """Raises, so that no more of the answer is made."""
        self._ended = True
        raise ConnectionAbortedError(reason)

    async def notice_leaving(self, receive: Receive) -> None:
        """Waits until the reader has gone; from then on nothing more is made."""
        while (await receive())["type"] != "http.disconnect":
            continue
        self._gone = True

    async def _send_on(self, message: Message) -> None:
        """Sends a piece; raises TimeoutError, and sends no more, when the reader has stopped reading."""
        try:
            async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
                await self._send(message)
        except TimeoutError:
            self._ended = True
            raise

    async def _start(self, message: Message) -> None:
        status = message["status"]
        if status >= 500 and status != 503:  # 503 is ours: «not yet», in words
            return await self._replace(FAILED)
        if status == 404 and (address := await present_address(self._datasette, self._path)):
            return await self._redirect(address)
        if self.export and self.export.error:
            es, en = explain(self.export.error)
            return await self._replace(Refusal(400, es, en))
        headers = list(message.get("headers", []))
        if self._path.endswith(".csv") and status == 200:
            self._defuser = CsvDefuser()
            headers = [(n, v) for n, v in headers if n.lower() != b"content-length"]
        await self._send({**message, "headers": self._headers(headers, status)})

    async def _replace(self, refusal: Refusal) -> None:
        self._ended = True
        await self.refuse(refusal)

    async def _redirect(self, address: str) -> None:
        self._ended = True
        headers = self._headers([(b"location", address.encode()), (b"content-length", b"0")], 302)
        await self._send({"type": "http.response.start", "status": 302, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})

    async def refuse(self, refusal: Refusal) -> None:
        """Answers in plain words, as a page, as JSON or as text, whichever was asked for."""
        self.started()
        content_type, body = await self._in_words(refusal)
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
        if refusal.status == 405:
            headers.append((b"allow", b"GET, HEAD, OPTIONS"))
        if refusal.status == 503:
            headers.append((b"retry-after", b"3"))
        headers = self._headers(headers, refusal.status)
        await self._send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def _in_words(self, refusal: Refusal) -> tuple[bytes, bytes]:
        if self._path.endswith(".json"):
            told = {"ok": False, "status": refusal.status, "error": f"{refusal.es} · {refusal.en}"}
            return b"application/json; charset=utf-8", json.dumps(told, ensure_ascii=False).encode()
        if self._path.endswith((".csv", ".xlsx")):
            return b"text/plain; charset=utf-8", f"{refusal.es}\n{refusal.en}\n".encode()
        template = self._datasette.jinja_env.get_template("error.html")
        page = await template.render_async(
            status=refusal.status, es=refusal.es, en=refusal.en, urls=self._datasette.urls, menu_links=lambda: []
        )
        return b"text/html; charset=utf-8", page.encode()

    def _headers(self, headers: list[tuple[bytes, bytes]], status: int) -> list[tuple[bytes, bytes]]:
        return with_safety_headers(headers, self._path, status, self._datasette.setting("default_cache_ttl"))
