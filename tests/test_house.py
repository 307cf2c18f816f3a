"""The shape of the house: imports run one way, names say what a thing is, the lock is in step."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import yaml
from conftest import REPOSITORY
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ingest.descriptor.files import File
from ingest.descriptor.reading import load_descriptor
from ingest.descriptor.schema import json_schema
from ingest.documents.formats import DOCUMENT_READERS
from ingest.readers import READERS

MAY_IMPORT = {
    "comparada": {"comparada", "research", "search", "ingest"},
    "research": {"research", "search"},
    "search": {"search"},
    "ingest": {"ingest"},
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc"}


def modules() -> list[Path]:
    return sorted(p for package in MAY_IMPORT for p in (REPOSITORY / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = any((REPOSITORY / whole.replace(".", "/")).with_suffix(s).exists() for s in ("", ".py"))
                names |= {whole} if is_module else {whole, str(node.module)}
    return names


def test_imports_run_one_way() -> None:
    for path in modules():
        package = path.relative_to(REPOSITORY).parts[0]
        ours = {name.split(".")[0] for name in imported(path)} & set(MAY_IMPORT)
        assert ours <= MAY_IMPORT[package], f"{path}: {ours - MAY_IMPORT[package]}"
        if package != "search":
            assert "whoosh" not in {name.split(".")[0] for name in imported(path)}, path


def test_no_module_imports_in_a_circle() -> None:
    names = {".".join(p.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): p for p in modules()}
    graph = {name: imported(path) & set(names) - {name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"circle: {' → '.join((*way, name))}"
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_no_module_is_named_for_its_usefulness() -> None:
    assert not [p for p in modules() if p.stem in VAGUE or p.parent.name in VAGUE]


def test_the_lock_is_in_step_with_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    runtime = project["project"]["dependencies"] + project["dependency-groups"]["build"]
    for lock, wanted in (
        ("requirements.lock", runtime),
        ("requirements-test.lock", runtime + project["project"]["optional-dependencies"]["test"]),
    ):
        text = (REPOSITORY / lock).read_text("utf-8")
        assert "://" not in text and "--index" not in text
        pins = {
            canonicalize_name(name): version
            for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)
        }
        assert text.count("--hash=sha256:") >= len(pins)
        for line in wanted:
            requirement = Requirement(line)
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), f"{lock}: {line}"


def test_the_descriptors_schema_is_current() -> None:
    assert (REPOSITORY / "datasets/source.schema.json").read_text("utf-8") == json_schema()


def test_every_descriptor_is_valid_for_editors_too() -> None:
    import json

    import jsonschema

    schema = json.loads(json_schema())
    for path in sorted((REPOSITORY / "datasets").glob("*/source.yml")):
        load_descriptor(path)
        jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), schema)


def test_every_format_has_its_reader() -> None:
    assert set(READERS) | set(DOCUMENT_READERS) == set(File.model_fields["format"].annotation.__args__)  # type: ignore[union-attr]


def test_no_published_file_is_in_the_repository() -> None:
    hashes = {
        f.sha256 for p in (REPOSITORY / "datasets").glob("*/source.yml") for f in load_descriptor(p).files if f.sha256
    }
    import hashlib

    for path in (REPOSITORY / "datasets").rglob("*"):
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() not in hashes, path


def test_the_repository_stays_small() -> None:
    assert sum(p.stat().st_size for p in (REPOSITORY / "datasets").rglob("*") if p.is_file()) < 30_000_000
