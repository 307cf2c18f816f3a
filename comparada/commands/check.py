"""`comparada check`: every problem found in the published files, and every fault of a descriptor."""

from __future__ import annotations

import json
from collections import Counter

import click

from comparada.commands.document_checks import document_lines
from comparada.commands.telling import chosen, say
from ingest.descriptor.reading import load_descriptors
from ingest.facts import fact_rows
from ingest.problems import Problem
from ingest.workspace import Workspace


@click.command(short_help="Dice los problemas hallados · Tell the problems found")
@click.argument("sources", nargs=-1)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True, help="Idioma · Language")
@click.option("--json", "as_json", is_flag=True, help="Un objeto JSON por problema · One JSON object a problem")
@click.pass_obj
def check(workspace: Workspace, sources: tuple[str, ...], lang: str, as_json: bool) -> None:
    """Lista cada problema como archivo:fila: columna: 'valor' mensaje [regla], y los cuenta.

    Después, las cifras de los documentos publicados que ya no valen y los números sin directiva.

    List every problem as file:row: column: 'value' message [rule], and count them; then the figures of
    published documents that no longer stand and numbers without a directive. Ends with 1 when there is any.
    """
    descriptors = load_descriptors(workspace)
    counts: Counter[str] = Counter()
    for name in chosen(descriptors, sources):
        folder = workspace.facts(name, in_repository=descriptors[name].in_repository)
        for row in fact_rows(folder, "problems"):
            counts[row["rule"]] += 1
            if as_json:
                click.echo(json.dumps({"source_id": name, **row}, ensure_ascii=False))
            else:
                click.echo(problem_line(name, row, lang))
    for rule, count in sorted(counts.items()):
        say(f"{count:>7}  {rule}")
    say(f"{sum(counts.values()):>7}  problemas", "problems")
    of_documents = 0 if sources else tell_documents(workspace, lang, as_json)
    if counts or of_documents:
        raise SystemExit(1)


def tell_documents(workspace: Workspace, lang: str, as_json: bool) -> int:
    """What no longer stands in the published documents, one line each; gives how many."""
    lines = document_lines(workspace, lang)
    for line, told in lines:
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)
    say(f"{len(lines):>7}  avisos sobre documentos", "notices on documents")
    return len(lines)


def problem_line(source_id: str, row: dict[str, str], lang: str) -> str:
    """A stored problem in the form in which every problem is told."""
    told = Problem(
        file=f"{source_id}/{row['raw_file']}", recipe=row["recipe"], row=int(row["raw_row"]) if row["raw_row"] else None,
        column=row["raw_column"] or None, value=row["value"], rule=row["rule"], severity="warning",
    )  # fmt: skip
    return told.line_with(row[f"message_{lang}"])
