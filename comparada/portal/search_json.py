"""Search results for programs: plain names, addresses of the rows, nothing that a page would need."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from comparada.portal.entry_addresses import entry_address, row_address
from search import Datum, Hit, SearchRequest, SearchResults, Suggestion

if TYPE_CHECKING:
    from datasette.app import Datasette


def results_as_json(datasette: Datasette, asked: SearchRequest, results: SearchResults) -> dict[str, Any]:
    """The answer of /-/search.json; docs/search.md describes each key."""
    return {
        "query": {"q": asked.text, "lang": asked.lang, "filters": {n: list(v) for n, v in asked.filters.items()},
                  "synonyms": asked.expand},
        "total_count": results.total_count,
        "page": results.page,
        "pages_count": results.pages_count,
        "is_partial": results.is_partial,
        "datum": _datum(datasette, results.datum) if results.datum else None,
        "did_you_mean": results.did_you_mean,
        "expansions": [{"matched": e.matched, "concept_id": e.concept_id, "added": list(e.added)} for e in results.expansions],
        "notes": [{"es": n.es, "en": n.en} for n in results.notes],
        "hits": [_hit(datasette, h) for h in results.hits],
        "facets": {f.name: [{"value": v.value, "label": v.label, "count": v.count, "is_selected": v.is_selected}
                            for v in f.values] for f in results.facets},
    }  # fmt: skip


def suggestions_as_json(suggestions: tuple[Suggestion, ...]) -> dict[str, Any]:
    """The answer of /-/suggest.json."""
    return {"suggestions": [s.text for s in suggestions]}


def _hit(datasette: Datasette, hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind, "table": hit.table, "key": hit.key, "url": entry_address(datasette, hit.kind, hit.table, hit.key),
        "title": hit.title, "subtitle": hit.subtitle, "snippet": "".join(f.text for f in hit.snippet),
        "matches": [f.text for f in hit.snippet if f.is_match], "language": hit.language,
        "jurisdiction_id": hit.jurisdiction_id, "year": hit.year, "source_id": hit.source_id, "score": round(hit.score, 4),
    }  # fmt: skip


def _datum(datasette: Datasette, datum: Datum) -> dict[str, Any]:
    told = {name: value for name, value in asdict(datum).items() if name != "others"}
    told["url"] = row_address(datasette, datum.table, datum.key) if datum.table and datum.key else None
    return {**told, "others": [_datum(datasette, other) for other in datum.others]}
