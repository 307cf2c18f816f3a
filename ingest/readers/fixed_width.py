"""Fixed-width text: the descriptor says where each column begins and ends, as a codebook does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ingest.descriptor.files import File
from ingest.readers.raw_table import Oddity, RawTable
from ingest.readers.text_file import lines_of, read_text


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """Every line below the header row, blank lines apart; rows are lines of the file.

    `headerRow: 0` where the file has no header line; the names are the descriptor's in any case.
    A line that ends in the middle of a column is told: its last cell may be cut short.
    """
    lines = lines_of(read_text(path, file))
    first = file.header_row + (file.header_rows - 1 if file.header_row else 0)
    body = [(n, text.rstrip("\r\n")) for n, text in enumerate(lines, start=1) if n > first and text.strip()]
    names = [c.name for c in file.columns]
    frame = pd.DataFrame(columns=names, dtype=object)
    if body:
        frame = pd.read_fwf(
            io.StringIO("\n".join(text for _, text in body)),
            colspecs=[(c.start - 1, c.end) for c in file.columns],
            names=names,
            header=None,
            dtype=str,
            keep_default_na=False,
        ).fillna("")
    rows = np.asarray([n for n, _ in body], dtype=np.int64)
    return RawTable(frame, rows, found=tuple(_cut_short(body, file)))


def _cut_short(body: list[tuple[int, str]], file: File) -> Iterator[Oddity]:
    for row, text in body:
        for column in file.columns:
            if column.start <= len(text) < column.end:
                yield Oddity(row, column.name, text[column.start - 1 :], "short-line", f"{column.end - len(text)}")
