"""`comparada search`: one search over documents, answers, variables, elections, parties, terms and sources."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.text import Text

from comparada.commands.build import index_with_progress
from comparada.commands.built_database import built_database
from comparada.commands.telling import say
from comparada.search_words import KINDS, said
from ingest.workspace import Workspace
from research.units import with_unit
from search.messages import Datum, SearchResults


@click.command(short_help="Busca en todo · Search everything")
@click.argument("words", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True, help="Idioma · Language")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="NOMBRE=VALOR",
    help="kind, jurisdiction, region, topic, language, year, source o type; p. ej. jurisdiction=MEX",
)
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@click.option(
    "--size", default=10, show_default=True, type=click.IntRange(1, 100), help="Resultados por página · Hits a page"
)
@click.option("--only-typed", is_flag=True, help="Sin sinónimos del tesauro · Without synonyms of the thesaurus")
@click.option("--json", "as_json", is_flag=True, help="Todo el resultado como JSON · The whole answer as JSON")
@click.pass_obj
def search(
    workspace: Workspace, words: tuple[str, ...], lang: str, filters: tuple[str, ...], page: int, size: int,
    only_typed: bool, as_json: bool,
) -> None:  # fmt: skip
    """Busca las palabras en documentos, datos, variables, elecciones, partidos, términos y fuentes.

    Search the words in documents, data, variables, elections, parties, terms and sources. Ends with 1 when
    nothing is found.
    """
    from search import Engine, SearchRequest  # Whoosh takes a while to import

    database = built_database(workspace)
    index_with_progress(workspace)
    request = SearchRequest(" ".join(words), lang, _filters(filters), page, size, expand=not only_typed)
    results = Engine.open(database, workspace.index).search(request)
    if as_json:
        click.echo(json.dumps(asdict(results), ensure_ascii=False, indent=1))
    else:
        _print(results, lang)
    if not results.hits and not results.datum:
        raise SystemExit(1)


def _filters(stated: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    from search import FILTER_NAMES

    filters: dict[str, tuple[str, ...]] = {}
    for one in stated:
        name, _, value = one.partition("=")
        if name not in FILTER_NAMES or not value:
            raise click.UsageError(f"--filter {one}: se espera NOMBRE=VALOR con uno de {', '.join(FILTER_NAMES)}"
                                   f" · NAME=VALUE with one of these is expected")  # fmt: skip
        filters[name] = (*filters.get(name, ()), value)
    return filters


def _print(results: SearchResults, lang: str) -> None:
    """The answer as a person reads it at a terminal: the figure, what else was looked for, the hits."""
    es = lang == "es"
    console = Console(highlight=False)
    for note in results.notes:
        say(note.es if es else note.en)
    if results.datum:
        for datum in (results.datum, *results.datum.others):
            _print_datum(console, datum, es)
        console.print()
    if results.did_you_mean:
        console.print(f"{'¿Quiso decir' if es else 'Did you mean'} «{results.did_you_mean}»?", markup=False)
    for expansion in results.expansions:
        added = ", ".join(expansion.added)
        console.print(f"{'También se buscó' if es else 'Also searched'}: {expansion.matched} → {added}", markup=False)
    if results.expansions or results.did_you_mean:
        console.print()
    first = (results.page - 1) * max(len(results.hits), 1) + 1
    for number, hit in enumerate(results.hits, start=first):
        kind = said(KINDS.get(hit.kind, (hit.kind, hit.kind)), "es" if es else "en")
        console.print(
            Text.assemble(f"{number:>3}. ", (hit.title, "bold"), f"  [{kind}]  ", (f"{hit.table}/{hit.key}", "dim"))
        )
        if hit.subtitle:
            console.print(Text(f"     {hit.subtitle}", "dim"))
        if hit.snippet:
            text = Text("     ")
            for fragment in hit.snippet:
                text.append(fragment.text.replace("\n", " "), "bold yellow" if fragment.is_match else None)
            console.print(text)
    tally = f"{results.total_count:,} {'resultados' if es else 'results'}"
    say(f"{tally}; {'página' if es else 'page'} {results.page}/{max(results.pages_count, 1)}; {results.seconds:.3f} s")


def _print_datum(console: Console, datum: Datum, es: bool) -> None:
    written = datum.value_es if es else datum.value_en
    value = with_unit(written, datum.unit, "es" if es else "en") if written else None
    named = f"{datum.jurisdiction_es}: {datum.variable_es}" if es else f"{datum.jurisdiction_en}: {datum.variable_en}"
    if value:
        console.print(Text.assemble(f"{named}, {datum.year}: " if datum.year else f"{named}: ", (value, "bold")))
    else:
        console.print(named, markup=False)
    if note := datum.note_es if es else datum.note_en:
        console.print(f"  {note}", markup=False)
    if datum.source_id:
        source = datum.source_es if es else datum.source_en
        console.print(Text(f"  {source}  {datum.table}/{datum.key}", "dim"))
    if datum.basis:
        console.print(Text(f"  {datum.basis}", "dim"))
