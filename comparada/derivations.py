"""What the build has worked out by other rooms, in the order in which one stands on another."""

from __future__ import annotations

from ingest.database.derivation import Derivation

DERIVATIONS: tuple[Derivation, ...] = ()
