"""What can be wrong with published data, and what can stop the work: problems and errors.

A *problem* is found in a file: it is collected, counted, told as
``file:row: column: 'value' message [rule]`` and published in the table `problems`.
An *error* stops what was asked and says the place and the remedy:

    ComparadaError
    ├── DescriptorError    a source.yml that cannot be understood
    ├── FileError          a published file that is missing, changed or unreadable
    ├── ExpectationError   a reading that does not give what the descriptor expects
    └── BuildError         the database could not be written
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["rejected", "cell_dropped", "warning"]


class ComparadaError(Exception):
    """An error told to a person: in Spanish and in English, with place and remedy."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(f"{es}\n{en}")
        self.es = es
        self.en = en


class DescriptorError(ComparadaError):
    """A source.yml says something that the descriptor's language does not know."""


class FileError(ComparadaError):
    """A published file is missing, changed, or not what its descriptor says."""


class ExpectationError(ComparadaError):
    """A file was read, but gives other counts than its descriptor expects."""


class BuildError(ComparadaError):
    """The database could not be written; the old one stands."""


# rule → what it says, in Spanish and English. {more} is what the finder knows of the case.
RULES: dict[str, tuple[str, str]] = {
    "not-a-number": ("no es un número", "is not a number"),
    "odd-number-marks": (
        "no lleva las marcas de decimales y millares que declara el descriptor (decimalChar, groupChar)",
        "does not bear the decimal and thousands marks that the descriptor states (decimalChar, groupChar)",
    ),
    "not-an-integer": ("no es un número entero", "is not a whole number"),
    "not-a-year": ("no es un año", "is not a year"),
    "not-a-date": ("no es una fecha que sepamos leer", "is not a date that we can read"),
    "not-a-boolean": ("no es un sí o un no", "is neither yes nor no"),
    "date-in-number": (
        "es una fecha en una columna de números: una hoja de cálculo la convirtió",
        "is a date in a column of numbers: a spreadsheet turned it into one",
    ),
    "lone-percent": ("es un signo de porcentaje sin número", "is a percent sign without a number"),
    "spreadsheet-error": ("es un error de hoja de cálculo", "is a spreadsheet error"),
    "percent-above-100": ("es un porcentaje mayor que 100", "is a percentage above 100"),
    "percent-below-0": ("es un porcentaje negativo", "is a negative percentage"),
    "unlisted-value": ("no está en la lista de valores del descriptor", "is not among the descriptor's values"),
    "required": ("la celda está vacía y es obligatoria", "the cell is empty and required"),
    "minimum": ("es menor que el mínimo, {more}", "is below the minimum, {more}"),
    "maximum": ("es mayor que el máximo, {more}", "is above the maximum, {more}"),
    "above-other-column": ("es mayor que {more}", "is above {more}"),
    "pattern": ("no tiene la forma {more}", "does not have the form {more}"),
    "enum": ("no es uno de {more}", "is not one of {more}"),
    "unique": ("está repetido y debe ser único", "is repeated and must be unique"),
    "unknown-jurisdiction": (
        "es un nombre o código que no conocemos; lo más parecido: {more}",
        "is a name or code that we do not know; nearest: {more}",
    ),
    "duplicate-row": ("la fila repite exactamente la fila {more}", "the row repeats row {more} exactly"),
    "duplicate-key": (
        "la misma clave está en la fila {more} con otros valores",
        "the same key stands in row {more} with other values",
    ),
    "conflicting-statement": (
        "la fuente lo dice de dos maneras; se conserva la primera ({more})",
        "the source states it in two ways; the first is kept ({more})",
    ),
    "cell-count": ("la fila tiene {more} celdas de más o de menos", "the row has {more} cells too many or too few"),
    "versions-differ": (
        "la otra versión de la tabla dice {more}; se carga la primera",
        "the table's other version says {more}; the first is loaded",
    ),
    "table-length": (
        "filas tiene la tabla y su otra versión {more}",
        "rows has the table and its other version {more}",
    ),
    "short-line": (
        "la línea termina {more} caracteres antes de que acabe la columna: puede faltar el final de la celda",
        "the line ends {more} characters before the column does: the end of the cell may be missing",
    ),
    "merged-cells": (
        "ocupa las celdas combinadas {more} y solo se lee en la primera; si vale para todas, dé mergedCells: repeat",
        "fills the merged cells {more} and is read in the first one only; if it holds for all, say mergedCells: repeat",
    ),
    "formula-without-value": (
        "es una fórmula cuyo resultado no está guardado en el archivo; ábralo y guárdelo en una hoja de cálculo",
        "is a formula whose result is not stored in the file; open and save it in a spreadsheet program",
    ),
    "unknown-reference": ("no existe en {more}", "does not exist in {more}"),
    "empty-document": (
        "el documento no tiene texto; traiga el archivo de nuevo o quítelo del descriptor",
        "the document has no text; bring the file again or take it out of the descriptor",
    ),
    "encrypted-document": (
        "el documento está protegido con contraseña; guarde una copia sin ella",
        "the document is protected by a password; save a copy without it",
    ),
    "image-only-document": (
        "sus páginas ({more}) son imágenes sin texto; páselo antes por un reconocedor de texto (OCR)",
        "its pages ({more}) are pictures without text; run it through text recognition (OCR) first",
    ),
    "page-without-text": (
        "la página es una imagen sin texto; lo que dice no se cargó",
        "the page is a picture without text; what it says was not loaded",
    ),
    "legacy-document": (
        "es un documento de Office 97-2003 (.doc) o está cifrado; guárdelo como .docx, .odt o PDF",
        "is an Office 97-2003 document (.doc) or encrypted; save it as .docx, .odt or PDF",
    ),
    "document-too-large": (
        "es demasiado grande una vez abierto ({more}); divídalo o revise que no esté dañado",
        "is too large once opened ({more}); split it, or check that it is not damaged",
    ),
    "damaged-document": (
        "está dañado o no tiene el formato que dice el descriptor ({more}); traiga el archivo de nuevo",
        "is damaged or not of the format that the descriptor says ({more}); bring the file again",
    ),
    "undecodable-document": (
        "no está en la codificación del descriptor (byte, línea, codificación: {more}); corrija encoding",
        "is not in the descriptor's encoding (byte, line, encoding: {more}); correct encoding",
    ),
    "no-front-matter": (
        "no empieza con sus metadatos entre dos líneas «---»; vea docs/documents.md",
        "does not begin with its metadata between two '---' lines; see docs/documents.md",
    ),
    "bad-front-matter": (
        "sus metadatos no se entienden ({more}); vea docs/documents.md",
        "its metadata cannot be understood ({more}); see docs/documents.md",
    ),
    "path-not-matched": (
        "su ruta no tiene la forma {more}; corrija path en el descriptor",
        "its path does not have the form {more}; correct path in the descriptor",
    ),
    "duplicate-document": (
        "otro documento de la fuente se llama ya {more}; dé a uno de los dos otro id",
        "another document of the source is already called {more}; give one of the two another id",
    ),
    "unknown-language": (
        "no se pudo reconocer la lengua del texto; dígala en el descriptor (language)",
        "the language of the text could not be recognised; state it in the descriptor (language)",
    ),
    "structure-not-found": (
        "no se encontró ningún apartado de clase {more}; revise structure en el descriptor",
        "no section of the kind {more} was found; look at structure in the descriptor",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or looks wrong, in a published file.

    `row` counts as the published file does: lines of a text file, rows of a sheet, rows of an R data
    frame from 1. `severity` says what became of it: the row was rejected, the cell was dropped, or it
    was loaded all the same and this is a warning.
    """

    file: str
    recipe: str
    row: int | None
    column: str | None
    value: str
    rule: str
    severity: Severity
    more: str = ""

    @property
    def message_es(self) -> str:
        """What is wrong, in Spanish."""
        return RULES[self.rule][0].format(more=self.more)

    @property
    def message_en(self) -> str:
        """What is wrong, in English."""
        return RULES[self.rule][1].format(more=self.more)

    def line(self, lang: str = "es") -> str:
        """`file:row: column: 'value' message [rule]`, the form in which every problem is told."""
        return self.line_with(self.message_en if lang == "en" else self.message_es)

    def line_with(self, message: str) -> str:
        """The same form with a message that was stored."""
        value = self.value if len(self.value) <= 80 else self.value[:77] + "…"
        place = f"{self.file}:{self.row}" if self.row is not None else self.file
        return f"{place}: {self.column or '-'}: {value!r} {message} [{self.rule}]"
