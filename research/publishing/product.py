"""A document's folder, `research/products/<id>/`: its text read, its directives resolved, every fault told at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from research.directives.asking import Asking
from research.directives.content import Cited, Content, cited_in
from research.directives.resolve import resolve
from research.directives.syntax import Directive, Word, find_directives
from research.faults import Fault, TextError, WrongName, or_rather
from research.names import Names, nearest
from research.publishing.front_matter import FrontMatter, Head, split

TEXT_FILE = "texto.md"
OWN_PLACE: frozenset[Word] = frozenset({"table", "chart", "map", "results", "article", "references", "data"})


@dataclass(frozen=True)
class Product:
    """A document with everything in it resolved: head, text, contents in their order, countries and topics by id."""

    product_id: str
    folder: Path
    front_matter: FrontMatter
    text: str
    first_line: int
    contents: tuple[tuple[Directive, Content], ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    asking: Asking

    @property
    def figures(self) -> list[tuple[Directive, Cited]]:
        """Every figure that the document cites, in the order of its text."""
        return [(directive, cited) for directive, content in self.contents for cited in cited_in(content)]


def product_ids(products: Path) -> list[str]:
    """The documents of a folder, by id."""
    return sorted(p.parent.name for p in products.glob(f"*/{TEXT_FILE}"))


def check_id(product_id: str) -> None:
    """Raises TextError for an id that would not do as the name of files and as part of an address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", product_id):
        raise TextError(f"research/products/{product_id}", [Fault(
            0, "el identificador solo lleva letras sin acento, cifras, puntos y guiones; cambie el nombre de la carpeta",
            "an id has only unaccented letters, digits, points and dashes; rename the folder")])  # fmt: skip


def read_text(products: Path, product_id: str) -> str:
    """The text of a document. Raises TextError where there is none, with the nearest id, and for an id that cannot be one."""
    check_id(product_id)
    path = products / product_id / TEXT_FILE
    if not path.is_file():
        known = product_ids(products)
        es, en = or_rather(nearest(product_id, known), known)
        raise TextError(f"research/products/{product_id}", [Fault(0, f"no hay documento «{product_id}»{es}", f"there is no document '{product_id}'{en}")])  # fmt: skip
    try:
        return path.read_text("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise TextError(_place(product_id), [Fault(line, "el archivo no está en UTF-8; guárdelo así", "the file is not in UTF-8; save it so")]) from error  # fmt: skip


def read_product(connection: sqlite3.Connection, products: Path, product_id: str) -> Product:
    """The document, resolved against that knowledge base. Raises TextError with every fault of its text."""
    head, faults = split(read_text(products, product_id))
    if head is None:
        raise TextError(_place(product_id), faults)
    names = Names(connection)
    asking = Asking(connection, names, head.front_matter.language, head.front_matter.cutoff.isoformat())
    countries, topics = _named(head, names, faults)
    found = find_directives(head.text, head.first_line)
    contents, wrong = resolve(asking, found)
    faults += [*wrong, *_crowded(head.text, found.directives)]
    if faults:
        raise TextError(_place(product_id), faults)
    return Product(
        product_id, products / product_id, head.front_matter, head.text, head.first_line, tuple(contents),
        countries, topics, asking,
    )  # fmt: skip


def _place(product_id: str) -> str:
    return f"research/products/{product_id}/{TEXT_FILE}"


def _crowded(text: str, directives: Iterable[Directive]) -> Iterator[Fault]:
    """What fills a place of its own must stand alone in its paragraph."""
    for directive in directives:
        before = text[: directive.start].rsplit("\n\n", 1)[-1]
        after = text[directive.end :].split("\n\n", 1)[0]
        if directive.word in OWN_PLACE and (before.strip() or after.strip()):
            yield Fault(directive.line, f"{directive.written} debe estar sola, con una línea vacía antes y otra después",
                        f"{directive.written} must stand alone, with an empty line before and after")  # fmt: skip


def _named(head: Head, names: Names, faults: list[Fault]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The countries and topics of the head, by id."""
    countries: dict[str, None] = {}
    topics: dict[str, None] = {}
    for name in head.front_matter.countries:
        try:
            countries.update(dict.fromkeys(names.countries(name)))
        except WrongName as wrong:
            faults.append(Fault(head.line_of("paises", "countries"), wrong.es, wrong.en))
    for name in head.front_matter.topics:
        try:
            topics[names.topic(name)] = None
        except WrongName as wrong:
            faults.append(Fault(head.line_of("temas", "topics"), wrong.es, wrong.en))
    return tuple(countries), tuple(topics)
