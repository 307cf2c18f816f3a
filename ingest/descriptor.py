"""What a `source.yml` may say: the descriptor of one source, as pydantic models.

The models are the one definition of the descriptor's language: they check a file, they give the
JSON Schema that editors complete from (`datasets/source.schema.json`), and the engine runs on them.
Words come from Table Schema where it has one (`fields`, `type`, `format`, `missingValues`,
`primaryKey`, `constraints`, `decimalChar`); the rest is explained here and in docs/adding-a-source.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ingest.descriptor_documents import DOCUMENT_FORMATS, Documents
from ingest.descriptor_files import File
from ingest.descriptor_words import Model, Pattern, Scalar, Text

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
    """Rows for one of our tables (docs/tables.md lists them with their columns)."""

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


# --- variables -----------------------------------------------------------------------------------


class Correspondence(Model):
    """The same question elsewhere: exact, or close (another definition, scale or universe)."""

    scheme: Literal["ace", "idea", "vdem"]
    code: str = Field(description="ACE's or IDEA's own name for its question; V-Dem's tag")
    relation: Literal["exact", "close"]


class Code(Model):
    """An answer option of a variable."""

    code: str
    name: Text


class Variable(Model):
    """A question that sources answer, defined in our own words."""

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str
    name: Text
    question: Text
    definition: Text
    coding_rule: Text
    kind: Literal["number", "code", "boolean", "text", "date"]
    unit: str = Field(description="'index 0–1', '%', 'seats', 'years', 'option' …")
    scale: str | None = Field(None, description="Lowest and highest possible value, e.g. '0–1'")
    time_kind: Literal["rule_in_force", "yearly_observation", "value_of_an_election", "undated_snapshot"]
    source_code: str | None = Field(None, description="The publisher's own name for it")
    codes: list[Code] = Field(default_factory=list)
    crosswalk: list[Correspondence] = Field(default_factory=list, description="What the question is called elsewhere")


class Caveat(Model):
    """A warning to users, from a closed list."""

    kind: Literal[
        "incomplete",
        "estimated",
        "expert_judgement",
        "date_imprecise",
        "series_break",
        "third_party_copy",
        "preliminary",
        "identity",
        "hand_keyed",
        "definition_differs",
    ]
    text: Text


class Descriptor(Model):
    """One source: who publishes it, under what licence, and how its tables become facts."""

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    description: Text
    publisher: str
    authors: list[str] = Field(default_factory=list)
    citation: str
    licence: str = Field(description="Id of a row of the licences table (SPDX where one exists)")
    redistribute: bool = Field(description="Whether the licence lets us publish facts from it")
    version: str
    published: str | None = Field(None, description="ISO 8601 date or year")
    retrieved: str = Field(description="ISO 8601 date")
    homepage_url: str
    rank: int = Field(50, description="Lower is heard first when two sources name the same election or party")
    caveats: list[Caveat] = Field(default_factory=list)
    files: list[File]
    corrections: list[Correction] = Field(default_factory=list)
    variables: list[Variable] = Field(default_factory=list)
    recipes: list[Recipe] = Field(default_factory=list)
    documents: list[Documents] = Field(default_factory=list)
    kept_in: Literal["repository", "build"] | None = Field(
        None,
        description="Where facts are kept: by default the repository where redistribute is true, else build/; "
        "'build' for facts that are free but too large for the repository",
    )

    @model_validator(mode="after")
    def _kept_where_the_licence_allows(self) -> Descriptor:
        if self.kept_in == "repository" and not self.redistribute:
            raise ValueError("keptIn: repository needs redistribute: true")
        if not self.recipes and not self.documents:
            raise ValueError("a source needs recipes or documents")
        return self

    @property
    def in_repository(self) -> bool:
        """Whether facts are kept in git."""
        return self.redistribute and self.kept_in != "build"

    @model_validator(mode="after")
    def _documents_known(self) -> Descriptor:
        names = [d.name for d in self.documents]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"two entries of documents bear the name {', '.join(twice)}")
        for documents in self.documents:
            files = [f for f in self.files if f.path == documents.files or documents.reads(f.path)]
            if not files:
                raise ValueError(f"documents {documents.name}: no file among files is {documents.files}")
            if tables := [f.path for f in files if f.format not in DOCUMENT_FORMATS]:
                raise ValueError(f"documents {documents.name}: {', '.join(tables)} has no format of a document")
        return self

    @model_validator(mode="after")
    def _files_known(self) -> Descriptor:
        known = {f.path for f in self.files}
        archives = {f.path for f in self.files if f.format == "zip"}
        for file in self.files:
            if file.within is not None and file.within not in archives:
                raise ValueError(f"file {file.path}: {file.within} is not a zip among files")
        for recipe in self.recipes:
            for path in recipe.paths:
                if path not in known:
                    raise ValueError(f"recipe {recipe.name}: file {path} is not among files")
                if self.file(path).format in DOCUMENT_FORMATS:
                    raise ValueError(f"recipe {recipe.name}: {path} is a document: it belongs under documents")
        for correction in self.corrections:
            if correction.file not in known:
                raise ValueError(f"correction: file {correction.file} is not among files")
        return self

    def file(self, path: str) -> File:
        """The file of that path. Raises KeyError for one that is not declared."""
        return next(f for f in self.files if f.path == path)
