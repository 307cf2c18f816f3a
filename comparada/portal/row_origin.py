"""Where a row comes from, in words: source, licence, file and place in it; and how to report an error in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ingest.table_schema import all_tables

if TYPE_CHECKING:
    from datasette.app import Datasette

DEFAULT_REPORT_ADDRESS = "mailto:errores@comparada.example?subject={row}&body={url}"

_ORIGINS = {
    "build": (
        "Esta fila la forma la construcción de la base al reunir lo que dicen las fuentes; "
        "las filas en que se apoya están abajo, en «Filas relacionadas».",
        "The build makes this row by bringing together what the sources say; "
        "the rows it rests on are below, under “Related rows”.",
    ),
    "accounting": (
        "Esta fila la anota el programa al leer los archivos publicados.",
        "The program writes this row down while it reads the published files.",
    ),
    "descriptor": (
        "Esta fila viene de la descripción de la fuente que acompaña al programa.",
        "This row comes from the description of the source that comes with the program.",
    ),
    "facts": ("La fila no nombra su fuente.", "The row does not name its source."),
}


@dataclass(frozen=True)
class RowOrigin:
    """What a row's page says of where the row comes from. Absent parts are None."""

    source_id: str | None
    source_es: str | None
    source_en: str | None
    citation: str | None
    licence_id: str | None
    licence_es: str | None
    licence_en: str | None
    licence_url: str | None
    file_id: str | None
    file_path: str | None
    file_url: str | None
    file_row: int | None
    file_column: str | None
    file_query: str | None
    otherwise_es: str
    otherwise_en: str


async def row_origin(datasette: Datasette, database: str, table: str, row: Mapping[str, Any]) -> RowOrigin:
    """The origin that the row's own provenance columns state; a general sentence where it has none."""
    stated = {name: row[name] for name in row.keys()}  # noqa: SIM118  # sqlite3.Row has no items()
    db = datasette.get_database(database)

    async def look_up(key_table: str, key: str) -> dict[str, Any]:
        value = stated.get(key)
        if value is None or not await db.table_exists(key_table):
            return {}
        found = (await db.execute(f"select * from {key_table} where {key} = ?", [value])).first()
        return dict(found) if found else {}

    file = await look_up("raw_files", "raw_file_id")
    if "source_id" not in stated and file:
        stated["source_id"] = file["source_id"]
    source = await look_up("sources", "source_id")
    if "licence_id" not in stated and source:
        stated["licence_id"] = source["licence_id"]
    licence = await look_up("licences", "licence_id")
    described = all_tables().get(table)
    otherwise = _ORIGINS[described.origin if described else "facts"]
    is_the_source = table == "sources"
    return RowOrigin(
        source_id=None if is_the_source else source.get("source_id"),
        source_es=source.get("title_es"),
        source_en=source.get("title_en"),
        citation=source.get("citation"),
        licence_id=None if table == "licences" else licence.get("licence_id"),
        licence_es=licence.get("name_es"),
        licence_en=licence.get("name_en"),
        licence_url=licence.get("url"),
        file_id=None if table == "raw_files" else file.get("raw_file_id"),
        file_path=file.get("path"),
        file_url=file.get("url"),
        file_row=stated.get("raw_row"),
        file_column=stated.get("raw_column"),
        file_query=stated.get("raw_query"),
        otherwise_es=otherwise[0],
        otherwise_en=otherwise[1],
    )


def report_address(datasette: Datasette, row: str, url: str) -> str:
    """The address at which to report an error in a row.

    `plugins.comparada.error_report` of metadata.yml, with `{row}` (database/table/key) and `{url}` filled
    in; without those places the row is added at the end. Raises ValueError if it is no http, https or
    mailto address.
    """
    config = datasette.plugin_config("comparada") or {}
    template = str(config.get("error_report") or DEFAULT_REPORT_ADDRESS)
    if not template.startswith(("https://", "http://", "mailto:")):
        raise ValueError(f"metadata.yml: error_report: {template!r} is no http, https or mailto address")
    if "{row}" not in template:
        template += "{row}"
    return template.replace("{row}", quote(row, safe="")).replace("{url}", quote(url, safe=""))
