"""Which states are most like one: by the share of variables that they answer equally or nearly so."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence

from research.comparison.cells import Alike, SimilarityRule
from research.comparison.evidence import Evidence, gather
from research.comparison.request import Similarity
from research.faults import WrongName
from research.names import Labels, Names, Variable

NEAR_SHARE = 0.1  # of the scale where it has both ends, else of the larger of the two figures
LEAST_SHARED = 0.5  # of the variables known for the country itself
PRINCIPAL_STATES = 100


def most_similar(
    connection: sqlite3.Connection, names: Names, place: str, variables: Sequence[Variable], day: str, count: int,
    by: Similarity,
) -> SimilarityRule:  # fmt: skip
    """The `count` states most like `place` on a day, the most like first; in ties the one that shares more
    variables, then the one whose figures are less far apart.

    Only states of that day count that share half of the variables known for `place`. An earlier year's observation
    stands in where the year itself has none, for both. Raises WrongName when the country has no answer to compare.
    """
    if by == "all":
        variables = _principal(connection, names)
    ids = [v.variable_id for v in variables]
    states = _states(connection, day)
    told = _answers(connection, sorted({*states, place}), ids, day)
    own = told.get(place, {})
    if not own:
        label = names.jurisdictions[place]
        raise WrongName(
            f"no se pueden buscar los países más parecidos a {label.es}: ninguna de las variables tiene dato suyo en {day}",
            f"the countries most like {label.en} cannot be found: none of the variables has a value of it on {day}",
        )
    by_id = {v.variable_id: v for v in variables}
    ranked = []
    for state in states:
        shared = [v for v in own if v in told.get(state, {})]
        if state == place or len(shared) < max(1, LEAST_SHARED * len(own)):
            continue
        distances = [_distance(own[v], told[state][v], by_id[v]) for v in shared]
        alike = sum(d <= NEAR_SHARE for d in distances)
        distance = sum(distances) / len(shared)
        ranked.append((-alike / len(shared), -len(shared), distance, state, Alike(state, alike, len(shared))))
    ranked.sort(key=lambda r: r[:4])
    return SimilarityRule(
        place, _rule(names, place, len(own), day, by), tuple(own), tuple(r[4] for r in ranked[:count])
    )


def _rule(names: Names, place: str, known: int, day: str, by: Similarity) -> Labels:
    name = names.jurisdictions[place]
    what_es = (
        "variables del cuadro" if by == "table" else f"variables anuales con dato de {PRINCIPAL_STATES} estados o más"
    )
    what_en = "variables of the table" if by == "table" else f"yearly variables answered for {PRINCIPAL_STATES} states or more"  # fmt: skip
    return Labels(
        f"Más parecidos a {name.es}: los estados con mayor proporción de respuestas iguales o cercanas en {day}, entre las {known} "
        f"{what_es} con dato de {name.es}. Dos opciones se parecen si son la misma; dos números, si difieren a lo más en un décimo de "
        "la escala (o del mayor de los dos, si no tiene escala). Cuenta quien comparte al menos la mitad de las variables; en los empates "
        "va antes quien comparte más variables y luego quien difiere menos en promedio. Si no hay observación de ese año, vale la anterior más cercana.",
        f"Most like {name.en}: the states with the largest share of equal or near answers on {day}, among the {known} {what_en} "
        f"with a value of {name.en}. Two options are alike if they are the same; two numbers if they differ by no more than a tenth of "
        "the scale (or of the larger one, where there is no scale). States count that share at least half of the variables; in ties "
        "the one that shares more variables goes before, then the one whose figures differ less on average. Where there is no observation of that year, the nearest earlier one is taken.",
    )  # fmt: skip


def _principal(connection: sqlite3.Connection, names: Names) -> list[Variable]:
    sql = (
        "SELECT variable_id FROM coverage JOIN variables USING (variable_id) WHERE time_kind = 'yearly_observation'"
        " AND kind IN ('number', 'boolean', 'code') AND jurisdictions_count >= ? ORDER BY variable_id"
    )
    return [names.variables[str(row[0])] for row in connection.execute(sql, (PRINCIPAL_STATES,))]


def _states(connection: sqlite3.Connection, day: str) -> list[str]:
    sql = (
        "SELECT jurisdiction_id FROM jurisdictions WHERE kind IN ('state', 'historic_state', 'disputed')"
        " AND coalesce(valid_from, '') <= ? AND coalesce(valid_to, '9999') >= ? ORDER BY 1"
    )
    return [str(row[0]) for row in connection.execute(sql, (day, day))]


def _answers(
    connection: sqlite3.Connection, places: Sequence[str], variables: Sequence[str], day: str
) -> Mapping[str, Mapping[str, Evidence]]:
    """One answer a country and variable: of several sources the first by rank, of several bodies the lower house."""
    ranks = {str(key): int(rank) for key, rank in connection.execute("SELECT source_id, rank FROM sources")}
    found: dict[str, dict[str, Evidence]] = {}
    for (place, variable), told in gather(connection, places, variables, [day])[day].items():
        answers = [e for e in told if e.answers and e.tier in (None, "LC") and e.text is None]
        if answers:
            answers.sort(key=lambda e: (e.tier is None, e.holds is False, ranks[e.source_id], e.source_id))
            found.setdefault(place, {})[variable] = answers[0]
    return found


def _distance(one: Evidence, other: Evidence, variable: Variable) -> float:
    """0 for equal answers, 1 for other options or figures a whole scale apart."""
    if one.value is None or other.value is None:
        return 0.0 if one.stated == other.stated else 1.0
    ends = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*[–-]\s*(\d+(?:\.\d+)?)", variable.scale or "")
    width = float(ends[2]) - float(ends[1]) if ends else max(abs(one.value), abs(other.value))
    return min(1.0, abs(one.value - other.value) / width) if width else 0.0
