"""Seat allocation against worked cases, public packages and the properties that each method has or lacks."""

from __future__ import annotations

import json
import warnings
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from conftest import MIRROR, needs_mirror
from hypothesis import given, settings
from hypothesis import strategies as st

from research.allocation import METHODS, AllocationError, allocate, compensatory, parallel

VECTORS = MIRROR / "vectors" / "seat_vectors.json"
NAMES = {"hare_lr": "hare", "imperiali_lr": "imperiali_quota", "droop_lr": "droop"}
DIVISOR_METHODS = [m.name for m in METHODS.values() if m.kind == "divisor"]
QUOTA_METHODS = [m.name for m in METHODS.values() if m.kind == "quota"]
THOROUGH = settings(max_examples=1500, deadline=None, print_blob=True)
LIGHT = settings(max_examples=300, deadline=None, print_blob=True)


def worked_cases() -> list[tuple[str, dict[str, int], int, list[int], dict[str, Any]]]:
    if not VECTORS.is_file():
        return []
    cases = []
    for case in json.loads(VECTORS.read_text("utf-8")):
        votes = case["votes"]
        if votes is None or any(isinstance(v, str) for v in (votes.values() if isinstance(votes, dict) else votes)):
            continue
        named = votes if isinstance(votes, dict) else {str(i): v for i, v in enumerate(votes)}
        for label, expected in case["expected"].items():
            method, options = label, dict[str, Any]()
            if method.endswith("_max5"):
                method, options = method.removesuffix("_max5"), {"cap": 5}
            if method.endswith("_subtract_overaward"):
                method, options = method.removesuffix("_subtract_overaward"), {"overaward": "subtract"}
            seats = list(expected.values()) if isinstance(expected, dict) else expected
            cases.append((NAMES.get(method, method), named, case["seats"], seats, options))
    return cases


@needs_mirror
def test_there_are_worked_cases() -> None:
    assert len(worked_cases()) >= 18


@pytest.mark.parametrize(("method", "votes", "seats", "expected", "options"), worked_cases())
def test_worked_cases(method: str, votes: dict[str, int], seats: int, expected: list[int], options: Any) -> None:
    found = allocate(votes, seats, method, **options)
    assert list(found.seats.values()) == expected and found.is_decided


def test_an_overaward_is_detected() -> None:
    """Karlovy Vary 2021: the Imperiali quota gives 11 seats for 10 (simberaj/votelib, tests/evaluate/test_proportional.py)."""
    votes = {"ANO": 73556, "PirSTAN": 38628, "Spolu": 78163, "SPD": 25673}
    with pytest.raises(AllocationError, match="awards 11 seats and there are 10"):
        allocate(votes, 10, "imperiali_quota")


# New Zealand's party votes and electorates of 2014 and 2008, and the houses that resulted:
# simberaj/votelib@5bf1c7b, tests/real/test_real_mmp.py
NZ_2014 = {
    "ACT": 16689, "Legalise Cannabis": 10961, "Ban1080": 5113, "Conservative": 95598, "Social Credit": 1730,
    "Focus": 639, "Green": 257359, "Internet MANA": 34094, "Labour": 604535, "Maori": 31849, "National": 1131501,
    "NZ First": 208300, "Independent Coalition": 872, "Civilian": 1096, "United Future": 5286,
}  # fmt: skip
NZ_2008 = {
    "ACT": 85496, "Alliance": 1909, "Legalise Cannabis": 9515, "Social Credit": 1208, "Family": 8176, "Green": 157613,
    "Progressive": 21241, "Kiwi": 12755, "Labour": 796880, "Libertarianz": 1176, "Maori": 55980, "National": 1053398,
    "NZ First": 95356, "Pacific": 8640, "RAM": 465, "Bill and Ben": 13016, "Republic": 313, "United Future": 20497,
    "Workers": 932,
}  # fmt: skip


@pytest.mark.parametrize(
    ("votes", "electorates", "house"),
    [
        (
            NZ_2014,
            {"ACT": 1, "Labour": 27, "Maori": 1, "National": 41, "United Future": 1},
            {"ACT": 1, "Labour": 32, "Maori": 2, "National": 60, "United Future": 1, "Green": 14, "NZ First": 11},
        ),
        (
            NZ_2008,
            {"ACT": 1, "Labour": 21, "Maori": 5, "National": 41, "United Future": 1, "Progressive": 1},
            {"ACT": 5, "Labour": 43, "Maori": 5, "National": 58, "United Future": 1, "Progressive": 1, "Green": 9},
        ),
    ],
)
def test_new_zealand_with_its_overhang(
    votes: dict[str, int], electorates: dict[str, int], house: dict[str, int]
) -> None:
    found = compensatory(votes, electorates, 120, "sainte_lague", threshold_pct=5, exempt_with_districts=1)
    assert {n: s for n, s in found.seats.items() if s} == house
    assert sum(found.seats.values()) == sum(house.values()) > 120


def test_overhang_kept_absorbed_or_levelled() -> None:
    votes, districts = {"A": 500, "B": 300, "C": 200}, {"A": 7, "B": 0}
    kept = compensatory(votes, districts, 10, "sainte_lague")
    assert kept.seats == {"A": 7, "B": 3, "C": 2}
    absorbed = compensatory(votes, districts, 10, "sainte_lague", overhang="absorb")
    assert absorbed.seats == {"A": 7, "B": 2, "C": 1}
    level = compensatory(votes, districts, 10, "sainte_lague", overhang="level")
    assert level.seats["A"] >= 7 and level.seats == allocate(votes, sum(level.seats.values()), "sainte_lague").seats


def test_independents_keep_their_district() -> None:
    found = compensatory({"A": 600, "B": 400}, {"A": 1, "Juana Pérez": 1}, 11, "dhondt")
    assert found.seats == {"A": 6, "B": 4, "Juana Pérez": 1}


def test_parallel_tiers_take_no_notice_of_each_other() -> None:
    assert parallel({"A": 600, "B": 400}, {"A": 5, "C": 1}, 10, "dhondt").seats == {"A": 11, "B": 4, "C": 1}


# --- ties ---


@pytest.mark.parametrize("method", [*DIVISOR_METHODS, "hare", "droop"])
def test_a_tie_is_said_and_left_open(method: str) -> None:
    found = allocate({"A": 100, "B": 100, "C": 100}, 4, method)
    assert found.seats == {"A": 1, "B": 1, "C": 1}
    assert [(t.contestants, t.seats) for t in found.ties] == [(("A", "B", "C"), 1)]
    assert "empate" in found.steps[-1].es and "tie" in found.steps[-1].en
    ordered = allocate({"A": 100, "B": 100, "C": 100}, 4, method, tie_order=["C", "A", "B"])
    assert ordered.seats == {"A": 1, "B": 1, "C": 2} and ordered.is_decided


# --- bad input ---


@pytest.mark.parametrize(
    ("votes", "seats", "options", "told"),
    [
        ({"A": 10, "B": -1}, 3, {}, r"row 2 \(B\): -1 votes"),
        ({"A": 10.5}, 3, {}, r"row 1 \(A\): 10.5 votes; votes are whole"),
        ({"A": float("nan")}, 3, {}, r"row 1 \(A\)"),
        ({"A": "10"}, 3, {}, r"row 1 \(A\): '10' is not a number"),
        ({"A": True}, 3, {}, r"row 1 \(A\)"),
        ({}, 3, {}, "no contestants"),
        ({"A": 0, "B": 0}, 3, {}, "zero votes"),
        ({"A": 1}, 0, {}, "seats: 0"),
        ({"A": 1}, 2.5, {}, "seats: 2.5"),
        ({"A": 51, "B": 49}, 3, {"threshold_pct": 60}, "nobody reaches the threshold of 60"),
        ({"A": 51, "B": 49}, 3, {"threshold_pct": 5, "threshold_base_votes": 50}, "smaller than the votes"),
        ({"A": 51, "B": 49}, 9, {"cap": 3}, "the caps leave 3 seats"),
    ],
)
@pytest.mark.parametrize("method", ["dhondt", "hare"])
def test_bad_input_is_refused_with_its_row(votes: Any, seats: Any, options: Any, told: str, method: str) -> None:
    with pytest.raises(AllocationError, match=told):
        allocate(votes, seats, method, **options)


def test_more_seats_than_the_method_can_place_are_refused() -> None:
    with pytest.raises(AllocationError, match="place only 4 of 5 seats"):
        allocate({"A": 1, "B": 1}, 5, "droop")


def test_an_unknown_method_names_the_known_ones() -> None:
    with pytest.raises(AllocationError, match="dhondt"):
        allocate({"A": 1}, 1, "dhont")


# --- against public packages ---

VOTES = st.lists(st.integers(1, 100_000), min_size=2, max_size=10).filter(lambda v: sum(v) > 4000)
SEATS = st.integers(1, 60)
APPORTIONMENT = {
    "hare": "hamilton", "dhondt": "dhondt", "sainte_lague": "saintelague",
    "modified_sainte_lague": "modified_saintelague", "huntington_hill": "huntington", "adams": "adams", "dean": "dean",
}  # fmt: skip
VOTELIB_DIVISORS = {
    "dhondt": "d_hondt", "sainte_lague": "sainte_lague", "danish": "danish", "imperiali_divisor": "imperiali",
}  # fmt: skip
VOTELIB_QUOTAS = {"hare": "hare", "droop": "droop", "hagenbach_bischoff": "hagenbach_bischoff"}


@pytest.mark.parametrize("method", APPORTIONMENT)
@THOROUGH
@given(votes=VOTES, seats=SEATS)
def test_against_apportionment(method: str, votes: list[int], seats: int) -> None:
    from apportionment.methods import compute

    ours = allocate({str(i): v for i, v in enumerate(votes)}, seats, method)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [int(s) for s in compute(APPORTIONMENT[method], votes, seats, fractions=True)]
    assert sum(theirs) == seats
    if ours.is_decided:  # it breaks ties in an order of its own, at times against larger remainders
        assert list(ours.seats.values()) == theirs
    assert sum(ours.seats.values()) + ours.open_seats == seats


@pytest.mark.parametrize("method", VOTELIB_DIVISORS)
@LIGHT
@given(votes=VOTES, seats=SEATS)
def test_against_votelib_divisors(method: str, votes: list[int], seats: int) -> None:
    from votelib.evaluate.proportional import HighestAverages

    named = {str(i): v for i, v in enumerate(votes)}
    ours = allocate(named, seats, method)
    if ours.is_decided:
        theirs = HighestAverages(VOTELIB_DIVISORS[method]).evaluate(named, seats)
        assert {n: s for n, s in ours.seats.items() if s} == {n: s for n, s in theirs.items() if s}


@pytest.mark.parametrize("method", VOTELIB_QUOTAS)
@LIGHT
@given(votes=VOTES, seats=SEATS)
def test_against_votelib_quotas(method: str, votes: list[int], seats: int) -> None:
    from votelib.evaluate.proportional import LargestRemainder

    named = {str(i): v for i, v in enumerate(votes)}
    try:
        ours = allocate(named, seats, method)
    except AllocationError as error:
        assert "awards" in error.en if method == "hagenbach_bischoff" else "so few votes" in error.en
        return
    if ours.is_decided:
        theirs = LargestRemainder(VOTELIB_QUOTAS[method]).evaluate(named, seats)
        assert {n: s for n, s in ours.seats.items() if s} == {n: s for n, s in theirs.items() if s}


# --- properties ---


@pytest.mark.parametrize("method", DIVISOR_METHODS)
@LIGHT
@given(votes=VOTES, seats=SEATS)
def test_divisor_methods_are_house_monotone(method: str, votes: list[int], seats: int) -> None:
    named = {str(i): v for i, v in enumerate(votes)}
    order = list(named)
    fewer, more = (allocate(named, s, method, tie_order=order).seats for s in (seats, seats + 1))
    assert all(more[n] >= fewer[n] for n in named)


@pytest.mark.parametrize("method", [*DIVISOR_METHODS, "hare", "droop"])
@LIGHT
@given(votes=VOTES, seats=SEATS, extra=st.integers(1, 50_000))
def test_more_votes_never_cost_a_seat(method: str, votes: list[int], seats: int, extra: int) -> None:
    """Vote monotonicity: one contestant's votes grow, the others' stay."""
    named = {str(i): v for i, v in enumerate(votes)}
    before, after = allocate(named, seats, method), allocate({**named, "0": named["0"] + extra}, seats, method)
    if before.is_decided and after.is_decided:
        assert after.seats["0"] >= before.seats["0"]


@LIGHT
@given(votes=VOTES, seats=SEATS)
def test_hare_stays_within_quota_and_dhondt_above_its_floor(votes: list[int], seats: int) -> None:
    named = {str(i): v for i, v in enumerate(votes)}
    hare, dhondt, adams = (allocate(named, seats, m, tie_order=list(named)).seats for m in ("hare", "dhondt", "adams"))
    for name, v in named.items():
        exact = Fraction(v * seats, sum(votes))
        assert exact - 1 < hare[name] < exact + 1
        assert dhondt[name] > exact - 1  # lower quota
        assert seats < len(votes) or adams[name] < exact + 1  # upper quota


@pytest.mark.parametrize("method", [*DIVISOR_METHODS, "hare", "droop"])
@LIGHT
@given(votes=VOTES, seats=SEATS)
def test_who_has_more_votes_has_no_fewer_seats(method: str, votes: list[int], seats: int) -> None:
    named = {str(i): v for i, v in enumerate(votes)}
    found = allocate(named, seats, method)
    if found.is_decided:
        ordered = sorted(named, key=named.__getitem__)
        assert all(found.seats[a] <= found.seats[b] for a, b in pairwise(ordered))


def test_hare_lacks_house_monotonicity() -> None:
    """The Alabama paradox: with one seat more in the house, C has one less."""
    votes = {"A": 6, "B": 6, "C": 2}
    assert allocate(votes, 10, "hare").seats == {"A": 4, "B": 4, "C": 2}
    assert allocate(votes, 11, "hare").seats == {"A": 5, "B": 5, "C": 1}


def test_dhondt_lacks_the_upper_quota() -> None:
    """Balinski and Young's 1975 case: 51.17 seats by exact proportion, 52 by D'Hondt."""
    votes = {"A": 5117, "B": 4400, "C": 162, "D": 161, "E": 160}
    assert allocate(votes, 100, "dhondt").seats["A"] == 52


@LIGHT
@given(votes=st.lists(st.integers(10_000, 900_000), min_size=2, max_size=10), seats=SEATS, cap=st.integers(1, 60))
def test_nobody_passes_the_cap(votes: list[int], seats: int, cap: int) -> None:
    named = {str(i): v for i, v in enumerate(votes)}
    for method in ("dhondt", "hare", "droop"):
        if cap * len(votes) < seats:
            with pytest.raises(AllocationError, match="caps"):
                allocate(named, seats, method, cap=cap)
            continue
        found = allocate(named, seats, method, cap=cap)
        assert max(found.seats.values()) <= cap
        assert sum(found.seats.values()) + found.open_seats == seats
