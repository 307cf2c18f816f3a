"""Bringing published files: pinned, verified, resumed, from a folder or an HTTP address."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from conftest import Run

CONTENT = b"topic_id,name_es,name_en\n" + b"x" * 300_000


class RangeHandler(SimpleHTTPRequestHandler):
    """A file server that understands `Range: bytes=N-` and remembers what it was asked."""

    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror(tmp_path: Path, tiny: Path) -> Path:
    folder = tmp_path / "mirror"
    (folder / "reference").mkdir(parents=True)
    (folder / "reference/topics.csv").write_bytes(CONTENT)
    declare(tiny, hashlib.sha256(CONTENT).hexdigest())
    return folder


def declare(root: Path, sha256: str, url: str | None = None) -> None:
    path = root / "datasets/reference/source.yml"
    address = f"url: '{url}', " if url else ""
    lines = path.read_text("utf-8").splitlines()
    lines = [
        f"files: [{{path: topics.csv, {address}sha256: '{sha256}', format: delimited}}]"
        if x.startswith("files:")
        else x
        for x in lines
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def server(mirror: Path) -> Iterator[str]:
    RangeHandler.asked = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(RangeHandler, directory=str(mirror)))
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def raw(root: Path) -> Path:
    return root / "build/raw/reference/topics.csv"


def test_from_a_folder(tiny: Path, run: Run, mirror: Path) -> None:
    assert run("fetch", "reference", "--mirror", str(mirror)).returncode == 0
    assert raw(tiny).read_bytes() == CONTENT
    assert "0 archivos traídos, 1 ya estaban" in run("fetch", "reference", "--mirror", str(mirror)).stderr


def test_from_an_address(tiny: Path, run: Run, server: str) -> None:
    assert run("fetch", "reference", "--mirror", server).returncode == 0
    assert raw(tiny).read_bytes() == CONTENT


def test_from_the_pinned_url(tiny: Path, run: Run, server: str) -> None:
    declare(tiny, hashlib.sha256(CONTENT).hexdigest(), f"{server}/reference/topics.csv")
    assert run("fetch", "reference").returncode == 0
    assert raw(tiny).read_bytes() == CONTENT


def test_an_interrupted_download_goes_on(tiny: Path, run: Run, server: str) -> None:
    part = raw(tiny).with_name("topics.csv.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:1000])
    assert run("fetch", "reference", "--mirror", server).returncode == 0
    assert raw(tiny).read_bytes() == CONTENT and not part.exists()
    assert RangeHandler.asked == ["bytes=1000-"]


def test_a_changed_file_is_an_error_that_prints_the_new_hash(tiny: Path, run: Run, mirror: Path) -> None:
    (mirror / "reference/topics.csv").write_bytes(CONTENT + b"!")
    result = run("fetch", "reference", "--mirror", str(mirror))
    assert result.returncode == 1
    assert hashlib.sha256(CONTENT + b"!").hexdigest() in result.stderr
    assert not raw(tiny).exists() and not raw(tiny).with_name("topics.csv.part").exists()


def test_a_web_page_is_called_so(tiny: Path, run: Run, mirror: Path) -> None:
    (mirror / "reference/topics.csv").write_bytes(b"<html>moved")
    assert "Es una página web" in run("fetch", "reference", "--mirror", str(mirror)).stderr


def test_an_address_that_does_not_answer(run: Run, mirror: Path) -> None:
    result = run("fetch", "reference", "--mirror", "http://127.0.0.1:9")
    assert result.returncode == 1 and "no respondió" in result.stderr and "Traceback" not in result.stderr


def test_what_a_mirror_lacks_is_told(run: Run, mirror: Path) -> None:
    (mirror / "reference/topics.csv").unlink()
    named = run("fetch", "reference", "--mirror", str(mirror))
    assert named.returncode == 1 and "no está en esa copia: topics.csv" in named.stderr
    assert run("fetch", "--mirror", str(mirror)).returncode == 0
