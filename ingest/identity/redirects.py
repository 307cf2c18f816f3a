"""Old ids of elections and parties, so that an address once given goes on being answered.

An id changes when a source tells a more exact date or when two records turn out to be one. Most old ids
follow from what the sources state; the rest are declared in `datasets/election_redirects.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.identity.elections import Elections, ElectionStatement
from ingest.identity.parties import Parties, PartyStatement


@dataclass(frozen=True)
class Declared:
    """An old id that somebody wrote down, the election that it means now, and why."""

    old_id: str
    election_id: str
    reason_es: str
    reason_en: str


@dataclass(frozen=True)
class Redirect:
    """An old id, the present one, how it is known (`stated_otherwise` or `declared`) and who states the old one."""

    old_id: str
    new_id: str
    rule: str
    source_id: str
    reason_es: str
    reason_en: str


def election_redirects(
    heard: Sequence[ElectionStatement], elections: Elections, declared: Sequence[Declared]
) -> Iterator[Redirect]:
    """A redirect for each declared old id, then for each id that a statement alone would give.

    Left out: ids that an election bears now, that two elections could claim, or whose election is not here.
    """
    old: dict[str, tuple[str, str]] = {}
    claimed: dict[str, set[str]] = {}
    for s, match in zip(heard, elections.matches, strict=True):
        own = f"{s.jurisdiction_id}-{s.chamber}-{s.date}"
        claimed.setdefault(own, set()).add(match.election_id)
        old.setdefault(own, (match.election_id, s.source_id))
    written = {}
    for d in declared:
        target = _follow(d.election_id, declared)
        if d.old_id not in elections.elections and target in elections.elections:
            written[d.old_id] = Redirect(d.old_id, target, "declared", "", d.reason_es, d.reason_en)
    for own, (election_id, source_id) in old.items():
        if own in written or own in elections.elections or len(claimed[own]) > 1:
            continue
        date = own.split("-", 2)[2]
        written[own] = Redirect(
            own, election_id, "stated_otherwise", source_id,
            f"Una fuente da a esta elección la fecha {date}.", f"A source dates this election {date}.",
        )  # fmt: skip
    yield from (written[key] for key in sorted(written))


def _follow(election_id: str, declared: Sequence[Declared]) -> str:
    """Where a chain of declared ids ends."""
    onward = {d.old_id: d.election_id for d in declared}
    seen = set()
    while election_id in onward and election_id not in seen:
        seen.add(election_id)
        election_id = onward[election_id]
    return election_id


def party_redirects(heard: Sequence[PartyStatement], parties: Parties) -> Iterator[Redirect]:
    """A redirect from each code of a scheme (`parlgov-1375`) to the party that bears another id."""
    written: dict[str, Redirect] = {}
    for s, match in zip(heard, parties.matches, strict=True):
        own = f"{s.scheme}-{s.code}"
        if own not in parties.parties and own not in written:
            written[own] = Redirect(
                own, match.party_id, "stated_otherwise", s.source_id,
                f"Clave {s.code} del sistema {s.scheme}.", f"Code {s.code} of the scheme {s.scheme}.",
            )  # fmt: skip
    yield from (written[key] for key in sorted(written))
