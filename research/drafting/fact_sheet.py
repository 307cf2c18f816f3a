"""The draft of a country fact sheet (FP)."""

from __future__ import annotations

from research.drafting import sections
from research.drafting.elections import latest_elections, results
from research.drafting.writer import Writer
from research.fact_sheets.words import SECTIONS
from research.publishing.markdown import escaped


def write_fact_sheet(writer: Writer, country: str) -> None:
    """The ten sections that a fact sheet has, each with what the sources answer."""
    for section in SECTIONS:
        if section.key == "fuentes":
            sections.sources(writer)
            continue
        writer.head(section.es, section.en)
        if section.key == "datos-basicos":
            _basic_data(writer, country)
            continue
        name = writer.say(section.es, section.en)
        sections.figures_by_topic(writer, country, section.topics, name)
        if section.key == "forma-de-gobierno":
            sections.chart(writer)
        if section.key == "ultima-eleccion":
            _last_elections(writer, country)
        else:
            writer.passages(f"{name} {writer.asking.country(country)}", 2, country)


def _basic_data(writer: Writer, country: str) -> None:
    connection, language = writer.asking.connection, writer.asking.language
    official = connection.execute(
        "SELECT name FROM jurisdiction_names WHERE jurisdiction_id = ? AND kind = 'official' AND language = ? ORDER BY rowid DESC",
        (country, language),
    ).fetchone()
    groups = [
        str(row[0 if language == "es" else 1])
        for row in connection.execute(
            'SELECT DISTINCT g.name_es, g.name_en FROM group_members m JOIN "groups" g USING (group_id)'
            " WHERE m.jurisdiction_id = ? AND coalesce(m.valid_to, '9999') >= ? ORDER BY g.rowid",
            (country, writer.asking.cutoff),
        )
    ]
    lines = [f"{writer.say('Nombre', 'Name')}: {escaped(writer.asking.country(country))}."]
    if official:
        lines.append(f"{writer.say('Nombre oficial', 'Official name')}: {escaped(official[0])}.")
    lines.append(f"{writer.say('Código', 'Code')}: {country}.")
    if groups:
        lines.append(f"{writer.say('Grupos y regiones', 'Groups and regions')}: {escaped(', '.join(groups))}.")
    writer.items(lines)


def _last_elections(writer: Writer, country: str) -> None:
    told = [e for e in latest_elections(writer.asking, country) if results(writer, e)]
    if not told:
        writer.lacks("Última elección: ninguna fuente da sus resultados", "Last election: no source gives its results")
