"""`comparada allocate`: seats from votes, each step told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from comparada.commands.built_database import opened_database
from comparada.commands.telling import say
from ingest.workspace import Workspace
from research.allocation import METHODS, Allocation, Step, Tie, compensatory, parallel
from research.allocation import allocate as allocate_seats
from research.allocation.tiers import Overhang
from research.allocation.votes_file import read_votes
from research.mexico import (
    CONSTITUENCIES,
    DeputiesOutcome,
    Reading,
    SenateOutcome,
    assign_deputies,
    assign_senate,
    read_deputies_case,
    read_senate_case,
    readings_of,
)
from research.simulation import Simulation, simulate

MEXICO = "mexico"
RECORDS = "mexico-official-counts"
ATTRIBUTIONS = ("affiliation", "published", "agreement")  # the first that a case has is the one applied


@click.command(short_help="Reparte escaños y explica cada paso · Allocate seats, each step told")
@click.argument("election", required=False)
@click.option("--method", required=True, type=click.Choice([*METHODS, MEXICO]), help="Método · Method")
@click.option(
    "--seats", type=int, help="Escaños; con una elección, los de su cámara · Seats; with an election, its body's"
)
@click.option("--votes", type=click.Path(path_type=Path), help="CSV: contestant,votes[,districts]")
@click.option("--source", help="Fuente de los votos de la elección · Source of the election's votes")
@click.option("--threshold", default=0.0, show_default=True, help="Barrera, % de los votos · Threshold, % of the votes")
@click.option("--cap", type=int, help="Tope de escaños por partido · Most seats for a party")
@click.option("--ties", default="", help="Orden para los empates, separado por comas · Order for ties, comma-separated")
@click.option(
    "--tiers",
    type=click.Choice(["parallel", "compensatory"]),
    help="Con districts en el CSV · With districts in the CSV",
)
@click.option("--overhang", type=click.Choice(["keep", "absorb", "level"]), default="keep", show_default=True,
              help="Qué se hace con los excedentes · What becomes of overhang seats")  # fmt: skip
@click.option(
    "--won",
    type=click.Path(path_type=Path),
    help="México: CSV de triunfos (party,tier,attribution,seats) · Mexico: CSV of wins",
)
@click.option(
    "--attribution", help="México: de quién son los triunfos de coalición · Mexico: whose a coalition's wins are"
)
@click.option("--explain", is_flag=True, help="Imprime cada paso · Print each step")
@click.option("--json", "as_json", is_flag=True, help="El resultado como JSON · The result as JSON")
@click.pass_obj
def allocate(
    workspace: Workspace, election: str | None, method: str, seats: int | None, votes: Path | None, source: str | None,
    threshold: float, cap: int | None, ties: str, tiers: str | None, overhang: Overhang, won: Path | None,
    attribution: str | None, explain: bool, as_json: bool,
) -> None:  # fmt: skip
    """Reparte escaños por un método, con los votos de un CSV o los de una elección cargada.

    Allocate seats by a method, with the votes of a CSV file or those of a loaded election.

    \b
    comparada allocate DEU-LC-2013-09-22 --method sainte_lague --threshold 5
    comparada allocate --method dhondt --seats 10 --votes votes.csv --explain
    comparada allocate --method mexico --explain            # MEX-LC-2021-06-06
    comparada allocate MEX-UC-2024-06-02 --method mexico
    """
    order = [name.strip() for name in ties.split(",") if name.strip()] or None
    if method == MEXICO:
        _mexico(workspace, election or "MEX-LC-2021-06-06", votes, won, attribution, order, explain, as_json)
    elif votes is not None:
        _from_file(votes, method, seats, threshold, cap, order, tiers, overhang, explain, as_json)
    elif election is not None:
        _simulated(workspace, election, method, source, seats, threshold, cap, order, explain, as_json)
    else:
        raise click.UsageError("Dé una elección o --votes · Give an election or --votes")


def _from_file(
    path: Path, method: str, seats: int | None, threshold: float, cap: int | None, order: Sequence[str] | None,
    tiers: str | None, overhang: Overhang, explain: bool, as_json: bool,
) -> None:  # fmt: skip
    if seats is None:
        raise click.UsageError("Falta --seats · --seats is missing")
    votes, districts = read_votes(path)
    if tiers == "parallel":
        found = parallel(votes, districts, seats, method, threshold_pct=threshold, tie_order=order)
    elif tiers == "compensatory":
        found = compensatory(
            votes, districts, seats, method, threshold_pct=threshold, overhang=overhang, tie_order=order
        )
    else:
        found = allocate_seats(votes, seats, method, threshold_pct=threshold, cap=cap, tie_order=order)
    if as_json:
        _as_json({"method": method, "votes": votes, "seats": found.seats, "ties": [asdict(t) for t in found.ties]})
        return
    _tell(found, explain)
    _table(
        ["", "votos · votes", "escaños · seats"], [[n, f"{votes.get(n, 0):,}", str(k)] for n, k in found.seats.items()]
    )


def _simulated(
    workspace: Workspace, election: str, method: str, source: str | None, seats: int | None, threshold: float,
    cap: int | None, order: Sequence[str] | None, explain: bool, as_json: bool,
) -> None:  # fmt: skip
    with opened_database(workspace) as connection:
        found = simulate(
            connection,
            election,
            method,
            source_id=source,
            seats=seats,
            threshold_pct=threshold,
            cap=cap,
            tie_order=order,
        )
    if as_json:
        _as_json(
            asdict(found)
            | {"allocation": {"seats": found.allocation.seats, "ties": [asdict(t) for t in found.allocation.ties]}}
        )
        return
    _tell(found.allocation, explain)
    _simulation_table(found, method)


def _simulation_table(found: Simulation, method: str) -> None:
    total = sum(found.votes.values()) / (1 - found.left_out_pct / 100)
    rows = [
        [n, f"{100 * v / total:.2f}", str(found.seats_won[n]), str(k), f"{k - found.seats_won[n]:+d}"]
        for (n, v), k in zip(found.votes.items(), found.allocation.seats.values(), strict=True)
    ]
    _table([found.election_id, "votos % · votes %", "obtuvo · won", method, "±"], rows)
    for es, en, name in (
        ("mínimos cuadrados", "least squares", "least_squares_pct"),
        ("Loosemore y Hanby", "Loosemore–Hanby", "loosemore_hanby_pct"),
        ("desviación máxima", "largest deviation", "largest_deviation_pct"),
        ("partidos efectivos (escaños)", "effective parties (seats)", "effective_number_seats"),
    ):
        before, after = getattr(found.indices_won, name), getattr(found.indices_simulated, name)
        click.echo(f"{es} · {en}: {before:.2f} → {after:.2f}")
    say(f"votos de {found.source_id}; {found.left_out_pct} % agrupados o no contados no pueden ganar escaños",
        f"votes of {found.source_id}; {found.left_out_pct} % lumped or untold cannot win seats")  # fmt: skip


def _mexico(
    workspace: Workspace, election: str, votes: Path | None, won: Path | None, attribution: str | None,
    order: Sequence[str] | None, explain: bool, as_json: bool,
) -> None:  # fmt: skip
    folder = workspace.datasets / RECORDS
    counts, seats = votes or folder / "counts.csv", won or folder / "seats.csv"
    if "-UC-" in election:
        _senate(assign_senate(read_senate_case(counts, seats, election), tie_order=order), explain, as_json)
        return
    case = read_deputies_case(counts, seats, election)
    applied = attribution or next((a for a in ATTRIBUTIONS if a in case.districts_won), next(iter(case.districts_won)))
    outcome = assign_deputies(case, Reading(applied), order)
    others = readings_of(case, order)
    if as_json:
        _as_json([
            {"reading": asdict(o.reading), "list_seats": o.list_seats, "districts": o.districts, "grid": o.grid,
             "limited": o.limited, "rounds": o.rounds, "ties": [asdict(t) for t in o.ties]} for o in others
        ])  # fmt: skip
        return
    if explain:
        _steps(outcome.steps)
    _tell_ties(outcome.ties)
    _deputies_tables(outcome, others)


def _deputies_tables(outcome: DeputiesOutcome, others: Sequence[DeputiesOutcome]) -> None:
    names = [n for n, k in outcome.seats.items() if k]
    rows = [
        [n, *(str(outcome.grid.get(n, {}).get(c, "")) for c in CONSTITUENCIES), str(outcome.list_seats.get(n, 0)),
         str(outcome.districts.get(n, 0)), str(outcome.seats[n]), outcome.limited.get(n, "")] for n in names
    ]  # fmt: skip
    _table([outcome.case, *CONSTITUENCIES, "lista · list", "distritos · districts", "total", "límite · limit"], rows)
    click.echo("\nattribution/threshold/unregistered: de quién es el triunfo de una coalición; tres por ciento de los votos válidos o"
               " totales; si los votos no registrados salen de la votación nacional")  # fmt: skip
    click.echo("attribution/threshold/unregistered: whose a coalition's win is; three per cent of the valid or total vote;"
               " whether unregistered votes leave the national vote")  # fmt: skip
    click.echo("Lecturas, curules de lista · Readings, list seats:")
    heads = [f"{o.reading.attribution}/{o.reading.threshold}/{o.reading.unregistered}"
             + ("" if not o.exempt else f"/{o.reading.exemption}") for o in others]  # fmt: skip
    parties = list(dict.fromkeys(p for o in others for p in o.list_seats))
    _table(["", *heads], [[p, *(str(o.list_seats.get(p, "—")) for o in others)] for p in parties])


def _senate(outcome: SenateOutcome, explain: bool, as_json: bool) -> None:
    if as_json:
        _as_json({"list_seats": outcome.list_seats, "won_in_states": outcome.won_in_states, "seats": outcome.seats})
        return
    if explain:
        _steps(outcome.steps)
    _tell_ties(outcome.ties)
    _table([outcome.case, "estados · states", "lista · list", "total"],
           [[n, str(outcome.won_in_states.get(n, 0)), str(outcome.list_seats.get(n, 0)), str(k)] for n, k in outcome.seats.items()])  # fmt: skip


def _tell(found: Allocation, explain: bool) -> None:
    if explain:
        _steps(found.steps)
    _tell_ties(found.ties)


def _tell_ties(ties: Sequence[Tie]) -> None:
    for tie in ties:
        names = ", ".join(tie.contestants)
        say(
            f"empate por {tie.seats}: {names}; dé el orden con --ties",
            f"tie for {tie.seats}: {names}; give the order with --ties",
        )


def _steps(steps: Sequence[Step]) -> None:
    for number, step in enumerate(steps, start=1):
        article = f" [{step.article}]" if step.article else ""
        click.echo(f"{number}. {step.es} · {step.en}{article}")
        for name, quantity in step.quantities.items():
            click.echo(f"     {name}: {quantity}")
    click.echo()


def _table(head: list[str], rows: list[list[str]]) -> None:
    widths = [max(len(str(r[i])) for r in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())


def _as_json(told: Mapping[str, object] | list[dict[str, object]]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
