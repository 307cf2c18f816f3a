"""What filters ask for, as arrays: one number an entry and column, so that counting is one step for all entries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import Array, Integers

SINGLE = ("kind", "jurisdiction", "language", "source", "type")
_FROM = {"jurisdiction": "jurisdiction_id", "source": "source_id"}
_ARRAYS = "columns.npz"
_VALUES = "columns.json"


def write_columns(listed: sqlite3.Connection, entries_count: int, folder: Path) -> None:
    """Writes the arrays of all entries of a list; entries that are not in the list get no value in any column."""
    told = ", ".join(_FROM.get(name, name) for name in SINGLE)
    rows = listed.execute(
        f"select number, {told}, topics, coalesce(year_first, year_last, 0), coalesce(year_last, year_first, 0) "
        "from entries order by number"
    ).fetchall()
    listed_numbers, *columns = zip(*rows, strict=True) if rows else [()] * (len(SINGLE) + 4)
    numbers = np.array(listed_numbers, np.int64)
    singles, topics, years = columns[: len(SINGLE)], columns[-3], columns[-2:]
    arrays: dict[str, Array] = {}
    values: dict[str, list[str]] = {}
    for name, found in zip(SINGLE, singles, strict=True):
        distinct = [value for value in dict.fromkeys(found) if value is not None]
        code_of = {None: -1, **{value: code for code, value in enumerate(distinct)}}
        arrays[name] = np.full(entries_count, -1, np.int16)
        arrays[name][numbers] = [code_of[value] for value in found]
        values[name] = [str(value) for value in distinct]
    codes: dict[str, int] = {}
    pairs = [
        (entry, codes.setdefault(topic, len(codes)))
        for entry, several in zip(listed_numbers, topics, strict=True)
        if several is not None
        for topic in several.split()
    ]
    arrays["topic_pairs"] = np.array(pairs, np.int32).reshape(-1, 2)
    values["topic"] = list(codes)
    arrays["years"] = np.zeros((2, entries_count), np.int16)
    arrays["years"][:, numbers] = years
    arrays["living"] = np.zeros(entries_count, bool)
    arrays["living"][numbers] = True
    np.savez(folder / _ARRAYS, **arrays)  # type: ignore[arg-type]  # its own options come by name too
    (folder / _VALUES).write_text(json.dumps(values, ensure_ascii=False), "utf-8")


class Columns:
    """The arrays of a generation, and the questions that filters and facets put to them."""

    def __init__(self, folder: Path, regions: dict[str, frozenset[str]]) -> None:
        """`regions` maps a region to the jurisdictions in it."""
        with np.load(folder / _ARRAYS, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        self.values: dict[str, list[str]] = json.loads((folder / _VALUES).read_text("utf-8"))
        self.living: NDArray[np.bool_] = arrays["living"]
        self._codes = {name: arrays[name] for name in SINGLE}
        self._topic_entries = arrays["topic_pairs"][:, 0].astype(np.int64)
        self._topic_codes = arrays["topic_pairs"][:, 1].astype(np.int64)
        self._first, self._last = arrays["years"].astype(np.int64)
        self._place = {name: {value: code for code, value in enumerate(found)} for name, found in self.values.items()}
        self._regions = {
            region: np.array(
                sorted(self._place["jurisdiction"][j] for j in members & self._place["jurisdiction"].keys())
            )
            for region, members in regions.items()
        }

    def codes(self, name: str) -> Array:
        """The codes of a single-valued column; −1 where there is none."""
        codes: Array = self._codes[name]
        return codes

    def mask(self, name: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """The entries that have one of the values. Years are spans: `2015`, `2015..2024`, `..1990`, `2015..`."""
        if name == "year":
            return self._years_mask(wanted)
        if name == "topic":
            codes = [self._place["topic"][value] for value in wanted if value in self._place["topic"]]
            mask = np.zeros(len(self.living), bool)
            mask[self._topic_entries[np.isin(self._topic_codes, codes)]] = True
            return mask
        if name == "region":
            members = [self._regions[value] for value in wanted if value in self._regions]
            codes = np.concatenate(members).tolist() if members else []
            name = "jurisdiction"
        else:
            codes = [self._place[name][value] for value in wanted if value in self._place[name]]
        return np.isin(self._codes[name], codes) if codes else np.zeros(len(self.living), bool)

    def _years_mask(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.living), bool)
        for span in wanted:
            bounds = year_span(span)
            if bounds:
                mask |= (self._last > 0) & (self._first <= bounds[1]) & (self._last >= bounds[0])
        return mask

    def count(self, name: str, found: Integers) -> dict[str, int]:
        """How many of the entries found have each value; years by decade, `2010..2019`."""
        if name == "topic":
            chosen = np.zeros(len(self.living), bool)
            chosen[found] = True
            counts = np.bincount(self._topic_codes[chosen[self._topic_entries]], minlength=len(self.values["topic"]))
            return self._named("topic", counts)
        if name == "region":
            by_place = np.bincount(
                self._shifted("jurisdiction", found), minlength=len(self.values["jurisdiction"]) + 1
            )[1:]
            return {
                region: total
                for region, codes in self._regions.items()
                if len(codes) and (total := int(by_place[codes].sum()))
            }
        if name == "year":
            return self._decades(found)
        counts = np.bincount(self._shifted(name, found), minlength=len(self.values[name]) + 1)[1:]
        return self._named(name, counts)

    def _shifted(self, name: str, found: Integers) -> Array:
        shifted: Array = self._codes[name][found].astype(np.int64) + 1
        return shifted

    def _named(self, name: str, counts: Array) -> dict[str, int]:
        values = self.values[name]
        return {values[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}

    def _decades(self, found: Integers) -> dict[str, int]:
        first, last = self._first[found], self._last[found]
        dated = last > 0
        if not dated.any():
            return {}
        first, last = first[dated] // 10, last[dated] // 10
        lowest = int(first.min())
        size = int(last.max()) - lowest + 2
        counts = np.cumsum(np.bincount(first - lowest, minlength=size) - np.bincount(last - lowest + 1, minlength=size))
        return {
            f"{(lowest + place) * 10}..{(lowest + place) * 10 + 9}": int(counts[place])
            for place in np.flatnonzero(counts > 0).tolist()
        }


def year_span(told: str) -> tuple[int, int] | None:
    """The first and last year of `2015`, `2015..2024`, `..1990` or `2015..`; None for anything else.

    >>> year_span("2015..2024"), year_span("..1990"), year_span("2015"), year_span("x")
    ((2015, 2024), (0, 1990), (2015, 2015), None)
    """
    first, dots, last = told.strip().partition("..")
    if not (first or last) or any(
        part and not (part.isascii() and part.isdigit() and len(part) <= 4) for part in (first, last)
    ):
        return None
    if not dots:
        return int(first), int(first)
    low, high = int(first or 0), int(last or 9999)
    return (low, high) if low <= high else (high, low)
