"""Precision and recall of the citations on hand-marked pages; docs/documents.md reports the figures."""

from __future__ import annotations

import re
import subprocess
import sys

from conftest import MIRROR, REPOSITORY, needs_mirror

LINE = re.compile(
    r"^(.+): precision ([\d.]+) \(.*\), recall ([\d.]+) \(.*\), places in the article right ([\d.]+) ", re.MULTILINE
)
GUIDE = (REPOSITORY / "docs/documents.md").read_text("utf-8")


@needs_mirror
def test_the_figures_are_those_that_are_reported() -> None:
    command = [sys.executable, "-m", "benchmarks.citations", "--mirror", str(MIRROR)]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    figures = {name: tuple(map(float, values)) for name, *values in LINE.findall(result.stdout)}
    assert set(figures) == {"INE/JGE52/2022", "other pages", "all"}
    for name, (precision, recall, _) in figures.items():
        assert precision >= 0.9 and recall >= 0.9, (name, precision, recall)
    for line in result.stdout.splitlines():
        if LINE.match(line):
            assert line in GUIDE, "docs/documents.md reports other figures: run the command and put them there"
