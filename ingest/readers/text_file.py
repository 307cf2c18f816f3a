"""The text of a published file: decoded as its descriptor or its byte order mark says, within bounds."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ingest.descriptor.files import File
from ingest.problems import FileError
from ingest.readers.raw_table import empty_file, wrong_format

LONGEST_LINE = 16 << 20  # bytes: a table's line is far shorter; one line of 400 MB is another thing
CHUNK = 1 << 20
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_text(path: Path, file: File, *, one_line_may_be_long: bool = False) -> str:
    """The file's text without a byte order mark. Raises FileError with the line that is wrong."""
    if path.stat().st_size == 0:
        raise empty_file(file.path)
    if not one_line_may_be_long:
        _check_lines(path, file)
    data = path.read_bytes()
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), file.encoding)
    text = _decode(data, encoding, file).removeprefix("\ufeff")
    if not text.strip():
        raise empty_file(file.path)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FileError(
            f"{file.path}:{line}: contiene un byte nulo; no es un archivo de texto {encoding} (¿será utf-16? dígalo en encoding)",
            f"{file.path}:{line}: holds a null byte; it is not a {encoding} text file (is it utf-16? say so in encoding)",
        )
    if _MARKUP.match(text):
        raise wrong_format(
            file,
            "es una página web; la dirección de descarga lleva a otra cosa",
            "it is a web page; the download address leads elsewhere",
        )
    return text


def lines_of(text: str) -> list[str]:
    """The lines with their ends, whichever of the three kinds each has (str.splitlines knows too many)."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _decode(data: bytes, encoding: str, file: File) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{file.path}:{line}: el byte {data[error.start]:#04x} no es texto {encoding}; "
            "dé en el descriptor la codificación correcta (encoding), por ejemplo windows-1252",
            f"{file.path}:{line}: byte {data[error.start]:#04x} is not {encoding} text; "
            "give the right encoding in the descriptor, for example windows-1252",
        ) from error


def _check_lines(path: Path, file: File) -> None:
    """Look at the file piece by piece, so that a monstrous line is told before it fills the memory."""
    line, length = 1, 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            ends = chunk.count(b"\n") or chunk.count(b"\r")
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            line += ends
            length = length + len(chunk) if last < 0 else len(chunk) - last - 1
            if length > LONGEST_LINE:
                size = f"{LONGEST_LINE >> 20} MB"
                raise FileError(
                    f"{file.path}:{line}: la línea pasa de {size}; no es una tabla de texto: revise el formato y los fines de línea",
                    f"{file.path}:{line}: the line is longer than {size}; this is no table of text: look at the format and line ends",
                )
