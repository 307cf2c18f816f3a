"""The same questions put to plain Whoosh: its searcher, its matchers, its collectors, over the same index.

The formula is given to it as a weighting model, since Whoosh's own has another idf and another average length. Two faults
of Whoosh 2.7.5 make its answers differ all the same; each can be repaired, which shows that it is the reason:

- `maxima`: where only one of two branches of its DisjunctionMax has the entry at hand, it takes the score that the other
  branch has for some later entry into account (`DisjunctionMaxMatcher.score`).
- `losses`: every ten entries its collector replaces the matcher by one that finds only what can still be among the best
  (`ScoredCollector.matches`, `UnionMatcher.replace`); the new one may already stand at a later entry, which is then
  passed over. Repaired, the matcher is not replaced.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from search.engine import Engine
from search.evaluation import OTHER_LANGUAGE_WEIGHT
from search.index_arrays import EXACT, FIELDS, STEMS
from search.query_language import Query
from search.scoring import EXACT_WEIGHT, K1, B, average_lengths
from search.whoosh_index import open_with_plain_whoosh
from search.words import LANGUAGES, stem, stop_words

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import matching  # type: ignore[import-untyped]
    from whoosh import query as q  # type: ignore[import-untyped]
    from whoosh.collectors import TopCollector  # type: ignore[import-untyped]
    from whoosh.scoring import WeightingModel, WeightLengthScorer, bm25  # type: ignore[import-untyped]


class OurBM25(WeightingModel):  # type: ignore[misc]
    """BM25 with Lucene's idf and the average length of an entry's kind."""

    def __init__(self, engine: Engine) -> None:
        reader = engine.reader
        self._having = {field: reader.having(field) for field in FIELDS}
        self._averages = {field: average_lengths(reader.lengths(field), engine.kinds) for field in FIELDS}

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> Any:
        entries = searcher.doc_frequency(fieldname, text)
        total = max(self._having[fieldname], entries)
        idf = math.log(1 + (total - entries + 0.5) / (entries + 0.5))
        return _Scorer(searcher, fieldname, text, idf, self._averages[fieldname])


class _Scorer(WeightLengthScorer):  # type: ignore[misc]
    def __init__(self, searcher: Any, fieldname: str, text: bytes, idf: float, averages: Any) -> None:
        self._idf = idf
        self._averages = averages
        self._least_average = float(averages.min())
        self.setup(searcher, fieldname, text)

    def score(self, matcher: Any) -> float:
        entry = matcher.id()
        return float(bm25(self._idf, matcher.weight(), self.dfl(entry), self._averages[entry], B, K1))

    def _score(self, weight: float, length: float) -> float:
        """An upper bound, by which Whoosh may skip: no average is above the largest."""
        return self._idf * (K1 + 1)


class _OneEntryMax(matching.DisjunctionMaxMatcher):  # type: ignore[misc]
    """The better score of the branches that have the entry at hand."""

    def score(self) -> float:
        at_hand = [branch for branch in (self.a, self.b) if branch.is_active()]
        entry = min(branch.id() for branch in at_hand)
        return max(float(branch.score()) for branch in at_hand if branch.id() == entry)


class _Max(q.DisjunctionMax):  # type: ignore[misc]
    def _matcher(self, subs: Any, searcher: Any, context: Any) -> Any:
        reader = searcher.reader()
        return self._tree_matcher(subs, _OneEntryMax, searcher, context, lambda branch: branch.estimate_size(reader))


class PlainWhoosh:
    """Whoosh's searcher over an engine's index."""

    def __init__(self, engine: Engine, *, maxima: bool = True, losses: bool = True) -> None:
        """`maxima` and `losses` say which of its faults are repaired."""
        self._max = _Max if maxima else q.DisjunctionMax
        self._replaces = not losses
        self._searcher = open_with_plain_whoosh(engine.folder).searcher(weighting=OurBM25(engine))

    def search(self, query: Query, language: str, count: int) -> list[tuple[int, float]]:
        """The best entries and their scores, best first, of equals the lower number first."""
        weights = {language: 1.0, **{other: OTHER_LANGUAGE_WEIGHT for other in LANGUAGES if other != language}}
        clauses = [clause for clause in query.clauses if clause.kind in ("word", "phrase")]
        telling = [
            clause for clause in clauses if clause.kind == "phrase" or clause.words[0] not in stop_words(language)
        ]
        parts, required = [], []
        for clause in telling or clauses:
            words = [self._word(word, weights) for word in clause.words]
            parts += words
            if clause.kind == "phrase":
                required.append(q.Phrase(EXACT, list(clause.words)))
        asked = q.Or(parts)
        if required:  # which entries, and what they score, are two things
            asked = q.Require(asked, q.And(required))
        collector = TopCollector(count, usequality=False)
        if not self._replaces:
            collector.replace = 0
        self._searcher.search_with_collector(asked, collector)
        return [(int(entry), float(score)) for score, entry in collector.results().top_n]

    def close(self) -> None:
        """Lets go of the files."""
        self._searcher.close()

    def _word(self, word: str, weights: dict[str, float]) -> Any:
        stems = [q.Term(STEMS[language], stem(language, word), boost=weight) for language, weight in weights.items()]
        return q.Or([self._max(stems), q.Term(EXACT, word, boost=EXACT_WEIGHT)])
