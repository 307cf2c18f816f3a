"""Small documents of every format, made while testing: a PDF of a few lines, a Word file, an OpenDocument text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Printed = tuple[str, float, float, str, float]  # text, x, y (points from the foot), font, size
FONTS = {"roman": "Times-Roman", "bold": "Times-Bold", "italic": "Times-Italic"}
WIDTH, HEIGHT = 612, 792


def pdf(path: Path, pages: Sequence[Iterable[Printed]], *, picture: bool = False) -> None:
    """A PDF with these lines on its pages; with `picture`, each page has a one-pixel picture."""
    names = list(FONTS)
    objects: list[bytes] = [b"", b""]  # catalogue and pages come first, written last
    fonts = b" ".join(f"/{n} {3 + i} 0 R".encode() for i, n in enumerate(names))
    for name in names:
        objects.append(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{FONTS[name]} /Encoding /WinAnsiEncoding >>".encode()
        )
    objects.append(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
        b"stream\n\x00\nendstream"
    )
    image = len(objects)
    kids = []
    for lines in pages:
        content = b"q 100 0 0 100 100 100 cm /Im Do Q\n" if picture else b""
        for text, x, y, font, size in lines:
            shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
            content += f"BT /{font} {size} Tf {x} {y} Td (".encode() + shown + b") Tj ET\n"
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << {fonts.decode()} >> /XObject << /Im {image} 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    body += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
        f"startxref\n{len(body)}\n%%EOF\n"
    ).encode()
    path.write_bytes(body)


def running_text(lines: Sequence[tuple[str, str]], *, head: str, foot: str) -> list[Printed]:
    """Lines one below the other with a page's head and foot. A style: text, indent, article, heading, note, gap."""
    printed: list[Printed] = [(head, 200, 750, "bold", 8), (foot, 290, 40, "roman", 9)]
    y = 690.0
    for style, text in lines:
        if style == "gap":
            y -= 12
            continue
        font, size, x = "roman", 10.0, 72.0
        if style in ("indent", "article"):
            y -= 10
            x, font = 90.0, "bold" if style == "article" else "roman"
        elif style == "heading":
            y -= 14
            font, x = "bold", 306 - 2.9 * len(text)
        elif style == "note":
            font, size, x = "italic", 7.0, 330.0
        printed.append((text, x, y, font, size))
        y -= 12
    return printed


def docx(path: Path, paragraphs: Iterable[tuple[str, int | None]]) -> None:
    """A Word document of paragraphs with the level of their heading style."""
    body = "".join(
        f"<w:p><w:pPr>{f'<w:pStyle w:val={chr(34)}H{level}{chr(34)}/>' if level else ''}</w:pPr>"
        f"<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        for text, level in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/></w:style>' for n in range(1, 5)
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        package.writestr("word/styles.xml", f"<w:styles {space}>{styles}</w:styles>")


def odt(path: Path, paragraphs: Iterable[tuple[str, int | None]]) -> None:
    """An OpenDocument text of paragraphs and headings."""
    body = "".join(
        f'<text:h text:outline-level="{level}">{escape(text)}</text:h>' if level else f"<text:p>{escape(text)}</text:p>"
        for text, level in paragraphs
    )
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("content.xml", content)
