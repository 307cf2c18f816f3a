"""The published site through Datasette's own client: opened and closed, asked with SQL, its pages read as a strict browser would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette

from comparada.serving import make_datasette

METADATA = Path(__file__).parents[1] / "metadata.yml"
QUESTIONS: dict[str, dict[str, Any]] = yaml.safe_load(METADATA.read_text("utf-8"))["databases"]["comparada"]["queries"]


@asynccontextmanager
async def opened_site(database: Path, metadata: Path = METADATA, **more: Any) -> AsyncIterator[Datasette]:
    """The site over that database; `more` as `make_datasette` takes it. Ends with the block, files and threads too."""
    datasette = make_datasette(database, metadata, **more)
    await datasette.invoke_startup()
    try:
        yield datasette
    finally:
        datasette.executor.shutdown()
        for opened in datasette.databases.values():
            opened.close()


async def rows_of(site: Datasette, sql: str, **arguments: str) -> list[dict[str, Any]]:
    """What the site answers to a statement, a row a dictionary."""
    response = await site.client.get("/comparada.json", params={"sql": sql, "_shape": "array", **arguments})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


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
