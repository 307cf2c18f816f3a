"""Hard names: each means one jurisdiction at its date, or nobody. The lists are in fixtures/jurisdictions/."""

from __future__ import annotations

import csv

import pytest
from conftest import FIXTURES, REPOSITORY

from ingest.descriptor.reading import load_descriptors
from ingest.gazetteer import Gazetteer
from ingest.ingestion import load_gazetteer
from ingest.workspace import Workspace

NAME_SCHEMES = {language: f"name_{language}" for language in ("es", "en", "fr", "pt")}


def cases(name: str) -> list[dict[str, str]]:
    with (FIXTURES / "jurisdictions" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    workspace = Workspace(REPOSITORY)
    return load_gazetteer(workspace, load_descriptors(workspace).values())


def find(gazetteer: Gazetteer, case: dict[str, str]) -> str | None:
    scheme = NAME_SCHEMES.get(case["language_or_scheme"], case["language_or_scheme"])
    day = f"{case['year']}-12-31" if case["year"] else None
    return gazetteer.find(scheme, case["name"], day).jurisdiction_id


def test_hard_names(gazetteer: Gazetteer) -> None:
    hard = cases("hard_names.csv")
    assert len(hard) >= 150
    wrong = [(c, found) for c in hard if (found := find(gazetteer, c)) != c["jurisdiction_id"]]
    assert not wrong


def test_ambiguous_names_mean_nobody_and_come_with_candidates(gazetteer: Gazetteer) -> None:
    for case in cases("ambiguous_names.csv"):
        assert find(gazetteer, case) is None, case
    assert gazetteer.find("name", "Gemany", "2000-12-31").candidates[0] == "germany (DEU)"


def test_every_jurisdiction_has_its_names_in_four_languages() -> None:
    with (REPOSITORY / "datasets/jurisdictions/jurisdictions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert all(row[f"name_{language}"] for language in NAME_SCHEMES), row["jurisdiction_id"]
