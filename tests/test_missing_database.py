"""Commands that need the database say the same where it is not built: the place, and the order that builds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run


@pytest.mark.parametrize(
    "words",
    [
        ("allocate", "MEX-LC-2018-07-01", "--method", "dhondt"),
        ("compare", "--countries", "MEX", "--variables", "turnout-example"),
        ("draft", "FP", "--countries", "MEX"),
        ("export",),
        ("publish", "ficha"),
        ("search", "voto"),
    ],
    ids=lambda words: words[0],
)
def test_a_missing_database_is_told_with_its_remedy(run: Run, tiny: Path, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.returncode == 1 and not result.stdout
    assert result.stderr.splitlines() == [
        f"{tiny}/build/comparada.db: la base no está construida; constrúyala con «comparada build»",
        f"{tiny}/build/comparada.db: the database is not built; build it with 'comparada build'",
    ]


def test_a_folder_may_have_any_name(built: Path, tiny: Path, run: Run) -> None:
    """A database is opened by its address, in which %, # and ? mean something."""
    odd = tiny / "50% #1?"
    odd.mkdir()
    (tiny / "build").rename(odd / "build")
    (tiny / "datasets").rename(odd / "datasets")
    for words in (("export",), ("search", "México")):
        assert run("--root", str(odd), *words).returncode == 0, words
