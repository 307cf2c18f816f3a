"""Stata (.dta) and SPSS (.sav, .zsav, .por) files: codes and their labels, side by side.

A column `x` whose values have labels gives two: `x` with the codes and `x:label` with the labels; a
recipe names the one that it means. Values that the publisher declared missing (SPSS's -99, Stata's
.a) are kept as they stand, so that the descriptor can say what they mean.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from ingest.descriptor.files import File
from ingest.readers.raw_table import RawTable, cell_text, empty_file, wrong_format

LABEL = ":label"


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """The file's only table; rows are its records, counted from 1. Raises FileError."""
    if path.stat().st_size == 0:
        raise empty_file(file.path)
    given = {"encoding": file.encoding} if "encoding" in file.model_fields_set else {}
    try:
        # a .por file knows no declared missing values apart
        reader, keep = _reader(path, file)
        frame, described = reader(str(path), **keep, **given)
    except Exception as error:  # ReadStat has many ways to fail on a broken file, none of them ours
        raise wrong_format(
            file,
            f"no es un archivo de {_program(file)} legible ({error}); si es de texto antiguo, pruebe con encoding",
            f"not a readable {_program(file)} file ({error}); if its text is old, try encoding",
        ) from error
    frame = frame.reset_index(drop=True)
    columns: dict[str, pd.Series] = {}
    for name in frame.columns:
        columns[str(name)] = frame[name]
        labels = described.variable_value_labels.get(name)
        if labels:
            known = {cell_text(code): label for code, label in labels.items()}
            texts = [known.get(cell_text(v), "") for v in frame[name].tolist()]
            columns[f"{name}{LABEL}"] = pd.Series(texts, dtype=object)
    return RawTable(pd.DataFrame(columns), np.arange(1, len(frame) + 1))


def _reader(path: Path, file: File) -> tuple[Callable[..., Any], dict[str, bool]]:
    if file.format == "stata":
        return pyreadstat.read_dta, {"user_missing": True}
    with path.open("rb") as stream:
        start = stream.read(4)
    if start in (b"$FL2", b"$FL3"):
        return pyreadstat.read_sav, {"user_missing": True}
    return pyreadstat.read_por, {}


def _program(file: File) -> str:
    return "Stata" if file.format == "stata" else "SPSS"
