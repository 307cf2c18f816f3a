"""Under which licence something made from several sources may go out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

OWN = "CC-BY-4.0"


class Licensing:
    """The licences of the sources of a database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._of_source: dict[str, str] = dict(connection.execute("SELECT source_id, licence_id FROM sources"))
        self._strictness: dict[str, tuple[int, int]] = {
            key: (1 - redistribute, share_alike)
            for key, redistribute, share_alike in connection.execute(
                "SELECT licence_id, redistribute, share_alike FROM licences"
            )
        }

    def strictest(self, source_ids: Iterable[str]) -> str:
        """Our own (CC BY 4.0), unless a source asks for share-alike or allows no publishing: then that source's."""
        used = {self._of_source[s] for s in source_ids if s in self._of_source}
        strictest = max(used, key=lambda licence: (self._strictness[licence], licence), default=OWN)
        return strictest if self._strictness.get(strictest, (0, 0)) > (0, 0) else OWN
