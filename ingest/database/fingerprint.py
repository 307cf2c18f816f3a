"""What a database was made from, as one hash: facts, descriptors, table descriptions and code.

The build is a pure function of these; when the hash is the same, nothing needs to be done.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.database.derivation import Derivation
from ingest.workspace import Workspace

CODE_FOLDER = Path(__file__).parents[1]
CODE_SUFFIXES = (".py", ".yml", ".csv", ".sql")


def data_fingerprint(workspace: Workspace) -> str:
    """Hash of everything in datasets/ and build/facts that a build reads."""
    files = [
        *workspace.datasets.glob("*.yml"),
        *workspace.datasets.glob("*/source.yml"),
        *workspace.datasets.glob("*/facts/*"),
    ]
    kept_apart = workspace.build / "facts"
    return _hash(workspace.root, [*files, *kept_apart.glob("*/*.csv*")])


def code_fingerprint(derivations: Sequence[Derivation]) -> str:
    """Hash of the code and of all that lies beside it and decides the outcome: descriptions, queries, lists."""
    folders = sorted({CODE_FOLDER, *(d.code for d in derivations)})
    hashes = [_hash(folder, (p for s in CODE_SUFFIXES for p in folder.rglob(f"*{s}"))) for folder in folders]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def build_id(workspace: Workspace, derivations: Sequence[Derivation]) -> str:
    """The name of the build that these facts and this code give."""
    records = _hash(workspace.root, {path for d in derivations for path in d.records})
    parts = data_fingerprint(workspace) + code_fingerprint(derivations) + records
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def built_id(database: Path) -> str | None:
    """The name that a database bears; None when it is absent or unreadable."""
    if not database.is_file():
        return None
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            row = connection.execute("SELECT build_id FROM builds").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return None
    return str(row[0]) if row else None


def _hash(root: Path, files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
