"""What the build has worked out by other rooms, in the order in which one stands on another."""

from __future__ import annotations

from pathlib import Path

from ingest.database.derivation import Derivation
from research import as_of, conflicts, coverage, fact_sheets

DERIVATIONS: tuple[Derivation, ...] = (
    Derivation(
        "cobertura de las variables · coverage of the variables", Path(coverage.__file__).parent, coverage.fill_coverage
    ),
    Derivation("respuestas según la fecha · answers as of a date", Path(as_of.__file__).parent, as_of.create_view),
    Derivation("desacuerdos · disagreements", Path(conflicts.__file__).parent, conflicts.fill_conflicts),
    Derivation(
        "fichas de los países · country fact sheets", Path(fact_sheets.__file__).parent, fact_sheets.fill_fact_sheets
    ),
)
