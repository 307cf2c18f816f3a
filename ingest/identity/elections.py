"""One election, whatever the sources call it and however exactly they date it.

Statements are heard in the order of their sources' rank. An election's id names jurisdiction, chamber and
the most exact date told (`MEX-LC-2018-07-01`). A source's statements of one body are laid beside the
elections already known of it, rule by rule, the surest first; a rule ties two only where each is the
other's single partner. What no rule ties stands as an election of its own, with the candidates it may be.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise, permutations

from ingest.identity.pairing import only_pairs

Place = tuple[str, str]

NEAR_DAYS = 7  # voting on several days, time zones, a slip of the day
CLOSE_DAYS = 31  # the other round, or a date of which only the month is right
ROUND_DAYS = (5, 28)  # one source's two dates of one body this far apart are the two rounds of one election
SAME_TURNOUT_DAYS = 100  # a wrong month, where the turnout agrees
FAR_DAYS = 400  # a wrong month or year, where the figures agree
SAME_SHARE = 0.6  # percentage points: two lists of the largest shares that tell one result
OTHER_SHARE = 5.0  # percentage points: they cannot tell the same result
SAME_TURNOUT = 1.0  # percentage points

NOT_TIED = ("first_statement", "no_match", "ambiguous", "other_round")


@dataclass(frozen=True)
class ElectionStatement:
    """What one source says of one election; `shares` in per cent, largest first, `turnout_pct` of the electorate."""

    source_id: str
    code: str
    jurisdiction_id: str
    chamber: str
    date: str
    precision: str
    first_round_code: str
    is_early: str
    shares: tuple[float, ...] = ()
    turnout_pct: float | None = None

    @property
    def place(self) -> Place:
        """Jurisdiction and chamber: only statements of one place can tell of one election."""
        return self.jurisdiction_id, self.chamber

    @property
    def year(self) -> str:
        """The stated year."""
        return self.date[:4]

    @cached_property
    def days(self) -> tuple[int, int]:
        """First and last day that the stated date may mean, as ordinals."""
        year, month, day = (int(part) for part in (self.date + "-00-00")[:10].split("-"))
        if day:
            return (date(year, month, day).toordinal(),) * 2
        last = month or 12
        return date(year, month or 1, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal()


@dataclass(eq=False)
class Election:
    """An election and what the sources tell of it, in the order heard; `described` is the most exact statement.

    `is_other_round`: its only source tells the other round, too, which is the election that the rest mean.
    """

    statements: list[ElectionStatement]
    election_id: str = ""
    first_round: Election | None = None
    is_other_round: bool = False

    @property
    def described(self) -> ElectionStatement:
        """The first of the statements with the most exact date."""
        return max(self.statements, key=lambda s: len(s.date))

    @property
    def sources(self) -> set[str]:
        """The sources that tell of it."""
        return {s.source_id for s in self.statements}

    @property
    def is_early(self) -> str:
        """The first word on whether it was early; empty when none is told."""
        return next((s.is_early for s in self.statements if s.is_early), "")


@dataclass(frozen=True)
class ElectionMatch:
    """How a statement was given its election: the rule, days between its date and the election's, and the
    elections that it may also be where no rule ties it."""

    election_id: str
    rule: str
    days_apart: int | None
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Elections:
    """Every election by id; `matches` in the order of the statements; `by_code` from (source, code) to id."""

    elections: dict[str, Election]
    matches: list[ElectionMatch]
    by_code: dict[tuple[str, str], str]


def identify_elections(statements: Iterable[ElectionStatement]) -> Elections:
    """Give each statement its election. The order of the statements decides who is heard first."""
    heard = list(statements)
    known: dict[Place, list[Election]] = defaultdict(list)
    given: dict[ElectionStatement, tuple[Election, str]] = {}
    maybe: dict[ElectionStatement, list[Election]] = {}
    for _, of_source in groupby(heard, key=lambda s: s.source_id):
        told = list(of_source)
        ascending = _lists_upwards(told)
        by_place: dict[Place, list[ElectionStatement]] = defaultdict(list)
        for s in told if ascending else reversed(told):
            by_place[s.place].append(s)
        for place, here in by_place.items():
            _hear(_Meeting(here, list(known[place])), given, maybe)
            known[place] += [given[s][0] for s in here if given[s][1] in NOT_TIED]
    elections = _name(heard, given)
    matches = [
        ElectionMatch(
            given[s][0].election_id,
            given[s][1],
            _days_apart(s, given[s][0].described),
            tuple(sorted(e.election_id for e in maybe.get(s, ()))),
        )
        for s in heard
    ]
    by_code = {(s.source_id, s.code): m.election_id for s, m in zip(heard, matches, strict=True)}
    return Elections(dict(sorted(elections.items())), matches, by_code)


def _lists_upwards(told: list[ElectionStatement]) -> bool:
    """Whether the source lists the elections of a place from first to last, by most of its neighbouring rows."""
    steps = [a.date < b.date for a, b in pairwise(told) if a.place == b.place and a.year != b.year]
    return 2 * sum(steps) >= len(steps)


@dataclass(frozen=True)
class _Meeting:
    """What one source tells of a place, in the order of its list, and the elections known of it before."""

    here: list[ElectionStatement]
    known: list[Election]

    def is_told_equally(self, year: str) -> bool:
        """Whether the source tells as many elections of the year as are known."""
        return sum(s.year == year for s in self.here) == len(self._held(year))

    def same_order(self, s: ElectionStatement, e: Election) -> bool:
        """Whether both have the same place in order among the elections of the year."""
        told = [x for x in self.here if x.year == s.year]
        held = sorted(self._held(s.year), key=lambda x: x.described.date)
        return e in held and all(x.precision == "year" for x in told) and told.index(s) == held.index(e)

    def _held(self, year: str) -> list[Election]:
        return [e for e in self.known if e.described.year == year and not e.is_other_round]

    def covers(self, s: ElectionStatement) -> bool:
        """Whether elections of this body are known from before and after."""
        years = [e.described.year for e in self.known]
        return bool(years) and min(years) <= s.year <= max(years)


def _hear(
    meeting: _Meeting, given: dict[ElectionStatement, tuple[Election, str]],
    maybe: dict[ElectionStatement, list[Election]],
) -> None:  # fmt: skip
    """Lay one source's statements of a place beside the elections known of it, rule by rule."""
    all_near = [(s, e, gap) for s in meeting.here for e in meeting.known if (gap := _gap(s, e)) <= FAR_DAYS]
    near = all_near
    for rule, strength in RULES.items():
        possible = ((s, e, strength(s, e, gap, meeting)) for s, e, gap in near)
        tied = only_pairs((s, e, how) for s, e, how in possible if how is not None)
        for s, e in tied:
            given[s] = (e, rule)
            e.statements.append(s)
        done = {e for _, e in tied}
        near = [(s, e, gap) for s, e, gap in near if s not in given and e not in done]
    tied_here = [s for s in meeting.here if s in given]
    for s in meeting.here:
        if s not in given:
            rule = "other_round" if any(_are_rounds(s, x) for x in tied_here) else ""
            maybe[s] = [] if rule else [e for other, e, gap in near if other == s and _may_be(s, e, gap)]
            # told before by this source with a better date, perhaps
            maybe[s] = maybe[s] or [
                e for other, e, gap in all_near if other == s and not rule and _may_be_told_again(s, e, gap)
            ]
            rule = rule or ("ambiguous" if maybe[s] else "no_match" if meeting.covers(s) else "first_statement")
            given[s] = (Election([s], is_other_round=rule == "other_round"), rule)
    for s, later in permutations(meeting.here, 2):
        if _are_rounds(s, later) and s.date < later.date and given[later][0].first_round is None:
            given[later][0].first_round = given[s][0]


def _are_rounds(s: ElectionStatement, other: ElectionStatement) -> bool:
    """Whether one source's two dates are as far apart as two rounds of one election."""
    apart = abs(s.days[0] - other.days[0])
    return s.precision == other.precision == "day" and ROUND_DAYS[0] <= apart <= ROUND_DAYS[1]


def _gap(s: ElectionStatement, e: Election) -> int:
    """Days between the two dates; 0 where one may lie within the other."""
    first, last = s.days
    other_first, other_last = e.described.days
    return max(0, other_first - last, first - other_last)


# A rule is a strength for a statement, an election, the days between them and all that is told of the place:
# None where the rule does not hold; the strongest wins.


def _same_date(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    return 1.0 if s.precision == "day" and any(s.date == x.date for x in e.statements) else None


def _same_shares(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    return -gap if any(_shares_apart(s, x) <= SAME_SHARE for x in e.statements) else None


def _near_date(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    return -gap if s.precision == e.described.precision == "day" and gap <= NEAR_DAYS else None


def _same_turnout(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    apart = min(_turnout_apart(s, x) for x in e.statements)
    if gap > SAME_TURNOUT_DAYS or apart > SAME_TURNOUT or s.year != e.described.year or _contradict(s, e):
        return None
    return -round(apart, 1)


def _same_month(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    months = "month" in (s.precision, e.described.precision) and "year" not in (s.precision, e.described.precision)
    return 1.0 if months and gap == 0 and not e.is_other_round and not _contradict(s, e) else None


def _close_date(s: ElectionStatement, e: Election, gap: int, _: _Meeting) -> float | None:
    exact = "year" not in (s.precision, e.described.precision)
    return 1.0 if exact and gap <= CLOSE_DAYS and not e.is_other_round and not _contradict(s, e) else None


def _same_year(s: ElectionStatement, e: Election, gap: int, meeting: _Meeting) -> float | None:
    only_year = "year" in (s.precision, e.described.precision)
    if not only_year or gap or e.is_other_round or _contradict(s, e) or not meeting.is_told_equally(s.year):
        return None
    return 1.0


def _by_order(s: ElectionStatement, e: Election, gap: int, meeting: _Meeting) -> float | None:
    return _same_year(s, e, gap, meeting) if meeting.same_order(s, e) else None


RULES: dict[str, Callable[[ElectionStatement, Election, int, _Meeting], float | None]] = {
    "same_date": _same_date,
    "same_shares": _same_shares,
    "near_date": _near_date,
    "same_month": _same_month,
    "same_turnout": _same_turnout,
    "close_date": _close_date,
    "same_year": _same_year,
    "by_order": _by_order,
}


def _shares_apart(s: ElectionStatement, other: ElectionStatement) -> float:
    """The largest difference between the two largest shares of each; infinite where one gives fewer than two."""
    if len(s.shares) < 2 or len(other.shares) < 2:
        return float("inf")
    return max(abs(a - b) for a, b in zip(s.shares[:2], other.shares[:2], strict=True))


def _contradict(s: ElectionStatement, e: Election) -> bool:
    """Whether the largest shares of both cannot tell the same result."""
    return any(s.shares and x.shares and abs(s.shares[0] - x.shares[0]) > OTHER_SHARE for x in e.statements)


def _turnout_apart(s: ElectionStatement, other: ElectionStatement) -> float:
    if s.turnout_pct is None or other.turnout_pct is None:
        return float("inf")
    return abs(s.turnout_pct - other.turnout_pct)


def _may_be(s: ElectionStatement, e: Election, gap: int) -> bool:
    near = s.year == e.described.year or gap <= CLOSE_DAYS
    return near and not e.is_other_round and not _contradict(s, e)


def _may_be_told_again(s: ElectionStatement, e: Election, gap: int) -> bool:
    return gap == 0 and s.precision != "day" and _may_be(s, e, gap)


def _days_apart(s: ElectionStatement, described: ElectionStatement) -> int | None:
    """Days from the election's date to the stated one; None where one of them is not known to the day."""
    if s.precision != "day" or described.precision != "day":
        return None
    return s.days[0] - described.days[0]


def _name(
    heard: list[ElectionStatement], given: dict[ElectionStatement, tuple[Election, str]]
) -> dict[str, Election]:  # fmt: skip
    """An id for each election, in the order in which they were heard of."""
    elections: dict[str, Election] = {}
    for s in heard:
        election = given[s][0]
        if not election.election_id:
            described = election.described
            plain = f"{described.jurisdiction_id}-{described.chamber}-{described.date}"
            election.election_id = next(i for i in _numbered(plain) if i not in elections)
            elections[election.election_id] = election
    return elections


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1
