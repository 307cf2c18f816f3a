"""Directives and the names in them: those of the guide hold, and countries answer to any of their names."""

from __future__ import annotations

import json
import re
import sqlite3

from conftest import REPOSITORY

from research.directives.asking import Asking
from research.directives.resolve import resolve
from research.directives.syntax import OPTIONS, WORDS, find_directives
from research.names import Names
from research.publishing.drawing import WORLD_FILE


def test_every_directive_of_the_guide_holds(default_db: sqlite3.Connection) -> None:
    guide = (REPOSITORY / "docs/publishing.md").read_text("utf-8")
    examples = "\n".join(re.findall(r"^```markdown\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE))
    found = find_directives(examples)
    assert {d.word for d in found.directives} == set(WORDS.values())
    named = {(d.word, key) for d in found.directives for key in d.options}
    assert named == {(word, key) for key, (_, _, words) in OPTIONS.items() for word in words}, (
        "an example of each option"
    )
    _, wrong = resolve(Asking(default_db, Names(default_db), "es", "2026-11-24"), found)
    laws = default_db.execute("SELECT count(*) FROM documents WHERE short_name IN ('LGIPE', 'CPEUM')").fetchone()[0]
    assert [f.es for f in wrong if laws or "no se conoce el documento" not in f.es] == []


def test_code_and_comments_hold_no_directives() -> None:
    text = "`[[dato: a]]`\n\n```\n[[dato: b]]\n```\n<!-- [[dato: c]] -->\n[[dato: d | e]]"
    assert [d.arguments for d in find_directives(text).directives] == [("d", "e")]


def test_countries_by_any_of_their_names(default_db: sqlite3.Connection) -> None:
    names = Names(default_db)
    assert {
        names.country(n) for n in ("MEX", "mx", "mexico", "México", "Mexique", "Estados Unidos Mexicanos", "MÉJICO")
    } == {"MEX"}
    assert names.country("Alemania") == "DEU" and names.country("Yemen") == "YEM"
    assert len(names.countries("América del Sur")) == 12


def test_every_outline_of_the_map_is_a_jurisdiction(default_db: sqlite3.Connection) -> None:
    known = {row[0] for row in default_db.execute("SELECT jurisdiction_id FROM jurisdictions")}
    outlines = [g.get("id") for g in json.loads(WORLD_FILE.read_text("utf-8"))["objects"]["countries"]["geometries"]]
    assert {key for key in outlines if key} <= known
    states = {
        row[0]
        for row in default_db.execute(
            "SELECT jurisdiction_id FROM jurisdictions WHERE kind = 'state' AND valid_to IS NULL"
        )
    }
    assert states - set(outlines) == {"MCO", "TUV", "VAT"}, "too small to be drawn"
