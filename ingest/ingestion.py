"""One source, ingested: its published files become fact files, with every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from ingest.archives import unpack
from ingest.descriptor.files import File
from ingest.descriptor.recipes import Recipe
from ingest.descriptor.source import Descriptor
from ingest.descriptor.variables import Variable
from ingest.documents.reading import read_documents
from ingest.facts import QUICK, fact_rows, write_facts
from ingest.file_hash import sha256
from ingest.gazetteer import Gazetteer
from ingest.problems import FileError, Problem
from ingest.readers.apart import read
from ingest.readers.raw_table import RawTable
from ingest.table_schema import COMPARADA, Database, Table, all_tables
from ingest.tidy.recipe import Account, run_recipe
from ingest.tidy.statements import Statements
from ingest.tidy.suspicion import suspicious_cells
from ingest.workspace import Workspace

ORIGIN = ("raw_file", "raw_row", "raw_column", "raw_query")
WHOLE_FILE = "archivo"
Contents = dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]]


@dataclass(frozen=True)
class Ingested:
    """What came of a source: an account per recipe, the problems, and rows per table."""

    source_id: str
    accounts: tuple[Account, ...]
    problems: tuple[Problem, ...]
    facts: dict[str, int]


def in_reading_order(descriptors: Iterable[Descriptor]) -> list[list[Descriptor]]:
    """Sources in three turns: who is a state, then what it is called, then everything else."""
    turns: list[list[Descriptor]] = [[], [], []]
    for descriptor in descriptors:
        written = {fact.table for recipe in descriptor.recipes for fact in recipe.facts}
        if "jurisdictions" in written:
            turns[0].append(descriptor)
        elif written & {"jurisdiction_names", "jurisdiction_codes"}:
            turns[1].append(descriptor)
        else:
            turns[2].append(descriptor)
    return turns


def load_gazetteer(workspace: Workspace, descriptors: Iterable[Descriptor]) -> Gazetteer:
    """Names and codes of jurisdictions, from the facts that are there."""
    gazetteer = Gazetteer()
    for descriptor in descriptors:
        folder = workspace.facts(descriptor.id, in_repository=descriptor.in_repository)
        gazetteer.add_jurisdictions(fact_rows(folder, "jurisdictions"))
        gazetteer.add_names(fact_rows(folder, "jurisdiction_names"))
        gazetteer.add_codes(fact_rows(folder, "jurisdiction_codes"))
    return gazetteer


def absent_files(workspace: Workspace, descriptor: Descriptor) -> list[File]:
    """Published files that a recipe or a document reads and that are not here."""
    used = {path for recipe in descriptor.recipes for path in recipe.paths}
    used |= {within for path in used if (within := descriptor.file(path).within) is not None}
    used |= {f.path for f in descriptor.files if any(d.reads(f.path) for d in descriptor.documents)}
    return [
        f
        for f in descriptor.files
        if f.path in used and f.within is None and not workspace.raw_file(descriptor.id, f.path).is_file()
    ]


def ingest_source(
    workspace: Workspace, descriptor: Descriptor, gazetteer: Gazetteer, variables: dict[str, Variable]
) -> Ingested:
    """Read, tidy and write the fact files of one source.

    Raises FileError, DescriptorError or ExpectationError; the facts that were there stay then.
    """
    files = {f.path: _verified(workspace, descriptor, f) for f in descriptor.files if f.within is None}
    for f in descriptor.files:
        if f.within is not None:
            files[f.path] = workspace.unpacked_file(descriptor.id, f.within, f.path)
            unpack(files[f.within], f.within, f.path, files[f.path])

    @cache
    def raw_table(path: str, table: str | None) -> RawTable:
        return read(files[path], descriptor.file(path), table)

    tables = all_tables()
    statements: list[tuple[str, Statements]] = []
    accounts: list[Account] = []
    problems: list[Problem] = []
    for recipe in descriptor.recipes:
        tidied = run_recipe(recipe, descriptor, raw_table, gazetteer, tables, variables)
        statements += [(recipe.file, s) for s in tidied.statements]
        accounts += tidied.accounts
        problems += tidied.problems
    for (path, table), typed_columns in _typed_columns(descriptor.recipes).items():
        raw = raw_table(path, table)
        for row, column, value, rule in suspicious_cells(raw, typed_columns):
            problems.append(Problem(path, WHOLE_FILE, row, column, value, rule, "warning"))
        for seen in raw.found:
            problems.append(
                Problem(path, WHOLE_FILE, seen.row, seen.column, seen.value, seen.rule, "warning", seen.more)
            )

    frames = _by_table(statements)
    for name, frame in frames.items():
        frames[name], repeated = _once(frame, tables[name])
        problems += repeated
    documents = read_documents(descriptor, files)
    frames.update(documents.frames())
    accounts += documents.accounts
    problems += documents.problems
    problems = sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column or "", p.rule, p.recipe))
    _write(workspace, descriptor, files, frames, accounts, problems)
    return Ingested(descriptor.id, tuple(accounts), tuple(problems), {n: len(f) for n, f in frames.items()})


def _verified(workspace: Workspace, descriptor: Descriptor, file: File) -> Path:
    name = f"{descriptor.id}/{file.path}"
    path = workspace.raw_file(descriptor.id, file.path)
    if not path.is_file():
        raise FileError(
            f"{name}: falta el archivo publicado; tráigalo con «comparada fetch {descriptor.id}»",
            f"{name}: the published file is missing; bring it with 'comparada fetch {descriptor.id}'",
        )
    found = sha256(path)
    if path.stat().st_size and file.sha256 is not None and found != file.sha256:
        other = called_otherwise(descriptor, found)
        es = f"; es el que el descriptor llama {other}: ¿se intercambiaron los nombres?" if other else ""
        en = f"; it is the one that the descriptor calls {other}: have two files swapped names?" if other else ""
        raise FileError(
            f"{name}: el archivo cambió: su sha256 es {found} y el descriptor dice {file.sha256}{es}",
            f"{name}: the file has changed: its sha256 is {found}, the descriptor says {file.sha256}{en}",
        )
    return path


def called_otherwise(descriptor: Descriptor, found: str) -> str | None:
    """The name that the descriptor gives to a file of that hash."""
    return next((f.path for f in descriptor.files if f.sha256 == found), None)


def _typed_columns(recipes: Iterable[Recipe]) -> dict[tuple[str, str | None], set[str]]:
    """Per published table, the columns whose cells some recipe types (and so checks) itself."""
    typed: dict[tuple[str, str | None], set[str]] = {}
    for recipe in recipes:
        columns = typed.setdefault((recipe.file, recipe.table), set())
        columns |= {f.name for f in recipe.fields if f.type != "string"}
    return typed


def _by_table(statements: list[tuple[str, Statements]]) -> dict[str, pd.DataFrame]:
    parts: dict[str, list[pd.DataFrame]] = {}
    for path, statement in statements:
        if len(statement.frame):
            parts.setdefault(statement.table, []).append(statement.frame.assign(raw_file=path))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in sorted(parts.items())}


def _once(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Each thing stated once: repeats are dropped; a repeat that says otherwise is told."""
    if not table.key:
        return frame, []
    repeated = frame.duplicated(table.key)
    if not repeated.any():
        return frame, []
    stated = [c.name for c in table.stated_columns]
    first = frame[~repeated].set_index(table.key, drop=False)
    differing = frame[repeated & ~frame.duplicated(stated)]
    problems = []
    for row in differing.to_dict("records"):
        kept = first.loc[[tuple(row[k] for k in table.key) if len(table.key) > 1 else row[table.key[0]]]].iloc[0]
        for column in stated:
            if row[column] and row[column] != kept[column]:
                problems.append(
                    Problem(
                        row["raw_file"],
                        table.name,
                        int(row["raw_row"] or 0),
                        column,
                        row[column],
                        "conflicting-statement",
                        "warning",
                        kept[column] or "—",
                    )
                )
    return frame[~repeated].reset_index(drop=True), problems


def _write(
    workspace: Workspace,
    descriptor: Descriptor,
    files: dict[str, Path],
    frames: dict[str, pd.DataFrame],
    accounts: list[Account],
    problems: list[Problem],
) -> None:
    contents: Contents = {}
    beside: dict[Database, Contents] = {}
    for name, frame in frames.items():
        table = all_tables()[name]
        header = [c.name for c in table.stated_columns] + [c for c in ORIGIN if c != "raw_query" or table.aggregates]
        home = contents if table.home == COMPARADA else beside.setdefault(table.home, {})
        home[name] = (header, zip(*(frame[c].to_numpy(dtype=object).tolist() for c in header), strict=True))
    contents["raw_files"] = (
        ["path", "url", "sha256", "bytes_count", "format"],
        [
            [f.path, f.url or "", sha256(files[f.path]), str(files[f.path].stat().st_size), f.format]
            for f in descriptor.files
        ],
    )
    contents["file_accounts"] = (
        [
            "raw_file",
            "recipe",
            "rows_read_count",
            "rows_loaded_count",
            "rows_rejected_count",
            "rows_excluded_count",
            "rows_duplicate_count",
            "facts_count",
            "exclusions_es",
            "exclusions_en",
        ],
        list(_account_rows(accounts)),
    )
    contents["problems"] = (
        ["raw_file", "recipe", "raw_row", "raw_column", "value", "rule", "severity", "message_es", "message_en"],
        [
            [
                p.file,
                p.recipe,
                "" if p.row is None else str(p.row),
                p.column or "",
                p.value[:500],
                p.rule,
                p.severity,
                p.message_es,
                p.message_en,
            ]
            for p in problems
        ],
    )
    write_facts(workspace.facts(descriptor.id, in_repository=descriptor.in_repository), contents)
    for database, large in beside.items():
        write_facts(workspace.facts_beside(descriptor.id, database), large, effort=QUICK)


def _account_rows(accounts: list[Account]) -> Iterator[list[str]]:
    for a in accounts:
        counts = (a.rows_read, a.rows_loaded, a.rows_rejected, a.rows_excluded, a.rows_duplicate, a.facts)
        exclusions = [(t, n) for t, n in a.excluded if n]
        yield [
            a.file,
            a.recipe,
            *map(str, counts),
            "; ".join(f"{t.es}: {n}" for t, n in exclusions),
            "; ".join(f"{t.en}: {n}" for t, n in exclusions),
        ]
