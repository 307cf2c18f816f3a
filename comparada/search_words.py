"""What the search says, on its page and on the terminal, in Spanish and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["es", "en"]

ADDRESSES: dict[Language, str] = {"es": "/es/buscar", "en": "/en/search"}


@dataclass(frozen=True)
class SearchWords:
    """The texts of one language. `{}` stands for what is told."""

    title: str
    label: str
    button: str
    intro: str
    examples_title: str
    examples: tuple[str, ...]
    how_title: str
    how: tuple[tuple[str, str], ...]
    results: str
    one_result: str
    no_results: str
    no_results_help: str
    page: str
    previous: str
    next: str
    did_you_mean: str
    also_searched: str
    only_typed: str
    with_synonyms: str
    answer: str
    source: str
    see_row: str
    filters: str
    remove: str
    remove_all: str
    building: str
    busy: str
    other_language: str
    seconds: str
    json: str


WORDS: dict[Language, SearchWords] = {
    "es": SearchWords(
        title="Buscar",
        label="¿Qué quiere saber?",
        button="Buscar",
        intro="Busca a la vez en leyes y documentos, en lo que se sabe de cada país, en variables, elecciones, partidos, "
        "términos y fuentes. Escriba con sus palabras, en español, inglés, francés o portugués; los acentos son opcionales.",
        examples_title="Por ejemplo",
        examples=(
            "participación México 2018",
            "umbral electoral",
            "voto de los mexicanos en el extranjero",
            "índice de democracia liberal Uruguay",
            "paridad de género en candidaturas",
        ),
        how_title="Cómo afinar la búsqueda",
        how=(
            ("«lista nominal»", "las palabras juntas y en ese orden, entre comillas"),
            ("+paridad -Senado", "con + la palabra es obligatoria; con - se excluye"),
            ("candidat*", "el asterisco vale por cualquier final"),
            ("país:MEX tema:umbral año:2015..2024", "solo de ese país, ese tema o esos años"),
        ),
        results="{} resultados",
        one_result="1 resultado",
        no_results="No se encontró nada.",
        no_results_help="Pruebe con menos palabras o con otras, revise la ortografía o quite los filtros.",
        page="Página {} de {}",
        previous="Anterior",
        next="Siguiente",
        did_you_mean="¿Quiso decir",
        also_searched="También se buscó",
        only_typed="Buscar solo lo escrito",
        with_synonyms="Buscar también sinónimos",
        answer="Respuesta",
        source="Fuente",
        see_row="Ver el dato completo",
        filters="Acotar",
        remove="quitar",
        remove_all="Quitar los filtros",
        building="El índice de búsqueda se está preparando; suele tardar menos de un minuto. Vuelva a intentarlo enseguida. "
        "Mientras tanto, las tablas y las preguntas ya se pueden consultar.",
        busy="Hay muchas búsquedas a la vez. Vuelva a intentarlo en unos segundos.",
        other_language="Search in English",
        seconds="{} s",
        json="Estos resultados en JSON",
    ),
    "en": SearchWords(
        title="Search",
        label="What do you want to know?",
        button="Search",
        intro="Searches laws and documents, what is known of each country, variables, elections, parties, terms and sources "
        "at once. Write in your own words, in Spanish, English, French or Portuguese; accents are optional.",
        examples_title="For example",
        examples=(
            "turnout Mexico 2018",
            "electoral threshold",
            "voting from abroad Mexico",
            "liberal democracy index Uruguay",
            "gender parity of candidates",
        ),
        how_title="How to narrow a search",
        how=(
            ('"polling station"', "the words together and in that order, in quotation marks"),
            ("+parity -Senate", "with + the word is required; with - it is excluded"),
            ("candidat*", "the asterisk stands for any ending"),
            ("country:MEX topic:threshold year:2015..2024", "only that country, topic or years"),
        ),
        results="{} results",
        one_result="1 result",
        no_results="Nothing was found.",
        no_results_help="Try fewer or other words, check the spelling or remove the filters.",
        page="Page {} of {}",
        previous="Previous",
        next="Next",
        did_you_mean="Did you mean",
        also_searched="Also searched",
        only_typed="Search only what was typed",
        with_synonyms="Search synonyms too",
        answer="Answer",
        source="Source",
        see_row="See the whole record",
        filters="Narrow down",
        remove="remove",
        remove_all="Remove the filters",
        building="The search index is being made; it usually takes less than a minute. Please try again shortly. "
        "Meanwhile tables and questions can be used already.",
        busy="Many searches are running at once. Please try again in a few seconds.",
        other_language="Buscar en español",
        seconds="{} s",
        json="These results as JSON",
    ),
}

KINDS: dict[str, tuple[str, str]] = {
    "section": ("Documento", "Document"),
    "answer": ("Dato de un país", "Country data"),
    "variable": ("Variable", "Variable"),
    "election": ("Elección", "Election"),
    "party": ("Partido", "Party"),
    "source": ("Fuente", "Source"),
    "glossary_term": ("Término", "Term"),
    "jurisdiction": ("País o territorio", "Country or territory"),
    "dataset": ("Conjunto de datos", "Data set"),
}

FACETS: dict[str, tuple[str, str]] = {
    "kind": ("Qué es", "What it is"),
    "jurisdiction": ("País", "Country"),
    "region": ("Región", "Region"),
    "topic": ("Tema", "Topic"),
    "language": ("Lengua", "Language"),
    "year": ("Año", "Year"),
    "source": ("Fuente", "Source"),
    "type": ("Tipo", "Type"),
}

LANGUAGES: dict[str, tuple[str, str]] = {
    "es": ("español", "Spanish"),
    "en": ("inglés", "English"),
    "fr": ("francés", "French"),
    "pt": ("portugués", "Portuguese"),
}


def said(pair: tuple[str, str], language: Language) -> str:
    """The Spanish or the English of a pair."""
    return pair[0] if language == "es" else pair[1]
