"""`comparada serve`: build what is missing or out of date, then publish it on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from comparada.commands.build import build_with_progress
from comparada.commands.telling import say, tell_error
from ingest.database.stations import stations_are_current
from ingest.problems import ComparadaError
from ingest.workspace import Workspace


@click.command(short_help="Publica la base en esta máquina · Publish the database on this machine")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def serve(workspace: Workspace, host: str, port: int) -> None:
    """Construye la base si falta o está atrasada y la publica con Datasette, solo para leer; con stations.db, si está.

    Build the database if it is missing or out of date, and publish it read-only with Datasette; stations.db
    beside it, if `build --with stations` has made it.
    """
    try:
        build_with_progress(workspace)
    except ComparadaError as error:
        if not workspace.database.is_file():
            raise
        tell_error(error)
        say("Se publica la base anterior", "publishing the old database")
    _check_free(host, port)
    from comparada.serving import serve as serve_database  # Datasette takes a second to import

    beside = [workspace.stations] if workspace.stations.is_file() else []
    if beside and not stations_are_current(workspace):
        say("Las casillas son de una construcción anterior; para renovarlas: comparada build --with stations",
            "the polling stations are of an earlier build; to renew them: comparada build --with stations")  # fmt: skip
    with _indexing_beside(workspace):
        serve_database(
            workspace.database, workspace.metadata, index=workspace.index, host=host, port=port, more_databases=beside
        )


@contextmanager
def _indexing_beside(workspace: Workspace) -> Iterator[None]:
    """Bring the search index up to date in a process of its own: readers need not wait for it."""
    command = [sys.executable, "-m", "comparada.commands.index_beside", str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ComparadaError(
                f"{host}:{port}: no se puede usar esa dirección ({error.strerror}); elija otra con --port",
                f"{host}:{port}: that address cannot be used ({error.strerror}); choose another with --port",
            ) from error
