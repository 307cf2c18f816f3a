"""Electoral indices of loaded elections: small complete cases, then everything that git holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contested_base import LSQ, Base, Db, one

from research.derivations.contests import load_contests
from research.derivations.squares import Treatment, least_squares
from research.indices import least_squares_pct


def test_a_members_seats_go_to_the_alliance_that_has_the_votes() -> None:
    """Votes 60/40; seats 10 + 5 against 5 of 20: 75/25, an index of 15."""
    base = Base()
    election = base.election(
        2000,
        20,
        {"kind": "alliance", "votes": 60.0, "seats": 10},
        {"seats": 5, "alliance": 0},
        {"votes": 40.0, "seats": 5},
    )
    value, reason, lower, upper = base.derived().index(election, LSQ)
    assert value == pytest.approx(15) and reason is None and lower == upper == pytest.approx(15)
    assert base.index(election, "effective-number-parliamentary-parties")[0] == pytest.approx(
        1 / (0.25 + 0.0625 + 0.0625)
    )


def test_a_member_with_votes_of_its_own_stays_apart() -> None:
    base = Base()
    election = base.election(
        2000,
        20,
        {"kind": "alliance", "votes": 35.0, "seats": 10},
        {"votes": 25.0, "seats": 5, "alliance": 0},
        {"votes": 40.0, "seats": 5},
    )
    expected = np.sqrt(0.5 * (15**2 + 0 + 15**2))
    assert base.derived().index(election, LSQ)[0] == pytest.approx(expected)


def test_an_alliance_told_in_two_halves_is_joined() -> None:
    """France 1978: the UDF's seats in one row, its parties' votes in others, the alliance's row empty."""
    base = Base()
    election = base.election(
        2000, 20, {"kind": "alliance"}, {"seats": 10, "alliance": 0}, {"votes": 30.0, "alliance": 0},
        {"votes": 20.0, "alliance": 0}, {"votes": 50.0, "seats": 10},
    )  # fmt: skip
    assert base.derived().index(election, LSQ)[0] == pytest.approx(0)


def test_others_count_as_one_with_bounds_for_many() -> None:
    base = Base()
    election = base.election(
        2000,
        10,
        {"votes": 50.0, "seats": 6},
        {"votes": 40.0, "seats": 4},
        {"kind": "others", "votes": 10.0, "seats": 0},
    )
    value, _, lower, upper = base.derived().index(election, "effective-number-electoral-parties")
    assert value == lower == pytest.approx(1 / 0.42, abs=1e-6) and upper == pytest.approx(1 / 0.41, abs=1e-6)
    value, _, lower, upper = base.index(election, LSQ)
    assert value == upper == pytest.approx(10) and lower == pytest.approx(np.sqrt(50), abs=1e-6)


def test_seats_not_filled_by_the_vote_leave_the_base() -> None:
    """Denmark: the votes are complete without the members for Greenland and the Faroe Islands."""
    base = Base()
    election = base.election(
        2000, 24, {"votes": 50.0, "seats": 10}, {"votes": 50.0, "seats": 10}, {"seats": 1}, {"seats": 3}
    )
    told = base.derived().index(election, LSQ)
    assert told[:2] == (None, "seats_without_votes")
    base = Base()
    election = base.election(2000, 41, {"votes": 50.0, "seats": 20}, {"votes": 50.0, "seats": 20}, {"seats": 1})
    assert base.derived().index(election, LSQ)[0] == pytest.approx(0)


@pytest.mark.parametrize(
    ("rows", "seats", "index", "reason"),
    [
        (({"votes": 80.0, "seats": 10},), 10, LSQ, "votes_coverage_low"),
        (({"votes": 100.0, "seats": 9},), 10, LSQ, "seats_coverage_low"),
        (({"seats": 10},), 10, LSQ, "no_votes"),
        (({"votes": 100.0},), 10, LSQ, "no_seats"),
        (({"votes": 70.0, "seats": 5}, {"votes": 60.0, "seats": 5}), 10, LSQ, "shares_above_100"),
        (({"votes": 100.0, "seats": 5}, {"votes": 0.0, "seats": 5}), 10, "advantage-ratio", "undefined_ratio"),
        (({"kind": "independent", "votes": 90.0, "seats": 9}, {"votes": 10.0, "seats": 1}), 10, LSQ, "mostly_others"),
        (({"votes": 60.0, "seats": 6}, {"votes": 40.0, "seats": 4}), 10, "pedersen-volatility", "no_previous_election"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_says_why(
    rows: tuple[dict[str, Any], ...], seats: int, index: str, reason: str
) -> None:
    base = Base()
    election = base.election(2000, seats, *rows)
    assert base.derived().index(election, index)[:2] == (None, reason)


def test_volatility_with_its_bounds() -> None:
    """A 50 → 40, B 50 → 45, C new with 15: at least 15 either way, since nothing is gone that C could succeed."""
    base = Base()
    base.election(2000, 10, {"party": "a", "votes": 50.0, "seats": 5}, {"party": "b", "votes": 50.0, "seats": 5})
    second = base.election(
        2004,
        10,
        {"party": "a", "votes": 40.0, "seats": 5},
        {"party": "b", "votes": 45.0, "seats": 5},
        {"party": "c", "votes": 15.0},
    )
    third = base.election(
        2008,
        10,
        {"party": "a", "votes": 40.0, "seats": 5},
        {"party": "b", "votes": 45.0, "seats": 5},
        {"party": "d", "votes": 15.0},
    )
    fourth = base.election(
        2012, 10, {"party": "x", "votes": 60.0, "seats": 5}, {"party": "y", "votes": 40.0, "seats": 5}
    )
    base.derived()
    assert base.index(second, "pedersen-volatility") == (15, None, 15, 15)
    assert base.index(third, "pedersen-volatility") == (15, None, 0, 15)  # D may be C under another name
    assert base.index(fourth, "pedersen-volatility")[:2] == (None, "continuity_low")


def test_a_stated_merger_is_no_volatility() -> None:
    """A and B become AB in 2002, and AB splits into D and E in 2006."""
    base = Base()
    base.election(2000, 10, {"party": "a", "votes": 30.0}, {"party": "b", "votes": 30.0}, {"party": "c", "votes": 40.0})
    second = base.election(2004, 10, {"party": "ab", "votes": 60.0}, {"party": "c", "votes": 40.0})
    third = base.election(
        2008, 10, {"party": "d", "votes": 25.0}, {"party": "e", "votes": 30.0}, {"party": "c", "votes": 45.0}
    )
    for number, (before, after, day) in enumerate(
        (("a", "ab", "2002"), ("b", "ab", "2002-05-01"), ("ab", "d", "2006"), ("ab", "e", "2006"))
    ):
        base.add(
            "party_changes", party_change_id=number + 1, party_id=before, successor_id=after, changed_on=day,
            source_id="parlgov", licence_id="CC0-1.0", raw_file_id="f",
        )  # fmt: skip
    base.derived()
    assert base.index(second, "pedersen-volatility") == (0, None, 0, 0)
    assert base.index(third, "pedersen-volatility") == (5, None, 5, 5)


def test_every_election_that_has_results_has_indices_or_reasons(derived: Db) -> None:
    missing = """SELECT count(*) FROM (SELECT DISTINCT election_id, source_id, unit_id FROM results) r
                 WHERE NOT EXISTS (SELECT 1 FROM election_indices i WHERE i.election_id = r.election_id
                   AND i.source_id = r.source_id AND i.unit_id = r.unit_id)"""
    assert one(derived, missing) == 0
    assert one(derived, "SELECT count(*) FROM election_indices WHERE (value IS NULL) = (not_computable IS NULL)") == 0
    assert (
        one(
            derived,
            "SELECT count(*) FROM election_indices WHERE value < lower_bound - 1e-6 OR value > upper_bound + 1e-6",
        )
        == 0
    )
    assert derived.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("election", "index", "value"),
    [
        ("MEX-LC-2021-06-06", "effective-number-parliamentary-parties", 4.094),
        # Gallagher's published values, through the file of datasets/gallagher
        ("DEU-LC-2009-09-27", "effective-number-electoral-parties", 5.58),
        ("DEU-LC-2009-09-27", "effective-number-parliamentary-parties", 4.83),
        ("TUR-LC-1991-10-20", "least-squares-index", 11.29),
        ("GBR-LC-2001-06-07", "least-squares-index", 17.77),
    ],
)
def test_known_values(derived: Db, election: str, index: str, value: float) -> None:
    sql = "SELECT value FROM election_indices WHERE election_id = ? AND index_id = ? AND source_id <> 'vparty'"
    assert one(derived, sql, election, index) == pytest.approx(value, abs=0.02)


def test_gaps_do_not_make_disproportional_elections(derived: Db) -> None:
    """V-Party's Mexico 2012 has 86.7 % of the votes: no index comes of it."""
    row = derived.execute(
        "SELECT value, not_computable, votes_coverage_pct FROM election_indices WHERE election_id = 'MEX-LC-2012-07-01' AND index_id = ?",
        [LSQ],
    ).fetchone()
    assert row == (None, "votes_coverage_low", 86.7)
    worst = derived.execute(
        """SELECT i.election_id FROM election_indices i JOIN elections e USING (election_id)
           WHERE index_id = ? AND value IS NOT NULL AND election_year >= 2000 AND chamber = 'LC' ORDER BY value DESC LIMIT 15""", [LSQ]
    ).fetchall()  # fmt: skip
    assert {"TUR-LC-2002-11-03", "JPN-LC-2012-12-16", "FRA-LC-2002-06-16", "SGP-LC-2006-05-06"} <= {r[0] for r in worst}


def test_the_fast_sums_are_the_published_formula(derived: Db) -> None:
    contests = load_contests(derived)
    amounts = contests.amounts()
    fast = least_squares(contests, amounts, Treatment(unknown="zero", independents="one"))
    base = contests.seat_base(amounts, "in")
    with np.errstate(divide="ignore", invalid="ignore"):
        votes = np.hstack(
            [amounts.padded("vote"), *(amounts.summed("vote", k)[:, None] for k in ("others", "independents"))]
        )
        seats = np.hstack(
            [amounts.padded("seats"), *(amounts.summed("seats", k)[:, None] for k in ("others", "independents"))]
        )
        slow = least_squares_pct(votes, seats / base[:, None])
    lumps = amounts.table[amounts.table["kind"] != "named"]
    untold = lumps.loc[
        lumps["vote"].isna(), "contest"
    ]  # a lump's untold votes are no zero, as they are in the padded matrix
    plain = np.isin(np.arange(len(fast)), untold, invert=True)
    chosen = plain & ~np.isnan(fast)
    assert chosen.sum() > 1000
    assert fast[chosen] == pytest.approx(slow[chosen])
