"""The tables of comparada.db and stations.db, as their files in `ingest/tables/` describe them.

One YAML file a table: columns, units, references, facets and descriptions in Spanish and English, the
databases that hold it and the heading under which each lists it. The SQL, the fact files' columns, the
`columns` table and Datasette's metadata all come from here, so that a descriptor, a table description, an
error and a page say the same thing.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, model_validator

from ingest.descriptor.words import Model, Scalar, Text

TABLES_FOLDER = Path(__file__).parent / "tables"
Database = Literal["comparada", "stations"]
COMPARADA: Database = "comparada"
STATIONS: Database = "stations"
DATABASES: tuple[Database, ...] = (COMPARADA, STATIONS)


class Column(Model):
    """One column of a table, with its unit and what it holds, in Spanish and English."""

    name: str
    type: Literal["text", "integer", "real"]
    required: bool = False
    references: str | None = None
    enum: list[Scalar] | None = None
    values: dict[str, Text] = Field(default_factory=dict, description="The codes that it may hold, and what each means")
    known: dict[str, Text] = Field(
        default_factory=dict, description="What some of its values mean, where others may stand there too"
    )
    like: str | None = Field(
        None, description="A column, as `table.column`, whose codes it repeats: they mean the same here"
    )
    unit: str | None = None
    derived: bool = Field(False, description="Filled by the build, not by a source")
    identity: Literal["elections", "parties"] | None = Field(
        None, description="Sources state their own code here; the build replaces it with ours"
    )
    es: str
    en: str

    @property
    def allowed(self) -> list[Scalar]:
        """What a cell may hold; empty when anything of its type may stand there."""
        return list(self.values) or self.enum or []

    @property
    def meanings(self) -> dict[str, Text]:
        """What its values mean, as far as that is told: every code of `values`, the words of `known`."""
        return self.values or self.known

    @property
    def described(self) -> Text:
        """What the column holds, and what each of its codes means."""
        if not self.values:
            return Text(es=self.es, en=self.en)
        es = ", ".join(f"{code} = {meaning.es}" for code, meaning in self.values.items())
        en = ", ".join(f"{code} = {meaning.en}" for code, meaning in self.values.items())
        return Text(es=f"{self.es} {es}.", en=f"{self.en} {en}.")


class TableGroup(Model):
    """A heading under which a database lists some of its tables, with a sentence on what is found there."""

    key: str = Field(pattern="^[a-z]+$")
    title: Text
    about: Text


class Table(Model):
    """One table: who fills it (`origin`), its key, and how Datasette shows it."""

    name: str
    title: Text
    description: Text
    group: dict[Database, str] = Field(
        min_length=1,
        description="Each database that holds it, and the key of its heading there (_groups.yml); the first is its home",
    )
    position: int = Field(description="Its order under the heading: lower stands first")
    origin: Literal["facts", "descriptor", "accounting", "build"]
    auto_id: bool = Field(False, description="The key is a number given in the order of sources and rows")
    aggregates: bool = Field(False, description="Rows may be sums: `raw_query` says of what")
    view: str | None = Field(
        None, description="A view of this table's rows: whoever derives it creates it, not the build"
    )
    primary_key: str = Field("", description="One column; without it the natural key is the key, and orders the rows")
    natural_key: list[str] = Field(
        default_factory=list, description="Columns that name the thing a source states: it is stated once a source"
    )
    indexes: list[str] | None = Field(
        None, description="Columns with an index; by default every reference and facet, and the column to sort by"
    )
    joint_indexes: list[list[str]] = Field(
        default_factory=list, description="Columns indexed together, in place of the index of the first of them alone"
    )
    label: str | None = None
    sort: str
    facets: list[str] = Field(default_factory=list)
    search: list[str] = Field(default_factory=list)
    columns: list[Column]

    @model_validator(mode="after")
    def _keyed(self) -> Table:
        if not self.primary_key and (self.auto_id or not self.natural_key):
            raise ValueError(f"{self.name}: a table needs a primaryKey, or a naturalKey in its place")
        return self

    @property
    def databases(self) -> list[Database]:
        """The databases that hold it, its home first."""
        return list(self.group)

    @property
    def home(self) -> Database:
        """The database whose build loads the facts of this table."""
        return self.databases[0]

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def key(self) -> list[str]:
        """The columns that name the thing a source states; empty where every row stands for itself."""
        return self.natural_key or ([] if self.auto_id else [self.primary_key])

    @property
    def stated_columns(self) -> tuple[Column, ...]:
        """Columns that a source states: neither our running number, nor derived, nor provenance."""
        provenance = {c.name for c in provenance_columns()}
        return tuple(
            c
            for c in self.columns
            if not c.derived and c.name not in provenance and not (self.auto_id and c.name == self.primary_key)
        )


@lru_cache
def provenance_columns() -> tuple[Column, ...]:
    """What every row of a source carries: source, licence, file, row, column and, for sums, the query."""
    return tuple(Column.model_validate(c) for c in _described(TABLES_FOLDER / "_provenance.yml")["columns"])


@lru_cache
def _groups() -> dict[str, dict[str, TableGroup]]:
    """The headings of each database by key, in the order in which the portal shows them."""
    described = _described(TABLES_FOLDER / "_groups.yml")
    return {
        database: {group.key: group for group in map(TableGroup.model_validate, described[database])}
        for database in DATABASES
    }


def tables_by_group(database: str) -> dict[TableGroup, list[Table]]:
    """The tables of a database under their headings, both in the order in which a person looks for them.

    Empty for a database that is not one of ours.
    """
    held = [(key, table) for table in all_tables().values() for d, key in table.group.items() if d == database]
    held.sort(key=lambda pair: (pair[1].position, pair[1].name))
    return {
        group: [table for its_key, table in held if its_key == key]
        for key, group in _groups().get(database, {}).items()
    }


def _described(path: Path) -> dict[str, Any]:
    described: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return described


def _with_provenance(described: dict[str, Any]) -> Table:
    table = Table.model_validate(described)
    if table.origin != "facts":
        return table
    provenance = [c for c in provenance_columns() if c.name != "raw_query" or table.aggregates]
    return table.model_copy(update={"columns": [*table.columns, *provenance]})


@lru_cache
def load_tables(database: Database = COMPARADA) -> dict[str, Table]:
    """The tables of one database by name, referenced tables before those that refer to them."""
    return {name: table for name, table in all_tables().items() if database in table.databases}


@lru_cache
def all_tables() -> dict[str, Table]:
    """The tables of every database by name, referenced tables before those that refer to them.

    Raises ValueError for a file that describes another table than its name says, a group that `_groups.yml` lacks, or
    a column that is like one that does not exist.
    """
    files = sorted(p for p in TABLES_FOLDER.glob("*.yml") if not p.name.startswith("_"))
    tables = {}
    for path in files:
        table = _with_provenance(_described(path))
        if table.name != path.stem:
            raise ValueError(f"{path.name}: the table is called {table.name}")
        for database, key in table.group.items():
            if key not in (known := _groups()[database]):
                raise ValueError(f"{path.name}: {database} has no group {key}; it has {', '.join(known)}")
        tables[table.name] = table
    return _in_reference_order({name: _with_repeated_codes(table, tables) for name, table in tables.items()})


def _with_repeated_codes(table: Table, tables: dict[str, Table]) -> Table:
    """The table, its columns that repeat the codes of another column knowing what they mean."""
    columns = []
    for column in table.columns:
        if column.like:
            other, _, name = column.like.partition(".")
            if other not in tables or not any(c.name == name for c in tables[other].columns):
                raise ValueError(f"{table.name}: {column.name} is like {column.like}, which is no column")
            column = column.model_copy(update={"known": tables[other].column(name).meanings})
        columns.append(column)
    return table.model_copy(update={"columns": columns})


def _in_reference_order(tables: dict[str, Table]) -> dict[str, Table]:
    ordered: dict[str, Table] = {}

    def visit(name: str, waiting: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name in waiting:
            raise ValueError(f"tables refer to each other in a circle: {' → '.join((*waiting, name))}")
        for column in tables[name].columns:
            if column.references and column.references != name:
                visit(column.references, (*waiting, name))
        ordered[name] = tables[name]

    for name in sorted(tables):
        visit(name, ())
    return ordered
