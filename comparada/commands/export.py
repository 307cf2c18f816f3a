"""`comparada export`: the data to take away, each licence in its part."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from comparada.commands.built_database import built_database
from comparada.commands.telling import say
from ingest.table_schema import load_tables
from ingest.workspace import Workspace


@click.command(short_help="Exporta los datos · Export the data")
@click.option(
    "--format",
    "form",
    type=click.Choice(["package", "parquet", "sqlite"]),
    default="package",
    show_default=True,
    help="Paquete de datos Frictionless (CSV), Parquet o SQLite · Frictionless data package (CSV), Parquet or SQLite",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Carpeta; por omisión, build/export · Folder; build/export by default",
)
@click.pass_obj
def export(workspace: Workspace, form: str, folder: Path | None) -> None:
    """Escribe los datos en una carpeta, separados por lo que permiten sus licencias.

    Write the data to a folder, apart by what their licences allow: open licences in one part, share-alike in
    another; sources whose licence is not stated are left out and named.
    """
    from research.export import export as export_data

    database = built_database(workspace)
    place = (folder or workspace.build / "export").resolve()
    titles = {name: (table.title.es, table.title.en) for name, table in load_tables().items()}
    with Console(stderr=True).status("Exportando · Exporting"):
        exported = export_data(database, place, form, titles)
    for part in exported.parts:
        click.echo(f"{part.folder}")
        say(f"  {sum(part.rows.values()):,} filas; fuentes: {', '.join(part.source_ids)}; licencias: {', '.join(part.licence_ids)}",
            f"{sum(part.rows.values()):,} rows")  # fmt: skip
    if exported.left_out:
        names = ", ".join(exported.left_out)
        say(f"No se incluyen, porque su licencia no lo permite o no consta: {names}",
            f"left out, since their licence does not allow it or is not stated: {names}")  # fmt: skip
