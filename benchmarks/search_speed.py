"""How fast the search is, beside SQLite's FTS5 and tantivy on the same entries, and whether its scores are right.

    python benchmarks/search_speed.py --database build/comparada.db            speed, size, memory
    python benchmarks/search_speed.py --database build/comparada.db --scores 1000   scores against plain Whoosh's

One run measures all engines on the same entries and the same 200 questions, each answered with its 20 best entries and
their snippets. Times are of the processor, in milliseconds, so that what else the machine does counts less. *Cold*: before each question our engine forgets everything it
keeps, while FTS5 and tantivy answer their first pass on an open index; files are in the system's memory for all.
*Warm*: each is asked the same questions a second time, our kept answers being thrown away, so that postings are warm
but every question is worked out anew. *Kept*: our engine is asked a third time and gives the answer it kept.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from search import Engine, SearchRequest, projections, update_index
from search.evaluation import language_of
from search.query_language import parse
from search.whoosh_index import total_bytes
from search.words import ALL_STOP_WORDS, words_of

ROOT = Path(__file__).parents[1]
PAGE = 20
clock = time.process_time


@dataclass(frozen=True)
class Question:
    """A question and what it asks of an engine beside the hits."""

    group: str
    words: tuple[str, ...]
    kind: str | None = None

    @property
    def is_phrase(self) -> bool:
        """Whether the words must stand side by side."""
        return "phrase" in self.group

    @property
    def typed(self) -> str:
        """As a person types it."""
        return f'"{" ".join(self.words)}"' if self.is_phrase else " ".join(self.words)


@dataclass(frozen=True)
class Entry:
    """An entry as the other engines get it: its words as text, and its kind."""

    kind: str
    language: str
    title: str
    text: str


def read_entries(database: Path) -> list[Entry]:
    """All entries that the projections give, with the same pieces of text that our index has."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    found = []
    for projection in projections.load():
        if projections.missing_table(connection, projection) is not None:
            continue
        for entry in projections.entries(connection, projection):
            titles = [text for (part, _), text in entry.told.items() if part == "title"]
            texts = [text for (part, _), text in entry.told.items() if part != "title"]
            found.append(Entry(entry.kind, entry.language or "es", "\n".join(titles), "\n".join(texts)))
    return found


def make_questions(entries: list[Entry], seed: int) -> list[Question]:
    """200 questions from the entries' own words: single words, two or three, ten, phrases, filters with facets."""
    chance = random.Random(seed)
    tokens = [words_of(f"{entry.title}\n{entry.text}") for entry in entries]
    frequency = Counter(word for words in tokens for word in set(words))
    long = [words for words in tokens if len(words) >= 60]
    source = long if len(long) >= 200 else [words for words in tokens if len(words) >= 15]
    pairs = Counter(pair for words in source for pair in pairwise(words))
    common = [list(pair) for pair, _ in pairs.most_common(60)]

    def telling(count: int) -> tuple[str, ...]:
        words = chance.choice(source)
        usable = [word for word in words if word not in ALL_STOP_WORDS and frequency[word] > 1]
        return tuple(chance.sample(usable, min(count, len(usable))))

    def stretch(count: int) -> tuple[str, ...]:
        words = chance.choice(source)
        start = chance.randrange(len(words) - count)
        return tuple(words[start : start + count])

    kinds = sorted({entry.kind for entry in entries})
    questions = [Question("one word", telling(1)) for _ in range(20)]
    questions += [Question("two or three words", telling(chance.choice((2, 3)))) for _ in range(60)]
    questions += [Question("ten words", telling(10)) for _ in range(40)]
    questions += [Question("phrase", stretch(chance.choice((2, 3)))) for _ in range(20)]
    questions += [Question("phrase of common words", tuple(chance.choice(common))) for _ in range(20)]
    questions += [Question("filter and facets", telling(2), chance.choice(kinds)) for _ in range(40)]
    return questions


# ── Engines ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Ask = Callable[[Question], int]


def ask_ours(engine: Engine) -> Ask:
    """Our engine, as the portal asks it."""

    def ask(question: Question) -> int:
        filters = {"kind": (question.kind,)} if question.kind else {}
        request = SearchRequest(
            question.typed, filters=filters, page_size=PAGE, expand=False, facets=question.kind is not None
        )
        return engine.search(request).total_count

    return ask


def build_fts5(entries: list[Entry], path: Path) -> float:
    """Builds SQLite's full-text index; gives the seconds it took."""
    connection = sqlite3.connect(path)
    started = clock()
    connection.execute("create table kinds (id integer primary key, kind text, language text)")
    connection.execute(
        "create virtual table entries using fts5(title, text, tokenize = 'unicode61 remove_diacritics 2')"
    )
    connection.executemany("insert into entries values (?, ?)", ((entry.title, entry.text) for entry in entries))
    connection.executemany("insert into kinds values (null, ?, ?)", ((entry.kind, entry.language) for entry in entries))
    connection.commit()
    seconds = clock() - started
    connection.close()
    return seconds


def ask_fts5(path: Path) -> Ask:
    """FTS5: any of the words, bm25, snippet(); with a filter, the counts by kind and language too."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    best = "select rowid, title, snippet(entries, 1, '<b>', '</b>', '…', 40) from entries where entries match ? order by rank limit 20"
    filtered = (
        "select e.rowid, e.title, snippet(entries, 1, '<b>', '</b>', '…', 40) from entries e "
        "join kinds k on k.id = e.rowid where entries match ? and k.kind = ? order by rank limit 20"
    )
    count = "select count(*) from entries where entries match ?"
    facets = "select k.{0}, count(*) from entries e join kinds k on k.id = e.rowid where entries match ? group by 1"

    def ask(question: Question) -> int:
        quoted = [f'"{word}"' for word in question.words]
        match = f'"{" ".join(question.words)}"' if question.is_phrase else " OR ".join(quoted)
        if question.kind is None:
            connection.execute(best, [match]).fetchall()
        else:
            connection.execute(filtered, [match, question.kind]).fetchall()
            for column in ("kind", "language"):
                connection.execute(facets.format(column), [match]).fetchall()
        return int(connection.execute(count, [match]).fetchone()[0])

    return ask


def build_tantivy(entries: list[Entry], folder: Path) -> float:
    """Builds tantivy's index; gives the seconds it took."""
    import tantivy

    folder.mkdir()
    started = clock()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True)
    builder.add_text_field("text", stored=True)
    builder.add_text_field("kind", stored=True, tokenizer_name="raw")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(num_threads=1)
    for entry in entries:
        writer.add_document(tantivy.Document(title=entry.title, text=entry.text, kind=entry.kind))
    writer.commit()
    writer.wait_merging_threads()
    return clock() - started


def ask_tantivy(folder: Path) -> Ask:
    """tantivy: any of the words in title or text, its snippet generator; no facet counts."""
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher, schema = index.searcher(), index.schema
    one, should, must = tantivy.Query, tantivy.Occur.Should, tantivy.Occur.Must

    def ask(question: Question) -> int:
        if question.is_phrase:
            query = one.boolean_query(
                [(should, one.phrase_query(schema, field, list(question.words))) for field in ("title", "text")]
            )
        else:
            query = one.boolean_query(
                [
                    (should, one.term_query(schema, field, word))
                    for field in ("title", "text")
                    for word in question.words
                ]
            )
        if question.kind:
            query = one.boolean_query([(must, query), (must, one.term_query(schema, "kind", question.kind))])
        found = searcher.search(query, PAGE)
        snippets = tantivy.SnippetGenerator.create(searcher, query, schema, "text")
        for _, address in found.hits:
            document = searcher.doc(address)
            snippets.snippet_from_doc(document).to_html()
        return int(found.count)

    return ask


# ── Measuring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def time_each(questions: list[Question], ask: Ask, before: Callable[[], None] = lambda: None) -> list[float]:
    """Milliseconds of each question."""
    times = []
    gc.collect()
    gc.disable()
    for question in questions:
        before()
        started = clock()
        ask(question)
        times.append((clock() - started) * 1000)
    gc.enable()
    return times


def median(times: list[float]) -> float:
    """The middle one."""
    return statistics.median(times)


def p95(times: list[float]) -> float:
    """The one that 95 in a hundred do not exceed."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def report(questions: list[Question], runs: dict[str, list[float]]) -> None:
    """Prints median and 95th percentile by group of questions."""
    groups = ["all", *dict.fromkeys(question.group for question in questions)]
    print(f"\n{'median / p95, ms':<26}" + "".join(f"{name:>18}" for name in runs))
    for group in groups:
        line = f"{group:<26}"
        for times in runs.values():
            chosen = [t for t, q in zip(times, questions, strict=True) if group in ("all", q.group)]
            line += f"{f'{median(chosen):.2f} / {p95(chosen):.2f}':>18}"
        print(line)


def speed(database: Path, seed: int) -> None:
    """Builds all indexes, asks all questions, prints all figures."""
    read_started = clock()
    entries = read_entries(database)
    reading_seconds = clock() - read_started
    questions = make_questions(entries, seed)
    size = sum(len(entry.title) + len(entry.text) for entry in entries)
    print(f"{len(entries):,} entries, {size / 1e6:.1f} million characters, {len(questions)} questions, seed {seed}")
    print(
        f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fts5_seconds = build_fts5(entries, folder / "fts5.db")
        tantivy_seconds = build_tantivy(entries, folder / "tantivy")
        del entries
        started = clock()
        update_index(database, folder / "ours")
        our_seconds = clock() - started
        sizes = [
            total_bytes(next((folder / "ours").glob("generation-*"))),
            (folder / "fts5.db").stat().st_size,
            total_bytes(folder / "tantivy"),
        ]
        print(
            f"\nreading the entries with the projections' SQL: {reading_seconds:.1f} s, in comparada's figure, not in the others'"
        )
        print(f"build, s: comparada {our_seconds:.1f}, FTS5 {fts5_seconds:.1f}, tantivy {tantivy_seconds:.1f}")
        print("size, MB: comparada {:.0f}, FTS5 {:.0f}, tantivy {:.0f}".format(*(size / 1e6 for size in sizes)))
        print(
            f"build, times FTS5's: {our_seconds / fts5_seconds:.1f}; without the reading {(our_seconds - reading_seconds) / fts5_seconds:.1f} (at most 10)"
        )
        engine = Engine.open(database, folder / "ours")
        ours, sqlite, other = ask_ours(engine), ask_fts5(folder / "fts5.db"), ask_tantivy(folder / "tantivy")
        time_each(questions[:3], ours)  # what is done once in the life of an engine
        runs = {
            "comparada cold": time_each(questions, ours, engine.forget),
            "FTS5 first": time_each(questions, sqlite),
            "tantivy first": time_each(questions, other),
        }
        engine.forget()
        time_each(questions, ours)
        runs["comparada warm"] = time_each(questions, ours, lambda: engine.forget(answers_only=True))
        runs["FTS5 again"] = time_each(questions, sqlite)
        runs["tantivy again"] = time_each(questions, other)
        time_each(questions, ours)
        runs["comparada kept"] = time_each(questions, ours)
        report(questions, runs)
        verdict(questions, runs)
        print(
            f"\nmemory of a process that opens the index and answers the questions, at most: {memory(database, folder / 'ours', questions):.0f} MB (at most 300)"
        )


def verdict(questions: list[Question], runs: dict[str, list[float]]) -> None:
    """Prints the ratios that matter."""

    def of(name: str, group: str) -> list[float]:
        return [t for t, q in zip(runs[name], questions, strict=True) if q.group == group]

    print()
    for ours, theirs, most in (
        ("comparada cold", "FTS5 first", "3"),
        ("comparada warm", "FTS5 again", "1"),
        ("comparada kept", "FTS5 again", "1"),
    ):
        print(f"median {ours} / {theirs}: {median(runs[ours]) / median(runs[theirs]):.2f} (at most {most})")
    ratio = median(of("comparada cold", "ten words")) / median(of("FTS5 first", "ten words"))
    print(f"ten words, cold / FTS5 first: {ratio:.2f} (below 1)")
    print(f"phrases of common words, p95 cold: {p95(of('comparada cold', 'phrase of common words')):.1f} ms (below 40)")


def memory(database: Path, folder: Path, questions: list[Question]) -> float:
    """Megabytes at most of a process of its own that answers the questions twice."""
    command = [sys.executable, __file__, "--database", str(database), "--index", str(folder), "--memory"]
    typed = "\n".join(question.typed for question in questions)
    run = subprocess.run(command, input=typed, capture_output=True, text=True, check=True)
    return float(run.stdout)


def measure_memory(database: Path, folder: Path, typed: list[str]) -> None:
    """What `memory` runs."""
    engine = Engine.open(database, folder)
    for _ in range(2):
        for text in typed:
            engine.search(SearchRequest(text))
    # Not ru_maxrss: a new process starts with its parent's.
    highest = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(highest.split()[1]) / 1024)


# ── Scores ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_scores(database: Path, count: int, seed: int) -> int:
    """Compares the 20 best of each question, and their scores, with what plain Whoosh's searcher finds."""
    import numpy as np
    from plain_whoosh import PlainWhoosh

    questions = make_many(read_entries(database), count, seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        update_index(database, folder)
        engine = Engine.open(database, folder)
        plain, repaired = PlainWhoosh(engine, repaired=False), PlainWhoosh(engine)
        reasons: Counter[str] = Counter()
        for typed in questions:
            query = parse(typed)
            evaluated = engine.evaluator.evaluate(
                query, "es", expand=False, allowed=engine.living, deadline=math.inf, pairs=False
            )
            language = language_of(query.spoken, "es")
            found = np.flatnonzero(evaluated.found)
            order = sorted(found.tolist(), key=lambda entry: (-evaluated.scores[entry], entry))[:PAGE]
            ours = [(entry, float(evaluated.scores[entry])) for entry in order]
            reason = difference(ours, plain.search(query, language, PAGE))
            if reason not in ALIKE and difference(ours, repaired.search(query, language, PAGE)) in ALIKE:
                reason = "explained by Whoosh's DisjunctionMax (see plain_whoosh.py): alike once that is repaired"
            reasons[reason] += 1
    print(f"{count:,} questions, seed {seed}")
    for reason, times in reasons.most_common():
        print(f"{times:>6}  {reason}")
    return 0 if all(reason in ALIKE or reason.startswith("explained") for reason in reasons) else 1


ALIKE = ("the same entries, order and scores", "the same scores; entries that tie in another order")


def difference(ours: list[tuple[int, float]], theirs: list[tuple[int, float]]) -> str:
    """In one line, how two lists of the best differ."""
    if len(ours) != len(theirs):
        return "another number of entries"
    if any(not math.isclose(a[1], b[1], rel_tol=1e-6) for a, b in zip(ours, theirs, strict=True)):
        return "other scores"
    if [entry for entry, _ in ours] == [entry for entry, _ in theirs]:
        return ALIKE[0]
    return ALIKE[1]


def make_many(entries: list[Entry], count: int, seed: int) -> list[str]:
    """Questions of one to eight words or a phrase, as typed."""
    typed: list[str] = []
    while len(typed) < count:
        typed += [question.typed for question in make_questions(entries, seed + len(typed)) if not question.kind]
    return typed[:count]


def main(arguments: list[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, default=ROOT / "build" / "comparada.db")
    parser.add_argument("--seed", type=int, default=20_220_217)
    parser.add_argument("--scores", type=int, metavar="QUESTIONS", help="check scores instead of measuring speed")
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.memory:
        measure_memory(chosen.database, chosen.index, [line for line in sys.stdin.read().split("\n") if line])
        return 0
    if chosen.scores:
        return check_scores(chosen.database, chosen.scores, chosen.seed)
    speed(chosen.database, chosen.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
