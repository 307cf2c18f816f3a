"""`comparada publish`: one text → HTML, Word and PDF, with the record of every figure that it cites."""

from __future__ import annotations

import datetime
import sqlite3

import click
from rich.console import Console

from comparada.commands.built_database import opened_database
from comparada.commands.telling import say
from ingest.database.fingerprint import data_fingerprint
from ingest.workspace import Workspace

KINDS = ("html", "docx", "pdf")


@click.command(short_help="Publica un documento · Publish a document")
@click.argument("product_ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--format", "kinds", multiple=True, type=click.Choice(KINDS),
    help="Solo este formato, en un borrador · Only this format, of a draft",
)  # fmt: skip
@click.pass_obj
def publish(workspace: Workspace, product_ids: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """Convierte research/products/ID/texto.md en HTML, Word y PDF.

    Si su estado es autorizado o publicado, queda en research/products/ID/publicado/ con el registro de sus
    cifras; si no, es un borrador y va a build/products/ID/.

    Turn research/products/ID/texto.md into HTML, Word and PDF: published with the record of its figures when
    its state allows, else as a draft.
    """
    from research.publishing.publish import publish as publish_product  # drawing and setting take a second to import

    with opened_database(workspace) as connection:
        _say_if_old(workspace, connection)
        for product_id in product_ids:
            with Console(stderr=True).status(f"Publicando · Publishing: {product_id}"):
                published = publish_product(
                    connection, workspace.products, product_id, workspace.build / "products", datetime.date.today(),
                    kinds or KINDS,
                )  # fmt: skip
            for file in published.files:
                click.echo(str(file))
            if published.is_draft:
                say(f"{product_id}: borrador (estado: {published.state}) con {published.figures} cifras; para publicarlo, ponga «estado: autorizado»",
                    f"draft (state: {published.state}) with {published.figures} figures; to publish it, put 'state: autorizado'")  # fmt: skip
            else:
                say(f"{product_id}: publicado, {published.figures} cifras registradas; la próxima «comparada build» las carga",
                    f"published, {published.figures} figures on record; the next 'comparada build' loads them")  # fmt: skip


def _say_if_old(workspace: Workspace, connection: sqlite3.Connection) -> None:
    row = connection.execute("SELECT data_version FROM builds").fetchone()
    if row is None or row[0] != data_fingerprint(workspace)[:16]:
        say("La base es anterior a los datos de datasets/; para usar los de ahora: comparada build",
            "the database is older than the data in datasets/; to use those of now: comparada build")  # fmt: skip
