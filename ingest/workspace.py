"""Where things are below `--root`: descriptors and facts in datasets/, everything made in build/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The folders of one knowledge base.

    `datasets/` is kept in git; `build/` holds what can be made again: raw files as published, facts
    whose licence keeps them out of git, and the database.
    """

    root: Path

    @property
    def datasets(self) -> Path:
        """One folder a source."""
        return self.root / "datasets"

    @property
    def build(self) -> Path:
        """Everything that a command can make again."""
        return self.root / "build"

    @property
    def products(self) -> Path:
        """The documents that analysts write, one folder each, and what was published of them."""
        return self.root / "research" / "products"

    @property
    def database(self) -> Path:
        """The knowledge base."""
        return self.build / "comparada.db"

    @property
    def index(self) -> Path:
        """The search index of the knowledge base."""
        return self.build / "index"

    @property
    def metadata(self) -> Path:
        """Datasette's metadata."""
        return self.root / "metadata.yml"

    def raw(self, source_id: str) -> Path:
        """Published files of a source, as fetched."""
        return self.build / "raw" / source_id

    def raw_file(self, source_id: str, path: str) -> Path:
        """A published file: as fetched, else in the source's own folder (our own coding)."""
        fetched = self.raw(source_id) / path
        return fetched if fetched.exists() else self.datasets / source_id / path

    def unpacked_file(self, source_id: str, archive: str, member: str) -> Path:
        """Where a member of a ZIP file is unpacked to."""
        return self.build / "unpacked" / source_id / archive / member

    def facts(self, source_id: str, *, in_repository: bool) -> Path:
        """Facts of a source: in git where its licence lets us republish and their size allows, else in build/."""
        return self.datasets / source_id / "facts" if in_repository else self.build / "facts" / source_id

    def descriptors(self) -> list[Path]:
        """Every source.yml, by source id."""
        return sorted(self.datasets.glob("*/source.yml"))
