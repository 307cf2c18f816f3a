"""Fact files: the CSV in which a source's statements rest between `ingest` and `build`.

One file a table, in a source's `facts/` folder; large ones are compressed (.csv.gz, without a clock, so
that the same facts are the same bytes). Beside the statements lie the source's own accounts:
raw_files.csv, file_accounts.csv and problems.csv.
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

COMPRESS_ABOVE = 150_000  # bytes
THOROUGH, QUICK = 9, 1  # how hard to compress: what git keeps is small, what is made again is made fast


def write_facts(
    folder: Path, tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]], effort: int = THOROUGH
) -> None:
    """Replace a source's fact files by these (name → header, rows), all at once."""
    part = folder.with_name(folder.name + ".part")
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, (header, rows) in tables.items():
        _write(part / f"{name}.csv", header, rows, effort)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], effort: int) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    data = text.getvalue().encode("utf-8")
    if len(data) <= COMPRESS_ABOVE:
        path.write_bytes(data)
        return
    with (
        path.with_suffix(".csv.gz").open("wb") as out,
        gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=effort, mtime=0) as packed,
    ):
        packed.write(data)


def fact_files(folder: Path) -> dict[str, Path]:
    """Table name → its fact file."""
    return {p.name.split(".")[0]: p for p in sorted(folder.glob("*.csv*"))} if folder.is_dir() else {}


def read_facts(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the rows of a fact file."""
    stream = (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8", newline="")
    )
    reader = csv.reader(stream)
    return next(reader), _closing(reader, stream)


def _closing(reader: Iterator[list[str]], stream: io.TextIOBase) -> Iterator[list[str]]:
    with stream:
        yield from reader


def fact_rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """The rows of one table's fact file by column name; none when there is no such file."""
    path = fact_files(folder).get(table)
    if path is not None:
        header, rows = read_facts(path)
        yield from (dict(zip(header, row, strict=True)) for row in rows)
