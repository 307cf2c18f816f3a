"""The documents that the repository carries: parallel in two languages, with figures and citations that hold."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import defaultdict
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

FOLDER = REPOSITORY / "datasets/comparada-documents"
LAWS = "CPEUM|LGIPE|LGPP|LGSMIME"
Document = tuple[dict[str, Any], str]


def read(path: Path) -> Document:
    """The front matter and the text below it."""
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


@pytest.fixture(scope="module")
def works() -> dict[str, dict[str, Document]]:
    """Work → language → document."""
    found: defaultdict[str, dict[str, Document]] = defaultdict(dict)
    for path in sorted(FOLDER.glob("*.md")):
        head, body = read(path)
        assert path.name.endswith(f".{head['language']}.md"), path.name
        found[head["work"]][head["language"]] = head, body
    return dict(found)


def test_the_four_works_are_there_in_spanish_and_english(works: dict[str, dict[str, Document]]) -> None:
    assert set(works) == {"mexican-electoral-regime", "how-each-index-is-computed", "electoral-glossary", "how-to-cite"}
    for work, versions in works.items():
        assert {"es", "en"} <= set(versions), work
    assert "fr" in works["electoral-glossary"]


def test_their_metadata_name_what_exists(works: dict[str, dict[str, Document]]) -> None:
    with (REPOSITORY / "datasets/reference/topics.csv").open(encoding="utf-8", newline="") as file:
        topics = {row["topic_id"] for row in csv.DictReader(file)}
    for work, versions in works.items():
        for language, (head, body) in versions.items():
            assert head["id"] == f"{work}-{language}"
            assert set(head["topics"]) <= topics, head["id"]
            assert head["creator"] == "Comparada"
            assert head["rights"] == "CC-BY-4.0"
            assert head["line"] in ("regimen_mexicano", "programas_ine", "perspectiva_comparada")
            assert body.split("\n", 2)[1] == f"# {head['title']}"


def test_both_languages_have_the_same_structure(works: dict[str, dict[str, Document]]) -> None:
    for work, versions in works.items():
        outlines = {
            language: [line.split(" ")[0] for line in body.splitlines() if re.match(r"#+ ", line)]
            for language, (_, body) in versions.items()
        }
        assert len({tuple(outline) for outline in outlines.values()}) == 1, work


def test_both_languages_cite_the_same_articles(works: dict[str, dict[str, Document]]) -> None:
    """Paragraph by paragraph: every law with the numbers that follow it, up to the next law or the end of the brackets."""

    def cited(paragraph: str) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (match[1], tuple(re.findall(r"\d+", match[2])))
            for match in re.finditer(rf"\b({LAWS}), (?:articles?|artículos?) ([^;)|]*)", paragraph)
        ]

    spanish, english = (works["mexican-electoral-regime"][x][1].split("\n\n") for x in ("es", "en"))
    assert len(spanish) == len(english)
    for one, other in zip(spanish, english, strict=True):
        assert cited(one) == cited(other), one
    assert sum(len(cited(paragraph)) for paragraph in spanish) > 100


def test_every_statement_on_the_mexican_regime_names_its_article(works: dict[str, dict[str, Document]]) -> None:
    """Each paragraph on the rules cites an article, save the one on how the edition marks what regained force."""
    _, body = works["mexican-electoral-regime"]["es"]
    rules = body[body.index("## Marco legal") : body.index("## Fuentes")]
    paragraphs = [p for p in rules.split("\n\n") if p.strip() and not p.startswith("#")]
    assert len(paragraphs) > 40
    (about_the_edition,) = (p for p in paragraphs if "artículo" not in p)
    assert "entre corchetes" in about_the_edition


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_worked_example_of_the_indices_is_right(works: dict[str, dict[str, Document]], language: str) -> None:
    """Each result is computed here anew from the table of the example, by the formula that the document gives."""
    _, body = works["how-each-index-is-computed"][language]
    rows = re.findall(r"^\| [A-D] \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", body, re.MULTILINE)
    before, votes, seats, seats_pct = (tuple(int(x) for x in column) for column in zip(*rows, strict=True))
    assert sum(before) == sum(votes) == sum(seats_pct) == 100
    assert seats_pct == tuple(100 * s // sum(seats) for s in seats)
    v, s = [x / 100 for x in votes], [x / 100 for x in seats_pct]
    gaps = [a - b for a, b in zip(votes, seats_pct, strict=True)]

    def squares(shares: list[float]) -> float:
        return sum(p * p for p in shares)

    def golosov(shares: list[float]) -> float:
        return sum(p / (p + max(shares) ** 2 - p * p) for p in shares)

    def molinar(shares: list[float]) -> float:
        return 1 + (squares(shares) - max(shares) ** 2) / squares(shares) ** 2

    units, product = (30, 42, 54), 5 * 200
    positions = (7, 4, 2, 9)
    mean = sum(p * x for p, x in zip(v, positions, strict=True))
    results = (
        f"{1 / squares(v):.2f}", f"{1 / squares(s):.2f}", f"{golosov(v):.2f}", f"{golosov(s):.2f}",
        f"{molinar(v):.2f}", f"{molinar(s):.2f}", f"{1 - squares(v):.3f}", f"{squares(v):.3f}",
        f"{sqrt(sum(g * g for g in gaps) / 2):.2f}", f"{sum(map(abs, gaps)) / 2:.1f}",
        f"{sum(map(abs, gaps)) / len(gaps):.1f}", f"{max(map(abs, gaps)):.1f}",
        f"{sum(g * g / x for g, x in zip(gaps, votes, strict=True)):.2f}",
        *(f"{b / a:.2f}" for a, b in zip(votes, seats_pct, strict=True)),
        f"{sum(abs(a - b) for a, b in zip(votes, before, strict=True)) / 2:.1f}",
        f"{votes[0] - votes[1]}", f"{100 * 620 / 1000:.1f} %", f"{100 * 620 / 1100:.1f} %",
        f"{75 / 6:.1f} %", f"{75 / (6 * sqrt(200 / 5)):.2f} %",
        f"{product ** (1 / 6):.2f}", f"{product ** (-1 / 8):.2f}",
        f"{(product ** (1 / 4) + 1) ** (2 / 3):.2f}", f"{(product ** (1 / 4) + 1) ** (-1 / 2):.2f}",
        f"{1 - sum(abs(a - b) for a in units for b in units) / (2 * len(units) * sum(units)):.3f}",
        f"{sqrt(sum(p * ((x - mean) / 5) ** 2 for p, x in zip(v, positions, strict=True))):.2f}",
    )  # fmt: skip
    assert tuple(re.findall(r"\*\*([^*]+)\*\*", body)) == results
    assert f"{1 / squares(v[:3]):.2f}" in body  # the upper bound, with D as countless parties


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_figure_that_shows_how_to_cite_is_in_the_row_it_names(
    works: dict[str, dict[str, Document]], default_db: sqlite3.Connection, language: str
) -> None:
    _, body = works["how-to-cite"][language]
    file, line, column = re.findall(r"`(\w+\.csv)`\D+(\d+), (?:column|columna) `(\w+)`", body)[0]
    value, election = default_db.execute(
        "SELECT value, election_id FROM published_indices WHERE raw_file_id = ? AND raw_row = ? AND raw_column = ?",
        (f"parlgov/{file}", int(line), column),
    ).fetchone()
    assert f"{value} %" in body
    for table, key in re.findall(r"`/comparada/(\w+)/([\w-]+)`", body):
        found = default_db.execute(f'SELECT count(*) FROM "{table}" WHERE {table.removesuffix("s")}_id = ?', (key,))
        assert found.fetchone() == (1,), (table, key)
    assert f"/comparada/elections/{election}" in body


def test_the_knowledge_base_holds_them_as_they_stand(
    works: dict[str, dict[str, Document]], default_db: sqlite3.Connection
) -> None:
    """Every document of a file with its work, and a section for each heading below the title."""
    held = default_db.execute(
        "SELECT d.document_id, d.work_id, d.title, count(*) FROM documents d JOIN document_sections s USING (document_id)"
        " WHERE d.source_id = 'comparada-documents' AND d.raw_file_id IS NOT NULL GROUP BY d.document_id"
    ).fetchall()
    assert {(key, work, title) for key, work, title, _ in held} == {
        (head["id"], head["work"], head["title"]) for versions in works.values() for head, _ in versions.values()
    }
    headings = {
        head["id"]: len(re.findall(r"^##+ ", body, re.MULTILINE))
        for versions in works.values()
        for head, body in versions.values()
    }
    for key, _, _, sections in held:
        assert sections >= headings[key], key
