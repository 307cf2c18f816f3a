"""Web pages: headings with their level, paragraphs, list items, table rows; menus, scripts and styles stay out."""

from __future__ import annotations

from pathlib import Path

from lxml import etree, html

from ingest.documents.block import Block, ReadDocument, UnreadableDocument
from ingest.documents.cleaning import clean
from ingest.documents.formats.plain_text import decoded

_LEFT_OUT = {
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "noscript",
    "template",
    "svg",
    "button",
    "head",
}
_BLOCKS = {
    "p", "li", "dt", "dd", "blockquote", "pre", "figcaption", "caption", "div", "section", "article", "main", "td", "th",
    "ul", "ol", "dl", "table", "tbody", "thead", "tr", "body", "html", "address", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr",
}  # fmt: skip


def read_html(path: Path, encoding: str) -> ReadDocument:
    """The blocks of a page; `row` is the line of the file on which the element stands. Raises UnreadableDocument."""
    text = decoded(path, encoding)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument("empty-document") from error
    main = next((e for e in root.iter() if e.tag in ("main", "article") or e.get("role") == "main"), root)
    blocks: list[Block] = []
    _walk(main, blocks)
    title = root.findtext(".//title")
    return ReadDocument(tuple(blocks), title=clean(title) or None if title else None, language=_language(root))


def _language(root: etree._Element) -> str | None:
    stated = root.get("lang")
    return stated[:2].lower() if stated and stated[:2].isalpha() else None


def _walk(element: etree._Element, blocks: list[Block]) -> None:
    """Gather running text between block elements, in order."""
    tag = str(element.tag)
    if tag in _LEFT_OUT:
        return
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        _add(blocks, _words(element), element, level=int(tag[1]))
        return
    if tag == "tr":
        _add(blocks, " | ".join(clean(_words(c)) for c in element.iterchildren("td", "th")), element)
        return
    run = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and (child.tag in _BLOCKS or child.find(".//p") is not None):
            _add(blocks, "".join(run), element)
            _walk(child, blocks)
            run = []
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            run.append(_words(child))
        run.append(child.tail or "")
    _add(blocks, "".join(run), element)


def _words(element: etree._Element) -> str:
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def _add(blocks: list[Block], text: str, element: etree._Element, *, level: int | None = None) -> None:
    words = " ".join(clean(text).split())
    if words.strip(" |"):
        line = element.sourceline
        blocks.append(Block(words, line if isinstance(line, int) else 0, level=level))
