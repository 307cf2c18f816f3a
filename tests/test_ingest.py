"""Published cells → facts: what is read, what is told, and that every row is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Run, facts


def test_each_row_is_accounted_for(tiny: Path, run: Run) -> None:
    result = run("ingest", "--json")
    assert result.returncode == 0, result.stderr
    account = next(i for i in json.loads(result.stdout) if i["source_id"] == "votos")["accounts"][0]
    assert (account["rows_read"], account["rows_loaded"], account["rows_rejected"], account["rows_duplicate"]) == (
        7,
        5,
        1,
        1,
    )
    stored = facts(tiny, "votos", "file_accounts")[0]
    assert stored["rows_read_count"] == "7" and stored["rows_loaded_count"] == "5"


def test_a_number_leads_back_to_its_row(tiny: Path, run: Run) -> None:
    run("ingest")
    answer = next(a for a in facts(tiny, "votos", "answers") if a["value"] == "89.8")
    published = (tiny / "datasets/votos/votos.csv").read_text("utf-8").splitlines()
    assert "89.8%" in published[int(answer["raw_row"]) - 1]
    assert answer["raw_column"] == "participacion"


def test_the_ussr_is_itself_whatever_the_source_calls_it(tiny: Path, run: Run) -> None:
    run("ingest")
    assert {a["jurisdiction_id"] for a in facts(tiny, "votos", "answers") if a["valid_from"] == "1989-01-01"} == {"SUN"}


def test_namibia_is_not_missing(tiny: Path, run: Run) -> None:
    run("ingest")
    assert "NAM" in {a["jurisdiction_id"] for a in facts(tiny, "votos", "answers")}
    assert {"iso2", "NA"} <= {v for c in facts(tiny, "jurisdictions", "jurisdiction_codes") for v in c.values()}


def test_missing_is_said_with_its_reason(tiny: Path, run: Run) -> None:
    run("ingest")
    reasons = [a for a in facts(tiny, "votos", "answers") if a["missing"]]
    assert [(a["jurisdiction_id"], a["missing"], a["code_id"]) for a in reasons] == [("CIV", "no_information", "")]


def test_check_tells_every_problem_in_one_form(tiny: Path, run: Run) -> None:
    run("ingest")
    result = run("check")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "votos/votos.csv:5: participacion: '%' es un signo de porcentaje sin número [lone-percent]"
    assert [line.rsplit("[", 1)[1] for line in lines] == [
        "lone-percent]", "percent-above-100]", "unknown-jurisdiction]", "duplicate-row]",
    ]  # fmt: skip
    english = run("check", "--lang", "en").stdout.splitlines()
    assert english[0] == "votos/votos.csv:5: participacion: '%' is a percent sign without a number [lone-percent]"


def test_an_unknown_name_comes_with_the_nearest_ones_and_no_guess(tiny: Path, run: Run) -> None:
    path = tiny / "datasets/votos/votos.csv"
    path.write_text(path.read_text("utf-8").replace("Atlantis", "Namibbia"), "utf-8")
    run("ingest")
    line = next(x for x in run("check").stdout.splitlines() if "unknown-jurisdiction" in x)
    assert "'Namibbia'" in line and "namibia (NAM)" in line
    assert not any(a["raw_row"] == "7" for a in facts(tiny, "votos", "answers"))
