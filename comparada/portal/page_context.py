"""What our templates ask for: tables in groups, named questions, descriptions, origins, download addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from comparada.portal.cell_links import both, coded, meaning_of
from comparada.portal.document_reading import DocumentReader
from comparada.portal.entry_addresses import entry_address, row_address
from comparada.portal.row_origin import RowOrigin, report_address, row_origin
from ingest.table_schema import COMPARADA, Column, Table, TableGroup, all_tables, tables_by_group

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

MOST_CHOICES = 400

LOOKUPS_ES = {
    "exact": "es igual a",
    "not": "es distinto de",
    "contains": "contiene",
    "notcontains": "no contiene",
    "endswith": "termina en",
    "startswith": "empieza por",
    "gt": "es mayor que",
    "gte": "es mayor o igual que",
    "lt": "es menor que",
    "lte": "es menor o igual que",
    "like": "se parece a (like)",
    "notlike": "no se parece a (like)",
    "glob": "se parece a (glob)",
    "in": "es uno de",
    "notin": "no es ninguno de",
    "arraycontains": "lista que contiene",
    "arraynotcontains": "lista que no contiene",
    "date": "es del día",
    "isnull": "está vacío",
    "notnull": "no está vacío",
    "isblank": "está en blanco",
    "notblank": "no está en blanco",
}


@dataclass(frozen=True)
class CountedTable:
    """A table of a group, with its number of rows."""

    name: str
    description: Table
    rows: int | None


@dataclass(frozen=True)
class CountedGroup:
    """A group of tables that are in the file."""

    about: TableGroup
    tables: tuple[CountedTable, ...]


@dataclass(frozen=True)
class Question:
    """A named query, as the pages list it."""

    name: str
    title: str
    subtitle: str
    topic: str
    address: str


class PageContext:
    """One page's view of the knowledge base; `portal` in the templates."""

    database = COMPARADA

    def __init__(self, datasette: Datasette, request: Request | None) -> None:
        self._datasette = datasette
        self._request = request
        self.documents = DocumentReader(datasette)

    async def groups(self, database: str = COMPARADA) -> list[CountedGroup]:
        """The tables of a database of ours that are in the file, by group."""
        if database not in self._datasette.databases:
            return []
        counts = await self._datasette.get_database(database).table_counts()
        counts = counts | {n: counts[t.view] for n, t in all_tables().items() if t.view in counts}
        groups = []
        for group, described in tables_by_group(database).items():
            tables = tuple(CountedTable(t.name, t, counts[t.name]) for t in described if t.name in counts)
            if tables:
                groups.append(CountedGroup(group, tables))
        return groups

    def title(self, database: str) -> tuple[str, str]:
        """What a database is called, in Spanish and English."""
        es, _, en = str(self._datasette.metadata("title", database=database, fallback=False) or database).partition(
            " · "
        )
        return es, en or es

    def of_database(self, database: str) -> str:
        """What the title of a window adds for a page of another database: both may hold a table of the same name."""
        return "" if database == self.database else f" · {self.title(database)[0]}"

    def sample_sql(self, database: str) -> str:
        """A query for a reader to begin with."""
        return str(self._datasette.metadata("sample_sql", database=database, fallback=False) or "select 1")

    def questions(self, database: str = COMPARADA) -> dict[str, list[Question]]:
        """The named queries of a database by their topic, in the order of metadata.yml."""
        queries = self._datasette.metadata("queries", database=database, fallback=False) or {}
        by_topic: dict[str, list[Question]] = {}
        for name, query in queries.items():
            if not isinstance(query, dict):
                continue
            topic = query.get("topic", "Otras preguntas · Other questions")
            by_topic.setdefault(topic, []).append(
                Question(
                    name,
                    query.get("title", name),
                    query.get("description", ""),
                    topic,
                    self._datasette.urls.query(database, name),
                )
            )
        return by_topic

    def table(self, name: str | None) -> Table | None:
        """The description of a table, or None if it is not one of ours."""
        return all_tables().get(name or "")

    def column(self, table: str | None, name: str) -> Column | None:
        """The description of a column, or None."""
        described = self.table(table)
        return next((c for c in described.columns if c.name == name), None) if described else None

    def explained(self, cell: Any, raw: Any, codes_of: str | None) -> Any:
        """The cell of a query, with the meaning of its code when the query says of which `table.column` it is."""
        table, _, column = (codes_of or "").partition(".")
        meaning = meaning_of(table, column, raw) if isinstance(raw, str) else None
        return coded(raw, meaning) if meaning else cell

    def facet_label(self, table: str | None, column: str, counted: Mapping[str, Any]) -> str:
        """What to call a value that a facet counts: its meaning in both languages if it is a code, else its label."""
        if table and (meaning := meaning_of(table, column, str(counted["value"]))):
            return both(meaning)
        return "—" if counted["label"] in (None, "") else str(counted["label"])

    async def origin(self, database: str, table: str, row: Mapping[str, Any]) -> RowOrigin:
        """Where the row comes from."""
        return await row_origin(self._datasette, database, table, row)

    def report(self, database: str, table: str, keys: list[str], row: Mapping[str, Any]) -> str:
        """The address at which to report an error in the row; it names the published row too."""
        reference = f"{database}/{table}/{','.join(str(k) for k in keys)}"
        columns = row.keys()
        if "raw_file_id" in columns and row["raw_file_id"]:
            reference += f" ({row['raw_file_id']}"
            if "raw_row" in columns and row["raw_row"] is not None:
                reference += f":{row['raw_row']}"
            reference += ")"
        url = self._request.url if self._request else ""
        return report_address(self._datasette, reference, url)

    def label(self, table: str, row: Mapping[str, Any]) -> str | None:
        """What a person calls the row, when the table has a column for it."""
        described = self.table(table)
        named = {column.name for column in described.columns} if described else set()
        name = described.label or "name_es" if described else ""
        return str(row[name]) if name in named and name in row.keys() else None  # noqa: SIM118

    def row_address(self, table: str, key: str) -> str:
        """The address of a row's page in the knowledge base."""
        return row_address(self._datasette, table, key)

    def entry_address(self, kind: str, table: str, key: str) -> str:
        """The address of what the search found."""
        return entry_address(self._datasette, kind, table, key)

    def unit(self, stated: str) -> str:
        """A column's unit in both languages, as far as its name is known; else as it is stated."""
        meaning = meaning_of("columns", "unit", stated)
        return both(meaning) if meaning else stated

    def lookup_es(self, key: str) -> str:
        """A filter's comparison in Spanish."""
        return LOOKUPS_ES.get(key, key)

    def download(self, extension: str, *extra: tuple[str, str]) -> str:
        """The address of the whole answer of this page in another format."""
        assert self._request is not None
        dropped = {"_next", "_size", "_dl", "_stream", "_hide_sql", *(name for name, _ in extra)}
        arguments = [
            (name, value)
            for name, value in parse_qsl(self._request.query_string, keep_blank_values=True)
            if name not in dropped and not name.startswith("_facet")
        ]
        query = urlencode([*arguments, *extra])
        return f"{self._request.path}.{extension}" + (f"?{query}" if query else "")

    async def pause(self) -> str:
        """Nothing to show: lets other requests have their turn while a long page is written."""
        await asyncio.sleep(0)
        return ""

    async def choices(self, parameter: str) -> list[tuple[str, str]]:
        """Values and labels to offer for a parameter: the query that metadata.yml gives for its name."""
        config = self._datasette.plugin_config("comparada") or {}
        sql = (config.get("choices") or {}).get(parameter)
        if not sql or COMPARADA not in self._datasette.databases:
            return []
        kept: dict[str, list[tuple[str, str]]] = self._datasette.__dict__.setdefault("comparada_choices", {})
        if parameter not in kept:
            rows = (await self._datasette.get_database(COMPARADA).execute(sql)).rows[:MOST_CHOICES]
            kept[parameter] = [(str(row[0]), str(row[1])) for row in rows]
        return kept[parameter]
