"""Votes from a CSV file with the columns contestant and votes (and districts, for two tiers)."""

from __future__ import annotations

import csv
from pathlib import Path

from research.allocation.errors import AllocationError


def read_votes(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Votes and districts won by contestant, in the file's order. Raises AllocationError that names file and line."""
    if not path.is_file():
        raise AllocationError(f"{path}: no existe ese archivo", f"{path}: there is no such file")
    votes: dict[str, int] = {}
    districts: dict[str, int] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [c for c in ("contestant", "votes") if c not in (reader.fieldnames or [])]
        if lacking:
            names = ", ".join(lacking)
            raise AllocationError(
                f"{path.name}: faltan las columnas {names}; la primera línea debe ser contestant,votes[,districts]",
                f"{path.name}: columns {names} are missing; the first line must be contestant,votes[,districts]",
            )
        for row in reader:
            place = f"{path.name}:{reader.line_num}"
            name = (row["contestant"] or "").strip()
            if not name or name in votes:
                es, en = ("falta el contendiente", "the contestant is missing") if not name else (f"{name} está dos veces", f"{name} stands twice")  # fmt: skip
                raise AllocationError(f"{place}: {es}", f"{place}: {en}")
            votes[name] = _whole(place, name, "votes", row["votes"])
            if row.get("districts"):
                districts[name] = _whole(place, name, "districts", row["districts"])
    return votes, districts


def _whole(place: str, name: str, column: str, text: str | None) -> int:
    try:
        number = int((text or "").strip())
    except ValueError:
        number = -1
    if number < 0:
        raise AllocationError(
            f"{place}: {name}: {column} = {text!r}; debe ser un entero de 0 en adelante, sin comas ni decimales",
            f"{place}: {name}: {column} = {text!r}; it must be a whole number from 0 upwards, without commas or decimals",
        )
    return number
