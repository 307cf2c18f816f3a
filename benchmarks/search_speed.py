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
import contextlib
import gc
import math
import os
import platform
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise, repeat
from pathlib import Path

from other_engines import PAGE, Ask, Entry, Question, ask_fts5, ask_tantivy, build_fts5, build_tantivy, clock

from search import Engine, SearchRequest, projections, update_index
from search.evaluation import language_of
from search.query_language import parse
from search.whoosh_index import total_bytes
from search.words import ALL_STOP_WORDS, words_of

ROOT = Path(__file__).parents[1]
ROUNDS = 5


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


def ask_ours(engine: Engine) -> Ask:
    """Our engine, as the portal asks it."""

    def ask(question: Question) -> int:
        filters = {"kind": (question.kind,)} if question.kind else {}
        request = SearchRequest(
            question.typed, filters=filters, page_size=PAGE, expand=False, facets=question.kind is not None
        )
        return engine.search(request).total_count

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
    entries = read_entries(database)
    questions = make_questions(entries, seed)
    size = sum(len(entry.title) + len(entry.text) for entry in entries)
    print(f"{len(entries):,} entries, {size / 1e6:.1f} million characters, {len(questions)} questions, seed {seed}")
    print(
        f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    del entries
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        building(database, folder)
        incremental(database, folder)
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


def building(database: Path, folder: Path) -> None:
    """Builds all indexes from the database, in turn and several times, and prints how long the middle one took."""
    took: dict[str, list[float]] = {name: [] for name in ("reading", "FTS5", "tantivy", "comparada")}
    for _ in range(ROUNDS):
        for name in ("ours", "tantivy"):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / "fts5.db").unlink(missing_ok=True)
        gc.collect()
        started = clock()
        entries = read_entries(database)
        took["reading"].append(clock() - started)
        took["FTS5"].append(build_fts5(entries, folder / "fts5.db"))
        took["tantivy"].append(build_tantivy(entries, folder / "tantivy"))
        del entries
        gc.collect()
        started = clock()
        update_index(database, folder / "ours")
        took["comparada"].append(clock() - started)
    reading, fts5, tantivy, ours = (median(times) for times in took.values())
    print(f"\nbuild, seconds of the processor, the middle one of {ROUNDS}:")
    print(f"  comparada, from the database to the index in use       {ours:.2f}")
    print(f"  FTS5, from the database, by the same projections       {reading + fts5:.2f}")
    print(f"  FTS5, given the entries already read                   {fts5:.2f}")
    print(f"  tantivy, given the entries already read                {tantivy:.2f}")
    print(f"times FTS5's, both from the database: {ours / (reading + fts5):.1f} (at most 10)")
    print(f"times FTS5's, neither counting the reading: {(ours - reading) / fts5:.1f} (at most 10)")
    print(f"times FTS5's, ours counting the reading and FTS5's not: {ours / fts5:.1f} (at most 10)")
    sizes = [
        total_bytes(next((folder / "ours").glob("generation-*"))),
        (folder / "fts5.db").stat().st_size,
        total_bytes(folder / "tantivy"),
    ]
    print("size, MB: comparada {:.0f}, FTS5 {:.0f}, tantivy {:.0f}".format(*(size / 1e6 for size in sizes)))


def incremental(database: Path, folder: Path) -> None:
    """Changes one entry in a hundred in a copy of the database, brings the index up to date, says what was done."""
    changed = folder / "changed.db"
    shutil.copyfile(database, changed)
    update_index(changed, folder / "updated")
    with contextlib.closing(sqlite3.connect(changed)) as connection:
        total = sum(
            connection.execute(f"select count(*) from ({projection.sql})").fetchone()[0]
            for projection in projections.load()
            if projections.missing_table(connection, projection) is None
        )
        connection.execute(
            "update parties set name = name || ' (cambiado)' where rowid in (select rowid from parties limit ?)",
            [total // 100],
        )
        connection.execute("delete from builds")  # another state of the database: its record tells one from another
        connection.commit()
    started = clock()
    report = update_index(changed, folder / "updated")
    print(
        f"one entry in a hundred changed: {report.added + report.changed:,} of {total:,} indexed again, "
        f"{report.unchanged:,} left as they are, {clock() - started:.2f} s of the processor"
    )
    changed.unlink()
    shutil.rmtree(folder / "updated")


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
    questions = make_many(read_entries(database), count, seed)
    processes = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        update_index(database, folder)
        with ProcessPoolExecutor(processes) as pool:
            parts = [questions[place::processes] for place in range(processes)]
            found = pool.map(compare, repeat(database), repeat(folder), parts)
            reasons = sum(found, Counter[str]())
    print(f"{count:,} questions, seed {seed}")
    for reason, times in reasons.most_common():
        print(f"{times:>6}  {reason}")
    return 0 if all(reason in ALIKE or reason.startswith("explained") for reason in reasons) else 1


def compare(database: Path, folder: Path, questions: list[str]) -> Counter[str]:
    """How often the answers are alike, or differ for which reason: one whose repair makes them alike."""
    import numpy as np
    from plain_whoosh import PlainWhoosh

    engine = Engine.open(database, folder)
    searchers = {
        "": PlainWhoosh(engine, maxima=False, losses=False),
        "explained by the maxima": PlainWhoosh(engine, losses=False),
        "explained by the losses": PlainWhoosh(engine, maxima=False),
        "explained by the maxima and the losses": PlainWhoosh(engine),
    }
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
        for explained, plain in searchers.items():
            reason = difference(ours, plain.search(query, language, PAGE))
            if reason in ALIKE:
                reason = f"{explained} (see plain_whoosh.py): alike once repaired" if explained else reason
                break
        reasons[reason] += 1
    return reasons


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
