"""`comparada ingest`: published files → facts, every row accounted for."""

from __future__ import annotations

import json

import click

from comparada.commands.telling import chosen, say, tell_error
from ingest.descriptor.reading import load_descriptors
from ingest.ingestion import Ingested, absent_files, in_reading_order, ingest_source, load_gazetteer
from ingest.problems import ComparadaError
from ingest.workspace import Workspace


@click.command(short_help="Convierte los archivos en hechos · Turn the files into facts")
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Las cuentas como JSON · The accounts as JSON")
@click.pass_obj
def ingest(workspace: Workspace, sources: tuple[str, ...], as_json: bool) -> None:
    """Lee los archivos publicados, los ordena en hechos y da cuenta de cada fila.

    Read the published files, tidy them into facts and account for every row: rows read = loaded +
    rejected + excluded by a named rule + exact duplicates.
    """
    descriptors = load_descriptors(workspace)
    wanted = set(chosen(descriptors, sources))
    variables = {v.id: v for d in descriptors.values() for v in d.variables}
    failed = False
    told: list[Ingested] = []
    for turn in in_reading_order(descriptors.values()):
        gazetteer = load_gazetteer(workspace, descriptors.values())
        for descriptor in turn:
            if descriptor.id not in wanted:
                continue
            absent = absent_files(workspace, descriptor)
            if absent and descriptor.id not in sources:
                say(f"{descriptor.id}: sin archivos publicados aquí; se conservan sus hechos",
                    "no published files here; its facts stay")  # fmt: skip
                continue
            try:
                ingested = ingest_source(workspace, descriptor, gazetteer, variables)
            except ComparadaError as error:
                tell_error(error)
                failed = True
                continue
            told.append(ingested)
            if not as_json:
                _print(ingested)
    if as_json:
        click.echo(json.dumps([_as_json(i) for i in told], ensure_ascii=False, indent=1))
    if failed:
        raise SystemExit(1)


def _print(ingested: Ingested) -> None:
    for a in ingested.accounts:
        click.echo(
            f"{ingested.source_id}/{a.file} [{a.recipe}]: {a.rows_read} filas leídas = {a.rows_loaded} cargadas"
            f" + {a.rows_rejected} rechazadas + {a.rows_excluded} excluidas + {a.rows_duplicate} repetidas"
            f" → {a.facts} hechos"
        )
        for reason, count in a.excluded:
            if count:
                click.echo(f"    excluidas: {count} · {reason.es}")
    counts = ", ".join(f"{n} {t}" for t, n in ingested.facts.items())
    click.echo(f"{ingested.source_id}: {counts}; {len(ingested.problems)} problemas")


def _as_json(ingested: Ingested) -> dict[str, object]:
    return {
        "source_id": ingested.source_id,
        "facts": ingested.facts,
        "problems": len(ingested.problems),
        "accounts": [
            {
                "file": a.file, "recipe": a.recipe, "rows_read": a.rows_read, "rows_loaded": a.rows_loaded,
                "rows_rejected": a.rows_rejected, "rows_excluded": a.rows_excluded,
                "rows_duplicate": a.rows_duplicate, "facts": a.facts,
                "excluded": {reason.en: count for reason, count in a.excluded},
            }
            for a in ingested.accounts
        ],
    }  # fmt: skip
