"""Which of several sources' evidence answers a cell, and which other evidence says otherwise of the same thing."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from research.comparison.cells import Note
from research.comparison.evidence import Evidence, Key, marks
from research.comparison.words import both, credited, is_same_number
from research.conflicts.readings import quantities
from research.names import Labels, Variable


class Conflict(NamedTuple):
    """A row of `conflicts`: the two values, for which time or election, and which is preferred for what reason."""

    election_id: str | None
    period_from: str | None
    period_to: str | None
    sources: tuple[str, str]
    variables: tuple[str | None, str | None]
    values: tuple[Labels, Labels]
    preferred: str | None
    reason: Labels


@dataclass(frozen=True)
class Choosing:
    """The order in which sources are heard, and the conflicts already known of each country and variable."""

    ranks: Mapping[str, int]
    titles: Mapping[str, Labels]
    conflicts: Mapping[Key, Sequence[Conflict]]
    units: Mapping[str, str]
    tolerances: Mapping[str, float]  # of figures that are published with fewer decimals than they are shown with

    def choose(
        self, told: Collection[Evidence], wanted: Collection[Evidence], *, latest: bool
    ) -> tuple[Evidence | None, tuple[Evidence, ...]]:
        """The evidence among `wanted` that answers, and all other that is told of the same time and says something else.

        None where nothing may be taken for the day. An election's later value goes before an earlier one, what holds
        before what may hold; then the source that the conflicts prefer, a published figure before one computed here,
        and the rank of sources decide.
        """
        usable = [e for e in told if e.answers and (latest or e.holds is not False)]
        answers = [e for e in usable if e in wanted]
        if not answers:
            return None, ()
        if answers[0].basis in ("latest_election", "election_of_that_year", "nearest_earlier_year"):
            answers = [e for e in answers if e.basis != "election_of_that_year"] or answers
            newest = max(e.period for e in answers)
            answers = [e for e in answers if _same_time(e.period, newest)]
            usable = [e for e in usable if _same_time(e.period, newest)]
        chosen = min(answers, key=self._order)
        others = (e for e in usable if e.basis == chosen.basis and self.differ(chosen, e))
        return chosen, tuple(sorted(others, key=self._order))

    def _order(self, evidence: Evidence) -> tuple[object, ...]:
        key = (evidence.jurisdiction_id, evidence.variable_id)
        preferred = any(c.preferred == evidence.source_id for c in self.conflicts.get(key, ()) if _is_of(c, evidence))
        standing = {True: 0, None: 1, False: 2}[evidence.holds]
        computed = evidence.from_table == "election_indices"
        return standing, not preferred, computed, self.ranks[evidence.source_id], evidence.source_id, evidence.row_id

    def notes(self, chosen: Evidence, others: Collection[Evidence]) -> list[Note]:
        """What other sources say otherwise of the same thing and time, with the reason of the preference where known."""
        unit = self.units[chosen.variable_id]
        reasons = [c for c in self.conflicts.get((chosen.jurisdiction_id, chosen.variable_id), ()) if _is_of(c, chosen)]
        notes: dict[Labels, None] = {}
        for other in others:
            title, said = credited(other, self.titles[other.source_id]), both(other, unit)
            why = next((c.reason for c in reasons if set(c.sources) == {chosen.source_id, other.source_id}), None)
            notes[_says(title, said, why)] = None
        of_the_lower_house = chosen.tier in (None, "LC")  # equivalent questions are all of it, or of no body
        for conflict in reasons if of_the_lower_house else ():
            for at in (0, 1):
                elsewhere = conflict.variables[at]
                if elsewhere not in (None, chosen.variable_id) and conflict.sources[at] != chosen.source_id:
                    title, said = self.titles[conflict.sources[at]], conflict.values[at]
                    notes[_says(title, said, conflict.reason)] = None
        return [Note("second_source", said) for said in notes]

    def differ(self, one: Evidence, other: Evidence) -> bool:
        """Whether the two say different things; figures may differ by their rounding."""
        if one.value is None or other.value is None:
            return one.stated != other.stated
        apart = abs(one.value - other.value)
        return not is_same_number(one.value, other.value, self.units[one.variable_id]) and apart > self.tolerances.get(
            one.variable_id, 0.0
        )


def read_choosing(
    connection: sqlite3.Connection, jurisdictions: Sequence[str], variables: Sequence[Variable]
) -> Choosing:
    """What is needed to choose among sources for these countries and variables."""
    ranks, titles = {}, {}
    for key, rank, es, en in connection.execute("SELECT source_id, rank, title_es, title_en FROM sources"):
        ranks[key], titles[key] = rank, Labels(es, en)
    conflicts: dict[Key, list[Conflict]] = defaultdict(list)
    rows = connection.execute(
        "SELECT jurisdiction_id, quantity, election_id, period_from, period_to, source_a_id, source_b_id, variable_a_id,"
        " variable_b_id, value_a_es, value_a_en, value_b_es, value_b_en, preferred_source_id, reason_es, reason_en"
        f" FROM conflicts WHERE party_id IS NULL AND jurisdiction_id IN ({marks(jurisdictions)}) ORDER BY conflict_id",
        list(jurisdictions),
    )
    units = {v.variable_id: v.unit for v in variables}
    for place, quantity, election, first, last, a, b, var_a, var_b, a_es, a_en, b_es, b_en, preferred, es, en in rows:
        conflict = Conflict(election, first, last, (a, b), (var_a, var_b), (Labels(a_es, a_en), Labels(b_es, b_en)),
                            preferred, Labels(es, en))  # fmt: skip
        for variable in units.keys() & {quantity, var_a, var_b}:
            conflicts[place, variable].append(conflict)
    return Choosing(ranks, titles, conflicts, units, {q.id: q.tolerance for q in quantities()})


def _is_of(conflict: Conflict, evidence: Evidence) -> bool:
    """Whether a conflict is about the election, or the time, that the evidence is of."""
    if conflict.election_id is not None:
        return conflict.election_id == evidence.election_id
    first, last = evidence.period_from or "", evidence.period_to or "9999"
    return (conflict.period_from or "") <= last and first <= (conflict.period_to or "9999")


def _same_time(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _says(title: Labels, said: Labels, why: Labels | None) -> Labels:
    es, en = f"{title.es} dice {said.es}", f"{title.en} says {said.en}"
    return Labels(
        f"{es[0].upper()}{es[1:]}{f'. {why.es}' if why else ''}",
        f"{en[0].upper()}{en[1:]}{f'. {why.en}' if why else ''}",
    )
