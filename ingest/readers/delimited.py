"""CSV and TSV, with the line numbers of the file (a record may span several lines)."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ingest.descriptor import File
from ingest.problems import FileError
from ingest.readers.raw_table import RawTable, checked_header, empty_file, from_rows, wrong_format

_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE)


def read(path: Path, file: File, table: str | None = None) -> RawTable:
    """Every record below the header row. Raises FileError for bad text, markup or broken quotes."""
    text = _decode(path.read_bytes(), file)
    if not text.strip():
        raise empty_file(file.path)
    if _MARKUP.match(text):
        raise wrong_format(
            file,
            "es una página web; la dirección de descarga lleva a otra cosa",
            "it is a web page; the download address leads elsewhere",
        )
    delimiter = "\t" if file.delimiter == "tab" else file.delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    records: list[list[str]] = []
    rows: list[int] = []
    malformed: list[tuple[int, int]] = []
    end = 0
    try:
        for record in reader:
            start, end = end + 1, reader.line_num
            if header is None:
                if start >= file.header_row:
                    header = checked_header(file.path, record)
            elif len(record) == len(header):
                records.append(record)
                rows.append(start)
            elif record:
                malformed.append((start, len(record) - len(header)))
    except csv.Error as error:
        raise FileError(
            f"{file.path}:{end + 1}: el texto no se puede separar en celdas ({error}); revise las comillas y el separador",
            f"{file.path}:{end + 1}: the text cannot be split into cells ({error}); look at its quotes and delimiter",
        ) from error
    if header is None:
        raise empty_file(file.path)
    return from_rows(header, records, rows, malformed)


def _decode(data: bytes, file: File) -> str:
    try:
        text = data.decode(file.encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{file.path}:{line}: el byte {data[error.start]:#04x} no es texto {file.encoding}; "
            "dé en el descriptor la codificación correcta (encoding)",
            f"{file.path}:{line}: byte {data[error.start]:#04x} is not {file.encoding} text; "
            "give the right encoding in the descriptor",
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FileError(
            f"{file.path}:{line}: contiene un byte nulo; no es un archivo de texto",
            f"{file.path}:{line}: holds a null byte; it is not a text file",
        )
    return text.removeprefix("\ufeff")
