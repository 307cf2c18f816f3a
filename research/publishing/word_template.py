"""The Word file's template: styles, captions, notes, head and foot of the page, made from pandoc's own or the institution's.

`research/products/plantilla.docx`, where there is one, is used as it is: it needs the styles named in
REQUIRED. Without it pandoc's own is restyled here, so that the template always fits the pandoc in use.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docx
import docx.document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from research.faults import Fault, TextError
from research.publishing.house_style import WORD_TEMPLATE, HouseStyle
from research.publishing.pandoc import pandoc

REQUIRED = ("Title", "Subtitle", "Date", "Heading 1", "Heading 2", "Heading 3", "Body Text", "First Paragraph", "Compact",
            "Block Text", "Footnote Text", "Table Caption", "Image Caption", "Table", "Hyperlink")  # fmt: skip
NOTE_STYLE, DATA_STYLE, DRAWING_STYLE = "Nota de cuadro", "Fuente de datos", "Captioned Figure"
DRAFT_STYLE = "Marca de borrador"
DRAFT = RGBColor(0xA3, 0x1F, 0x1F)
QUIET = RGBColor(0x4A, 0x4A, 0x4A)


def word_template(products: Path, style: HouseStyle, running_title: str, foot: str, draft_mark: str) -> bytes:
    """The template for one document, with its own head and foot of the page, and above all the mark of a draft, if it is one.

    Raises TextError for a broken one.
    """
    own = products / WORD_TEMPLATE
    if own.is_file():
        document = _opened(own)  # with its own head and foot
        _unmark(document)
    else:
        document = _restyled(style)
        _page(document, style.institution, running_title, foot)
    for restart in list(document.element.body.iter(qn("w:numRestart"))):  # notes are numbered through the document
        restart.getparent().remove(restart)
    if draft_mark:
        _mark(document, draft_mark)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _opened(path: Path) -> docx.document.Document:
    """The institution's template. Raises TextError when it is no Word file or lacks a style that the text needs."""
    place = f"research/products/{path.name}"
    try:
        document = docx.Document(str(path))
        have = {s.name for s in document.styles}
    except (PackageNotFoundError, ValueError, KeyError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise TextError(place, [Fault(0, f"la plantilla no es un archivo de Word que se pueda abrir ({error}); guárdela de nuevo como .docx o quítela",
                                      f"the template is not a Word file that can be opened ({error}); save it again as .docx or remove it")]) from error  # fmt: skip
    known = have | {_local_name(name) for name in have if name}
    lacking = [name for name in REQUIRED if name not in known]
    if lacking:
        listed = ", ".join(lacking)
        raise TextError(
            place,
            [Fault(0, f"a la plantilla le faltan los estilos {listed}", f"the template lacks the styles {listed}")],
        )
    return document


def _local_name(name: str) -> str:
    return name[0].upper() + name[1:]


def _restyled(style: HouseStyle) -> docx.document.Document:
    made = pandoc(["--print-default-data-file", "reference.docx"])
    document = docx.Document(io.BytesIO(made.stdout))
    colour = RGBColor.from_string(style.colour.removeprefix("#").upper())
    _defaults(document, style.word_font)
    _paragraph(document, "Normal", after=0)
    _paragraph(document, "Body Text", before=0, after=7, line=1.15, align=WD_ALIGN_PARAGRAPH.LEFT)
    _paragraph(document, "First Paragraph", before=0, after=7, line=1.15)
    # what stands in cells and in short lists
    _paragraph(document, "Compact", before=1.5, after=1.5, align=WD_ALIGN_PARAGRAPH.LEFT)
    _paragraph(
        document, "Subtitle", size=10, bold=True, colour=colour, before=0, after=14, align=WD_ALIGN_PARAGRAPH.LEFT
    )
    _paragraph(document, "Title", size=22, bold=True, colour=colour, before=6, after=6, align=WD_ALIGN_PARAGRAPH.LEFT)
    _paragraph(
        document, "Author", size=10.5, bold=False, colour=QUIET, before=0, after=4, align=WD_ALIGN_PARAGRAPH.LEFT
    )
    _paragraph(document, "Date", size=9, bold=False, colour=QUIET, before=0, after=18, align=WD_ALIGN_PARAGRAPH.LEFT)
    _rule_below(document, "Date", style.colour)
    for level, size, before, after in ((1, 15, 20, 6), (2, 12.5, 14, 5), (3, 11, 12, 4), (4, 10.5, 10, 3)):
        _paragraph(
            document, f"Heading {level}", size=size, bold=True, colour=colour, before=before, after=after, keep=True
        )
    _paragraph(document, "TOC Heading", size=13, bold=True, colour=colour, before=6, after=6, keep=True)
    _paragraph(document, "Block Text", size=10, before=4, after=6, left=1.0, right=0.6)
    _paragraph(document, "Footnote Text", size=8.5, before=0, after=2)
    for name in ("Table Caption", "Image Caption"):
        _paragraph(document, name, size=9.5, italic=False, before=14, after=5, keep=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    _added(document, NOTE_STYLE, size=8.5, colour=QUIET, before=4, after=14)
    _added(document, DATA_STYLE, size=8.5, colour=QUIET, before=0, after=5)
    _paragraph(document, DRAWING_STYLE, before=0, after=0, keep=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    _paragraph(document, "Bibliography", size=9.5, before=0, after=5, left=0.9, first=-0.9)
    for level in (1, 2):
        _added(document, f"TOC {level}", size=10.5, before=1, after=1, left=0.6 * (level - 1))
    for name in ("Subtitle", "Author", "Date"):  # pandoc spaces the letters of the first
        for spacing in document.styles[name].element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}"):
            spacing.getparent().remove(spacing)
    _table_style(document)
    link: Any = document.styles["Hyperlink"]
    link.font.color.rgb = colour
    return document


def _defaults(document: docx.document.Document, font: str) -> None:
    """Letters and size for whatever says nothing else: the table's own size can then differ."""
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in fonts.findall(qn("w:rFonts")) + fonts.findall(qn("w:sz")) + fonts.findall(qn("w:szCs")):
        fonts.remove(old)
    fonts.insert(
        0, parse_xml(f'<w:rFonts {nsdecls("w")} w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>')
    )
    fonts.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="21"/>'))
    fonts.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="21"/>'))
    for style in document.styles:  # the theme's letters would win over these
        for old in style.element.iter(qn("w:rFonts")):
            for key in list(old.attrib):
                if "Theme" in key:
                    del old.attrib[key]


def _paragraph(
    document: docx.document.Document, name: str, *, size: float | None = None, bold: bool | None = None,
    italic: bool | None = None, colour: RGBColor | None = None, before: float | None = None, after: float | None = None,
    line: float | None = None, align: WD_ALIGN_PARAGRAPH | None = None, left: float | None = None,
    right: float | None = None, first: float | None = None, keep: bool | None = None,
) -> None:  # fmt: skip
    """Sizes and spaces in points, indents in centimetres; what is None stays as it is."""
    style: Any = document.styles[name]
    font, shape = style.font, style.paragraph_format
    for target, key, value in (
        (font, "size", None if size is None else Pt(size)), (font, "bold", bold), (font, "italic", italic),
        (shape, "space_before", None if before is None else Pt(before)), (shape, "space_after", None if after is None else Pt(after)),
        (shape, "line_spacing", line), (shape, "alignment", align), (shape, "left_indent", None if left is None else Cm(left)),
        (shape, "right_indent", None if right is None else Cm(right)),
        (shape, "first_line_indent", None if first is None else Cm(first)), (shape, "keep_with_next", keep),
    ):  # fmt: skip
        if value is not None:
            setattr(target, key, value)
    if colour is not None:
        font.color.rgb = colour


def _added(document: docx.document.Document, name: str, **shape: Any) -> None:
    if name not in {s.name for s in document.styles}:
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    _paragraph(document, name, **shape)


def _rule_below(document: docx.document.Document, name: str, colour: str) -> None:
    properties = document.styles[name].element.get_or_add_pPr()
    rule = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="8" w:space="6" w:color="{colour.removeprefix("#")}"/></w:pBdr>'
    )
    at = next(
        (i for i, e in enumerate(properties) if e.tag in (qn("w:spacing"), qn("w:jc"), qn("w:ind"))), len(properties)
    )
    properties.insert(at, rule)


def _table_style(document: docx.document.Document) -> None:
    """Rules above, below and under the head; pale ones between rows; small letters; the head repeated and unbroken."""
    element = document.styles["Table"].element
    for tag in ("w:rPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblStylePr", "w:pPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    w = nsdecls("w")
    for xml in (
        f'<w:rPr {w}><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>',
        f'<w:tblPr {w}><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="222222"/>'
        '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="222222"/>'
        '<w:insideH w:val="single" w:sz="2" w:space="0" w:color="CFCFCF"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f'<w:tblStylePr {w} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="222222"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
    ):  # fmt: skip
        element.append(parse_xml(xml))


def _page(document: docx.document.Document, institution: str, running_title: str, foot: str) -> None:
    """Letter paper; title and institution above from the second page on, the document's code and the page below."""
    section = document.sections[-1]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.2)
    section.different_first_page_header_footer = True
    for place, left in ((section.header, running_title), (section.footer, foot), (section.first_page_footer, foot)):
        place.is_linked_to_previous = False
        paragraph: Any = place.paragraphs[0] if place.paragraphs else place.add_paragraph()
        for run in list(paragraph.runs):
            run._r.getparent().remove(run._r)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(16.59), 2)  # at the right
        right = institution if place is section.header else None
        with _small(paragraph) as write:
            write(left if len(left) < 95 else f"{left[:92].rsplit(' ', 1)[0]}…")
            write("\t")
            if right is not None:
                write(right)
            else:
                _counter(paragraph, "PAGE")
                write(" / ")
                _counter(paragraph, "NUMPAGES")


def _mark(document: docx.document.Document, words: str) -> None:
    """These words at the head of every page, whatever else stands there."""
    _added(document, DRAFT_STYLE, size=10, bold=True, colour=DRAFT)
    for head in _heads(document):
        head.is_linked_to_previous = False
        first: Any = head.paragraphs[0] if head.paragraphs else head.add_paragraph()
        first.insert_paragraph_before(words, DRAFT_STYLE)


def _unmark(document: docx.document.Document) -> None:
    """A draft that became a template marks no other document."""
    for head in _heads(document):
        for paragraph in head.paragraphs:
            if paragraph.style is not None and paragraph.style.name == DRAFT_STYLE:
                paragraph._p.getparent().remove(paragraph._p)


def _heads(document: docx.document.Document) -> list[Any]:
    section = document.sections[-1]
    return [section.header, *([section.first_page_header] if section.different_first_page_header_footer else [])]


@contextmanager
def _small(paragraph: Any) -> Iterator[Any]:
    def write(words: str) -> None:
        paragraph.add_run(words)

    yield write
    for run in paragraph.runs:
        run.font.size = Pt(8.5)
        run.font.color.rgb = QUIET


def _counter(paragraph: Any, field: str) -> None:
    """A field that Word counts by itself."""
    for kind, text in (("begin", None), (None, field), ("separate", None), ("shown", "1"), ("end", None)):
        run = paragraph.add_run(text if kind == "shown" else "")._r
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
        elif kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {text} "
            run.append(code)
