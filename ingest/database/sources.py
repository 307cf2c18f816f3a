"""Rows that descriptors give: sources, files, caveats, variables, codes, corrections, licences."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from ingest.descriptor.source import Descriptor
from ingest.facts import fact_files, fact_rows
from ingest.problems import DescriptorError
from ingest.workspace import Workspace

Row = dict[str, object]


def licence_rows(workspace: Workspace) -> list[Row]:
    """datasets/licences.yml, a row a licence. Raises DescriptorError when it is absent."""
    path = workspace.datasets / "licences.yml"
    if not path.is_file():
        raise DescriptorError(f"{path.name}: falta en datasets/", f"{path.name}: is missing in datasets/")
    return list(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))


def source_row(workspace: Workspace, d: Descriptor) -> Row:
    """The row of `sources`; is_loaded says whether its facts are here."""
    facts = workspace.facts(d.id, in_repository=d.in_repository)
    return {
        "source_id": d.id, "title_es": d.title.es, "title_en": d.title.en,
        "description_es": d.description.es, "description_en": d.description.en,
        "publisher": d.publisher, "authors": "; ".join(d.authors) or None, "citation": d.citation,
        "licence_id": d.licence, "version": d.version, "published_date": d.published,
        "retrieved_date": d.retrieved, "homepage_url": d.homepage_url,
        "redistribute": int(d.redistribute), "is_loaded": int(bool(fact_files(facts))), "rank": d.rank,
    }  # fmt: skip


def caveat_rows(d: Descriptor) -> Iterator[Row]:
    """Rows of `source_caveats`."""
    for number, caveat in enumerate(d.caveats, start=1):
        yield {"caveat_id": f"{d.id}-{number}", "source_id": d.id, "kind": caveat.kind,
               "text_es": caveat.text.es, "text_en": caveat.text.en}  # fmt: skip


def file_rows(workspace: Workspace, d: Descriptor) -> Iterator[Row]:
    """Rows of `raw_files`, as they were when the facts were made."""
    for row in fact_rows(workspace.facts(d.id, in_repository=d.in_repository), "raw_files"):
        yield {**row, "raw_file_id": f"{d.id}/{row['path']}", "source_id": d.id, "url": row["url"] or None}


def account_rows(workspace: Workspace, d: Descriptor) -> Iterator[Row]:
    """Rows of `file_accounts`."""
    for row in fact_rows(workspace.facts(d.id, in_repository=d.in_repository), "file_accounts"):
        path = row.pop("raw_file")
        yield {**row, "file_account_id": f"{d.id}/{path}#{row['recipe']}", "raw_file_id": f"{d.id}/{path}"}


def variable_rows(d: Descriptor) -> Iterator[Row]:
    """Rows of `variables`."""
    for v in d.variables:
        yield {
            "variable_id": v.id, "source_id": d.id, "licence_id": d.licence, "topic_id": v.topic,
            "name_es": v.name.es, "name_en": v.name.en,
            "question_es": v.question.es, "question_en": v.question.en,
            "definition_es": v.definition.es, "definition_en": v.definition.en,
            "coding_rule_es": v.coding_rule.es, "coding_rule_en": v.coding_rule.en,
            "kind": v.kind, "unit": v.unit, "scale": v.scale, "time_kind": v.time_kind, "source_code": v.source_code,
        }  # fmt: skip


def code_rows(d: Descriptor) -> Iterator[Row]:
    """Rows of `codes`, in the descriptor's order."""
    for variable in d.variables:
        for position, code in enumerate(variable.codes, start=1):
            yield {"code_id": f"{variable.id}:{code.code}", "variable_id": variable.id, "code": code.code,
                   "name_es": code.name.es, "name_en": code.name.en, "position": position}  # fmt: skip


def crosswalk_rows(d: Descriptor) -> Iterator[Row]:
    """Rows of `variable_crosswalks`."""
    for variable in d.variables:
        for other in variable.crosswalk:
            yield {"crosswalk_id": f"{variable.id}:{other.scheme}:{other.code}", "variable_id": variable.id,
                   "scheme": other.scheme, "code": other.code, "relation": other.relation}  # fmt: skip


def correction_rows(d: Descriptor) -> Iterator[Row]:
    """Rows of `corrections`."""
    for number, c in enumerate(d.corrections, start=1):
        yield {
            "correction_id": f"{d.id}-{number}", "source_id": d.id, "raw_file_id": f"{d.id}/{c.file}",
            "raw_row": c.row, "raw_column": c.column, "was": c.was, "becomes": c.becomes,
            "reason_es": c.reason.es, "reason_en": c.reason.en, "source_url": c.source_url,
        }  # fmt: skip
