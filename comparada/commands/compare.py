"""`comparada compare`: countries × variables at a time, with a source or a reason in every cell."""

from __future__ import annotations

import datetime
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from comparada.commands.built_database import opened_database
from comparada.commands.telling import counted, say
from ingest.problems import ComparadaError
from ingest.workspace import Workspace

BINARY = ("xlsx", "docx")
ENDINGS = {".md": "markdown", ".csv": "csv", ".xlsx": "xlsx", ".docx": "docx", ".txt": "table"}


@click.command(short_help="Compara países y variables · Compare countries and variables")
@click.option(
    "--countries",
    multiple=True,
    metavar="MEX,BRA…",
    help="Países: códigos o nombres, separados por comas o punto y coma · Countries, by code or name",
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="GRUPO",
    help="Grupo o región, p. ej. «América del Sur» · Group or region",
)
@click.option("--similar-to", metavar="PAÍS", help="Los estados más parecidos a uno · The states most like one")
@click.option("--similar-count", type=click.IntRange(1, 100), default=10, show_default=True, help="Cuántos · How many")
@click.option(
    "--similar-by",
    type=click.Choice(["table", "all"]),
    default="table",
    show_default=True,
    help="Por las variables del cuadro o por todas las anuales · By the table's variables or by all yearly ones",
)
@click.option(
    "--variables",
    multiple=True,
    required=True,
    metavar="V1,V2…",
    help="Variables: identificadores o nombres · Variables, by id or name",
)
@click.option(
    "--date",
    "day",
    metavar="AAAA-MM-DD",
    help="Fecha; sin ella ni --years, el último dato hasta hoy · Date; without it or --years, the latest known today",
)
@click.option("--years", metavar="2000..2024", help="Años, cada uno al 31 de diciembre · Years, each at 31 December")
@click.option(
    "--ends", is_flag=True, help="Con --years, solo el primero y el último · With --years, only the first and the last"
)
@click.option(
    "--latest",
    is_flag=True,
    help="Si no hay dato de la fecha, vale el anterior y se dice su edad · An earlier value answers, and its age is told",
)
@click.option("--home", metavar="PAÍS", help="País de referencia · Home country")
@click.option("--chamber", type=click.Choice(["LC", "UC", "PR", "EP"]), help="Solo de este órgano · Of this body only")
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True, help="Idioma · Language")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "csv", "xlsx", "docx"]),
    help="Por omisión, el de --to, o tabla · That of --to by default, or a table",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Archivo; sin él, a la salida · File; without it, to stdout",
)
@click.option(
    "--width", type=click.IntRange(60, 400), help="Ancho de la tabla, en caracteres · Width of the table, in characters"
)
@click.pass_obj
def compare(
    workspace: Workspace, countries: tuple[str, ...], groups: tuple[str, ...], similar_to: str | None, similar_count: int,
    similar_by: Any, variables: tuple[str, ...], day: str | None, years: str | None, ends: bool, latest: bool,
    home: str | None, chamber: Any, lang: Any, form: str | None, target: Path | None, width: int | None,
) -> None:  # fmt: skip
    """Compara países y variables en una fecha o unos años; cada celda lleva su fuente o la razón de que no haya dato.

    Compare countries and variables on a date or through some years: each cell with its source, or the reason why
    there is no value.
    """
    from research.comparison import Comparison
    from research.comparison import compare as compare_data
    from research.names import Names

    form = form or _form_of(target)
    if ends and years is None:
        raise click.UsageError("--ends: falta --years 2000..2024 · --years 2000..2024 is missing")
    if not (countries or groups or similar_to or home):
        raise click.UsageError("faltan los países: --countries MEX,BRA, --group «América del Sur» o --similar-to MEX"
                               " · the countries are missing: --countries MEX,BRA, --group 'South America' or --similar-to MEX")  # fmt: skip
    if form in BINARY and target is None and sys.stdout.isatty():
        raise click.UsageError(f"--format {form}: falta --to ARCHIVO · --to FILE is missing")
    is_open = day is None and years is None
    with opened_database(workspace) as connection:
        names = Names(connection)
        asked = Comparison(
            variables=listed(variables, names.variable), countries=listed(countries, names.countries), groups=groups, similar_to=similar_to,
            similar_count=similar_count,
            similar_by=similar_by, day=datetime.date.today().isoformat() if is_open else day, years=_years(years),
            rows="ends" if ends else "every_year", latest=latest or is_open, home=home, chamber=chamber,
        )  # fmt: skip
        table = compare_data(connection, asked, names)
    styled = target is None and sys.stdout.isatty()
    written = _written(table, form, lang, width or shutil.get_terminal_size((80, 24)).columns, styled=styled)
    _put(written, target)
    unknown = sum(cell.gap is not None for cell in table.cells.values())
    rows, columns = len(table.rows), len(table.columns)
    say(f"{counted(rows, 'fila', 'filas')} × {counted(columns, 'columna', 'columnas')}; {_gaps_es(unknown)}",
        f"{counted(rows, 'row', 'rows')} × {counted(columns, 'column', 'columns')}; {_gaps_en(unknown)}")  # fmt: skip


def _gaps_es(unknown: int) -> str:
    if not unknown:
        return "todas las celdas tienen dato"
    return (
        f"{counted(unknown, 'celda', 'celdas')} sin dato, {'con su razón' if unknown == 1 else 'cada una con su razón'}"
    )


def _gaps_en(unknown: int) -> str:
    if not unknown:
        return "every cell has a value"
    return f"{counted(unknown, 'cell', 'cells')} without a value, {'with its reason' if unknown == 1 else 'each with its reason'}"


def _written(table: Any, form: str, lang: Any, width: int, *, styled: bool) -> str | bytes:
    if form == "markdown":
        from comparada.comparing.markdown import markdown

        return markdown(table, lang)
    if form == "csv":
        from comparada.comparing.cells_csv import cells_csv

        return cells_csv(table, lang)
    if form == "xlsx":
        from comparada.comparing.workbook import workbook

        return workbook(table, lang)
    if form == "docx":
        from comparada.comparing.word import word

        return word(table, lang)
    from comparada.comparing.terminal import terminal_table

    return terminal_table(table, lang, width, styled=styled)


def _put(written: str | bytes, target: Path | None) -> None:
    if target is None:
        click.echo(written, nl=False)
        return
    try:
        target.write_bytes(written if isinstance(written, bytes) else written.encode())
    except OSError as error:
        es, en = _why_unwritten(error, target)
        raise ComparadaError(f"{target}: no se puede escribir: {es}; elija otro lugar con --to",
                             f"{target}: cannot be written: {en}; choose another place with --to") from error  # fmt: skip
    click.echo(str(target))


def _why_unwritten(error: OSError, target: Path) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return f"no existe la carpeta {target.parent}", f"there is no folder {target.parent}"
    if isinstance(error, PermissionError):
        return "no hay permiso, o el archivo está abierto", "there is no permission, or the file is open"
    return str(error.strerror), str(error.strerror)


def _form_of(target: Path | None) -> str:
    """The format that a file's name ends in; a table without a file. Raises click.UsageError for an ending that is none."""
    if target is None:
        return "table"
    form = ENDINGS.get(target.suffix.casefold())
    if form is None:
        known = ", ".join(ENDINGS)
        raise click.UsageError(f"--to {target.name}: se escribe en {known}; o diga --format"
                               f" · it is written in {known}; or say --format")  # fmt: skip
    return form


def listed(stated: tuple[str, ...], known: Callable[[str], object]) -> tuple[str, ...]:
    """Names given with several options, or in one between semicolons or else commas; a name with commas in it is one."""
    from research.faults import WrongName

    found: list[str] = []
    for part in stated:
        try:
            known(part)
            found.append(part)
        except WrongName:
            found += [name for one in part.split(";" if ";" in part else ",") if (name := one.strip())]
    return tuple(found)


def _years(stated: str | None) -> tuple[int, int] | None:
    if stated is None:
        return None
    match = re.fullmatch(r"(\d{4})(?:\s*(?:\.\.|[-–])\s*(\d{4}))?", stated.strip())
    if match is None:
        raise click.UsageError(f"--years {stated}: se espera 2000..2024 · 2000..2024 is expected")
    return int(match[1]), int(match[2] or match[1])
