"""One table published twice: where its two versions say different things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.descriptor.recipes import Compare
from ingest.problems import DescriptorError
from ingest.readers.raw_table import Oddity, RawTable

_LABELLED = re.compile(r"0*(\d+)\s*\.\s*\D.*", re.DOTALL)  # 03.Mixto, 1. Colegio Electoral


def differences(here: RawTable, there: RawTable, step: Compare) -> Iterator[Oddity]:
    """Each cell that differs, and one oddity if the tables are not equally long.

    Raises DescriptorError for a column that the other table does not have.
    """
    columns = {c: step.columns.get(c, c) for c in here.columns if c not in step.ignore}
    lacking = [f"{c} → {other}" for c, other in columns.items() if other not in there.columns]
    if lacking:
        place = f"{step.file}, {step.table}" if step.table else step.file
        raise DescriptorError(
            f"compare: {place} no tiene la columna que corresponde a {', '.join(lacking)}; tiene: {', '.join(there.columns)}",
            f"compare: {place} has no column for {', '.join(lacking)}; it has: {', '.join(there.columns)}",
        )
    if len(here.frame) != len(there.frame):
        yield Oddity(0, "", str(len(here.frame)), "table-length", f"{len(there.frame)} ({step.table or step.file})")
    for column, other in columns.items():
        pairs = zip(here.rows.tolist(), here.text(column).tolist(), there.text(other).tolist(), strict=False)
        for row, mine, theirs in pairs:
            if comparable(mine) != comparable(theirs):
                yield Oddity(row, column, mine, "versions-differ", f"«{theirs.strip()}» ({step.table or step.file})")


def comparable(cell: str) -> str | float:
    """What a cell says, whichever of the two ways it is written.

    >>> comparable("03.Mixto") == comparable("3") == comparable("3.0")
    True
    """
    text = " ".join(cell.split())
    labelled = _LABELLED.fullmatch(text)
    try:
        return float(labelled[1] if labelled else text)
    except ValueError:
        return text.casefold()
