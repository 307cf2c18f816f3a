"""What the build has worked out by other rooms, in the order in which one stands on another.

Each step imports its room when it runs: a build with nothing to do needs none of them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import research
from ingest.database.derivation import Derivation
from ingest.problems import BuildError
from ingest.workspace import Workspace

RESEARCH = Path(research.__file__).parent


def _coverage(connection: sqlite3.Connection) -> None:
    from research.coverage import fill_coverage

    fill_coverage(connection)


def _as_of(connection: sqlite3.Connection) -> None:
    from research.as_of import create_view

    create_view(connection)


def _conflicts(connection: sqlite3.Connection) -> None:
    from research.conflicts import fill_conflicts

    fill_conflicts(connection)


def _indices(connection: sqlite3.Connection) -> None:
    from research.derivations import derive

    derive(connection)


def _fact_sheets(connection: sqlite3.Connection) -> None:
    from research.fact_sheets import fill_fact_sheets

    fill_fact_sheets(connection)


DERIVATIONS = (
    Derivation("cobertura de las variables · coverage of the variables", RESEARCH, _coverage),
    Derivation("respuestas según la fecha · answers as of a date", RESEARCH, _as_of),
    Derivation("desacuerdos · disagreements", RESEARCH, _conflicts),
    Derivation("índices y pruebas · indices and tests", RESEARCH, _indices),
    Derivation("fichas de los países · country fact sheets", RESEARCH, _fact_sheets),
)


def derivations(workspace: Workspace) -> tuple[Derivation, ...]:
    """All of them for that root, whose published documents are read too."""
    return (*DERIVATIONS, _published_documents(workspace.products))


def _published_documents(products: Path) -> Derivation:
    def fill(connection: sqlite3.Connection) -> None:
        from research.faults import TextError
        from research.publishing.filling import fill_products

        try:
            fill_products(connection, products)
        except TextError as error:
            raise BuildError(error.es, error.en) from error

    records = tuple(sorted(p for p in products.glob("*/publicado/*") if p.suffix in (".json", ".csv", ".html")))
    return Derivation("documentos publicados · published documents", RESEARCH, fill, records)
