"""What is asked of a comparison, by names as people write them, and the same by ids."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from research.faults import WrongName
from research.names import Names, Variable, folded

Similarity = Literal["table", "all"]
PeriodRows = Literal["every_year", "ends"]
Chamber = Literal["LC", "UC", "PR", "EP"]

LONGEST_PERIOD = 300  # years


@dataclass(frozen=True)
class Comparison:
    """Countries × variables at a time. Names may be ids, codes or names in any of their languages.

    `countries`, the states that the `groups` had on the day, and the `similar_count` states most like `similar_to`
    are put together, each once. The time is a `day` (ISO 8601), or `years` (first and last, each looked at on its
    31 December: every year, or only the two ends). `latest` lets the nearest earlier observation answer where the day
    itself has none: its age is told. `home` is the country that the others are held against. `chamber` keeps answers
    about one body.
    """

    variables: tuple[str, ...]
    countries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    similar_to: str | None = None
    similar_count: int = 10
    similar_by: Similarity = "table"
    day: str | None = None
    years: tuple[int, int] | None = None
    rows: PeriodRows = "every_year"
    latest: bool = False
    home: str | None = None
    chamber: Chamber | None = None


@dataclass(frozen=True)
class Asked:
    """The same by ids: the countries named (those similar still to come), the variables, the days, the home country."""

    countries: tuple[str, ...]
    variables: tuple[Variable, ...]
    days: tuple[str, ...]
    home: str | None
    similar_to: str | None


def resolve(connection: sqlite3.Connection, names: Names, asked: Comparison) -> Asked:
    """The request by ids. Raises WrongName, with the nearest name, for an unknown name or a time that is none."""
    days = _days(asked)
    variables = tuple(dict.fromkeys(names.variable(name) for name in asked.variables))
    if not variables:
        raise WrongName("falta al menos una variable", "at least one variable is needed")
    home = names.country(asked.home) if asked.home else None
    similar_to = names.country(asked.similar_to) if asked.similar_to else None
    countries: dict[str, None] = {}
    for name in asked.countries:
        countries.update(dict.fromkeys(members(connection, names, name, days)))
    for name in asked.groups:
        group = _group(names, name)
        if group is None:
            raise _no_group(names, name)
        countries.update(dict.fromkeys(_members(connection, group, days)))
    for alone in (similar_to, home):
        if alone:
            countries = {alone: None} | countries
    if not countries:
        raise WrongName("falta al menos un país o un grupo", "at least one country or group is needed")
    return Asked(tuple(countries), variables, days, home, similar_to)


def _days(asked: Comparison) -> tuple[str, ...]:
    if (asked.day is None) == (asked.years is None):
        raise WrongName("se pide una fecha o un periodo, y solo uno de los dos",
                        "a date or a period is asked for, and only one of them")  # fmt: skip
    if asked.day is not None:
        try:
            return (datetime.date.fromisoformat(asked.day).isoformat(),)
        except ValueError:
            raise WrongName(f"«{asked.day}» no es una fecha; escriba 2018-06-01 (año-mes-día)",
                            f"'{asked.day}' is not a date; write 2018-06-01 (year-month-day)") from None  # fmt: skip
    assert asked.years is not None
    first, last = asked.years
    if not 1000 <= first <= last <= 9999:
        raise WrongName(f"«{first}..{last}» no es un periodo; escriba 2000..2024, primero el año más antiguo",
                        f"'{first}..{last}' is not a period; write 2000..2024, the earlier year first")  # fmt: skip
    years = range(first, last + 1) if asked.rows == "every_year" else dict.fromkeys((first, last))
    if len(years) > LONGEST_PERIOD:
        raise WrongName(f"{len(years)} años son demasiados (hasta {LONGEST_PERIOD}); pida solo los extremos o menos años",
                        f"{len(years)} years are too many (up to {LONGEST_PERIOD}); ask for the ends only or for fewer years")  # fmt: skip
    return tuple(f"{year}-12-31" for year in years)


def _group(names: Names, name: str) -> str | None:
    """The group of that id or name; None where it is none."""
    wanted = folded(name)
    return next((key for key, said in names.groups.items() if wanted in (folded(key), folded(said.es), folded(said.en))), None)  # fmt: skip


def _no_group(names: Names, name: str) -> WrongName:
    try:
        country = names.country(name)
    except WrongName as wrong:
        return wrong
    return WrongName(f"«{name}» es un país ({country}), no un grupo", f"'{name}' is a country ({country}), not a group")


def members(connection: sqlite3.Connection, names: Names, name: str, days: Sequence[str]) -> tuple[str, ...]:
    """The country of that name, or the states that were in the group of that name on any of the days. Raises WrongName."""
    found = names.place(name)
    return tuple(_members(connection, found, days)) if found in names.groups else (found,)


def _members(connection: sqlite3.Connection, group: str, days: Sequence[str]) -> Iterator[str]:
    """The states that were in a group on any of the days; undated membership holds on all."""
    rows = connection.execute(
        "SELECT jurisdiction_id, m.valid_from, m.valid_to FROM group_members m JOIN jurisdictions j USING (jurisdiction_id)"
        " WHERE group_id = ? AND j.kind IN ('state', 'disputed', 'historic_state') ORDER BY j.name_es", (group,),
    )  # fmt: skip
    for member, first, last in rows:
        if any((first or "") <= day <= (last or "9999-12-31") for day in days):
            yield str(member)
