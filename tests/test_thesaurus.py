"""The thesaurus: enough terms for every topic, labels that name one thing, links that can be followed."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from conftest import REPOSITORY

from comparada.glossary import glossaries
from comparada.glossary import main as write_glossaries

Concept = dict[str, str]
LANGUAGES = ("es", "en", "fr")
# Labels that two concepts truly share. Outside Mexico, and in everyday speech inside it, «padrón» and «lista nominal» are
# one thing; «colegio electoral» is a polling place in Spain and the Dominican Republic and an electoral college elsewhere.
AMBIGUOUS = {"padron", "padron electoral", "lista nominal", "lista nominal de electores", "colegio electoral"}


def values(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return cell.split(" | ") if cell else []


def folded(label: str) -> str:
    plain = unicodedata.normalize("NFD", label.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@pytest.fixture(scope="module")
def concepts() -> dict[str, Concept]:
    """Every row of concepts.csv by concept_id."""
    with (REPOSITORY / "datasets/thesaurus/concepts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_id = {row["concept_id"]: row for row in rows}
    assert len(by_id) == len(rows), "a concept stands twice"
    return by_id


def test_it_has_at_least_300_concepts_and_every_topic(concepts: dict[str, Concept]) -> None:
    with (REPOSITORY / "datasets/reference/topics.csv").open(encoding="utf-8", newline="") as file:
        topics = {row["topic_id"] for row in csv.DictReader(file)}
    assert len(concepts) >= 300
    assert {c["topic_id"] for c in concepts.values()} == topics


def test_every_concept_is_named_in_spanish_english_and_french(concepts: dict[str, Concept]) -> None:
    assert not [c["concept_id"] for c in concepts.values() if not all(c[f"prefLabel@{x}"] for x in LANGUAGES)]


def test_no_preferred_label_stands_twice_in_a_language(concepts: dict[str, Concept]) -> None:
    for language in (*LANGUAGES, "pt"):
        named = [folded(label) for c in concepts.values() if (label := c[f"prefLabel@{language}"])]
        assert not {x for x in named if named.count(x) > 1}, language


def test_no_label_names_two_concepts_unless_it_truly_does(concepts: dict[str, Concept]) -> None:
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    hidden: defaultdict[str, set[str]] = defaultdict(set)
    for key, c in concepts.items():
        for language in (*LANGUAGES, "pt"):
            for label in values(c[f"prefLabel@{language}"]) + values(c[f"altLabel@{language}"]):
                owners[language, folded(label)].add(key)
        for label in values(c["hiddenLabel"]):
            hidden[folded(label)].add(key)
    for language in (*LANGUAGES, "pt"):
        for label, keys in hidden.items():  # what is searched by is searched by in every language
            owners[language, label] |= keys
    shared = {label for (_, label), keys in owners.items() if len(keys) > 1}
    assert shared == AMBIGUOUS


def test_labels_are_clean_and_said_once(concepts: dict[str, Concept]) -> None:
    for key, c in concepts.items():
        for language in (*LANGUAGES, "pt"):
            labels = values(c[f"prefLabel@{language}"]) + values(c[f"altLabel@{language}"])
            assert len({x.casefold() for x in labels}) == len(labels), (key, language)
        for name, cell in c.items():
            assert cell == " ".join(cell.split()), (key, name)
            assert unicodedata.is_normalized("NFC", cell), (key, name)
            assert "Label" not in name or all(values(cell)), (key, name)


def test_broader_concepts_form_trees(concepts: dict[str, Concept]) -> None:
    for key in concepts:
        way = [key]
        while broader := concepts[way[-1]]["broader"]:
            assert broader not in way, f"circle: {' → '.join((*way, broader))}"
            way.append(broader)


def test_related_concepts_are_related_in_both_directions(concepts: dict[str, Concept]) -> None:
    for key, c in concepts.items():
        for other in values(c["related"]):
            assert key in values(concepts[other]["related"]), f"{key} → {other}"
            assert other != key
            assert other not in (c["broader"],), f"{key}: {other} is broader already"


def test_glossary_definitions_stand_in_three_languages(concepts: dict[str, Concept]) -> None:
    defined = [c for c in concepts.values() if any(c[f"definition@{x}"] for x in LANGUAGES)]
    assert len(defined) >= 150
    for c in defined:
        for language in LANGUAGES:
            text = c[f"definition@{language}"]
            assert text.endswith("."), (c["concept_id"], language)
            assert text[0].isupper(), (c["concept_id"], language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IFE", "Instituto Nacional Electoral"),
        ("TRIFE", "TEPJF"),
        ("padrón", "lista nominal"),
        ("casilla", "mesa de votación"),
        ("casilla", "polling station"),
        ("casilla", "bureau de vote"),
        ("boleta", "ballot paper"),
        ("umbral", "barrera legal"),
        ("umbral", "electoral threshold"),
        ("overseas voting", "voto en el extranjero"),
        ("segunda vuelta", "balotaje"),
        ("paridad de género", "gender parity"),
        ("revocación de mandato", "recall"),
    ],
)
def test_words_for_one_thing_lead_to_each_other(default_db: sqlite3.Connection, one: str, other: str) -> None:
    found = default_db.execute(
        "SELECT count(*) FROM concept_labels a JOIN concept_labels b USING (concept_id) WHERE a.label = ? AND b.label = ?",
        (one, other),
    ).fetchone()
    assert found[0] > 0


def test_the_tables_say_what_the_file_says(default_db: sqlite3.Connection, concepts: dict[str, Concept]) -> None:
    told = dict(default_db.execute("SELECT concept_id, pref_label_es FROM concepts"))
    assert told == {key: c["prefLabel@es"] for key, c in concepts.items()}
    labels = default_db.execute("SELECT concept_id, language, kind, label FROM concept_labels").fetchall()
    expected = [
        (key, language, kind, label)
        for key, c in concepts.items()
        for name, kind, language in (
            *((f"{k}Label@{x}", k, x) for x in (*LANGUAGES, "pt") for k in ("pref", "alt")),
            ("hiddenLabel", "hidden", "und"),
        )
        for label in values(c[name])
    ]
    assert sorted(labels) == sorted(expected)
    relations = default_db.execute("SELECT concept_id, relation, other_id FROM concept_relations").fetchall()
    assert sorted(relations) == sorted(
        [(key, "broader", c["broader"]) for key, c in concepts.items() if c["broader"]]
        + [(key, "related", other) for key, c in concepts.items() for other in values(c["related"])]
    )


def test_the_glossaries_say_what_the_thesaurus_says() -> None:
    """They are made by `python -m comparada.glossary`; run it again when a definition has changed."""
    made = glossaries(REPOSITORY)
    assert len(made) == len(LANGUAGES)
    for path, text in made.items():
        assert path.read_text("utf-8") == text, path.name


def test_a_glossary_is_in_dictionary_order(tmp_path: Path) -> None:
    folder = tmp_path / "datasets/thesaurus"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text("published: '2026'", "utf-8")
    labels = ["zona", "ñandú", "nulo", "Órgano", "orden", "año", "anulado"]
    columns = [
        "concept_id",
        "topic_id",
        "related",
        *(f"{k}@{x}" for k in ("prefLabel", "altLabel", "definition") for x in LANGUAGES),
    ]
    with (folder / "concepts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for number, label in enumerate(labels):
            writer.writerow(
                {"concept_id": f"c-{number}", "topic_id": "suffrage", "prefLabel@es": label, "definition@es": "Dice."}
            )
    text = next(text for path, text in glossaries(tmp_path).items() if path.name.endswith(".es.md"))
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["anulado", "año", "nulo", "ñandú", "orden", "Órgano", "zona"]


def test_an_outdated_glossary_is_told_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(REPOSITORY / "datasets/thesaurus", tmp_path / "datasets/thesaurus")
    (tmp_path / "datasets/comparada-documents").mkdir()
    assert write_glossaries([str(tmp_path), "--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert write_glossaries([str(tmp_path)]) == 0
    assert write_glossaries([str(tmp_path), "--check"]) == 0
