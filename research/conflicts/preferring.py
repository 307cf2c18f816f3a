"""Which of two values is preferred, by which rule, in words. The rules are tried in the order of `RULES`."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from research.conflicts.readings import Quantity, Reading, Text, plain, preferences, text

CLEARLY_FULLER = 1.0  # percentage points


@dataclass(frozen=True)
class Preference:
    """The source preferred (None where nothing decides), the rule and the reason in words."""

    source_id: str | None
    rule: str
    reason: Text


@dataclass(frozen=True)
class Dispute:
    """Two readings that differ, with all that the sources say of the same subject and time."""

    quantity: Quantity
    one: Reading
    other: Reading
    all_said: Sequence[Reading]
    finer: str = ""


@dataclass(frozen=True)
class Grounds:
    """What is known of the sources that helps to prefer one."""

    copies: frozenset[str]
    published: dict[str, str]
    coverage: dict[tuple[str, str, str], float]  # (column of election_ids, election, source) → per cent

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Grounds:
        """From the loaded tables."""
        copies = connection.execute("SELECT DISTINCT source_id FROM source_caveats WHERE kind = 'third_party_copy'")
        coverage = {}
        for column in ("votes_coverage_pct", "seats_coverage_pct"):
            for election, source, told in connection.execute(
                f"SELECT election_id, source_id, {column} FROM election_ids WHERE {column} IS NOT NULL"
            ):
                coverage[column, election, source] = told
        return cls(
            frozenset(row[0] for row in copies),
            dict(connection.execute("SELECT source_id, coalesce(published_date, '') FROM sources")),
            coverage,
        )


def prefer(dispute: Dispute, grounds: Grounds) -> Preference:
    """The first rule that decides; `undecided` where none does."""
    for rule in RULES:
        if (preference := rule(dispute, grounds)) is not None:
            return preference
    return Preference(
        None, "undecided",
        Text("Ninguna regla decide; conviene consultar ambas fuentes.", "No rule decides; consult both sources."),
    )  # fmt: skip


def _declared(d: Dispute, _: Grounds) -> Preference | None:
    for p in preferences():
        state, election, *_rest = d.one.subject
        here = p.get("jurisdiction") in (None, state) and p.get("election") in (None, election)
        if here and p["quantity"] == d.quantity.id and p["source"] in (d.one.source_id, d.other.source_id):
            return Preference(p["source"], p["rule"], text(p["reason"]))
    return None


def _impossible(d: Dispute, _: Grounds) -> Preference | None:
    if d.quantity.highest is None:
        return None
    over = [r for r in (d.one, d.other) if r.number is not None and r.number > d.quantity.highest]
    if len(over) != 1:
        return None
    kept = d.other if over[0] is d.one else d.one
    most = plain(d.quantity.highest)
    return Preference(
        kept.source_id, "impossible_value",
        Text(f"El otro valor pasa de {most}, que es el máximo posible.", f"The other value exceeds {most}, the greatest possible."),
    )  # fmt: skip


def _primary(d: Dispute, _: Grounds) -> Preference | None:
    if d.quantity.primary in (d.one.source_id, d.other.source_id) and d.quantity.primary_reason:
        return Preference(d.quantity.primary, "primary_publisher", d.quantity.primary_reason)
    return None


def _most(d: Dispute, _: Grounds) -> Preference | None:
    """Three sources or more, of which two or more give one value and nobody else agrees on another."""
    if len({r.source_id for r in d.all_said}) < 3:
        return None
    votes = Counter(r.code for r in {r.source_id: r for r in d.all_said}.values()).most_common()
    value, count = votes[0]
    decided = count > 1 and (len(votes) == 1 or votes[1][1] < count)
    kept = [r for r in (d.one, d.other) if r.code == value]
    if not decided or len(kept) != 1:
        return None
    total = len({r.source_id for r in d.all_said})
    return Preference(
        kept[0].source_id, "most_sources",
        Text(f"Lo dicen {count} de {total} fuentes.", f"{count} of {total} sources say so."),
    )  # fmt: skip


def _fuller(d: Dispute, grounds: Grounds) -> Preference | None:
    if d.quantity.coverage is None:
        return None
    told = [(grounds.coverage.get((d.quantity.coverage, r.subject[1], r.source_id)), r) for r in (d.one, d.other)]
    (one, _), (other, _) = told
    if one is None or other is None or abs(abs(100 - one) - abs(100 - other)) < CLEARLY_FULLER:
        return None
    kept, lost = (told[0], told[1]) if abs(100 - one) < abs(100 - other) else (told[1], told[0])
    sums = plain(round(kept[0] or 0, 1)), plain(round(lost[0] or 0, 1))
    return Preference(
        kept[1].source_id, "fuller_count",
        Text(f"Sus cifras de esta elección reúnen {sums[0]} %; las de la otra, {sums[1]} %.",
             f"Its figures of this election bring together {sums[0]}%; the other's, {sums[1]}%."),
    )  # fmt: skip


def _not_a_copy(d: Dispute, grounds: Grounds) -> Preference | None:
    first_hand = [r for r in (d.one, d.other) if r.source_id not in grounds.copies]
    if len(first_hand) != 1:
        return None
    return Preference(
        first_hand[0].source_id, "not_a_copy",
        Text("La otra fuente se tiene aquí solo en la copia de un tercero.",
             "The other source is held here only in a third party's copy."),
    )  # fmt: skip


def _finer(d: Dispute, _: Grounds) -> Preference | None:
    if not d.finer:
        return None
    return Preference(
        d.finer, "finer",
        Text("Clasifica con más detalle y no contradice a la otra.", "It classifies in more detail and does not contradict the other."),
    )  # fmt: skip


def _later(d: Dispute, grounds: Grounds) -> Preference | None:
    one, other = grounds.published[d.one.source_id], grounds.published[d.other.source_id]
    shared = min(len(one), len(other))
    if not shared or one[:shared] == other[:shared]:
        return None
    kept, date = (d.one, one) if one > other else (d.other, other)
    return Preference(
        kept.source_id, "later_version",
        Text(f"Es la publicación más reciente ({date}).", f"It is the later publication ({date})."),
    )  # fmt: skip


RULES: tuple[Callable[[Dispute, Grounds], Preference | None], ...] = (
    _declared, _impossible, _primary, _most, _fuller, _finer, _not_a_copy, _later,
)  # fmt: skip
