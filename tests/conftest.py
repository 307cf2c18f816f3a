"""Complete small roots on disk, and the command as a person runs it."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pypdfium2
import pytest
from command import comparada
from contested_base import DERIVED
from datasette.app import Datasette
from published_site import opened_site
from running_server import Watched, watched
from search_base import make_base
from written_products import HEAD, database, notices, small_root

from research.derivations import derive
from search import Engine, update_index

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


@pytest.fixture(scope="session")
def derived(default_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A copy of the default knowledge base with the derived tables filled anew."""
    path = tmp_path_factory.mktemp("derived") / "comparada.db"
    shutil.copy(default_root / "build" / "comparada.db", path)
    connection = sqlite3.connect(path)
    for table in DERIVED:
        connection.execute(f"DELETE FROM {table}")
    derive(connection)
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


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The search over the small invented base of `search_base`."""
    folder = tmp_path_factory.mktemp("search")
    database = make_base(folder / "base.db")
    update_index(database, folder / "index")
    with closing(Engine.open(database, folder / "index")) as engine:
        yield engine


@pytest.fixture(scope="session")
def products_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small root, ingested and built."""
    root = small_root(tmp_path_factory.mktemp("built"))
    for verb in ("ingest", "build"):
        assert comparada(verb, root=root).returncode == 0
    return root


@pytest.fixture(scope="session")
def products_published(products_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with two documents published: one cites Mexico in 2018, the other the Soviet Union in 1989."""
    root = tmp_path_factory.mktemp("published") / "root"
    shutil.copytree(products_built, root)
    other = root / "research/products/otro"
    other.mkdir()
    (other / "texto.md").write_text(
        HEAD.replace("en_redaccion", "publicado") + "Votó [[dato: Unión Soviética | participación | 1989]].\n", "utf-8"
    )
    assert comparada("publish", "corto", "otro", root=root).returncode == 0
    assert comparada("build", root=root).returncode == 0
    assert notices(root) == []
    return root


@pytest.fixture
def products_root(products_built: Path, tmp_path: Path) -> Path:
    """A copy of the small root, ingested and built."""
    shutil.copytree(products_built, tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def products_run(products_root: Path) -> Run:
    """`run("publish", "corto")` runs the command on that copy."""
    return lambda *words, **options: comparada(*words, root=products_root, **options)


@pytest.fixture
def products(products_root: Path) -> Path:
    """Its documents."""
    return products_root / "research/products"


@pytest.fixture
def published_root(products_published: Path, tmp_path: Path) -> Path:
    """A copy of the small root with its two published documents."""
    shutil.copytree(products_published, tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def products_db(products_root: Path) -> Iterator[sqlite3.Connection]:
    with database(products_root) as opened:
        yield opened
