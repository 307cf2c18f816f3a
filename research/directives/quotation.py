"""`[[artículo: LGIPE 65]]`: an article quoted from the documents; and `[[fuente: vdem]]`, a reference to a source."""

from __future__ import annotations

import re

from research.directives.asking import Asking
from research.directives.content import Cited, OwnNumber, Pin, Quotation, Reference
from research.directives.syntax import Directive
from research.faults import WrongName, or_rather
from research.names import folded, nearest

_ARTICLE_WORD = re.compile(r"(?i)[,\s]*\b(?:art[ií]culo|article|art)\b\.?\s*")


def article(asking: Asking, directive: Directive) -> Quotation:
    """The article, or those of its paragraphs that are asked for. Raises WrongName."""
    written = _ARTICLE_WORD.sub(" ", " ".join(directive.arguments)).strip()
    if not written:
        raise WrongName("falta el documento y su artículo: [[artículo: LGIPE 65]]",
                        "the document and its article are missing: [[article: LGIPE 65]]")  # fmt: skip
    document, number = _document_and_number(asking, written)
    section, heading, text, page = _section(asking, document, number)
    paragraphs = _chosen(text.split("\n"), directive.options.get("paragraphs"), directive.written)
    name = asking.names.documents[document]
    at_page = "" if page is None else f", p. {page}"
    quoted = "\n".join(paragraphs)
    cited = Cited("article", heading, Pin("document_sections", (("section_id", section),), "text"),
                  source_id=None, value_text=quoted)  # fmt: skip
    return Quotation(tuple(paragraphs), f"{name}, {heading[0].lower()}{heading[1:]}{at_page}", document, cited)


def _document_and_number(asking: Asking, written: str) -> tuple[str, str]:
    words = written.split()
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length]).strip(",")
        try:
            document = asking.names.document(name)
        except WrongName as wrong:
            if "¿" not in wrong.es and "puede ser" in wrong.es:
                raise
            continue
        number = " ".join(words[length:]).strip(" ,")
        if not number:
            raise WrongName(
                f"falta el número de artículo después de «{name}»",
                f"the number of the article is missing after '{name}'",
            )
        return document, number
    asking.names.document(" ".join(words[:-1]) or written)  # it raises, with the nearest name
    raise AssertionError(written)


def _section(asking: Asking, document: str, number: str) -> tuple[str, str, str, int | None]:
    found = asking.connection.execute(
        "SELECT section_id, heading, text, page_first, number, kind FROM document_sections"
        " WHERE document_id = ? AND text IS NOT NULL ORDER BY kind <> 'article', position", (document,),
    ).fetchall()  # fmt: skip
    wanted = folded(number)
    for section, heading, text, page, its_number, kind in found:
        is_it = kind == "article" and folded(its_number or "") == wanted
        if is_it or folded(heading) == wanted or folded(heading).startswith(f"{wanted}."):
            return section, heading, text, page
    known = [row[4] for row in found if row[5] == "article" and row[4]]
    es, en = or_rather(nearest(number, known) or (known[-1] if known else None))
    name = asking.names.documents[document]
    raise WrongName(
        f"«{name}» no tiene aquí el artículo «{number}»{es}", f"'{name}' has no article '{number}' here{en}"
    )


def _chosen(paragraphs: list[str], wanted: str | None, written: str) -> list[str]:
    if wanted is None:
        return paragraphs
    match = re.fullmatch(r"(\d+)(?:\s*[–-]\s*(\d+))?", wanted)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= len(paragraphs):
        raise WrongName(
            f"«párrafos: {wanted}» debe ser un número o un intervalo entre 1 y {len(paragraphs)} en {written}",
            f"'paragraphs: {wanted}' must be a number or a span between 1 and {len(paragraphs)} in {written}",
        )
    return paragraphs[first - 1 : last]


def reference(asking: Asking, directive: Directive) -> Reference:
    """The source or document that a text refers to. Raises WrongName."""
    if len(directive.arguments) != 1:
        raise WrongName(f"{directive.written} debe nombrar una fuente: [[fuente: vdem]]",
                        f"{directive.written} must name one source: [[source: vdem]]")  # fmt: skip
    return Reference(asking.names.citable(directive.arguments[0]), directive.options.get("place", ""))


def own_number(asking: Asking, directive: Directive) -> OwnNumber:
    """A number of the author's own, with its reason. Raises WrongName when the reason is missing."""
    if len(directive.arguments) != 2:
        raise WrongName(
            f"{directive.written} necesita el número y su razón: [[número: 12 | países del cuadro 1]]",
            f"{directive.written} needs the number and its reason: [[number: 12 | countries in table 1]]",
        )
    shown, reason = directive.arguments
    return OwnNumber(shown, Cited("number", shown, value_text=reason))
