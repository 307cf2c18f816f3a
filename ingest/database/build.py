"""The build: facts of every source → comparada.db. Read `_fill` to see the data's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from ingest.citations.citation_rows import citation_rows
from ingest.database import derived, sources
from ingest.database.derivation import Derivation
from ingest.database.dictionary import dictionary
from ingest.database.fingerprint import build_id, built_id, code_fingerprint, data_fingerprint
from ingest.database.load import Loader
from ingest.database.schema import create_indexes, create_search, create_table
from ingest.database.statements import (
    declared_redirects,
    election_statements,
    facts,
    gather_evidence,
    party_statements,
)
from ingest.database.swap import only_one_build, swapped_in
from ingest.descriptor.reading import check_known, load_descriptors
from ingest.descriptor.source import Descriptor
from ingest.file_hash import sha256
from ingest.identity.elections import Elections, identify_elections
from ingest.identity.parties import Parties, identify_parties
from ingest.identity.redirects import election_redirects, party_redirects
from ingest.problems import BuildError, Problem
from ingest.table_schema import Table, load_tables
from ingest.workspace import Workspace

Progress = Callable[[str], None]

# tables that sources state about the world, in the order in which they refer to each other
REFERENCE_FACTS = (
    "topics", "jurisdictions", "jurisdiction_relations", "jurisdiction_names", "jurisdiction_codes", "groups", "group_members",
    "concepts", "concept_labels", "concept_relations",
)  # fmt: skip
ELECTION_FACTS = ("election_ids", "party_ids")


@dataclass(frozen=True)
class Built:
    """A finished build: which, whether anything was done, rows per table, absent sources."""

    build_id: str
    changed: bool
    sha256: str
    rows: dict[str, int]
    absent: tuple[str, ...]


def build(workspace: Workspace, progress: Progress, derivations: Sequence[Derivation]) -> Built:
    """Write comparada.db, unless it is current. Raises BuildError or DescriptorError; the old file stays."""
    wanted = build_id(workspace, derivations)
    if built_id(workspace.database) == wanted:
        return Built(wanted, False, "", {}, ())
    with only_one_build(workspace):
        descriptors = load_descriptors(workspace)
        with swapped_in(workspace.database) as connection:
            rows = _fill(connection, workspace, descriptors, wanted, progress, derivations)
    absent = tuple(sorted(d.id for d in descriptors.values() if not _has_facts(workspace, d)))
    return Built(wanted, True, sha256(workspace.database), rows, absent)


def _fill(
    connection: sqlite3.Connection, workspace: Workspace, by_id: dict[str, Descriptor], wanted: str,
    progress: Progress, derivations: Sequence[Derivation],
) -> dict[str, int]:  # fmt: skip
    tables = load_tables()
    ranked = sorted(by_id.values(), key=lambda d: (d.rank, d.id))
    loader = Loader(connection, workspace, tables)
    for table in tables.values():
        if not table.view:
            connection.execute(create_table(table, tables))

    progress("fuentes")
    _load_sources(loader, workspace, ranked)
    progress("jurisdicciones")
    for name in REFERENCE_FACTS:
        loader.load_facts(name, ranked, {})
    topics = {str(row[0]) for row in connection.execute("SELECT topic_id FROM topics")}
    for d in ranked:
        for variable in d.variables:
            check_known(d, f"variables.{variable.id}.topic", variable.topic, topics)
        loader.insert("variables", sources.variable_rows(d))
        loader.insert("codes", sources.code_rows(d))
        loader.insert("variable_crosswalks", sources.crosswalk_rows(d))
        if _has_facts(workspace, d):  # a correction points to a file, which an absent source has not
            loader.insert("corrections", sources.correction_rows(d))

    progress("elecciones y partidos")
    known = {
        str(r[0]): (str(r[1]), str(r[2]))
        for r in connection.execute("SELECT jurisdiction_id, name_es, name_en FROM jurisdictions")
    }
    evidence = gather_evidence(workspace, ranked)
    told_elections = list(election_statements(workspace, ranked, evidence))
    elections = identify_elections(told_elections)
    _check_known(elections, known)
    told_parties = list(party_statements(workspace, ranked, evidence, elections))
    parties = identify_parties(told_parties)
    loader.insert("bodies", derived.body_rows(elections, known))
    loader.insert("elections", derived.election_rows(elections, known))
    loader.insert("parties", derived.party_rows(parties))
    loader.insert("units", _units(connection, workspace, ranked))
    _load_identities(loader, ranked, elections, parties)
    old_elections = election_redirects(told_elections, elections, declared_redirects(workspace))
    loader.insert("election_redirects", derived.redirect_rows(old_elections, "election_id"))
    loader.insert("party_redirects", derived.redirect_rows(party_redirects(told_parties, parties), "party_id"))

    translate = {
        "elections": lambda source, code: elections.by_code.get((source, code)),
        "parties": lambda source, code: parties.by_code.get((source, code)),
    }
    for name in _other_facts(tables):
        progress(name)
        loader.load_facts(name, ranked, translate)

    progress("cobertura")
    derived.derive_columns(connection)
    for derivation in derivations:
        progress(derivation.step)
        derivation.fill(connection)
    progress("citas")
    loader.insert("citations", citation_rows(connection))
    loader.insert("problems", _problem_rows(workspace, ranked, loader.problems))
    for name, rows in dictionary(tables).items():
        loader.insert(name, rows)
    loader.insert("builds", [_build_row(workspace, wanted, derivations)])
    for table in tables.values():
        for statement in (*create_indexes(table), *create_search(table)):
            connection.execute(statement)
    check_references(connection)
    connection.execute("ANALYZE")
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name, table in tables.items()
        if not table.view
    }


def _other_facts(tables: dict[str, Table]) -> list[str]:
    """Tables of facts that may refer to elections and parties, each after those that it refers to."""
    earlier = {*REFERENCE_FACTS, *ELECTION_FACTS}
    return [t.name for t in tables.values() if t.origin == "facts" and t.name not in earlier]


def _load_sources(loader: Loader, workspace: Workspace, ranked: list[Descriptor]) -> None:
    licences = sources.licence_rows(workspace)
    for d in ranked:
        check_known(d, "licence", d.licence, {str(row["licence_id"]) for row in licences})
    loader.insert("licences", licences)
    loader.insert("sources", (sources.source_row(workspace, d) for d in ranked))
    for d in ranked:
        loader.insert("source_caveats", sources.caveat_rows(d))
        loader.insert("raw_files", sources.file_rows(workspace, d))
        loader.insert("file_accounts", sources.account_rows(workspace, d))


def _has_facts(workspace: Workspace, d: Descriptor) -> bool:
    return workspace.facts(d.id, in_repository=d.in_repository).is_dir()


def _load_identities(loader: Loader, ranked: list[Descriptor], elections: Elections, parties: Parties) -> None:
    """Each source's own statements, with the id they were given and the rule that gave it."""
    for name, matched in (
        ("election_ids", iter([derived.election_match_row(m) for m in elections.matches])),
        ("party_ids", iter([derived.party_match_row(m) for m in parties.matches])),
    ):

        def added(
            _d: Descriptor, _header: list[str], _row: list[str], matched: Iterator[sources.Row] = matched
        ) -> sources.Row:
            return next(matched)

        loader.load_facts(name, ranked, {}, added)


def _units(connection: sqlite3.Connection, workspace: Workspace, ranked: list[Descriptor]) -> Iterator[sources.Row]:
    stated = {
        row["unit_id"]
        for table in ("results", "turnout", "preliminary_counts")
        for _, row in facts(workspace, ranked, table)
    }
    jurisdictions = {
        str(key): (str(kind), str(es), str(en), str(parent or ""))
        for key, kind, es, en, parent in connection.execute(
            "SELECT jurisdiction_id, kind, name_es, name_en, parent_id FROM jurisdictions"
        )
    }
    return derived.unit_rows(stated, jurisdictions)


def _problem_rows(
    workspace: Workspace, ranked: list[Descriptor], found: list[tuple[str, Problem]]
) -> Iterator[sources.Row]:
    for d, row in facts(workspace, ranked, "problems"):
        path = row.pop("raw_file")
        yield {**row, "source_id": d.id, "raw_file_id": f"{d.id}/{path}"}
    yield from found_problem_rows(found)


def found_problem_rows(found: list[tuple[str, Problem]]) -> Iterator[sources.Row]:
    """Rows of `problems` for what was found while loading: (source id, problem)."""
    for source_id, p in found:
        yield {
            "source_id": source_id, "raw_file_id": f"{source_id}/{p.file}", "recipe": p.recipe, "raw_row": p.row,
            "raw_column": p.column, "value": p.value, "rule": p.rule, "severity": p.severity,
            "message_es": p.message_es, "message_en": p.message_en,
        }  # fmt: skip


def _build_row(workspace: Workspace, wanted: str, derivations: Sequence[Derivation]) -> sources.Row:
    return {
        "build_id": wanted,
        "data_version": data_fingerprint(workspace)[:16],
        "schema_version": code_fingerprint(derivations)[:16],
        "program_version": version("comparada"),
    }


def _check_known(elections: Elections, known: dict[str, tuple[str, str]]) -> None:
    for election in elections.elections.values():
        if election.described.jurisdiction_id not in known:
            source, lost = election.described.source_id, election.described.jurisdiction_id
            raise BuildError(
                f"{source}: sus elecciones nombran la jurisdicción {lost}, que ya no existe; repita «comparada ingest {source}»",
                f"{source}: its elections name jurisdiction {lost}, which no longer exists; run 'comparada ingest {source}' again",
            )


def check_references(connection: sqlite3.Connection) -> None:
    """Raise BuildError where a row refers to one that does not exist."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        told = "; ".join(f"{table} {rowid} → {parent}" for table, rowid, parent, _ in broken)
        raise BuildError(
            f"hay filas que se refieren a algo que no existe: {told}",
            f"rows refer to something that does not exist: {told}",
        )
