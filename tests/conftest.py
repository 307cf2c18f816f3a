"""Complete small roots on disk, and the command as a person runs it."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pypdfium2
import pytest
from datasette.app import Datasette
from published_site import opened_site
from running_server import Watched, watched

REPOSITORY = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures"
MIRROR = REPOSITORY.parent / "shared"
needs_mirror = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"the mirror of the published files is not at {MIRROR}")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A complete root with three small sources, nothing ingested yet."""
    root = tmp_path / "root"
    shutil.copytree(FIXTURES / "tiny", root)
    return root


@pytest.fixture
def documents_root(tiny: Path) -> Path:
    """The same with a source of three documents: two parallel notes and a law."""
    shutil.copytree(FIXTURES / "documents", tiny / "datasets/notas")
    return tiny


def facts(root: Path, source: str, table: str) -> list[dict[str, str]]:
    """The rows that a source's file of facts in the repository holds for a table."""
    with (root / "datasets" / source / "facts" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pdf_pages(path: Path) -> list[str]:
    """The text of each page of a PDF, as PDFium gives it."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def comparada(*words: str, root: Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "comparada", "--root", str(root), *words]
    environment = {**os.environ, "COLUMNS": "200", "PYTHONWARNINGS": "default"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def run(tiny: Path) -> Run:
    """`run("build")` runs the command on the small root."""
    return lambda *words, **options: comparada(*words, root=tiny, **options)


@pytest.fixture
def built(tiny: Path, run: Run) -> Path:
    """The small root, ingested and built; gives the database."""
    assert run("ingest").returncode == 0
    assert run("build").returncode == 0
    return tiny / "build" / "comparada.db"


@pytest.fixture(scope="session")
def default_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The knowledge base that git holds, built once for all tests, in a folder of its own."""
    root = tmp_path_factory.mktemp("default")
    shutil.copytree(REPOSITORY / "datasets", root / "datasets")
    shutil.copy(REPOSITORY / "metadata.yml", root)
    if (products := REPOSITORY / "research" / "products").is_dir():
        shutil.copytree(products, root / "research" / "products")
    result = comparada("build", root=root)
    assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="session")
def default_db(default_root: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the default knowledge base."""
    path = default_root / "build" / "comparada.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield connection
    connection.close()


@pytest.fixture
async def site(default_root: Path) -> AsyncIterator[Datasette]:
    """The published site over the default knowledge base and its index, through Datasette's own client."""
    build = default_root / "build"
    async with opened_site(build / "comparada.db", index=build / "index") as site:
        yield site


@pytest.fixture(scope="module")
def server(default_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The default knowledge base, served to a module's attacks and watched meanwhile."""
    with watched(default_root, tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running


@pytest.fixture
def client(server: Watched) -> Iterator[httpx.Client]:
    """A reader of that server."""
    with httpx.Client(base_url=server.serving.address, timeout=60) as client:
        yield client
