"""ZIP files: only what a descriptor names is unpacked, within bounds, to a place that we choose."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ingest.problems import FileError

LARGEST = 1 << 30  # bytes that a member may unpack to
SUSPECT = 64 << 20  # from this size on a member may not shrink to less than 1/RATIO
RATIO = 200  # text of numbers shrinks ten- to thirtyfold
CHUNK = 1 << 20


def check_archive(path: Path, name: str) -> None:
    """Raise FileError for a ZIP file that is broken, is a bomb, or names paths outside of itself.

    `name` is how the file is called to people. Workbooks and OpenDocument files are ZIP files too.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _broken(name, error) from error
    for member in members:
        steps = PurePosixPath(member.filename.replace("\\", "/"))
        if steps.is_absolute() or ".." in steps.parts or member.filename[1:2] == ":":
            raise FileError(
                f"{name}: contiene «{member.filename}», que se saldría de su carpeta; no se abre: pida otro archivo al editor",
                f"{name}: holds '{member.filename}', which would leave its folder; not opened: ask the publisher for another",
            )
        if member.file_size > LARGEST or (
            member.file_size > SUSPECT and member.file_size > RATIO * max(member.compress_size, 1)
        ):
            raise _bomb(name, member.filename, member.file_size)


def unpack(path: Path, name: str, member: str, target: Path) -> None:
    """Write one member to `target`. Raises FileError for an absent, locked, broken or monstrous member."""
    check_archive(path, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with zipfile.ZipFile(path) as archive:
            described = archive.getinfo(member)
            if described.flag_bits & 1:
                raise FileError(
                    f"{name}: «{member}» está protegido con contraseña; pida al editor un archivo abierto",
                    f"{name}: '{member}' is locked by a password; ask its publisher for an open file",
                )
            written = 0
            with archive.open(described) as stream, part.open("wb") as out:
                while chunk := stream.read(CHUNK):
                    written += len(chunk)
                    if written > LARGEST:  # the archive's own word on sizes is not to be trusted
                        raise _bomb(name, member, written)
                    out.write(chunk)
        part.replace(target)
    except KeyError:
        with zipfile.ZipFile(path) as archive:
            held = ", ".join(archive.namelist()[:20]) or "—"
        raise FileError(
            f"{name}: no contiene «{member}»; contiene: {held}", f"{name}: does not hold '{member}'; it holds: {held}"
        ) from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise _broken(f"{name}/{member}", error) from error
    finally:
        part.unlink(missing_ok=True)


def _broken(name: str, error: Exception) -> FileError:
    return FileError(
        f"{name}: el archivo ZIP está roto o incompleto ({error}); vuelva a traerlo con «comparada fetch»",
        f"{name}: the ZIP file is broken or cut short ({error}); bring it again with 'comparada fetch'",
    )


def _bomb(name: str, member: str, size: int) -> FileError:
    return FileError(
        f"{name}: «{member}» ocuparía {size / 1e6:,.0f} MB al descomprimirse, demasiado para una tabla; no se abre",
        f"{name}: '{member}' would unpack to {size / 1e6:,.0f} MB, too much for a table; not opened",
    )
