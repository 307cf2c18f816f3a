"""docs/adding-a-source.md, followed word for word on the default knowledge base."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import REPOSITORY, comparada

from ingest.descriptor.reading import load_descriptor

GUIDE = (REPOSITORY / "docs/adding-a-source.md").read_text("utf-8")
BLOCK = r"<!-- {mark} -->\n```\w+\n(.*?)```"


def blocks(mark: str) -> list[tuple[str, ...]]:
    return [m if isinstance(m, tuple) else (m,) for m in re.findall(BLOCK.format(mark=mark), GUIDE, re.DOTALL)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / "datasets", tmp_path / "datasets")
    return tmp_path


def test_the_descriptors_that_were_tried_are_valid(tmp_path: Path) -> None:
    """Their files are not in the repository; that each is whole and has its output beside it can be said here."""
    tried = blocks(r"tried: (\S+)")
    assert len(tried) >= 3
    for place, content in tried:
        path = tmp_path / place
        path.parent.mkdir()
        path.write_text(content, "utf-8")
        described = load_descriptor(path)
        assert all(f.url or f.within for f in described.files)
        for recipe in described.recipes:
            found = re.search(rf"{described.id}/{recipe.file} \[{recipe.name}\]: (\d+) filas leídas", GUIDE)
            assert found and int(found[1]) == recipe.expect.rows


def test_the_guide_holds(root: Path) -> None:
    for path, content in blocks(r"file: (\S+)"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(content, "utf-8")
    results = {}
    for line in blocks("run")[0][0].splitlines():
        words = line.split()[1:]
        results[words[0]] = comparada(*words, root=root)
    for verb, expected in blocks(r"output: (\w+)"):
        for line in expected.splitlines():
            assert line in results[verb].stdout.splitlines(), results[verb].stdout + results[verb].stderr
    assert [results[v].returncode for v in ("ingest", "check", "build")] == [0, 1, 0]
    rows = sqlite3.connect(root / "build/comparada.db").execute(
        "SELECT jurisdiction_id, value, missing FROM answers WHERE variable_id = 'referendum-turnout-quorum' ORDER BY answer_id"
    )
    assert rows.fetchall() == [("ITA", 50.0, None), ("CIV", None, "not_specified_in_law")]
