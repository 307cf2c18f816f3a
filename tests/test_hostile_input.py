"""Files that are locked, broken, monstrous or mistaken: a message with place and remedy, the rest goes on,
and the facts that were there stay. Every file is made here."""

from __future__ import annotations

import csv
import hashlib
import io
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from conftest import comparada
from small_source import EU, VOTES, Case

INTEGER = [*EU, {"name": "v", "type": "integer"}]
GOOD = b"e,u,v\n1,MEX,7\n"


@pytest.fixture
def case(tiny: Path) -> Case:
    return Case(tiny)


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    for row in (["e", "u", "v"], [1, "MEX", 7]):
        book.active.append(row)
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def far_cell(sheet: Any) -> None:
    sheet["XFD1048576"] = 1


def locked_workbook() -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook(lambda s: None))).encrypt("secreto", out)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(name: str = "a.csv") -> bytes:
    return zipped({name: b"e,u,v\n" + b"0" * (200 << 20)})


def lying_bomb() -> bytes:
    """A bomb whose directory says that it unpacks to ten bytes."""
    data = bytearray(bomb())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.index(mark) + at
        data[place : place + 4] = struct.pack("<I", 10)
    return bytes(data)


def locked_zip() -> bytes:
    """A member marked as locked; what it holds is of no matter."""
    data = bytearray(zipped({"a.csv": GOOD}))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def spoilt_sav(path: Path) -> bytes:
    pyreadstat.write_sav(pd.DataFrame({"e": [1.0] * 500, "u": ["MEX"] * 500, "v": [7.0] * 500}), str(path))
    data = bytearray(path.read_bytes())
    path.unlink()
    data[100:400] = b"\xff" * 300
    return bytes(data)


IN_ZIP = {"format": "delimited", "within": "a.zip"}
# name → (file, its bytes, its format, how the table in it is declared, what the message must say)
CASES: dict[str, tuple[str, Callable[[Path], bytes], dict[str, Any], list[str]]] = {
    "a workbook locked by a password": ("a.xlsx", lambda p: locked_workbook(), {"format": "xlsx"}, ["a.xlsx", "contraseña", "password", "guárdelo"]),
    "a workbook that asks for all memory": ("a.xlsx", lambda p: workbook(far_cell), {"format": "xlsx"}, ["a.xlsx", "memoria", "otra copia"]),
    "a workbook cut short": ("a.xlsx", lambda p: workbook(lambda s: None)[:900], {"format": "xlsx"}, ["a.xlsx", "ZIP", "comparada fetch"]),
    "a web page called workbook": ("a.xls", lambda p: b"<html><table><tr><td>1</table>", {"format": "xls"}, ["a.xls", "página web"]),
    "a bomb called workbook": ("a.xlsx", lambda p: bomb("xl/worksheets/sheet1.xml"), {"format": "xlsx"}, ["a.xlsx", "sheet1.xml", "descomprimirse"]),
    "a ZIP bomb": ("a.zip", lambda p: bomb(), IN_ZIP, ["a.zip", "a.csv", "descomprimirse", "unpack"]),
    "a ZIP bomb that lies about its size": ("a.zip", lambda p: lying_bomb(), IN_ZIP, ["a.zip", "a.csv"]),
    "a path out of the archive": ("a.zip", lambda p: zipped({"a.csv": GOOD, "../../evil.csv": GOOD}), IN_ZIP, ["a.zip", "../../evil.csv", "no se abre"]),
    "an absolute path in the archive": ("a.zip", lambda p: zipped({"a.csv": GOOD, "/etc/evil": GOOD}), IN_ZIP, ["a.zip", "/etc/evil"]),
    "a drive in the archive": ("a.zip", lambda p: zipped({"a.csv": GOOD, "..\\evil": GOOD}), IN_ZIP, ["a.zip", "evil"]),
    "a locked member": ("a.zip", lambda p: locked_zip(), IN_ZIP, ["a.zip", "contraseña"]),
    "an archive without the member": ("a.zip", lambda p: zipped({"b.csv": GOOD}), IN_ZIP, ["a.zip", "a.csv", "b.csv"]),
    "an archive cut short": ("a.zip", lambda p: zipped({"a.csv": GOOD})[:40], IN_ZIP, ["a.zip", "roto", "comparada fetch"]),
    "an unreadable .sav": ("a.sav", spoilt_sav, {"format": "spss"}, ["a.sav", "SPSS"]),
    "noise called .sav": ("a.sav", lambda p: b"$FL2" + bytes(range(256)) * 9, {"format": "spss"}, ["a.sav", "SPSS"]),
    "noise called .dta": ("a.dta", lambda p: bytes(range(256)) * 9, {"format": "stata"}, ["a.dta", "Stata"]),
    "noise called .rda": ("a.rda", lambda p: b"RDX3\n" + bytes(range(256)) * 9, {"format": "r"}, ["a.rda"]),
    "a million columns": ("a.csv", lambda p: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1\n", {"format": "delimited"}, ["a.csv:1", "1,000,000", "separador"]),
    "one line of 40 MB": ("a.csv", lambda p: b"e,u,v\n" + b"1" * (40 << 20), {"format": "delimited"}, ["a.csv:2", "16 MB", "fines de línea"]),
    "unbalanced quotes": ("a.csv", lambda p: b'e,u,v\n1,MEX,7\n2,"MEX,8\n3,MEX,9\n', {"format": "delimited"}, ["a.csv:3", "comillas", "quoteChar"]),
    "UTF-16 without its mark": ("a.csv", lambda p: "e,u,v\n1,MEX,7\n".encode("utf-16-le"), {"format": "delimited"}, ["a.csv:1", "utf-16", "encoding"]),
    "JSON nested without end": ("a.json", lambda p: b"[" * 200_000, {"format": "json"}, ["a.json", "JSON"]),
    "JSON with a number of 5,000 digits": ("a.json", lambda p: b'[{"e": ' + b"9" * 5000 + b"}]", {"format": "json"}, ["a.json", "JSON"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_is_told_the_rest_goes_on_and_nothing_is_lost(name: str, case: Case) -> None:
    path, make, dialect, words = CASES[name]
    (case.folder / "good.csv").write_bytes(GOOD)
    case.declare("good.csv")
    case.ingest(INTEGER, VOTES)
    before = {p.name: p.read_bytes() for p in (case.folder / "facts").iterdir()}

    (case.folder / path).write_bytes(make(case.folder / path))
    case.files = [{"path": "a.csv" if "within" in dialect else path, **dialect}]
    if "within" in dialect:
        case.files.append({"path": "a.zip", "format": "zip"})
    table = {"table": "datos"} if dialect["format"] == "r" else {}
    case.describe(INTEGER, VOTES, **table)
    result = comparada("ingest", root=case.root)
    assert result.returncode == 1, result.stdout + result.stderr
    for word in words:
        assert word in result.stderr, result.stderr
    assert "Traceback" not in result.stderr and len(result.stderr) < 5_000
    assert "votos: 9 answers" in result.stdout  # the other source went on
    assert {p.name: p.read_bytes() for p in (case.folder / "facts").iterdir()} == before
    assert not list(case.root.parent.rglob("evil*"))


def test_one_line_among_good_ones_has_a_million_cells(case: Case) -> None:
    case.file("a.csv", "e,u,v\n1,MEX,7\n2" + "," * 1_000_000 + "\n3,MEX,9\n")
    assert case.ingest(INTEGER, VOTES) == [["7", "2"], ["9", "4"]]
    assert case.problems() == ["caso/a.csv:3: -: '' la fila tiene +999998 celdas de más o de menos [cell-count]"]


def test_formulas_in_text_stay_text(case: Case) -> None:
    case.file("a.csv", 'e,u,v,n\n1,MEX,=1+6,"=HYPERLINK(""http://example.org"",""x"")"\n')
    rows = case.ingest([*INTEGER, {"name": "n"}], {**VOTES, "comment": "n"})
    assert rows == [["", '=HYPERLINK("http://example.org","x")', "2"]]
    assert "'=1+6' no es un número [not-a-number]" in case.problems()[0]


def test_two_files_that_swapped_names(case: Case) -> None:
    other = GOOD.replace(b"7", b"8")
    for name, data in (("a.csv", other), ("b.csv", GOOD)):
        (case.folder / name).write_bytes(data)
    case.declare("a.csv", sha256=hashlib.sha256(GOOD).hexdigest())
    case.declare("b.csv", sha256=hashlib.sha256(other).hexdigest())
    case.describe(INTEGER, VOTES)
    result = comparada("ingest", "caso", root=case.root)
    assert result.returncode == 1
    assert (
        "caso/a.csv: el archivo cambió" in result.stderr
        and "el descriptor llama b.csv: ¿se intercambiaron" in result.stderr
    )
    mirror = case.root / "mirror/caso"
    mirror.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (case.folder / name).rename(mirror / name)
    brought = comparada("fetch", "caso", "--mirror", str(mirror.parent), root=case.root)
    assert brought.returncode == 1 and "el que el descriptor llama b.csv" in brought.stderr


def test_a_broken_file_takes_its_own_source_only(case: Case) -> None:
    """What other sources state is written as if the broken one were not there."""
    result: subprocess.CompletedProcess[str] = comparada("ingest", root=case.root)
    alone = {p: p.read_bytes() for p in (case.root / "datasets").glob("*/facts/*")}
    (case.folder / "a.sav").write_bytes(b"$FL2junk")
    case.declare("a.sav", format="spss")
    case.describe(INTEGER, VOTES)
    result = comparada("ingest", root=case.root)
    assert result.returncode == 1
    assert {p: p.read_bytes() for p in (case.root / "datasets").glob("*/facts/*")} == alone
    with next(p for p in alone if p.name == "file_accounts.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream))
