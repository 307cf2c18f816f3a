"""A small complete knowledge base to search in: invented texts, countries and figures, all tables the search reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = """
create table builds (build_id text primary key, data_version text);
create table sources (source_id text primary key, title_es text, title_en text, description_es text,
  description_en text, publisher text, authors text, citation text, published_date text, rank integer);
create table topics (topic_id text primary key, name_es text, name_en text, name_fr text);
create table jurisdictions (jurisdiction_id text primary key, kind text, name_es text, name_en text, name_fr text,
  name_pt text, note_es text, note_en text, source_id text);
create table jurisdiction_names (jurisdiction_name_id integer primary key, jurisdiction_id text, language text,
  kind text, name text);
create table groups (group_id text primary key, kind text, name_es text, name_en text);
create table group_members (group_id text, jurisdiction_id text);
create table variables (variable_id text primary key, source_id text, topic_id text, name_es text, name_en text,
  question_es text, question_en text, definition_es text, definition_en text, coding_rule_es text,
  coding_rule_en text, kind text, unit text, time_kind text, source_code text);
create table codes (code_id text primary key, variable_id text, name_es text, name_en text);
create table answers (answer_id integer primary key, variable_id text, jurisdiction_id text, value real, code_id text,
  text text, missing text, valid_from text, valid_to text, source_id text, legal_basis text);
create table published_indices (published_index_id integer primary key, index_id text, jurisdiction_id text,
  year integer, value real, source_id text);
create table bodies (body_id text primary key, name_es text, name_en text);
create table elections (election_id text primary key, jurisdiction_id text, body_id text, chamber text,
  election_date text, election_year integer, is_early integer, name_es text, name_en text);
create table turnout (turnout_id integer primary key, election_id text, unit_id text, turnout_pct real,
  votes_cast_count integer, registered_count integer, source_id text);
create table parties (party_id text primary key, jurisdiction_id text, name text, name_en text, short_name text,
  first_year integer, last_year integer, family text);
create table documents (document_id text primary key, title text, language text, type text, short_name text,
  issued_date text, jurisdiction_id text, source_id text);
create table document_sections (section_id text primary key, document_id text, position integer, kind text,
  number text, heading text, heading_path text, language text, text text);
create table document_topics (document_id text, topic_id text);
create table concepts (concept_id text primary key, topic_id text, pref_label_es text, pref_label_en text,
  pref_label_fr text, definition_es text, definition_en text);
create table concept_labels (concept_label_id integer primary key, concept_id text, language text, kind text,
  label text);
"""

ROWS: dict[str, list[tuple[object, ...]]] = {
    "builds": [("b1", "v1")],
    "sources": [
        (
            "padron",
            "Datos del padrón",
            "Roll data",
            "Cifras inventadas.",
            "Invented figures.",
            "Nadie",
            None,
            "Nadie",
            None,
            20,
        ),
        (
            "leyes",
            "Leyes de prueba",
            "Test laws",
            "Leyes inventadas.",
            "Invented laws.",
            "Nadie",
            None,
            "Nadie",
            None,
            10,
        ),
    ],
    "topics": [
        ("turnout", "Participación electoral", "Voter turnout", "Participation électorale"),
        ("electoral-systems", "Sistemas electorales", "Electoral systems", "Systèmes électoraux"),
        ("voting-operations", "Organización de la votación", "Voting operations", "Opérations de vote"),
    ],
    "jurisdictions": [
        ("MEX", "state", "México", "Mexico", "Mexique", "México", None, None, "padron"),
        ("DEU", "state", "Alemania", "Germany", "Allemagne", "Alemanha", None, None, "padron"),
        ("CHL", "state", "Chile", "Chile", "Chili", "Chile", None, None, "padron"),
    ],
    "jurisdiction_names": [
        (1, "MEX", "es", "short", "México"),
        (2, "MEX", "fr", "short", "Mexique"),
        (3, "DEU", "es", "short", "Alemania"),
        (4, "DEU", "en", "short", "Germany"),
        (5, "CHL", "es", "short", "Chile"),
        (6, "DEU", "pt", "short", "Alemanha"),
    ],
    "groups": [("americas", "region", "Américas", "Americas"), ("europe", "region", "Europa", "Europe")],
    "group_members": [("americas", "MEX"), ("americas", "CHL"), ("europe", "DEU")],
    "variables": [
        (
            *(
                "participation",
                "padron",
                "turnout",
                "Participación sobre la población",
                "Participation over population",
            ),
            *("¿Qué parte de la población votó?", "What share of the population voted?"),
            *("Votos entre habitantes.", "Votes over inhabitants.", "Al cierre.", "At closing."),
            *("number", "%", "yearly_observation", "part"),
        ),
        (
            *("turnout-registered", "padron", "turnout", "Participación sobre la lista nominal"),
            *("Turnout of the registered electorate", "¿Qué parte de la lista votó?", "What share of the list voted?"),
            *("Votos entre inscritos.", "Votes over registered.", "Al cierre.", "At closing."),
            *("number", "%", "value_of_an_election", None),
        ),
        (
            *("compulsory-voting", "leyes", "voting-operations", "Voto obligatorio", "Compulsory voting"),
            *("¿Es obligatorio votar?", "Is voting compulsory?", "Si la ley obliga.", "Whether the law obliges."),
            *("Según la ley.", "By the law.", "code", "option", "rule_in_force", None),
        ),
    ],
    "codes": [("compulsory-voting:1", "compulsory-voting", "Sí, sin sanción", "Yes, without sanction")],
    "answers": [
        (1, "participation", "MEX", 41.5, None, None, None, "2012-01-01", "2012-12-31", "padron", None),
        (2, "participation", "MEX", 45.25, None, None, None, "2015-01-01", "2015-12-31", "padron", None),
        (3, "participation", "DEU", 60.0, None, None, None, "2017-01-01", "2017-12-31", "padron", None),
        (
            4,
            "compulsory-voting",
            "MEX",
            None,
            "compulsory-voting:1",
            None,
            None,
            "1917-02-05",
            None,
            "leyes",
            "Ley, art. 41",
        ),
        (5, "participation", "MEX", None, None, None, "no_information", "2016-01-01", "2016-12-31", "padron", None),
    ],
    "bodies": [("MEX-LC", "México: cámara baja", "Mexico: lower house")],
    "elections": [
        (
            *("MEX-LC-2018-07-01", "MEX", "MEX-LC", "LC", "2018-07-01", 2018, None),
            *("México, cámara baja, 2018-07-01", "Mexico, lower house, 2018-07-01"),
        ),
        (
            *("MEX-LC-2012-07-01", "MEX", "MEX-LC", "LC", "2012-07-01", 2012, None),
            *("México, cámara baja, 2012-07-01", "Mexico, lower house, 2012-07-01"),
        ),
    ],
    "turnout": [(1, "MEX-LC-2012-07-01", "MEX", None, 625, 1000, "padron")],
    "parties": [
        ("pdp", "MEX", "Partido de Prueba", "Test Party", "PDP", 1990, None, "Liberal"),
        ("verde", "DEU", "Die Grünen", "The Greens", "GRÜNE", 1980, None, "Green"),
    ],
    "documents": [
        ("lep", "Ley Electoral de Prueba", "es", "law", "LEP", "2014-05-23", "MEX", "leyes"),
        ("cdp", "Constitución de Prueba", "es", "constitution", "CDP", "1917-02-05", "MEX", "leyes"),
        ("guide", "Guide to voting day", "en", "guide", None, "2016", None, "leyes"),
        ("guia", "Guía de la jornada", "es", "guide", None, "2016", None, "leyes"),
    ],
    "document_sections": [
        (
            *("lep/art-5", "lep", 1, "article", "5", "Artículo 5", "Título Primero › Artículo 5", "es"),
            "Las elecciones de diputados se celebran cada tres años. La lista nominal de electores es pública.",
        ),
        (
            *("lep/art-41", "lep", 2, "article", "41", "Artículo 41", "Título Segundo › Artículo 41", "es"),
            "En cada sección se instala una casilla. La mesa directiva de casilla recibe los votos.",
        ),
        (
            *("lep/art-42", "lep", 3, "article", "42", "Artículo 42", "Título Segundo › Artículo 42", "es"),
            "Lo que dispone el artículo 41 vale también para el voto en el extranjero, conforme al artículo 41 de la CDP. "
            + "El Instituto publica los resultados. " * 30
            + "El escrutinio comienza al cerrar la votación.",
        ),
        (
            *("cdp/art-41", "cdp", 1, "article", "41", "Artículo 41", "Artículo 41", "es"),
            "El pueblo ejerce su soberanía. Los partidos necesitan el tres por ciento de la votación.",
        ),
        (
            *(
                "guide/opening",
                "guide",
                1,
                "heading",
                None,
                "Opening the polling station",
                "Opening the polling station",
                "en",
            ),
            "The polling station opens at eight. Voters show their cards to the poll workers.",
        ),
        ("guide/empty", "guide", 2, "heading", None, "Nothing", "Nothing", "en", None),
        (
            *("guia/apertura", "guia", 1, "heading", None, "Apertura", "Apertura", "es"),
            "La elección empieza a las ocho de la mañana.",
        ),
    ],
    "document_topics": [("lep", "voting-operations"), ("cdp", "electoral-systems"), ("guide", "voting-operations")],
    "concepts": [
        (
            *("polling-station", "voting-operations", "casilla", "polling station", "bureau de vote"),
            *("Lugar donde se vota.", "Place where people vote."),
        ),
        ("threshold", "electoral-systems", "umbral electoral", "threshold", "seuil électoral", "Mínimo.", "Minimum."),
    ],
    "concept_labels": [
        (1, "polling-station", "es", "pref", "casilla"),
        (2, "polling-station", "es", "alt", "mesa de votación"),
        (3, "polling-station", "en", "pref", "polling station"),
        (4, "polling-station", "fr", "pref", "bureau de vote"),
        (5, "threshold", "es", "pref", "umbral electoral"),
        (6, "threshold", "es", "alt", "umbral"),
        (7, "threshold", "en", "pref", "threshold"),
    ],
}


def make_base(path: Path) -> Path:
    """Writes the base into a file."""
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA)
        for table, rows in ROWS.items():
            marks = ",".join("?" * len(rows[0]))
            connection.executemany(f"insert into {table} values ({marks})", rows)
    connection.close()
    return path


def change(path: Path, *statements: str, build: str) -> None:
    """Changes the base as a new build would: other rows, another record of the build."""
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("update builds set build_id = ?", [build])
    connection.close()
