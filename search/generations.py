"""The folder of the index: one sub-folder a generation, and a pointer to the one in use.

A generation never changes once the pointer names it; a new one is written beside it, its unchanged files being the
same files (hard links), and the pointer is replaced in one step. Killed at any moment, the old one stays good, and
readers that have it open go on with it. A generation holds pickles, as Whoosh's indexes do: it is never opened from
anywhere but the folder that this program writes, and the pointer says from which database it was made.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from search.problems import IndexAbsent, IndexBusy, IndexOfAnotherDatabase, SearchError

FORMAT = 2
"""Goes up when the files of an index, or the words that are indexed, are no longer read as they were written."""

_POINTER = "current.json"
_PREFIX = "generation-"


@dataclass(frozen=True)
class Pointer:
    """Which generation is in use, and of what: fingerprints of the database and of the projections it was made with.

    `counts` are entries by kind; `passages` the table, key column and text column of the kinds that have them.
    """

    generation: str
    database: str
    projections: str
    format: int
    counts: Mapping[str, int] = field(default_factory=dict)
    passages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


def fingerprint(database: Path) -> str:
    """What tells one state of the knowledge base from another: its record of builds, else the bytes of the file.

    Raises SearchError when the file is not there or is no SQLite database.
    """
    if not database.is_file():
        raise SearchError(
            f"{database}: no existe la base de datos; constrúyala con «comparada build»",
            f"{database}: there is no database; build it with «comparada build»",
        )
    try:
        with contextlib.closing(open_database(database)) as connection:
            has_builds = connection.execute("select 1 from sqlite_master where name = 'builds'").fetchone()
            rows = connection.execute("select * from builds order by 1").fetchall() if has_builds else []
    except sqlite3.Error as error:
        raise SearchError(
            f"{database}: no se puede leer como base de datos ({error}); vuelva a construirla",
            f"{database}: cannot be read as a database ({error}); build it again",
        ) from error
    if rows:
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]
    with database.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def open_database(database: Path) -> sqlite3.Connection:
    """A read-only connection, which several threads may share under a lock."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def read_pointer(folder: Path) -> Pointer | None:
    """The generation in use; None where there is no index that this version can read."""
    try:
        told = json.loads((folder / _POINTER).read_text("utf-8"))
        pointer = Pointer(**told)
    except (OSError, ValueError, TypeError):
        return None
    if pointer.format != FORMAT or not re.fullmatch(_PREFIX + r"\w+", str(pointer.generation)):
        return None
    return pointer if (folder / pointer.generation).is_dir() else None


def current(database: Path, folder: Path) -> tuple[Path, Pointer]:
    """The folder of the generation in use, which must be of this database.

    Raises IndexAbsent when there is none, IndexOfAnotherDatabase when it is of another database.
    """
    pointer = read_pointer(folder)
    if pointer is None:
        raise IndexAbsent(
            f"{folder}: no hay índice de búsqueda, o lo escribió otra versión; créelo con «comparada build»",
            f"{folder}: there is no search index, or another version wrote it; make it with «comparada build»",
        )
    if pointer.database != fingerprint(database):
        raise IndexOfAnotherDatabase(
            f"{folder}: el índice de búsqueda es de otra base de datos que {database}; "
            "actualícelo con «comparada build»",
            f"{folder}: the search index is of another database than {database}; update it with «comparada build»",
        )
    return folder / pointer.generation, pointer


@contextmanager
def only_one_writer(folder: Path) -> Iterator[None]:
    """Holds the folder's lock. Raises IndexBusy when another process has it, SearchError if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "index.lock").open("a")
    except OSError as error:
        raise cannot_write(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexBusy(
                f"{folder}: ya se está escribiendo el índice; espere a que termine y repita la orden",
                f"{folder}: the index is being written; wait until it ends and try again",
            ) from error
        yield


def cannot_write(folder: Path, error: OSError) -> SearchError:
    """The error of a folder that cannot be written."""
    return SearchError(
        f"{folder}: no se puede escribir el índice ({error.strerror}); el anterior, si lo hay, sigue intacto",
        f"{folder}: the index cannot be written ({error.strerror}); the previous one, if any, is intact",
    )


def new_generation(folder: Path) -> Path:
    """An empty folder for the next generation."""
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    path.chmod(0o755)
    return path


def carry_over(file: Path, generation: Path) -> None:
    """The same file in a new generation, without copying it where the disk allows."""
    try:
        os.link(file, generation / file.name)
    except OSError:
        shutil.copyfile(file, generation / file.name)


def put_in_use(folder: Path, pointer: Pointer) -> None:
    """Makes a generation the one in use, and clears away all but it and the one before."""
    before = read_pointer(folder)
    for file in (folder / pointer.generation).iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())
    part = folder / (_POINTER + ".part")
    with part.open("w", encoding="utf-8") as written_pointer:
        json.dump(asdict(pointer), written_pointer, ensure_ascii=False, indent=1)
        written_pointer.flush()
        os.fsync(written_pointer.fileno())
    part.replace(folder / _POINTER)
    kept = {pointer.generation, before.generation if before else pointer.generation}
    clear_away(folder, kept)


def clear_away(folder: Path, kept: set[str]) -> None:
    """Removes the generations that nobody needs: those of interrupted writings among them."""
    for path in folder.glob(_PREFIX + "*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
