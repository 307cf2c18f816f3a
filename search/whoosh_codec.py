"""A codec for Whoosh that lays postings out as whole arrays.

A codec is Whoosh's own extension point: Whoosh keeps the segments, their term dictionary, the field lengths and the
table of contents, and the codec says how postings are written. As Whoosh comes, each block of 128 postings is a
compressed pickle; here numpy reads them from the mapped file without decoding anything.

A segment's `.pst` file holds, for each field, the arrays of `FieldArrays` one after another; the term dictionary
gives each term its ordinal in them. Positions number the words of the whole segment: word 3 of entry 7 stands at
`entry_starts[7] + 3`, the same number in every field.
"""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index_arrays import Array, FieldArrays

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Whoosh's sources hold escapes that Python will refuse one day
    from whoosh import formats, matching  # type: ignore[import-untyped]
    from whoosh.codec.whoosh3 import (  # type: ignore[import-untyped]
        W3Codec,
        W3FieldWriter,
        W3TermInfo,
        W3TermsReader,
    )
    from whoosh.filedb.filetables import HashWriter, OrderedHashWriter  # type: ignore[import-untyped]
    from whoosh.filedb.filetables import _lengths as _LINE_LENGTHS
    from whoosh.filedb.structfile import BufferFile  # type: ignore[import-untyped]
    from whoosh.reading import TermNotFound  # type: ignore[import-untyped]
    from whoosh.system import pack_ushort, unpack_long  # type: ignore[import-untyped]
    from whoosh.util.numlists import GrowableArray  # type: ignore[import-untyped]

SEGMENT_ARRAYS = "*"
"""Owner of the arrays that belong to a segment and to no field."""

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
        bounds = self.view(SEGMENT_ARRAYS, "entry_starts").astype(np.int64)
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
