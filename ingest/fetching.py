"""Bringing published files: from their pinned address, or from a mirror (a folder or an HTTP address).

A file is written beside its place, verified by sha256 and moved; an interrupted download is resumed.
A hash that differs is an error that prints the new one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from ingest.descriptor.files import File
from ingest.descriptor.source import Descriptor
from ingest.file_hash import sha256
from ingest.ingestion import called_otherwise
from ingest.problems import FileError
from ingest.workspace import Workspace

Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all (0: not known)
CHUNK = 1 << 16


@dataclass(frozen=True)
class Fetched:
    """What came of one source: files that were here already, that came now, that the mirror lacks."""

    source_id: str
    present: tuple[str, ...]
    brought: tuple[str, ...]
    not_in_mirror: tuple[str, ...]


class NotThere(Exception):
    """The mirror does not hold the file."""


def fetch_source(workspace: Workspace, descriptor: Descriptor, mirror: str | None, progress: Progress) -> Fetched:
    """Bring a source's files. Raises FileError for a changed file or an address that does not answer."""
    present, brought, lacking = [], [], []
    for file in descriptor.files:
        if file.sha256 is None:
            continue  # our own coding: it lies in the source's folder
        place = workspace.raw(descriptor.id) / file.path
        if place.is_file() and sha256(place) == file.sha256:
            present.append(file.path)
            continue
        try:
            _bring(descriptor, file, place, mirror, progress)
            brought.append(file.path)
        except NotThere:
            lacking.append(file.path)
    return Fetched(descriptor.id, tuple(present), tuple(brought), tuple(lacking))


def _bring(descriptor: Descriptor, file: File, place: Path, mirror: str | None, progress: Progress) -> None:
    name = f"{descriptor.id}/{file.path}"
    part = place.with_name(place.name + ".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        below = file.mirror or name
        if mirror is None and file.url is None:
            raise FileError(
                f"{name}: el editor no publica este archivo en una dirección fija; use --mirror",
                f"{name}: its publisher gives no pinned address for this file; use --mirror",
            )
        if mirror is None:
            _download(name, str(file.url), part, progress)
        elif mirror.startswith(("http://", "https://")):
            _download(name, f"{mirror.rstrip('/')}/{below}", part, progress, absent_is_no_error=True)
        else:
            _copy(Path(mirror) / below, part)
    except OSError as error:
        raise FileError(
            f"{name}: no se pudo escribir en {place.parent} ({error.strerror}); revise el espacio y los permisos",
            f"{name}: could not write in {place.parent} ({error.strerror}); look at space and permissions",
        ) from error
    found = sha256(part)
    if found != file.sha256:
        hint_es, hint_en = _looks_like(part)
        if other := called_otherwise(descriptor, found):
            hint_es = f" Es el que el descriptor llama {other}: ¿se intercambiaron los nombres?"
            hint_en = f" It is the one that the descriptor calls {other}: have two files swapped names?"
        part.unlink()
        raise FileError(
            f"{name}: el archivo cambió: su sha256 es {found} y el descriptor dice {file.sha256}.{hint_es} "
            "Si el cambio es bueno, ponga el nuevo valor en el descriptor",
            f"{name}: the file has changed: its sha256 is {found}, the descriptor says {file.sha256}.{hint_en} "
            "If the change is right, put the new value into the descriptor",
        )
    part.replace(place)


def _looks_like(part: Path) -> tuple[str, str]:
    with part.open("rb") as stream:
        start = stream.read(256).lstrip().lower()
    if not start:
        return " Está vacío.", " It is empty."
    if start.startswith((b"<!doctype", b"<html")):
        return " Es una página web, no datos.", " It is a web page, not data."
    return "", ""


def _copy(source: Path, part: Path) -> None:
    if not source.is_file():
        raise NotThere(str(source))
    shutil.copyfile(source, part)


def _download(name: str, url: str, part: Path, progress: Progress, *, absent_is_no_error: bool = False) -> None:
    so_far = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={so_far}-"} if so_far else {}
    try:
        with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=30) as answer:
            if answer.status_code == 404 and absent_is_no_error:
                raise NotThere(url)
            if answer.status_code == 416:  # the part is already whole, or longer than the file
                part.unlink()
                return _download(name, url, part, progress, absent_is_no_error=absent_is_no_error)
            answer.raise_for_status()
            resumed = answer.status_code == 206
            total = int(answer.headers.get("Content-Length", 0)) + (so_far if resumed else 0)
            done = so_far if resumed else 0
            with part.open("ab" if resumed else "wb") as out:
                for chunk in answer.iter_bytes(CHUNK):
                    out.write(chunk)
                    done += len(chunk)
                    progress(name, done, total)
    except httpx.HTTPError as error:
        raise FileError(
            f"{name}: la dirección no respondió ({error}): {url}. Lo que llegó se conserva; repita la orden para continuar",
            f"{name}: the address did not answer ({error}): {url}. What came is kept; run the command again to go on",
        ) from error
