"""Statements of all sources into the tables, each with its provenance; what refers to nothing is told."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from ingest.database.schema import insert_sql
from ingest.database.sources import Row
from ingest.descriptor import Descriptor
from ingest.facts import fact_files, read_facts
from ingest.problems import BuildError, Problem
from ingest.table_schema import Column, Table
from ingest.workspace import Workspace

Cell = str | int | float | None
Translate = Callable[[str, str], str | None]  # (source id, the source's code) → our id


class Loader:
    """Fills one database. Keeps which ids each table has, so that references can be told apart."""

    def __init__(self, connection: sqlite3.Connection, workspace: Workspace, tables: dict[str, Table]) -> None:
        self._connection = connection
        self._workspace = workspace
        self._tables = tables
        self._known: dict[str, set[Cell]] = defaultdict(set)
        self._referred = {c.references for t in tables.values() for c in t.columns if c.references}
        self._next_id: dict[str, int] = defaultdict(lambda: 1)
        self.problems: list[tuple[str, Problem]] = []

    def insert(self, table_name: str, rows: Iterable[Row]) -> int:
        """Rows given by column name; text is turned to the column's type. Returns how many."""
        table = self._tables[table_name]
        names = [c.name for c in table.columns]
        converters = [_converter(c) for c in table.columns]
        values = ([_cell(row.get(n), f) for n, f in zip(names, converters, strict=True)] for row in rows)
        return self._insert_cells(table, names, self._numbered(table, names, values))

    def load_facts(
        self, table_name: str, descriptors: Iterable[Descriptor], translate: dict[str, Translate],
        added: Callable[[Descriptor, list[str], list[str]], Row] | None = None,
    ) -> int:  # fmt: skip
        """Every source's statements for one table. `translate` gives our ids for codes of elections and
        parties; `added` gives the derived columns of a row. Returns how many were loaded."""
        table = self._tables[table_name]
        return sum(self._load_source(table, d, translate, added) for d in descriptors)

    def _load_source(
        self, table: Table, d: Descriptor, translate: dict[str, Translate],
        added: Callable[[Descriptor, list[str], list[str]], Row] | None,
    ) -> int:  # fmt: skip
        path = fact_files(self._workspace.facts(d.id, in_repository=d.in_repository)).get(table.name)
        if path is None:
            return 0
        names = [c.name for c in table.columns]
        try:
            header, rows = read_facts(path)
            if lacking := {c.name for c in table.stated_columns} - set(header):
                raise KeyError(", ".join(sorted(lacking)))
            facts = self._facts(table, d, header, rows, translate, added)
            return self._insert_cells(table, names, self._numbered(table, names, facts))
        except (KeyError, ValueError, IndexError, StopIteration, EOFError, OSError) as error:
            place = f"{d.id}/facts/{path.name}"
            raise BuildError(
                f"{place}: los hechos no tienen la forma esperada ({error}); repita «comparada ingest {d.id}»",
                f"{place}: the facts do not have the expected form ({error}); run 'comparada ingest {d.id}' again",
            ) from error

    def _facts(
        self, table: Table, d: Descriptor, header: list[str], rows: Iterator[list[str]],
        translate: dict[str, Translate], added: Callable[[Descriptor, list[str], list[str]], Row] | None,
    ) -> Iterator[list[Cell]]:  # fmt: skip
        place = {name: i for i, name in enumerate(header)}
        getters = [self._getter(c, place, d, translate) for c in table.columns]
        checks = [
            (i, c, self._known[c.references])
            for i, c in enumerate(table.columns)
            if c.references
            and c.references != table.name
            and c.name not in ("source_id", "licence_id", "raw_file_id")
            and not c.derived
        ]
        derived = {c.name: i for i, c in enumerate(table.columns) if c.derived}
        for row in rows:
            cells = [get(row) for get in getters]
            if added is not None:
                for name, value in added(d, header, row).items():
                    cells[derived[name]] = _cell(value, str)
            wanting = False
            for i, column, known in checks:
                stated = row[place[column.name]]
                if stated and cells[i] not in known:
                    self._tell(table, column, d, place, row)
                    cells[i] = None
                    wanting |= column.required
            if not wanting:
                yield cells

    def _getter(
        self, column: Column, place: dict[str, int], d: Descriptor, translate: dict[str, Translate]
    ) -> Callable[[list[str]], Cell]:
        constants: dict[str, Cell] = {"source_id": d.id, "licence_id": d.licence}
        if column.name in constants:
            constant = constants[column.name]
            return lambda row: constant
        if column.name == "raw_file_id":
            at = place["raw_file"]
            ids: dict[str, str] = {f.path: f"{d.id}/{f.path}" for f in d.files}
            return lambda row: ids[row[at]]
        at = place.get(column.name, -1)
        if at < 0:
            return lambda row: None
        if column.identity is not None:
            ours = translate[column.identity]
            return lambda row: ours(d.id, row[at]) if row[at] else None
        convert = _converter(column)
        return lambda row: convert(row[at]) if row[at] else None

    def _tell(self, table: Table, column: Column, d: Descriptor, place: dict[str, int], row: list[str]) -> None:
        number = row[place["raw_row"]]
        problem = Problem(
            row[place["raw_file"]], table.name, int(number) if number else None, column.name, row[place[column.name]],
            "unknown-reference", "rejected" if column.required else "cell_dropped", str(column.references),
        )  # fmt: skip
        self.problems.append((d.id, problem))

    def _numbered(self, table: Table, names: Sequence[str], rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
        """Running numbers for tables that have them, in the order of sources and rows."""
        if not (table.auto_id or table.name == "problems"):
            yield from rows
            return
        at = names.index(table.primary_key)
        for row in rows:
            row[at] = self._next_id[table.name]
            self._next_id[table.name] += 1
            yield row

    def _insert_cells(self, table: Table, names: list[str], rows: Iterator[list[Cell]]) -> int:
        sql = insert_sql(table, names)
        at = names.index(table.primary_key)
        remember = table.name in self._referred
        count = 0
        self._connection.execute("BEGIN")
        while batch := list(islice(rows, 20_000)):
            self._connection.executemany(sql, batch)
            count += len(batch)
            if remember:
                self._known[table.name].update(row[at] for row in batch)
        self._connection.execute("COMMIT")
        return count


def _converter(column: Column) -> Callable[[str], Cell]:
    return {"text": str, "integer": int, "real": float}[column.type]


def _cell(value: object, convert: Callable[[str], Cell]) -> Cell:
    if value is None or value == "":
        return None
    return convert(value) if isinstance(value, str) else value  # type: ignore[return-value]
