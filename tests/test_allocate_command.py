"""`comparada allocate` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import comparada


def rows(text: str) -> dict[str, list[str]]:
    """The table printed last for each first word."""
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}


def test_mexico_2021_is_reproduced_and_explained(default_root: Path) -> None:
    run = comparada("allocate", "--method", "mexico", "--explain", root=default_root)
    assert run.returncode == 0, run.stderr
    steps, table = run.stdout.split("MEX-LC-2021-06-06", 1)
    expected = {
        "PAN": (41, 73),
        "PRI": (40, 30),
        "PRD": (8, 7),
        "PT": (7, 30),
        "PVEM": (12, 31),
        "MC": (16, 7),
        "MORENA": (76, 122),
    }
    printed = rows(table.split("Lecturas")[0])
    for party, (by_list, districts) in expected.items():
        assert printed[party][-3:] == [str(by_list), str(districts), str(by_list + districts)]
    for article in ("LGIPE 15.1", "CPEUM 54-II", "LGIPE 15.2", "LGIPE 16, 17.1", "CPEUM 54-IV, 54-V", "LGIPE 19"):
        assert f"[{article}]" in steps
    assert "cociente natural · natural quotient" in steps and "219,768.0550" in steps


def test_both_readings_stand_side_by_side(default_root: Path) -> None:
    run = comparada("allocate", "MEX-LC-2024-06-02", "--method", "mexico", root=default_root)
    readings = rows(run.stdout.split("Readings, list seats:")[1])
    assert readings["MORENA"] == ["87", "87", "75", "75"]  # by agreement, by affiliation; as applied and to the letter


def test_mexico_as_json_and_the_senate(default_root: Path) -> None:
    run = comparada("allocate", "MEX-LC-2021-06-06", "--method", "mexico", "--json", root=default_root)
    readings = json.loads(run.stdout)
    assert readings[0]["grid"]["MORENA"]["5"] == 16
    run = comparada("allocate", "MEX-UC-2024-06-02", "--method", "mexico", "--explain", root=default_root)
    assert rows(run.stdout)["MORENA"] == ["46", "14", "60"] and "[LGIPE 21.3]" in run.stdout


def test_a_loaded_election_under_another_rule(default_root: Path) -> None:
    """Germany 2013 by Sainte-Laguë with five per cent: the Bundestag that there was."""
    words = ("allocate", "DEU-LC-2013-09-22", "--method", "sainte_lague", "--threshold", "5", "--json")
    run = comparada(*words, root=default_root)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["allocation"]["seats"] == found["seats_won"] and found["seats_won"]["CDU"] == 255
    without = json.loads(
        comparada("allocate", "DEU-LC-2013-09-22", "--method", "sainte_lague", "--json", root=default_root).stdout
    )
    assert without["indices_simulated"]["least_squares_pct"] < found["indices_won"]["least_squares_pct"]


def test_votes_of_a_file(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("contestant,votes\nA,500\nB,300\nC,160\n")
    run = comparada(
        "allocate",
        "--method",
        "dhondt",
        "--seats",
        "10",
        "--cap",
        "5",
        "--votes",
        str(path),
        "--explain",
        root=default_root,
    )
    assert run.returncode == 0, run.stderr
    assert [rows(run.stdout)[n][-1] for n in "ABC"] == ["5", "3", "2"]
    path.write_text("contestant,votes,districts\nA,500,7\nB,300,0\nC,200,\n")
    run = comparada(
        "allocate",
        "--method",
        "sainte_lague",
        "--seats",
        "10",
        "--votes",
        str(path),
        "--tiers",
        "compensatory",
        "--json",
        root=default_root,
    )
    assert json.loads(run.stdout)["seats"] == {"A": 7, "B": 3, "C": 2}


def test_a_tie_is_said(default_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("contestant,votes\nA,100\nB,100\n")
    words = ("allocate", "--method", "hare", "--seats", "3", "--votes", str(path))
    run = comparada(*words, root=default_root)
    assert run.returncode == 0 and "empate por 1: A, B" in run.stderr and "tie for 1: A, B" in run.stderr
    assert rows(comparada(*words, "--ties", "B,A", root=default_root).stdout)["B"][-1] == "2"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("contestant,votes\nA,10\nB,-3\n", "votes.csv:3: B: votes = '-3'"),
        ("contestant,votes\nA,10.5\n", "votes.csv:2: A: votes = '10.5'"),
        ("party,votes\nA,10\n", "columns contestant are missing"),
        ("contestant,votes\nA,10\nA,4\n", "votes.csv:3: A stands twice"),
        ("contestant,votes\nA,0\n", "every row has zero votes"),
    ],
)
def test_bad_votes_are_told_with_their_line(default_root: Path, tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(content)
    run = comparada("allocate", "--method", "dhondt", "--seats", "3", "--votes", str(path), root=default_root)
    assert run.returncode == 1 and told in run.stderr and "Traceback" not in run.stderr


def test_wrong_use_is_told(default_root: Path) -> None:
    assert comparada("allocate", "--method", "dhondt", root=default_root).returncode == 2
    run = comparada("allocate", "NOWHERE-LC-2000", "--method", "dhondt", root=default_root)
    assert run.returncode == 1 and "no national votes of 'NOWHERE-LC-2000'" in run.stderr
    run = comparada(
        "allocate", "MEX-LC-2021-06-06", "--method", "mexico", "--attribution", "agreement", root=default_root
    )
    assert run.returncode == 1 and "there are: published" in run.stderr
