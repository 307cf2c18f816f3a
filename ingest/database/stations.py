"""The second database: polling stations → stations.db, beside comparada.db and after it.

What the two have in common (sources, licences, files, accounts, problems, states, the ids of elections and
parties) is copied from comparada.db, so that both say the same. Facts of stations are never in git for
their size: without the published files there is no stations.db.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from ingest.database.build import Built, Progress, check_references, found_problem_rows
from ingest.database.dictionary import dictionary
from ingest.database.fingerprint import built_id, facts_fingerprint, joint_hash
from ingest.database.load import Loader, Translate
from ingest.database.schema import create_indexes, create_search, create_table
from ingest.database.sources import Row
from ingest.database.swap import only_one_build, swapped_in
from ingest.descriptor.reading import load_descriptors
from ingest.descriptor.source import Descriptor
from ingest.facts import fact_files
from ingest.file_hash import sha256
from ingest.problems import BuildError
from ingest.table_schema import STATIONS, Table, load_tables
from ingest.workspace import Workspace

# table → its rows that belong to the sources of what is here
COPIED = {
    "licences": "SELECT * FROM licences WHERE licence_id IN (SELECT licence_id FROM sources WHERE source_id IN {sources})",
    "sources": "SELECT * FROM sources WHERE source_id IN {sources}",
    "source_caveats": "SELECT * FROM source_caveats WHERE source_id IN {sources}",
    "raw_files": "SELECT * FROM raw_files WHERE source_id IN {sources}",
    "file_accounts": "SELECT file_accounts.* FROM file_accounts JOIN raw_files USING (raw_file_id) WHERE source_id IN {sources}",
    "problems": "SELECT * FROM problems WHERE source_id IN {sources} ORDER BY problem_id",
}

# only the states that have stations, and what they are part of
UNNEEDED_JURISDICTIONS = """
WITH RECURSIVE needed (jurisdiction_id) AS (
  SELECT state_id FROM stations
  UNION SELECT parent_id FROM jurisdictions JOIN needed USING (jurisdiction_id) WHERE parent_id IS NOT NULL
)
DELETE FROM jurisdictions WHERE jurisdiction_id NOT IN (SELECT jurisdiction_id FROM needed)
"""


def build_stations(workspace: Workspace, progress: Progress) -> Built:
    """Write stations.db, unless it is current. comparada.db must be built, and current.

    Raises BuildError where no source's stations are here, with what brings them; the old file stays.
    """
    speaking = [d for d in load_descriptors(workspace).values() if _states_stations(d)]
    present = sorted((d for d in speaking if _facts(workspace, d)), key=lambda d: (d.rank, d.id))
    absent = tuple(sorted(d.id for d in speaking if d not in present))
    if not present:
        raise _no_stations(absent)
    data = facts_fingerprint(workspace, STATIONS)
    wanted = _build_id(workspace, data)
    if built_id(workspace.stations) == wanted:
        return Built(wanted, False, "", {}, absent)
    with (
        only_one_build(workspace),
        closing(sqlite3.connect(f"{workspace.database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as comparada,
        swapped_in(workspace.stations) as connection,
    ):
        comparada.row_factory = sqlite3.Row
        rows = _fill(connection, comparada, workspace, present, wanted, data, progress)
    return Built(wanted, True, sha256(workspace.stations), rows, absent)


def stations_are_current(workspace: Workspace) -> bool:
    """Whether stations.db was made from the facts that are here and belongs to the present comparada.db."""
    return built_id(workspace.stations) == _build_id(workspace, facts_fingerprint(workspace, STATIONS))


def _build_id(workspace: Workspace, data: str) -> str:
    return joint_hash(built_id(workspace.database) or "", data)[:16]


def _fill(
    connection: sqlite3.Connection, comparada: sqlite3.Connection, workspace: Workspace, present: list[Descriptor],
    wanted: str, data: str, progress: Progress,
) -> dict[str, int]:  # fmt: skip
    tables = load_tables(STATIONS)
    loader = Loader(connection, workspace, tables)
    for table in tables.values():
        connection.execute(create_table(table, tables))

    progress("jurisdicciones")
    loader.insert("jurisdictions", _rows(comparada, "SELECT * FROM jurisdictions"))
    translate = _ids(comparada)
    for name in _stated(tables):
        progress(name)
        loader.load_facts(name, present, translate)
    connection.execute(UNNEEDED_JURISDICTIONS)
    progress("fuentes")
    told = sorted({d.id for d in present} | {r[0] for r in connection.execute("SELECT source_id FROM jurisdictions")})
    for name, sql in COPIED.items():
        loader.insert(name, _rows(comparada, sql.format(sources=f"({', '.join('?' * len(told))})"), told))
    loader.insert("problems", found_problem_rows(loader.problems))
    for name, rows in dictionary(tables).items():
        loader.insert(name, rows)
    built = dict(comparada.execute("SELECT * FROM builds").fetchone())
    version = joint_hash(str(built["data_version"]), data)[:16]
    loader.insert("builds", [{**built, "build_id": wanted, "data_version": version}])
    progress("índices")
    for table in tables.values():
        for statement in (*create_indexes(table), *create_search(table)):
            connection.execute(statement)
    check_references(connection)
    connection.execute("ANALYZE")
    return {n: int(connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0]) for n in tables}


def _rows(comparada: sqlite3.Connection, sql: str, values: Sequence[str] = ()) -> Iterator[Row]:
    return (dict(row) for row in comparada.execute(sql, values))


def _ids(comparada: sqlite3.Connection) -> dict[str, Translate]:
    """Our ids of elections and parties, by the source's own codes."""
    elections = {
        (str(r[0]), str(r[1])): str(r[2])
        for r in comparada.execute("SELECT source_id, code, election_id FROM election_ids")
    }
    parties = {
        (str(r[0]), str(r[1])): str(r[2]) for r in comparada.execute("SELECT source_id, code, party_id FROM party_ids")
    }
    return {
        "elections": lambda source, code: elections.get((source, code)),
        "parties": lambda source, code: parties.get((source, code)),
    }


def _stated(tables: dict[str, Table]) -> list[str]:
    """The tables whose facts rest beside those of comparada.db, referred ones first."""
    return [name for name, table in tables.items() if table.origin == "facts" and table.home == STATIONS]


def _states_stations(d: Descriptor) -> bool:
    stated = set(_stated(load_tables(STATIONS)))
    return any(fact.table in stated for recipe in d.recipes for fact in recipe.facts)


def _facts(workspace: Workspace, d: Descriptor) -> bool:
    return bool(fact_files(workspace.facts_beside(d.id, STATIONS)))


def _no_stations(absent: tuple[str, ...]) -> BuildError:
    if not absent:
        return BuildError(
            "ninguna fuente de datasets/ da casillas; vea docs/adding-a-source.md",
            "no source in datasets/ gives polling stations; see docs/adding-a-source.md",
        )
    names = " ".join(absent)
    commands = f"comparada fetch {names} && comparada ingest {names} && comparada build --with stations"
    return BuildError(
        f"las casillas no están aquí: por su tamaño no se guardan con el programa. Para traerlas y construir: {commands}",
        f"the polling stations are not here: for their size they are not kept with the program. "
        f"To bring them and build: {commands}",
    )
