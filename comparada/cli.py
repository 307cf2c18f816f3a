"""The command: one verb a command. Data on stdout, talk on stderr; 0 well, 1 problems, 2 wrong usage."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from comparada.commands.telling import telling_errors
from ingest.workspace import Workspace

VERBS = ("fetch", "ingest", "build", "check", "search", "compare", "draft", "publish", "allocate", "export", "serve")


class Verbs(click.Group):
    """The verbs, each imported from its own module when it is asked for: the common ones must be quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the data's order."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of `comparada/commands/<verb>.py`."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"comparada.commands.{cmd_name}")
        found = getattr(module, cmd_name)
        return telling_errors(found) if isinstance(found, click.Command) else None


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
