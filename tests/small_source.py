"""A source of one small file, written by a test and ingested through the command."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from conftest import comparada

HEAD: dict[str, Any] = {
    "id": "caso", "title": {"es": "Caso", "en": "Case"}, "description": {"es": "Caso", "en": "Case"}, "publisher": "Ejemplo",
    "citation": "Ejemplo", "licence": "CC0-1.0", "redistribute": True, "version": "1", "retrieved": "2026-11-23",
    "homepageUrl": "https://example.org/",
}  # fmt: skip


class Case:
    """A source with one file, its recipe written as a Python value."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "datasets/caso"
        self.folder.mkdir()
        self.files: list[dict[str, Any]] = []
        self.extra: dict[str, Any] = {}

    def file(self, name: str, content: str, **dialect: Any) -> None:
        (self.folder / name).write_text(content, "utf-8")
        self.declare(name, **dialect)

    def declare(self, name: str, **dialect: Any) -> None:
        self.files.append({"path": name, "format": "delimited", **dialect})

    def ingest(self, fields: list[dict[str, Any]], columns: dict[str, Any], **recipe: Any) -> list[list[str]]:
        """Facts for the table `turnout`, as the cells of the named columns plus the row."""
        self.describe(fields, columns, **recipe)
        assert comparada("ingest", "jurisdictions", root=self.root).returncode == 0
        result = comparada("ingest", "caso", root=self.root)
        assert result.returncode == 0, result.stderr
        path = self.folder / "facts/turnout.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            return [[row[c] for c in (*columns, "raw_row")] for row in csv.DictReader(stream)]

    def describe(self, fields: list[dict[str, Any]], columns: dict[str, Any], **recipe: Any) -> None:
        """Write the source.yml with its one recipe."""
        described = {"name": "uno", "file": self.files[0]["path"], "fields": fields, **recipe}
        fact = {
            "table": "turnout",
            "columns": {"election_id": "e", "unit_id": "u", "count_status": {"const": "final"}, **columns},
        }
        described.setdefault("facts", [fact])
        text = yaml.safe_dump({**HEAD, **self.extra, "files": self.files, "recipes": [described]}, allow_unicode=True)
        (self.folder / "source.yml").write_text(text, "utf-8")

    def problems(self) -> list[str]:
        return comparada("check", "caso", root=self.root).stdout.splitlines()


EU: list[dict[str, Any]] = [{"name": "e"}, {"name": "u"}]
VOTES: dict[str, Any] = {"votes_cast_count": "v"}
