"""`comparada build`: facts → comparada.db → search index."""

from __future__ import annotations

import click
from rich.console import Console

from comparada.commands.telling import say
from comparada.derivations import derivations
from ingest.database.build import Built
from ingest.database.build import build as build_database
from ingest.workspace import Workspace


@click.command(short_help="Construye la base de datos y su índice · Build the database and its index")
@click.pass_obj
def build(workspace: Workspace) -> None:
    """Construye build/comparada.db con los hechos de todas las fuentes y el índice de búsqueda; lo que no cambió, no se repite.

    Build build/comparada.db from the facts of every source, and the search index; what has not changed is not done again.
    """
    built = build_with_progress(workspace)
    index_with_progress(workspace)
    if built.changed:
        click.echo(f"{workspace.database}  sha256 {built.sha256}")
    else:
        click.echo(f"{workspace.database}")


def index_with_progress(workspace: Workspace) -> None:
    """Bring the search index up to date with the database, showing each step on stderr. Raises SearchError."""
    from search import update_index  # Whoosh takes a while to import

    title = "Preparando la búsqueda · Making the search index"
    with Console(stderr=True).status(title) as status:
        report = update_index(workspace.database, workspace.index, lambda step: status.update(f"{title}: {step}"))
    if report.added or report.changed or report.removed:
        say(f"Índice de búsqueda: {report.added:,} entradas nuevas, {report.changed:,} cambiadas, {report.removed:,} quitadas",
            f"search index: {report.added:,} new entries, {report.changed:,} changed, {report.removed:,} removed")  # fmt: skip


def build_with_progress(workspace: Workspace) -> Built:
    """Build, showing each step on stderr. Raises BuildError or DescriptorError."""
    with Console(stderr=True).status("Construyendo la base · Building the database") as status:
        built = build_database(
            workspace,
            lambda step: status.update(f"Construyendo la base · Building the database: {step}"),
            derivations(workspace),
        )
    if not built.changed:
        say("La base está al día", "The database is up to date")
        return built
    say(f"Base construida: {sum(built.rows.values()):,} filas en {len(built.rows)} tablas",
        f"database built: {sum(built.rows.values()):,} rows in {len(built.rows)} tables")  # fmt: skip
    if built.absent:
        names = ", ".join(built.absent)
        say(f"Fuentes ausentes: {names}. Para traerlas: comparada fetch && comparada ingest",
            f"absent sources: {names}. To bring them: comparada fetch && comparada ingest")  # fmt: skip
    return built
