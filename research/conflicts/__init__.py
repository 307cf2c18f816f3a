"""What two sources say otherwise of the same thing and time, which of them is preferred here, and why."""

from research.conflicts.filling import fill_conflicts

__all__ = ["fill_conflicts"]
