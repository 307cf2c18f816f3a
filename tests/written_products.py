"""Documents as people write them, in a small knowledge base of their own: written, published, looked at again."""

from __future__ import annotations

import datetime
import html
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command import comparada

from research.faults import TextError
from research.publishing.publish import publish

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = """---
tipo: NI
linea: perspectiva_comparada
procedimiento: S.5.01.1.01
titulo: {es: Una nota, en: A note}
fecha_de_corte: 2026-11-24
estado: en_redaccion
---
"""
TODAY = datetime.date(2026, 11, 24)


def small_root(folder: Path) -> Path:
    """The small root with a law and a short document in it."""
    root = folder / "root"
    shutil.copytree(FIXTURES / "tiny", root)
    # the small source tells its rule a year at a time; here it says from when, as sources of rules do
    edit(
        root / "datasets/votos/source.yml", "          compulsory-example: {code: regla}\n",
        "      - subject: pais\n        period: anio\n        untilNext: true\n"
        "        variables:\n          compulsory-example: {code: regla}\n",
    )  # fmt: skip
    shutil.copytree(FIXTURES / "laws", root / "datasets/leyes")
    shutil.copytree(FIXTURES / "products/corto", root / "research/products/corto")
    return root


@contextmanager
def database(root: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(f"file:{root / 'build/comparada.db'}?mode=ro", uri=True)
    try:
        yield opened
    finally:
        opened.close()


def asked(root: Path, question: str) -> list[tuple[object, ...]]:
    with database(root) as opened:
        return opened.execute(question).fetchall()


def built_again(root: Path) -> None:
    for verb in ("ingest", "build"):
        told = comparada(verb, root=root)
        assert told.returncode == 0, told.stderr


def faults(connection: sqlite3.Connection, products: Path, text: str, head: str = HEAD) -> list[str]:
    """What is wrong with a text, as it is told in Spanish."""
    folder = products / "prueba"
    folder.mkdir(exist_ok=True)
    (folder / "texto.md").write_text(head + text, "utf-8")
    with pytest.raises(TextError) as caught:
        publish(connection, products, "prueba", products.parent / "drafts", TODAY, ("html",))
    return caught.value.es.splitlines()


def published_html(connection: sqlite3.Connection, products: Path, text: str, head: str = HEAD) -> str:
    (products / "prueba").mkdir(exist_ok=True)
    (products / "prueba/texto.md").write_text(head + text, "utf-8")
    drafts = products.parent / "drafts"
    publish(connection, products, "prueba", drafts, TODAY, ("html",))
    return (drafts / "prueba/prueba.html").read_text("utf-8")


def words_of(page: str) -> str:
    """The text of a page without its marks of notes."""
    body = re.sub(r'<a [^>]*role="doc-noteref".*?</a>', "", page.split('<main id="text">', 1)[1], flags=re.DOTALL)
    spaced = re.sub(r"</(?:p|td|th|h\d|li|div|figcaption)>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", spaced)).split())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def notices(root: Path) -> list[str]:
    told = comparada("check", root=root)
    return [line for line in told.stdout.splitlines() if line.startswith("research/products/")]


def heads_of(path: Path) -> str:
    """What stands at the head of the pages of a Word file."""
    with zipfile.ZipFile(path) as file:
        parts = sorted(name for name in file.namelist() if re.match(r"word/header\d*\.xml", name))
        return "|".join("".join(ElementTree.fromstring(file.read(name)).itertext()) for name in parts)
