"""R workspaces and files (.rda, .RData, .rds): the named data frame and nothing else.

A workspace may hold other objects (settings, tokens, drafts); they are never read into a table.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyreadr

from ingest.descriptor.files import File
from ingest.readers.raw_table import RawTable, empty_file, no_such_table, wrong_format


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """The named data frame; of an .rds file, its only object. Rows count from 1. Raises FileError."""
    if path.stat().st_size == 0:
        raise empty_file(file.path)
    try:
        objects = [o["object_name"] for o in pyreadr.list_objects(str(path))]
        if path.suffix.lower() == ".rds":
            table = None
        elif table not in objects:
            raise no_such_table(file.path, table, objects)
        frame = pyreadr.read_r(str(path), use_objects=[table] if table else None)[table]
    except (pyreadr.LibrdataError, pyreadr.PyreadrError, UnicodeDecodeError) as error:
        raise wrong_format(
            file, f"no es un archivo de R legible ({error})", f"not a readable R file ({error})"
        ) from error
    return RawTable(frame.reset_index(drop=True), np.arange(1, len(frame) + 1))
