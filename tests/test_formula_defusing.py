"""No cell of an exported file runs as a formula, wherever the stream is cut."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparada.portal.formula_defusing import CsvDefuser, csv_line, defuse

CELLS = st.text(alphabet="=+-@\t\r\n\",;'1.5eaé＝ ", max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6)


@pytest.mark.parametrize(
    ("cell", "defused"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("-3.5", "-3.5"),
        ("+3", "+3"),
        ("-1e-05", "-1e-05"),
        ("-", "'-"),
        ("a=1", "a=1"),
        ("", ""),
        ("2018-07-01", "2018-07-01"),
    ],
)
def test_a_cell(cell: str, defused: str) -> None:
    assert defuse(cell) == defused


def written(rows: list[list[str]]) -> str:
    """The rows as Datasette writes them."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


@given(TABLES, st.lists(st.integers(0, 200), max_size=6))
def test_a_stream_cut_anywhere_gives_the_same_defused_rows(rows: list[list[str]], cuts: list[int]) -> None:
    content = written(rows).encode()
    borders = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    defuser = CsvDefuser()
    sent = b"".join(defuser.feed(content[a:b]) for a, b in pairwise(borders))
    sent += defuser.feed(b"", last=True)
    assert list(csv.reader(io.StringIO(sent.decode(), newline=""))) == [[defuse(c) for c in row] for row in rows]


@given(st.lists(CELLS, min_size=2, max_size=4))
def test_a_line_reads_back(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(csv_line(cells), newline=""))) == [[defuse(c) for c in cells]]


def test_a_cell_is_not_split_by_a_spreadsheet_that_splits_at_semicolons() -> None:
    defuser = CsvDefuser()
    assert defuser.feed(b"x;=1,2\r\n", last=True) == b'"x;=1",2\r\n'


def test_a_long_cell_passes() -> None:
    long = "x;" * 100_000
    assert list(csv.reader(io.StringIO(CsvDefuser().feed(f"{long},=1\r\n".encode(), last=True).decode()))) == [
        [long, "'=1"]
    ]


def test_plain_rows_pass_as_they_are() -> None:
    content = 'a,b\r\n1,México\r\n-3.5,"x, y"\r\n'.encode()
    assert CsvDefuser().feed(content, last=True) == content
