"""Precision and recall of the citations, on pages whose references were marked by hand.

    python -m benchmarks.citations [--mirror ../shared] [--misses]

The marks are tests/judged/citations.yml, whose head says what counts as a reference. The unit is the pair
norm and article (or the agreement, or the date of the official gazette) on its page, counted as often as it
stands there. Norms named without an article are no unit. The texts come from a mirror of the published files.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import yaml

from ingest.citations.citation_rows import citation_rows
from ingest.citations.norm_names import plain
from ingest.descriptor.reading import load_descriptor
from ingest.documents.reading import read_documents
from ingest.documents.structures.numerals import ordinal

REPOSITORY = Path(__file__).parents[1]
MARKS = REPOSITORY / "tests/judged/citations.yml"
_AROUND = 40  # characters beside a reference that tell where it stands
Unit = tuple[str, str, str]  # norm, article, date of the gazette


@dataclass(frozen=True)
class Measured:
    """One page: what was marked, what was found, and how much of it agrees."""

    page: str
    marked: Counter[Unit]
    found: Counter[Unit]
    details_right: int
    details_compared: int

    @property
    def agreed(self) -> int:
        """Units marked and found."""
        return sum((self.marked & self.found).values())


def measure(mirror: Path) -> list[Measured]:
    """Every judged page. The mirror is the folder that holds `documents/`."""
    judged = yaml.safe_load(MARKS.read_text("utf-8"))
    connection, document_of, norm_of = _database(mirror, {page["document"] for page in judged["pages"]})
    rows = list(citation_rows(connection))
    return [
        _measured(page, judged["norms"], rows, document_of, norm_of, connection, mirror) for page in judged["pages"]
    ]


def _database(mirror: Path, wanted: set[str]) -> tuple[sqlite3.Connection, dict[str, str], dict[str, str]]:
    """The documents that hold judged pages, read as the knowledge base reads them; file → document id, id → norm."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE documents (document_id, title, short_name, type, identifier, jurisdiction_id)")
    connection.execute(
        "CREATE TABLE document_sections (section_id, document_id, position, kind, anchor, number, heading, text, reform_notes,"
        " page_first, page_last)"
    )
    document_of: dict[str, str] = {}
    norm_of: dict[str, str] = {}
    for path in sorted((REPOSITORY / "datasets").glob("*/source.yml")):
        descriptor = load_descriptor(path)
        files = [f for f in descriptor.files if (f.mirror or "").removeprefix("documents/") in wanted]
        if not descriptor.documents or not files:
            continue
        kept = [d.model_copy(update={"expect": {}}) for d in descriptor.documents]
        some = descriptor.model_copy(update={"files": files, "documents": kept})
        read = read_documents(some, {f.path: mirror / str(f.mirror) for f in files})
        names = {f.path: str(f.mirror).removeprefix("documents/") for f in files}
        for row in read.rows["documents"]:
            document_of[names[row["raw_file"]]] = row["document_id"]
            norm_of[row["document_id"]] = row["short_name"] or row["title"]
            _insert(connection, "documents", row)
        for row in read.rows["document_sections"]:
            _insert(connection, "document_sections", row)
    return connection, document_of, norm_of


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, str]) -> None:
    columns = [c[1] for c in connection.execute(f"PRAGMA table_info({table})")]
    values = [
        int(row[c]) if c in ("position", "page_first", "page_last") and row[c] else row[c] or None for c in columns
    ]
    connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", values)


def _measured(
    page: Mapping[str, Any], norms: Mapping[str, str], rows: list[dict[str, Any]], document_of: Mapping[str, str],
    norm_of: Mapping[str, str], connection: sqlite3.Connection, mirror: Path,
) -> Measured:  # fmt: skip
    document = document_of[page["document"]]
    own = norm_of[document]
    names = {plain(text.split(" / ")[0]): code for code, text in norms.items()}
    marked = list(_marked(page["references"], own))
    found = list(_found(page, rows, document, names, own, connection, mirror))
    details: dict[Unit, list[frozenset[str]]] = {}
    for unit, detail in found:
        details.setdefault(unit, []).append(detail)
    right = compared = 0
    for unit, detail in marked:
        if details.get(unit):
            compared += 1
            if detail in details[unit]:
                right += 1
                details[unit].remove(detail)
            else:
                details[unit].pop()
    where = page["document"] + (f", p. {page['page']}" if "page" in page else "")
    return Measured(where, Counter(u for u, _ in marked), Counter(u for u, _ in found), right, compared)


def _marked(references: Iterable[Mapping[str, Any]], own: str) -> Iterator[tuple[Unit, frozenset[str]]]:
    for reference in references:
        for article in reference.get("articles", [{}]):
            number = str(article.get("article", ""))
            if article.get("transitory"):
                number = f"transitorio {ordinal(number)}"
            date = reference.get("date", "") if reference["norm"] == "DOF" else ""
            detail = frozenset(part for text in article.get("detail", []) for part in text.split(", "))
            yield ("self" if reference["norm"] == own else reference["norm"], number.lower(), date), _compared(detail)


def _found(
    page: Mapping[str, Any], rows: list[dict[str, Any]], document: str, names: Mapping[str, str], own: str,
    connection: sqlite3.Connection, mirror: Path,
) -> Iterator[tuple[Unit, frozenset[str]]]:  # fmt: skip
    sections = {
        section_id: {"heading": heading, "text": text or "", "reform_notes": notes or ""}
        for section_id, heading, text, notes in connection.execute(
            "SELECT section_id, heading, text, reform_notes FROM document_sections WHERE document_id = ?"
            " AND (page_first IS NULL OR ? BETWEEN page_first AND page_last)",
            (document, page.get("page")),
        )
    }
    words = _page_words(mirror / "documents" / page["document"], page["page"]) if "page" in page else None
    places: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        if row["section_id"] not in sections or row["rule"] == "norm":
            continue
        if words is not None and not _stands_on(words, sections[row["section_id"]][row["found_in"]], row, places):
            continue
        norm = row["norm"] or ""
        code = "self" if norm == own else "decree" if norm == "Decreto" else names.get(plain(norm), norm)
        date = row["cited_date"] or "" if norm == "DOF" else ""
        detail = frozenset((row["detail"] or "").split(", ")) - {""}
        yield (code, (row["article"] or "").lower(), date), _compared(detail)


def _compared(detail: frozenset[str]) -> frozenset[str]:
    """Details as the marks' head says to compare them: a numeral is a paragraph."""
    return frozenset(part.replace("numeral", "párrafo").casefold() for part in detail)


def _stands_on(words: str, column: str, row: Mapping[str, Any], places: dict[str, list[tuple[str, str, int]]]) -> bool:
    """Whether a reference stands on the page: its words with those beside it do, and not all their places are taken."""
    start, end = row["start_character"], row["end_character"]
    line_start, line_end = column.rfind("\n", 0, start) + 1, column.find("\n", end)
    line_end = len(column) if line_end < 0 else line_end
    before, after = column[max(line_start, start - _AROUND) : start], column[end : min(line_end, end + _AROUND)]
    reference = column[start:end]
    own = len(_letters(reference))
    # a reference that goes on overleaf stands on the page on which it begins
    for beside in (before + reference + after, before + reference, reference + after, before + reference[:25]):
        letters = _letters(beside)
        if len(letters) < own + 12 and beside != before + reference + after and beside != before + reference[:25]:
            continue
        if (count := words.count(letters)) > 0:
            place = (row["section_id"], row["found_in"], start)
            taken = places.setdefault(letters, [])
            if place in taken:
                return True
            if len(taken) < count:
                taken.append(place)
                return True
            return False
    return False


def _page_words(path: Path, page: int) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return _letters(document[page - 1].get_textpage().get_text_range())
    finally:
        document.close()


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def main(arguments: list[str] | None = None) -> int:
    """Print a line a page and the totals."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.citations", description=main.__doc__)
    parser.add_argument("--mirror", type=Path, default=REPOSITORY.parent / "shared")
    parser.add_argument("--misses", action="store_true", help="also what was missed and what was found wrongly")
    options = parser.parse_args(arguments)
    measured = measure(options.mirror)
    print(f"{'page':<75}{'marked':>7}{'found':>7}{'agreed':>7}")
    for m in measured:
        print(f"{m.page:<75}{m.marked.total():>7}{m.found.total():>7}{m.agreed:>7}")
        if options.misses:
            for unit, count in (m.marked - m.found).items():
                print(f"    missed {count} {unit}")
            for unit, count in (m.found - m.marked).items():
                print(f"    wrong  {count} {unit}")
    for name, some in (("INE/JGE52/2022", measured[:1]), ("other pages", measured[1:]), ("all", measured)):
        marked, found, agreed = (
            sum(part) for part in zip(*((m.marked.total(), m.found.total(), m.agreed) for m in some), strict=True)
        )
        compared, right = sum(m.details_compared for m in some), sum(m.details_right for m in some)
        print(f"{name}: precision {agreed / found:.3f} ({agreed}/{found}), recall {agreed / marked:.3f} ({agreed}/{marked}), "
              f"places in the article right {right / compared:.3f} ({right}/{compared})")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
