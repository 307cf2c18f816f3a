"""The draft of a briefing note (NI)."""

from __future__ import annotations

from research.drafting import sections
from research.drafting.writer import Writer


def write_briefing_note(writer: Writer) -> None:
    """Reason, background found by the search, findings from the table, implications to be written, sources."""
    language = writer.asking.language
    writer.head("Motivo", "Reason")
    writer.to_write("quién pide la nota y para qué", "who asks for the note, and what for")
    writer.head("Antecedentes", "Background")
    variables = dict.fromkeys(c.variable.labels.in_(language) for c in writer.table.columns)
    home = writer.asking.country(writer.table.home) if writer.table.home else ""
    if not writer.passages(f"{' '.join(list(variables)[:4])} {home}", 4):
        writer.to_write("antecedentes; la búsqueda no halló pasajes", "background; the search found no passages")
    writer.head("Hallazgos", "Findings")
    sections.findings(writer)
    sections.tables(writer)
    sections.chart(writer)
    writer.head("Lo que no se sabe", "What is not known", 2)
    if not sections.gaps(writer):
        writer.block(writer.say("Todas las variables tienen dato de todos los países.", "Every variable has a value of every country."))  # fmt: skip
    writer.head("Implicaciones para el INE", "Implications for the INE")
    writer.to_write(
        "qué se sigue de los hallazgos para el Instituto", "what follows from the findings for the Institute"
    )
    sections.sources(writer)
