"""A published table as it was read: text cells, with the row numbers of the published file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ingest.descriptor.files import File
from ingest.problems import FileError


@dataclass(frozen=True)
class Oddity:
    """Something that a reader saw on the way and that is no error: row, column, what stands there, rule."""

    row: int
    column: str
    value: str
    rule: str
    more: str = ""


@dataclass(frozen=True)
class RawTable:
    """Columns as published, `rows` the row number of each record in the published file.

    `frame` may keep a reader's own types; `text` gives a column as text, '' where nothing is said.
    `malformed` lists rows that could not be split into cells: (row, cells too many or too few);
    `found` what the reader wants told of cells that it did read.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    malformed: tuple[tuple[int, int], ...] = field(default=())
    found: tuple[Oddity, ...] = field(default=())

    @property
    def columns(self) -> list[str]:
        """Column names as published."""
        return [str(c) for c in self.frame.columns]

    @property
    def rows_read_count(self) -> int:
        """Records in the file, malformed ones included."""
        return len(self.frame) + len(self.malformed)

    def text(self, column: str) -> pd.Series:
        """One column as text, indexed from 0. Raises KeyError for a column that is not there."""
        return as_text(self.frame[column])


def as_text(values: pd.Series) -> pd.Series:
    """Numbers as '1' and '0.028', dates as ISO 8601, truth as 'true'/'false', nothing as ''."""
    if pd.api.types.is_bool_dtype(values.dtype):
        texts = ["" if v is pd.NA else "true" if v else "false" for v in values.tolist()]
    elif pd.api.types.is_float_dtype(values.dtype):
        texts = ["" if v != v else str(int(v)) if v.is_integer() else repr(v) for v in values.astype(float).tolist()]
    elif pd.api.types.is_integer_dtype(values.dtype):
        texts = ["" if v is pd.NA else str(v) for v in values.tolist()]
    else:
        texts = [cell_text(v) for v in values.tolist()]
    return pd.Series(texts, dtype=object, name=values.name)


def cell_text(value: object) -> str:
    """One cell as text, by the same rules as a column."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        if value != value:
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    isoformat = getattr(value, "isoformat", None)
    if isoformat is not None:
        text = str(isoformat())
        return text.removesuffix("T00:00:00")
    return str(value)


def from_rows(
    header: Sequence[str],
    records: Sequence[Sequence[str]],
    rows: Sequence[int],
    malformed: Sequence[tuple[int, int]] = (),
    found: Sequence[Oddity] = (),
) -> RawTable:
    """A table from text records that all have as many cells as the header."""
    frame = pd.DataFrame(list(records), columns=list(header), dtype=object)
    return RawTable(frame, np.asarray(rows, dtype=np.int64), tuple(malformed), tuple(found))


def empty_file(path: str) -> FileError:
    """The error for a file with nothing in it."""
    return FileError(
        f"{path}: el archivo está vacío; vuelva a traerlo con «comparada fetch»",
        f"{path}: the file is empty; bring it again with 'comparada fetch'",
    )


def no_such_table(path: str, table: str | None, known: Sequence[str]) -> FileError:
    """The error for an R object, sheet or path that the file does not hold."""
    names = ", ".join(known) or "—"
    return FileError(
        f"{path}: no contiene la tabla «{table}»; contiene: {names}",
        f"{path}: holds no table '{table}'; it holds: {names}",
    )


def wrong_format(file: File, es: str, en: str) -> FileError:
    """The error for a file that is not what its descriptor says."""
    return FileError(
        f"{file.path}: no se pudo leer como {file.format}: {es}",
        f"{file.path}: could not be read as {file.format}: {en}",
    )
