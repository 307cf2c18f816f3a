"""One Markdown of a document's text and contents, for each format the way that format does it best."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from research.directives.content import (
    ChartContent,
    Content,
    FigureContent,
    MapContent,
    OwnNumber,
    Place,
    Quotation,
    Reference,
    TableContent,
)
from research.directives.syntax import Directive
from research.publishing.bibliography import DataUsed, csl_items, data_used
from research.publishing.columns import columns_of
from research.publishing.drawing import chart_svg, map_svg, not_on_the_map, pdf, png
from research.publishing.house_style import HouseStyle
from research.publishing.markdown import escaped, noted, pipe_table, verbatim
from research.publishing.product import Product
from research.publishing.words import long_date, word

Format = Literal["html", "docx", "typst"]
_DRAWING_FILE: dict[Format, str] = {"html": "svg", "docx": "png", "typst": "pdf"}


@dataclass(frozen=True)
class Edition:
    """A document on its way out: in which style, when, and from which data."""

    product: Product
    style: HouseStyle
    published: datetime.date
    data_version: str


@dataclass
class Drawings:
    """The drawings of a document, each drawn once, put into a folder in the form a format takes."""

    folder: Path
    svgs: dict[int, str] = field(default_factory=dict)

    def file(self, index: int, form: Format) -> str:
        """The name of a drawing's file in the folder, written when first asked for."""
        name = f"figure-{index}.{_DRAWING_FILE[form]}"
        path = self.folder / name
        if not path.exists():
            svg = self.svgs[index]
            path.write_bytes(svg.encode() if form == "html" else png(svg) if form == "docx" else pdf(svg))
        return name


def draw(product: Product, folder: Path) -> Drawings:
    """Every chart and map of the document, by the number of its directive."""
    drawings = Drawings(folder)
    for index, (_, content) in enumerate(product.contents):
        if isinstance(content, ChartContent):
            drawings.svgs[index] = chart_svg(content, product.asking.language)
        elif isinstance(content, MapContent):
            names = {key: product.asking.country(key) for key in content.area}
            drawings.svgs[index] = map_svg(content, names)
    return drawings


def references(product: Product) -> list[dict[str, Any]]:
    """The document's bibliography as CSL-JSON: every source whose data it uses and every one that it names."""
    return csl_items(product.asking.connection, _keys(product), product.asking.language)


def cites_anything(product: Product) -> bool:
    """Whether the document has a bibliography: sources of ours, or references of its own."""
    return bool(_keys(product)) or own_bibliography(product).is_file()


def own_bibliography(product: Product) -> Path:
    """Where an author may keep references that are no source of ours."""
    return product.folder / "bibliografia.bib"


def _keys(product: Product) -> set[str]:
    keys = {cited.source_id for _, cited in product.figures if cited.source_id}
    for _, content in product.contents:
        if isinstance(content, Reference):
            keys.add(content.key)
        elif isinstance(content, Quotation):
            keys.add(content.document_id)
    return keys


def sources_used(product: Product) -> list[DataUsed]:
    """The sources whose figures stand in the document, with what their licences ask."""
    used = (cited.source_id for _, cited in product.figures if cited.source_id)
    return data_used(product.asking.connection, used, product.asking.language)


def metadata(edition: Edition, form: Format) -> dict[str, Any]:
    """What pandoc's templates are told of the document."""
    product, head, language = edition.product, edition.product.front_matter, edition.product.asking.language
    lines = [f"{word('cutoff', language)}: {long_date(head.cutoff, language)}"]
    lines.append(
        head.draft_mark
        or f"{word('published', language)}: {long_date(edition.published, language)}"
    )  # fmt: skip
    lines.append(f"{word('data version', language)}: {edition.data_version}")
    kicker = f"{head.type_label} · {product.product_id} · {head.procedure}"
    told: dict[str, Any] = {
        "title": escaped(head.title.in_(language)),
        "pagetitle": head.title.in_(language),
        "subtitle": escaped(kicker),
        "lang": "es-MX" if language == "es" else "en-US",
        "language": language,
        "date": [escaped(line) for line in lines] if form != "docx" else escaped(" · ".join(lines)),
        "institution": escaped(edition.style.institution),
        "contents-title": word("contents", language),
        "skip": word("skip", language),
        "colour": edition.style.colour if form == "html" else edition.style.colour.removeprefix("#"),
        "pdf-font": edition.style.pdf_font,
        "pdf-heading-font": edition.style.pdf_heading_font,
        "running-title": escaped(head.running_title),
        "iso-date": edition.published.isoformat(),
        "nocite": " ".join(f"[@{key}]" for key in sorted(_keys(product))),
        "suppress-bibliography": not cites_anything(product),
    }
    if head.draft_mark:
        told["draft"] = escaped(head.draft_mark)
        told["draft-word"] = head.draft_mark.split()[0]
    if head.author:
        told["author"] = escaped(head.author)
    return told


def wants_contents(product: Product) -> bool:
    """Whether the document begins with a list of its sections: as its head says, else when it is long."""
    if product.front_matter.contents is not None:
        return product.front_matter.contents
    return len(headings(product.text)) >= 6 and len(product.text) > 9_000


def headings(text: str) -> list[tuple[int, str]]:
    """The level and words of each heading of a Markdown text, code left aside."""
    bare = re.sub(r"^(```+|~~~+)[^\n]*\n.*?^\1[^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return [(len(m[1]), m[2].strip()) for m in re.finditer(r"^(#{1,6})\s+(.+?)\s*#*\s*$", bare, re.MULTILINE)]


def compose(edition: Edition, form: Format, drawings: Drawings) -> str:
    """The whole text as Markdown for that format, with references and data where the author wants them, else at the end."""
    composer = _Composer(edition, form, drawings)
    product = edition.product
    out: list[str] = []
    position = 0
    for index, (directive, content) in enumerate(product.contents):
        out += [product.text[position : directive.start], composer.piece(index, directive, content)]
        position = directive.end
    out.append(product.text[position:])
    top = "#" * min((level for level, _ in headings(product.text)), default=1)
    for of in ("data", "references"):
        if Place(of) not in (content for _, content in product.contents):
            title = word(of, product.asking.language)
            listed = composer.data() if of == "data" else composer.references()
            if listed:
                out.append(f"\n\n{top} {title}\n\n{listed}\n")
    return "".join(out)


class _Composer:
    def __init__(self, edition: Edition, form: Format, drawings: Drawings) -> None:
        self._edition = edition
        self._product = edition.product
        self._language = edition.product.asking.language
        self._form = form
        self._drawings = drawings
        self._counts = {"table": 0, "chart": 0, "map": 0}

    def piece(self, index: int, directive: Directive, content: Content) -> str:
        """What stands in the text in the place of a directive."""
        match content:
            case FigureContent():
                return self._figure(content)
            case TableContent():
                return self._table(content)
            case ChartContent():
                return self._drawing(index, "chart", content.title, content.description, content.notes, 100)
            case MapContent():
                notes = (*content.notes, *self._undrawn(content))
                width = 100 if content.is_world else 75
                return self._drawing(index, "map", content.title, content.description, notes, width)
            case Quotation():
                return self._quotation(content)
            case Reference():
                place = f", {escaped(content.place)}" if content.place else ""
                return f"[@{content.key}{place}]"
            case OwnNumber():
                return escaped(content.shown)
            case Place():
                return f"\n\n{self.data() if content.of == 'data' else self.references()}\n\n"

    def references(self) -> str:
        """Where pandoc is to put the bibliography; empty when the document cites nothing."""
        return "::: {#refs}\n:::" if cites_anything(self._product) else ""

    def data(self) -> str:
        """What data the document uses, under which licences, in which version."""
        language = self._language
        used = sources_used(self._product)
        if not used:
            return ""
        spanish = language == "es"
        lines = ['::: {.note custom-style="Fuente de datos"}']
        for data in used:
            licence = f"[{escaped(data.licence)}]({data.licence_url})" if data.licence_url else escaped(data.licence)
            about = f"{word('version', language)} {data.version}; {word('obtained', language)} {data.retrieved_date}"
            lines.append(
                f"\n**{escaped(data.title)}** ({escaped(about)}). {word('licence', language)}: {licence}."
                f" {word('credit', language)}: {_linked(data.citation.rstrip('.'))}."
            )
        lines.append(":::")
        shared = _and([escaped(d.title) for d in used if d.is_share_alike], spanish)
        unlicensed = _and([escaped(d.title) for d in used if d.is_unlicensed], spanish)
        if shared:
            lines += ["", f"**Compartir igual.** Quien vuelva a publicar los cuadros, gráficas y mapas hechos con {shared} debe hacerlo con la misma licencia." if spanish
                      else f"**Share alike.** Whoever republishes the tables, charts and maps made with {shared} must do so under the same licence."]  # fmt: skip
        if unlicensed:
            lines += ["", f"**Sin licencia declarada.** {unlicensed}: quien publica no dice qué se puede hacer con los datos; aquí se citan cifras sueltas y no se redistribuyen los archivos." if spanish
                      else f"**No licence stated.** {unlicensed}: the publisher does not say what may be done with the data; single figures are cited here and no files are redistributed."]  # fmt: skip
        version = f"`{self._edition.data_version}`"
        lines += ["", f"Las cifras salen de la base de conocimiento Comparada, versión de los datos {version}." if spanish
                  else f"Figures come from the Comparada knowledge base, data version {version}."]  # fmt: skip
        return "\n".join(lines)

    def _figure(self, content: FigureContent) -> str:
        shown = escaped(content.shown)
        if not content.has_note or content.cited.source_id is None:
            return shown
        key = content.cited.source_id
        if self._product.front_matter.cites_in_notes:
            return f"{shown}[{escaped(content.note)}. @{key}]"
        return f"{shown} [@{key}]"

    def _number(self, kind: Literal["table", "chart", "map"]) -> int:
        self._counts[kind] += 1
        return self._counts[kind]

    def _caption(self, kind: Literal["table", "chart", "map"], title: str) -> str:
        """The caption with its number; in Word the number is a field, so that Word's own lists find it."""
        label, number = word(kind, self._language), self._number(kind)
        if self._form != "docx":
            return f"**{label} {number}.** {escaped(title)}"
        run = "<w:r><w:rPr><w:b/></w:rPr>{}</w:r>"
        field_ = "".join(
            run.format(part)
            for part in (
                f'<w:t xml:space="preserve">{html.escape(label)} </w:t>',
                '<w:fldChar w:fldCharType="begin"/>',
                f'<w:instrText xml:space="preserve"> SEQ {label} \\* ARABIC </w:instrText>',
                '<w:fldChar w:fldCharType="separate"/>',
                f"<w:t>{number}</w:t>",
                '<w:fldChar w:fldCharType="end"/>',
                '<w:t xml:space="preserve">. </w:t>',
            )
        )
        return f"`{field_}`{{=openxml}}{escaped(title)}"

    def _table(self, content: TableContent) -> str:
        caption = self._caption("table", content.title)
        columns = columns_of(content)
        written = f"{pipe_table(content, columns, caption)}\n{self._notes(content.notes)}"
        return f"\n\n:::: lying\n{written}\n::::\n\n" if columns.is_lying else f"\n\n{written}\n\n"

    def _notes(self, notes: Iterable[str]) -> str:
        return f'::: {{.note custom-style="Nota de cuadro"}}\n{" ".join(noted(n) for n in notes)}\n:::'

    def _undrawn(self, content: MapContent) -> list[str]:
        lacking = [self._product.asking.country(key) for key in not_on_the_map(content)]
        if not lacking:
            return []
        said = (
            "Con dato y demasiado pequeños para dibujarse"
            if self._language == "es"
            else "With data and too small to be drawn"
        )
        return [f"{said}: {', '.join(lacking)}."]

    def _drawing(
        self, index: int, kind: Literal["chart", "map"], title: str, description: str, notes: Iterable[str], width: int
    ) -> str:
        """A drawing with its caption above and its notes beneath, `width` in per cent of the line."""
        file = self._drawings.file(index, self._form)
        if self._form == "html":
            label, number = word(kind, self._language), self._number(kind)
            caption = f"<b>{label} {number}.</b> {html.escape(title)}"
            note = html.escape(" ".join(notes))
            drawn = (
                f'<figure class="drawing"><figcaption>{caption}</figcaption>'
                f'<img src="{file}" alt="{html.escape(description)}" style="width: {width}%"><p class="note">{note}</p></figure>'
            )
            return f"\n\n```{{=html}}\n{drawn}\n```\n\n"
        caption = self._caption(kind, title)
        if self._form == "typst":
            label = f"{word(kind, self._language)} {self._counts[kind]}."
            drawn = (
                f"#figure(kind: image, caption: [#strong({json.dumps(label)}) #{json.dumps(title, ensure_ascii=False)}],"
                f" image({json.dumps(file)}, alt: {json.dumps(description, ensure_ascii=False)}, width: {width}%))"
            ).replace(json.dumps(label), json.dumps(label, ensure_ascii=False))
            return f"\n\n```{{=typst}}\n{drawn}\n```\n\n{self._notes(notes)}\n\n"
        return (
            f'\n\n::: {{custom-style="Image Caption"}}\n{caption}\n:::\n\n'
            f'::: {{custom-style="Captioned Figure"}}\n![{escaped(description)}]({file}){{width={16.5 * width / 100:.1f}cm}}\\ \n:::\n\n{self._notes(notes)}\n\n'
        )

    def _quotation(self, content: Quotation) -> str:
        paragraphs = [verbatim(p) for p in content.paragraphs]
        quoted = "\n>\n> ".join([*paragraphs, f"— {escaped(content.reference)} [@{content.document_id}]"])
        return f"\n\n> {quoted}\n\n"


def _linked(citation: str) -> str:
    """A citation whose web addresses are links."""
    parts = re.split(r"(https?://[^\s;,]+[^\s;,.)”])", citation)
    return "".join(f"<{part}>" if i % 2 else escaped(part) for i, part in enumerate(parts))


def _and(names: list[str], spanish: bool) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {'y' if spanish else 'and'} {names[-1]}"
