"""HTML, Word and PDF of a document, from one Markdown: pandoc writes, typst sets the PDF."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typst

from research.faults import Fault, TextError
from research.publishing.compose import (
    Drawings,
    Edition,
    Format,
    compose,
    headings,
    metadata,
    own_bibliography,
    references,
    wants_contents,
)
from research.publishing.fonts import check_fonts
from research.publishing.pandoc import pandoc
from research.publishing.product import TEXT_FILE
from research.publishing.word_sections import laid
from research.publishing.word_template import word_template
from research.publishing.words import word

HERE = Path(__file__).parent
# dollars are money, and raw HTML would be lost in two of three formats
READ_AS = "markdown-tex_math_dollars-raw_html-raw_tex-markdown_in_html_blocks-latex_macros"
KINDS = ("html", "docx", "pdf")


def render(edition: Edition, kind: str, drawings: Drawings, products: Path) -> bytes:
    """The document in one of KINDS. Raises TextError for a broken template, a missing font, an unknown reference."""
    return _RENDERERS[kind](edition, drawings, products)


def _html(edition: Edition, drawings: Drawings, products: Path) -> bytes:
    shift = 2 - _top_level(edition)
    made = _pandoc(
        edition, "html", drawings,
        ["-t", "html5", "--template", str(HERE / "document.html"), "--embed-resources", "--toc-depth=3",
         f"--shift-heading-level-by={shift}", "--section-divs=false"],
    )  # fmt: skip
    text = made.decode()
    text = text.replace("<th>", '<th scope="col">').replace("<th style", '<th scope="col" style')
    text = re.sub(r'(<(?:section|aside)[^>]*role="doc-endnotes")',
                  rf'\1 aria-label="{word("notes", edition.product.asking.language)}"', text)  # fmt: skip
    return text.encode()


def _docx(edition: Edition, drawings: Drawings, products: Path) -> bytes:
    head = edition.product.front_matter
    running = head.running_title
    foot = f"{edition.product.product_id} · {head.procedure} · {word('data version', head.language)} {edition.data_version}"
    template = drawings.folder / "template.docx"
    template.write_bytes(word_template(products, edition.style, running, foot, head.draft_mark))
    out = drawings.folder / "document.docx"
    _pandoc(
        edition, "docx", drawings,
        ["-t", "docx", "--reference-doc", str(template), "-o", str(out),
         f"--shift-heading-level-by={1 - _top_level(edition)}"],
    )  # fmt: skip
    return laid(out.read_bytes())


def _pdf(edition: Edition, drawings: Drawings, products: Path) -> bytes:
    check_fonts(edition.style)
    made = _pandoc(
        edition, "typst", drawings,
        ["-t", "typst", "--template", str(HERE / "document.typ"),
         "--extract-media=.",  # typst reads nothing outside its own folder
         f"--shift-heading-level-by={1 - _top_level(edition)}"],
    )  # fmt: skip
    source = drawings.folder / "document.typ"
    source.write_bytes(made)
    try:
        compiled, _warnings = typst.compile_with_warnings(
            str(source), root=str(drawings.folder), format="pdf",
            timestamp=_seconds(edition),
        )  # fmt: skip
    except typst.TypstError as error:
        raise TextError(_place(edition), [Fault(0, f"el PDF no se pudo componer: {error}", f"the PDF could not be set: {error}")]) from error  # fmt: skip
    assert isinstance(compiled, bytes)
    return compiled


_RENDERERS: Mapping[str, Callable[[Edition, Drawings, Path], bytes]] = {"html": _html, "docx": _docx, "pdf": _pdf}


def _seconds(edition: Edition) -> int:
    """The day of publication as typst counts time: the PDF is the same however often it is made."""
    return int((edition.published - type(edition.published)(1970, 1, 1)).total_seconds())


def _top_level(edition: Edition) -> int:
    return min((level for level, _ in headings(edition.product.text)), default=1)


def _place(edition: Edition) -> str:
    return f"research/products/{edition.product.product_id}/{TEXT_FILE}"


def _pandoc(edition: Edition, form: Format, drawings: Drawings, options: list[str]) -> bytes:
    folder = drawings.folder
    told = metadata(edition, form)
    text = compose(edition, form, drawings)
    if form == "docx" and wants_contents(edition.product):
        text = f"{_word_contents(text, told, folder)}\n\n{text}"
    (folder / "metadata.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    (folder / "references.json").write_text(json.dumps(references(edition.product), ensure_ascii=False), "utf-8")
    style = "notes.csl" if edition.product.front_matter.cites_in_notes else "author-date.csl"
    command = [
        "-f", READ_AS, *options, "--standalone", "--wrap=none", "--columns=300",
        "--metadata-file", str(folder / "metadata.json"), "--citeproc", "--csl", str(HERE / style),
        "--bibliography", str(folder / "references.json"), "--lua-filter", str(HERE / "document.lua"),
        "--resource-path", f"{folder}:{edition.product.folder}",
    ]  # fmt: skip
    own = own_bibliography(edition.product)
    if own.is_file():
        command += ["--bibliography", str(own)]
    if form != "docx" and wants_contents(edition.product):
        command.append("--toc")
    made = pandoc(command, text.encode(), folder)
    said = made.stderr.decode(errors="replace").strip()
    if made.returncode:
        raise TextError(_place(edition), [Fault(0, f"pandoc no pudo leer el texto: {said}", f"pandoc could not read the text: {said}")])  # fmt: skip
    _check_warnings(said, edition)
    return made.stdout


def _check_warnings(said: str, edition: Edition) -> None:
    """A reference to nothing or a picture that is not there would be lost in silence. Raises TextError."""
    faults = []
    for key in dict.fromkeys(re.findall(r"Citeproc: citation (\S+) not found", said)):
        line = _line_with(edition, f"@{key}")
        faults.append(Fault(line, f"la referencia «@{key}» no está en bibliografia.bib ni es una fuente; para citar una fuente use [[fuente: …]]",
                            f"the reference '@{key}' is neither in bibliografia.bib nor a source; to cite a source use [[source: …]]"))  # fmt: skip
    for file in dict.fromkeys(re.findall(r"Could not fetch resource '?([^'\n:]+)'?", said)):
        faults.append(Fault(_line_with(edition, file), f"no está el archivo «{file}» en la carpeta del documento",
                            f"the file '{file}' is not in the document's folder"))  # fmt: skip
    if faults:
        raise TextError(_place(edition), faults)


def _line_with(edition: Edition, words: str) -> int:
    text = edition.product.text
    at = text.find(words)
    return edition.product.first_line + text.count("\n", 0, at) if at >= 0 else 0


def _word_contents(text: str, told: dict[str, Any], folder: Path) -> str:
    """The list of sections as a Word field that already holds them: nothing to answer on opening, pages on F9."""
    parsed = pandoc(["-f", READ_AS, "-t", "json"], text.encode(), folder)
    sections = list(_sections(json.loads(parsed.stdout)["blocks"]))
    top = min((level for level, _, _ in sections), default=1)
    entries = [s for s in sections if s[0] <= top + 1]
    field = 'TOC \\o "1-2" \\h \\z \\u'
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {html.escape(field)} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    paragraphs = [
        f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>{html.escape(told["contents-title"])}</w:t></w:r></w:p>'
    ]
    for place, (level, anchor, words) in enumerate(entries):
        start = begin if place == 0 else ""
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if place == len(entries) - 1 else ""
        paragraphs.append(
            f'<w:p><w:pPr><w:pStyle w:val="TOC{level - top + 1}"/></w:pPr>{start}<w:hyperlink w:anchor="{html.escape(anchor)}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{html.escape(words)}</w:t></w:r></w:hyperlink>{end}</w:p>'
        )  # fmt: skip
    return "```{=openxml}\n" + "".join(paragraphs) + "\n```"


def _sections(blocks: list[dict[str, Any]]) -> Any:
    for block in blocks:
        if block["t"] == "Header":
            level, (anchor, _, _), inlines = block["c"]
            yield level, anchor, _plain(inlines)


def _plain(inlines: Any) -> str:
    if isinstance(inlines, list):
        return "".join(_plain(i) for i in inlines)
    if isinstance(inlines, dict):
        kind, content = inlines.get("t"), inlines.get("c")
        if kind in ("Space", "SoftBreak", "LineBreak"):
            return " "
        if kind == "Str":
            return str(content)
        if kind in ("Note", "RawInline", "Cite"):
            return ""
        return _plain(content[-1] if kind in ("Span", "Link", "Quoted") and isinstance(content, list) else content)
    return ""
