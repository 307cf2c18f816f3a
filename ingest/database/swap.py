"""Writing the database beside the old one and swapping them at the end.

Killed at any moment, disk full or folder read-only: the old file stays as it was.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.database.schema import open_for_writing
from ingest.problems import BuildError
from ingest.workspace import Workspace


@contextmanager
def only_one_build(workspace: Workspace) -> Iterator[None]:
    """Hold the build lock. Raises BuildError when another build holds it or the folder is read-only."""
    try:
        workspace.build.mkdir(parents=True, exist_ok=True)
        lock = (workspace.build / "build.lock").open("a")
    except OSError as error:
        raise _cannot_write(workspace.build, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BuildError(
                f"{workspace.build}: otra construcción está en marcha; espere a que termine y repita la orden",
                f"{workspace.build}: another build is running; wait until it ends and try again",
            ) from error
        yield


@contextmanager
def swapped_in(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to `<database>.part`, which takes the database's place when the block ends well.

    Raises BuildError for a full disk or a folder that cannot be written.
    """
    part = database.with_name(database.name + ".part")
    try:
        part.unlink(missing_ok=True)
        connection = open_for_writing(str(part))
        try:
            yield connection
        finally:
            connection.close()
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(database)
    except BuildError:
        part.unlink(missing_ok=True)
        raise
    except sqlite3.IntegrityError as error:
        part.unlink(missing_ok=True)
        raise BuildError(
            f"los hechos se contradicen y la base no los admite ({error}); repita «comparada ingest». "
            "La base anterior sigue intacta",
            f"the facts contradict each other and the database refuses them ({error}); run 'comparada ingest' again. "
            "The old database stands as it was",
        ) from error
    except (OSError, sqlite3.OperationalError) as error:
        part.unlink(missing_ok=True)
        raise _cannot_write(database, error) from error


def _cannot_write(place: Path, error: Exception) -> BuildError:
    return BuildError(
        f"{place}: no se pudo escribir ({error}); revise el espacio en disco y los permisos de la carpeta. "
        "La base anterior sigue intacta",
        f"{place}: could not be written ({error}); look at the disk space and the folder's permissions. "
        "The old database stands as it was",
    )
