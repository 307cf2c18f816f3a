"""CSV and TSV, with the line numbers of the file (a record may span several lines)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ingest.descriptor.files import File
from ingest.problems import FileError
from ingest.readers.header import column_names
from ingest.readers.raw_table import RawTable, empty_file, from_rows
from ingest.readers.text_file import LONGEST_LINE, lines_of, read_text


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """Every record below the header. Raises FileError for bad text, markup or broken quotes."""
    lines = lines_of(read_text(path, file))
    before = max(file.header_row, 1) - 1  # title lines may hold anything: they are not parsed
    if len(lines) <= before:
        raise empty_file(file.path)
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(
        io.StringIO("".join(lines[before:]), newline=""),
        delimiter="\t" if file.delimiter == "tab" else file.delimiter,
        quotechar=file.quote_char or None,
        quoting=csv.QUOTE_MINIMAL if file.quote_char else csv.QUOTE_NONE,
        strict=True,
    )
    header_rows = file.header_rows if file.header_row else 0
    headers: list[list[str]] = []
    header: list[str] | None = None
    records: list[list[str]] = []
    rows: list[int] = []
    malformed: list[tuple[int, int]] = []
    end = before
    try:
        for record in reader:
            start, end = end + 1, before + reader.line_num
            if len(headers) < header_rows:
                headers.append(record)
                continue
            if header is None:
                header = _header(file, headers, record)
            if len(record) == len(header):
                records.append(record)
                rows.append(start)
            elif record:
                malformed.append((start, len(record) - len(header)))
    except csv.Error as error:
        raise FileError(
            f"{file.path}:{end + 1}: el texto no se puede separar en celdas ({error}); revise las comillas y el separador "
            "(quoteChar: '' si las celdas no van entre comillas)",
            f"{file.path}:{end + 1}: the text cannot be split into cells ({error}); look at its quotes and delimiter "
            "(quoteChar: '' if cells are not quoted)",
        ) from error
    if len(headers) < header_rows:
        raise empty_file(file.path)
    return from_rows(header if header is not None else _header(file, headers, []), records, rows, malformed)


def _header(file: File, headers: list[list[str]], first: list[str]) -> list[str]:
    width = max((len(h) for h in headers), default=len(first))
    return column_names(file, headers, width)
