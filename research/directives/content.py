"""What directives become: figures, tables, charts, maps, quotations and references, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from research.comparison import Cell as ComparedCell
from research.comparison import Evidence

Kind = Literal["figure", "table", "chart", "map", "results", "article", "number"]


@dataclass(frozen=True)
class Pin:
    """Where in the database a figure stands, by names that outlive a build: table, the row's own key, column."""

    table: str
    key: tuple[tuple[str, str | int | None], ...]
    column: str

    @classmethod
    def of(cls, evidence: Evidence) -> Pin:
        """The place of an answer or index."""
        place, variable, source = evidence.jurisdiction_id, evidence.variable_id, evidence.source_id
        key: dict[str, str | int | None]
        if evidence.from_table == "answers":
            key = {"variable_id": variable, "jurisdiction_id": place, "tier": evidence.stated_tier,
                   "valid_from": evidence.period_from, "source_id": source}  # fmt: skip
            column = "value" if evidence.value is not None else "code_id" if evidence.code_id else "text"
            return cls("answers", tuple(key.items()), column)
        if evidence.election_id is None:
            key = {
                "index_id": variable,
                "jurisdiction_id": place,
                "year": int(evidence.period[:4]),
                "source_id": source,
            }
        else:
            key = {"index_id": variable, "election_id": evidence.election_id, "source_id": source}
            if evidence.from_table == "election_indices":
                key["unit_id"] = place
        return cls(evidence.from_table, tuple(key.items()), "value")


@dataclass(frozen=True)
class Cited:
    """One figure of a text: what it refers to, and its value as it was found and as it is shown.

    `pin` is where it stands in the database (None for a number that the author answers for, with the
    reason in `value_text`); `asked` the time that was asked for; `others` what other sources say.
    """

    kind: Kind
    shown: str
    pin: Pin | None = None
    jurisdiction_id: str | None = None
    variable_id: str | None = None
    tier: str | None = None
    asked: str | None = None
    period: str = ""
    source_id: str | None = None
    value: float | None = None
    value_text: str | None = None
    unit: str = ""
    others: tuple[tuple[str, str | float | None], ...] = ()

    @classmethod
    def of(cls, kind: Kind, cell: ComparedCell, shown: str, unit: str, asked: str) -> Cited:
        """The figure that a cell of the comparison gives, shown so; it must have an answer."""
        evidence = cell.evidence
        assert evidence is not None
        text = None if evidence.value is not None else str(evidence.in_words)
        return cls(
            kind, shown, Pin.of(evidence), evidence.jurisdiction_id, evidence.variable_id, evidence.tier, asked,
            evidence.period, evidence.source_id, evidence.value, text, unit,
            tuple((o.source_id, o.in_words) for o in cell.others),
        )  # fmt: skip


@dataclass(frozen=True)
class FigureContent:
    """A figure in a sentence; `note` says what it is, `has_note` whether the text wants it said."""

    shown: str
    note: str
    has_note: bool
    cited: Cited


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the letter of its note."""

    shown: str
    mark: str = ""


@dataclass(frozen=True)
class TableContent:
    """A table: heads, rows (the first cell names the row), notes beneath, the sources it rests on."""

    title: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]
    notes: tuple[str, ...]
    cited: tuple[Cited, ...]
    stressed_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Point:
    """A value of a line, at a time in years (an election in July is at half a year)."""

    at: float
    value: float
    follows_gap: bool = False  # an election or a year without a value lies before it: the line breaks


@dataclass(frozen=True)
class Line:
    """One country's line or bar; `is_home` is drawn to stand out."""

    label: str
    points: tuple[Point, ...]
    is_home: bool = False


@dataclass(frozen=True)
class ChartContent:
    """A chart: lines through years or bars of one time, on an axis with its unit and, where known, its bounds."""

    title: str
    kind: Literal["lines", "bars"]
    lines: tuple[Line, ...]
    axis: str
    unit: str
    bounds: tuple[float, float] | None
    decimals: int
    description: str
    notes: tuple[str, ...]
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class MapContent:
    """A map: a class (index into `classes`) for each jurisdiction with an answer; the rest of `area` has none."""

    title: str
    area: tuple[str, ...]
    is_world: bool
    class_of: dict[str, int]
    classes: tuple[str, ...]
    no_answer: str
    home: str | None
    description: str
    notes: tuple[str, ...]
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Quotation:
    """Paragraphs of a document, with the reference that stands beneath and the document's key."""

    paragraphs: tuple[str, ...]
    reference: str
    document_id: str
    cited: Cited


@dataclass(frozen=True)
class Reference:
    """A source or document named for the bibliography; `place` is a page or article in it."""

    key: str
    place: str


@dataclass(frozen=True)
class OwnNumber:
    """A number that the author answers for, with the reason."""

    shown: str
    cited: Cited


@dataclass(frozen=True)
class Place:
    """Where the list of references, or that of the data used, is wanted."""

    of: Literal["references", "data"]


Content = (
    FigureContent | TableContent | ChartContent | MapContent | Quotation | Reference | OwnNumber | Place
)  # fmt: skip


def cited_in(content: Content) -> tuple[Cited, ...]:
    """The figures that a piece of content cites."""
    if isinstance(content, (TableContent, ChartContent, MapContent)):
        return content.cited
    return () if isinstance(content, (Reference, Place)) else (content.cited,)
