"""Column names out of the header rows of a published table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.descriptor.files import File
from ingest.problems import FileError

MOST_COLUMNS = 20_000  # a spreadsheet has at most 16,384


def column_names(file: File, rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One name a column: several header rows joined with ' / ', padding dropped, blanks called (3).

    A blank in any header row but the last repeats the cell to its left: that is how a wide title above
    several columns is written. Raises FileError for names that stand twice, unless the descriptor lets
    them be numbered, and for more columns than any table has.
    """
    if width > MOST_COLUMNS:
        raise FileError(
            f"{file.path}:{file.header_row}: {width:,} columnas son demasiadas para una tabla; revise el separador y el formato",
            f"{file.path}:{file.header_row}: {width:,} columns are too many for a table; look at the delimiter and the format",
        )
    padded = [[_tidy(row[i]) if i < len(row) else "" for i in range(width)] for row in rows]
    levels = [list(_filled(row)) for row in padded[:-1]] + padded[-1:]
    names = [" / ".join(part for part in parts if part) for parts in zip(*levels, strict=True)]
    names = [name or f"({i})" for i, name in enumerate(names or [""] * width, start=1)]
    return _distinct(file, names)


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _filled(row: Iterable[str]) -> Iterable[str]:
    last = ""
    for cell in row:
        last = cell or last
        yield last


def _distinct(file: File, names: list[str]) -> list[str]:
    twice = sorted({n for n in names if names.count(n) > 1}) if len(set(names)) < len(names) else []
    if not twice:
        return names
    if file.repeated_names == "error":
        raise FileError(
            f"{file.path}: dos columnas se llaman {', '.join(twice)}; dé en el descriptor la fila de encabezado correcta "
            "(headerRow), o repeatedNames: number",
            f"{file.path}: two columns are called {', '.join(twice)}; give the right headerRow in the descriptor, "
            "or repeatedNames: number",
        )
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered
