"""The elections that a draft speaks of, from the table `elections`."""

from __future__ import annotations

from dataclasses import dataclass

from research.directives.asking import Asking
from research.directives.faults import WrongName, or_rather
from research.directives.names import Labels, nearest
from research.drafting.writer import Writer
from research.publishing.markdown import escaped

BODIES = ("LC", "PR")


@dataclass(frozen=True)
class Election:
    """An election, and whether any source gives its results for the whole country."""

    election_id: str
    jurisdiction_id: str
    chamber: str
    date: str
    names: Labels
    has_results: bool

    @property
    def last_day(self) -> str:
        """The last day on which it can have been, as far as its date is known."""
        return f"{self.date}-12-31" if len(self.date) == 4 else f"{self.date}-28" if len(self.date) == 7 else self.date


_ELECTIONS = """
SELECT election_id, jurisdiction_id, chamber, election_date, name_es, name_en,
       EXISTS (SELECT 1 FROM results r WHERE r.election_id = e.election_id AND r.unit_id = e.jurisdiction_id)
FROM elections e WHERE {condition} ORDER BY election_date DESC, election_id
"""


def latest_elections(asking: Asking, country: str) -> list[Election]:
    """The latest election of each body up to the cut-off date."""
    found: dict[str, Election] = {}
    for election in _elections(asking, "jurisdiction_id = ? AND election_date <= ?", country, asking.cutoff):
        if election.chamber in BODIES:
            found.setdefault(election.chamber, election)
    return [found[body] for body in BODIES if body in found]


def election_of(asking: Asking, country: str, wanted: str | None) -> Election:
    """The election of that id, else the country's latest one, those with results first. Raises WrongName."""
    if wanted is not None:
        found = _elections(asking, "election_id = ?", wanted.upper())
        if found:
            return found[0]
        known = [str(r[0]) for r in asking.connection.execute("SELECT election_id FROM elections")]
        es, en = or_rather(nearest(wanted, known))
        raise WrongName(f"no se conoce la elección «{wanted}»{es}", f"there is no election '{wanted}'{en}")
    latest = sorted(latest_elections(asking, country), key=lambda e: (e.has_results, e.date), reverse=True)
    if not latest:
        name = asking.names.jurisdictions[country]
        raise WrongName(f"no hay elecciones de {name.es} hasta {asking.cutoff}",
                        f"there are no elections of {name.en} by {asking.cutoff}")  # fmt: skip
    return latest[0]


def later_elections(writer: Writer, election: Election) -> list[Election]:
    """Elections of the same body after that one, as far as the knowledge base knows."""
    return _elections(writer.asking, "jurisdiction_id = ? AND chamber = ? AND election_date > ?",
                      election.jurisdiction_id, election.chamber, election.date)[::-1]  # fmt: skip


def contestants(writer: Writer, election: Election) -> tuple[str, list[str]] | None:
    """The source heard first and the names of the contestants that it gives; None where no source gives any."""
    rows = writer.asking.connection.execute(
        "SELECT r.source_id, coalesce(r.contestant, p.name), p.name_en FROM results r JOIN sources s USING (source_id)"
        " LEFT JOIN parties p USING (party_id) WHERE election_id = ? AND unit_id = ?"
        " ORDER BY s.rank, coalesce(r.vote_share_pct, 0) DESC, coalesce(r.votes_count, 0) DESC, r.result_id",
        (election.election_id, election.jurisdiction_id),
    ).fetchall()
    if not rows:
        return None
    source = rows[0][0]
    names = [en if writer.asking.language == "en" and en else name for s, name, en in rows if s == source and name]
    return source, list(dict.fromkeys(escaped(n) for n in names))


def results(writer: Writer, election: Election) -> bool:
    """The table of results, if a source gives them."""
    return election.has_results and writer.on_its_own(
        f"[[{writer.say('resultados', 'results')}: {election.election_id}]]"
    )


def _elections(asking: Asking, condition: str, *values: str) -> list[Election]:
    return [
        Election(key, place, chamber, date, Labels(es, en), bool(told))
        for key, place, chamber, date, es, en, told in asking.connection.execute(
            _ELECTIONS.format(condition=condition), values
        )
    ]
