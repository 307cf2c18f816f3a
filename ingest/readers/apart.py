"""Reading in a process of its own: a file that kills its reader must not kill the ingest.

Workbooks and the files of R, Stata and SPSS are parsed by compiled libraries, which a spoilt file can
crash or make ask for all the memory there is (one cell at XFD1048576 is enough). The reader then dies
alone, within a bound of memory, and the file is told like any other that cannot be read.
"""

from __future__ import annotations

import multiprocessing
import os
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

from ingest.descriptor.files import File
from ingest.problems import ComparadaError, FileError
from ingest.readers import READERS
from ingest.readers.raw_table import RawTable, wrong_format

COMPILED = frozenset({"ods", "r", "spss", "stata", "xls", "xlsx"})
MOST_MEMORY = 8 << 30  # bytes of address space for one reader


def read(path: Path, file: File, table: str | None) -> RawTable:
    """The table of a published file, every cell as text. Raises FileError."""
    if file.format not in COMPILED:
        try:
            return READERS[file.format](path, file, table)
        except MemoryError as error:
            raise wrong_format(file, "no cabe en la memoria", "it does not fit in memory") from error
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = _context().Process(target=_answer, args=(sending, path, file, table), daemon=True)  # type: ignore[attr-defined]
    process.start()
    sending.close()
    try:
        answer = receiving.recv()
    except EOFError:
        answer = None
    finally:
        receiving.close()
        process.join()
    if isinstance(answer, RawTable):
        return answer
    if answer is not None:
        raise FileError(*answer)
    raise wrong_format(
        file,
        f"el lector murió al abrirlo (código {process.exitcode}): está dañado o pide demasiada memoria; pida otra copia al editor",
        f"its reader died on it (code {process.exitcode}): it is damaged or asks for too much memory; ask the publisher for another copy",
    )


def _answer(sending: Connection, path: Path, file: File, table: str | None) -> None:
    _bound_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a dying library prints its entrails; the parent tells it plainly
    try:
        sending.send(READERS[file.format](path, file, table))
    except ComparadaError as error:
        sending.send((error.es, error.en))
    except MemoryError:
        sending.send(
            (
                f"{file.path}: no cabe en la memoria; ¿es el archivo correcto?",
                f"{file.path}: it does not fit in memory; is it the right file?",
            )
        )
    finally:
        sending.close()


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # no such bound on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@cache
def _context() -> BaseContext:
    """Processes that start at once, with the readers loaded, where the system can; else plain ones."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingest.readers"])
    return context
