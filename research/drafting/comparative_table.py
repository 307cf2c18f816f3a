"""The draft of a comparative table (CC)."""

from __future__ import annotations

import datetime

from research.drafting import sections
from research.drafting.writer import Writer
from research.publishing.markdown import escaped
from research.publishing.words import long_date

TIMES = {
    "rule_in_force": ("regla vigente", "rule in force"),
    "yearly_observation": ("observación anual", "yearly observation"),
    "value_of_an_election": ("valor de una elección", "value of an election"),
    "undated_snapshot": ("dato sin fecha", "undated"),
}


def write_comparative_table(writer: Writer) -> None:
    """Variables, countries, cut-off date, the table with a source a cell, its gaps, passages and sources."""
    language = writer.asking.language
    writer.head("Variables", "Variables")
    questions = {
        key: (es if language == "es" else en)
        for key, es, en in writer.asking.connection.execute(
            "SELECT variable_id, question_es, question_en FROM variables"
        )
    }
    variables = dict.fromkeys(c.variable for c in writer.table.columns)
    writer.items(
        f"**{escaped(v.labels.in_(language))}** ({writer.say(*TIMES[v.time_kind])}): "
        + writer.answering_for_numbers(escaped(questions[v.variable_id]), "definición de la variable", "definition of the variable")
        for v in variables
    )  # fmt: skip
    writer.head("Países", "Countries")
    names = ", ".join(escaped(writer.asking.country(c)) for c in sections.countries_of(writer))
    writer.block(f"{names}.")
    if writer.table.similarity:
        rule = escaped(writer.table.similarity.rule.in_(language))
        writer.block(writer.answering_for_numbers(rule, "variables que se comparan", "variables compared"))
    writer.head("Fecha de corte", "Cut-off date")
    day = long_date(datetime.date.fromisoformat(writer.asking.cutoff), language)
    writer.block(writer.say(f"El último dato conocido hasta el {day}; cada cuadro dice de cuándo es cada uno.",
                            f"The latest value known by {day}; each table says when each of them is of."))  # fmt: skip
    writer.head("Cuadro comparativo, con una fuente por celda", "Comparative table, with a source in every cell")
    sections.tables(writer)
    sections.chart(writer)
    writer.head("Celdas sin dato y su razón", "Cells without a value, and why", 2)
    if not sections.gaps(writer):
        writer.block(writer.say("Todas las celdas tienen dato.", "Every cell has a value."))
    writer.head("Pasajes relacionados", "Related passages", 2)
    words = " ".join(v.labels.in_(language) for v in list(variables)[:4])
    if not writer.passages(words, 3):
        writer.block(
            writer.say("La búsqueda no halló pasajes de documentos.", "The search found no passages of documents.")
        )
    sections.sources(writer)
