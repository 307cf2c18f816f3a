"""Votes and seats, checked before anything is computed: every refusal names the row."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from fractions import Fraction
from numbers import Integral, Real

from research.allocation.errors import AllocationError


def checked_votes(votes: Mapping[str, object]) -> dict[str, int]:
    """The votes as whole numbers, in their order. Raises AllocationError that names the row and the contestant."""
    if not votes:
        raise AllocationError(
            "no hay contendientes: dé al menos una fila", "there are no contestants: give at least one row"
        )
    checked = {}
    for row, (name, value) in enumerate(votes.items(), start=1):
        checked[name] = _whole(value, row, name)
    if not any(checked.values()):
        raise AllocationError(
            "todas las filas tienen cero votos: no hay nada que repartir",
            "every row has zero votes: there is nothing to allocate by",
        )
    return checked


def _whole(value: object, row: int, name: str) -> int:
    place_es, place_en = f"fila {row} ({name})", f"row {row} ({name})"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise AllocationError(
            f"{place_es}: {value!r} no es un número de votos", f"{place_en}: {value!r} is not a number of votes"
        )
    if not isinstance(value, Integral):
        number = float(value)
        if not (math.isfinite(number) and number.is_integer()):
            raise AllocationError(
                f"{place_es}: {value!r} votos; los votos son números enteros: si son porcentajes, dé los votos",
                f"{place_en}: {value!r} votes; votes are whole numbers: if these are percentages, give the votes",
            )
    whole = operator.index(value) if isinstance(value, Integral) else round(float(value))
    if whole < 0:
        raise AllocationError(
            f"{place_es}: {whole} votos; no puede haber menos de cero",
            f"{place_en}: {whole} votes; there cannot be fewer than zero",
        )
    return whole


def checked_seats(seats: object, what_es: str = "escaños", what_en: str = "seats") -> int:
    """A number of seats, 1 or more. Raises AllocationError."""
    if isinstance(seats, bool) or not isinstance(seats, Integral) or int(seats) < 1:
        raise AllocationError(
            f"{what_es}: {seats!r}; debe ser un entero de 1 en adelante",
            f"{what_en}: {seats!r}; it must be a whole number from 1 upwards",
        )
    return int(seats)


def over_threshold(votes: Mapping[str, int], threshold_pct: float, base_votes: int | None = None) -> dict[str, int]:
    """Contestants with at least `threshold_pct` percent of `base_votes` (by default of the votes given).

    Raises AllocationError where nobody reaches it, or the base is smaller than the votes given.
    """
    total = sum(votes.values())
    base = total if base_votes is None else base_votes
    if base < total:
        raise AllocationError(
            f"la base de la barrera ({base}) es menor que los votos dados ({total})",
            f"the base of the threshold ({base}) is smaller than the votes given ({total})",
        )
    if not 0 <= threshold_pct <= 100:
        raise AllocationError(
            f"barrera de {threshold_pct} %: debe estar entre 0 y 100",
            f"threshold of {threshold_pct} %: it must be between 0 and 100",
        )
    needed = Fraction(str(threshold_pct)) * base / 100
    passed = {name: v for name, v in votes.items() if v >= needed and v > 0}
    if not passed:
        raise AllocationError(
            f"nadie alcanza la barrera de {threshold_pct} % ({float(needed):g} votos): no hay a quién asignar",
            f"nobody reaches the threshold of {threshold_pct} % ({float(needed):g} votes): there is nobody to allocate to",
        )
    return passed
