"""From an installed environment to the first page with data: seconds, memory, and a build with nothing to do.

    .venv/bin/python benchmarks/first_page.py

Works on a copy of datasets/, so that nothing is built beforehand. Prints the machine and the medians of three
runs; the ratio says how much a build with nothing to do costs against a full one.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

REPOSITORY = Path(__file__).parents[1]
PAGE = "/comparada/answers?jurisdiction_id=MEX"


def command(root: Path, *words: str) -> list[str]:
    """The command line for one verb."""
    return [sys.executable, "-m", "comparada", "--root", str(root), *words]


def timed_build(root: Path) -> float:
    """Seconds of one `comparada build`."""
    start = time.perf_counter()
    subprocess.run(command(root, "build"), check=True, capture_output=True)
    return time.perf_counter() - start


def first_page(root: Path) -> float:
    """Seconds from `comparada serve` without a database to a page with data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        command(root, "serve", "--port", str(port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=10) as answer:
                    assert b"M\xc3\xa9xico" in answer.read()
                    return time.perf_counter() - start
            except (URLError, ConnectionError):
                if server.poll() is not None or time.perf_counter() - start > 300:
                    raise
                time.sleep(0.05)
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Three runs, medians."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
    pages, builds, idle = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(REPOSITORY / "datasets", root / "datasets")
        shutil.copy(REPOSITORY / "metadata.yml", root)
        for _ in range(3):
            shutil.rmtree(root / "build", ignore_errors=True)
            pages.append(first_page(root))
            (root / "build/comparada.db").unlink()
            builds.append(timed_build(root))
            idle.append(timed_build(root))
        size = (root / "build/comparada.db").stat().st_size
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"first page with data, nothing built: {statistics.median(pages):.1f} s")
    print(
        f"full build: {statistics.median(builds):.1f} s, {size / 1e6:.0f} MB on disk, at most {memory:.0f} MiB in memory"
    )
    print(
        f"build with nothing to do: {statistics.median(idle):.2f} s (ratio {statistics.median(builds) / statistics.median(idle):.0f})"
    )


if __name__ == "__main__":
    main()
