"""Every index of every contest, with its inputs, bounds and the reason where it cannot be computed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from research.derivations.contests import Amounts, Contests
from research.derivations.nationalisation import nationalisation_rows
from research.derivations.squares import Treatment, least_squares
from research.derivations.turnout import turnout_rows
from research.derivations.volatility import volatility_rows
from research.indices import (
    dhondt_index,
    largest_deviation_pct,
    loosemore_hanby_pct,
    others_bounds,
    rae_disproportionality_pct,
    sainte_lague_index,
)

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.object_]

FORMULA_VERSION = 1
LEAST_VOTES = LEAST_SEATS = 0.95
MOST_VOTES = 1.01
MOST_SEATS_WITHOUT_VOTES = 0.05
MOST_LUMPED = 0.5

# index → (function of research.indices, unit), of votes and of seats
OF_VOTES = {
    "effective-number-electoral-parties": ("effective_number", "parties"),
    "golosov-number-votes": ("golosov_number", "parties"),
    "molinar-number-votes": ("molinar_number", "parties"),
    "fractionalisation-votes": ("fractionalisation", "index 0–1"),
    "concentration-votes": ("herfindahl_hirschman", "index 0–1"),
}
OF_SEATS = {
    "effective-number-parliamentary-parties": ("effective_number", "parties"),
    "golosov-number-seats": ("golosov_number", "parties"),
    "molinar-number-seats": ("molinar_number", "parties"),
    "fractionalisation-seats": ("fractionalisation", "index 0–1"),
    "concentration-seats": ("herfindahl_hirschman", "index 0–1"),
}


@dataclass(frozen=True)
class Coverage:
    """What each contest's rows cover, as fractions, and the reason that stops an index of votes, of seats, of both."""

    votes: Floats
    seats: Floats
    no_votes: Codes
    no_seats: Codes
    no_both: Codes


def coverage_of(contests: Contests, amounts: Amounts) -> Coverage:
    """The coverage of every contest under the default treatment."""
    votes = amounts.summed("vote")
    told = amounts.summed("seats")
    total = contests.table["seats_total"].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        seats = np.where(total > 0, told / total, np.where(told > 0, 1.0, 0.0))
        without = contests.unknown_seats(amounts) / np.fmax(told, 1.0)
    no_votes = np.select(
        [votes <= 0, votes > MOST_VOTES, votes < LEAST_VOTES],
        ["no_votes", "shares_above_100", "votes_coverage_low"],
        "",
    ).astype(object)
    no_seats = np.select([told <= 0, seats < LEAST_SEATS], ["no_seats", "seats_coverage_low"], "").astype(object)
    left_out = (without > MOST_SEATS_WITHOUT_VOTES) & (no_votes == "") & (no_seats == "")
    no_both = np.where(no_seats == "no_seats", no_seats, np.where(no_votes != "", no_votes, no_seats))
    no_both = np.where(left_out, "seats_without_votes", no_both)
    return Coverage(votes, seats, no_votes, no_seats, no_both)


def election_index_rows(connection: sqlite3.Connection, contests: Contests) -> pd.DataFrame:
    """Rows of `election_indices`, ordered by election, source, territory and index."""
    joined, apart = contests.amounts(), contests.amounts("apart")
    coverage = coverage_of(contests, joined)
    blocks = [
        *_vote_blocks(contests, joined, coverage),
        *_seat_blocks(contests, apart, coverage),
        *_deviation_blocks(contests, joined, coverage),
        volatility_rows(connection, contests, joined, coverage.no_votes),
        nationalisation_rows(contests, joined, coverage.no_votes),
    ]
    rows = pd.concat([b for b in blocks if len(b)], ignore_index=True)
    known = contests.table[["contest", "election_id", "source_id", "unit_id", "licence_id", "chamber"]]
    rows = rows.merge(known, on="contest")
    rows = rows[~((rows["chamber"] == "PR") & rows["not_computable"].isin(["no_seats"]))]  # a presidency has no seats
    rows["votes_coverage_pct"] = np.where(coverage.votes > 0, 100 * coverage.votes, np.nan)[rows["contest"]]
    rows["seats_coverage_pct"] = np.where(coverage.seats > 0, 100 * coverage.seats, np.nan)[rows["contest"]]
    rows = pd.concat([b for b in (rows, turnout_rows(connection)) if len(b)], ignore_index=True)
    rows["formula_version"] = FORMULA_VERSION
    rows["order"] = rows["index_id"].map({name: i for i, name in enumerate(dict.fromkeys(rows["index_id"]))})
    rows = rows.sort_values(["election_id", "source_id", "unit_id", "order"], kind="stable")
    for column in ("value", "lower_bound", "upper_bound"):
        rows[column] = rows[column].astype(np.float64).round(6)
    for column in ("others_share_pct", "votes_coverage_pct", "seats_coverage_pct"):
        rows[column] = rows[column].astype(np.float64).round(2)
    rows["not_computable"] = rows["not_computable"].replace("", None)
    rows["contestants_count"] = rows["contestants_count"].astype(int)
    return rows[
        ["election_id", "unit_id", "index_id", "value", "unit", "lower_bound", "upper_bound", "not_computable",
         "contestants_count", "others_share_pct", "missing", "votes_coverage_pct", "seats_coverage_pct",
         "previous_election_id", "formula_version", "source_id", "licence_id"]
    ].reset_index(drop=True)  # fmt: skip


def block(
    index_id: str, unit: str, contests: Contests, value: Floats, code: Codes, contestants: Floats, others: Floats,
    missing: Codes, bounds: tuple[Floats, Floats] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One index of all contests as rows; values and bounds only where `code` is empty."""
    computable = code == ""
    return pd.DataFrame(
        {
            "contest": contests.table["contest"].to_numpy(), "index_id": index_id, "unit": unit,
            "value": np.where(computable, value, np.nan),
            "lower_bound": np.where(computable, bounds[0], np.nan) if bounds else np.nan,
            "upper_bound": np.where(computable, bounds[1], np.nan) if bounds else np.nan,
            "not_computable": code, "contestants_count": contestants, "others_share_pct": 100 * others,
            "missing": missing, "previous_election_id": None,
        }
    )  # fmt: skip


def _vote_blocks(contests: Contests, amounts: Amounts, coverage: Coverage) -> list[pd.DataFrame]:
    named = amounts.padded("vote")
    others, independents = amounts.summed("vote", "others"), amounts.summed("vote", "independents")
    missing_votes = np.clip(1.0 - coverage.votes, 0.0, None)
    lumped = others + independents + missing_votes
    contestants = (named > 0).sum(axis=1) + (others > 0)
    missing = _missing(contests, coverage, np.zeros(len(contests.table)))
    code = np.where((coverage.no_votes == "") & (lumped > MOST_LUMPED), "mostly_others", coverage.no_votes)
    blocks = _bounded_blocks(OF_VOTES, contests, named, others, lumped, code, contestants, missing)
    first_two = -np.sort(-named, axis=1)[:, :2]
    second = first_two[:, 1] if first_two.shape[1] > 1 else np.zeros(len(named))
    margin = 100 * (first_two[:, 0] - second)
    blocks.append(block("victory-margin", "%", contests, margin, code, contestants, lumped, missing))
    return blocks


def _seat_blocks(contests: Contests, amounts: Amounts, coverage: Coverage) -> list[pd.DataFrame]:
    base = contests.seat_base(amounts, "in")
    with np.errstate(divide="ignore", invalid="ignore"):
        named = _finite(amounts.padded("seats") / base[:, None])
        others = _finite(amounts.summed("seats", "others") / base)
        independents = _finite(amounts.summed("seats", "independents") / base)
    lumped = others + independents + np.clip(1.0 - np.fmin(coverage.seats, 1.0), 0.0, None)
    contestants = (named > 0).sum(axis=1) + (others > 0)
    missing = _missing(contests, coverage, np.zeros(len(contests.table)))
    code = np.where((coverage.no_seats == "") & (lumped > MOST_LUMPED), "mostly_others", coverage.no_seats)
    return _bounded_blocks(OF_SEATS, contests, named, others, lumped, code, contestants, missing)


def _bounded_blocks(
    indices: dict[str, tuple[str, str]], contests: Contests, named: Floats, others: Floats, lumped: Floats, code: Codes,
    contestants: Floats, missing: Codes,
) -> list[pd.DataFrame]:  # fmt: skip
    """Each of the indices with "others" as one contestant, bounded by what all that is lumped could be."""
    blocks = []
    for index_id, (name, unit) in indices.items():
        value = others_bounds(name, named, others).value
        extreme = others_bounds(name, named, lumped)
        bounds = np.fmin(extreme.lower, value), np.fmax(extreme.upper, value)
        blocks.append(block(index_id, unit, contests, value, code, contestants, lumped, missing, bounds))
    return blocks


def _deviation_blocks(contests: Contests, amounts: Amounts, coverage: Coverage) -> list[pd.DataFrame]:
    base = contests.seat_base(amounts)
    known = Amounts(amounts.table[amounts.table["vote"].notna()], amounts.contests_count)
    with np.errstate(divide="ignore", invalid="ignore"):
        votes, seats = known.padded("vote"), _finite(known.padded("seats") / base[:, None])
        others_votes = known.summed("vote", "others")
        others_seats = _finite(known.summed("seats", "others") / base)
        without_votes = _finite(contests.unknown_seats(amounts) / base)
    # the widest lump: others, independents, missing votes and seats whose votes are not told
    lump_votes = np.clip(1.0 - votes.sum(axis=1), 0.0, None)
    lump_seats = np.clip(1.0 - seats.sum(axis=1), 0.0, None)
    contestants = ((votes > 0) | (seats > 0)).sum(axis=1) + ((others_votes > 0) | (others_seats > 0))
    missing = _missing(contests, coverage, without_votes)
    mostly = (coverage.no_both == "") & (np.fmax(lump_votes, lump_seats) > MOST_LUMPED)
    code = np.where(mostly, "mostly_others", coverage.no_both)
    all_votes, all_seats = np.hstack([votes, others_votes[:, None]]), np.hstack([seats, others_seats[:, None]])
    lsq = least_squares(contests, amounts, Treatment())
    extreme = others_bounds("least_squares_pct", votes, lump_votes, seats, lump_seats)
    deviation = others_bounds("largest_deviation_pct", votes, lump_votes, seats, lump_seats)
    largest, hanby = largest_deviation_pct(all_votes, all_seats), loosemore_hanby_pct(all_votes, all_seats)
    lumped_hanby = others_bounds("loosemore_hanby_pct", votes, lump_votes, seats, lump_seats).value
    rae = rae_disproportionality_pct(all_votes, all_seats, np.fmax(contestants, 1))
    undefined = ((all_votes <= 0) & (all_seats > 0)).any(axis=1)
    ratio_code = np.where((code == "") & undefined, "undefined_ratio", code)
    told: list[tuple[str, str, Floats, Codes, tuple[Floats, Floats] | None]] = [
        ("least-squares-index", "index 0–100", lsq, code, (np.fmin(extreme.lower, lsq), np.fmax(extreme.upper, lsq))),
        (
            "loosemore-hanby-index",
            "index 0–100",
            hanby,
            code,
            (np.fmin(hanby, lumped_hanby), np.fmax(hanby, lumped_hanby)),
        ),
        ("rae-disproportionality", "%", rae, code, None),
        (
            "largest-deviation",
            "%",
            largest,
            code,
            (np.fmin(deviation.lower, largest), np.fmax(deviation.upper, largest)),
        ),
        ("sainte-lague-index", "index ≥ 0", sainte_lague_index(all_votes, all_seats), ratio_code, None),
        ("advantage-ratio", "ratio", dhondt_index(all_votes, all_seats), ratio_code, None),
    ]
    return [
        block(index_id, unit, contests, value, why, contestants, lump_votes, missing, bounds)
        for index_id, unit, value, why, bounds in told
    ]


def _finite(shares: Floats) -> Floats:
    return np.asarray(np.nan_to_num(shares, nan=0.0, posinf=0.0, neginf=0.0))


def _missing(contests: Contests, coverage: Coverage, without_votes: Floats) -> Codes:
    """What the input lacks, told where it is half a point or more."""
    parts = []
    for share, es, en in (
        (1.0 - coverage.votes, "faltan {:.1f} % de los votos", "{:.1f} % of the votes missing"),
        (np.where(contests.table["seats_total"].notna(), 1.0 - coverage.seats, 0.0), "faltan {:.1f} % de los escaños", "{:.1f} % of the seats missing"),
        (without_votes, "{:.1f} % de los escaños sin votos conocidos", "{:.1f} % of the seats without known votes"),
    ):  # fmt: skip
        share_pct = 100 * np.asarray(share)
        parts.append([f"{es.format(x)} · {en.format(x)}" if x >= 0.5 else "" for x in share_pct])
    joined = ["; ".join(p for p in told if p) or None for told in zip(*parts, strict=True)]
    return np.array(joined, dtype=object)
