"""A part of a ZIP of XML (docx, odt), opened with care: no bombs, no outside entities."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from ingest.documents.block import UnreadableDocument

LARGEST_PART = 100_000_000  # bytes once unpacked
LARGEST_RATIO = 200  # times its packed size; ordinary documents stay under 30


def xml_part(path: Path, name: str) -> etree._Element:
    """The XML part of that name. Raises UnreadableDocument for a damaged, encrypted or bloated package."""
    try:
        with zipfile.ZipFile(path) as package:
            if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in _bytes(
                package, "META-INF/manifest.xml"
            ):
                raise UnreadableDocument("encrypted-document")
            data = _bytes(package, name)
    except KeyError as error:
        raise UnreadableDocument("damaged-document", name) from error
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument("damaged-document", str(error)) from error
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument("damaged-document", f"{name}: {error}") from error


def _bytes(package: zipfile.ZipFile, name: str) -> bytes:
    info = package.getinfo(name)
    if info.file_size > LARGEST_PART or info.file_size > LARGEST_RATIO * max(info.compress_size, 5_000):
        raise UnreadableDocument("document-too-large", f"{info.file_size:,}")
    if info.flag_bits & 1:
        raise UnreadableDocument("encrypted-document")
    with package.open(info) as stream:
        data = stream.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise UnreadableDocument("document-too-large", f"{len(data):,}")
    return data
