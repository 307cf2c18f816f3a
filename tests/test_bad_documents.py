"""Documents that are locked, broken, empty or mistaken: each is told with its remedy, and the rest goes on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
import yaml
from conftest import comparada, facts
from made_documents import docx, odt, pdf

from ingest.documents.formats import read_file


def _encrypted(path: Path) -> None:
    pdf(path, [[("Texto", 72.0, 700.0, "roman", 10.0)]])
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("secreto", algorithm="RC4-128")
    writer.write(path)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 20_000_000 + b"</a>")


def _cut(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        make(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])

    return cut


ENTITIES = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&d;</w:body></w:document>"""


def _entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", ENTITIES)


BAD: dict[str, tuple[str, str, Callable[[Path], object]]] = {  # name → file, rule, how to make it
    "empty": ("malo.pdf", "empty-document", lambda p: p.write_bytes(b"")),
    "blank": ("malo.txt", "empty-document", lambda p: p.write_text("\n \n", "utf-8")),
    "encrypted": ("malo.pdf", "encrypted-document", _encrypted),
    "pictures only": ("malo.pdf", "image-only-document", lambda p: pdf(p, [[], []], picture=True)),
    "no PDF": ("malo.pdf", "damaged-document", lambda p: p.write_text("<html>404</html>", "utf-8")),
    "truncated PDF": ("malo.pdf", "damaged-document", _cut(lambda p: pdf(p, [[("Texto", 72.0, 700.0, "roman", 10.0)]]))),
    "legacy .doc": ("malo.docx", "legacy-document", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)),
    "bomb": ("malo.docx", "document-too-large", _bomb),
    "entities": ("malo.docx", "empty-document", _entities),
    "truncated Word": ("malo.docx", "damaged-document", _cut(lambda p: docx(p, [("Hola", None)] * 200))),
    "no Word": ("malo.docx", "damaged-document", lambda p: odt(p, [("Hola", None)])),
    "bad encoding": ("malo.txt", "undecodable-document", lambda p: p.write_bytes("Título\nMéxico".encode("latin-1"))),
    "null bytes": ("malo.html", "damaged-document", lambda p: p.write_bytes(b"<p>a\0b</p>")),
    "no front matter": ("malo.md", "no-front-matter", lambda p: p.write_text("# Hola\n\nAdiós", "utf-8")),
    "misspelt front matter": ("malo.md", "bad-front-matter", lambda p: p.write_text("---\ntitel: Hola\n---\nAdiós", "utf-8")),
    "front matter that is no YAML": ("malo.md", "bad-front-matter", lambda p: p.write_text("---\na: [\n---\nAdiós", "utf-8")),
    "an id twice": ("malo.md", "duplicate-document", lambda p: p.write_text("---\nid: bueno\n---\nAdiós", "utf-8")),
}  # fmt: skip
FORMATS = {".pdf": "pdf", ".docx": "docx", ".txt": "text", ".html": "html", ".md": "markdown"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_with_its_remedy_and_the_rest_goes_on(name: str, documents_root: Path) -> None:
    file, rule, make = BAD[name]
    folder = documents_root / "datasets/malas"
    folder.mkdir()
    source = yaml.safe_load((documents_root / "datasets/notas/source.yml").read_text("utf-8"))
    good = {"path": "bueno.md", "format": "markdown"}
    bad = {"path": file, "format": FORMATS[Path(file).suffix]}
    documents = [{"name": "buenos", "files": "bueno.md", "frontMatter": "ours"}, {"name": "malos", "files": file}]
    if file.endswith(".md"):
        documents[1]["frontMatter"] = "ours"
    source |= {"id": "malas", "files": [good, bad], "documents": documents}
    (folder / "source.yml").write_text(yaml.safe_dump(source), "utf-8")
    (folder / "bueno.md").write_text("---\nid: bueno\ntitle: Bueno\nlanguage: es\n---\nTodo bien.", "utf-8")
    make(folder / file)
    result = comparada("ingest", "malas", "--json", root=documents_root)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)[0]["facts"] == {"documents": 1, "document_sections": 1}
    told = facts(documents_root, "malas", "problems")
    assert [(p["raw_file"], p["rule"], p["severity"]) for p in told] == [(file, rule, "rejected")]
    line = comparada("check", "malas", root=documents_root).stdout.splitlines()[0]
    assert line.startswith(f"malas/{file}:") and line.endswith(f"[{rule}]")


def test_a_page_that_is_a_picture_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    pdf(tmp_path / "a.pdf", [[("Texto de la primera página", 72.0, 700.0, "roman", 10.0)], []], picture=True)
    document = read_file(tmp_path / "a.pdf", "pdf", "utf-8")
    assert [b.text for b in document.blocks] == ["Texto de la primera página"]
    assert document.pages_without_text == (2,)
