"""The engine: an index and its database, opened once and asked by many threads."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import search.generations as generations
from search.citations import Norms
from search.columns import Columns
from search.datum import DatumFinder
from search.entries import FILE_NAME, EntryList, Row
from search.evaluation import Evaluated, Evaluator
from search.facets import Narrowing, facets
from search.index_arrays import EXACT, STEMS, Integers
from search.index_reading import IndexReader
from search.messages import Datum, Expansion, Fragment, Hit, Note, SearchRequest, SearchResults, Suggestion
from search.names import Names
from search.phrases import inflected_places
from search.projections import Passage
from search.query_language import Clause, Query, parse
from search.question import Asked, question_of
from search.scoring import Matches, Scorer, best, summed
from search.snippets import cut, mark
from search.spelling import did_you_mean
from search.thesaurus import Thesaurus
from search.words import ALL_STOP_WORDS, LANGUAGES, WORD, fold, spaced, words_of

MOST_PAGE_SIZE = 100
_KEPT_ANSWERS = 256
HOME_JURISDICTION = "MEX"
"""Of several parties called PRI, the one that the readers of a Mexican base mean."""
_SIMILAR_WORDS = 25


class Engine:
    """Answers questions about one state of the knowledge base. Safe to use from several threads."""

    @classmethod
    def open(cls, database: Path, folder: Path) -> Engine:
        """Opens the index in `folder`, which must have been made from `database`.

        Raises IndexAbsent where there is no index, IndexOfAnotherDatabase when it is of another database. What was
        opened stays good while newer databases and indexes take the place of both files.
        """
        return cls(database, folder, *generations.current(database, folder))

    def __init__(self, database: Path, folder: Path, generation: Path, pointer: generations.Pointer) -> None:
        self._pointers = folder
        self.folder = generation
        self.generation = generation.name
        self.counts = dict(pointer.counts)
        self._connection = generations.open_database(database)
        self._list = EntryList(generation / FILE_NAME)
        self._reading = threading.Lock()  # one thread at a time uses the two connections
        self.reader = IndexReader(generation)
        self._names = Names(self._connection)
        self._thesaurus = Thesaurus(self._connection)
        self._columns = Columns(generation, self._names.regions)
        self.kinds = self._columns.codes("kind").astype(np.int64)
        self.living = self._columns.living
        self.scorer = Scorer(self.reader, self.kinds)
        self.evaluator = Evaluator(self.reader, self.scorer, self._thesaurus)
        self._datum = DatumFinder(self._connection, self._names, self._thesaurus)
        self._norms = Norms(self._connection)
        self._passages = {kind: Passage(*place) for kind, place in pointer.passages.items()}
        self._answers: OrderedDict[Hashable, SearchResults] = OrderedDict()
        self._answers_lock = threading.Lock()

    def is_current(self) -> bool:
        """Whether no newer index has taken this one's place: cheap enough to be asked at each request."""
        pointer = generations.read_pointer(self._pointers)
        return pointer is not None and pointer.generation == self.generation

    def close(self) -> None:
        """Lets go of the files; the engine is not to be used any more."""
        with self._reading:
            self._connection.close()
            self._list.close()

    def forget(self, *, answers_only: bool = False) -> None:
        """Empties the caches: the next question is answered as the first one was."""
        if not answers_only:
            self.scorer.cache.clear()
            self.reader.forget()
        with self._answers_lock:
            self._answers.clear()

    # ── Search ──

    def search(self, request: SearchRequest) -> SearchResults:
        """The answer to a question; whatever is typed, there is one. Raises nothing but for programming errors."""
        key = (
            request.text,
            request.lang,
            tuple(sorted((name, tuple(values)) for name, values in request.filters.items())),
            request.page,
            request.page_size,
            request.expand,
            request.facets,
        )
        started = time.perf_counter()
        with self._answers_lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
        if kept is not None:
            return replace(kept, seconds=time.perf_counter() - started)
        results = self._search(request, started)
        if not results.is_partial:
            with self._answers_lock:
                self._answers[key] = results
                while len(self._answers) > _KEPT_ANSWERS:
                    self._answers.popitem(last=False)
        return results

    def _search(self, request: SearchRequest, started: float) -> SearchResults:
        deadline = started + request.time_limit_seconds
        lang = "en" if request.lang == "en" else "es"
        query = parse(request.text)
        narrowing = Narrowing(request.filters, query, self._names, self._thesaurus)
        if narrowing.more_words:
            more = tuple(Clause("word", (word,), "should", word) for word in narrowing.more_words)
            query = replace(query, clauses=query.clauses + more, spoken=query.spoken + tuple(narrowing.more_words))
        if narrowing.hints:
            hints = tuple(Clause("word", (word,), "hint", word) for word in narrowing.hints)
            query = replace(query, clauses=query.clauses + hints)
        if narrowing.chosen and not query.filters:  # chosen filters alone list what they allow
            query = replace(query, filters=narrowing.chosen)
        asked = self._asked(query, request, narrowing)
        evaluated = self.evaluator.evaluate(
            query,
            lang,
            expand=request.expand,
            translated=frozenset(asked.rest) if request.expand else frozenset(),  # the names of places are not
            allowed=narrowing.mask(self._columns),
            deadline=deadline,
        )
        self._put_named_entries_first(query, asked, evaluated)
        self._put_cited_articles_first(query, evaluated)

        candidates = np.flatnonzero(evaluated.found)
        page_size = min(max(1, request.page_size), MOST_PAGE_SIZE)
        pages = max(1, -(-len(candidates) // page_size))
        page = min(max(1, request.page), pages)
        top = best(evaluated.scores, candidates, page * page_size)[(page - 1) * page_size :]

        notes = [*query.notes, *narrowing.notes, *evaluated.notes]
        if not query.clauses and not query.filters and not query.excluded:
            notes.append(Note("Escriba qué busca.", "Type what you are looking for."))
        datum, note = self._figure(asked) if request.page <= 1 else (None, None)
        if note:
            notes.append(note)
        unknown = [word for word in evaluated.unknown if word not in ALL_STOP_WORDS]
        return SearchResults(
            hits=self._hits(top, evaluated, lang),
            total_count=len(candidates),
            page=page,
            pages_count=pages,
            facets=facets(self._columns, self._names, narrowing, evaluated, lang) if request.facets else (),
            expansions=_as_written(evaluated.expansions, request.text),
            did_you_mean=did_you_mean(self.reader, request.text[:300], unknown, is_found=len(candidates) > 0),
            datum=datum,
            notes=tuple(dict.fromkeys(notes)),
            seconds=time.perf_counter() - started,
            is_partial=evaluated.is_partial,
        )

    def _put_cited_articles_first(self, query: Query, evaluated: Evaluated) -> None:
        """«art. 41 CPEUM» means that article: it comes before whatever mentions it."""
        for number, documents in self._norms.cited(query.spoken):
            with self._reading:
                articles = self._list.articles(number)
            chosen = [entry for entry, document in articles if not documents or document in documents]
            chosen = [entry for entry in chosen if evaluated.found[entry]]
            if chosen:
                evaluated.scores[chosen] += evaluated.scores.max() if documents else evaluated.scores.max() / 2

    def _put_named_entries_first(self, query: Query, asked: Asked, evaluated: Evaluated) -> None:
        """«PRI», «Alemania», «PAN México»: what goes by that very name comes before what has the word in it."""
        whole = query.spoken or next((clause.words for clause in query.clauses if clause.kind == "phrase"), ())
        if not whole:
            return
        with self._reading:
            chosen = self._list.named(" ".join(whole))
            if not chosen and asked.said:  # «PAN México», «qué es la cifra repartidora»
                named = self._list.named(" ".join(asked.said))
                chosen = [one for one in named if not asked.jurisdictions or one[1] in asked.jurisdictions]
        most = float(evaluated.scores.max(initial=0.0))
        for entry, place in chosen:
            if evaluated.found[entry]:
                evaluated.scores[entry] += most * (1.5 if place == HOME_JURISDICTION else 1.0)

    def _asked(self, query: Query, request: SearchRequest, narrowing: Narrowing) -> Asked:
        """What the question names, the filters beside it included."""
        asked = question_of(self._names, query.spoken, request.text)
        filters = {**narrowing.chosen, **narrowing.typed}
        jurisdictions = asked.jurisdictions or filters.get("jurisdiction", ())
        year = asked.year
        if year is None and len(filters.get("year", ())) == 1 and filters["year"][0].isdigit():
            year = int(filters["year"][0])
        return replace(asked, jurisdictions=tuple(jurisdictions), year=year)

    def _figure(self, asked: Asked) -> tuple[Datum | None, Note | None]:
        with self._reading:
            return self._datum.find(asked)

    # ── Hits ──

    def _hits(self, numbers: Integers, evaluated: Evaluated, lang: str) -> tuple[Hit, ...]:
        if not len(numbers):
            return ()
        ordered = numbers.tolist()
        with self._reading:
            rows = self._list.rows(ordered, lang)
            texts = self._texts(list(rows.values()))
        snippets = self._snippets([rows[number] for number in ordered], texts, evaluated)
        return tuple(
            _hit(rows[number], snippets.get(number, ()), float(evaluated.scores[number])) for number in ordered
        )

    def _texts(self, rows: Sequence[Row]) -> dict[int, str]:
        """The text of the entries whose text stays in the database, by number."""
        found: dict[int, str] = {}
        by_kind: dict[str, dict[str, int]] = {}
        for row in rows:
            if row.kind in self._passages:
                by_kind.setdefault(row.kind, {})[row.key] = row.number
        for kind, numbers in by_kind.items():
            for key, text in self._passages[kind].read(self._connection, list(numbers)).items():
                found[numbers[key]] = text
        return found

    def _snippets(
        self, rows: Sequence[Row], texts: dict[int, str], evaluated: Evaluated
    ) -> dict[int, tuple[Fragment, ...]]:
        snippets: dict[int, tuple[Fragment, ...]] = {}
        exact = frozenset(evaluated.words)
        stems: dict[str, set[str]] = {}
        for language, word in evaluated.stems:
            stems.setdefault(language, set()).add(word)
        short = {language: frozenset(words) for language, words in stems.items() if language in ("es", "en")}
        for row in rows:
            if row.number not in texts:
                snippets[row.number] = mark(row.text or "", exact, short)
        if texts:
            snippets |= self._passage_snippets({row.number: row.language for row in rows}, texts, evaluated)
        return snippets

    def _passage_snippets(
        self, languages: dict[int, str | None], texts: dict[int, str], evaluated: Evaluated
    ) -> dict[int, tuple[Fragment, ...]]:
        """Cuts snippets by the positions that the index knows, without reading through the texts."""
        numbers = np.array(list(texts), dtype=np.int64)
        starts, ends = self.reader.passages
        starts, ends = starts[numbers], ends[numbers]
        matches: list[list[tuple[int, float]]] = [[] for _ in numbers]
        wanted: list[tuple[str, str, float, str | None]] = [
            (EXACT, word, worth, None) for word, worth in evaluated.words.items()
        ]
        wanted += [(STEMS[language], word, worth, language) for (language, word), worth in evaluated.stems.items()]
        told_in = set(languages.values())
        marked = [
            (self.reader.positions(field, word), worth)
            for field, word, worth, language in wanted
            if language is None or language in told_in
        ]
        marked += [
            (positions, worth)
            for (language, words), worth in evaluated.phrases.items()
            if language in told_in or language not in LANGUAGES
            for positions in inflected_places(self.reader, language if language in LANGUAGES else None, words)
        ]
        for positions, worth in marked:
            if not len(positions):
                continue
            firsts = np.searchsorted(positions, starts.astype(positions.dtype))
            lasts = np.searchsorted(positions, ends.astype(positions.dtype))
            for place in np.flatnonzero(lasts > firsts).tolist():
                start = int(starts[place])
                found = positions[firsts[place] : min(lasts[place], firsts[place] + 100)].tolist()
                matches[place] += [(position - start, worth) for position in found]
        answer = {}
        for place, number in enumerate(numbers.tolist()):
            offsets = self.reader.offsets(number, int(starts[place]), int(ends[place]))
            once = sorted(dict(sorted(matches[place], key=lambda match: match[1])).items())
            answer[number] = cut(texts[number], offsets, once)
        return answer

    # ── Beside the search ──

    def label(self, name: str, value: str, lang: str) -> str:
        """What to call a value of a facet or a hit: `label("kind", "section", "es")`; the value itself if unknown."""
        return self._names.label(name, value, lang)

    def suggest(self, prefix: str, lang: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Completions of what is being typed: names of terms, countries, variables, documents, sources, parties."""
        folded = " ".join(words_of(prefix[:80]))
        if len(folded) < 2:
            return ()
        with self._reading:
            found = self._list.completions(folded, "en" if lang == "en" else "es", min(limit, 50))
        return tuple(Suggestion(*item) for item in found)

    def similar(self, kind: str, key: str, limit: int = 5, lang: str = "es") -> tuple[Hit, ...]:
        """The entries most like one, best first; empty for an unknown entry.

        An entry's own most telling words (frequent in it, rare elsewhere) are the question.
        """
        with self._reading:
            number = self._list.number(kind, key)
            if number is None:
                return ()
            row = self._list.rows([number], lang)[number]
            text = self._texts([row]).get(number, row.text or "")
        counts = Counter(word for word in words_of(f"{row.title} {row.title} {row.subtitle} {text}"))
        language = row.language if row.language in LANGUAGES else lang
        weights = {language: 1.0, **{other: 0.7 for other in LANGUAGES if other != language}}
        scored: list[tuple[float, str]] = []
        for word, count in counts.items():
            if word in ALL_STOP_WORDS:
                continue
            entries = self.reader.entries_with(word)
            if entries > 1:
                scored.append(((1 + np.log(count)) * self.scorer.idf(EXACT, entries), word))
        chosen = sorted(scored, reverse=True)[:_SIMILAR_WORDS]
        if not chosen:
            return ()
        most = chosen[0][0]
        parts = []
        for weight, word in chosen:
            matches = self.scorer.word(word, weights)
            parts.append(Matches(matches.docs, matches.scores * (weight / most)))
        scores = summed(parts, self.reader.entries_count)
        found = (scores > 0) & self._columns.living
        found[number] = False
        evaluated = Evaluated(scores, found, found)
        top = best(scores, np.flatnonzero(found), min(max(1, limit), MOST_PAGE_SIZE))
        return self._hits(top, evaluated, lang)


def _as_written(expansions: Sequence[Expansion], text: str) -> tuple[Expansion, ...]:
    """The expansions with what was typed in its own spelling: «participación», not «participacion»."""
    written = {fold(word): word for word in WORD.findall(spaced(text))}
    return tuple(
        replace(each, matched=" ".join(written.get(word, word) for word in each.matched.split())) for each in expansions
    )


def _hit(row: Row, snippet: tuple[Fragment, ...], score: float) -> Hit:
    return Hit(
        kind=row.kind,
        table=row.table,
        key=row.key,
        title=row.title,
        subtitle=row.subtitle,
        snippet=snippet,
        language=row.language,
        jurisdiction_id=row.jurisdiction_id,
        year=row.year,
        source_id=row.source_id,
        score=score,
    )
