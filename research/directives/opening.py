"""What a figure, a table, a chart and a map have in common: names and a time go in, cells of the comparison come out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from research.comparison import Cell, Column, Evidence, Gap
from research.comparison.answering import Answers, Question, answer
from research.comparison.evidence import beginnings
from research.comparison.gaps import known_years
from research.comparison.request import members
from research.directives.asking import (
    ORIGINS,
    Arguments,
    Asking,
    chamber_option,
    chamber_word,
    choice_option,
    listed,
    source_option,
    variables_of,
)
from research.directives.content import Cited, Kind
from research.directives.elections import Election, election_of_key, is_election_key
from research.directives.periods import When
from research.directives.syntax import Directive
from research.faults import WrongName
from research.names import Labels, Variable

# what these reasons say is said by the years that have a value, or by there being none
SAID_BY_THE_YEARS = ("not_covered", "other_times", "no_observation_of_that_year", "before_the_sources")


@dataclass(frozen=True)
class Subject:
    """What a row, a bar or a line is of: a country, or one of its elections."""

    names: Labels
    jurisdiction_id: str
    election: Election | None = None


@dataclass(frozen=True)
class Step:
    """An answer in the course of a variable; `follows_gap` where one without a value lies before it."""

    evidence: Evidence
    cited: Cited
    follows_gap: bool


@dataclass(frozen=True)
class Opened:
    """What a directive asks, by ids, and what the comparison answers.

    An election is looked at on its day, and answers only with what is of it; a country at the time asked for.
    """

    asking: Asking
    directive: Directive
    subjects: tuple[Subject, ...]
    variables: tuple[Variable, ...]
    period: str | None
    when: When

    @cached_property
    def _question(self) -> Question:
        return Question(
            tuple(dict.fromkeys(s.jurisdiction_id for s in self.subjects)), self.variables, (self.when.last,),
            self.when.takes_earlier, chamber_option(self.directive), source_option(self.asking, self.directive),
            choice_option(self.directive, "computed", ORIGINS),
        )  # fmt: skip

    @cached_property
    def _of_countries(self) -> Answers:
        return self._answer(self._question)

    @cached_property
    def _of_elections(self) -> dict[str, Answers]:
        return {
            e.election_id: self._answer(dataclasses.replace(
                self._question, countries=(e.jurisdiction_id,), days=(e.last_day,), latest=False, chamber=e.chamber,
                election=e.election_id,
            ))
            for s in self.subjects if (e := s.election) is not None
        }  # fmt: skip

    def _answer(self, question: Question) -> Answers:
        return answer(self.asking.connection, self.asking.names, question)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """A column a variable and body; of elections, whose body is known, a column a variable."""
        if self.subjects[0].election is not None:
            return tuple(Column(v, None) for v in self.variables)
        return self._of_countries.columns

    @cached_property
    def column(self) -> Column:
        """The only column that has an answer. Raises WrongName for one variable of several bodies."""
        told = [c for c in self.columns if any(self.evidence(s, c) for s in self.subjects)]
        if len(told) > 1:
            es, en = (", ".join(chamber_word(c.tier, lang) for c in told) for lang in ("es", "en"))
            raise WrongName(
                f"hay un dato por cámara; añada «| cámara: …» a {self.directive.written} ({es})",
                f"there is one figure a chamber; add '| chamber: …' to {self.directive.written} ({en})",
            )
        return (told or self.columns)[0]

    def cell(self, subject: Subject, column: Column) -> Cell:
        """The answer or the reason why there is none."""
        variable = column.variable.variable_id
        if subject.election is None:
            cell = self._of_countries.cells[subject.jurisdiction_id, self.when.last, variable, column.tier]
            return within(cell, self.when)
        answers = self._of_elections[subject.election.election_id]
        tier = next(c.tier for c in answers.columns if c.variable == column.variable)
        return answers.cells[subject.jurisdiction_id, subject.election.last_day, variable, tier]

    def evidence(self, subject: Subject, column: Column) -> Evidence | None:
        """The answer, if there is one."""
        return self.cell(subject, column).evidence

    def cited(self, kind: Kind, subject: Subject, column: Column, shown: str) -> Cited:
        """An answer as a figure of the text."""
        when = self.when if subject.election is None else When.on(subject.election.last_day)
        return Cited.of(kind, self.cell(subject, column), shown, column.variable.unit, when.asked)

    def course(self, column: Column, when: When) -> dict[Subject, list[Step]]:
        """What the comparison answers of each country on every day of that time on which an answer begins, each once."""
        countries, variable = self._question.countries, column.variable
        first = when.first or when.last
        days = beginnings(self.asking.connection, countries, variable.variable_id, first, when.last)
        answers = self._answer(
            dataclasses.replace(self._question, days=days, latest=False, chamber=column.tier or self._question.chamber)
        )
        found: dict[Subject, list[Step]] = {s: [] for s in self.subjects}
        for subject, told in found.items():
            lacking = False
            for day in days:
                cell = answers.cells.get((subject.jurisdiction_id, day, variable.variable_id, column.tier))
                if cell is None or (evidence := cell.evidence) is None or not when.covers(evidence):
                    lacking |= cell is not None and cell.gap is not None and cell.gap.stated_by is not None
                    continue
                if told and _same_time(told[-1].evidence, evidence):
                    continue
                shown = self.asking.shown(evidence, variable.unit)
                cited = Cited.of("chart", cell, shown, variable.unit, When.on(day).asked)
                told.append(Step(evidence, cited, follows_gap=bool(told) and lacking))
                lacking = False
        return found

    def no_answer(self, subject: Subject, column: Column) -> WrongName:
        """Why there is no figure, and for which years there is one."""
        variable, period = column.variable, self.period
        key = (subject.jurisdiction_id, variable.variable_id)
        known = known_years(self.asking.connection, [key]).get(key)
        at_es, at_en = (
            (f" en {period}", f" in {period}") if period else (f" hasta {self.when.last}", f" by {self.when.last}")
        )
        if subject.election is not None:
            at_es, at_en = f" ({subject.election.election_id})", f" ({subject.election.election_id})"
        if known:
            span = known[0] if known[0] == known[1] else f"{known[0]}–{known[1]}"
            es, en = f"; los años con dato son {span}", f"; the years with data are {span}"
        else:
            es, en = ": la base no tiene ninguno", ": the knowledge base has none"
        gap = self.cell(subject, column).gap
        if gap is not None and gap.reason not in SAID_BY_THE_YEARS:
            es, en = f"{es} ({gap.told('es')})", f"{en} ({gap.told('en')})"
        return WrongName(
            f"no hay dato de «{variable.labels.es}» para {subject.names.es}{at_es}{es}",
            f"there is no value of '{variable.labels.en}' for {subject.names.en}{at_en}{en}",
        )


def opened(asking: Asking, directive: Directive, expected: Sequence[tuple[str, str]]) -> Opened:
    """A directive whose arguments are countries or elections, then variables, and perhaps a time. Raises WrongName."""
    arguments = Arguments.of(directive, expected)
    when = arguments.when(asking.cutoff)
    subjects = subjects_of(asking, arguments.ordered[0], when)
    if arguments.period and subjects[0].election is not None:
        raise WrongName(f"sobra «{arguments.period}» en {directive.written}: la elección tiene su fecha",
                        f"'{arguments.period}' is too much in {directive.written}: the election has its date")  # fmt: skip
    return Opened(asking, directive, subjects, variables_of(asking, arguments.ordered[1]), arguments.period, when)


def subjects_of(asking: Asking, written: str, when: When) -> tuple[Subject, ...]:
    """The countries that a list names, groups with their members of the day, or elections by their keys. Raises WrongName."""
    found: dict[Subject, None] = {}
    for name in listed(written):
        if is_election_key(name):
            election = election_of_key(asking.connection, name)
            found[Subject(election.names, election.jurisdiction_id, election)] = None
        else:
            ids = members(asking.connection, asking.names, name, (when.last,))
            found.update(dict.fromkeys(Subject(asking.names.jurisdictions[i], i) for i in ids))
    if not found:
        raise WrongName(f"«{written}» no tiene ningún país", f"'{written}' has no country")
    if len({s.election is None for s in found}) > 1:
        raise WrongName(f"«{written}» mezcla países y elecciones; escriba unos u otras",
                        f"'{written}' mixes countries and elections; write the ones or the others")  # fmt: skip
    return tuple(found)


def within(cell: Cell, when: When) -> Cell:
    """The cell, or a gap where its answer is of before the years asked for."""
    if cell.evidence is None or not when.takes_earlier or when.first is None or when.covers(cell.evidence):
        return cell
    return Cell(
        None, Gap("other_times", Labels("no hay dato de esos años", "there is no value of those years"), cell.evidence)
    )


def _same_time(one: Evidence, other: Evidence) -> bool:
    return one.period.startswith(other.period) or other.period.startswith(one.period)
