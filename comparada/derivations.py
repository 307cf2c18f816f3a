"""What the build has worked out by other rooms, in the order in which one stands on another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import research
from ingest.database.derivation import Derivation
from ingest.problems import BuildError
from ingest.workspace import Workspace
from research import publishing
from research.as_of import create_view
from research.conflicts import fill_conflicts
from research.coverage import fill_coverage
from research.derivations import derive
from research.directives.faults import TextError
from research.fact_sheets import fill_fact_sheets
from research.publishing.filling import fill_products
from research.publishing.record import record_files

RESEARCH = Path(research.__file__).parent

DERIVATIONS = (
    Derivation("cobertura de las variables · coverage of the variables", RESEARCH, fill_coverage),
    Derivation("respuestas según la fecha · answers as of a date", RESEARCH, create_view),
    Derivation("desacuerdos · disagreements", RESEARCH, fill_conflicts),
    Derivation("índices y pruebas · indices and tests", RESEARCH, derive),
    Derivation("fichas de los países · country fact sheets", RESEARCH, fill_fact_sheets),
)


def derivations(workspace: Workspace) -> tuple[Derivation, ...]:
    """All of them for that root, whose published documents are read too."""
    return (*DERIVATIONS, _published_documents(workspace.products))


def _published_documents(products: Path) -> Derivation:
    def fill(connection: sqlite3.Connection) -> None:
        try:
            fill_products(connection, products)
        except TextError as error:
            raise BuildError(error.es, error.en) from error

    return Derivation(
        "documentos publicados · published documents", Path(publishing.__file__).parent, fill, record_files(products)
    )
