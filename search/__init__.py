"""Search over everything in the knowledge base: the SQLite file in, ranked hits out."""

from search.engine import Engine
from search.index_writing import update_index
from search.messages import (
    FILTER_NAMES,
    Datum,
    Expansion,
    Facet,
    FacetValue,
    Fragment,
    Hit,
    IndexReport,
    Note,
    SearchRequest,
    SearchResults,
    Suggestion,
)
from search.problems import IndexAbsent, IndexBusy, IndexOfAnotherDatabase, SearchError

__all__ = [
    "FILTER_NAMES",
    "Datum",
    "Engine",
    "Expansion",
    "Facet",
    "FacetValue",
    "Fragment",
    "Hit",
    "IndexAbsent",
    "IndexBusy",
    "IndexOfAnotherDatabase",
    "IndexReport",
    "Note",
    "SearchError",
    "SearchRequest",
    "SearchResults",
    "Suggestion",
    "update_index",
]
