"""`draft`: the text of a first draft with its head, and what is missing; `write_draft` puts it into its folder."""

from __future__ import annotations

import datetime
import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from research.comparison import Comparison, ComparisonTable, compare
from research.comparison.request import Similarity
from research.directives.asking import Asking
from research.directives.elections import Election
from research.drafting.briefing_note import write_briefing_note
from research.drafting.comparative_table import write_comparative_table
from research.drafting.election_note import write_election_note
from research.drafting.elections import election_of
from research.drafting.fact_sheet import write_fact_sheet
from research.drafting.passages import Library
from research.drafting.sections import countries_of, to_decide
from research.drafting.writer import Writer
from research.fact_sheets.words import SECTIONS
from research.faults import Fault, TextError, WrongName
from research.names import Labels, Language, Names
from research.publishing.front_matter import TYPES
from research.publishing.product import TEXT_FILE, check_id
from research.publishing.words import long_date

DraftType = Literal["FP", "CC", "NI", "EM"]
PROCEDURE = "S.5.01.1.01"
MISSING_FILE = "pendientes.md"
MOST_TOPICS, MOST_NAMED = 8, 4
# of the many indices of an election, those that a sheet tells unless others are asked for
PRINCIPAL_INDICES = ("least-squares-index", "effective-number-electoral-parties", "effective-number-parliamentary-parties",
                     "pedersen-volatility", "victory-margin")  # fmt: skip


@dataclass(frozen=True)
class DraftRequest:
    """What is to be drafted. `countries` and `variables` by id, code or name; `cutoff` an ISO day.

    A fact sheet or election note is of the first country; without variables they take every one that has an answer.
    """

    type: DraftType
    cutoff: str
    countries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    similar_to: str | None = None
    similar_by: Similarity = "table"
    variables: tuple[str, ...] = ()
    home: str | None = "MEX"
    language: Language = "es"
    election: str | None = None
    product_id: str | None = None


@dataclass(frozen=True)
class Drafted:
    """A draft: the id of its document, its whole text with the head, and what is missing, a line each."""

    product_id: str
    text: str
    missing: tuple[str, ...]
    language: Language


def draft(connection: sqlite3.Connection, request: DraftRequest, database: Path, index: Path) -> Drafted:
    """The draft of a document from that database and its search index. Raises WrongName for names that are not known.

    Sentences state what rows say and no more; each figure is a directive that was tried, or a number of the draft's own
    with its reason.
    """
    names = Names(connection)
    library = Library(connection, database, index)
    try:
        return (_of_one if request.type in ("FP", "EM") else _of_several)(connection, names, request, library)
    finally:
        library.close()


def _of_one(connection: sqlite3.Connection, names: Names, request: DraftRequest, library: Library) -> Drafted:
    """A fact sheet or an election note; the note's cut-off date is election day, so that all is as it was then."""
    written = [*request.countries, *([request.election.split("-")[0]] if request.election else [])]
    if not written:
        raise WrongName("falta el país: --countries URY", "the country is missing: --countries URY")
    country = names.country(written[0])
    asking = Asking(connection, names, request.language, request.cutoff)
    election = election_of(asking, country, request.election) if request.type == "EM" else None
    if election is not None:
        if election.jurisdiction_id != country:
            own = names.jurisdictions[country]
            raise WrongName(f"{election.election_id} no es de {own.es}", f"{election.election_id} is not of {own.en}")
        asking = Asking(connection, names, request.language, election.last_day)
    asked = Comparison(
        request.variables or _usual_variables(connection), (country,), day=asking.cutoff, latest=True, home=request.home,
        chamber=election.chamber if election and election.chamber in ("LC", "UC", "PR", "EP") else None,  # type: ignore[arg-type]
    )  # fmt: skip
    writer = Writer(asking, compare(connection, asked, names), library, election)
    if election is not None:
        write_election_note(writer, election)
    else:
        write_fact_sheet(writer, country)
    return _finished(request, writer, [country], election)


def _of_several(connection: sqlite3.Connection, names: Names, request: DraftRequest, library: Library) -> Drafted:
    """A comparative table or a briefing note."""
    asked = Comparison(
        request.variables, request.countries, request.groups, request.similar_to, similar_by=request.similar_by,
        day=request.cutoff, latest=True, home=request.home,
    )  # fmt: skip
    writer = Writer(Asking(connection, names, request.language, request.cutoff), compare(connection, asked, names), library)  # fmt: skip
    (write_comparative_table if request.type == "CC" else write_briefing_note)(writer)
    return _finished(request, writer, countries_of(writer), None)


def _finished(request: DraftRequest, writer: Writer, countries: list[str], election: Election | None) -> Drafted:
    to_decide(writer)
    title = _title(request.type, writer.asking, countries, election)
    head = _head(request, writer.asking, writer.table, countries, title)
    product_id = request.product_id or _product_id(request, countries, election)
    return Drafted(product_id, f"{head}\n{writer.text}", tuple(writer.missing), request.language)


def _usual_variables(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The variables of the fact sheet's topics, those that nobody answers here among them: they are told as missing."""
    topics = [t for section in SECTIONS for t in section.topics]
    marks = ", ".join("?" * len(topics))
    rows = connection.execute(
        f"SELECT variable_id, topic_id FROM variables WHERE topic_id IN ({marks}) AND kind <> 'text' ORDER BY rowid",
        topics,
    )
    return tuple(str(v) for v, topic in rows if topic != "results-indices" or v in PRINCIPAL_INDICES)


def _product_id(request: DraftRequest, countries: list[str], election: Election | None) -> str:
    of = (
        election.election_id
        if election
        else "-".join(countries[:MOST_NAMED]) + ("-et-al" if len(countries) > MOST_NAMED else "")
    )
    day = "" if election else f"-{request.cutoff}"
    return re.sub(r"[^A-Za-z0-9._-]", "-", f"{request.type}-{of}{day}")


def _title(kind: DraftType, asking: Asking, countries: list[str], election: Election | None) -> Labels:
    names = [asking.names.jurisdictions[c] for c in countries]
    label = TYPES[kind]
    if election is not None:
        return Labels(f"{label.es}: {_dated(election, 'es')}", f"{label.en}: {_dated(election, 'en')}")
    shown = MOST_NAMED if len(names) > MOST_NAMED + 1 else len(names)
    more = len(names) - shown
    es, en = (", ".join(n.in_(lang) for n in names[:shown]) for lang in ("es", "en"))
    if more > 0:
        es, en = f"{es} y otros {more} países", f"{en} and {more} more countries"
    return Labels(f"{label.es}: {es}", f"{label.en}: {en}")


def _dated(election: Election, language: Language) -> str:
    """The election's name with its day as a title says it."""
    name = election.names.in_(language)
    if len(election.date) < len("2021-09-26"):
        return name
    return name.replace(election.date, long_date(datetime.date.fromisoformat(election.date), language))


def _head(request: DraftRequest, asking: Asking, table: ComparisonTable, countries: list[str], title: Labels) -> str:
    topic_of = dict(asking.connection.execute("SELECT variable_id, topic_id FROM variables").fetchall())
    answered = [c.variable.variable_id for c in table.columns if any(
        cell.evidence for (_, _, v, t), cell in table.cells.items() if (v, t) == (c.variable.variable_id, c.tier))]  # fmt: skip
    topics = list(dict.fromkeys(topic_of[v] for v in answered))[:MOST_TOPICS]
    line = "regimen_mexicano" if countries == ["MEX"] else "perspectiva_comparada"
    quoted = json.dumps  # a JSON string or list is one of YAML's too
    return "\n".join([
        "---", f"tipo: {request.type}", f"linea: {line}", f"procedimiento: {PROCEDURE}", "titulo:",
        f"  es: {quoted(title.es, ensure_ascii=False)}", f"  en: {quoted(title.en, ensure_ascii=False)}",
        f"paises: {quoted(countries)}", f"temas: {quoted(topics)}", f"fecha_de_corte: {asking.cutoff}",
        "estado: en_redaccion", f"lengua: {request.language}", "---", "",
    ])  # fmt: skip


def write_draft(drafted: Drafted, products: Path, today: datetime.date) -> Path:
    """Put a draft into its own folder: the text, and what is missing beside it. Raises TextError where one is there already."""
    folder = products / drafted.product_id
    check_id(drafted.product_id)
    if (folder / TEXT_FILE).exists():
        raise TextError(f"research/products/{drafted.product_id}", [Fault(0, "ya hay un documento con ese identificador; elija otro con --id",
                                                                          "there is a document of that id already; choose another with --id")])  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    is_spanish = drafted.language == "es"
    listed = "\n".join(f"- [ ] {line}" for line in drafted.missing)
    title = "Lo que falta en el borrador" if is_spanish else "What the draft lacks"
    (folder / MISSING_FILE).write_text(f"# {title}, {today.isoformat()}\n\n{listed}\n", "utf-8")
    (folder / TEXT_FILE).write_text(drafted.text, "utf-8")
    return folder
