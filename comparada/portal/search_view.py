"""A search page as its template sees it: results with their addresses, filters that can be put on and off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from comparada.search_words import ADDRESSES, FACETS, KINDS, LANGUAGES, WORDS, Language, SearchWords, said
from research.units import with_unit
from search import Datum, FacetValue, Hit, SearchRequest, SearchResults

MOST_FACET_VALUES = 12


@dataclass(frozen=True)
class FilterLink:
    """A value of a filter: what it is called, how many results it has, and the page with it on or off."""

    label: str
    count: int
    address: str
    is_selected: bool


@dataclass(frozen=True)
class FilterGroup:
    """A filter and its values."""

    title: str
    values: tuple[FilterLink, ...]

    @property
    def is_used(self) -> bool:
        """Whether one of its values is on."""
        return any(v.is_selected for v in self.values)


@dataclass(frozen=True)
class Figure:
    """A figure that answers the question, in the page's language; without `value` nothing is held of it."""

    title: str
    value: str | None
    remark: str | None
    source: str | None
    datum: Datum


class SearchView:
    """One search page in one language. `results` is None before anything was asked."""

    def __init__(self, language: Language, asked: SearchRequest) -> None:
        self.language = language
        self.asked = asked
        self.results: SearchResults | None = None
        self.message: str | None = None

    @property
    def words(self) -> SearchWords:
        """The texts of the page's language."""
        return WORDS[self.language]

    @property
    def action(self) -> str:
        """The address of the empty page."""
        return ADDRESSES[self.language]

    @property
    def other_address(self) -> str:
        """The same search in the other language."""
        other: Language = "en" if self.language == "es" else "es"
        return f"{ADDRESSES[other]}{self._query()}"

    @property
    def json_address(self) -> str:
        """The same results for programs."""
        query = self._query()
        return f"/-/search.json{query}{'&' if query else '?'}lang={self.language}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a new question keeps of this one: its filters."""
        return [(name, value) for name, values in self.asked.filters.items() for value in values]

    def _query(self, *, text: str | None = None, filters: list[tuple[str, str]] | None = None, page: int = 1,
               expand: bool | None = None) -> str:  # fmt: skip
        pairs = [("q", self.asked.text if text is None else text), *(self.kept if filters is None else filters)]
        if not (self.asked.expand if expand is None else expand):
            pairs.append(("synonyms", "no"))
        if page > 1:
            pairs.append(("page", str(page)))
        return f"?{urlencode([(n, v) for n, v in pairs if v])}"

    def asking(self, text: str) -> str:
        """The address of another question, without filters."""
        return f"{self.action}?{urlencode({'q': text})}"

    def corrected(self, text: str) -> str:
        """The address of this question written right."""
        return self.action + self._query(text=text)

    def without_filters(self) -> str:
        """The address of this question without filters."""
        return self.action + self._query(filters=[])

    def with_synonyms(self, wanted: bool) -> str:
        """The address of this question with or without synonyms."""
        return self.action + self._query(expand=wanted)

    def page_address(self, page: int) -> str:
        """The address of another page of these results."""
        return self.action + self._query(page=page)

    def filter_groups(self) -> Iterator[FilterGroup]:
        """The filters that divide these results, with the values that are on first."""
        assert self.results is not None
        for facet in self.results.facets:
            values = [v for v in facet.values if v.is_selected] + [v for v in facet.values if not v.is_selected]
            links = tuple(self._filter_link(facet.name, v) for v in values[:MOST_FACET_VALUES])
            if len(links) > 1 or any(v.is_selected for v in links):
                yield FilterGroup(said(FACETS[facet.name], self.language), links)

    def _filter_link(self, name: str, value: FacetValue) -> FilterLink:
        pair = (name, value.value)
        filters = [p for p in self.kept if p != pair] if value.is_selected else [*self.kept, pair]
        label = self.value_label(name, value.value, value.label)
        return FilterLink(label, value.count, self.action + self._query(filters=filters), value.is_selected)

    def value_label(self, name: str, value: str, label: str) -> str:
        """What a value of a filter is called in the page's language."""
        known = {"kind": KINDS, "language": LANGUAGES}.get(name, {})
        return said(known[value], self.language) if value in known else label

    def kind(self, hit: Hit) -> str:
        """What a hit is."""
        return said(KINDS[hit.kind], self.language) if hit.kind in KINDS else hit.kind

    def figures(self) -> Iterator[Figure]:
        """The answer of a question that names a variable and a country, then other measures of the same."""
        datum = self.results.datum if self.results else None
        for d in (datum, *datum.others) if datum else ():
            es = self.language == "es"
            named = f"{d.jurisdiction_es if es else d.jurisdiction_en}: {d.variable_es if es else d.variable_en}"
            written = d.value_es if es else d.value_en
            value = with_unit(written, d.unit, self.language) if written else None
            yield Figure(
                f"{named}, {d.year}" if d.year and value else named,
                value,
                d.note_es if es else d.note_en,
                d.source_es if es else d.source_en,
                d,
            )

    def tally(self) -> str:
        """How many results there are, in words."""
        assert self.results is not None
        count = self.results.total_count
        return self.words.one_result if count == 1 else self.words.results.format(f"{count:,}")
