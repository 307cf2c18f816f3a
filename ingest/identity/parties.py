"""One party, whatever the sources call it: by the links that sources state, else by signs that agree.

A party's id is the code of the scheme that named it first (`partyfacts-1474`). Where no source states a
link, parties of one state told by different sources are compared by six signs; a rule needs two signs at
least (one, where a source tells an acronym and nothing else), and ties two parties only where each is the other's single best partner. What falls short keeps its
candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from urllib.parse import unquote

from rapidfuzz import fuzz

from ingest.identity.pairing import only_pairs

SAME_SHARE = 0.15  # percentage points: one figure, rounded by each
OTHER_SHARE = 1.0
LIKE_NAME = 0.6  # of 1: names that have most words in common
CLOSE_NAME = 0.75
SAME_NAME = 0.87
WHOLE_NAME = 0.97
STILL_ACTIVE = 9999


@dataclass(frozen=True)
class PartyStatement:
    """What one source says of one party.

    `shares`: vote shares in per cent by our election ids, from the source's results; `years`: first and last
    year of them; `best`: the largest share and its year, as stated, else from the results.
    """

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
    url: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    years: tuple[int, int] | None = None
    best: tuple[float, int] | None = None
    is_party: bool = True


DESCRIBED = ("jurisdiction_id", "name", "name_en", "short_name", "first_year", "last_year", "family")


@dataclass(frozen=True)
class Marks:
    """What is compared of a party, gathered from all its statements."""

    codes: set[tuple[str, str]]
    addresses: set[str]
    shorts: set[str]
    whole_shorts: set[str]
    names: tuple[str, ...]
    shares: list[Mapping[str, float]]
    bests: list[tuple[float, int]]
    life: tuple[int, int] | None


@dataclass(eq=False)
class Party:
    """A party, described by the first source that says each thing."""

    party_id: str
    described: dict[str, str] = field(default_factory=lambda: dict.fromkeys(DESCRIBED, ""))
    statements: list[PartyStatement] = field(default_factory=list)

    def add(self, s: PartyStatement) -> None:
        """Take in what a statement says and was not said before."""
        self.statements.append(s)
        self.__dict__.pop("marks", None)
        for name in DESCRIBED:
            self.described[name] = self.described[name] or str(getattr(s, name))

    @cached_property
    def marks(self) -> Marks:
        """What is compared, until another statement is added."""
        return _marks_of(self)


@dataclass(frozen=True)
class PartyMatch:
    """How a statement was given its party: the rule, the signs that agreed, and, where no rule ties it, the
    parties that it may also be."""

    party_id: str
    rule: str
    signs: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Parties:
    """Every party by id; `matches` in the order of the statements; `by_code` from (source, code) to id."""

    parties: dict[str, Party]
    matches: list[PartyMatch]
    by_code: dict[tuple[str, str], str]


@dataclass(frozen=True)
class Signs:
    """What speaks for two parties being one. `votes` and `other_votes`: elections with the same and another share;
    `nameless`: one of them is told by its acronym alone; `whole_short`: the acronyms agree as a whole."""

    code: bool
    address: bool
    short: bool
    best: bool
    votes: int
    other_votes: int
    name: float
    together: bool
    nameless: bool = False
    whole_short: bool = False

    @property
    def agreeing(self) -> tuple[str, ...]:
        """The signs that agree, by name."""
        told = {"code": self.code, "address": self.address, "best_result": self.best, "votes": self.votes > 0,
                "short_name": self.short, "name": self.name >= LIKE_NAME}  # fmt: skip
        return tuple(name for name, agrees in told.items() if agrees)

    @property
    def strength(self) -> float:
        """To choose among partners that a rule admits: signs that agree less those that do not."""
        votes = min(self.votes, 5) - 2 * min(self.other_votes, 5)
        return len(self.agreeing) + votes + self.name + 0.5 * self.whole_short - (0 if self.together else 2)

    @property
    def is_named_alike(self) -> bool:
        """Whether acronym or name agree."""
        return self.short or self.name >= LIKE_NAME

    @property
    def votes_speak_against(self) -> bool:
        """Whether the shares of the same elections differ more often than they agree."""
        return self.other_votes > self.votes


def identify_parties(statements: Iterable[PartyStatement]) -> Parties:
    """Give each statement its party: first the links that sources state, then the rules.

    A stated link is followed to a party heard of before, of the same state, one way: two parties that bear
    the same Wikidata number stay two parties.
    """
    heard = list(statements)
    given: list[tuple[Party, str]] = []
    parties: list[Party] = []
    by_scheme: dict[tuple[str, str], Party] = {}
    for s in heard:
        linked = by_scheme.get((s.same_as_scheme, s.same_as_code))
        states = {s.jurisdiction_id, linked.described["jurisdiction_id"]} - {""} if linked else set()
        if linked is not None and len(states) <= 1:
            party, rule = linked, "stated_link"
        else:
            party, rule = Party(f"{s.scheme}-{s.code}"), "first_statement"
            parties.append(party)
        party.add(s)
        given.append((party, rule))
        by_scheme.setdefault((s.scheme, s.code), party)
    joined, maybe = _join(parties)
    matches = []
    for party, stated in given:
        target, how, signs = joined.get(party, (party, stated, ()))
        if stated == "stated_link":
            matches.append(PartyMatch(target.party_id, stated, (), ()))
        elif party in joined:
            matches.append(PartyMatch(target.party_id, how, signs, ()))
        else:
            others = tuple(sorted(p.party_id for p in maybe.get(party, ())))
            matches.append(PartyMatch(party.party_id, "ambiguous" if others else stated, (), others))
    kept = {p.party_id: p for p in parties if p not in joined}
    by_code: dict[tuple[str, str], str] = {}
    for s, match in zip(heard, matches, strict=True):
        by_code.setdefault((s.source_id, s.code), match.party_id)
    return Parties(dict(sorted(kept.items())), matches, by_code)


def _join(parties: list[Party]) -> tuple[dict[Party, tuple[Party, str, tuple[str, ...]]], dict[Party, list[Party]]]:
    """Which parties are another that was heard of before, by which rule; and which may be."""
    joined: dict[Party, tuple[Party, str, tuple[str, ...]]] = {}
    maybe: dict[Party, list[Party]] = {}
    by_state: dict[str, list[Party]] = defaultdict(list)
    for party in parties:
        if party.described["jurisdiction_id"]:
            by_state[party.described["jurisdiction_id"]].append(party)
    for here in by_state.values():
        sources = list(dict.fromkeys(p.statements[0].source_id for p in here))
        known = [p for p in here if p.statements[0].source_id == sources[0]]
        for source in sources[1:]:
            told = [p for p in here if p.statements[0].source_id == source]
            _meet(told, known, source, joined, maybe)
            known += [p for p in told if p not in joined]
    return joined, maybe


def _meet(
    told: list[Party], known: list[Party], source: str,
    joined: dict[Party, tuple[Party, str, tuple[str, ...]]], maybe: dict[Party, list[Party]],
) -> None:  # fmt: skip
    """Parties that a source names first against those known before: the best partners, until nothing more is tied."""
    ours = [p for p in told if p.statements[0].is_party]
    theirs = [p for p in known if p.statements[0].is_party and all(s.source_id != source for s in p.statements)]
    compared = [(a, b, signs) for a in ours for b in theirs if (signs := compare(a, b)).agreeing]
    admitted = {(a, b): (signs, rule) for a, b, signs in compared if (rule := _rule_of(signs))}
    waiting = admitted
    while tied := only_pairs((a, b, signs.strength) for (a, b), (signs, _) in waiting.items()):
        for a, b in tied:
            signs, rule = waiting[a, b]
            joined[a] = (b, rule, signs.agreeing)
            for s in a.statements:
                b.add(s)
        taken = {b for _, b in tied}
        waiting = {(a, b): how for (a, b), how in waiting.items() if a not in joined and b not in taken}
    for a, b, signs in compared:
        likely = (a, b) in admitted or (len(signs.agreeing) > 1 and not signs.votes_speak_against)
        if a not in joined and likely:
            maybe.setdefault(a, []).append(b)


def _rule_of(signs: Signs) -> str:
    """The first rule that admits; empty where none does."""
    return next((rule for rule, admits in RULES.items() if admits(signs)), "")


def compare(a: Party, b: Party) -> Signs:
    """The signs that two parties of one state are one."""
    ours, theirs = a.marks, b.marks
    votes, other = _common_votes(ours.shares, theirs.shares)
    return Signs(
        code=bool(ours.codes & theirs.codes),
        address=bool(ours.addresses & theirs.addresses),
        short=bool(ours.shorts & theirs.shorts),
        best=any(x[1] == y[1] and abs(x[0] - y[0]) <= SAME_SHARE for x in ours.bests for y in theirs.bests),
        votes=votes,
        other_votes=other,
        name=max((_likeness(x, y) for x in ours.names for y in theirs.names), default=0.0),
        together=_lived_together(ours.life, theirs.life),
        nameless=not ours.names,
        whole_short=bool(ours.whole_shorts & theirs.whole_shorts),
    )


# The rule that names a tie is the first that admits it; which partner is the best, the strength of all signs decides.
RULES: dict[str, Callable[[Signs], bool]] = {
    "same_address": lambda x: (
        x.address and (x.short or x.best or x.votes > 0 or x.name >= CLOSE_NAME) and not x.votes_speak_against
    ),
    "same_results": lambda x: (x.best or x.votes > 0) and x.is_named_alike and x.together and not x.other_votes,
    "shared_code": lambda x: x.code and (x.short or x.votes > 0 or x.name >= SAME_NAME) and not x.votes_speak_against,
    "same_name": lambda x: x.name >= SAME_NAME and x.short and x.together and not x.votes_speak_against,
    "same_full_name": lambda x: x.name >= WHOLE_NAME and x.together and not x.votes_speak_against,
    "only_acronym": lambda x: x.nameless and x.short,
}


def _marks_of(party: Party) -> Marks:
    said = party.statements
    return Marks(
        codes={(s.scheme, s.code) for s in said} | {(s.same_as_scheme, s.same_as_code) for s in said if s.same_as_code},
        addresses={plain for s in said if (plain := plain_address(s.url))},
        shorts={part for s in said for part in _short_parts(s.short_name)},
        whole_shorts={_fold(s.short_name) for s in said if s.short_name},
        names=tuple(dict.fromkeys(_fold(v) for s in said for n in (s.name, s.name_en) for v in _variants(n))),
        shares=[s.shares for s in said if s.shares],
        bests=[s.best for s in said if s.best],
        life=_life(party),
    )


@cache
def plain_address(url: str) -> str:
    """A Wikipedia address without protocol, mobile prefix, escapes and case; empty for other pages."""
    plain = re.sub(r"^https?://", "", unquote(url).strip()).replace("en.m.wikipedia", "en.wikipedia")
    return plain.replace(" ", "_").casefold() if ".wikipedia.org/" in plain else ""


@cache
def _short_parts(short: str) -> frozenset[str]:
    """An acronym and, where several stand side by side (`PPD/PSD`), each of two letters or more."""
    parts = {_fold(part).replace(" ", "") for part in (short, *re.split(r"[/|,]| - ", short))}
    return frozenset(part for part in parts if len(part) > 1)


@cache
def _likeness(a: str, b: str) -> float:
    """0 to 1: how much two folded names have their words in common, whatever their order."""
    return fuzz.token_sort_ratio(a, b) / 100


@cache
def _variants(name: str) -> tuple[str, ...]:
    """A name whole and, where several stand side by side (`A / B`, `A | B`, `A – B`), each of them."""
    return tuple(dict.fromkeys(part for part in (name, *re.split(r"\s+(?:[/|–-]|--)\s+", name)) if part))


@cache
def _fold(text: str) -> str:
    """Lower case without accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", plain.casefold()).strip()


def _common_votes(ours: Sequence[Mapping[str, float]], theirs: Sequence[Mapping[str, float]]) -> tuple[int, int]:
    """In how many elections two sources give the same share, and in how many another."""
    same = other = 0
    for a in ours:
        for b in theirs:
            for election in a.keys() & b.keys():
                apart = abs(a[election] - b[election])
                same += apart <= SAME_SHARE
                other += apart > OTHER_SHARE
    return same, other


def _life(party: Party) -> tuple[int, int] | None:
    """First and last year that any source gives the party; None where none does."""
    spans = [s.years for s in party.statements if s.years]
    first, last = party.described["first_year"], party.described["last_year"]
    if first:
        spans.append((int(first), int(last) if last else STILL_ACTIVE))
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None


def _lived_together(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
    """Whether two spans of years meet; unknown ones may."""
    return a is None or b is None or (a[0] <= b[1] and b[0] <= a[1])
