"""What the drafts of several types share: lists of figures by topic, tables, charts, findings, gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from research.comparison import Cell, Column
from research.directives.asking import CHAMBER_WORDS
from research.drafting.writer import Writer
from research.names import Labels
from research.publishing.markdown import escaped

MOST_LINES, MOST_BARS, YEARS_BACK = 8, 40, 24
MOST_IN_TABLE, MOST_ROWS = 6, 60


def countries_of(writer: Writer) -> list[str]:
    """The countries of the table, each once, in their order."""
    return list(dict.fromkeys(row.jurisdiction_id for row in writer.table.rows))


def cell_of(writer: Writer, country: str, column: Column) -> Cell:
    """The cell of a country."""
    return writer.table.cells[country, writer.table.days[0], column.variable.variable_id, column.tier]


def figures_by_topic(writer: Writer, country: str, topics: Collection[str], section: str) -> bool:
    """A line a variable of the topics that has an answer; what has none goes on the list of what is missing."""
    of_topic = _topics(writer)
    columns = [c for c in writer.table.columns if of_topic[c.variable.variable_id] in topics]
    written = writer.items(_figure_lines(writer, country, columns))
    if not written:
        name = escaped(writer.asking.country(country))
        writer.block(writer.say(f"Las fuentes de esta base no contestan nada de este tema para {name}.",
                                f"The sources of this knowledge base answer nothing on this topic for {name}."))  # fmt: skip
    lacking: dict[tuple[str, str], list[Labels]] = defaultdict(list)
    for column in columns:
        if (gap := cell_of(writer, country, column).gap) is not None:
            lacking[gap.told("es"), gap.told("en")].append(column.variable.labels)
    for (es, en), labels in lacking.items():
        writer.lacks(f"{section}: {es}: {'; '.join(v.es for v in labels)}",
                     f"{section}: {en}: {'; '.join(v.en for v in labels)}")  # fmt: skip
    return written


def _figure_lines(writer: Writer, country: str, columns: Sequence[Column]) -> Iterator[str]:
    home = writer.table.home
    for column in columns:
        figure = writer.figure(country, column)
        if figure is None:
            continue
        other = writer.figure(home, column) if home and home != country else None
        beside = f"; {writer.say('en', 'in')} {escaped(writer.asking.country(home))}, {other}" if home and other else ""
        yield f"{writer.column_name(column)}: {figure}{beside}."


def _topics(writer: Writer) -> dict[str, str]:
    return dict(writer.asking.connection.execute("SELECT variable_id, topic_id FROM variables").fetchall())


def tables(writer: Writer) -> None:
    """The comparative tables, one or more a body, as many as the variables and countries need to fit a page."""
    countries, home = countries_of(writer), writer.table.home
    for tier in dict.fromkeys(c.tier for c in writer.table.columns):
        columns = [c for c in writer.table.columns if c.tier == tier]
        for first in range(0, len(countries), MOST_ROWS):
            some = countries[first : first + MOST_ROWS]
            told = [c for c in columns if any(cell_of(writer, k, c).evidence for k in some)]
            for start in range(0, len(told), MOST_IN_TABLE):
                writer.on_its_own(_table(writer, told[start : start + MOST_IN_TABLE], some, home))


def _table(writer: Writer, columns: Sequence[Column], countries: Sequence[str], home: str | None) -> str:
    options = ["; ".join(countries), "; ".join(c.variable.variable_id for c in columns)]
    if home in countries:
        options.append(f"{writer.say('referencia', 'home')}: {home}")
    if (tier := columns[0].tier) in CHAMBER_WORDS:
        options.append(f"{writer.say('cámara', 'chamber')}: {CHAMBER_WORDS[tier].in_(writer.asking.language)}")
    options.append(f"{writer.say('columnas', 'columns')}: variables")
    return f"[[{writer.say('tabla', 'table')}: {' | '.join(options)}]]"


def chart(writer: Writer) -> bool:
    """Lines through the last years of the first yearly figure, an index before others, or bars where the countries are too many for lines."""
    countries = countries_of(writer)
    for column in sorted(writer.table.columns, key=lambda c: c.variable.unit != "index 0–1"):
        if column.variable.kind != "number" or column.variable.time_kind != "yearly_observation":
            continue
        known = [k for k in countries if cell_of(writer, k, column).evidence is not None]
        years = [int(e.period[:4]) for k in known if (e := cell_of(writer, k, column).evidence) is not None]
        only_home = known == [writer.table.home] != countries
        if not years or only_home or len(known) > MOST_BARS:
            continue
        last = max(years)
        period = str(last) if len(known) > MOST_LINES else f"{last - YEARS_BACK}–{last}"
        options = ["; ".join(known), column.variable.variable_id, period]
        if writer.table.home in known:
            options.append(f"{writer.say('referencia', 'home')}: {writer.table.home}")
        if writer.on_its_own(f"[[{writer.say('gráfica', 'chart')}: {' | '.join(options)}]]"):
            return True
    return False


def findings(writer: Writer) -> None:
    """A paragraph a variable: the home country's answer, the ends of a range, who answers alike."""
    home = writer.table.home
    for column in writer.table.columns:
        told = {k: e for k in countries_of(writer) if (e := cell_of(writer, k, column).evidence) is not None}
        figures = {k: f for k in told if (f := writer.figure(k, column)) is not None}
        if len(figures) < 2:
            continue
        parts = [f"**{writer.column_name(column)}.**"]
        if home in figures:
            parts.append(f"{_name(writer, home)}: {figures[home]}.")
        values = {k: e.value for k, e in told.items() if k in figures and e.value is not None}
        if len(values) > 1:
            parts.append(_range(writer, column, values, figures))
        elif home in figures:
            alike = [k for k in figures if k != home and told[k].stated == told[home].stated]
            others = [k for k in figures if k != home and k not in alike]
            if alike:
                names = ", ".join(_name(writer, k) for k in alike)
                parts.append(writer.say(f"La misma respuesta tienen {names}.", f"The same answer: {names}."))
            if others:
                names = ", ".join(f"{_name(writer, k)} ({figures[k]})" for k in others)
                parts.append(writer.say(f"Otra tienen {names}.", f"Another: {names}."))
        writer.block(" ".join(parts))


def _range(writer: Writer, column: Column, values: dict[str, float], figures: dict[str, str]) -> str:
    low, high = min(values, key=lambda k: (values[k], k)), max(values, key=lambda k: (values[k], k))
    name = column.variable.labels
    count = writer.own_number(len(values), f"países del cuadro con dato de «{name.es}»", f"countries of the table with a value of '{name.en}'")  # fmt: skip
    if values[low] == values[high]:
        return writer.say(f"Los {count} países con dato tienen el mismo valor.", f"The {count} countries with a value have the same.")  # fmt: skip
    return writer.say(
        f"De los {count} países con dato, el valor más alto es el de {_name(writer, high)} ({figures[high]}) y el más bajo el de {_name(writer, low)} ({figures[low]}).",
        f"Of the {count} countries with a value, the highest is that of {_name(writer, high)} ({figures[high]}) and the lowest that of {_name(writer, low)} ({figures[low]}).",
    )


def gaps(writer: Writer) -> bool:
    """The cells without an answer, by variable and reason; False where there is none."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for column in writer.table.columns:
        for country in countries_of(writer):
            gap = cell_of(writer, country, column).gap
            if gap is not None:
                why = gap.why.in_(writer.asking.language)
                grouped[writer.column_name(column), why].append(_name(writer, country))
    for (name, why), places in grouped.items():
        said = f"{name}: {', '.join(places)}: {why}"
        writer.lacks(said, said)
    lines = [
        f"{name}: {', '.join(places)}: {writer.answering_for_numbers(escaped(why), 'regla de la base', 'rule of the knowledge base')}."
        for (name, why), places in grouped.items()
    ]
    return writer.items(lines)


def to_decide(writer: Writer) -> None:
    """Where sources disagree, or an answer is old or uncertain: on the list, for the author to look at."""
    noted: dict[Labels, list[Labels]] = defaultdict(list)
    for (country, _, variable, _), cell in writer.table.cells.items():
        name, place = writer.asking.names.variables[variable].labels, writer.asking.names.jurisdictions[country]
        for note in cell.notes:
            if note.kind != "older":
                noted[note.said].append(Labels(f"{name.es}, {place.es}", f"{name.en}, {place.en}"))
    for said, where in noted.items():
        writer.lacks(f"Por revisar: {'; '.join(w.es for w in where)}: {said.es}",
                     f"To look at: {'; '.join(w.en for w in where)}: {said.en}")  # fmt: skip


def sources(writer: Writer) -> None:
    """Where the data used and the bibliography are listed."""
    writer.head("Fuentes", "Sources")
    writer.block(f"[[{writer.say('datos usados', 'data used')}]]")
    writer.block(f"[[{writer.say('bibliografía', 'bibliography')}]]")


def _name(writer: Writer, country: str) -> str:
    return escaped(writer.asking.country(country))
