"""What bad input gets: a message with file, place and remedy, exit code 1, and the old facts as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

VOTOS = "datasets/votos/votos.csv"
DESCRIPTOR = "datasets/votos/source.yml"


def rewrite(root: Path, path: str, change: Callable[[bytes], bytes]) -> None:
    (root / path).write_bytes(change((root / path).read_bytes()))


CASES: dict[str, tuple[str, Callable[[bytes], bytes], list[str]]] = {
    "empty file": (VOTOS, lambda b: b"", ["votos.csv", "vacío", "empty", "comparada fetch"]),
    "truncated inside a quoted cell": (VOTOS, lambda b: b[: b.index(b"52.7")], ["votos.csv:3", "comillas", "quotes"]),
    "web page in place of data": (VOTOS, lambda b: b"<!DOCTYPE html><p>404", ["votos.csv", "página web", "web page"]),
    "invalid UTF-8": (VOTOS, lambda b: b.replace("Sí".encode(), b"S\xed", 1), ["votos.csv:2", "0xed", "encoding"]),
    "null byte": (VOTOS, lambda b: b.replace(b"2021", b"20\x0021"), ["votos.csv:3", "byte nulo", "null byte"]),
    "two columns of one name": (VOTOS, lambda b: b.replace(b"pais,anio", b"pais,pais"), ["votos.csv", "pais", "headerRow"]),
    "column gone": (VOTOS, lambda b: b.replace(b"participacion", b"partic"), ["votos.csv", "participacion", "partic"]),
    "rows missing": (VOTOS, lambda b: b.replace(b"Mexico,2021", b"\n", 1).replace(b',"52.7%",,02.No\n', b""), ["expect", "7", "6"]),
    "key mistyped": (DESCRIPTOR, lambda b: b.replace(b"percent: true", b"percnt: true"), ["source.yml:", "percnt", "percent"]),
    "type mistyped": (DESCRIPTOR, lambda b: b.replace(b"type: number", b"type: numbr"), ["source.yml:", "numbr", "number"]),
    "key missing": (DESCRIPTOR, lambda b: b.replace(b"licence: CC0-1.0\n", b""), ["source.yml", "licence", "falta"]),
    "not YAML": (DESCRIPTOR, lambda b: b.replace(b"title: {", b"title: {{"), ["source.yml", "YAML"]),
    "bad regular expression": (DESCRIPTOR, lambda b: b.replace(rb"'^\d+\.'", b"'(['"), ["source.yml:", "strip", "(["]),
    "path out of the folder": (DESCRIPTOR, lambda b: b.replace(b"votos.csv", b"../reference/topics.csv"), ["../reference"]),
    "unknown table": (DESCRIPTOR, lambda b: b.replace(b"turnout-example: {value", b"turnout-exmple: {value"), ["turnout-exmple"]),
    "file not declared": (DESCRIPTOR, lambda b: b.replace(b"file: votos.csv", b"file: otro.csv"), ["otro.csv", "files"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_is_told_and_the_old_facts_stay(name: str, tiny: Path, run: Run) -> None:
    path, change, words = CASES[name]
    assert run("ingest").returncode == 0
    before = {p.name: p.read_bytes() for p in (tiny / "datasets/votos/facts").iterdir()}
    rewrite(tiny, path, change)
    result = run("ingest")
    assert result.returncode == 1, result.stderr
    for word in words:
        assert word in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
    assert {p.name: p.read_bytes() for p in (tiny / "datasets/votos/facts").iterdir()} == before


def test_the_other_sources_go_on(tiny: Path, run: Run) -> None:
    rewrite(tiny, "datasets/reference/topics.csv", lambda b: b"")
    result = run("ingest")
    assert result.returncode == 1
    assert "votos: 9 answers" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("licence: CC0-1.0", "licence: CC0", ["votos/source.yml", "«CC0»", "CC0-1.0"]),
     ("topic: turnout", "topic: turnuot", ["votos/source.yml", "turnuot", "turnout"]),
     ("id: turnout-example", "id: compulsory-example", ["compulsory-example"])],
)  # fmt: skip
def test_a_descriptor_that_names_what_does_not_exist(
    old: str, new: str, words: list[str], tiny: Path, run: Run
) -> None:
    run("ingest")
    assert run("build").returncode == 0
    before = (tiny / "build/comparada.db").read_bytes()
    rewrite(tiny, DESCRIPTOR, lambda b: b.replace(old.encode(), new.encode(), 1))
    result = run("build")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr
    assert (tiny / "build/comparada.db").read_bytes() == before


@pytest.mark.parametrize(("old", "new"), [("63.4", "x3.4"), (",value,", ",valor,"), ("votos.csv,2", "otro.csv,2")])
def test_facts_spoilt_by_hand(old: str, new: str, built: Path, tiny: Path, run: Run) -> None:
    before = built.read_bytes()
    rewrite(tiny, "datasets/votos/facts/answers.csv", lambda b: b.replace(old.encode(), new.encode(), 1))
    result = run("build")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "votos/facts/answers.csv" in result.stderr and "comparada ingest votos" in result.stderr
    assert built.read_bytes() == before


def test_a_zero_byte_r_file(tiny: Path, run: Run) -> None:
    (tiny / "datasets/votos/vacio.rda").write_bytes(b"")
    text = (tiny / DESCRIPTOR).read_text("utf-8")
    text = text.replace("{path: votos.csv, format: delimited}", "{path: vacio.rda, format: r}").replace(
        "file: votos.csv", "file: vacio.rda\n    table: x"
    )
    (tiny / DESCRIPTOR).write_text(text, "utf-8")
    result = run("ingest")
    assert result.returncode == 1 and "vacio.rda: el archivo está vacío" in result.stderr


def test_a_wrong_hash_prints_the_new_one(tiny: Path, run: Run) -> None:
    text = (tiny / DESCRIPTOR).read_text("utf-8")
    text = text.replace("{path: votos.csv, format", "{path: votos.csv, sha256: '" + "0" * 64 + "', format")
    (tiny / DESCRIPTOR).write_text(text, "utf-8")
    result = run("ingest")
    import hashlib

    found = hashlib.sha256((tiny / VOTOS).read_bytes()).hexdigest()
    assert result.returncode == 1 and found in result.stderr


def test_a_key_stated_twice_with_other_values(tiny: Path, run: Run) -> None:
    rewrite(tiny, VOTOS, lambda b: b.replace(b"Mexico,2021", b"Mexico,2018", 1))
    rewrite(
        tiny,
        DESCRIPTOR,
        lambda b: b.replace(b"    file: votos.csv\n", b"    file: votos.csv\n    primaryKey: [pais, anio]\n"),
    )
    assert run("ingest").returncode == 0
    lines = run("check").stdout.splitlines()
    assert (
        "votos/votos.csv:3: pais, anio: 'Mexico · 2018' la misma clave está en la fila 2 con otros valores [duplicate-key]"
        in lines
    )


def test_a_row_with_too_many_cells_is_rejected_alone(tiny: Path, run: Run) -> None:
    rewrite(tiny, VOTOS, lambda b: b.replace(b"Namibia,1994,%,,", b"Namibia,1994,%,,,,"))
    assert run("ingest").returncode == 0
    assert any(
        line.startswith("votos/votos.csv:5: -:") and "[cell-count]" in line for line in run("check").stdout.splitlines()
    )


def test_an_unknown_source_is_wrong_usage(run: Run) -> None:
    result = run("ingest", "votso")
    assert result.returncode == 2 and "votos" in result.stderr


def test_no_datasets_here(tmp_path: Path) -> None:
    from conftest import comparada

    result = comparada("build", root=tmp_path)
    assert result.returncode == 1 and "--root" in result.stderr
