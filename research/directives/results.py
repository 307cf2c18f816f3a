"""`[[resultados: país | año]]`: votes and seats at an election, as one source gives them."""

from __future__ import annotations

from research.comparison.words import with_decimals
from research.directives.asking import Arguments, Asking, chamber_option, source_option, whole_number_option
from research.directives.content import Cell, Cited, Pin, TableContent
from research.directives.elections import Election, election_of_key, elections, is_election_key
from research.directives.syntax import Directive
from research.faults import WrongName

EXPECTED = (("el país o la elección", "the country or the election"),)
MOST_CONTESTANTS = 10


def results(asking: Asking, directive: Directive) -> TableContent:
    """The table of an election's contestants. Raises WrongName where there is no election, or more than one."""
    arguments = Arguments.of(directive, EXPECTED)
    election = _election(asking, arguments, directive)
    source = _source(asking, election, source_option(asking, directive))
    most = whole_number_option(directive, "most", 60) or MOST_CONTESTANTS
    decimals = whole_number_option(directive, "decimals", 6)
    return _table(asking, election, source, most, 2 if decimals is None else decimals, directive.options.get("title"))


def _election(asking: Asking, arguments: Arguments, directive: Directive) -> Election:
    if is_election_key(arguments.ordered[0]):
        return election_of_key(asking.connection, arguments.ordered[0])
    country = asking.names.country(arguments.ordered[0])
    when = arguments.when(asking.cutoff)
    chamber = chamber_option(directive)
    of_country = list(elections(asking.connection, "jurisdiction_id = ?", country))
    held = [
        e for e in of_country
        if e.chamber in ((chamber,) if chamber else ("LC", "UC", "PR")) and e.date <= when.last
        and (when.first is None or e.date >= when.first[: len(e.date)])
    ]  # fmt: skip
    name = asking.names.jurisdictions[country]
    if not held:
        at = arguments.period or asking.cutoff
        known = [e.election_id for e in of_country][:4]
        es, en = (
            (f"; las últimas son {', '.join(known)}", f"; the latest are {', '.join(known)}") if known else ("", "")
        )
        raise WrongName(f"no hay elección de {name.es} en {at}{es}", f"there is no election of {name.en} in {at}{en}")
    latest = [e for e in held if e.date == held[0].date] if when.first is None else held
    if len(latest) > 1:
        listed = ", ".join(e.election_id for e in latest)
        raise WrongName(
            f"hay varias elecciones: {listed}; escriba una", f"there are several elections: {listed}; write one"
        )
    return latest[0]


def _source(asking: Asking, election: Election, wanted: str | None) -> str:
    telling = [
        str(row[0])
        for row in asking.connection.execute(
            "SELECT DISTINCT source_id FROM results JOIN sources USING (source_id)"
            " WHERE election_id = ? AND unit_id = ? ORDER BY rank",
            (election.election_id, election.jurisdiction_id),
        )
    ]
    if not telling or (wanted and wanted not in telling):
        es = f"; los dan: {', '.join(telling)}" if telling else ": ninguna fuente los da"
        en = f"; given by: {', '.join(telling)}" if telling else ": no source gives them"
        raise WrongName(
            f"no hay resultados de {election.election_id}{es}", f"there are no results of {election.election_id}{en}"
        )
    return wanted or telling[0]


_RESULTS = """
SELECT coalesce(r.contestant, p.name), p.name_en, p.short_name, r.votes_count, r.vote_share_pct, r.seats_count,
       r.party_id, r.contestant, r.code
FROM results r LEFT JOIN parties p USING (party_id)
WHERE r.election_id = ? AND r.unit_id = ? AND r.source_id = ?
  AND (r.votes_count > 0 OR r.vote_share_pct > 0 OR r.seats_count > 0)
ORDER BY coalesce(r.vote_share_pct, 0) DESC, coalesce(r.votes_count, 0) DESC, coalesce(r.seats_count, 0) DESC, r.result_id
"""


def _table(
    asking: Asking, election: Election, source: str, most: int, decimals: int, title: str | None
) -> TableContent:
    asked = f"{election.date}/{election.date}"
    place = (election.election_id, election.jurisdiction_id, source)
    found = asking.connection.execute(_RESULTS, place).fetchall()
    columns = [
        (at, es, en, column, unit, places)
        for at, es, en, column, unit, places in (
            (3, "Votos", "Votes", "votes_count", "votes", 0),
            (4, "Votos (%)", "Votes (%)", "vote_share_pct", "%", decimals),
            (5, "Escaños", "Seats", "seats_count", "seats", 0),
        )
        if any(row[at] is not None for row in found)
    ]
    cited: list[Cited] = []
    rows = []
    for row in found[:most]:
        key = (("election_id", place[0]), ("unit_id", place[1]), ("source_id", source), ("party_id", row[6]),
               ("contestant", row[7]), ("code", row[8]))  # fmt: skip
        cells = [Cell(_name(asking, row[0], row[1], row[2]))]
        for at, _, _, column, unit, places in columns:
            if row[at] is None:
                cells.append(Cell("—"))
                continue
            written = with_decimals(row[at], places)
            cited.append(
                Cited("results", written, Pin("results", key, column), election.jurisdiction_id, None, None, asked,
                      election.date, source, float(row[at]), None, unit)
            )  # fmt: skip
            cells.append(Cell(written))
        rows.append(tuple(cells))
    notes, more = _notes(asking, election, source, len(found) - most)
    heads = (Cell(asking.say("Contendiente", "Contestant")), *(Cell(asking.say(es, en)) for _, es, en, *_ in columns))
    return TableContent(
        title or f"{asking.say('Resultados', 'Results')}: {election.names.in_(asking.language)}",
        heads, tuple(rows), (False, *(True for _ in columns)), notes, (*cited, *more),
    )  # fmt: skip


def _name(asking: Asking, name: str | None, name_en: str | None, short: str | None) -> str:
    if name is None:
        return asking.say("(sin nombre)", "(no name)")
    said = name_en if asking.language == "en" and name_en else name
    return f"{said} ({short})" if short and short != said else said


def _notes(asking: Asking, election: Election, source: str, left_out: int) -> tuple[tuple[str, ...], list[Cited]]:
    place = (election.election_id, election.jurisdiction_id, source)
    told: list[str] = []
    cited: list[Cited] = []
    row = asking.connection.execute(
        "SELECT registered_count, votes_cast_count, count_status FROM turnout"
        " WHERE election_id = ? AND unit_id = ? AND source_id = ? ORDER BY count_status LIMIT 1", place,
    ).fetchone()  # fmt: skip
    if row:
        key = (("election_id", place[0]), ("unit_id", place[1]), ("source_id", source), ("count_status", row[2]))
        for value, column, es, en in (
            (row[0], "registered_count", "Lista nominal", "Registered electorate"),
            (row[1], "votes_cast_count", "Votos emitidos", "Votes cast"),
        ):
            if value is not None:
                written = with_decimals(value, 0)
                told.append(f"{asking.say(es, en)}: {written}.")
                cited.append(
                    Cited("results", written, Pin("turnout", key, column), election.jurisdiction_id, None, None,
                          f"{election.date}/{election.date}", election.date, source, float(value), None, "persons")
                )  # fmt: skip
    if left_out > 0:
        told.append(asking.say(f"No se muestran {left_out} contendientes con menos votos.",
                               f"{left_out} contestants with fewer votes are not shown."))  # fmt: skip
    covered = asking.connection.execute(
        "SELECT min(votes_coverage_pct), min(seats_coverage_pct) FROM election_ids WHERE election_id = ? AND source_id = ?",
        (election.election_id, source),
    ).fetchone()
    for pct, es, en in zip(covered, ("votos", "escaños"), ("votes", "seats"), strict=True):
        if pct is not None and pct < 99.5:
            told.append(asking.say(f"La fuente da contendientes que reúnen {pct:.1f} % de los {es}; el resto no está en ella.",
                                   f"The source gives contestants with {pct:.1f}% of the {en}; the rest is not in it."))  # fmt: skip
    label = asking.say("Fuente", "Source")
    return (f"{label}: {asking.source_title(source)}, {election.date}.", *told), cited
