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
        "Qué se eligió y cuándo, los votos y los escaños, la participación, los índices publicados y los calculados aquí.",
        "What was elected and when, votes and seats, turnout, indices published and computed here.",
        (
            "elections",
            "results",
            "turnout",
            "preliminary_counts",
            "election_indices",
            "published_indices",
            "index_reconciliation",
            "bound_tests",
            "election_ids",
            "election_redirects",
            "bodies",
            "units",
        ),
    ),
    TableGroup(
        "partidos",
        "Partidos y gobiernos",
        "Parties and governments",
        "Los partidos, sus claves en cada fuente y los gabinetes que formaron.",
        "Parties, their codes in each source and the cabinets they formed.",
        ("parties", "party_ids", "party_answers", "party_redirects", "cabinets", "cabinet_parties"),
    ),
    TableGroup(
        "variables",
        "Variables y respuestas",
        "Variables and answers",
        "Qué se mide, cómo se define y qué valor tiene en cada país y cada año.",
        "What is measured, how it is defined and its value in each country and year.",
        (
            "variables",
            "coverage",
            "answers",
            "answers_as_of",
            "codes",
            "topics",
            "variable_crosswalks",
            "codebook_entries",
        ),
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
        "terminos",
        "Términos",
        "Terms",
        "El vocabulario electoral en español, inglés, francés y portugués: sinónimos, siglas, vínculos y definiciones.",
        "The electoral vocabulary in Spanish, English, French and Portuguese: synonyms, acronyms, links and definitions.",
        ("concepts", "concept_labels", "concept_relations"),
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
        ("conflicts", "problems", "corrections", "file_accounts", "columns", "builds"),
    ),
)
