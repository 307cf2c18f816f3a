"""Whatever is typed there is an answer; threads and time limits; and the scores are plain Whoosh's."""

from __future__ import annotations

import importlib.util
import math
import random
import sqlite3
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from conftest import REPOSITORY
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Engine, SearchRequest, SearchResults, update_index
from search.evaluation import language_of
from search.index_arrays import EXACT, STEMS
from search.query_language import parse
from search.scoring import average_lengths
from search.words import LANGUAGES, WORD, cut, spaced, stem, stop_words, words_of


@pytest.fixture(scope="module")
def default_engine(default_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("default-index")
    database = default_root / "build" / "comparada.db"
    update_index(database, folder)
    opened = Engine.open(database, folder)
    yield opened
    opened.close()


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aéñ_ '\u0301\u064b\u093c\x1f\U0001f600")), max_size=60)
)
def test_a_text_is_cut_for_the_index_as_a_question_is(text: str) -> None:
    words, starts = cut(text)
    assert [(word.start(), word.group()) for word in WORD.finditer(spaced(text))] == list(
        zip(starts.tolist(), words, strict=True)
    )


NASTY = [
    "",
    " ",
    '"',
    "'",
    "«",
    '""',
    '"""',
    "+",
    "-",
    "+ -",
    "--x",
    "+-x",
    "-x",
    '-"lista nominal"',
    "(((",
    ")))",
    "(casilla OR (lista",
    "[2010 TO 2020",
    "{",
    "AND",
    "OR",
    "NOT",
    "casilla AND",
    "NOT casilla",
    "casilla AND NOT lista",
    "*",
    "**",
    "?",
    "a*",
    "*a*",
    "a?b*c",
    "¿qué es?",
    "de la los",
    "the of and",
    "🗳️ 🇲🇽",
    "مرحبا بالعالم",
    "שלום casilla",
    "选举制度",
    "\u202etxet desrever",
    "\x00",
    "casilla\x00lista",
    "ca\u0301sa E\u0301 \u0301",
    "\ud800",
    "país:",
    "país:MEX país:DEU",
    "año:9999999",
    "año:abc",
    "año:2015..",
    "año:..",
    "año:2020..2010",
    "año:²",
    "fecha:ayer",
    "tipo: tema: :",
    "::::",
    "http://example.org/?q=1",
    "<script>alert(1)</script>",
    "'; drop table answers; --",
    "\\",
    "%s %d {0}",
    "art. 99999999999999999999",
    "art art art 41",
    "art. 41 bis LEP",
    "casilla " * 2000,
    "x" * 10_000,
    '"' + "palabra " * 1200,
    " ".join(f"w{number}" for number in range(2000)),
    " ".join(f"a{number}*" for number in range(500)),
    "1 de julio de 99999",
    "32 de julio de 2018",
]


def is_whole(results: SearchResults) -> None:
    """What every answer keeps."""
    assert len(results.hits) <= results.total_count or results.total_count == 0
    assert 1 <= results.page <= results.pages_count
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in results.hits:
        assert hit.title and all(fragment.text for fragment in hit.snippet)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_there_is_an_answer_to_anything(engine: Engine, text: str) -> None:
    for lang in ("es", "en"):
        results = engine.search(SearchRequest(text, lang=lang))
        is_whole(results)
        assert results.hits or results.notes or results.total_count == 0
    engine.suggest(text, "es")


TYPED = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["casilla", "lista nominal", '"', "«", "»", "+", "-", " ", "país:", "año:", "2015..", "*", "?", "MEX", "AND",
             "NOT", "(", "art.", "41", "LEP", "de", "la", "México", "participación", "2018", "tema:", "umbral", "\u0301"]
        ),
        max_size=14,
    ).map(lambda parts: "".join(parts)),
)  # fmt: skip


@settings(max_examples=300, deadline=None, print_blob=True)
@given(TYPED, st.sampled_from(["es", "en"]), st.integers(-3, 40), st.integers(-3, 400), st.booleans())
def test_there_is_an_answer_to_anything_at_all(
    engine: Engine, text: str, lang: str, page: int, page_size: int, expand: bool
) -> None:
    results = engine.search(SearchRequest(text, lang=lang, page=page, page_size=page_size, expand=expand))
    is_whole(results)


@settings(max_examples=60, deadline=None, print_blob=True)
@given(st.dictionaries(st.one_of(st.text(max_size=8), st.sampled_from(["kind", "year", "topic", "region"])),
                       st.lists(st.text(max_size=12), max_size=3).map(tuple), max_size=4))  # fmt: skip
def test_unknown_filters_and_values_find_nothing_and_break_nothing(
    engine: Engine, filters: dict[str, tuple[str, ...]]
) -> None:
    is_whole(engine.search(SearchRequest("casilla", filters=filters)))


def test_an_answer_says_what_was_mended(engine: Engine) -> None:
    def told(text: str) -> str:
        return " ".join(note.es for note in engine.search(SearchRequest(text)).notes)

    assert "comillas" in told('casilla "lista nominal')
    assert "palabras vacías" in told("de la")
    assert "muy larga" in told("casilla " * 2000)
    assert "Escriba" in told("")


def test_a_long_search_ends_by_its_time_limit_and_says_so(engine: Engine) -> None:
    results = engine.search(SearchRequest("casilla elección a* b* c*", time_limit_seconds=0.0))
    assert results.is_partial
    assert "parcial" in " ".join(note.es for note in results.notes)
    assert engine.search(SearchRequest("casilla -a*", time_limit_seconds=0.0)).is_partial
    assert not engine.search(SearchRequest("casilla elección a* b* c*")).is_partial


def test_threads_get_the_answers_that_one_thread_gets(default_engine: Engine) -> None:
    questions = ["elecciones México", "partido verde", "participación Chile 2010", "índice democracia", "eleciones"]
    questions += [f"partido {word}" for word in ("liberal", "nacional", "popular", "social", "del trabajo", '"de la"')]

    def plain(results: SearchResults) -> tuple[Any, ...]:
        return results.hits, results.total_count, results.facets, results.datum, results.did_you_mean

    default_engine.forget()
    expected = {text: plain(default_engine.search(SearchRequest(text))) for text in questions}
    wrong: list[str] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(25):
            text = chance.choice(questions)
            if chance.random() < 0.3:
                default_engine.forget()
            if plain(default_engine.search(SearchRequest(text))) != expected[text]:
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def load_benchmark(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "benchmarks" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_scores_are_those_of_plain_whoosh_on_our_index(default_engine: Engine) -> None:
    plain = load_benchmark("plain_whoosh").PlainWhoosh(default_engine)
    words, counts = default_engine.reader.lexicon
    frequent = [word for word, count in zip(words, counts.tolist(), strict=True) if 3 <= count <= 2_000]
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(40):
        query = parse(" ".join(chance.sample(frequent, chance.randint(1, 4))))
        evaluated = default_engine.evaluator.evaluate(
            query, "es", expand=False, allowed=default_engine.living, deadline=math.inf, pairs=False
        )
        for entry, score in plain.search(query, language_of(query.spoken, "es"), 20):
            assert evaluated.scores[entry] == pytest.approx(score, rel=1e-9), (query, entry)
    plain.close()


def test_scores_are_those_of_an_index_that_whoosh_wrote_itself(tmp_path: Path) -> None:
    """Our inversion and codec against Whoosh's own writer, analysers and codec, on the same texts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh import fields, index, query, scoring
        from whoosh.analysis import SpaceSeparatedTokenizer

    seed = random.randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    vocabulary = [
        "elección",
        "elecciones",
        "electoral",
        "casilla",
        "casillas",
        "voto",
        "votar",
        "de",
        "la",
        "ley",
        "2018",
    ]
    texts = [" ".join(chance.choices(vocabulary, k=chance.randint(1, 400))) for _ in range(120)]
    database, folder, projections = tmp_path / "texts.db", tmp_path / "ours", tmp_path / "projections"
    with sqlite3.connect(database) as connection:
        connection.execute("create table texts (key text primary key, text text)")
        connection.executemany("insert into texts values (?, ?)", [(f"{n:03}", text) for n, text in enumerate(texts)])
    connection.close()
    projections.mkdir()
    (projections / "text.sql").write_text(
        """-- passage: texts.key.text\nselect key, 'texts' as "table", 'es' as language, text from texts order by key"""
    )
    update_index(database, folder, projections_folder=projections)
    engine = Engine.open(database, folder)

    field = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
    (tmp_path / "plain").mkdir()
    plain = index.create_in(tmp_path / "plain", fields.Schema(exact=field, stem_es=field))
    writer = plain.writer()
    for text in texts:
        words = words_of(text)
        stems = [stem("es", word) for word in words if word not in stop_words("es")]
        writer.add_document(exact=" ".join(words), stem_es=" ".join(stems))
    writer.commit()

    class Bm25(scoring.BM25F):  # type: ignore[misc]
        """Whoosh's BM25F with Lucene's idf and the average of the lengths as Whoosh keeps them."""

        def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
            entries = searcher.doc_frequency(fieldname, text)
            total = engine.reader.having(fieldname)
            return math.log(1 + (total - entries + 0.5) / (entries + 0.5))

    with plain.searcher(weighting=Bm25(B=0.75, K1=1.2)) as searcher:
        for name in (EXACT, STEMS["es"]):
            lengths = engine.reader.lengths(name)
            (average,) = set(average_lengths(lengths, np.zeros(len(texts), np.int64)).tolist())
            searcher.avg_field_length = lambda fieldname, default=None, known=average: known
            terms = (
                {stem("es", word) for word in vocabulary if word not in stop_words("es")}
                if name != EXACT
                else {word for text in vocabulary for word in words_of(text)}
            )
            for term in sorted(terms):
                theirs = {int(doc): score for score, doc in searcher.search(query.Term(name, term), limit=None).top_n}
                ours = engine.scorer.term(name, term)
                assert ours.docs.tolist() == sorted(theirs), term
                for doc, score in zip(ours.docs.tolist(), ours.scores.tolist(), strict=True):
                    assert score == pytest.approx(theirs[doc], rel=1e-6), (term, doc)
        phrase = query.Phrase(EXACT, ["casilla", "de", "la"])
        theirs_found = {int(doc) for _, doc in searcher.search(phrase, limit=None).top_n}
        found = engine.search(SearchRequest('"casilla de la"', page_size=100))
        assert {int(hit.key) for hit in found.hits} == theirs_found
    engine.close()


def test_every_language_has_a_stemmer_and_stop_words() -> None:
    for language, words in {"es": "elecciones", "en": "elections", "fr": "élections", "pt": "eleições"}.items():
        (word,) = words_of(words)
        assert stem(language, word) != word
        assert language in LANGUAGES and len(stop_words(language)) > 100
    assert "estado" not in stop_words("es")
