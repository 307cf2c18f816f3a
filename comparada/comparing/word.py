"""A comparison as a Word file: title, table with a repeated head, notes, remarks and sources."""

from __future__ import annotations

import io

from research.comparison import ComparisonTable
from research.comparison.grid import Down, Grid, GridCell, grid
from research.names import Language

MOST_COLUMNS = 12  # on a page turned sideways; wider tables are divided


def word(table: ComparisonTable, language: Language) -> bytes:
    """The bytes of a .docx file in Letter paper, turned sideways where the table has more than five columns."""
    import docx  # takes a while to import, and few need it
    from docx.enum.section import WD_ORIENT
    from docx.shared import Inches

    down: Down = (
        "variables" if len(table.columns) > MOST_COLUMNS and len(table.rows) < len(table.columns) else "countries"
    )
    laid = grid(table, language, down)
    document = docx.Document()
    document.core_properties.title = laid.title
    document.core_properties.language = "es-MX" if language == "es" else "en-US"
    page = document.sections[0]
    page.page_width, page.page_height = Inches(8.5), Inches(11)
    if len(laid.heads) > 5:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Inches(11), Inches(8.5)
    page.left_margin = page.right_margin = Inches(0.8)
    document.add_heading(laid.title, level=1)
    columns = range(1, len(laid.heads))
    for start in range(0, len(columns), MOST_COLUMNS):
        _add_table(document, laid, list(columns[start : start + MOST_COLUMNS]))
        document.add_paragraph()
    for mark, text in laid.notes:
        paragraph = document.add_paragraph()
        paragraph.add_run(mark).font.superscript = True
        _small(paragraph.add_run(f" {text}"))
    for remark in laid.remarks:
        _small(document.add_paragraph().add_run(remark))
    document.add_heading("Fuentes" if language == "es" else "Sources", level=2)
    for source in laid.sources:
        _small(document.add_paragraph(style="List Bullet").add_run(source.whole))
    _small(document.add_paragraph().add_run(laid.data_version))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_table(document: object, laid: Grid, columns: list[int]) -> None:
    from docx.oxml import OxmlElement

    made = document.add_table(rows=1, cols=len(columns) + 1, style="Light Grid Accent 1")  # type: ignore[attr-defined]
    for cell, head in zip(made.rows[0].cells, (laid.heads[0], *(laid.heads[c] for c in columns)), strict=True):
        _put(cell, GridCell(head), bold=True)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # the head stands on every page
    for line in laid.lines:
        strong = line.is_home or line.is_summary
        cells = made.add_row().cells  # asked for once: each asking counts the whole table
        for cell, content in zip(cells, (GridCell(line.label), *(line.cells[c - 1] for c in columns)), strict=True):
            _put(cell, content, bold=strong)


def _put(cell: object, content: GridCell, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]
    run = paragraph.add_run(content.text)
    run.bold = bold
    _small(run)
    if content.marks:
        mark = paragraph.add_run(content.marks)
        mark.font.superscript = True


def _small(run: object) -> None:
    from docx.shared import Pt

    run.font.size = Pt(8.5)  # type: ignore[attr-defined]
