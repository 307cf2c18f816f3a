"""The least squares index without the seats that no contest filled, which the loaded sources do not tell apart.

uncontested.csv says which: members elected unopposed, the outgoing chair of the Irish Dáil (returned without an
election) and Australia's territory members while they had no full vote; each with its source. The rule is the one of
`contests`: a seat that the vote did not fill is not part of the seat shares.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib.resources import files

from research.derivations.contests import Contests
from research.derivations.squares import Treatment, least_squares

KINDS = {
    "unopposed": ("elegidos sin contendiente", "elected unopposed"),
    "chair": ("de quien presidía la cámara, que se renueva sin elección", "of the outgoing chair, returned without an election"),
    "no_full_vote": ("de territorios sin voto pleno en la cámara", "of territories without a full vote in the chamber"),
}  # fmt: skip


@dataclass(frozen=True)
class WithoutUncontested:
    """The index of an election without the seats that no contest filled, and which they are, in Spanish and English."""

    value: float
    es: str
    en: str


def without_uncontested(contests: Contests) -> dict[tuple[str, str], WithoutUncontested]:
    """The index by election and source, for the national contests where every seat to leave out is told.

    Each source counts the seats under its own rows: a contest where the party named has fewer seats than leave is not
    computed.
    """
    left_out: dict[str, list[tuple[str, int, str]]] = {}
    text = (files("research.derivations") / "uncontested.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        left_out.setdefault(row["election_id"], []).append((row["party_id"], int(row["seats_count"]), row["kind"]))
    nations = contests.table[(contests.table["level"] == "nation") & contests.table["election_id"].isin(left_out)]
    table, rows = contests.table.copy(), contests.rows.copy()
    done: dict[int, tuple[str, str]] = {}
    for number, election, source in zip(nations["contest"], nations["election_id"], nations["source_id"], strict=True):
        places = [
            rows.index[(rows["contest"] == number) & (rows["party_id"] == p) & (rows["seats"] >= n)]
            for p, n, _ in left_out[election]
        ]
        if any(len(at) != 1 for at in places):
            continue
        for at, (_, seats, _) in zip(places, left_out[election], strict=True):
            rows.loc[at, "seats"] -= seats
        table.loc[table["contest"] == number, "seats_total"] -= sum(n for _, n, _ in left_out[election])
        done[number] = (election, source)
    changed = replace(contests, table=table, rows=rows)
    values = least_squares(changed, changed.amounts(), Treatment())
    return {key: WithoutUncontested(float(values[n]), *_words(left_out[key[0]])) for n, key in done.items()}


def _words(seats: list[tuple[str, int, str]]) -> tuple[str, str]:
    counts = {kind: sum(n for _, n, k in seats if k == kind) for kind in KINDS}
    told = {kind: n for kind, n in counts.items() if n}
    es = " y ".join(f"{n} {'escaño' if n == 1 else 'escaños'} {KINDS[k][0]}" for k, n in told.items())
    en = " and ".join(f"{n} {'seat' if n == 1 else 'seats'} {KINDS[k][1]}" for k, n in told.items())
    return es, en
