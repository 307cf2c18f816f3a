"""docs/sources.md: every account adds up, and what git holds is what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import REPOSITORY, Run

from comparada.sources_report import COUNTS, Unbalanced, main, sources_report
from ingest.descriptor.reading import load_descriptors
from ingest.facts import fact_rows
from ingest.workspace import Workspace

PAGE = REPOSITORY / "docs/sources.md"
ROW = re.compile(r"\| (?P<file>[^|]+) \| (?P<recipe>[^|]+) \| (?P<counts>(?:[\d,]+ \| ){5}[\d,]+) \|")


def told(text: str) -> dict[tuple[str, str, str], list[int]]:
    """(source, file, recipe) → its six counts."""
    accounts: dict[tuple[str, str, str], list[int]] = {}
    source = ""
    for line in text.splitlines():
        source = line.removeprefix("## ") if line.startswith("## ") else source
        if match := ROW.fullmatch(line):
            counts = [int(c.replace(",", "")) for c in match["counts"].split(" | ")]
            accounts[source, match["file"], match["recipe"]] = counts
    return accounts


def test_every_account_on_the_page_adds_up() -> None:
    accounts = told(PAGE.read_text("utf-8"))
    assert len({source for source, _, _ in accounts}) == len(list((REPOSITORY / "datasets").glob("*/source.yml")))
    for place, (read, loaded, rejected, excluded, duplicates, _) in accounts.items():
        assert read == loaded + rejected + excluded + duplicates, place


def test_the_page_says_what_the_facts_in_the_repository_say() -> None:
    accounts = told(PAGE.read_text("utf-8"))
    workspace = Workspace(REPOSITORY)
    for d in load_descriptors(workspace).values():
        if d.in_repository:
            rows = fact_rows(workspace.facts(d.id, in_repository=True), "file_accounts")
            wanted = {(d.id, r["raw_file"], r["recipe"]): [int(r[c]) for c in COUNTS] for r in rows}
            assert {k: v for k, v in accounts.items() if k[0] == d.id} == wanted, f"run: {main.__module__}"


def test_every_file_of_every_descriptor_is_named() -> None:
    text = PAGE.read_text("utf-8")
    for d in load_descriptors(Workspace(REPOSITORY)).values():
        section = text.partition(f"## {d.id}\n")[2].partition("\n## ")[0]
        assert [f.path for f in d.files if f.path not in section] == [], d.id


def test_it_is_written_from_what_is_ingested_and_names_the_rest(tiny: Path, run: Run, tmp_path: Path) -> None:
    assert run("ingest", "jurisdictions", "reference").returncode == 0
    page = tmp_path / "sources.md"
    assert main(["--root", str(tiny), "--to", str(page), "--date", "2026-01-01"]) == 0
    text = page.read_text("utf-8")
    assert "Written on 2026-01-01" in text and "not accounted for: votos." in text
    assert told(text)["jurisdictions", "jurisdictions.csv", "jurisdictions"] == [8, 8, 0, 0, 0, 8]
    assert run("ingest", "votos").returncode == 0
    assert main(["--root", str(tiny), "--to", str(page), "--date", "2026-01-01"]) == 0
    assert {source for source, _, _ in told(page.read_text("utf-8"))} == {"jurisdictions", "reference", "votos"}


def test_an_account_that_does_not_add_up_is_refused(built: Path, tiny: Path, tmp_path: Path) -> None:
    path = tiny / "datasets/votos/facts/file_accounts.csv"
    header, row = path.read_text("utf-8").splitlines()[:2]
    cells = row.split(",")
    cells[2] = str(int(cells[2]) + 1)
    path.write_text(f"{header}\n{','.join(cells)}\n", "utf-8")
    with pytest.raises(Unbalanced, match="votos"):
        sources_report(Workspace(tiny), "2026-01-01")
    assert main(["--root", str(tiny), "--to", str(tmp_path / "sources.md")]) == 1
    assert not (tmp_path / "sources.md").exists()
