"""SQLite's FTS5 and tantivy, as search_speed.py builds and asks them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


Ask = Callable[[Question], int]


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
