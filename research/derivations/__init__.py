"""What the build derives from the loaded rows: indices with their inputs, consistency tests, reconciliation."""

from research.derivations.derive import derive

__all__ = ["derive"]
