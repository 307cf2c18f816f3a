"""What the build has worked out by other rooms, in the order in which one stands on another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ingest.database.derivation import Derivation
from ingest.problems import BuildError
from ingest.workspace import Workspace
from research import fact_sheets, publishing
from research.directives.faults import TextError
from research.publishing.filling import fill_products
from research.publishing.record import record_files

DERIVATIONS: tuple[Derivation, ...] = (
    Derivation(
        "fichas de los países · country fact sheets", Path(fact_sheets.__file__).parent, fact_sheets.fill_fact_sheets
    ),
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
