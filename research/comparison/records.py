"""A comparison as one record a cell, with every part of its provenance: what CSV, workbooks and pandas get."""

from __future__ import annotations

from collections.abc import Mapping

from research.comparison.cells import Cell, Column, Row, Source
from research.comparison.words import BODIES, shown
from research.names import Language

# the fields of a record: name → what it holds, in Spanish and English
FIELDS: Mapping[str, tuple[str, str]] = {
    "jurisdiction_id": ("País, por su identificador", "Country, by its id"),
    "jurisdiction": ("País", "Country"),
    "day": ("Fecha para la que se pregunta", "Date asked for"),
    "variable_id": ("Variable, por su identificador", "Variable, by its id"),
    "variable": ("Variable", "Variable"),
    "tier": ("Órgano del que habla la respuesta; vacío si habla del país", "Body that the answer is about; empty if about the country"),
    "body": ("Órgano, en palabras", "Body, in words"),
    "value": ("Número, en la unidad", "Number, in the unit"),
    "code_id": ("Opción, por su identificador", "Option, by its id"),
    "shown": ("Respuesta como se muestra", "Answer as it is shown"),
    "unit": ("Unidad", "Unit"),
    "low": ("Límite inferior del intervalo de la fuente", "Lower end of the source's interval"),
    "high": ("Límite superior del intervalo de la fuente", "Upper end of the source's interval"),
    "gap": ("Clave de la razón por la que no hay respuesta", "Key of the reason why there is no answer"),
    "gap_reason": ("Razón por la que no hay respuesta", "Reason why there is no answer"),
    "earlier_shown": ("Respuesta de otro tiempo, que no vale para la fecha", "Answer of another time, which does not hold on the date"),
    "earlier_period": ("Tiempo de esa otra respuesta", "Time of that other answer"),
    "earlier_source_id": ("Fuente de esa otra respuesta", "Source of that other answer"),
    "period_from": ("Primer día del que habla la fila", "First day that the row is about"),
    "period_to": ("Último día del que habla la fila", "Last day that the row is about"),
    "date_precision": ("Qué tanto se conoce de las fechas", "How much of the dates is known"),
    "basis": ("Por qué vale para la fecha", "Why it may be taken for the date"),
    "holds": ("Si vale en la fecha; vacío si no se sabe", "Whether it holds on the date; empty if not known"),
    "age_days": ("Días desde la evidencia hasta la fecha", "Days from the evidence to the date"),
    "home_id": ("País de referencia", "Home country"),
    "relation": ("Comparado con el país de referencia", "Compared with the home country"),
    "difference": ("Diferencia con el país de referencia, en la unidad", "Difference from the home country, in the unit"),
    "intervals_overlap": ("Si los intervalos de ambos se tocan", "Whether the two intervals meet"),
    "notes": ("Notas: otras fuentes y cautelas", "Notes: other sources and cautions"),
    "legal_basis": ("Fundamento legal", "Legal basis"),
    "comment": ("Observación de la fuente", "Remark of the source"),
    "source_id": ("Fuente, por su identificador", "Source, by its id"),
    "source": ("Fuente", "Source"),
    "source_version": ("Versión de la fuente", "Version of the source"),
    "licence_id": ("Licencia", "Licence"),
    "election_id": ("Elección", "Election"),
    "from_table": ("Tabla de la base", "Table of the knowledge base"),
    "row_id": ("Fila de esa tabla", "Row of that table"),
    "raw_file_id": ("Archivo publicado", "Published file"),
    "raw_row": ("Fila del archivo", "Row of the file"),
    "raw_column": ("Columna del archivo", "Column of the file"),
    "data_version": ("Versión de los datos", "Data version"),
}  # fmt: skip

Record = dict[str, object]


def record(row: Row, column: Column, cell: Cell, sources: Mapping[str, Source], language: Language) -> Record:
    """A cell with its provenance, but for the home country and the data's version; what does not apply is None."""
    unit = column.variable.unit
    evidence, gap = cell.evidence, cell.gap
    body = BODIES.get(column.tier or "")
    told: Record = dict.fromkeys(FIELDS)
    told |= {
        "jurisdiction_id": row.jurisdiction_id, "jurisdiction": row.labels.in_(language), "day": row.day,
        "variable_id": column.variable.variable_id, "variable": column.variable.labels.in_(language),
        "tier": column.tier, "body": body.in_(language) if body else None, "unit": unit,
        "notes": "; ".join(n.said.in_(language) for n in cell.notes) or None,
    }  # fmt: skip
    if cell.difference is not None:
        told |= {"relation": cell.difference.relation, "difference": cell.difference.amount,
                   "intervals_overlap": cell.difference.intervals_overlap}  # fmt: skip
    if gap is not None:
        told |= {"gap": gap.reason, "gap_reason": gap.told(language)}
        evidence = gap.stated_by
        if gap.earlier is not None:
            told |= {
                "earlier_shown": shown(gap.earlier, unit, language),
                "earlier_period": gap.earlier.period,
                "earlier_source_id": gap.earlier.source_id,
            }
    if evidence is not None:
        source = sources[evidence.source_id]
        told |= {
            "period_from": evidence.period_from, "period_to": evidence.period_to,
            "date_precision": evidence.date_precision, "legal_basis": evidence.legal_basis,
            "comment": evidence.comment, "source_id": evidence.source_id, "source": source.title.in_(language),
            "source_version": source.version, "licence_id": evidence.licence_id,
            "election_id": evidence.election_id, "from_table": evidence.from_table, "row_id": evidence.row_id,
            "raw_file_id": evidence.raw_file_id, "raw_row": evidence.raw_row, "raw_column": evidence.raw_column,
            "basis": evidence.basis, "holds": None if evidence.holds is None else evidence.holds and gap is None,
            "age_days": evidence.age_days,
        }  # fmt: skip
    if cell.evidence is not None:
        told |= {"value": cell.evidence.value, "code_id": cell.evidence.code_id, "low": cell.evidence.low,
                   "high": cell.evidence.high, "shown": shown(cell.evidence, unit, language)}  # fmt: skip
    return told
