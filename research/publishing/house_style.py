"""`research/products/estilo.yml`, optional: whose documents these are, and with which letters they are set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from research.faults import Fault, TextError, or_rather
from research.names import nearest

FILE = "estilo.yml"
WORD_TEMPLATE = "plantilla.docx"


class HouseStyle(BaseModel):
    """What an institution may set. The PDF's fonts come with the program unless others are named here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution: str = "Comparada"  # in the head of every page
    pdf_font: str = "Libertinus Serif"
    pdf_heading_font: str = "Libertinus Serif"
    word_font: str = "Arial"  # the reader's machine must have it
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#17375e"  # headings and rules; dark enough to read


def house_style(products: Path) -> HouseStyle:
    """The style of that folder's documents, ours where it says nothing. Raises TextError."""
    path = products / FILE
    if not path.is_file():
        return HouseStyle()
    try:
        content: Any = yaml.safe_load(path.read_text("utf-8")) or {}
        return HouseStyle.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TextError(FILE, [Fault(0, f"no es YAML: {error}", f"is not YAML: {error}")]) from error
    except ValidationError as error:
        raise TextError(FILE, [_fault(f) for f in error.errors()]) from error


def _fault(error: Any) -> Fault:
    key = ".".join(str(s) for s in error["loc"])
    known = list(HouseStyle.model_fields)
    if error["type"] == "extra_forbidden":
        es, en = or_rather(nearest(key, known), known)
        return Fault(0, f"clave desconocida «{key}»{es}", f"unknown key '{key}'{en}")
    return Fault(0, f"«{key}» no puede ser «{error['input']}»", f"'{key}' cannot be '{error['input']}'")
