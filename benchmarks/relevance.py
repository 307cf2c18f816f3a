"""How well the search ranks, beside SQLite's FTS5, tantivy and bm25s on the same words.

    python benchmarks/relevance.py --collections ../shared/collections --database build/comparada.db

Prints nDCG@10 (linear gain) for each collection: every engine indexes the same entries and is asked the same
questions. The others get text that was folded, freed of stop words and stemmed as ours is, so that what differs is the
ranking. The electoral questions of tests/judged/questions.yml are asked of a knowledge base that holds the documents
they were judged on; what was not judged is left out of every engine's list.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from search import Engine, SearchRequest, update_index
from search.words import stem, stop_words, words_of

ROOT = Path(__file__).parents[1]
PROJECTION = """-- passage: passages.key.text
select key, 'passages' as "table", language, title, text from passages order by rowid
"""
Ranked = Callable[[str, str], Iterable[str]]  # (question, language) → keys, best first


@dataclass(frozen=True)
class Collection:
    """Entries (key → language, title, text), questions (id → language, text), and how good each answer is."""

    name: str
    entries: dict[str, tuple[str, str, str]]
    questions: dict[str, tuple[str, str]]
    judged: dict[str, dict[str, int]]
    key_of: Callable[[str], str | None] = lambda key: key


def ndcg(found: Iterable[str], judged: dict[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), gain = grade, discount = log2(rank + 1).

    >>> ndcg(["b", "a"], {"a": 1})
    0.6309297535714575
    """
    gains = [judged.get(key, 0) for key in list(found)[:depth]]
    ideal = sorted(judged.values(), reverse=True)[:depth]
    best = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(ideal))
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / best if best else 0.0


def from_file(path: Path) -> Collection:
    """A collection {lang, docs: {id: [title, text]}, queries, qrels}."""
    told = json.loads(path.read_text("utf-8"))
    lang = told["lang"]
    return Collection(
        path.stem,
        {key: (lang, title, text) for key, (title, text) in told["docs"].items()},
        {key: (lang, text) for key, text in told["queries"].items() if told["qrels"].get(key)},
        told["qrels"],
    )


def judged_key(section_id: str) -> str | None:
    """The name by which tests/judged/questions.yml knows a section: of an article or a page of the guide."""
    law = re.fullmatch(r"((?:cpeum|lgipe|lgpp|lgsmime)/art-\d+(?:-[a-z]{1,8})?)(?:[/.].*)?", section_id)
    if law:
        return law.group(1)
    page = re.match(r"oedi-(.+)-(es|en|fr)(/|$)", section_id)
    return f"oedi-{page.group(2)}-{page.group(1)}" if page else None


def from_database(database: Path, questions: Path) -> Collection:
    """The electoral questions, over the sections of the documents of a knowledge base."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    rows = connection.execute(
        "select s.section_id, s.language, s.heading, d.title || ' ' || s.heading_path || ' ' || s.text "
        "from document_sections s join documents d on d.document_id = s.document_id where s.text is not null"
    )
    entries = {key: (language, heading, text) for key, language, heading, text in rows if judged_key(key)}
    told = yaml.safe_load(questions.read_text("utf-8"))["questions"]

    def named(key: str) -> str:
        return "-".join(key.split("/")) if key.startswith("oedi/") else key

    judged = {
        question["id"]: {named(key): 1 for key in question.get("useful", ())}
        | {named(key): 2 for key in question["answers"]}
        | {named(key): 1 for key in question.get("also", ())}
        for question in told
    }
    return Collection(
        "questions",
        entries,
        {question["id"]: (question["language"], question["question"]) for question in told},
        judged,
        judged_key,
    )


# ── Engines ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def prepared(text: str, language: str) -> list[str]:
    """The words of a text as ours are indexed: folded, without stop words, stemmed."""
    stopped = stop_words(language)
    return [stem(language, word) for word in words_of(text) if word not in stopped]


def ours(collection: Collection, folder: Path) -> Ranked:
    """This engine over the collection's entries and nothing else."""
    database = folder / "passages.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table passages (key text primary key, language text, title text, text text)")
        rows = ((key, *told) for key, told in collection.entries.items())
        connection.executemany("insert into passages values (?, ?, ?, ?)", rows)
    projections = folder / "projections"
    projections.mkdir()
    (projections / "passage.sql").write_text(PROJECTION)
    update_index(database, folder / "index", projections_folder=projections)
    engine = Engine.open(database, folder / "index")

    def ask(question: str, language: str) -> list[str]:
        request = SearchRequest(question, lang=language, page_size=100, facets=False)
        return [hit.key for hit in engine.search(request).hits]

    return ask


def of_the_knowledge_base(database: Path, folder: Path, *, expand: bool) -> Ranked:
    """This engine as it is published: all entries of the knowledge base, of which the sections are listed."""
    update_index(database, folder)
    engine = Engine.open(database, folder)

    def ask(question: str, language: str) -> Iterator[str]:
        request = SearchRequest(
            question, lang=language, filters={"kind": ("section",)}, page_size=100, expand=expand, facets=False
        )
        pages_count = engine.search(request).pages_count
        for page in range(1, pages_count + 1):  # what is not judged may fill many pages
            yield from (hit.key for hit in engine.search(replace(request, page=page)).hits)

    return ask


def fts5(collection: Collection, folder: Path) -> Ranked:
    """SQLite's FTS5 with its bm25, any of the words."""
    connection = sqlite3.connect(folder / "fts5.db")
    connection.execute("create virtual table entries using fts5(key unindexed, text)")
    rows = (
        (key, " ".join(prepared(f"{title} {text}", lang))) for key, (lang, title, text) in collection.entries.items()
    )
    connection.executemany("insert into entries values (?, ?)", rows)

    def ask(question: str, language: str) -> list[str]:
        words = prepared(question, language)
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        sql = "select key from entries where entries match ? order by rank limit 100"
        return [row[0] for row in connection.execute(sql, [match])]

    return ask


def tantivy(collection: Collection, folder: Path) -> Ranked:
    """tantivy with its BM25, any of the words."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="whitespace")
    index = library.Index(builder.build())
    writer = index.writer()
    for key, (lang, title, text) in collection.entries.items():
        writer.add_document(library.Document(key=key, text=" ".join(prepared(f"{title} {text}", lang))))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(question: str, language: str) -> list[str]:
        words = prepared(question, language)
        terms = [(library.Occur.Should, library.Query.term_query(index.schema, "text", word)) for word in words]
        if not terms:
            return []
        found = searcher.search(library.Query.boolean_query(terms), 100).hits
        return [searcher.doc(address)["key"][0] for _, address in found]

    return ask


def bm25s(collection: Collection, folder: Path) -> Ranked:
    """bm25s with its defaults."""
    import bm25s as library

    keys = list(collection.entries)
    retriever = library.BM25()
    corpus = [prepared(f"{title} {text}", lang) for lang, title, text in collection.entries.values()]
    retriever.index(corpus, show_progress=False)

    def ask(question: str, language: str) -> list[str]:
        words = prepared(question, language)
        if not words:
            return []
        found, scores = retriever.retrieve([words], k=min(100, len(keys)), show_progress=False)
        return [keys[place] for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return ask


def measure(collection: Collection, ask: Ranked, depth: int = 10) -> dict[str, float]:
    """nDCG of each question; of several entries that are one judged thing the first counts."""
    scores = {}
    for key, (language, question) in collection.questions.items():
        named = (name for entry in ask(question, language) if (name := collection.key_of(entry)))
        found: dict[str, None] = {}
        for name in named:
            found.setdefault(name)
            if len(found) == depth:
                break
        scores[key] = ndcg(found, collection.judged[key], depth)
    return scores


def mean(scores: Iterable[float]) -> float:
    """Their mean; not a number where there are none."""
    return statistics.fmean(told) if (told := list(scores)) else math.nan


def report_by_language(collection: Collection, scores: dict[str, dict[str, float]]) -> None:
    """Prints the questions answered in their own language and those that only another answers, and each half of them."""

    def is_across(question: str) -> bool:
        language, _ = collection.questions[question]
        best = [key for key, grade in collection.judged[question].items() if grade == 2]
        return language not in {key.split("-")[1] if key.startswith("oedi-") else "es" for key in best}

    def is_first_half(question: str) -> bool:  # by a hash, not by choice
        return hashlib.sha256(question.encode()).digest()[0] % 2 == 0

    print("\nthe questions of the knowledge base, by the language that answers; first half / second half by hash")
    for name, by_question in scores.items():
        line = f"{name:<34}"
        for label, across in (("own language", False), ("another language", True)):
            chosen = {key: score for key, score in by_question.items() if is_across(key) == across}
            first, second = (
                mean(s for key, s in chosen.items() if is_first_half(key) == half) for half in (True, False)
            )
            line += f"   {label} ({len(chosen)}) {mean(chosen.values()):.3f} ({first:.3f} / {second:.3f})"
        print(line)


def main(arguments: list[str]) -> int:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collections", type=Path, default=ROOT.parent / "shared" / "collections")
    parser.add_argument("--database", type=Path, default=ROOT / "build" / "comparada.db")
    parser.add_argument("--questions", type=Path, default=ROOT / "tests" / "judged" / "questions.yml")
    chosen = parser.parse_args(arguments)
    random.seed(0)
    collections = [from_file(path) for path in sorted(chosen.collections.glob("*.json"))]
    if chosen.questions.exists() and chosen.database.exists():
        collections.append(from_database(chosen.database, chosen.questions))
    print(f"{'nDCG@10':<34}" + "".join(f"{collection.name:>14}" for collection in collections))
    for name, make in (("comparada", ours), ("FTS5, stemmed", fts5), ("tantivy", tantivy), ("bm25s", bm25s)):
        row = f"{name:<34}"
        for collection in collections:
            with tempfile.TemporaryDirectory() as folder:
                row += f"{mean(measure(collection, make(collection, Path(folder))).values()):>14.4f}"
        print(row)
    for collection in collections:
        if collection.name == "questions":
            scores = {}
            for name, expand in (("comparada, all entries", False), ("comparada, all entries, thesaurus", True)):
                with tempfile.TemporaryDirectory() as folder:
                    scores[name] = measure(
                        collection, of_the_knowledge_base(chosen.database, Path(folder), expand=expand)
                    )
                print(
                    f"{name:<34}" + "".join(" " * 14 for _ in collections[1:]) + f"{mean(scores[name].values()):>14.4f}"
                )
            report_by_language(collection, scores)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
