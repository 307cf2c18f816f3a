"""`comparada serve` as a process of its own, and a watch on it: whether others are answered, its memory, its log."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

SECONDS_TO_END = 6
LONGEST_ATTACK_SECONDS = 5.0
LONGEST_LIGHT_PAGE_SECONDS = 1.0
LARGEST_MEMORY_MIB = 700
LIGHT_PAGE = "/comparada/elections/MEX-PR-2012-07-01"


@dataclass(frozen=True)
class Serving:
    """`comparada serve` as a process of its own: where it answers and where its stderr goes."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])


@contextmanager
def serving(root: Path, log: Path) -> Iterator[Serving]:
    """`comparada serve` on a free port of this machine; ends with the block, and in seconds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "comparada", "--root", str(root), "serve", "--port", str(port)]
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().strip().rstrip("/")
        try:
            assert address == f"http://127.0.0.1:{port}", log.read_text("utf-8")
            yield Serving(address, process, log)
        finally:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@dataclass
class Watched:
    """A running server and what its light page took, asked again and again in the background."""

    serving: Serving
    root: Path
    taken: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask_all_the_time(self) -> None:
        with httpx.Client(base_url=self.serving.address, timeout=30) as client:
            while not self.stopped.is_set():
                start = time.perf_counter()
                try:
                    status = client.get(LIGHT_PAGE).status_code
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    return
                self.taken.append(time.perf_counter() - start)
                if status != 200:
                    self.failures.append(str(status))
                self.stopped.wait(0.05)

    def memory_mib(self) -> int:
        """The most memory that the server ever held."""
        status = Path(f"/proc/{self.serving.process.pid}/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024

    def assert_sound(self, since: int) -> None:
        assert self.serving.process.poll() is None, "the server died"
        assert not self.failures
        slowest = max(self.taken[since:], default=0.0)
        assert slowest < LONGEST_LIGHT_PAGE_SECONDS, f"another page took {slowest:.2f} s"
        assert self.memory_mib() < LARGEST_MEMORY_MIB

    def assert_log_is_short(self) -> None:
        """No attack leaves its traces, or its statement, in the log."""
        told = self.serving.log.read_text("utf-8")
        assert "Traceback" not in told
        assert "select" not in told
        assert len(told) < 20_000


@contextmanager
def watched(root: Path, log: Path) -> Iterator[Watched]:
    """`serving`, with its light page asked all the time."""
    with serving(root, log) as running:
        watched = Watched(running, root)
        asking = threading.Thread(target=watched.ask_all_the_time)
        asking.start()
        try:
            yield watched
        finally:
            watched.stopped.set()
            asking.join()
