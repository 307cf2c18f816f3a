"""What the sources' fact files state of elections and parties, with the evidence of their results beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from ingest.descriptor.source import Descriptor
from ingest.facts import fact_rows
from ingest.identity.elections import Elections, ElectionStatement
from ingest.identity.evidence import Evidence, gather
from ingest.identity.parties import PartyStatement
from ingest.identity.redirects import Declared
from ingest.problems import DescriptorError
from ingest.workspace import Workspace

REDIRECTS_FILE = "election_redirects.yml"


def facts(
    workspace: Workspace, ranked: Sequence[Descriptor], table: str
) -> Iterator[tuple[Descriptor, dict[str, str]]]:
    """The rows of one table in every source's fact files, in the order of the sources."""
    for d in ranked:
        for row in fact_rows(workspace.facts(d.id, in_repository=d.in_repository), table):
            yield d, row


def gather_evidence(workspace: Workspace, ranked: Sequence[Descriptor]) -> Evidence:
    """Shares, turnout and years of elections and parties, from the results of the whole territory."""
    states = {(d.id, row["code"]): row["jurisdiction_id"] for d, row in facts(workspace, ranked, "election_ids")}
    results = ((d.id, row) for d, row in facts(workspace, ranked, "results"))
    return gather(states, results, ((d.id, row) for d, row in facts(workspace, ranked, "turnout")))


def election_statements(
    workspace: Workspace, ranked: Sequence[Descriptor], evidence: Evidence
) -> Iterator[ElectionStatement]:
    """Every source's elections, each with its largest shares and its turnout."""
    for d, row in facts(workspace, ranked, "election_ids"):
        key = d.id, row["code"]
        yield ElectionStatement(
            d.id, row["code"], row["jurisdiction_id"], row["chamber"], row["stated_date"], row["date_precision"],
            row["first_round_code"], row["is_early"], evidence.largest_shares(key), evidence.turnout.get(key),
        )  # fmt: skip


def party_statements(
    workspace: Workspace, ranked: Sequence[Descriptor], evidence: Evidence, elections: Elections
) -> Iterator[PartyStatement]:
    """Every source's parties, each with its shares in our elections, its years and its best result."""
    for d, row in facts(workspace, ranked, "party_ids"):
        key = d.id, row["code"]
        ran = [elections.by_code[d.id, code] for code in sorted(evidence.party_elections.get(key, ()))]
        years = [elections.elections[e].described.year for e in ran]
        shares = {elections.by_code[d.id, c]: share for c, share in evidence.party_shares.get(key, {}).items()}
        yield PartyStatement(
            d.id, row["scheme"], row["code"], row["same_as_scheme"], row["same_as_code"], row["jurisdiction_id"],
            row["name"], row["name_en"], row["short_name"], row["first_year"], row["last_year"], row["family"],
            row["url"], shares, (int(min(years)), int(max(years))) if years else None,
            _best(row, shares, elections), not evidence.is_no_party(key),
        )  # fmt: skip


def _best(row: dict[str, str], shares: dict[str, float], elections: Elections) -> tuple[float, int] | None:
    """The largest share and its year: as stated, else in the elections to a lower or only house."""
    if row["best_share_pct"] and row["best_share_year"]:
        return float(row["best_share_pct"]), int(row["best_share_year"])
    national = ((share, e) for e, share in shares.items() if elections.elections[e].described.chamber == "LC")
    best = max(national, default=None)
    return (best[0], int(elections.elections[best[1]].described.year)) if best else None


def declared_redirects(workspace: Workspace) -> list[Declared]:
    """The list of old ids that no source states. Raises DescriptorError where an entry is not complete."""
    path = workspace.datasets / REDIRECTS_FILE
    if not path.is_file():
        return []
    declared = []
    for number, entry in enumerate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or [], start=1):
        try:
            declared.append(Declared(entry["old"], entry["election"], entry["reason"]["es"], entry["reason"]["en"]))
        except (KeyError, TypeError) as error:
            raise DescriptorError(
                f"{REDIRECTS_FILE}: entrada {number}: debe tener old, election y reason con es y en",
                f"{REDIRECTS_FILE}: entry {number}: must have old, election and reason with es and en",
            ) from error
    return declared
