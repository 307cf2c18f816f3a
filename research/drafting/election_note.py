"""The draft of an election note (EM)."""

from __future__ import annotations

from research.directives.elections import Election
from research.drafting import sections
from research.drafting.elections import contestants, later_elections, results
from research.drafting.writer import Writer
from research.publishing.markdown import escaped

SYSTEM = ("electoral-systems", "boundary-delimitation", "democracy-measures")
RULES = (
    "legal-framework",
    "suffrage",
    "voter-registration",
    "voting-operations",
    "political-finance",
    "gender",
    "overseas-voting",
)
RESULTS = ("turnout", "results-indices", "results-management")
OBSERVATION = ("election-observation", "electoral-integrity")


def write_election_note(writer: Writer, election: Election) -> None:
    """System, actors, rules, results, observation and the next election."""
    country = election.jurisdiction_id
    name = writer.asking.country(country)
    writer.block(
        f"{writer.say('Elección', 'Election')}: {escaped(election.names.in_(writer.asking.language))} ({election.election_id})."
    )
    writer.head("Sistema", "System")
    sections.figures_by_topic(writer, country, SYSTEM, writer.say("Sistema", "System"))
    sections.chart(writer)
    writer.passages(f"{writer.say('sistema electoral', 'electoral system')} {name}", 1, country)
    writer.head("Actores", "Actors")
    told = contestants(writer, election)
    if told is None:
        writer.to_write(
            "partidos y candidaturas; ninguna fuente de la base los da",
            "parties and candidates; no source of the knowledge base gives them",
        )
    else:
        source, names = told
        names = [writer.answering_for_numbers(n, "nombre del partido", "name of the party") for n in names]
        writer.block(
            f"{writer.say('La fuente da como contendientes a', 'The source gives as contestants')}: {'; '.join(names)} [[{writer.say('fuente', 'source')}: {source}]]."
        )
    writer.head("Reglas", "Rules")
    sections.figures_by_topic(writer, country, RULES, writer.say("Reglas", "Rules"))
    writer.passages(
        f"{writer.say('reglas de la elección, registro, financiamiento', 'election rules, registration, finance')} {name}",
        2,
        country,
    )
    writer.head("Resultados", "Results")
    if not results(writer, election):
        writer.to_write(
            "los resultados; ninguna fuente de la base los da",
            "the results; no source of the knowledge base gives them",
        )
    sections.figures_by_topic(writer, country, RESULTS, writer.say("Resultados", "Results"))
    writer.head("Observación", "Observation")
    sections.figures_by_topic(writer, country, OBSERVATION, writer.say("Observación", "Observation"))
    writer.to_write("qué dijeron las misiones de observación", "what the observation missions said")
    writer.head("Siguiente elección", "Next election")
    later = later_elections(writer, election)
    if later:
        writer.block(
            writer.say(
                f"La base registra la siguiente: {later[0].date}.",
                f"The knowledge base records the next one: {later[0].date}.",
            )
        )
    else:
        writer.to_write(
            "la fecha de la siguiente elección, que la base no tiene",
            "the date of the next election, which the knowledge base lacks",
        )
    sections.sources(writer)
