"""What a `source.yml` may say of a table: the recipe that turns its rows into facts, and declared corrections.

Words come from Table Schema where it has one (`fields`, `type`, `format`, `missingValues`, `primaryKey`,
`constraints`, `decimalChar`); the rest is explained here and in docs/adding-a-source.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ingest.descriptor.words import Model, Pattern, Scalar, Text

# --- rules and values ----------------------------------------------------------------------------


class Rule(Model):
    """A test on one field of a row. Exactly one of the tests is given."""

    field: str
    equals: Scalar | None = None
    one_of: list[Scalar] | None = None
    matches: Pattern | None = Field(None, description="Regular expression that the whole cell must match")
    missing: bool | None = None
    negate: bool = False

    @model_validator(mode="after")
    def _one_test(self) -> Rule:
        given = [t for t in (self.equals, self.one_of, self.matches, self.missing) if t is not None]
        if len(given) != 1:
            raise ValueError("a rule needs exactly one of equals, oneOf, matches, missing")
        return self


class Exclusion(Rule):
    """Rows left out on purpose: counted under `name` in the accounting, never in silence."""

    name: str
    reason: Text


class Value(Model):
    """Where a fact's column comes from, when it is not simply a field's name."""

    const: Scalar | None = None
    template: str | None = Field(
        None, description="Text with {field} places, e.g. 'parlgov-{cabinet_id}'; {field:0>6} fills up with zeros"
    )
    precision_of: str | None = Field(None, description="Date precision (day, month, year) of a date field")

    @model_validator(mode="after")
    def _one(self) -> Value:
        if sum(v is not None for v in (self.const, self.template, self.precision_of)) != 1:
            raise ValueError("a value needs exactly one of const, template, precisionOf")
        return self


ColumnValue = Annotated[str | Value, Field(description="A field's name, or {const}, {template}, {precisionOf}")]


# --- fields --------------------------------------------------------------------------------------


class Constraints(Model):
    """Table Schema constraints; a cell that breaks one is a problem told with its row."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: Pattern | None = None
    enum: list[Scalar] | None = None


class Rewrite(Model):
    """A regular expression for the whole cell, and what it becomes: '(\\d+) de julio' → '2018-07-\\1'."""

    pattern: Pattern
    becomes: str


class Field_(Model):
    """One column of the published file that we use, and what its cells mean."""

    name: str = Field(description="Column name as published")
    rename: str | None = Field(None, alias="as", description="Our name for it in this recipe")
    type: Literal["string", "integer", "number", "boolean", "year", "date", "jurisdiction"] = "string"
    scheme: str | None = Field(
        None,
        description="jurisdiction: iso2, iso3, m49, cow, gw, name, name_es, name_en, name_fr or a source's own scheme",
    )
    at: str | None = Field(
        None,
        description="jurisdiction: year or date field that says when (31 December of a year); without it, today's states",
    )
    format: str | list[str] | None = Field(
        None, description="date: strptime form such as %d/%m/%Y, or several to try; ISO 8601 without it"
    )
    year_only: list[str] = Field(
        default_factory=list, description="date: month-days (01-01, 12-31) that stand for 'year known only'"
    )
    missing_values: list[str] = Field(
        default_factory=list, description="Codes of this column that say nothing (-999, -, ?)"
    )
    missing_reasons: dict[
        str, Literal["no_information", "not_applicable", "not_researched", "not_specified_in_law"]
    ] = Field(default_factory=dict, description="Codes that say why there is no value; kept as an answer's `missing`")
    strip: Pattern | None = Field(
        None, description=r"Regular expression removed from the cell, e.g. '^\d+\.' for '03.Mixto'"
    )
    rewrite: Rewrite | None = Field(None, description="A cell written anew from its parts; before strip and recode")
    recode: dict[str, Scalar | None] = Field(
        default_factory=dict, description="Cell → value; cells not listed stay as they are"
    )
    recode_others: Literal["keep", "reject"] = Field(
        "keep", description="What happens to a cell that recode does not list"
    )
    true_values: list[str] = Field(default_factory=lambda: ["1", "true", "True", "TRUE", "yes"])
    false_values: list[str] = Field(default_factory=lambda: ["0", "false", "False", "FALSE", "no"])
    percent: bool = Field(
        False, description="A percentage, 0–100: '45.23%' is read, a lone '%' and values above 100 are told"
    )
    shares: bool = Field(
        False, description="With percent: a number without a % sign is a share (0.45) and is multiplied by 100"
    )
    scale: float | None = Field(None, description="Multiply: 100 turns a share into a percentage")
    offset: float | None = Field(None, description="Add after scaling: 1809 turns the 1st column into 1810")
    split: str | None = Field(None, description=r"Separator of several values in one cell (\n, ;): one row each")
    fill_down: bool = Field(False, description="An empty cell repeats the one above")
    constraints: Constraints = Field(default_factory=Constraints)

    @property
    def key(self) -> str:
        """The field's name inside the recipe."""
        return self.rename or self.name

    @model_validator(mode="after")
    def _scheme(self) -> Field_:
        if (self.type == "jurisdiction") != (self.scheme is not None):
            raise ValueError("scheme goes with type: jurisdiction, and a jurisdiction needs its scheme")
        return self


# --- reshaping -----------------------------------------------------------------------------------


class Unpivot(Model):
    """Wide to long: every column that matches becomes a row. Named groups of the pattern become fields."""

    columns: Pattern = Field(
        description=r"Regular expression for whole column names, e.g. 'q(?P<year>\d+)_(?P<measure>\d)'"
    )
    value: str = Field("value", description="Field that receives the cell")


class Join(Model):
    """Columns taken from another file of the source, row by row."""

    file: str
    table: str | None = None
    match: dict[str, str] = Field(description="Column here → column there")
    repeated: Literal["error", "first"] = Field(
        "error", description="When the key stands several times there: an error, or take its first row"
    )
    take: dict[str, str] = Field(description="New name here → column there")


class Compare(Model):
    """The same table published twice (labels and codes, two languages): each difference is told as a problem.

    Rows stand side by side. Cells are compared as numbers where both are, else as text without case; a label
    such as '03.Mixto' is compared by its code, 3. The other table's rows are accounted for as compared.
    """

    file: str
    table: str | None = None
    columns: dict[str, str] = Field(default_factory=dict, description="Column here → column there, where names differ")
    ignore: list[str] = Field(default_factory=list, description="Columns that are not compared (translated names)")


class Check(Model):
    """A number that should not exceed another of its row: told as a warning, and the row is loaded."""

    field: str
    at_most: str = Field(description="The field that holds the other number")
    when: list[Rule] = Field(default_factory=list, description="Only rows that pass every rule")


class Aggregate(Model):
    """Sums over groups of rows, for sources whose rows stay out for their size."""

    by: list[str] = Field(default_factory=list, description="Fields that name a group; none: the whole file")
    sum: list[str]


class Expect(Model):
    """What a right reading of the file gives. A difference is an error: the file or the recipe changed."""

    rows: int | None = Field(None, description="Rows read from the file")
    facts: int | None = Field(None, description="Facts made")
    jurisdictions: int | None = Field(None, description="Different jurisdictions among the facts")


# --- outputs -------------------------------------------------------------------------------------


class Fact(Model):
    """Rows for one of our tables; `ingest/tables/` describes each with its columns."""

    table: str
    when: list[Rule] = Field(default_factory=list, description="Only rows that pass every rule")
    need: list[str] = Field(default_factory=list, description="Only rows in which these fields have a value")
    columns: dict[str, ColumnValue]


class Measure(Model):
    """Which fields hold one variable's value, code or text, and its bounds."""

    value: str | None = None
    code: str | None = Field(None, description="Field with an answer option of the variable")
    text: str | None = None
    low: str | None = None
    high: str | None = None
    comment: str | None = None


class Answers(Model):
    """The common case: subject × variable → answer for a period."""

    subject: str = Field(description="Jurisdiction field")
    period: str = Field(description="Year or date field: the observation's year, or the day a rule begins")
    until: str | None = Field(None, description="Year or date field on which the period ends")
    until_next: bool = Field(
        False,
        description="Rules in force: a period ends on the eve of the subject's next one, and the last stays open",
    )
    when: list[Rule] = Field(default_factory=list, description="Only rows that pass every rule")
    tier: ColumnValue | None = Field(None, description="lower, upper, … when the answer speaks of one tier or chamber")
    variables: dict[str, Measure] = Field(default_factory=dict, description="Variable id → its fields")
    variable: ColumnValue | None = Field(None, description="Instead of variables: the field that names the variable")
    measure: Measure | None = Field(None, description="With variable: the fields of its value")
    legal_basis: str | None = Field(None, description="Field with the law and article that the answer rests on")
    quoted_text: str | None = Field(None, description="Field with a short quotation of it, in its language")
    verified_on: str | None = Field(None, description="Field with the date up to which the answer was checked")

    @model_validator(mode="after")
    def _either(self) -> Answers:
        if bool(self.variables) == bool(self.variable):
            raise ValueError("answers need either variables, or variable with measure")
        if bool(self.variable) != bool(self.measure):
            raise ValueError("variable and measure go together")
        return self


class Recipe(Model):
    """How one table of one file becomes facts."""

    name: str = Field(pattern="^[a-z0-9-]+$")
    file: str
    table: str | None = Field(None, description="R object, sheet, or JSON path ('a.b') inside the file")
    primary_key: list[str] = Field(default_factory=list, description="Published columns that name a row")
    compare: list[Compare] = Field(default_factory=list, description="The same table elsewhere, to tell differences")
    exclude: list[Exclusion] = Field(default_factory=list)
    combine: dict[str, str] = Field(
        default_factory=dict, description="New column → text with {published column} places: '{Year} {Month}'"
    )
    join: list[Join] = Field(default_factory=list)
    unpivot: Unpivot | None = None
    fields: list[Field_]
    checks: list[Check] = Field(default_factory=list, description="Numbers compared with others of their row")
    aggregate: Aggregate | None = None
    answers: list[Answers] = Field(default_factory=list)
    facts: list[Fact] = Field(default_factory=list)
    expect: Expect = Expect(rows=None, facts=None, jurisdictions=None)

    @property
    def paths(self) -> list[str]:
        """Every file that the recipe reads."""
        return [self.file, *(j.file for j in self.join), *(c.file for c in self.compare)]

    @model_validator(mode="after")
    def _speaks(self) -> Recipe:
        if not self.answers and not self.facts:
            raise ValueError("a recipe needs answers or facts")
        keys = [f.key for f in self.fields]
        twice = sorted({k for k in keys if keys.count(k) > 1})
        if twice:
            raise ValueError(f"two fields bear the name {', '.join(twice)}")
        return self


class Correction(Model):
    """A known error of the publisher, repaired in view. The guard `was` fails once the file is mended."""

    file: str
    table: str | None = None
    row: int = Field(description="Row of the published file")
    column: str
    was: str
    becomes: str
    reason: Text
    source_url: str
