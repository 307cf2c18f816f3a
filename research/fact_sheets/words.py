"""The words of a fact sheet, in Spanish and English: its sections, and what codes stand for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SheetSection:
    """A section that every fact sheet has; its findings are those of these topics."""

    key: str
    es: str
    en: str
    topics: tuple[str, ...] = ()


# The sections of a country fact sheet (ficha país), in their order.
SECTIONS = (
    SheetSection("datos-basicos", "Datos básicos", "Basic data"),
    SheetSection("forma-de-gobierno", "Forma de gobierno y democracia", "Form of government and democracy",
                 ("democracy-measures", "electoral-integrity", "direct-democracy")),
    SheetSection("sistema-electoral", "Sistema electoral", "Electoral system",
                 ("electoral-systems", "boundary-delimitation", "legal-framework", "suffrage")),
    SheetSection("autoridad-electoral", "Autoridad electoral", "Electoral authority",
                 ("electoral-management", "electoral-dispute-resolution", "election-observation",
                  "election-security", "elections-technology")),
    SheetSection("registro", "Registro de electores", "Voter registration", ("voter-registration",)),
    SheetSection("partidos", "Partidos y financiamiento", "Parties and finance",
                 ("parties-candidates", "political-finance", "media")),
    SheetSection("ultima-eleccion", "Última elección", "Last election",
                 ("turnout", "results-indices", "results-management", "voting-operations")),
    SheetSection("voto-exterior", "Voto en el extranjero", "Overseas voting", ("overseas-voting",)),
    SheetSection("paridad", "Paridad e inclusión", "Parity and inclusion",
                 ("gender", "indigenous-peoples", "disability", "youth", "civic-voter-education")),
    SheetSection("fuentes", "Fuentes", "Sources"),
)  # fmt: skip

CHAMBERS = {
    "LC": ("cámara baja o única", "lower or only house"),
    "UC": ("cámara alta", "upper house"),
    "PR": ("presidencia", "presidency"),
}

SCHEMES = {"iso2": "ISO 3166-1 (2)", "iso3": "ISO 3166-1 (3)", "m49": "M49", "cow": "Correlates of War",
           "gw": "Gleditsch–Ward"}  # fmt: skip

MISSING = {
    "no_information": ("la fuente no tiene información", "the source has no information"),
    "not_applicable": ("no aplica", "not applicable"),
    "not_researched": ("no se investigó", "not researched"),
    "not_specified_in_law": ("la ley no lo dice", "not specified in law"),
}
