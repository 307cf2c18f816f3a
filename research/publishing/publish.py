"""Publishing a document: rendered in full beside its place, then put there in one move, with the record of its figures."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from research.faults import Fault, TextError
from research.publishing.compose import Edition, draw
from research.publishing.front_matter import CLOSED_STATES, split
from research.publishing.house_style import house_style
from research.publishing.product import TEXT_FILE, read_product, read_text
from research.publishing.record import Record, record_of, write_record
from research.publishing.render import KINDS, render

PUBLISHED = "publicado"


@dataclass(frozen=True)
class Published:
    """What came out: the folder, its files, the figures cited, and whether it is only a draft."""

    product_id: str
    folder: Path
    files: tuple[Path, ...]
    figures: int
    is_draft: bool
    state: str


def publish(
    connection: sqlite3.Connection, products: Path, product_id: str, drafts: Path, today: datetime.date,
    kinds: Sequence[str] = KINDS,
) -> Published:  # fmt: skip
    """Render a document; in a public state it goes to its own folder with a record, else to `drafts` without one.

    Every page of a draft says that it is one. Nothing is half-published: what was there stays until all is ready. Raises
    TextError with every fault, and for a document whose state says that nothing of it comes out any more.
    """
    head, _ = split(read_text(products, product_id))
    if head is not None and (state := head.front_matter.state) in CLOSED_STATES:
        raise TextError(f"research/products/{product_id}/{TEXT_FILE}", [Fault(
            head.line_of("estado", "state"),
            f"un documento en estado «{state}» ya no se publica; si vuelve a trabajarse, ponga «estado: en_redaccion»",
            f"a document in the state '{state}' is published no more; if work on it begins again, put 'state: en_redaccion'",
        )])  # fmt: skip
    product = read_product(connection, products, product_id)
    style = house_style(products)
    is_draft = bool(product.front_matter.draft_mark)
    if not is_draft and set(kinds) != set(KINDS):
        raise TextError(product_id, [Fault(0, "un documento se publica en todos sus formatos; --format es para borradores",
                                           "a document is published in all its formats; --format is for drafts")])  # fmt: skip
    row = connection.execute("SELECT data_version FROM builds").fetchone()
    edition = Edition(product, style, today, str(row[0]))
    target = drafts / product_id if is_draft else product.folder / PUBLISHED
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with tempfile.TemporaryDirectory(prefix="comparada-") as work:
            drawings = draw(product, Path(work))
            for kind in kinds:
                (part / f"{product_id}.{kind}").write_bytes(render(edition, kind, drawings, products))
        if not is_draft:
            write_record(record_of(edition), part)
        part.chmod(0o755)
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    files = tuple(sorted(p for p in target.iterdir() if p.suffix.lstrip(".") in KINDS))
    return Published(product_id, target, files, len(product.figures), is_draft, product.front_matter.state)


def _put(part: Path, target: Path) -> None:
    """The finished folder in its place; the one that was there leaves only when this one can come."""
    old = target.with_name(f".{target.name}-old")
    if old.exists():
        if not target.exists():  # an earlier move was cut short between its two steps
            old.rename(target)
        else:
            shutil.rmtree(old)
    if target.exists():
        target.rename(old)
    try:
        part.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["PUBLISHED", "Published", "Record", "publish"]
