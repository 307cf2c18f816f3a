"""The Mexican Congress: official outcomes from recorded counts, and constructed cases in which each limit binds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from conftest import REPOSITORY
from hypothesis import given, settings
from hypothesis import strategies as st

from research.allocation import AllocationError
from research.indices import effective_number
from research.mexico import (
    CONSTITUENCIES,
    DeputiesCase,
    Reading,
    SenateCase,
    assign_deputies,
    assign_senate,
    read_deputies_case,
    read_senate_case,
    readings_of,
    senators_of_states,
)

RECORDS = REPOSITORY / "datasets" / "mexico-official-counts"
COUNTS, SEATS = RECORDS / "counts.csv", RECORDS / "seats.csv"
E2021, E2024, SENATE_2024 = "MEX-LC-2021-06-06", "MEX-LC-2024-06-02", "MEX-UC-2024-06-02"


def published(election: str, scope: str = "nation", tier: str = "list") -> dict[str, int]:
    """Seats as the records tell them."""
    with SEATS.open(encoding="utf-8", newline="") as file:
        return {
            r["party"]: int(r["seats"])
            for r in csv.DictReader(file)
            if (r["election_id"], r["scope"], r["tier"]) == (election, scope, tier) and r["attribution"] == "published"
        }


def test_2021_as_the_institute_assigned_it() -> None:
    outcome = assign_deputies(read_deputies_case(COUNTS, SEATS, E2021), Reading("published"))
    assert outcome.list_seats == published(E2021)
    assert outcome.list_seats == {"PAN": 41, "PRI": 40, "PRD": 8, "PT": 7, "PVEM": 12, "MC": 16, "MORENA": 76}
    assert not outcome.limited and outcome.rounds == 1
    assert sum(outcome.seats.values()) == 500
    shares = [s / 500 for s in outcome.seats.values()]
    assert float(effective_number(shares)) == pytest.approx(4.094, abs=0.0005)
    fifth = {party: row["5"] for party, row in outcome.grid.items()}
    assert fifth == published(E2021, "5")


def test_2024_as_the_institute_assigned_it_by_effective_affiliation() -> None:
    """The eight-point limit binds Morena (257 = 182 by affiliation + 75), and the whole grid comes out as published."""
    case = read_deputies_case(COUNTS, SEATS, E2024)
    outcome = assign_deputies(case, Reading("affiliation"))
    assert outcome.list_seats == published(E2024)
    assert outcome.limited == {"MORENA": "8 %"} and outcome.rounds == 2
    for constituency in CONSTITUENCIES:
        assert {p: row[constituency] for p, row in outcome.grid.items()} == published(E2024, constituency)


def test_every_recorded_figure_names_its_record() -> None:
    with (RECORDS / "records.csv").open(encoding="utf-8", newline="") as file:
        records = {r["record_id"]: r for r in csv.DictReader(file)}
    assert all(r["url"].startswith("https://") and r["accessed"] for r in records.values())
    for path in (COUNTS, SEATS):
        with path.open(encoding="utf-8", newline="") as file:
            assert {r["record_id"] for r in csv.DictReader(file)} <= set(records)


def test_the_first_constituency_agrees_with_the_institutes_report_of_2024() -> None:
    """Record paralelox-2024 quotes the report of 9 June; votes were recounted in a few stations afterwards."""
    votes = read_deputies_case(COUNTS, SEATS, E2024).votes
    reported = {"PAN": 1_886_396, "PRI": 1_162_658, "PRD": 172_860, "PT": 517_593, "MC": 1_774_663, "MORENA": 4_520_446}
    assert all(abs(votes[p]["1"] - v) <= 20 for p, v in reported.items())


def test_2024_would_differ_by_the_coalition_agreement() -> None:
    outcome = assign_deputies(read_deputies_case(COUNTS, SEATS, E2024), Reading("agreement"))
    assert not outcome.limited and outcome.list_seats["MORENA"] == 87


def test_the_senate_of_2024() -> None:
    case = read_senate_case(COUNTS, SEATS, SENATE_2024)
    outcome = assign_senate(case)
    assert outcome.list_seats == {p: s for p, s in published(SENATE_2024).items() if s}
    assert sum(outcome.seats.values()) == 128 and outcome.seats["MORENA"] == 60


# --- constructed cases ---


def case(
    votes: dict[str, int], won: dict[str, int], name: str = "constructed", **options: int | dict[str, int]
) -> DeputiesCase:
    """The votes spread evenly over the five constituencies."""
    spread = {p: {c: v // 5 + (i < v % 5) for i, c in enumerate(CONSTITUENCIES)} for p, v in votes.items()}
    return DeputiesCase(name, spread, {"agreement": won}, **options)  # type: ignore[arg-type]


def holds(outcome_grid: object, totals: object) -> bool:
    grid, seats = dict(outcome_grid), dict(totals)  # type: ignore[call-overload]
    rows = all(sum(grid[p].values()) == k for p, k in seats.items())
    return rows and all(sum(row[c] for row in grid.values()) == 40 for c in CONSTITUENCIES)


def test_the_eight_points_bind() -> None:
    """A has 45 % and 230 districts: at most ⌊5·53⌋ = 265, so 35 list seats; B and C share 165 by their own votes."""
    outcome = assign_deputies(case({"A": 450_000, "B": 330_000, "C": 220_000}, {"A": 230, "B": 50, "C": 20}))
    assert outcome.limited == {"A": "8 %"}
    assert outcome.list_seats == {"A": 35, "B": 99, "C": 66}  # 165 · .6 and 165 · .4
    assert holds(outcome.grid, outcome.list_seats)


def test_three_hundred_bind() -> None:
    """A has 56 %: eight points would allow 320, but 300 is the most; with 220 districts it keeps 80 list seats."""
    outcome = assign_deputies(case({"A": 560_000, "B": 440_000}, {"A": 220, "B": 80}))
    assert outcome.limited == {"A": "300"}
    assert outcome.list_seats == {"A": 80, "B": 120} and outcome.seats["A"] == 300


def test_the_exemption_both_ways() -> None:
    """A has 40 % and 250 districts, half the chamber: more than 48 %, so that base V does not apply to it."""
    votes, won = {"A": 400_000, "B": 600_000}, {"A": 250, "B": 50}
    letter = assign_deputies(case(votes, won), Reading(exemption="letter"))
    only = assign_deputies(case(votes, won), Reading(exemption="districts_only"))
    assert letter.exempt == only.exempt == ("A",)
    assert letter.seats == {"A": 300, "B": 200} and letter.limited == {"A": "300"}  # 80 by votes, 50 up to 300
    assert only.seats == {"A": 250, "B": 250} and only.limited == {"A": "54-V"}
    assert len(readings_of(case(votes, won))) == 4


def test_an_exempt_party_below_three_hundred_keeps_its_share() -> None:
    outcome = assign_deputies(case({"A": 200_000, "B": 500_000, "C": 300_000}, {"A": 150, "B": 100, "C": 50}))
    assert outcome.exempt == ("A",) and outcome.list_seats["A"] == 40 and not outcome.limited


def test_redistribution_runs_twice() -> None:
    """Limits: A 250, B 190, C 180. First A has 171 + 84 = 255 and keeps 79. Of the 121 left B gets 63, and 128 + 63 = 191
    passes its limit, which 128 + 60 did not: it keeps 62, and C takes the other 59."""
    votes = {"A": 420_000, "B": 300_000, "C": 280_000}
    outcome = assign_deputies(case(votes, {"A": 171, "B": 128, "C": 1}))
    assert outcome.limited == {"A": "8 %", "B": "8 %"} and outcome.rounds == 3
    assert outcome.list_seats == {"A": 79, "B": 62, "C": 59}
    assert holds(outcome.grid, outcome.list_seats)
    assert [s.article for s in outcome.steps].count("LGIPE 17.2") == 2
    once = assign_deputies(case(votes, {"A": 170, "B": 125, "C": 5}))
    assert once.limited == {"A": "8 %"} and once.rounds == 2 and once.list_seats["B"] == 62


def test_three_per_cent_of_which_vote() -> None:
    """D has 3.02 % of the valid vote and 2.9 % of the total: in by CPEUM 54-II, out by the letter of LGIPE 15.2."""
    votes = {"A": 500_000, "B": 469_800, "D": 30_200}
    given_case = case(votes, {"A": 150, "B": 150}, null_votes=40_000)
    valid = assign_deputies(given_case, Reading(threshold="valid"))
    total = assign_deputies(given_case, Reading(threshold="total", unregistered="stay"))
    assert valid.list_seats["D"] == 6 and "D" not in total.list_seats
    assert {o.reading.threshold for o in readings_of(given_case)} == {"valid", "total"}


def test_two_hundred_districts_are_needed_for_lists() -> None:
    votes, won = {"A": 500_000, "B": 400_000, "C": 100_000}, {"A": 100, "B": 100, "C": 100}
    assert assign_deputies(case(votes, won)).list_seats == {"A": 100, "B": 80, "C": 20}
    without = assign_deputies(case(votes, won, districts_contested={"C": 199}))
    assert without.list_seats == {"A": 111, "B": 89} and without.seats["C"] == 100


def test_equal_remainders_are_a_tie() -> None:
    """Natural quotient 5,000: three parties with remainder 1/3 of a seat… and one seat to give."""
    given_case = case({"A": 333_335, "B": 333_335, "C": 333_335}, {"A": 100, "B": 100, "C": 100})
    outcome = assign_deputies(given_case)
    assert outcome.ties[0].seats == 2 and outcome.grid == {} and outcome.list_seats == {"A": 66, "B": 66, "C": 66}
    decided = assign_deputies(given_case, tie_order=["B", "C", "A"])
    assert decided.list_seats == {"A": 66, "B": 67, "C": 67} and holds(decided.grid, decided.list_seats)


def test_every_step_cites_its_article_in_both_languages() -> None:
    outcome = assign_deputies(read_deputies_case(COUNTS, SEATS, E2024), Reading("affiliation"))
    assert all(s.article and s.es and s.en for s in outcome.steps)
    cited = {s.article for s in outcome.steps}
    assert {"CPEUM 54-II", "LGIPE 15.1", "LGIPE 15.2", "LGIPE 16, 17.1", "LGIPE 17.2", "LGIPE 17.3", "LGIPE 18.1-a",
            "LGIPE 18.2", "CPEUM 54-IV, 54-V"} <= cited  # fmt: skip
    quotient = next(s for s in outcome.steps if s.es == "nuevo cociente natural")
    assert quotient.quantities["cociente · quotient"] == "251,353.5280"  # 31,419,191 / 125


# --- refusals ---


def test_missing_districts_are_told() -> None:
    with pytest.raises(AllocationError, match="add up to 298 of 300 districts: 2 are missing"):
        case({"A": 1000}, {"A": 298})
    with pytest.raises(AllocationError, match="1 too many"):
        case({"A": 1000}, {"A": 301})
    case({"A": 1000}, {"A": 298}, vacant_districts=2)


def test_a_missing_constituency_is_told() -> None:
    with pytest.raises(AllocationError, match="A, constituency 4: the figure is missing"):
        DeputiesCase("x", {"A": {"1": 1, "2": 1, "3": 1, "5": 1}}, {"agreement": {"A": 300}})


def test_nobody_with_three_per_cent() -> None:
    with pytest.raises(AllocationError, match="no party reaches three per cent"):
        assign_deputies(case({"A": 10}, {"A": 300}, independent_votes=100_000))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("MEX,1,A,party,12.5", r"counts.csv:2: votes: '12.5' is not a whole number"),
        ("MEX,1,A,party,-3", r"counts.csv:2: votes: '-3'"),
        ("MEX,1,A,partido,3", r"counts.csv:2: kind 'partido'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    counts, seats = tmp_path / "counts.csv", tmp_path / "seats.csv"
    counts.write_text(f"election_id,scope,contestant,kind,votes\n{line}\n")
    seats.write_text("election_id,party,tier,attribution,seats\nMEX,A,district,agreement,300\n")
    with pytest.raises(AllocationError, match=told):
        read_deputies_case(counts, seats, "MEX")
    with pytest.raises(AllocationError, match="no rows of OTHER"):
        read_deputies_case(counts, seats, "OTHER")


# --- the grid always closes ---


@settings(max_examples=300, deadline=None, print_blob=True)
@given(
    st.lists(st.lists(st.integers(1_000, 900_000), min_size=5, max_size=5), min_size=2, max_size=8),
    st.integers(0, 300),
)
def test_party_totals_and_forty_a_constituency_both_hold(votes: list[list[int]], won_by_first: int) -> None:
    named = {str(i): dict(zip(CONSTITUENCIES, v, strict=True)) for i, v in enumerate(votes)}
    given_case = DeputiesCase("random", named, {"agreement": {"0": won_by_first, "1": 300 - won_by_first}})
    try:
        outcome = assign_deputies(given_case)
    except AllocationError as error:
        assert "limits leave" in error.en
        return
    if not outcome.ties:
        assert sum(outcome.list_seats.values()) == 200 and holds(outcome.grid, outcome.list_seats)
    for party, seats in outcome.seats.items():
        share = sum(named[party].values()) / outcome.national_vote if party in outcome.list_seats else 0
        beyond = party in outcome.exempt or party not in outcome.list_seats or party not in outcome.limited
        assert seats <= max(300, outcome.districts.get(party, 0))
        assert beyond or seats <= max((share + 0.08) * 500 + 1e-9, outcome.districts.get(party, 0))


def test_senators_of_the_states() -> None:
    won, ties = senators_of_states({"Jalisco": {"A": 50, "B": 30, "C": 20}, "Colima": {"A": 40, "B": 40, "C": 1}})
    assert won == {"A": 2, "B": 1}
    assert ties["Colima"].contestants == ("A", "B") and ties["Colima"].seats == 3


def test_the_senate_leaves_small_parties_out() -> None:
    outcome = assign_senate(SenateCase("x", {"A": 600, "B": 371, "C": 29}, {"A": 64, "B": 32}))
    assert outcome.list_seats == {"A": 20, "B": 12} and outcome.seats == {"A": 84, "B": 44}
