"""What other rooms work out from the loaded tables while a database is being built.

The build knows neither search nor research: whoever calls it hands over the derivations, each with the
folder of the code that decides its outcome, so that a change there makes a new build.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Derivation:
    """A step of the build: `fill` reads the loaded tables and writes rows of tables whose origin is `build`.

    `step` is what the person who waits is told; `code` the folder whose .py, .yml, .csv and .sql files count
    in the build's fingerprint. `records` are files of the root that `fill` reads beside the tables: they make a
    new build, and leave the data's version as it is.
    """

    step: str
    code: Path
    fill: Callable[[sqlite3.Connection], None]
    records: tuple[Path, ...] = ()
