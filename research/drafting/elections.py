"""The elections that a draft speaks of, and what is written of them."""

from __future__ import annotations

from research.directives.asking import Asking
from research.directives.elections import Election, election_of_key, elections
from research.drafting.writer import Writer
from research.faults import WrongName
from research.publishing.markdown import escaped

BODIES = ("LC", "PR")


def latest_elections(asking: Asking, country: str) -> list[Election]:
    """The latest election of each body up to the cut-off date."""
    found: dict[str, Election] = {}
    for election in elections(asking.connection, "jurisdiction_id = ? AND election_date <= ?", country, asking.cutoff):
        if election.chamber in BODIES:
            found.setdefault(election.chamber, election)
    return [found[body] for body in BODIES if body in found]


def election_of(asking: Asking, country: str, wanted: str | None) -> Election:
    """The election of that id, else the country's latest one, those with results first. Raises WrongName."""
    if wanted is not None:
        return election_of_key(asking.connection, wanted)
    latest = sorted(latest_elections(asking, country), key=lambda e: (e.has_results, e.date), reverse=True)
    if not latest:
        name = asking.names.jurisdictions[country]
        raise WrongName(f"no hay elecciones de {name.es} hasta {asking.cutoff}",
                        f"there are no elections of {name.en} by {asking.cutoff}")  # fmt: skip
    return latest[0]


def later_elections(writer: Writer, election: Election) -> list[Election]:
    """Elections of the same body after that one, as far as the knowledge base knows."""
    later = elections(writer.asking.connection, "jurisdiction_id = ? AND chamber = ? AND election_date > ?",
                      election.jurisdiction_id, election.chamber, election.date)  # fmt: skip
    return list(later)[::-1]


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
