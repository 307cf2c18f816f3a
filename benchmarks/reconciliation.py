"""How near the computed least squares index comes to Gallagher's published one, and what the gap is made of.

    .venv/bin/python benchmarks/reconciliation.py [build/comparada.db]

Prints the figures of docs/reconciliation.md: the comparison as it stands, then like with like, each step on top of the one
before; what other treatments of the same rows would give; every value outside 0.10 and 0.50 by its reason (the shares add
up to 100 %); the reasons by source of votes; and each difference above 1.0 with what its reason rests on.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pandas as pd

from research.derivations.contests import load_contests
from research.derivations.evidence import ALLIANCES, LUMPED, SEATLESS, UNKNOWN, many_votes_a_ballot
from research.derivations.reconciliation import worked_out_by_carey_and_hix
from research.derivations.squares import Treatment, squares
from research.derivations.uncontested import without_uncontested

COMPARED = """
SELECT r.election_id, coalesce(r.value_of_election_id, r.election_id) AS value_of, r.source_id, r.reason,
  r.is_checked_by_hand, r.evidence_en, r.published_value AS published, r.computed_value AS computed,
  p.jurisdiction_id, p.year, (
    SELECT i.value FROM election_indices i JOIN units u USING (unit_id)
    WHERE i.election_id = r.value_of_election_id AND i.index_id = r.index_id AND i.source_id = r.source_id AND u.level = 'nation'
  ) AS computed_of_its_own
FROM index_reconciliation r JOIN published_indices p USING (published_index_id)
WHERE r.published_by = 'gallagher' AND r.index_id = 'least-squares-index' AND r.computed_value IS NOT NULL
"""
# parallel and partly compensatory systems with two votes, of which ParlGov gives one and the seats of both: first and last
# year; whole series, the elections that agree as well as those that do not
TWO_VOTES = {
    "BGR": (2009, 2009),
    "HRV": (1992, 1995),
    "HUN": (1990, 2009),
    "ITA": (1994, 2001),
    "JPN": (1996, 2009),
    "LTU": (1992, 2009),
}


def told(rows: pd.DataFrame) -> str:
    """How many elections, and how many within 0.10, within 0.50 and above 1.0."""
    gaps = (rows["computed"] - rows["published"]).abs()
    within = " ".join(f"{100 * (gaps <= limit).mean():5.1f} %" for limit in (0.10, 0.50))
    return f"{len(rows):4} elections  within 0.10 and 0.50: {within}  above 1.0: {int((gaps > 1).sum()):3}"


def like_with_like(connection: sqlite3.Connection, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The comparison with ParlGov's votes and seats, in steps that take away what is not the same thing."""
    moved = rows["computed_of_its_own"].notna()
    contests = load_contests(connection)
    contested, many_votes = without_uncontested(contests), many_votes_a_ballot(contests)

    def in_place(r: pd.DataFrame) -> pd.DataFrame:
        return r.assign(computed=r["computed_of_its_own"].fillna(r["computed"]))

    def by_gallagher(r: pd.DataFrame) -> pd.DataFrame:
        theirs = pd.MultiIndex.from_frame(r[["jurisdiction_id", "year"]]).isin(list(worked_out_by_carey_and_hix()))
        return r[~theirs]

    def same_votes(r: pd.DataFrame) -> pd.DataFrame:
        panachage = pd.MultiIndex.from_frame(r[["election_id", "source_id"]]).isin(list(many_votes))
        first, last = (r["jurisdiction_id"].map({c: years[i] for c, years in TWO_VOTES.items()}) for i in (0, 1))
        return r[~panachage & ~r["year"].between(first, last)]

    def filled_by_a_contest(r: pd.DataFrame) -> pd.DataFrame:
        keys = zip(r["election_id"], r["source_id"], r["computed"], strict=True)
        return r.assign(computed=[contested[e, s].value if (e, s) in contested else v for e, s, v in keys])

    steps: list[tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = [
        ("as they stand", lambda r: r),
        (f"the {int(moved.sum())} displaced values beside the election they are of", in_place),
        ("without the values that Carey and Hix worked out", by_gallagher),
        ("without systems whose votes are of another kind than the seats", same_votes),
        ("without the seats that no contest filled", filled_by_a_contest),
    ]
    result = []
    for name, step in steps:
        rows = step(rows)
        result.append((name, rows))
    return result


def under_every_treatment(connection: sqlite3.Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """The share within 0.10 and within 0.50 of the same elections under every treatment, a row each."""
    contests = load_contests(connection)
    nations = contests.table[contests.table["level"] == "nation"]
    keys = zip(nations["election_id"], nations["source_id"], strict=True)
    number = dict(zip(keys, nations["contest"], strict=True))
    chosen = [number[k] for k in zip(rows["value_of"], rows["source_id"], strict=True)]
    shares = []
    for alliance in ALLIANCES:
        amounts = contests.amounts(alliance)
        by_base = {u: squares(contests, amounts, u) for u in UNKNOWN}
        for o, i, u, m, s in product(LUMPED, LUMPED, UNKNOWN, LUMPED, SEATLESS):
            values = by_base[u].least_squares(Treatment(alliance, o, i, u, m, s))[chosen]
            gaps = abs(values - rows["published"].to_numpy())
            shares.append({limit: 100 * (gaps <= limit).mean() for limit in (0.10, 0.50)})
    return pd.DataFrame(shares)


def above_one(rows: pd.DataFrame) -> str:
    """Each difference above 1.0 as a row of a Markdown table."""
    rows = rows.assign(difference=rows["computed"] - rows["published"])
    rows = rows[rows["difference"].abs() > 1].sort_values(["election_id", "published"])
    return "\n".join(
        f"| {r.election_id} | {r.source_id} | {r.published:.2f} | {r.computed:.2f} | {r.difference:+.2f} "
        f"| {r.reason}{' ✎' if r.is_checked_by_hand else ''} | {r.evidence_en} |"
        for r in rows.itertuples()
    )


def gap_by_reason(rows: pd.DataFrame) -> pd.DataFrame:
    """Elections outside 0.10, outside 0.50 and above 1.0 by reason, with their share of all that are outside 0.10."""
    gaps = (rows["computed"] - rows["published"]).abs()
    outside = pd.DataFrame({str(limit): gaps > limit for limit in (0.10, 0.50, 1.0)}).groupby(rows["reason"]).sum()
    outside = outside[outside["0.1"] > 0].sort_values("0.1", ascending=False)
    outside["share of 0.1"] = (100 * outside["0.1"] / outside["0.1"].sum()).round(1)
    return outside


def main() -> int:
    """Print the figures. Ends with 1 when there is no database."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "build/comparada.db")
    if not path.is_file():
        print(f"{path}: there is no database: run 'comparada build'", file=sys.stderr)
        return 1
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = pd.read_sql_query(COMPARED, connection)
    parlgov, vparty = (rows[rows["source_id"] == s] for s in ("parlgov", "vparty"))
    steps = like_with_like(connection, parlgov)
    for name, step in steps:
        print(f"{told(step)}  ParlGov, {name}")
    print(f"{told(vparty)}  V-Party")
    theirs = pd.MultiIndex.from_frame(vparty[["jurisdiction_id", "year"]]).isin(list(worked_out_by_carey_and_hix()))
    print(f"{told(vparty[theirs])}  V-Party, the values that Carey and Hix worked out")
    print(f"{told(vparty[~theirs])}  V-Party, the others")
    print(f"\nParlGov, outside each limit by reason\n{gap_by_reason(parlgov).to_string()}")
    treated, last = under_every_treatment(connection, steps[-2][1]), steps[-1][1]
    print(
        f"\n{len(treated)} treatments of the last step but one, the best: {treated[0.1].max():.1f} % and {treated[0.5].max():.1f} %"
    )
    print(f"\nParlGov like with like, outside each limit by reason\n{gap_by_reason(last).to_string()}")
    counts = rows.assign(big=(rows["computed"] - rows["published"]).abs() > 1).groupby(["source_id", "reason"])["big"]
    print(f"\nevery value by reason\n{counts.agg(['size', 'sum']).to_string()}")
    print(f"\n{above_one(rows)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
