"""Country fact sheets: what the knowledge base holds of a state, put into a document in Spanish and in English."""

from research.fact_sheets.filling import fill_fact_sheets

__all__ = ["fill_fact_sheets"]
