"""One election, one party: what several sources state of the same thing gets one id.

Statements are heard in the order of their sources' rank. An election's id names jurisdiction, chamber
and date (`MEX-LC-2018-07-01`); a party's id is the code of the scheme that named it first
(`partyfacts-1474`). Which rule matched is kept with each statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ElectionStatement:
    """What one source says of one election."""

    source_id: str
    code: str
    jurisdiction_id: str
    chamber: str
    date: str
    precision: str
    first_round_code: str
    is_early: str

    @property
    def place(self) -> tuple[str, str]:
        """Jurisdiction and chamber: two elections of one place on one day are one election."""
        return self.jurisdiction_id, self.chamber

    @property
    def year(self) -> str:
        """The stated year."""
        return self.date[:4]


@dataclass
class Election:
    """An election and the sources that tell of it."""

    election_id: str
    first: ElectionStatement
    sources: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Elections:
    """Every election; `matches` has, statement by statement, its id and the rule that matched."""

    elections: dict[str, Election]
    matches: list[tuple[str, str]]
    by_code: dict[tuple[str, str], str]


def identify_elections(statements: Iterable[ElectionStatement]) -> Elections:
    """Match statements to elections: by date, else by year where only one can be meant."""
    heard = list(statements)
    per_source_year: dict[tuple[str, tuple[str, str], str], int] = defaultdict(int)
    for s in heard:
        per_source_year[s.source_id, s.place, s.year] += 1
    elections: dict[str, Election] = {}
    in_year: dict[tuple[tuple[str, str], str], list[Election]] = defaultdict(list)
    matches: list[tuple[str, str]] = []
    for s in heard:
        others = [e for e in in_year[s.place, s.year] if s.source_id not in e.sources]
        same_date = [e for e in others if s.precision == e.first.precision == "day" and e.first.date == s.date]
        if same_date:
            election, rule = same_date[0], "same_date"
        elif len(others) == len(in_year[s.place, s.year]) == per_source_year[s.source_id, s.place, s.year] == 1:
            election, rule = others[0], "same_year"
        else:
            election, rule = Election(_free_id(s, elections), s), "first_statement"
            elections[election.election_id] = election
            in_year[s.place, s.year].append(election)
        election.sources.add(s.source_id)
        matches.append((election.election_id, rule))
    by_code = {(s.source_id, s.code): election_id for s, (election_id, _) in zip(heard, matches, strict=True)}
    return Elections(dict(sorted(elections.items())), matches, by_code)


def _free_id(s: ElectionStatement, taken: dict[str, Election]) -> str:
    plain = f"{s.jurisdiction_id}-{s.chamber}-{s.date}"
    return next(i for i in _numbered(plain) if i not in taken)


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1


@dataclass(frozen=True)
class PartyStatement:
    """What one source says of one party."""

    source_id: str
    scheme: str
    code: str
    same_as_scheme: str
    same_as_code: str
    jurisdiction_id: str
    name: str
    name_en: str
    short_name: str
    first_year: str
    last_year: str
    family: str


@dataclass
class Party:
    """A party, described by the first source that says each thing."""

    party_id: str
    described: dict[str, str]


DESCRIBED = ("jurisdiction_id", "name", "name_en", "short_name", "first_year", "last_year", "family")


@dataclass(frozen=True)
class Parties:
    """Every party; `matches` has, statement by statement, its id and the rule that matched."""

    parties: dict[str, Party]
    matches: list[tuple[str, str]]
    by_code: dict[tuple[str, str], str]


def identify_parties(statements: Iterable[PartyStatement]) -> Parties:
    """Match a statement to the party it links to, if that one is known and of the same state.

    A link is followed one way: two parties that bear the same Wikidata number stay two parties.
    """
    parties: dict[str, Party] = {}
    matches: list[tuple[str, str]] = []
    by_scheme: dict[tuple[str, str], Party] = {}
    by_code: dict[tuple[str, str], str] = {}
    for s in statements:
        linked = by_scheme.get((s.same_as_scheme, s.same_as_code))
        states = {s.jurisdiction_id, linked.described["jurisdiction_id"]} - {""} if linked else set()
        if linked is not None and len(states) <= 1:
            party, rule = linked, "stated_link"
        else:
            party, rule = Party(f"{s.scheme}-{s.code}", dict.fromkeys(DESCRIBED, "")), "first_statement"
            parties[party.party_id] = party
        for name in DESCRIBED:
            party.described[name] = party.described[name] or str(getattr(s, name))
        matches.append((party.party_id, rule))
        by_scheme.setdefault((s.scheme, s.code), party)
        by_code.setdefault((s.source_id, s.code), party.party_id)
    return Parties(dict(sorted(parties.items())), matches, by_code)
