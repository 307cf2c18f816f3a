"""What `comparada check` says of the documents: figures that no longer stand, numbers that nothing keeps true."""

from __future__ import annotations

from typing import Any

from comparada.commands.built_database import opened_database
from ingest.workspace import Workspace
from research.faults import TextError
from research.publishing.loose_numbers import loose_numbers
from research.publishing.stale import changes


def document_lines(workspace: Workspace, lang: str) -> list[tuple[str, dict[str, Any]]]:
    """Each notice as a line for people and as an object for programs. Without a database, only the texts are read."""
    told: list[tuple[str, dict[str, Any]]] = []
    if workspace.database.is_file():
        with opened_database(workspace) as connection:
            for change in changes(connection, workspace.products):
                told.append((change.told(lang), {
                    "product_id": change.product.product_id, "line": change.figure.line, "rule": change.what,
                    "directive": change.figure.directive, "source_id": change.figure.source_id, "old": change.old,
                    "new": change.new, "by": change.by,
                }))  # fmt: skip
    for loose in loose_numbers(workspace.products):
        if isinstance(loose, TextError):
            said = loose.es if lang == "es" else loose.en
            told.append((f"{said} [unreadable-text]", {"rule": "unreadable-text", "message": said}))
            continue
        told.append((loose.told(lang), {
            "product_id": loose.product_id, "line": loose.line, "rule": "loose-number", "number": loose.number,
        }))  # fmt: skip
    return told
