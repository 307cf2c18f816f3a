"""What the knowledge base answers to countries × variables × a time: the one question that texts ask of it.

`ask` gives each cell of a table its answer with value, unit, period and source, or the reason why there is
none; `series` the answers of a variable through the years. Whoever compares better answers here.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from research.directives.faults import WrongName
from research.directives.names import Names, folded

Missing = Literal["no_information", "not_applicable", "not_researched", "not_specified_in_law"]

CHAMBERS: Mapping[str, tuple[str, ...]] = {
    "baja": ("LC", "lower", "single"), "lower": ("LC", "lower", "single"), "única": ("LC", "lower", "single"),
    "diputados": ("LC", "lower", "single"),
    "alta": ("UC", "upper"), "upper": ("UC", "upper"), "senado": ("UC", "upper"), "senate": ("UC", "upper"),
    "presidencia": ("PR", "executive"), "presidency": ("PR", "executive"),
    "parlamento europeo": ("EP",), "european parliament": ("EP",),
}  # fmt: skip


# What an unqualified question means first: the lower or only house, then the upper one, then the presidency.
ORDINARY = ("LC", "lower", "single", "UC", "upper", "PR", "executive")


@dataclass(frozen=True)
class When:
    """A time asked for, from `first` to `last` (ISO days); open at its start: the latest known by `last`."""

    first: str | None
    last: str

    @property
    def asked(self) -> str:
        """As one word, to be kept: `2024-01-01/2024-12-31`, `/2024-12-31`."""
        return f"{self.first or ''}/{self.last}"

    @classmethod
    def kept(cls, asked: str) -> When:
        """The time that `asked` gave."""
        first, _, last = asked.partition("/")
        return cls(first or None, last)

    @classmethod
    def latest(cls, day: str) -> When:
        """Whatever is the latest known on that day."""
        return cls(None, day)

    @classmethod
    def of(cls, written: str) -> When:
        """A year, a day or a span of years as an analyst writes it. Raises WrongName."""
        text = written.strip().replace("—", "–")
        if match := re.fullmatch(r"(\d{4})(?:\s*[–-]\s*(\d{4}))?", text):
            first, last = match[1], match[2] or match[1]
            if first <= last:
                return cls(f"{first}-01-01", f"{last}-12-31")
        if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text):
            return cls(text, text)
        raise WrongName(
            f"«{written}» no es un periodo; escriba un año (2024), un día (2024-06-02) o unos años (2000–2024)",
            f"'{written}' is not a period; write a year (2024), a day (2024-06-02) or some years (2000–2024)",
        )


@dataclass(frozen=True)
class Pin:
    """Where in the database a figure stands, by names that outlive a build: table, the row's own key, column."""

    table: str
    key: tuple[tuple[str, str | int | None], ...]
    column: str


@dataclass(frozen=True)
class Answer:
    """What one source says of one country and variable, with its period and source.

    `value` is in `unit`; `option` is the label of a coded answer (es, en); `missing` says why a source has none.
    `others` are answers of other sources for the same period that say something else.
    """

    jurisdiction_id: str
    variable_id: str
    tier: str | None
    value: float | None
    option: tuple[str, str] | None
    text: str | None
    missing: Missing | None
    unit: str
    valid_from: str | None
    valid_to: str | None
    date_precision: str | None
    source_id: str
    pin: Pin
    others: tuple[Answer, ...] = ()

    @property
    def period(self) -> str:
        """The time that the answer is about, as far as it is known; empty when undated."""
        if self.valid_from is None:
            return ""
        digits = {"year": 4, "month": 7}.get(self.date_precision or "day", 10)
        first = self.valid_from[:digits]
        if self.date_precision == "year" and self.valid_to and self.valid_to[:4] > first:
            return f"{first}–{self.valid_to[:4]}"
        return first

    @property
    def stated(self) -> str | float | None:
        """The answer as one thing that can be compared: a number, else an option, a text or a reason."""
        return self.value if self.value is not None else (self.option[0] if self.option else self.text or self.missing)

    def agrees_with(self, other: Answer) -> bool:
        """Whether both say the same; numbers may differ by the rounding of their last shown decimal."""
        if self.value is not None and other.value is not None:
            return bool(abs(self.value - other.value) <= 0.5 * 10.0 ** -decimals_of(self.unit))
        return self.stated == other.stated


@dataclass(frozen=True)
class Gap:
    """No source answers for that country, variable and time; `known` are the first and last periods it has."""

    jurisdiction_id: str
    variable_id: str
    known: tuple[str, str] | None


Cells = Mapping[tuple[str, str], tuple[Answer, ...]]


def decimals_of(unit: str) -> int:
    """How many decimals a figure of that unit is shown with, unless the text says otherwise."""
    if unit in ("index 0–1", "ratio"):
        return 3
    return 2 if unit in ("%", "index 0–100", "parties") else 0


_ANSWERS = """
SELECT a.jurisdiction_id, a.variable_id, a.tier, a.value, c.name_es, c.name_en, a.text, a.missing, v.unit,
       a.valid_from, a.valid_to, a.date_precision, a.source_id, {latest}
FROM answers a JOIN variables v USING (variable_id) LEFT JOIN codes c ON c.code_id = a.code_id
WHERE a.variable_id IN ({variables}) AND {subjects}
  AND (a.valid_from IS NULL OR a.valid_from <= ?)
  AND (? IS NULL OR v.time_kind IN ('rule_in_force', 'undated_snapshot') OR a.valid_from IS NULL
       OR coalesce(a.valid_to, a.valid_from) >= ?)
{grouped}
"""

_INDICES = """
SELECT jurisdiction_id, index_id, chamber, value, NULL, NULL, NULL, NULL, unit,
       day, day, CASE length(day) WHEN 4 THEN 'year' WHEN 7 THEN 'month' ELSE 'day' END, source_id, {latest}, election_id
FROM (SELECT coalesce(p.jurisdiction_id, e.jurisdiction_id) AS jurisdiction_id, p.index_id, e.chamber, p.value, v.unit,
             coalesce(e.election_date, CAST(p.year AS TEXT)) AS day, p.source_id, p.election_id
      FROM published_indices p JOIN variables v ON v.variable_id = p.index_id LEFT JOIN elections e USING (election_id)
      WHERE p.index_id IN ({variables})) a
WHERE {subjects} AND day <= ? AND (? IS NULL OR day >= substr(?, 1, length(day)))
{grouped}
"""


def ask(
    connection: sqlite3.Connection, jurisdictions: Sequence[str], variables: Sequence[str], when: When,
    source: str | None = None, chamber: str | None = None,
) -> Cells:  # fmt: skip
    """The answers to each (jurisdiction, variable), one a chamber or tier; no entry where there is none.

    Of several sources the one with the latest period answers, then the one preferred by rank; the others
    that say something else for the same period stand in its `others`. Rules in force are carried forward.
    """
    ranks = _ranks(connection)
    tiers = _tiers(chamber)
    found: dict[tuple[str, str], dict[str | None, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in _rows(connection, jurisdictions, variables, when, latest=True):
        if (source is None or answer.source_id == source) and (tiers is None or answer.tier in tiers):
            found[answer.jurisdiction_id, answer.variable_id][_house(answer.tier)].append(answer)
    cells: dict[tuple[str, str], tuple[Answer, ...]] = {}
    for key, by_tier in found.items():
        if tiers is None:  # the European Parliament, and a value tied to no election, only where nothing else is
            for second in ("EP", None):
                if len(by_tier) > 1:
                    by_tier.pop(second, None)
            if by_tier.keys() & set(ORDINARY):  # councils and constituent assemblies only where nothing else is
                for tier in set(by_tier) - set(ORDINARY):
                    del by_tier[tier]
        cells[key] = tuple(_preferred(stated, ranks) for _, stated in sorted(by_tier.items(), key=_tier_order))
    return cells


def _house(tier: str | None) -> str | None:
    """A lower and an only house are one question: a country has the one or the other at a time."""
    return "lower" if tier in CHAMBERS["baja"] else tier


def _tier_order(item: tuple[str | None, list[Answer]]) -> tuple[int, str]:
    tier = item[0] or ""
    return (ORDINARY.index(tier) if tier in ORDINARY else len(ORDINARY), tier)


def series(
    connection: sqlite3.Connection, jurisdictions: Sequence[str], variable: str, when: When,
    source: str | None = None, chamber: str | None = None,
) -> list[Answer]:  # fmt: skip
    """Every numeric answer of the countries in that time, in the order of periods, one source a country.

    The source is the one asked for, else the one with most answers for the country, then the one preferred by rank.
    """
    ranks = _ranks(connection)
    tiers = _tiers(chamber)
    by_source: dict[str, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in _rows(connection, jurisdictions, [variable], when, latest=False):
        kept = answer.tier in tiers if tiers is not None else answer.tier != "EP"
        if kept and answer.value is not None and (source is None or answer.source_id == source):
            by_source[answer.jurisdiction_id][answer.source_id].append(answer)
    chosen = (
        min(stated.items(), key=lambda s: (-len(s[1]), ranks.get(s[0], 0), s[0]))[1] for stated in by_source.values()
    )
    return sorted((a for answers in chosen for a in answers), key=lambda a: (a.jurisdiction_id, a.valid_from or ""))


def known_periods(connection: sqlite3.Connection, jurisdiction: str, variable: str) -> tuple[str, str] | None:
    """First and last year for which any source answers; None where none ever does."""
    years = [
        a.period[:4]
        for a in _rows(connection, [jurisdiction], [variable], When.latest("9999-12-31"), latest=False)
        if a.period
    ]
    return (min(years), max(years)) if years else None


def chambers_known(answers: Iterable[Answer], names: Names) -> str:
    """The chambers of these answers as a text would write them, for a message."""
    words = {tier: word for word, tiers in reversed(list(CHAMBERS.items())) for tier in tiers}
    return ", ".join(words.get(a.tier or "", a.tier or "") for a in answers)


def chamber_named(written: str) -> str:
    """The chamber that a text names, in the words of CHAMBERS. Raises WrongName."""
    for word in CHAMBERS:
        if folded(word) == folded(written):
            return word
    raise WrongName(
        f"no se conoce la cámara «{written}»; escriba baja, alta o presidencia",
        f"there is no chamber '{written}'; write lower, upper or presidency",
    )


def _tiers(chamber: str | None) -> tuple[str, ...] | None:
    return CHAMBERS[chamber] if chamber is not None else None


def _preferred(stated: list[Answer], ranks: Mapping[str, int]) -> Answer:
    latest = max(a.valid_from or "" for a in stated)
    year = latest[:4]
    said = [a for a in stated if (a.valid_from or "")[:4] == year]
    said.sort(key=lambda a: (a.stated is None, ranks.get(a.source_id, 0), a.source_id))
    first, *rest = said
    return replace(first, others=tuple(a for a in rest if not a.agrees_with(first)))


def _ranks(connection: sqlite3.Connection) -> dict[str, int]:
    return {str(key): int(rank) for key, rank in connection.execute("SELECT source_id, rank FROM sources")}


def _rows(
    connection: sqlite3.Connection,
    jurisdictions: Sequence[str],
    variables: Collection[str],
    when: When,
    *,
    latest: bool,
) -> Iterator[Answer]:
    many = len(jurisdictions) > 100  # beyond it the index of variables is the shorter way
    subjects = "TRUE" if many else f"a.jurisdiction_id IN ({_marks(jurisdictions)})"
    wanted = set(jurisdictions)
    subject_values = () if many else tuple(jurisdictions)
    values = (*variables, *subject_values, when.last, when.first, when.first)
    for row in connection.execute(
        _ANSWERS.format(
            variables=_marks(variables), subjects=subjects,
            latest="max(coalesce(a.valid_from, ''))" if latest else "''",
            grouped="GROUP BY a.jurisdiction_id, a.variable_id, a.tier, a.source_id" if latest else "",
        ), values,
    ):  # fmt: skip
        if row[0] in wanted:
            yield _answer(row)
    for row in connection.execute(
        _INDICES.format(
            variables=_marks(variables), subjects=subjects, latest="max(day)" if latest else "''",
            grouped="GROUP BY jurisdiction_id, index_id, chamber, source_id" if latest else "",
        ), values,
    ):  # fmt: skip
        if row[0] in wanted:
            yield _index(row)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _answer(row: Sequence[object]) -> Answer:
    jurisdiction, variable, tier, value, es, en, text, missing, unit, first, last, precision, source, _ = row
    column = (
        "value" if value is not None else "code_id" if es is not None else "text" if text is not None else "missing"
    )
    key = {
        "variable_id": variable,
        "jurisdiction_id": jurisdiction,
        "tier": tier,
        "valid_from": first,
        "source_id": source,
    }
    return Answer(
        str(jurisdiction), str(variable), _text(tier), _number(value), (str(es), str(en)) if es is not None else None,
        _text(text), missing, str(unit), _text(first), _text(last), _text(precision), str(source),  # type: ignore[arg-type]
        Pin("answers", tuple((k, _key(v)) for k, v in key.items()), column),
    )  # fmt: skip


def _index(row: Sequence[object]) -> Answer:
    jurisdiction, variable, chamber, value, *_, unit, first, last, precision, source, _latest, election = row
    key = {"index_id": variable, "jurisdiction_id": jurisdiction, "election_id": election, "source_id": source}
    if election is None:
        key["year"] = int(str(first)[:4])
    return Answer(
        str(jurisdiction), str(variable), _text(chamber), _number(value), None, None, None, str(unit), _text(first),
        _text(last), _text(precision), str(source),
        Pin("published_indices", tuple((k, _key(v)) for k, v in key.items()), "value"),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _key(value: object) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
