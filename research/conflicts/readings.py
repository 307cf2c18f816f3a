"""What each source says of a quantity: readings that can be laid side by side.

`quantities.yml` has the quantities of elections; answers are compared variable by variable and by the
pairs of `equivalents.yml`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Subject = tuple[str, str, str]  # jurisdiction, election, party; empty where it does not apply


@dataclass(frozen=True)
class Text:
    """Words in both languages."""

    es: str
    en: str


@dataclass(frozen=True)
class Quantity:
    """Something that two sources may tell otherwise.

    `tolerance` in the unit of the values; `highest` the greatest value that can be; `coverage` the column of
    election_ids that says how complete a source's figures are; `primary` who publishes it at first hand.
    """

    id: str
    name: Text
    unit: str | None = None
    tolerance: float = 0.0
    highest: float | None = None
    coverage: str | None = None
    primary: str | None = None
    primary_reason: Text | None = None
    reading: str = ""


@dataclass(frozen=True)
class Reading:
    """One source's value of a quantity for a subject and a time; `number` is None where it is a code or a text."""

    source_id: str
    subject: Subject
    period_from: str | None
    period_to: str | None
    number: float | None
    value: Text
    code: str
    row_table: str
    row_id: str
    variable_id: str | None = None


@dataclass(frozen=True)
class Equivalent:
    """Two variables that ask the same question; `same` and `finer` from a code of ours to one of theirs."""

    quantity: Quantity
    ours: str
    ours_tier: str
    theirs: str
    theirs_tier: str
    same: Mapping[str, str]
    finer: Mapping[str, str]


def text(words: Mapping[str, str]) -> Text:
    """Words as a file of ours has them."""
    return Text(words["es"].strip(), words["en"].strip())


@cache
def _file(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.load((Path(__file__).parent / name).read_text("utf-8"), yaml.CSafeLoader)
    return read


def quantities() -> list[Quantity]:
    """The quantities of elections that may be compared."""
    return [
        Quantity(
            q["id"], text(q["name"]), q["unit"], q["tolerance"], q.get("highest"), q.get("coverage"),
            q["primary"]["source"] if "primary" in q else None,
            text(q["primary"]["reason"]) if "primary" in q else None, q["reading"],
        )
        for q in _file("quantities.yml")
    ]  # fmt: skip


def equivalents() -> list[Equivalent]:
    """The pairs of variables that ask the same question."""
    return [
        Equivalent(
            Quantity(e["id"], text(e["name"])), e["ours"]["variable"], e["ours"].get("tier", ""),
            e["theirs"]["variable"], e["theirs"].get("tier", ""), e.get("same", {}), e.get("finer", {}),
        )
        for e in _file("equivalents.yml")
    ]  # fmt: skip


def preferences() -> list[dict[str, Any]]:
    """What a person has decided: quantity, source, rule, reason and, where it is not general, jurisdiction or election."""
    return _file("preferences.yml")


def readings_of_elections(connection: sqlite3.Connection, quantity: Quantity) -> Iterator[Reading]:
    """What every source says of the quantity."""
    for state, election, party, first, last, source, number, words, table, row in connection.execute(quantity.reading):
        told = words if words is not None else plain(number)
        yield Reading(
            source, (state, election or "", party or ""), first, last, number, Text(told, told), told, table, str(row)
        )


ANSWERS = """
SELECT a.source_id, a.jurisdiction_id, a.valid_from, a.valid_to, a.value, a.code_id, a.text, c.name_es, c.name_en,
       c.code, a.answer_id
FROM answers a LEFT JOIN codes c USING (code_id)
WHERE a.variable_id = ? AND coalesce(a.tier, '') = ? AND a.missing IS NULL AND a.valid_from IS NOT NULL
ORDER BY a.source_id, a.jurisdiction_id, a.valid_from, a.answer_id
"""


def readings_of_answers(connection: sqlite3.Connection, variable_id: str, tier: str) -> Iterator[Reading]:
    """What every source answers to a variable, for one tier; undated answers are of no time and left out."""
    for source, state, first, last, value, code_id, words, es, en, code, row in connection.execute(
        ANSWERS, (variable_id, tier)
    ):
        told = Text(es, en) if code_id else Text(words, words) if value is None else Text(plain(value), plain(value))
        yield Reading(
            source, (state, "", ""), first, last, value, told, code or told.es, "answers", str(row), variable_id
        )


def plain(number: float) -> str:
    """A number without needless decimals."""
    return f"{number:.10g}"
