"""`comparada draft`: the first draft of a document, every figure a directive, and a list of what is missing."""

from __future__ import annotations

import datetime
from typing import Any

import click

from comparada.commands.built_database import opened_database
from comparada.commands.compare import listed
from comparada.commands.telling import counted, say
from ingest.workspace import Workspace


@click.command(short_help="Redacta un primer borrador · Write a first draft")
@click.argument("kind", metavar="FP|CC|NI|EM", type=click.Choice(["FP", "CC", "NI", "EM"]))
@click.option(
    "--countries",
    multiple=True,
    metavar="MEX,BRA…",
    help="Países; una ficha o nota de elección toma el primero · Countries; the first one for FP and EM",
)
@click.option("--group", "groups", multiple=True, metavar="GRUPO", help="Grupo o región · Group or region")
@click.option("--similar-to", metavar="PAÍS", help="Los estados más parecidos a uno · The states most like one")
@click.option(
    "--variables",
    multiple=True,
    metavar="V1,V2…",
    help="Variables; si faltan en FP y EM, todas las que tienen dato · All that have a value, if left out for FP and EM",
)
@click.option("--home", metavar="PAÍS", default="MEX", show_default=True, help="País de referencia · Home country")
@click.option(
    "--election",
    metavar="ID",
    help="Para EM: la elección, p. ej. MEX-LC-2024-06-02; si falta, la última · For EM: the election; the latest if left out",
)
@click.option(
    "--date", "cutoff", metavar="AAAA-MM-DD", help="Fecha de corte; hoy, si falta · Cut-off date; today if left out"
)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True, help="Idioma · Language")
@click.option("--id", "product_id", metavar="ID", help="Identificador del documento · Id of the document")
@click.pass_obj
def draft(
    workspace: Workspace, kind: Any, countries: tuple[str, ...], groups: tuple[str, ...], similar_to: str | None,
    variables: tuple[str, ...], home: str, election: str | None, cutoff: str | None, lang: Any, product_id: str | None,
) -> None:  # fmt: skip
    """Redacta el primer borrador de una ficha país (FP), un cuadro comparativo (CC), una nota informativa (NI) o una nota de elección (EM).

    Queda en research/products/ID/texto.md, listo para «comparada publish ID», con la lista de lo que falta en pendientes.md.

    Write the first draft of a country fact sheet, comparative table, briefing note or election note, ready for
    'comparada publish ID', with a list of what is missing beside it.
    """
    from research.drafting import DraftRequest, write_draft
    from research.drafting import draft as draft_text
    from research.names import Names

    if kind in ("CC", "NI") and not (countries or groups or similar_to):
        raise click.UsageError("faltan los países: --countries MEX,BRA, --group «América del Sur» o --similar-to MEX"
                               " · the countries are missing: --countries MEX,BRA, --group 'South America' or --similar-to MEX")  # fmt: skip
    today = datetime.date.today()
    with opened_database(workspace) as connection:
        names = Names(connection)
        request = DraftRequest(
            kind, cutoff or today.isoformat(), listed(countries, names.countries), groups, similar_to,
            variables=listed(variables, names.variable), home=home, language=lang, election=election, product_id=product_id,
        )  # fmt: skip
        drafted = draft_text(connection, request, workspace.database, workspace.index)
        folder = write_draft(drafted, workspace.products, today)
    click.echo(str(folder / "texto.md"))
    missing = len(drafted.missing)
    say(f"{counted(missing, 'pendiente', 'pendientes')}, en {folder / 'pendientes.md'}. Después: comparada publish {drafted.product_id}",
        f"{counted(missing, 'thing is', 'things are')} missing: see pendientes.md. Then: comparada publish {drafted.product_id}")  # fmt: skip
