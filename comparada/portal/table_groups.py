"""The tables in the groups and the order in which a person looks for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableGroup:
    """Some tables under one heading, with a sentence on what is found there."""

    key: str
    title_es: str
    title_en: str
    about_es: str
    about_en: str
    tables: tuple[str, ...]


TABLE_GROUPS = (
    TableGroup(
        "paises",
        "Países y territorios",
        "Countries and territories",
        "Los estados de hoy y de ayer, con sus nombres, sus códigos y las regiones y organizaciones a las que pertenecen.",
        "The states of today and of the past, with their names, codes, regions and organisations.",
        (
            "jurisdictions",
            "jurisdiction_names",
            "jurisdiction_codes",
            "jurisdiction_relations",
            "groups",
            "group_members",
        ),
    ),
    TableGroup(
        "elecciones",
        "Elecciones",
        "Elections",
        "Qué se eligió y cuándo, los votos y los escaños, la participación y los índices publicados.",
        "What was elected and when, votes and seats, turnout and published indices.",
        ("elections", "results", "turnout", "published_indices", "election_ids", "bodies", "units"),
    ),
    TableGroup(
        "partidos",
        "Partidos y gobiernos",
        "Parties and governments",
        "Los partidos, sus claves en cada fuente y los gabinetes que formaron.",
        "Parties, their codes in each source and the cabinets they formed.",
        ("parties", "party_ids", "cabinets", "cabinet_parties"),
    ),
    TableGroup(
        "variables",
        "Variables y respuestas",
        "Variables and answers",
        "Qué se mide, cómo se define y qué valor tiene en cada país y cada año.",
        "What is measured, how it is defined and its value in each country and year.",
        ("variables", "answers", "codes", "topics"),
    ),
    TableGroup(
        "documentos",
        "Documentos",
        "Documents",
        "Leyes, acuerdos, guías y notas, apartado por apartado, y lo que cada texto cita de otro.",
        "Laws, agreements, guides and notes, section by section, and what each text cites from another.",
        ("documents", "document_sections", "citations", "document_topics", "products", "product_figures"),
    ),
    TableGroup(
        "fuentes",
        "Fuentes y licencias",
        "Sources and licences",
        "De quién son los datos, cómo citarlos, qué permite su licencia y qué otras bases existen.",
        "Whose the data are, how to cite them, what their licence allows and what other data sets exist.",
        ("sources", "licences", "source_caveats", "raw_files", "datasets_catalogue"),
    ),
    TableGroup(
        "calidad",
        "Calidad y trazabilidad",
        "Quality and traceability",
        "Lo que se encontró mal o dudoso en los archivos, lo que se corrigió y cuánto se cargó.",
        "What was found wrong or doubtful in the files, what was corrected and how much was loaded.",
        ("problems", "corrections", "file_accounts", "columns", "builds"),
    ),
)
