"""The parts of a comparison: cells with their evidence or the reason why there is none, differences, aggregates, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from research.comparison.evidence import Evidence
from research.names import Labels, Language, Variable

Relation = Literal["same", "different", "higher", "lower", "not_comparable"]
NoteKind = Literal["second_source", "near_question", "older", "later_election", "uncertain", "beyond_source"]
Reason = Literal[
    "no_information", "not_applicable", "not_researched", "not_specified_in_law", "not_computable", "did_not_exist",
    "no_observation_of_that_year", "later_election", "long_ago", "source_absent", "nobody_answers", "before_the_sources", "other_times",
    "other_chamber", "other_source", "not_covered",
]  # fmt: skip

CellKey = tuple[str, str, str, str | None]  # jurisdiction, day, variable, tier


@dataclass(frozen=True)
class Source:
    """A source that the table rests on, and what its licence is."""

    source_id: str
    title: Labels
    citation: str
    version: str
    licence_id: str
    is_loaded: bool


@dataclass(frozen=True)
class Column:
    """A variable, and the body it is about where its answers are about bodies."""

    variable: Variable
    tier: str | None


@dataclass(frozen=True)
class Row:
    """A country on a day."""

    jurisdiction_id: str
    labels: Labels
    day: str


@dataclass(frozen=True)
class Gap:
    """Why there is no answer: who says so, where a source does or an index could not be computed.

    `earlier` is an answer of another time, which does not hold on the day; `remedy` is what can be done about it.
    """

    reason: Reason
    why: Labels
    earlier: Evidence | None = None
    stated_by: Evidence | None = None
    remedy: Labels | None = None

    def told(self, language: Language) -> str:
        """The reason and the remedy."""
        why = self.why.in_(language)
        return f"{why} ({self.remedy.in_(language)})" if self.remedy else why


@dataclass(frozen=True)
class Difference:
    """Against the home country on the same day; `amount` in the variable's unit, the other less the home country.

    `intervals_overlap` says, of figures that their source gives with an interval, whether the two share a value: the
    difference may then be none.
    """

    relation: Relation
    amount: float | None = None
    intervals_overlap: bool | None = None


@dataclass(frozen=True)
class Note:
    """Something to know of a cell: another source that says otherwise, an old or uncertain answer."""

    kind: NoteKind
    said: Labels


@dataclass(frozen=True)
class Cell:
    """An answer or a gap, never neither. `difference` is None for the home country and without one.

    `others` is the evidence of other sources on the same time that says something else.
    """

    evidence: Evidence | None
    gap: Gap | None
    difference: Difference | None = None
    notes: tuple[Note, ...] = ()
    others: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Aggregate:
    """A column over the countries of one day, `asked_count` of them, the home country included.

    `known_count` have an answer, of which `uncertain_count` may not hold on the day (undated, or older where the latest
    was asked for). Mean, median and range are of numbers; `counts` of options, the most frequent first.
    """

    column: Column
    day: str
    asked_count: int
    known_count: int
    uncertain_count: int
    mean: float | None = None
    median: float | None = None
    lowest: float | None = None
    highest: float | None = None
    counts: tuple[tuple[Labels, int], ...] = ()

    @property
    def unknown_pct(self) -> float:
        """The share of the countries asked for that have no answer, 0–100."""
        return 100 * (self.asked_count - self.known_count) / self.asked_count


@dataclass(frozen=True)
class Alike:
    """A country with how many of the variables known for both it answers like the other: equal or near."""

    jurisdiction_id: str
    alike_count: int
    shared_count: int

    @property
    def share_pct(self) -> float:
        """Of the variables known for both, 0–100."""
        return 100 * self.alike_count / self.shared_count


@dataclass(frozen=True)
class SimilarityRule:
    """How the countries most like one were found: the rule in words, the variables, the countries in order."""

    similar_to: str
    rule: Labels
    variable_ids: tuple[str, ...]
    found: tuple[Alike, ...]
