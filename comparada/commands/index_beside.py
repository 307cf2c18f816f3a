"""`python -m comparada.commands.index_beside ROOT`: the search index of a database that is being served meanwhile."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from comparada.commands.build import index_with_progress
from comparada.commands.telling import tell_error
from ingest.workspace import Workspace
from search import SearchError

NICENESS = 10  # pages come first


def main(root: Path) -> int:
    """Make or renew the index. 0 well, 1 when it could not be made, which is told."""
    os.nice(NICENESS)
    try:
        index_with_progress(Workspace(root))
    except SearchError as error:
        tell_error(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
