"""`comparada serve` as a person runs it: it answers with data, tells what is wrong, and ends when asked to."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest
from conftest import comparada
from running_server import serving


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_answers_there_and_ends(
    default_root: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    with serving(default_root, tmp_path / "log") as running:
        assert httpx.get(f"{running.address}/comparada/sources").status_code == 200
        running.process.send_signal(ending)
        running.process.wait(5)
    assert "Traceback" not in running.log.read_text("utf-8")


def test_a_busy_port_is_told(default_root: Path, tmp_path: Path) -> None:
    with serving(default_root, tmp_path / "log") as running:
        result = comparada("serve", "--port", str(running.port), root=default_root)
    assert result.returncode == 1 and "--port" in result.stderr and "Traceback" not in result.stderr


def test_a_broken_descriptor_leaves_the_old_base_serving(built: Path, tiny: Path, tmp_path: Path) -> None:
    path = tiny / "datasets/votos/source.yml"
    path.write_text(path.read_text("utf-8").replace("percent: true", "percnt: true"), "utf-8")
    (tiny / "metadata.yml").write_text("title: Prueba\n", "utf-8")
    with serving(tiny, tmp_path / "log") as running:
        assert httpx.get(f"{running.address}/comparada/answers").status_code == 200
    told = running.log.read_text("utf-8")
    assert "percnt" in told and "Se publica la base anterior" in told
