"""Whoosh's index around the arrays: segments, table of contents, and what a reader opens of each segment.

The index opens with plain Whoosh too (`whoosh.index.open_dir`), which is how its scores are checked.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import EXACT, FIELDS, Floats, Integers, SegmentArrays
from search.whoosh_codec import SEGMENT_ARRAYS, ArrayCodec, ArrayTermsReader

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import fields, index  # type: ignore[import-untyped]
    from whoosh.analysis import IDTokenizer  # type: ignore[import-untyped]
    from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped]
    from whoosh.lang.stopwords import stoplists  # type: ignore[import-untyped]
    from whoosh.util.numeric import byte_to_length, length_to_byte  # type: ignore[import-untyped]

STOP_LISTS: dict[str, frozenset[str]] = stoplists
"""Snowball's lists of stop words, by language."""
_INDEX_NAME = "MAIN"
_BYTE_TO_LENGTH = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)


@dataclass(frozen=True)
class OpenSegment:
    """A segment with all its files open."""

    entries_count: int
    terms: ArrayTermsReader
    lengths: Mapping[str, Floats]


def _schema() -> Any:
    words = {name: fields.TEXT(analyzer=IDTokenizer(), phrase=True, stored=False) for name in FIELDS}
    return fields.Schema(**words)


def write_segment(folder: Path, arrays: SegmentArrays) -> Any:
    """Writes a segment's files into the folder and gives Whoosh's record of it, for `write_contents`."""
    storage = FileStorage(str(folder))
    codec = ArrayCodec()
    segment = codec.new_segment(storage, _INDEX_NAME)

    entry_writer = codec.per_document_writer(storage, segment)
    entry_writer._doccount = arrays.entries_count
    entry_writer.close()
    shutil.rmtree(folder / f"{_INDEX_NAME}.tmp", ignore_errors=True)  # where Whoosh put the columns together
    codes = {name: _length_codes(arrays.lengths[name]) for name in FIELDS}
    for name in FIELDS:  # as Whoosh's own writer would write them, one entry at a time
        (folder / codec.column_filename(segment, f"_{name}_len")).write_bytes(codes[name].tobytes())
        segment._fieldlengths[name] = int(arrays.lengths[name].sum())

    writer = codec.field_writer(storage, segment)
    for field in sorted(arrays.fields, key=lambda field: field.name):
        writer.add_field(field, codes[field.name])
        if field.name == EXACT:
            lexicon = np.frombuffer(b"\n".join(field.terms), dtype=np.uint8)
            writer.add_arrays(EXACT, lexicon=lexicon)
    writer.add_arrays(
        SEGMENT_ARRAYS,
        entry_starts=arrays.entry_starts,
        offsets=arrays.offsets,
        passage_starts=arrays.passage_starts,
        passage_ends=arrays.passage_ends,
    )
    writer.close()
    segment.set_doc_count(arrays.entries_count)
    return segment


def _length_codes(counts: Integers) -> NDArray[np.uint8]:
    """Whoosh's one-byte codes of field lengths."""
    distinct, places = np.unique(counts, return_inverse=True)
    codes = np.array([length_to_byte(count) for count in distinct.tolist()], dtype=np.uint8)
    return np.asarray(codes[places])


def read_segments(folder: Path) -> list[Any]:
    """Whoosh's records of the segments in the folder, to be carried over to a new table of contents."""
    return list(index.TOC.read(FileStorage(str(folder)), _INDEX_NAME).segments)


def segment_files(folder: Path, segment: Any) -> list[Path]:
    """The files of a segment: they never change once written."""
    return [folder / name for name in segment.list_files(FileStorage(str(folder)))]


def mark_removed(segments: Sequence[Any], numbers: Iterable[int]) -> None:
    """Marks entries, by their number over all segments, as removed."""
    bases = segment_bases(segments)
    for number in numbers:
        place = max(i for i, base in enumerate(bases) if base <= number)
        segments[place].delete_document(number - bases[place])


def segment_bases(segments: Sequence[Any]) -> list[int]:
    """The number of the first entry of each segment."""
    bases, total = [], 0
    for segment in segments:
        bases.append(total)
        total += segment.doc_count_all()
    return bases


def write_contents(folder: Path, segments: Sequence[Any]) -> None:
    """Writes the table of contents: from now on the folder is an index."""
    index.TOC(_schema(), list(segments), 1).write(FileStorage(str(folder)), _INDEX_NAME)


def open_segments(folder: Path) -> list[OpenSegment]:
    """All segments of an index. Field lengths are as Whoosh keeps them: in one byte, coarser the longer."""
    storage, codec = FileStorage(str(folder)), ArrayCodec()
    opened = []
    for segment in read_segments(folder):
        count = segment.doc_count_all()
        codes = {
            name: np.frombuffer((folder / codec.column_filename(segment, f"_{name}_len")).read_bytes(), np.uint8)
            for name in FIELDS
        }
        opened.append(
            OpenSegment(
                count,
                codec.terms_reader(storage, segment),
                {name: _BYTE_TO_LENGTH[found] for name, found in codes.items()},
            )
        )
    return opened


def total_bytes(folder: Path) -> int:
    """The size of the files of a folder, in bytes."""
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())


def open_with_plain_whoosh(folder: Path) -> Any:
    """The same index as Whoosh itself opens it: to check our scores against its own."""
    return index.open_dir(str(folder))
