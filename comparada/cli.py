"""The command: one verb a command. Data on stdout, talk on stderr; 0 well, 1 problems, 2 wrong usage."""

from __future__ import annotations

from pathlib import Path

import click

from comparada.commands.allocate import allocate_command
from comparada.commands.build import build
from comparada.commands.check import check
from comparada.commands.compare import compare
from comparada.commands.draft import draft
from comparada.commands.export import export
from comparada.commands.fetch import fetch
from comparada.commands.ingest import ingest
from comparada.commands.publish import publish
from comparada.commands.search import search
from comparada.commands.serve import serve
from comparada.commands.telling import telling_errors
from ingest.workspace import Workspace


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True,
    help="Carpeta que contiene datasets/ · Folder that holds datasets/",
)  # fmt: skip
@click.version_option(package_name="comparada")
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Comparada: base de conocimiento de investigación electoral comparada.

    A comparative electoral research knowledge base: sources in, one SQLite file out, published read-only.
    """
    context.obj = Workspace(root.resolve())


for command in (fetch, ingest, build, check, search, compare, draft, allocate_command, publish, serve, export):
    main.add_command(telling_errors(command))
