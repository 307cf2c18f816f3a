"""The parts of an export written to a folder, all at once, in one of the formats."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from research.export.data_package import write_package
from research.export.parquet import write_parquet
from research.export.parts import PARTS, Exported, ExportError, Part, PartExported, data_tables, make_part

Titles = Mapping[str, tuple[str, str]]  # table → its title in Spanish and English
Writer = Callable[[sqlite3.Connection, Path, Part, Titles], None]


def _write_sqlite(connection: sqlite3.Connection, folder: Path, part: Part, titles: Titles) -> None:
    with sqlite3.connect(folder / f"comparada-{part.key}.db") as copy:
        connection.backup(copy)
    copy.close()


FORMATS: dict[str, Writer] = {"package": write_package, "parquet": write_parquet, "sqlite": _write_sqlite}


def export(database: Path, folder: Path, form: str, titles: Titles) -> Exported:
    """Write every part of the database into `folder`, one folder a part; an existing folder is replaced whole.

    Raises ExportError for a folder that holds something else or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise ExportError(
            f"{folder}: la carpeta tiene otras cosas; elija una vacía o que no exista",
            f"{folder}: the folder holds other things; choose an empty or a new one",
        )
    beside = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        parts = tuple(p for part in PARTS if (p := _export_part(database, beside, folder, part, form, titles)))
        (beside / MARK).write_text(_about(parts, left_out := _left_out(database)), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise ExportError(
            f"{folder}: no se pudo escribir ({error.strerror}); revise el espacio y los permisos",
            f"{folder}: could not be written ({error.strerror}); look at space and permissions",
        ) from error
    return Exported(parts, left_out)


MARK = "LEEME.txt"


def _export_part(
    database: Path, beside: Path, folder: Path, part: Part, form: str, titles: Titles
) -> PartExported | None:
    with tempfile.TemporaryDirectory() as scratch:
        connection = make_part(database, part, Path(scratch) / "part.db")
        try:
            tables = data_tables(connection)
            rows = {t: int(connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]) for t in tables}
            sources = [r[0] for r in connection.execute("SELECT source_id FROM sources ORDER BY 1")]
            licences = [r[0] for r in connection.execute("SELECT licence_id FROM licences ORDER BY 1")]
            stated = connection.execute(
                "SELECT count(*) FROM sources JOIN licences USING (licence_id) WHERE share_alike = ?",
                (part.share_alike,),
            ).fetchone()[0]
            if not stated:
                return None
            place = beside / part.key
            place.mkdir()
            FORMATS[form](connection, place, part, titles)
        finally:
            connection.close()
    return PartExported(part.key, folder / part.key, rows, tuple(sources), tuple(licences))


def _left_out(database: Path) -> tuple[str, ...]:
    """Loaded sources whose licence lets nobody publish them again, or that state none."""
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return tuple(r[0] for r in connection.execute(
            "SELECT source_id FROM sources JOIN licences USING (licence_id)"
            " WHERE is_loaded = 1 AND (licences.redistribute = 0 OR sources.redistribute = 0) ORDER BY 1"
        ))  # fmt: skip
    finally:
        connection.close()


def _about(parts: tuple[PartExported, ...], left_out: tuple[str, ...]) -> str:
    lines = ["Comparada: datos para llevar · data to take away", ""]
    for part in parts:
        lines += [f"{part.key}/", f"  fuentes · sources: {', '.join(part.source_ids)}",
                  f"  licencias · licences: {', '.join(part.licence_ids)}", ""]  # fmt: skip
    if left_out:
        lines += ["No se incluyen, porque su licencia no lo permite o no consta · left out, since their licence does not "
                  f"allow it or is not stated: {', '.join(left_out)}", ""]  # fmt: skip
    return "\n".join(lines)
