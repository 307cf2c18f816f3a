"""How far each source's answers reach: countries and years, variable by variable."""

from research.coverage.filling import fill_coverage

__all__ = ["fill_coverage"]
