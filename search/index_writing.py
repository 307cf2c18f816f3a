"""Bringing the index up to date with the database: what changed is read again, the rest is carried over."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import search.entries as entries
import search.generations as generations
import search.projections as projections
from search.columns import write_columns
from search.generations import FORMAT, Pointer
from search.inversion import Inversion
from search.messages import IndexReport
from search.problems import SearchError
from search.projections import Entry, Projection
from search.whoosh_index import mark_removed, read_segments, segment_bases, segment_files, write_contents, write_segment

MOST_SMALL_SEGMENTS = 6
"""After so many updates the small segments are written together as one."""
MOST_REMOVED = 0.3
"""With more than this share of removed entries the whole index is written anew."""


@dataclass
class _Difference:
    """What an update has to do. `rewritten` are entries that did not change but move to another segment."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    rewritten: list[Entry] = field(default_factory=list)
    dropped_numbers: list[int] = field(default_factory=list)
    removed: int = 0
    unchanged: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def update_index(
    database: Path,
    folder: Path,
    progress: Callable[[str], None] = lambda said: None,
    *,
    projections_folder: Path = projections.FOLDER,
) -> IndexReport:
    """Makes the index in `folder` agree with `database`, reading again only the entries that changed.

    The new state is written beside the old one and takes its place in one step; readers go on meanwhile. Raises
    IndexBusy when another process is at it, SearchError when the database cannot be read or the folder not written.
    """
    started = time.perf_counter()
    print_of_database = generations.fingerprint(database)
    with generations.only_one_writer(folder):
        pointer = generations.read_pointer(folder)
        try:
            generations.clear_away(folder, {pointer.generation} if pointer else set())
            with contextlib.closing(generations.open_database(database)) as connection:
                loaded, skipped = _usable(connection, projections.load(projections_folder))
                report = _update(connection, folder, pointer, print_of_database, loaded, progress)
        except sqlite3.Error as error:
            raise SearchError(
                f"{database}: no se pudo leer ({error}); vuelva a construir la base",
                f"{database}: could not be read ({error}); build the database again",
            ) from error
        except OSError as error:
            raise generations.cannot_write(folder, error) from error
    difference, generation = report
    return IndexReport(
        added=len(difference.added),
        changed=len(difference.changed),
        removed=difference.removed,
        unchanged=difference.unchanged,
        seconds=time.perf_counter() - started,
        generation=generation,
        counts=dict(difference.counts),
        skipped=tuple(skipped),
    )


def _usable(connection: sqlite3.Connection, loaded: list[Projection]) -> tuple[list[Projection], list[str]]:
    usable, skipped = [], []
    for projection in loaded:
        if projections.missing_table(connection, projection) is None:
            usable.append(projection)
        else:
            skipped.append(projection.kind)
    return usable, skipped


def _update(
    connection: sqlite3.Connection,
    folder: Path,
    pointer: Pointer | None,
    print_of_database: str,
    loaded: list[Projection],
    progress: Callable[[str], None],
) -> tuple[_Difference, str]:
    print_of_projections = projections.digest(loaded)
    if pointer and (pointer.database, pointer.projections) == (print_of_database, print_of_projections):
        counts = Counter(pointer.counts)
        return _Difference(unchanged=counts.total(), counts=counts), pointer.generation
    old = folder / pointer.generation if pointer else None
    segments = read_segments(old) if old else []
    known: dict[tuple[str, str], tuple[int, bytes]] = {}
    if old:
        with contextlib.closing(entries.open_for_reading(old / entries.FILE_NAME)) as listed:
            known = entries.digests(listed)

    kept_segments = _segments_to_keep(segments, len(known))
    first_free = sum(segment.doc_count_all() for segment in segments[:kept_segments])
    difference = _compare(connection, loaded, known, first_free, progress)
    written_anew = difference.added + difference.changed + difference.rewritten

    new = generations.new_generation(folder)
    segments = segments[:kept_segments]
    for segment in segments:
        assert old is not None
        for file in segment_files(old, segment):
            generations.carry_over(file, new)
    mark_removed(segments, [number for number in difference.dropped_numbers if number < first_free])
    if written_anew:
        progress(f"{len(written_anew):,}")
        inversion = Inversion()
        for entry in written_anew:
            inversion.add(entry.layout, list(entry.told.values()))
        segments.append(write_segment(new, inversion.finish()))
    write_contents(new, segments)
    _write_list(connection, old, new, difference, written_anew, first_free)
    passages = {
        projection.kind: (projection.passage.table, projection.passage.key_column, projection.passage.text_column)
        for projection in loaded
        if projection.passage
    }
    generations.put_in_use(
        folder,
        Pointer(new.name, print_of_database, print_of_projections, FORMAT, dict(difference.counts), passages),
    )
    return difference, new.name


def _segments_to_keep(segments: list[object], living: int) -> int:
    """How many of the first segments stay as they are: all, only the big one, or none."""
    bases = segment_bases(segments)
    total = sum(segment.doc_count_all() for segment in segments)  # type: ignore[attr-defined]
    if not segments or total - living > MOST_REMOVED * total:
        return 0
    if len(segments) <= MOST_SMALL_SEGMENTS:
        return len(segments)
    return 1 if total - bases[1] < total / 2 else 0


def _compare(
    connection: sqlite3.Connection,
    loaded: list[Projection],
    known: dict[tuple[str, str], tuple[int, bytes]],
    first_free: int,
    progress: Callable[[str], None],
) -> _Difference:
    difference = _Difference()
    left = dict(known)
    seen: set[tuple[str, str]] = set()
    for projection in loaded:
        progress(projection.kind)
        for entry in projections.entries(connection, projection):
            difference.counts[projection.kind] += 1
            if (entry.kind, entry.key) in seen:
                raise SearchError(
                    f"projections/{projection.kind}.sql: da dos veces la clave «{entry.key}»; cada entrada tiene la suya",
                    f"projections/{projection.kind}.sql: gives the key “{entry.key}” twice; each entry has its own",
                )
            seen.add((entry.kind, entry.key))
            before = left.pop((entry.kind, entry.key), None)
            if before is None:
                difference.added.append(entry)
                continue
            number, digest = before
            if digest != entry.digest:
                difference.changed.append(entry)
                difference.dropped_numbers.append(number)
            else:
                difference.unchanged += 1
                if number >= first_free:
                    difference.rewritten.append(entry)
                    difference.dropped_numbers.append(number)
    difference.removed = len(left)
    difference.dropped_numbers.extend(number for number, _ in left.values())
    return difference


def _write_list(
    connection: sqlite3.Connection,
    old: Path | None,
    new: Path,
    difference: _Difference,
    written_anew: list[Entry],
    first_free: int,
) -> None:
    path = new / entries.FILE_NAME
    if old:
        shutil.copyfile(old / entries.FILE_NAME, path)
        listed = sqlite3.connect(path)
        listed.execute("pragma journal_mode = off")
    else:
        listed = entries.create(path)
    with contextlib.closing(listed):
        entries.remove(listed, difference.dropped_numbers)
        entries.insert(listed, enumerate(written_anew, start=first_free))
        entries.rebuild_completions(listed, connection)
        entries.index(listed)
        listed.commit()
        total = first_free + len(written_anew)
        write_columns(listed, total, new)
