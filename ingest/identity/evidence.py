"""What sources' results tell that helps to know an election or a party again: shares, turnout, years.

Only figures of the whole territory count. Votes are per cent of the base that each source uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]  # (source id, the source's code)
Row = Mapping[str, str]

NO_PARTY = ("others", "independent")


@dataclass
class Evidence:
    """By (source, code): an election's vote shares and turnout; a party's shares, and whether it is a party at all."""

    shares: dict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))
    turnout: dict[Key, float] = field(default_factory=dict)
    party_shares: dict[Key, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    party_elections: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    parties: set[Key] = field(default_factory=set)
    no_parties: set[Key] = field(default_factory=set)

    def largest_shares(self, election: Key) -> tuple[float, ...]:
        """The shares that the source gives, largest first; empty when it gives none."""
        return tuple(sorted(self.shares.get(election, ()), reverse=True))

    def is_no_party(self, party: Key) -> bool:
        """Whether all that the source tells of it are other or independent candidates taken together."""
        return party in self.no_parties and party not in self.parties


def gather(
    states: Mapping[Key, str], results: Iterable[tuple[str, Row]], turnout: Iterable[tuple[str, Row]]
) -> Evidence:
    """Evidence from rows of results and turnout, each with its source. `states`: election → its jurisdiction."""
    found = Evidence()
    for source, row in results:
        election, party = (source, row["election_id"]), (source, row["party_id"])
        if states.get(election) != row["unit_id"]:
            continue
        if row["party_id"]:
            known = found.no_parties if row["contestant_kind"] in NO_PARTY else found.parties
            known.add(party)
            found.party_elections[party].add(row["election_id"])
        if row["vote_share_pct"]:
            share = float(row["vote_share_pct"])
            found.shares[election].append(share)
            if row["party_id"]:
                found.party_shares[party][row["election_id"]] = share
    for source, row in turnout:
        if states.get((source, row["election_id"])) == row["unit_id"] and (told := _turnout(row)) is not None:
            found.turnout[source, row["election_id"]] = told
    return found


def _turnout(row: Row) -> float | None:
    """Votes cast (valid votes where those are not told) for each 100 electors; the published figure where it is told."""
    if row["turnout_pct"]:
        return float(row["turnout_pct"])
    votes, electors = row["votes_cast_count"] or row["valid_count"], row["registered_count"]
    return 100 * float(votes) / float(electors) if votes and electors and float(electors) else None
