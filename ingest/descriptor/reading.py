"""Reading a `source.yml`: errors that name the line, the key and the nearest known key."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from ingest.descriptor.files import File
from ingest.descriptor.source import Descriptor
from ingest.problems import DescriptorError
from ingest.workspace import Workspace


def load_descriptor(path: Path) -> Descriptor:
    """The descriptor in that file. Raises DescriptorError with every fault, each with its line."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8")
        content = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DescriptorError(f"{name}: no es YAML: {error}", f"{name}: is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise DescriptorError(
            f"{name}: está vacío o no es una lista de claves y valores; vea docs/adding-a-source.md",
            f"{name}: is empty or not a set of keys and values; see docs/adding-a-source.md",
        )
    try:
        descriptor = Descriptor.model_validate(content)
    except ValidationError as error:
        faults = [_fault(fault, text, name) for fault in error.errors()]
        raise DescriptorError("\n".join(es for es, _ in faults), "\n".join(en for _, en in faults)) from error
    if descriptor.id != path.parent.name:
        raise DescriptorError(
            f"{name}: el identificador «{descriptor.id}» debe ser el nombre de la carpeta",
            f"{name}: the id '{descriptor.id}' must be the folder's name",
        )
    return _with_own_files(descriptor, path.parent)


def _with_own_files(descriptor: Descriptor, folder: Path) -> Descriptor:
    """The same descriptor with the files of its own folder in place of the patterns that stand for them."""
    if not any(f.is_pattern for f in descriptor.files):
        return descriptor
    files: dict[str, File] = {f.path: f for f in descriptor.files if not f.is_pattern}
    for pattern in (f for f in descriptor.files if f.is_pattern):
        paths = [p.relative_to(folder).as_posix() for p in sorted(folder.glob(pattern.path)) if p.is_file()]
        if not paths:
            raise DescriptorError(
                f"{descriptor.id}/source.yml: ningún archivo de la carpeta corresponde a «{pattern.path}»",
                f"{descriptor.id}/source.yml: no file of the folder matches '{pattern.path}'",
            )
        for path in paths:
            files.setdefault(path, pattern.model_copy(update={"path": path}))
    return descriptor.model_copy(update={"files": list(files.values())})


def load_descriptors(workspace: Workspace) -> dict[str, Descriptor]:
    """Every source's descriptor by id. Raises DescriptorError."""
    if not workspace.datasets.is_dir():
        raise DescriptorError(
            f"{workspace.root}: no hay carpeta datasets/; indique con --root dónde está",
            f"{workspace.root}: there is no datasets/ folder; say with --root where it is",
        )
    loaded = {path.parent.name: load_descriptor(path) for path in workspace.descriptors()}
    defined: dict[str, str] = {}
    for descriptor in loaded.values():
        for variable in descriptor.variables:
            if (other := defined.get(variable.id)) is not None:
                raise DescriptorError(
                    f"{descriptor.id}/source.yml: la variable «{variable.id}» ya está definida en {other}/source.yml",
                    f"{descriptor.id}/source.yml: the variable '{variable.id}' is already defined in {other}/source.yml",
                )
            defined[variable.id] = descriptor.id
    return loaded


def check_known(descriptor: Descriptor, key: str, value: str, known: Collection[str]) -> None:
    """Raise DescriptorError, with the nearest known value, when a descriptor names what does not exist."""
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.4)
        es = f"; ¿quiso decir «{near[0]}»?" if near else f"; se conocen: {', '.join(sorted(known))}"
        en = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(sorted(known))}"
        name = f"{descriptor.id}/source.yml: {key}"
        raise DescriptorError(f"{name}: no existe «{value}»{es}", f"{name}: there is no '{value}'{en}")


def _fault(fault: Any, text: str, name: str) -> tuple[str, str]:
    steps = [s for s in fault["loc"] if not (isinstance(s, str) and (s.endswith(("Value", "str")) or "[" in s))]
    place = f"{name}:{_line(text, steps)}: {_dotted(steps)}"
    if fault["type"] == "extra_forbidden":
        known = _known_keys(steps[:-1])
        near = difflib.get_close_matches(str(steps[-1]), known, n=1, cutoff=0.5)
        es = f"; ¿quiso decir «{near[0]}»?" if near else f"; se conocen: {', '.join(known)}"
        en = f"; did you mean '{near[0]}'?" if near else f"; known keys: {', '.join(known)}"
        return f"{place}: clave desconocida{es}", f"{place}: unknown key{en}"
    if fault["type"] == "missing":
        return f"{place}: falta esta clave", f"{place}: this key is missing"
    if fault["type"] == "literal_error":
        given = str(fault["input"])
        allowed = str(fault["ctx"]["expected"])
        near = difflib.get_close_matches(
            given, allowed.replace("'", "").replace(" or ", ", ").split(", "), n=1, cutoff=0.4
        )
        es = f"; ¿quiso decir «{near[0]}»?" if near else ""
        en = f"; did you mean '{near[0]}'?" if near else ""
        return f"{place}: «{given}» no es uno de {allowed}{es}", f"{place}: '{given}' is not one of {allowed}{en}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}", f"{place}: {message}"


def _dotted(steps: Sequence[str | int]) -> str:
    dotted = ""
    for step in steps:
        dotted += f"[{step}]" if isinstance(step, int) else f".{step}" if dotted else step
    return dotted or "(all)"


def _line(text: str, steps: Sequence[str | int]) -> int:
    """The line on which the deepest step that exists stands, from 1."""
    node = yaml.compose(text, yaml.CSafeLoader)
    line = 1
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _known_keys(steps: Sequence[str | int]) -> list[str]:
    """The keys that the descriptor's language knows at that place."""
    model: type[BaseModel] | None = Descriptor
    for step in steps:
        if isinstance(step, int) or model is None:
            continue
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        model = _model_in(field.annotation) if field else None
    return sorted(str(f.alias or n) for n, f in model.model_fields.items()) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _model_in(part)) is not None:
            return found
    return None
