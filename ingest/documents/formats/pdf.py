"""PDF with a text layer: lines with their place and print, by PDFium; page_layout turns them into paragraphs."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from ingest.documents.block import ReadDocument, UnreadableDocument
from ingest.documents.cleaning import LINE_END_HYPHEN
from ingest.documents.formats.page_layout import Line, Page, laid_out

MOST_PAGES = 20_000
_BOLD = re.compile(r"bold|black|heavy|negr", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|cursiv", re.IGNORECASE)
_SMALLER = 0.8  # a digit printed smaller than this beside its line is a footnote mark


def read_pdf(path: Path, _encoding: str) -> ReadDocument:
    """The paragraphs of a PDF, with their pages; `row` is the page on which each begins. Raises UnreadableDocument."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        encrypted = "password" in str(error).lower()
        raise UnreadableDocument("encrypted-document" if encrypted else "damaged-document", str(error)) from error
    try:
        count = len(document)
        if not count or count > MOST_PAGES:
            raise UnreadableDocument("document-too-large" if count else "damaged-document", f"{count:,}")
        title = str(document.get_metadata_dict().get("Title") or "").strip() or None
        pages = [_page(document, index) for index in range(count)]
    finally:
        document.close()
    silent = tuple(page.number for page in pages if not page.lines and page.has_pictures)
    if not any(page.lines for page in pages):
        raise UnreadableDocument("image-only-document" if silent else "empty-document", f"{count:,}")
    blocks, left_out = laid_out(pages)
    return ReadDocument(blocks, pages_count=count, title=title, left_out=left_out, pages_without_text=silent)


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument("damaged-document", f"p. {index + 1}: {error}") from error
    try:
        textpage = page.get_textpage()
        width, height = page.get_size()
        lines = _lines(textpage, index + 1) if textpage.count_chars() else ()
        pictures = not lines and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
        textpage.close()
        return Page(index + 1, width, height, lines, pictures)
    finally:
        page.close()


def _lines(textpage: pdfium.PdfTextPage, number: int) -> tuple[Line, ...]:
    """The page's lines in the order of the file, which is the order of reading in all but hand-made PDFs."""
    text = textpage.get_text_range()
    handle = textpage.raw
    lines: list[Line] = []
    start = 0
    for piece in re.split(f"(\r\n|(?<={LINE_END_HYPHEN}))", text):
        if piece.strip():
            lines += _parts(handle, piece, start, number)
        start += len(piece)
    return tuple(lines)


def _parts(handle: raw.FPDF_TEXTPAGE, piece: str, start: int, number: int) -> list[Line]:
    """One printed line; two, where a wide gap sets two columns apart."""
    first = start + len(piece) - len(piece.lstrip())
    text = piece.strip()
    index = [raw.FPDFText_GetCharIndexFromTextIndex(handle, first + i) for i in range(len(text))]
    sizes = [raw.FPDFText_GetFontSize(handle, i) for i in index]
    scale = _scale(handle, index[0])
    size = Counter(s for s, c in zip(sizes, text, strict=True) if not c.isspace()).most_common(1)[0][0]
    gaps = _gaps(handle, text, index, size * scale)
    is_contents = bool(gaps) and text[gaps[-1] :].isdigit()
    cuts = [0, *([] if is_contents else gaps), len(text)]
    made = []
    for begin, end in itertools.pairwise(cuts):
        part = text[begin:end]
        if not part.strip():
            continue
        lead = begin + len(part) - len(part.lstrip())
        plain, marks = _without_marks(part, sizes[begin:end], size)
        if not plain.strip():
            continue
        left, right = _box(handle, index[lead]), _box(handle, index[begin + len(part.rstrip()) - 1])
        font = _font(handle, index[lead])
        made.append(
            Line(plain.strip(), number, left[0], right[1], _baseline(handle, index[lead]), round(size * scale, 1),
                 bool(_BOLD.search(font)), bool(_ITALIC.search(font)), marks, is_contents)
        )  # fmt: skip
    return made


def _without_marks(text: str, sizes: list[float], size: float) -> tuple[str, tuple[str, ...]]:
    """The text without small raised numbers, and those numbers."""
    if all(s >= _SMALLER * size for s, c in zip(sizes, text, strict=True) if c.isdigit()):
        return text, ()
    kept, marks, mark = [], [], ""
    for character, own in zip(text, sizes, strict=True):
        if character.isdigit() and own < _SMALLER * size:
            mark += character
            continue
        if mark and not character.isspace():
            marks.append(mark)
            mark = ""
        kept.append(character)
    return "".join(kept), (*marks, *([mark] if mark else []))


def _gaps(handle: raw.FPDF_TEXTPAGE, text: str, index: list[int], size: float) -> list[int]:
    """Places in the line after which a gap of more than four letters' height stands."""
    gaps = []
    for match in re.finditer(r"(?<=\S)\s+(?=\S)", text):
        before, after = index[match.start() - 1], index[match.end()]
        if _box(handle, after)[0] - _box(handle, before)[1] > 4 * size:
            gaps.append(match.end())
    return gaps


def _box(handle: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float]:
    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(handle, index, *(ctypes.byref(e) for e in edges))
    return edges[0].value, edges[1].value


def _baseline(handle: raw.FPDF_TEXTPAGE, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
    return y.value


def _scale(handle: raw.FPDF_TEXTPAGE, index: int) -> float:
    """How much larger than its font's size a character is printed."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix))
    return float((matrix.c**2 + matrix.d**2) ** 0.5) or 1.0


def _font(handle: raw.FPDF_TEXTPAGE, index: int) -> str:
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, name, 200, ctypes.byref(flags))
    return name.value.decode("utf-8", "replace")
