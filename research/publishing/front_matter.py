"""What stands between the first two `---` of a document: its type, title, countries, cut-off date and state."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import yaml
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from research.faults import Fault, or_rather
from research.names import Labels, nearest

TypeCode = Literal["FP", "NI", "EC", "CC", "EM", "RM", "PI", "BP", "RC"]
Line = Literal["regimen_mexicano", "programas_ine", "perspectiva_comparada"]
State = Literal[
    "solicitado", "admitido", "en_investigacion", "en_redaccion", "en_revision", "con_observaciones", "dictaminado",
    "autorizado", "publicado", "en_actualizacion", "sustituido", "archivado", "rechazado", "cancelado",
]  # fmt: skip

TYPES: Mapping[str, Labels] = MappingProxyType({
    "FP": Labels("Ficha país", "Country fact sheet"),
    "NI": Labels("Nota informativa", "Briefing note"),
    "EC": Labels("Estudio comparado", "Comparative study"),
    "CC": Labels("Cuadro comparativo", "Comparative table"),
    "EM": Labels("Elecciones en el mundo", "Election note"),
    "RM": Labels("Cuaderno del régimen electoral mexicano", "Mexican electoral regime booklet"),
    "PI": Labels("Documento de programa sustantivo", "INE programme paper"),
    "BP": Labels("Ficha de buena práctica", "Good practice record"),
    "RC": Labels("Respuesta consolidada", "Consolidated reply"),
})  # fmt: skip

# states in which a text is public once it has been published; in every other one it is a draft
PUBLIC_STATES: frozenset[State] = frozenset({"autorizado", "publicado"})
# states in which nothing of a document comes out any more, not even as a draft
CLOSED_STATES: frozenset[State] = frozenset({"sustituido", "archivado", "rechazado", "cancelado"})

# what may stand in the place of a key that is missing
EXAMPLES: Mapping[str, str] = MappingProxyType({
    "tipo": "NI", "linea": "perspectiva_comparada", "procedimiento": "S.5.01.1.01", "fecha_de_corte": "2026-11-24",
    "estado": "en_redaccion",
})  # fmt: skip
STATES: Mapping[State, Labels] = MappingProxyType({
    "solicitado": Labels("solicitado", "requested"),
    "admitido": Labels("admitido", "accepted"),
    "en_investigacion": Labels("en investigación", "being researched"),
    "en_redaccion": Labels("en redacción", "being written"),
    "en_revision": Labels("en revisión", "under review"),
    "con_observaciones": Labels("con observaciones", "returned with remarks"),
    "dictaminado": Labels("dictaminado", "reviewed"),
    "autorizado": Labels("autorizado", "authorised"),
    "publicado": Labels("publicado", "published"),
    "en_actualizacion": Labels("en actualización", "being updated"),
    "sustituido": Labels("sustituido", "superseded"),
    "archivado": Labels("archivado", "archived"),
    "rechazado": Labels("rechazado", "rejected"),
    "cancelado": Labels("cancelado", "cancelled"),
})  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Model):
    """The title in both languages."""

    es: str = Field(min_length=3)
    en: str = Field(min_length=3)

    def in_(self, language: str) -> str:
        """The title in that language."""
        return self.es if language == "es" else self.en


def _either(es: str, en: str) -> Any:
    return AliasChoices(es, en)


class FrontMatter(_Model):
    """The head of a document. Keys in Spanish or in English; `citas` says how sources are cited."""

    type: TypeCode = Field(validation_alias=_either("tipo", "type"))
    line: Line = Field(validation_alias=_either("linea", "line"))
    procedure: str = Field(
        validation_alias=_either("procedimiento", "procedure"), pattern=r"^S\.5\.01\.\d\.0\d$",
        description="S.5.01.1.01, S.5.01.1.02, S.5.01.2.01, S.5.01.2.02",
    )  # fmt: skip
    title: Title = Field(validation_alias=_either("titulo", "title"))
    countries: tuple[str, ...] = Field((), validation_alias=_either("paises", "countries"))
    topics: tuple[str, ...] = Field((), validation_alias=_either("temas", "topics"))
    cutoff: datetime.date = Field(validation_alias=_either("fecha_de_corte", "cutoff_date"))
    state: State = Field(validation_alias=_either("estado", "state"))
    language: Literal["es", "en"] = Field("es", validation_alias=_either("lengua", "language"))
    citations: Literal["notas", "autor-fecha", "notes", "author-date"] = Field(
        "notas", validation_alias=_either("citas", "citations")
    )
    author: str | None = Field(None, validation_alias=_either("autoria", "author"))
    contents: bool | None = Field(None, validation_alias=_either("indice", "contents"))

    @field_validator("countries", "topics", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("contents", mode="before")
    @classmethod
    def _yes_has_an_accent(cls, value: Any) -> Any:
        return {"sí": True, "si": True, "no": False}.get(value.casefold(), value) if isinstance(value, str) else value

    @property
    def cites_in_notes(self) -> bool:
        """Whether sources are cited in footnotes rather than by author and date."""
        return self.citations in ("notas", "notes")

    @property
    def draft_mark(self) -> str:
        """What every page of a draft says of it; empty for a text that may be public."""
        if self.state in PUBLIC_STATES:
            return ""
        state = STATES[self.state].in_(self.language)
        if self.language == "es":
            return f"BORRADOR ({state}): su publicación no está autorizada"
        return f"DRAFT ({state}): not authorised for publication"

    @property
    def type_label(self) -> str:
        """The name of the document's type in its language."""
        label = TYPES[self.type]
        return label.es if self.language == "es" else label.en

    @property
    def running_title(self) -> str:
        """What stands at the head of its pages: the type and the title, which often begins with the type."""
        title = self.title.in_(self.language)
        return title if title.casefold().startswith(self.type_label.casefold()) else f"{self.type_label}: {title}"


@dataclass(frozen=True)
class Head:
    """A document's head and where its text begins: the text, and the line on which it starts."""

    front_matter: FrontMatter
    text: str
    first_line: int
    lines: Mapping[str, int]

    def line_of(self, *keys: str) -> int:
        """The line of the first of these keys that is there."""
        return next((self.lines[k] for k in keys if k in self.lines), 1)


def split(whole: str) -> tuple[Head | None, list[Fault]]:
    """The head and the text of a document; without a head, the faults that say why."""
    match = re.match(r"---[ \t]*\n(.*?)^---[ \t]*\n?", whole, re.DOTALL | re.MULTILINE)
    if match is None:
        return None, [Fault(1, "el texto debe empezar con una cabecera entre dos líneas «---»",
                            "the text must begin with a head between two lines '---'")]  # fmt: skip
    try:
        content = yaml.safe_load(match[1])
        lines = _lines(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        return None, [Fault(line, "la cabecera no se entiende: revise los dos puntos y las sangrías (un título con dos puntos va entre comillas)",
                            "the head cannot be understood: look at colons and indents (a title with a colon goes in quotes)")]  # fmt: skip
    if not isinstance(content, dict):
        return None, [Fault(2, "la cabecera está vacía", "the head is empty")]
    try:
        front_matter = FrontMatter.model_validate(content)
    except ValidationError as error:
        return None, [_fault(f, lines) for f in error.errors()]
    first_line = whole[: match.end()].count("\n") + 1
    return Head(front_matter, whole[match.end() :], first_line, MappingProxyType(lines)), []


def _lines(written: str) -> dict[str, int]:
    """The line of each key, `titulo.es` for one inside another; the head's first line is the text's second."""
    lines: dict[str, int] = {}

    def visit(node: yaml.Node | None, before: str) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = f"{before}{key.value}"
                lines[name] = key.start_mark.line + 2
                visit(value, f"{name}.")

    visit(yaml.compose(written, yaml.SafeLoader), "")
    return lines


def _keys(model: type[BaseModel] = FrontMatter) -> dict[str, tuple[str, str]]:
    """Every key of the head with its two spellings."""
    spelt = {}
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        both = [str(c) for c in alias.choices] if isinstance(alias, AliasChoices) else [name, name]
        spelt[name] = (both[0], both[1])
    return spelt


def _fault(error: Any, lines: Mapping[str, int]) -> Fault:
    steps: Sequence[str | int] = error["loc"]
    key = str(steps[0]) if steps else ""
    dotted = ".".join(str(s) for s in steps)
    line = next((lines[k] for k in (dotted, key) if k in lines), 1)
    if error["type"] == "extra_forbidden":
        known = [es for es, _ in _keys().values()] if len(steps) == 1 else ["es", "en"]
        every = known + [en for _, en in _keys().values()] if len(steps) == 1 else known
        es, en = or_rather(nearest(str(steps[-1]), every), known)
        return Fault(line, f"la cabecera no tiene la clave «{steps[-1]}»{es}", f"the head has no key '{steps[-1]}'{en}")
    if error["type"] == "missing":
        spelt = next((both for both in _keys().values() if key in both), (dotted, dotted))
        inside = "" if len(steps) == 1 else f".{steps[-1]}"
        value = "" if inside else EXAMPLES.get(spelt[0], "")
        es, en = (f", p. ej. {spelt[0]}: {value}", f", e.g. {spelt[1]}: {value}") if value else ("", "")
        return Fault(line, f"falta «{spelt[0]}{inside}» en la cabecera{es}", f"'{spelt[1]}{inside}' is missing in the head{en}")  # fmt: skip
    given = error["input"]
    if error["type"] == "literal_error":
        allowed = re.findall(r"'([^']+)'", str(error["ctx"]["expected"]))
        es, en = or_rather(nearest(str(given), allowed), allowed)
        return Fault(line, f"«{key}» no puede ser «{given}»{es}", f"'{key}' cannot be '{given}'{en}")
    if key in ("procedimiento", "procedure"):
        codes = "S.5.01.1.01, S.5.01.1.02, S.5.01.2.01, S.5.01.2.02"
        return Fault(line, f"«{key}» no puede ser «{given}»; los códigos son {codes}", f"'{key}' cannot be '{given}'; the codes are {codes}")  # fmt: skip
    if error["type"].startswith("date"):
        return Fault(line, f"«{key}: {given}» no es una fecha; escriba 2026-11-24", f"'{key}: {given}' is not a date; write 2026-11-24")  # fmt: skip
    return Fault(line, f"«{dotted}» no se entiende: «{given}»", f"'{dotted}' cannot be understood: '{given}'")
