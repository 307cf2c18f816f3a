"""Rows and columns that the build works out from what sources state: bodies, elections, units, coverage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from ingest.database.sources import Row
from ingest.identity.elections import Election, ElectionMatch, Elections
from ingest.identity.parties import Parties, PartyMatch
from ingest.identity.redirects import Redirect

# chamber → (Spanish, English) as said in the name of a body
CHAMBERS = {
    "LC": ("cámara baja o única", "lower or only house"),
    "UC": ("cámara alta", "upper house"),
    "PR": ("presidencia", "presidency"),
    "EP": ("Parlamento Europeo", "European Parliament"),
    "CA": ("asamblea constituyente", "constituent assembly"),
}
EUROPEAN_UNION = "EUU"


def body_id(jurisdiction_id: str, chamber: str) -> str:
    """The elected body: the European Parliament is one body, whoever votes for it."""
    return f"{EUROPEAN_UNION if chamber == 'EP' else jurisdiction_id}-{chamber}"


def body_rows(elections: Elections, names: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """Rows of `bodies`: every body that an election was held for."""
    bodies = {
        body_id(e.described.jurisdiction_id, e.described.chamber): e.described for e in elections.elections.values()
    }
    for key, first in sorted(bodies.items()):
        owner = EUROPEAN_UNION if first.chamber == "EP" else first.jurisdiction_id
        es, en = CHAMBERS[first.chamber]
        name_es, name_en = names[owner]
        yield {"body_id": key, "jurisdiction_id": owner, "chamber": first.chamber,
               "name_es": f"{name_es}: {es}", "name_en": f"{name_en}: {en}"}  # fmt: skip


def election_rows(elections: Elections, names: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """Rows of `elections`."""
    for e in elections.elections.values():
        told = e.described
        es, en = CHAMBERS[told.chamber]
        name_es, name_en = names[told.jurisdiction_id]
        yield {
            "election_id": e.election_id, "jurisdiction_id": told.jurisdiction_id,
            "body_id": body_id(told.jurisdiction_id, told.chamber), "chamber": told.chamber,
            "election_date": told.date, "date_precision": told.precision, "election_year": int(told.year),
            "first_round_id": _first_round(e, elections), "is_early": e.is_early, "sources_count": len(e.sources),
            "name_es": f"{name_es}, {es}, {told.date}", "name_en": f"{name_en}, {en}, {told.date}",
        }  # fmt: skip


def _first_round(e: Election, elections: Elections) -> str | None:
    """The first round of this one: as a source states it, else as a source's dates tell; None where there is none."""
    stated = (elections.by_code.get((s.source_id, s.first_round_code)) for s in e.statements if s.first_round_code)
    told = next((first for first in stated if first and first != e.election_id), None)
    return told or (e.first_round.election_id if e.first_round else None)


def election_match_row(match: ElectionMatch) -> Row:
    """The derived columns of a row of `election_ids`."""
    return {"election_id": match.election_id, "match_rule": match.rule, "days_apart": match.days_apart,
            "candidates": " ".join(match.candidates)}  # fmt: skip


def party_match_row(match: PartyMatch) -> Row:
    """The derived columns of a row of `party_ids`."""
    return {"party_id": match.party_id, "match_rule": match.rule, "signs": " ".join(match.signs),
            "candidates": " ".join(match.candidates)}  # fmt: skip


def redirect_rows(redirects: Iterable[Redirect], new_id: str) -> Iterator[Row]:
    """Rows of `election_redirects` or `party_redirects`; `new_id` names the column of the present id."""
    for r in redirects:
        yield {"old_id": r.old_id, new_id: r.new_id, "rule": r.rule, "source_id": r.source_id,
               "reason_es": r.reason_es, "reason_en": r.reason_en}  # fmt: skip


def party_rows(parties: Parties) -> Iterator[Row]:
    """Rows of `parties`, described by the first source that says each thing."""
    for party in parties.parties.values():
        d = party.described
        yield {**d, "party_id": party.party_id,
               "name": d["name"] or d["name_en"] or d["short_name"] or party.party_id}  # fmt: skip


def unit_rows(unit_ids: set[str], jurisdictions: dict[str, tuple[str, str, str, str]]) -> Iterator[Row]:
    """Rows of `units`: a state's whole territory, and its parts, of which results are told."""
    wanted = set(unit_ids)
    for unit in unit_ids:
        if unit in jurisdictions and (parent := jurisdictions[unit][3]):
            wanted.add(parent)
    for unit in sorted(wanted & set(jurisdictions)):
        kind, name_es, name_en, parent = jurisdictions[unit]
        yield {"unit_id": unit, "jurisdiction_id": unit, "level": "state" if kind == "part" else "nation",
               "name_es": name_es, "name_en": name_en, "parent_id": parent if parent in wanted else None}  # fmt: skip


# What a source's results of the whole territory add up to: shares of votes as stated, else votes over
# valid votes (votes cast where valid votes are not told); seats over the seats stated.
COVERAGE = """
WITH told AS (
  SELECT election_id, source_id, sum(vote_share_pct) AS shares, sum(votes_count) AS votes, sum(seats_count) AS seats
  FROM results JOIN units USING (unit_id) WHERE level = 'nation' GROUP BY election_id, source_id
), voted AS (
  SELECT election_id, source_id, max(coalesce(valid_count, votes_cast_count - coalesce(invalid_count, 0))) AS valid
  FROM turnout JOIN units USING (unit_id) WHERE level = 'nation' GROUP BY election_id, source_id
)
UPDATE election_ids SET
  votes_coverage_pct = round(coalesce(told.shares, 100.0 * told.votes / voted.valid), 2),
  seats_coverage_pct = round(100.0 * told.seats / nullif(election_ids.seats_count, 0), 2)
FROM told LEFT JOIN voted USING (election_id, source_id)
WHERE told.election_id = election_ids.election_id AND told.source_id = election_ids.source_id
"""

# A published index of a country and year belongs to an election where only one can be meant.
PUBLISHED_ELECTION = """
WITH single AS (
  SELECT jurisdiction_id, election_year, min(election_id) AS election_id FROM elections
  WHERE chamber = 'LC' GROUP BY jurisdiction_id, election_year HAVING count(*) = 1
)
UPDATE published_indices SET election_id = single.election_id
FROM single
WHERE published_indices.election_id IS NULL
  AND single.jurisdiction_id = published_indices.jurisdiction_id AND single.election_year = published_indices.year
"""

ALLIANCES = """
UPDATE results SET alliance_result_id = alliance.result_id
FROM (SELECT result_id, source_id, code FROM results WHERE code IS NOT NULL) AS alliance
WHERE results.alliance_code = alliance.code AND results.source_id = alliance.source_id
"""

SECTIONS = """
UPDATE documents SET sections_count = (
  SELECT count(*) FROM document_sections WHERE document_sections.document_id = documents.document_id
)
"""


def derive_columns(connection: sqlite3.Connection) -> None:
    """Fill the columns that follow from loaded rows."""
    connection.execute("CREATE INDEX temporary_results_code ON results (source_id, code)")
    connection.execute("CREATE INDEX temporary_sections ON document_sections (document_id)")
    for statement in (ALLIANCES, COVERAGE, PUBLISHED_ELECTION, SECTIONS):
        connection.execute(statement)
    connection.execute("DROP INDEX temporary_results_code")
    connection.execute("DROP INDEX temporary_sections")
