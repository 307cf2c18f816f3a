"""The Whoosh index itself: the only module that touches Whoosh, and what the rest sees of it.

Whoosh keeps the segments, their term dictionary, the field lengths and the table of contents; a codec of ours
(Whoosh's own extension point) lays the postings out as whole arrays, so that numpy reads them from the mapped file
without decoding anything: as Whoosh comes, each block of 128 postings is a compressed pickle.

A segment's `.pst` file holds, for each field, the arrays of `FieldArrays` one after another; the term dictionary
gives each term its ordinal in them. Positions number the words of the whole segment: word 3 of entry 7 stands at
`entry_starts[7] + 3`, the same number in every field. The index opens with plain Whoosh too
(`whoosh.index.open_dir`), which is how its scores are checked.
"""

from __future__ import annotations

import mmap
import os
import shutil
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Whoosh's sources hold escapes that Python will refuse one day
    from whoosh import fields, formats, index, matching  # type: ignore[import-untyped]
    from whoosh.analysis import IDTokenizer  # type: ignore[import-untyped]
    from whoosh.codec.whoosh3 import (  # type: ignore[import-untyped]
        W3Codec,
        W3FieldWriter,
        W3TermInfo,
        W3TermsReader,
    )
    from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped]
    from whoosh.filedb.filetables import HashWriter, OrderedHashWriter  # type: ignore[import-untyped]
    from whoosh.filedb.filetables import _lengths as _LINE_LENGTHS
    from whoosh.filedb.structfile import BufferFile  # type: ignore[import-untyped]
    from whoosh.lang.stopwords import stoplists  # type: ignore[import-untyped]
    from whoosh.reading import TermNotFound  # type: ignore[import-untyped]
    from whoosh.system import pack_ushort, unpack_long  # type: ignore[import-untyped]
    from whoosh.util.numeric import byte_to_length, length_to_byte  # type: ignore[import-untyped]
    from whoosh.util.numlists import GrowableArray  # type: ignore[import-untyped]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]

STOP_LISTS: dict[str, frozenset[str]] = stoplists

EXACT = "exact"
STEMS = {"es": "stem_es", "en": "stem_en", "fr": "stem_fr", "pt": "stem_pt"}
FIELDS = (EXACT, *STEMS.values())
_INDEX_NAME = "MAIN"
_BYTE_TO_LENGTH = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)
# A line of Whoosh's term dictionary, as W3TermInfo writes it: where the postings are is our ordinal, and no length.
_INFO = np.dtype(
    [
        ("flags", "u1"),
        ("weight", ">f4"),
        ("entries", ">u4"),
        ("least_length", "u1"),
        ("most_length", "u1"),
        ("most_weight", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("ordinal", ">i8"),
        ("length", ">i4"),
    ]
)
_SEGMENT_ARRAYS = "*"  # the key of what belongs to the segment and to no field


@dataclass(frozen=True)
class FieldArrays:
    """The inverted lists of one field of a segment, terms in byte order.

    Term `i` has the postings `docs[posting_starts[i]:posting_starts[i+1]]` with their `weights`, and stands at
    `positions[position_starts[i]:position_starts[i+1]]`, ascending.
    """

    name: str
    terms: Sequence[bytes]
    posting_starts: Array
    position_starts: Array
    docs: NDArray[np.uint32]
    weights: NDArray[np.uint16]
    positions: NDArray[np.uint32]


@dataclass(frozen=True)
class SegmentArrays:
    """What a new segment holds: its fields, and of its entries the lengths and where their words stand.

    `lengths[field]` counts each entry's words in that field. `entry_starts` has one more item than there are entries.
    `offsets` gives, by position, the character at which the word begins in its own piece of text.
    `passage_starts` and `passage_ends` bound the positions of the piece that snippets are cut from (equal: none).
    """

    entries_count: int
    fields: Sequence[FieldArrays]
    lengths: dict[str, Integers]
    entry_starts: NDArray[np.uint32]
    offsets: NDArray[np.uint32]
    passage_starts: NDArray[np.uint32]
    passage_ends: NDArray[np.uint32]


# ── Codec ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _MappedFile(BufferFile):  # type: ignore[misc]  # Whoosh has no types
    """A file in memory pages, safe to read from several threads."""

    def __init__(self, path: str) -> None:
        with Path(path).open("rb") as file:
            self.file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._buf = memoryview(self.file)
        self._name = path
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    def close(self) -> None:
        """Nothing: arrays may still look into the pages; they go with the last of them."""
        self.is_closed = True


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with postings laid out as arrays. Segments are written whole, by `write_segment`."""

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        return ArrayFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        terms, postings = (
            _MappedFile(str(Path(storage.folder) / segment.make_filename(extension)))
            for extension in (self.TERMS_EXT, self.POSTS_EXT)
        )
        return ArrayTermsReader(self, terms, len(terms._buf), postings)


class ArrayFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes whole fields at once."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        started: Any = self._tindex
        started.dbfile.seek(0)
        self._tindex: Any = _Dictionary(started.dbfile)
        self._fieldmap: dict[str, int] = {}
        self._tindex.extras["fieldmap"] = self._fieldmap
        self._directory: dict[str, dict[str, tuple[str, int, int]]] = {}
        self._tindex.extras["arrays"] = self._directory

    def add_arrays(self, owner: str, **arrays: Array) -> None:
        """Writes arrays that a reader finds again by owner and name."""
        for name, array in arrays.items():
            place = self._postfile.tell()
            padding = -place % 8
            self._postfile.write(b"\0" * padding)
            self._postfile.write(np.ascontiguousarray(array).tobytes())
            self._directory.setdefault(owner, {})[name] = (array.dtype.str, place + padding, len(array))

    def add_field(self, field: FieldArrays, length_codes: NDArray[np.uint8]) -> None:
        """Writes the postings of a field and a line of the term dictionary for each of its terms."""
        field_number = self._fieldmap[field.name] = len(self._fieldmap)
        self.add_arrays(
            field.name,
            posting_starts=field.posting_starts,
            position_starts=field.position_starts,
            docs=field.docs,
            weights=field.weights,
            positions=field.positions,
        )
        if not field.terms:
            return
        starts = field.posting_starts[:-1].astype(np.int64)
        posting_lengths = length_codes[field.docs]
        infos = np.zeros(len(starts), _INFO)
        infos["weight"] = np.add.reduceat(field.weights, starts, dtype=np.float64)
        infos["entries"] = np.diff(field.posting_starts)
        infos["least_length"] = np.minimum.reduceat(posting_lengths, starts)
        infos["most_length"] = np.maximum.reduceat(posting_lengths, starts)
        infos["most_weight"] = np.maximum.reduceat(field.weights, starts)
        infos["first"] = field.docs[starts]
        infos["last"] = field.docs[field.posting_starts[1:].astype(np.int64) - 1]
        infos["ordinal"] = np.arange(len(starts))
        self._tindex.add_lines(pack_ushort(field_number), field.terms, infos.tobytes())


class _Dictionary(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's term dictionary, written a field at a time, and with its quicker hash (Whoosh reads either)."""

    def __init__(self, dbfile: Any) -> None:
        HashWriter.__init__(self, dbfile, hashtype=1)
        self.index = GrowableArray("H")
        self.lastkey = b""

    def add_lines(self, prefix: bytes, terms: Sequence[bytes], infos: bytes) -> None:
        """What `add` does, for all terms of a field; `infos` are of one size, in the order of the terms."""
        place, size = self.tell(), _INFO.itemsize
        hashed, buckets, append = self.hashfn, self.buckets, self.index.append
        written: list[bytes] = []
        for number, term in enumerate(terms):
            key = prefix + term
            append(place)
            code = hashed(key)
            buckets[code & 255].append((code, place))
            written += (_LINE_LENGTHS.pack(len(key), size), key, infos[number * size : (number + 1) * size])
            place += _LINE_LENGTHS.size + len(key) + size
        self.dbfile.write(b"".join(written))
        self.lastkey = prefix + terms[-1]


class ArrayTermsReader(W3TermsReader):  # type: ignore[misc]
    """Finds terms, and gives their postings as views of the mapped file."""

    def __init__(self, codec: Any, dbfile: Any, length: int, postfile: Any) -> None:
        super().__init__(codec, dbfile, length, postfile)
        self._views: dict[tuple[str, str], Array] = {}
        for owner, arrays in self._tindex.extras["arrays"].items():
            for name, (dtype, place, count) in arrays.items():
                view = np.frombuffer(postfile._buf, dtype=dtype, count=count, offset=place)
                self._views[owner, name] = view

    def view(self, owner: str, name: str) -> Array:
        """An array as it was written."""
        return self._views[owner, name]

    def ordinal(self, field: str, term: bytes) -> int | None:
        """The place of a term in its field's arrays."""
        for place, length in self._tindex.ranges_for_key(self._keycoder(field, term)):
            start = place + W3TermInfo._struct.size
            return int(unpack_long(self._dbfile.get(start, place + length - start)[:8])[0])
        return None

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> Any:
        """Plain Whoosh's way to the same postings."""
        ordinal = self.ordinal(fieldname, tbytes)
        if ordinal is None:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}")
        first, last = self.view(fieldname, "posting_starts")[ordinal : ordinal + 2].tolist()
        docs = self.view(fieldname, "docs")[first:last]
        start, end = self.view(fieldname, "position_starts")[ordinal : ordinal + 2].tolist()
        positions = self.view(fieldname, "positions")[start:end].astype(np.int64)
        bounds = self.view(_SEGMENT_ARRAYS, "entry_starts").astype(np.int64)
        cuts = np.searchsorted(positions, bounds[docs])
        pieces = np.split(positions, cuts[1:])
        encode = formats.Positions().encode
        values = [encode((piece - bounds[doc]).tolist()) for piece, doc in zip(pieces, docs.tolist(), strict=True)]
        return matching.ListMatcher(
            docs.tolist(),
            self.view(fieldname, "weights")[first:last].astype(float).tolist(),
            values,
            format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=self.term_info(fieldname, tbytes),
        )

    def close(self) -> None:
        """Nothing to do: see _MappedFile."""


def _schema() -> Any:
    words = {name: fields.TEXT(analyzer=IDTokenizer(), phrase=True, stored=False) for name in FIELDS}
    return fields.Schema(**words)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
        _SEGMENT_ARRAYS,
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


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Postings:
    """The entries in which a term stands, ascending, and its weight in each."""

    docs: Integers
    weights: Floats


_MOST_KNOWN_PLACES = 20_000
_NOWHERE = Postings(np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class _Segment:
    base: int
    position_base: int
    terms: ArrayTermsReader
    segment: Any


class IndexReader:
    """All segments as one list of entries, numbered from 0. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Opens every file at once, so that the folder may go while this reader works."""
        self._segments: list[_Segment] = []
        self._known_places: dict[tuple[str, str], tuple[tuple[_Segment, int], ...]] = {}
        storage = FileStorage(str(folder))
        codec = ArrayCodec()
        base = position_base = 0
        codes: dict[str, list[Array]] = {name: [] for name in FIELDS}
        removed: list[int] = []
        for segment in read_segments(folder):
            count = segment.doc_count_all()
            terms = codec.terms_reader(storage, segment)
            self._segments.append(_Segment(base, position_base, terms, segment))
            entries = codec.per_document_reader(storage, segment)
            for name in FIELDS:
                column = f"_{name}_len"
                values = np.zeros(count, np.uint8)
                if entries.has_column(column):
                    path = folder / codec.column_filename(segment, column)
                    stored = np.frombuffer(path.read_bytes(), np.uint8)[:count]
                    values[: len(stored)] = stored
                codes[name].append(values)
            entries.close()
            removed.extend(base + number for number in segment.deleted_docs())
            base += count
            position_base += int(terms.view(_SEGMENT_ARRAYS, "entry_starts")[-1])
        self.entries_count = base
        """Entries of all segments, those removed included."""
        self.removed = np.array(sorted(removed), dtype=np.int64)
        self._lengths = {
            name: _BYTE_TO_LENGTH[np.concatenate(parts)] if parts else np.empty(0) for name, parts in codes.items()
        }

    def postings(self, field: str, word: str) -> Postings:
        """Where a word stands; empty where it does not."""
        found = [_postings_of(part, field, ordinal) for part, ordinal in self._places(field, word)]
        if not found:
            return _NOWHERE
        if len(found) == 1:
            return found[0]
        return Postings(
            np.concatenate([postings.docs for postings in found]),
            np.concatenate([postings.weights for postings in found]),
        )

    def forget(self) -> None:
        """Forgets where terms are."""
        self._known_places.clear()

    def lengths(self, field: str) -> Floats:
        """Words of each entry in a field, as Whoosh keeps them: exact up to 10, then in steps of a few per cent."""
        return self._lengths[field]

    def having(self, field: str) -> int:
        """How many entries have the field."""
        return int(np.count_nonzero(self._lengths[field]))

    @cached_property
    def entry_starts(self) -> Integers:
        """The position of each entry's first word, and the end of the last."""
        parts = [
            part.terms.view(_SEGMENT_ARRAYS, "entry_starts")[:-1].astype(np.int64) + part.position_base
            for part in self._segments
        ]
        end = [np.array([self._positions_end], np.int64)]
        return np.concatenate(parts + end)

    @property
    def _positions_end(self) -> int:
        if not self._segments:
            return 0
        last = self._segments[-1]
        return last.position_base + int(last.terms.view(_SEGMENT_ARRAYS, "entry_starts")[-1])

    @cached_property
    def passages(self) -> tuple[Integers, Integers]:
        """The positions at which each entry's own text begins and ends; equal where it has none."""
        bounds = [
            [part.terms.view(_SEGMENT_ARRAYS, name).astype(np.int64) + part.position_base for part in self._segments]
            for name in ("passage_starts", "passage_ends")
        ]
        nothing = [np.empty(0, np.int64)]
        return np.concatenate(bounds[0] + nothing), np.concatenate(bounds[1] + nothing)

    def offsets(self, entry: int, first: int, last: int) -> Array:
        """The characters at which the words between two positions of an entry begin."""
        part = self._part(entry)
        return part.terms.view(_SEGMENT_ARRAYS, "offsets")[first - part.position_base : last - part.position_base]

    def positions(self, field: str, word: str) -> Array:
        """The positions of a word, ascending."""
        found = [_positions_of(part, field, ordinal) for part, ordinal in self._places(field, word)]
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def entries_with(self, word: str) -> int:
        """In how many entries a folded word stands."""
        total = 0
        for part, ordinal in self._places(EXACT, word):
            first, last = part.terms.view(EXACT, "posting_starts")[ordinal : ordinal + 2].tolist()
            total += last - first
        return total

    def _places(self, field: str, word: str) -> tuple[tuple[_Segment, int], ...]:
        """The segments that have a word, with its ordinal in each."""
        known = self._known_places.get((field, word))
        if known is None:
            term = word.encode()
            pairs = ((part, part.terms.ordinal(field, term)) for part in self._segments)
            known = tuple((part, ordinal) for part, ordinal in pairs if ordinal is not None)
            if len(self._known_places) >= _MOST_KNOWN_PLACES:
                self._known_places.clear()
            self._known_places[field, word] = known
        return known

    def _part(self, entry: int) -> _Segment:
        place = len(self._segments) - 1
        while self._segments[place].base > entry:
            place -= 1
        return self._segments[place]

    @cached_property
    def lexicon(self) -> tuple[list[str], Integers]:
        """The folded words of all entries, in order, and in how many entries each stands."""
        counts: dict[str, int] = {}
        for part in self._segments:
            words = bytes(part.terms.view(EXACT, "lexicon")).decode().split("\n")
            entries = np.diff(part.terms.view(EXACT, "posting_starts")).tolist()
            if not counts:
                counts = dict(zip(words, entries, strict=False))
                continue
            for word, count in zip(words, entries, strict=False):
                counts[word] = counts.get(word, 0) + count
        ordered = sorted(word for word in counts if word)
        return ordered, np.array([counts[word] for word in ordered], dtype=np.int64)

    def words_beginning(self, prefix: str, limit: int) -> list[str]:
        """The words that begin so, those of most entries first."""
        words, counts = self.lexicon
        first = bisect_left(words, prefix)
        last = bisect_left(words, prefix + "\U0010ffff")
        order = np.argsort(-counts[first:last], kind="stable")[:limit]
        return [words[first + place] for place in order.tolist()]


def _postings_of(part: _Segment, field: str, ordinal: int) -> Postings:
    terms = part.terms
    first, last = terms.view(field, "posting_starts")[ordinal : ordinal + 2].tolist()
    docs = terms.view(field, "docs")[first:last].astype(np.int64)
    if part.base:
        docs += part.base
    return Postings(docs, terms.view(field, "weights")[first:last].astype(np.float64))


def _positions_of(part: _Segment, field: str, ordinal: int) -> Array:
    start, end = part.terms.view(field, "position_starts")[ordinal : ordinal + 2].tolist()
    positions: Array = part.terms.view(field, "positions")[start:end]
    return positions.astype(np.int64) + part.position_base if part.position_base else positions


def total_bytes(folder: Path) -> int:
    """The size of the files of a folder, in bytes."""
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())


def open_with_plain_whoosh(folder: Path) -> Any:
    """The same index as Whoosh itself opens it: to check our scores against its own."""
    return index.open_dir(str(folder))


__all__ = [
    "EXACT",
    "FIELDS",
    "STEMS",
    "STOP_LISTS",
    "ArrayCodec",
    "FieldArrays",
    "IndexReader",
    "Postings",
    "SegmentArrays",
    "mark_removed",
    "open_with_plain_whoosh",
    "read_segments",
    "segment_bases",
    "segment_files",
    "total_bytes",
    "write_contents",
    "write_segment",
]
