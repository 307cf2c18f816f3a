"""What the build has worked out by other rooms, in the order in which one stands on another."""

from __future__ import annotations

from pathlib import Path

import research
from ingest.database.derivation import Derivation
from research.as_of import create_view
from research.conflicts import fill_conflicts
from research.coverage import fill_coverage
from research.derivations import derive
from research.fact_sheets import fill_fact_sheets

RESEARCH = Path(research.__file__).parent

DERIVATIONS = (
    Derivation("cobertura de las variables · coverage of the variables", RESEARCH, fill_coverage),
    Derivation("respuestas según la fecha · answers as of a date", RESEARCH, create_view),
    Derivation("desacuerdos · disagreements", RESEARCH, fill_conflicts),
    Derivation("índices y pruebas · indices and tests", RESEARCH, derive),
    Derivation("fichas de los países · country fact sheets", RESEARCH, fill_fact_sheets),
)
