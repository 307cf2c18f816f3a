"""What is kept of a published document: its head, its data version and each figure it cites, in two files beside it.

`registro.json` is the document, `cifras.csv` its figures, one a row. The build loads both into the tables
`products` and `product_figures`; they are never rewritten except by publishing the document again.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from research.directives.content import Pin
from research.faults import Fault, TextError
from research.publishing.compose import Edition

RECORD_FILE, FIGURES_FILE = "registro.json", "cifras.csv"


@dataclass(frozen=True)
class ProductRow:
    """A published document. `countries` and `topics` are ids."""

    product_id: str
    type: str
    line: str
    procedure_code: str
    title_es: str
    title_en: str
    language: str
    state: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    cutoff_date: str
    published_date: str
    data_version: str
    text_sha256: str


@dataclass(frozen=True)
class FigureRow:
    """A figure as it was published; `number` counts from 1 through the document.

    `row_key` is JSON: the names that find the row in `table_name`. `others` is JSON: what other sources
    said then, as [source, value] pairs.
    """

    number: int
    line: int
    directive: str
    kind: str
    table_name: str | None
    row_key: str | None
    column_name: str | None
    jurisdiction_id: str | None
    variable_id: str | None
    tier: str | None
    asked: str | None
    period: str | None
    source_id: str | None
    source_version: str | None
    shown: str
    value: float | None
    value_text: str | None
    unit: str | None
    others: str

    @property
    def pin(self) -> Pin | None:
        """Where the figure stood in the database; None for a number of the author's own."""
        if self.table_name is None or self.row_key is None or self.column_name is None:
            return None
        return Pin(self.table_name, tuple(json.loads(self.row_key).items()), self.column_name)


@dataclass(frozen=True)
class Record:
    """A published document with its figures."""

    product: ProductRow
    figures: tuple[FigureRow, ...]


def record_of(edition: Edition) -> Record:
    """What is to be kept of a document that is being published."""
    product = edition.product
    head = product.front_matter
    versions = dict(product.asking.connection.execute("SELECT source_id, version FROM sources"))
    row = ProductRow(
        product.product_id, head.type, head.line, head.procedure, head.title.es, head.title.en, head.language,
        "publicado", product.countries, product.topics, head.cutoff.isoformat(), edition.published.isoformat(),
        edition.data_version, hashlib.sha256(product.text.encode()).hexdigest(),
    )  # fmt: skip
    figures = []
    for number, (directive, cited) in enumerate(product.figures, start=1):
        pin = cited.pin
        figures.append(
            FigureRow(
                number=number,
                line=directive.line,
                directive=directive.written,
                kind=cited.kind,
                table_name=pin.table if pin else None,
                row_key=json.dumps(dict(pin.key), ensure_ascii=False) if pin else None,
                column_name=pin.column if pin else None,
                jurisdiction_id=cited.jurisdiction_id,
                variable_id=cited.variable_id,
                tier=cited.tier,
                asked=cited.asked,
                period=cited.period or None,
                source_id=cited.source_id,
                source_version=versions.get(cited.source_id),
                shown=cited.shown,
                value=cited.value,
                value_text=cited.value_text,
                unit=cited.unit or None,
                others=json.dumps(cited.others, ensure_ascii=False),
            )
        )
    return Record(row, tuple(figures))


def write_record(record: Record, folder: Path) -> None:
    """The two files of a record."""
    told = dataclasses.asdict(record.product)
    (folder / RECORD_FILE).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (folder / FIGURES_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(f.name for f in dataclasses.fields(FigureRow))
        writer.writerows(dataclasses.astuple(figure) for figure in record.figures)


def record_files(products: Path) -> tuple[Path, ...]:
    """Every file of every record, for whoever asks whether anything changed."""
    return tuple(sorted(p for name in (RECORD_FILE, FIGURES_FILE) for p in products.glob(f"*/publicado/{name}")))


def read_records(products: Path) -> list[Record]:
    """The records of all published documents, by id. Raises TextError for one that was spoilt by hand."""
    return [_read(path.parent) for path in sorted(products.glob(f"*/publicado/{RECORD_FILE}"))]


def _read(folder: Path) -> Record:
    place = f"research/products/{folder.parent.name}/{folder.name}"
    try:
        told: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text("utf-8"))
        product = ProductRow(**{**told, "countries": tuple(told["countries"]), "topics": tuple(told["topics"])})
        with (folder / FIGURES_FILE).open(encoding="utf-8", newline="") as file:
            figures = tuple(_figure(row) for row in csv.DictReader(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextError(place, [Fault(0, f"el registro de la publicación no se puede leer ({error}); vuelva a publicar el documento",
                                      f"the record of the publication cannot be read ({error}); publish the document again")]) from error  # fmt: skip
    return Record(product, figures)


def _figure(row: dict[str, str]) -> FigureRow:
    told: dict[str, Any] = {key: value or None for key, value in row.items()}
    told.update(number=int(row["number"]), line=int(row["line"]), shown=row["shown"],
                value=float(row["value"]) if row["value"] else None)  # fmt: skip
    return FigureRow(**told)
