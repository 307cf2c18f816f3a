"""Cases from two CSV files: what was counted, and the districts (or states) won.

counts: election_id, scope ("1" to "5", or "nation"), contestant, kind (party, independents, null, unregistered), votes
seats:  election_id, party, tier (district, states, list), attribution, seats
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from research.allocation.errors import AllocationError
from research.mexico.case import DeputiesCase, SenateCase

Counted = dict[str, dict[str, int]]


def read_deputies_case(counts: Path, seats: Path, election_id: str) -> DeputiesCase:
    """The case of an election of deputies. Raises AllocationError that names file and line."""
    parties, rest = _counted(counts, election_id)
    won: Counted = defaultdict(dict)
    for place, row in _rows(seats, election_id, ("party", "tier", "attribution", "seats")):
        if row["tier"] == "district":
            won[row["attribution"]][row["party"]] = _whole(place, "seats", row["seats"])
    return DeputiesCase(
        election_id, parties, dict(won), rest["null"], rest["unregistered"], rest["independents"]
    )  # fmt: skip


def read_senate_case(counts: Path, seats: Path, election_id: str) -> SenateCase:
    """The case of an election of senators. Raises AllocationError that names file and line."""
    parties, rest = _counted(counts, election_id)
    won: dict[str, int] = {}
    for place, row in _rows(seats, election_id, ("party", "tier", "seats")):
        if row["tier"] == "states":
            won[row["party"]] = won.get(row["party"], 0) + _whole(place, "seats", row["seats"])
    return SenateCase(
        election_id, {p: sum(v.values()) for p, v in parties.items()}, won,
        rest["null"], rest["unregistered"], rest["independents"],
    )  # fmt: skip


def _counted(counts: Path, election_id: str) -> tuple[Counted, dict[str, int]]:
    parties: Counted = defaultdict(dict)
    rest = {"null": 0, "unregistered": 0, "independents": 0}
    for place, row in _rows(counts, election_id, ("scope", "contestant", "kind", "votes")):
        votes = _whole(place, "votes", row["votes"])
        if row["kind"] == "party":
            if row["scope"] in parties[row["contestant"]]:
                raise AllocationError(
                    f"{place}: {row['contestant']} ya tiene votos en «{row['scope']}»",
                    f"{place}: {row['contestant']} already has votes in '{row['scope']}'",
                )
            parties[row["contestant"]][row["scope"]] = votes
        elif row["kind"] in rest:
            rest[row["kind"]] += votes
        else:
            raise AllocationError(
                f"{place}: tipo «{row['kind']}»; debe ser party, {', '.join(rest)}",
                f"{place}: kind '{row['kind']}'; it must be party, {', '.join(rest)}",
            )
    return dict(parties), rest


def _rows(path: Path, election_id: str, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    if not path.is_file():
        raise AllocationError(f"{path}: no existe ese archivo", f"{path}: there is no such file")
    found = False
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [c for c in needed if c not in (reader.fieldnames or [])]
        if lacking:
            raise AllocationError(
                f"{path.name}: faltan las columnas {', '.join(lacking)}",
                f"{path.name}: columns {', '.join(lacking)} are missing",
            )
        for row in reader:
            if row.get("election_id", election_id) == election_id:
                found = True
                yield f"{path.name}:{reader.line_num}", row
    if not found:
        raise AllocationError(
            f"{path.name}: no hay filas de {election_id}", f"{path.name}: there are no rows of {election_id}"
        )


def _whole(place: str, column: str, text: str) -> int:
    try:
        number = int(text.replace(",", ""))
    except ValueError:
        number = -1
    if number < 0:
        raise AllocationError(
            f"{place}: {column}: {text!r} no es un entero de 0 en adelante",
            f"{place}: {column}: {text!r} is not a whole number from 0 upwards",
        )
    return number
