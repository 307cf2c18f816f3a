"""A comparison as a terminal's table, Markdown, CSV, a workbook or a Word file."""
