"""Statements of all sources into the tables, each with its provenance; what refers to nothing is told.

Rows come in batches, and each batch is worked on a column at a time: a million rows pass in seconds.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ingest.database.schema import insert_sql
from ingest.database.sources import Row
from ingest.descriptor.source import Descriptor
from ingest.facts import fact_files, read_facts
from ingest.problems import BuildError, Problem
from ingest.table_schema import COMPARADA, Column, Table
from ingest.workspace import Workspace

T = TypeVar("T")
Cell = str | int | float | None
Translate = Callable[[str, str], str | None]  # (source id, the source's code) → our id
Columns = list[Sequence[Cell]]  # a batch of rows, column by column
Stated = Sequence[Sequence[str]]  # the same of a fact file: its columns, every cell as text

# Rows are gone before Python's collector looks (it does after 700 new objects): larger batches take twice as long.
ROWS_AT_ONCE = 500
CHECKED_AT_THE_END = ("source_id", "licence_id", "raw_file_id")  # by SQLite, with every other reference


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

    def know(self, table_name: str, keys: Iterable[Cell]) -> None:
        """Let rows refer to these keys of a table that somebody else fills."""
        self._known[table_name].update(keys)

    def insert(self, table_name: str, rows: Iterable[Row]) -> int:
        """Rows given by column name; text is turned to the column's type. Returns how many."""
        table = self._tables[table_name]
        converters = [(c.name, _converter(c)) for c in table.columns]
        return self._insert_batches(
            table, ([[_cell(row.get(n), f) for row in batch] for n, f in converters] for batch in _batches(rows))
        )

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
        path = fact_files(self._folder(table, d)).get(table.name)
        if path is None:
            return 0
        try:
            header, rows = read_facts(path)
            if lacking := {c.name for c in table.stated_columns} - set(header):
                raise KeyError(", ".join(sorted(lacking)))
            return self._insert_batches(table, self._facts(table, d, header, rows, translate, added))
        except (KeyError, ValueError, IndexError, StopIteration, EOFError, OSError) as error:
            place = f"{d.id}/facts/{path.name}"
            raise BuildError(
                f"{place}: los hechos no tienen la forma esperada ({error}); repita «comparada ingest {d.id}»",
                f"{place}: the facts do not have the expected form ({error}); run 'comparada ingest {d.id}' again",
            ) from error

    def _folder(self, table: Table, d: Descriptor) -> Path:
        if table.home == COMPARADA:
            return self._workspace.facts(d.id, in_repository=d.in_repository)
        return self._workspace.facts_beside(d.id, table.home)

    def _facts(
        self, table: Table, d: Descriptor, header: list[str], rows: Iterator[list[str]],
        translate: dict[str, Translate], added: Callable[[Descriptor, list[str], list[str]], Row] | None,
    ) -> Iterator[Columns]:  # fmt: skip
        place = {name: i for i, name in enumerate(header)}
        readers = [_reader(c, place, d, translate) for c in table.columns]
        derived = {c.name: i for i, c in enumerate(table.columns) if c.derived}
        for batch in _batches(rows):
            stated = list(zip(*batch, strict=True))
            if len(stated) != len(header):
                raise ValueError(f"{len(stated)} ≠ {len(header)} columns")
            columns = [read(stated, len(batch)) for read in readers]
            if added is not None:
                for name, values in _by_column(added(d, header, row) for row in batch).items():
                    columns[derived[name]] = [_cell(value, str) for value in values]
            yield self._referring(table, d, place, stated, columns)

    def _referring(
        self, table: Table, d: Descriptor, place: dict[str, int], stated: Stated, columns: Columns
    ) -> Columns:
        """The columns without references to nothing, and without the rows that need them."""
        lost: list[tuple[int, int]] = []  # (row, column)
        for i, c in enumerate(table.columns):
            other = c.references or c.identity
            if not other or other == table.name or c.name in CHECKED_AT_THE_END or c.derived:
                continue
            # without a reference, what is meant stands in another database: its id was found, or it was not
            unknown = set(columns[i]) - self._known[other] if c.references else {None} & set(columns[i])
            if unknown:
                told = stated[place[c.name]]
                lost += [(r, i) for r, cell in enumerate(columns[i]) if cell in unknown and told[r]]
        if not lost:
            return columns
        cells = [list(column) for column in columns]
        wanting = set()
        for r, i in sorted(lost):
            column = table.columns[i]
            self._tell(table, column, d, place, [s[r] for s in stated])
            cells[i][r] = None
            if column.required:
                wanting.add(r)
        return [[cell for r, cell in enumerate(column) if r not in wanting] for column in cells]

    def _tell(self, table: Table, column: Column, d: Descriptor, place: dict[str, int], row: list[str]) -> None:
        number = row[place["raw_row"]]
        problem = Problem(
            row[place["raw_file"]], table.name, int(number) if number else None, column.name, row[place[column.name]],
            "unknown-reference", "rejected" if column.required else "cell_dropped", str(column.references or column.identity),
        )  # fmt: skip
        self.problems.append((d.id, problem))

    def _insert_batches(self, table: Table, batches: Iterable[Columns]) -> int:
        names = [c.name for c in table.columns]
        sql = insert_sql(table, names)
        key = names.index(table.primary_key) if table.primary_key else -1
        numbered = table.auto_id or table.name == "problems"  # in the order of sources and rows
        count = 0
        self._connection.execute("BEGIN")
        for columns in batches:
            rows_count = len(columns[0])
            if numbered:
                columns[key] = range(self._next_id[table.name], self._next_id[table.name] + rows_count)
                self._next_id[table.name] += rows_count
            self._connection.executemany(sql, zip(*columns, strict=True))
            count += rows_count
            if table.name in self._referred and key >= 0:
                self._known[table.name].update(columns[key])
        self._connection.execute("COMMIT")
        return count


def _reader(
    column: Column, place: dict[str, int], d: Descriptor, translate: dict[str, Translate]
) -> Callable[[Stated, int], Sequence[Cell]]:
    """How a column of our table comes out of a batch of a fact file: (its columns, rows) → cells."""
    constants: dict[str, Cell] = {"source_id": d.id, "licence_id": d.licence}
    if column.name in constants or column.name not in place | {"raw_file_id": 0}:
        constant = constants.get(column.name)
        return lambda _, rows: [constant] * rows
    at = place["raw_file"] if column.name == "raw_file_id" else place[column.name]
    if column.name == "raw_file_id":
        ids: dict[str, Cell] = {f.path: f"{d.id}/{f.path}" for f in d.files}
        return lambda stated, _: [ids[path] for path in stated[at]]
    if column.identity is not None:
        ours = translate[column.identity]
        return lambda stated, _: _mapped(stated[at], lambda code: ours(d.id, code))
    convert = _converter(column)
    if convert is str:
        return lambda stated, _: [cell or None for cell in stated[at]] if "" in stated[at] else stated[at]
    return lambda stated, _: [convert(cell) if cell else None for cell in stated[at]]


def _mapped(cells: Sequence[str], ours: Callable[[str], Cell]) -> list[Cell]:
    """Each cell's counterpart, asked for once; None where nothing is stated."""
    counterparts = {cell: ours(cell) if cell else None for cell in set(cells)}
    return [counterparts[cell] for cell in cells]


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while batch := list(islice(rest, ROWS_AT_ONCE)):
        yield batch


def _by_column(rows: Iterable[Row]) -> dict[str, list[object]]:
    """Rows that all have the same keys, as columns."""
    columns: dict[str, list[object]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            columns[name].append(value)
    return columns


def _converter(column: Column) -> Callable[[str], Cell]:
    return {"text": str, "integer": int, "real": float}[column.type]


def _cell(value: object, convert: Callable[[str], Cell]) -> Cell:
    if value is None or value == "":
        return None
    return convert(value) if isinstance(value, str) else value  # type: ignore[return-value]
