"""One election and one party across sources: each rule on a small example, the known cases, and the hand-checked sample."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path

import pytest
from datasette.app import Datasette

from ingest.identity.elections import Elections, ElectionStatement, identify_elections
from ingest.identity.judging import judge
from ingest.identity.parties import Parties, PartyStatement, identify_parties
from ingest.identity.redirects import Declared, election_redirects, party_redirects
from ingest.identity.report import main as report

Db = sqlite3.Connection
PRECISION = {4: "year", 7: "month", 10: "day"}


def told(
    source: str, date: str, *, code: str = "", shares: tuple[float, ...] = (), turnout: float | None = None,
    chamber: str = "LC",
) -> ElectionStatement:  # fmt: skip
    return ElectionStatement(
        source, code or date, "XXX", chamber, date, PRECISION[len(date)], "", "", shares, turnout
    )  # fmt: skip


def rules(found: Elections) -> list[tuple[str, str]]:
    return [(m.election_id, m.rule) for m in found.matches]


# --- elections: one rule a test -------------------------------------------------------------------


def test_the_same_day_is_the_same_election() -> None:
    found = identify_elections([told("a", "2018-07-01"), told("b", "2018-07-01")])
    assert rules(found) == [("XXX-LC-2018-07-01", "first_statement"), ("XXX-LC-2018-07-01", "same_date")]


def test_another_chamber_on_the_same_day_is_another_election() -> None:
    found = identify_elections([told("a", "2018-07-01"), told("b", "2018-07-01", chamber="PR")])
    assert len(found.elections) == 2


def test_a_day_or_two_off_is_the_same_election_and_the_days_are_kept() -> None:
    found = identify_elections([told("a", "2001-06-18"), told("b", "2001-06-17")])
    assert found.matches[1].rule == "near_date" and found.matches[1].days_apart == -1


def test_a_wrong_month_is_known_by_the_votes() -> None:
    found = identify_elections(
        [told("a", "2016-02-26", shares=(25.52, 24.35)), told("b", "2016-06-24", shares=(25.5, 24.4))]
    )
    assert rules(found)[1] == ("XXX-LC-2016-02-26", "same_shares")


def test_two_elections_of_a_year_with_other_votes_stay_two() -> None:
    found = identify_elections([told("a", "1933-03-05", shares=(43.9, 18.3)), told("b", "1933-11-12", shares=(92.1,))])
    assert len(found.elections) == 2 and found.matches[1].rule == "no_match"


def test_a_year_alone_is_matched_where_both_tell_one_election_of_it() -> None:
    found = identify_elections([told("a", "1973-12-31"), told("b", "1973")])
    assert rules(found)[1] == ("XXX-LC-1973-12-31", "same_year")


def test_a_month_alone_is_matched_within_the_month() -> None:
    found = identify_elections([told("a", "1965-09-10"), told("b", "1965-09")])
    assert rules(found)[1] == ("XXX-LC-1965-09-10", "same_month")


def test_a_year_with_two_elections_is_decided_by_turnout_if_at_all() -> None:
    two = [told("a", "1974-02-28", turnout=78.8), told("a", "1974-10-10", turnout=72.8)]
    assert rules(identify_elections([*two, told("b", "1974", turnout=72.9)]))[2] == (
        "XXX-LC-1974-10-10", "same_turnout",
    )  # fmt: skip
    open_case = identify_elections([*two, told("b", "1974")]).matches[2]
    assert open_case.rule == "ambiguous" and open_case.election_id == "XXX-LC-1974"
    assert open_case.candidates == ("XXX-LC-1974-02-28", "XXX-LC-1974-10-10")


@pytest.mark.parametrize("upwards", [True, False])
def test_two_of_a_year_told_by_both_are_matched_by_order_whichever_way_the_source_lists(upwards: bool) -> None:
    known = [told("a", "1974-02-28"), told("a", "1974-10-10"), told("a", "1979-05-03")]
    listed = [told("b", "1974", code="first"), told("b", "1974", code="second"), told("b", "1979")]
    found = identify_elections([*known, *(listed if upwards else reversed(listed))])
    assert found.by_code["b", "first"] == "XXX-LC-1974-02-28"
    assert found.by_code["b", "second"] == "XXX-LC-1974-10-10"


def test_the_more_exact_date_names_the_election_and_the_old_id_leads_to_it() -> None:
    heard = [told("a", "1973"), told("b", "1973-10-08")]
    found = identify_elections(heard)
    assert list(found.elections) == ["XXX-LC-1973-10-08"]
    redirects = list(election_redirects(heard, found, []))
    assert [(r.old_id, r.new_id, r.rule) for r in redirects] == [
        ("XXX-LC-1973", "XXX-LC-1973-10-08", "stated_otherwise")
    ]


def test_two_rounds_are_told_apart_and_joined_as_rounds() -> None:
    found = identify_elections([told("a", "2017-06-18"), told("b", "2017-06-11"), told("b", "2017-06-18")])
    assert rules(found)[1:] == [("XXX-LC-2017-06-11", "other_round"), ("XXX-LC-2017-06-18", "same_date")]
    first = found.elections["XXX-LC-2017-06-18"].first_round
    assert first is not None and first.election_id == "XXX-LC-2017-06-11"


def test_two_elections_five_weeks_apart_are_no_rounds() -> None:
    found = identify_elections([told("a", "2023-05-21"), told("a", "2023-06-25")])
    assert all(e.first_round is None for e in found.elections.values())


def test_an_election_that_a_covering_source_lacks_is_told_as_such() -> None:
    found = identify_elections([told("a", "1990-05-01"), told("a", "2000-05-01"), told("b", "1995"), told("b", "2010")])
    assert [m.rule for m in found.matches[2:]] == ["no_match", "first_statement"]


def test_declared_redirects_are_followed_to_the_end_and_never_hide_an_election() -> None:
    heard = [told("a", "2000-05-01")]
    found = identify_elections(heard)
    declared = [
        Declared("old", "older", "es", "en"), Declared("older", "XXX-LC-2000-05-01", "es", "en"),
        Declared("XXX-LC-2000-05-01", "older", "es", "en"), Declared("lost", "nowhere", "es", "en"),
    ]  # fmt: skip
    assert {(r.old_id, r.new_id) for r in election_redirects(heard, found, declared[:2] + declared[3:])} == {
        ("old", "XXX-LC-2000-05-01"), ("older", "XXX-LC-2000-05-01"),
    }  # fmt: skip
    assert not any(r.old_id == "XXX-LC-2000-05-01" for r in election_redirects(heard, found, declared))


# --- parties --------------------------------------------------------------------------------------


def party(source: str, code: str, name: str, short: str, **more: object) -> PartyStatement:
    words = {"same_as_scheme": "", "same_as_code": "", "first_year": "", "last_year": "", **more}
    return PartyStatement(
        source_id=source, scheme=source, code=code, jurisdiction_id="XXX", name=name, name_en="", short_name=short,
        family="", **words,  # type: ignore[arg-type]
    )  # fmt: skip


def party_rules(found: Parties) -> list[tuple[str, str]]:
    return [(m.party_id, m.rule) for m in found.matches]


PAGE = "http://en.wikipedia.org/wiki/Labour_Party"


def test_a_stated_link_comes_before_every_rule() -> None:
    found = identify_parties(
        [party("a", "1", "Left", "L1"), party("b", "9", "Right", "R", same_as_scheme="a", same_as_code="1")]
    )
    assert party_rules(found)[1] == ("a-1", "stated_link")


def test_an_address_needs_a_second_sign() -> None:
    page = PAGE.replace("http", "https")
    one = party("a", "1", "Labour Party", "Lab", url=PAGE)
    assert party_rules(identify_parties([one, party("b", "9", "Labour Party", "LP", url=page)]))[1] == (
        "a-1", "same_address",
    )  # fmt: skip
    assert party_rules(identify_parties([one, party("b", "9", "Zzyx Uvw", "Q", url=page)]))[1][0] == "b-9"


def test_votes_and_a_like_name_make_one_party_and_other_votes_unmake_it() -> None:
    one = party("a", "1", "Farmers Union", "FU", shares={"e1": 10.2, "e2": 12.0})
    same = party("b", "9", "Union of Farmers", "UF", shares={"e1": 10.24, "e2": 12.0})
    other = party("b", "9", "Union of Farmers", "UF", shares={"e1": 30.0, "e2": 2.0})
    assert party_rules(identify_parties([one, same]))[1] == ("a-1", "same_results")
    assert party_rules(identify_parties([one, other]))[1][0] == "b-9"


def test_one_name_in_two_times_is_two_parties() -> None:
    old = party("a", "1", "People's Party", "PP", first_year="1919", last_year="1926")
    new = party("b", "9", "People's Party", "PP", years=(1994, 2001))
    assert party_rules(identify_parties([old, new]))[1][0] == "b-9"


def test_a_tie_leaves_the_candidates() -> None:
    twins = [party("a", code, "Liberal Party", "LP") for code in ("1", "2")]
    match = identify_parties([*twins, party("b", "9", "Liberal Party", "LP")]).matches[2]
    assert (match.party_id, match.rule, match.candidates) == ("b-9", "ambiguous", ("a-1", "a-2"))


def test_an_acronym_alone_is_enough_only_where_nobody_else_bears_it() -> None:
    one, other = party("a", "1", "Partido Uno", "PU"), party("a", "2", "Pueblo Unido", "PU")
    alone = party("b", "9", "", "PU")
    assert party_rules(identify_parties([one, alone]))[1] == ("a-1", "only_acronym")
    match = identify_parties([one, other, alone]).matches[2]
    assert (match.rule, match.candidates) == ("ambiguous", ("a-1", "a-2"))


def test_others_taken_together_are_no_party() -> None:
    found = identify_parties([party("a", "1", "Others", "oth"), party("b", "9", "Others", "oth", is_party=False)])
    assert party_rules(found)[1] == ("b-9", "first_statement")


def test_a_joined_partys_own_code_leads_to_it() -> None:
    heard = [party("a", "1", "Labour Party", "Lab", url=PAGE), party("b", "9", "Labour Party", "Lab", url=PAGE)]
    assert [(r.old_id, r.new_id) for r in party_redirects(heard, identify_parties(heard))] == [("b-9", "a-1")]


# --- the knowledge base that git holds ------------------------------------------------------------


def test_a_german_party_stands_once(default_db: Db) -> None:
    found = default_db.execute(
        "SELECT party_id, group_concat(DISTINCT scheme) FROM (SELECT * FROM party_ids ORDER BY scheme)"
        " WHERE jurisdiction_id = 'DEU' AND short_name = 'SPD' GROUP BY party_id"
    ).fetchall()
    assert found == [("partyfacts-383", "ches,parlgov,partyfacts,vparty,wikidata")]


def test_sources_dates_of_one_election_are_kept_apart_and_joined(default_db: Db) -> None:
    found = default_db.execute(
        "SELECT source_id, stated_date, match_rule, days_apart FROM election_ids"
        " WHERE election_id = 'IRL-LC-2016-02-26' ORDER BY source_id"
    ).fetchall()
    assert found == [
        ("parlgov", "2016-02-26", "first_statement", 0),
        ("vparty", "2016-06-24", "same_shares", 119),
    ]


def test_the_german_vote_of_november_1933_is_not_the_one_of_march(default_db: Db) -> None:
    found = dict(
        default_db.execute("SELECT source_id, election_id FROM election_ids WHERE election_id LIKE 'DEU-LC-1933%'")
    )
    assert found == {"parlgov": "DEU-LC-1933-03-05", "vparty": "DEU-LC-1933-11-12"}


def test_no_election_holds_two_statements_of_one_source(default_db: Db) -> None:
    twice = "SELECT election_id FROM election_ids GROUP BY election_id, source_id HAVING count(*) > 1"
    assert default_db.execute(twice).fetchall() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/comparada/elections/SWE-LC-1914-09-05", "/comparada/elections/SWE-LC-1914-09-13"),
        ("/comparada/elections/SWE-LC-1914-09-05.json", "/comparada/elections/SWE-LC-1914-09-13.json"),
        ("/comparada/elections/MEX-LC-2003-06-06", "/comparada/elections/MEX-LC-2003-07-06"),
        ("/comparada/parties/vparty-383", "/comparada/parties/partyfacts-383"),
    ],
)
async def test_an_old_address_leads_to_the_present_one(site: Datasette, old: str, new: str) -> None:
    answer = await site.client.get(old, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, new)
    assert (await site.client.get(new)).status_code == 200


async def test_an_address_that_never_was_is_not_found(site: Datasette) -> None:
    for path in ("/comparada/elections/XXX-LC-1900", "/comparada/units/SWE-LC-1914-09-05", "/nothing/elections/x"):
        assert (await site.client.get(path, follow_redirects=False)).status_code == 404


def test_the_report_counts_every_statement(default_root: Path) -> None:
    out = io.StringIO()
    assert report([str(default_root / "build" / "comparada.db")], out) == 0
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    connection = sqlite3.connect(default_root / "build" / "comparada.db")
    for table in ("election_ids", "party_ids"):
        counted = sum(int(row["count(*)"]) for row in rows if row["statements"] == table)
        assert counted == connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()


def test_the_report_says_which_database_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report([str(tmp_path / "none.db")]) == 2
    assert "comparada build" in capsys.readouterr().err


# --- the sample checked by hand (docs/identity.md) ------------------------------------------------

VERDICTS = Path(__file__).parent / "judged" / "identity.csv"


def test_the_hand_checked_sample_is_large_and_mixed() -> None:
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 200 and len({row["rule"] for row in rows}) >= 15
    assert {row["verdict"] for row in rows} <= {"right", "wrong", "missed"} and all(row["why"] for row in rows)
    assert len({row["statement"] for row in rows}) == len(rows)


def test_precision_and_recall_of_the_default_knowledge_base(default_db: Db) -> None:
    found = judge(default_db, VERDICTS)
    elections, parties = found["election_ids"], found["party_ids"]
    assert elections.judged >= 35 and parties.judged >= 100
    assert not elections.otherwise and not parties.otherwise, "judge these anew"
    assert elections.precision is not None and elections.precision >= 0.99
    assert parties.precision is not None and parties.precision >= 0.98
    assert elections.recall is not None and elections.recall >= 0.98
    assert parties.recall is not None and parties.recall >= 0.98


def test_a_wrong_verdict_lowers_precision_and_a_missed_one_recall(default_db: Db, tmp_path: Path) -> None:
    text = VERDICTS.read_text("utf-8")
    spoilt = tmp_path / "verdicts.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        if row["rule"] == "same_address":
            row["verdict"] = "wrong"
    with spoilt.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    good, bad = judge(default_db, VERDICTS)["party_ids"], judge(default_db, spoilt)["party_ids"]
    assert good.precision is not None and bad.precision is not None and bad.precision < 0.95 < good.precision
