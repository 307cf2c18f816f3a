"""`comparada fetch`: bring the published files."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from comparada.commands.telling import chosen, say, tell_error
from ingest.descriptor.reading import load_descriptors
from ingest.fetching import fetch_source
from ingest.problems import FileError
from ingest.workspace import Workspace


@click.command(short_help="Trae los archivos publicados · Bring the published files")
@click.argument("sources", nargs=-1)
@click.option(
    "--mirror", help="Carpeta o dirección HTTP con los archivos · Folder or HTTP address that holds the files"
)
@click.pass_obj
def fetch(workspace: Workspace, sources: tuple[str, ...], mirror: str | None) -> None:
    """Trae los archivos publicados de las fuentes (todas, si no se nombra ninguna) y los verifica.

    Bring the published files of the sources (all, if none is named) and verify them. A file that is
    here already is not brought again; an interrupted download goes on where it stopped.
    """
    descriptors = load_descriptors(workspace)
    failed = False
    for name in chosen(descriptors, sources):
        try:
            with Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                DownloadColumn(),
                console=Console(stderr=True),
                transient=True,
            ) as bar:
                tasks: dict[str, TaskID] = {}

                def shown(
                    file: str, done: int, total: int, bar: Progress = bar, tasks: dict[str, TaskID] = tasks
                ) -> None:
                    if file not in tasks:
                        tasks[file] = bar.add_task(file, total=total or None)
                    bar.update(tasks[file], completed=done)

                fetched = fetch_source(workspace, descriptors[name], mirror, shown)
        except FileError as error:
            tell_error(error)
            failed = True
            continue
        if fetched.not_in_mirror:
            lacking = ", ".join(fetched.not_in_mirror)
            say(f"{name}: no está en esa copia: {lacking}", f"not in that mirror: {lacking}")
            failed |= name in sources
        if fetched.present or fetched.brought:
            say(f"{name}: {len(fetched.brought)} archivos traídos, {len(fetched.present)} ya estaban",
                f"{len(fetched.brought)} files brought, {len(fetched.present)} were here")  # fmt: skip
    if failed:
        raise SystemExit(1)
