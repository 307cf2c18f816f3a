"""docs/sources.md: where every row of every published file went, written from the accounts beside the facts.

`python -m comparada.sources_report` writes it from what has been ingested here: with every source's published
files fetched and ingested it is complete; a source that was not is named, and its rows are not invented.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ingest.descriptor.reading import load_descriptors
from ingest.descriptor.source import Descriptor
from ingest.facts import fact_rows
from ingest.workspace import Workspace

COMMAND = "comparada fetch --mirror PLACE && comparada ingest && python -m comparada.sources_report"
COUNTS = (
    "rows_read_count", "rows_loaded_count", "rows_rejected_count", "rows_excluded_count", "rows_duplicate_count", "facts_count",
)  # fmt: skip
HEAD = "| file | recipe | rows read | = loaded | + rejected | + excluded | + duplicates | → facts |\n|---|---|--:|--:|--:|--:|--:|--:|"


class Unbalanced(ValueError):
    """An account in which rows were lost or counted twice."""


def sources_report(workspace: Workspace, day: str) -> str:
    """The page, in Markdown. Raises Unbalanced for an account that does not add up, DescriptorError."""
    parts, totals, absent = [], Counter[str](), []
    for d in load_descriptors(workspace).values():
        accounts = _accounts(workspace, d)
        if not accounts:
            absent.append(d.id)
            continue
        for account in accounts:
            totals.update({name: int(account[name]) for name in COUNTS})
        totals["accounts"] += len(accounts)
        totals["files"] += len({account["raw_file"] for account in accounts})
        totals["sources"] += 1
        parts.append("\n\n".join(_source(workspace, d, accounts)))
    return "\n\n".join([*_opening(day, totals, absent), *parts]) + "\n"


def _opening(day: str, totals: Counter[str], absent: list[str]) -> Iterator[str]:
    yield "# The sources, and where every row of their files went"
    yield f"Written on {day}, not by hand, by\n\n```bash\n{COMMAND}\n```"
    yield (
        "`PLACE` is a folder or an HTTP address that holds the published files; without `--mirror` they come from their\n"
        "publishers. A mirror that keeps documents apart from tables is named twice: `fetch --mirror PLACE/sources`, then\n"
        "`fetch --mirror PLACE` (the descriptors of documents say `mirror: documents/…`)."
    )
    yield (
        "A file may be read by several recipes, each of which accounts for all of its rows: read = loaded + rejected +\n"
        "excluded under a named rule + exact duplicates. A loaded row may still have a problem (a warning, or one cell left\n"
        "out), which `comparada check` tells. In a document, rows are its paragraphs and the lines of its page headers. One row\n"
        "may give several facts, and a sum over many rows gives few."
    )
    yield (
        f"**{totals['sources']} sources, {totals['files']} files, {totals['accounts']} accounts: "
        f"{_sum(totals)} → {totals['facts_count']:,} facts.**"
    )
    if absent:
        yield f"Not ingested here, and so not accounted for: {', '.join(absent)}."


def _source(workspace: Workspace, d: Descriptor, accounts: list[dict[str, str]]) -> Iterator[str]:
    yield f"## {d.id}"
    kept = "in the repository" if d.in_repository else "with the published files only"
    yield f"{d.title.en}. {d.publisher}. Licence: {d.licence}. Version: {d.version}. Facts: {kept}."
    yield "\n".join([HEAD, *(_line(d, account) for account in accounts)])
    reasons = [f"{a['raw_file']} [{a['recipe']}]: {a['exclusions_en']}" for a in accounts if a["exclusions_en"]]
    if reasons:
        yield "Excluded:\n\n" + "\n".join(f"- {reason}" for reason in _together(reasons))
    if others := [f for f in d.files if f.path not in {a["raw_file"] for a in accounts}]:
        joined = {j.file for recipe in d.recipes for j in recipe.join}
        looked_up = [f.path for f in others if f.path in joined]
        archives = [f.path for f in others if f.format == "zip"]
        unread = [f.path for f in others if f.path not in {*looked_up, *archives}]
        for names, what in ((looked_up, "Looked up by the rows of other files"), (archives, "Archives of files above"),
                            (unread, "Kept and not read")):  # fmt: skip
            if names:
                yield f"{what}: {', '.join(names)}."
    rules = Counter(row["rule"] for row in fact_rows(_folder(workspace, d), "problems"))
    if rules:
        yield "Problems told: " + ", ".join(f"{count:,} {rule}" for rule, count in sorted(rules.items())) + "."


def _line(d: Descriptor, account: dict[str, str]) -> str:
    counts = {name: int(account[name]) for name in COUNTS}
    if counts["rows_read_count"] != sum(counts[name] for name in COUNTS[1:5]):
        raise Unbalanced(f"{d.id}/{account['raw_file']} [{account['recipe']}]: {_sum(Counter(counts))}")
    cells = [account["raw_file"], account["recipe"], *(f"{counts[name]:,}" for name in COUNTS)]
    return "| " + " | ".join(cells) + " |"


def _sum(counts: Counter[str]) -> str:
    read, loaded, rejected, excluded, duplicate = (counts[name] for name in COUNTS[:5])
    return f"{read:,} rows read = {loaded:,} loaded + {rejected:,} rejected + {excluded:,} excluded + {duplicate:,} duplicates"


def _together(reasons: list[str]) -> list[str]:
    """The reasons, or their number and the first few where a source of many documents would fill pages."""
    most = 30
    return reasons if len(reasons) <= most else [*reasons[:most], f"and {len(reasons) - most} more of the same kinds"]


def _accounts(workspace: Workspace, d: Descriptor) -> list[dict[str, str]]:
    return list(fact_rows(_folder(workspace, d), "file_accounts"))


def _folder(workspace: Workspace, d: Descriptor) -> Path:
    return workspace.facts(d.id, in_repository=d.in_repository)


def main(arguments: list[str] | None = None) -> int:
    """Writes docs/sources.md from the facts that are here. 0 well, 1 when an account does not add up."""
    parser = argparse.ArgumentParser(prog="python -m comparada.sources_report", description=main.__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="folder that holds datasets/ and build/")
    parser.add_argument("--to", type=Path, default=Path("docs/sources.md"))
    parser.add_argument("--date", default=date.today().isoformat(), help="the day to state (default: today)")
    options = parser.parse_args(arguments)
    try:
        text = sources_report(Workspace(options.root.resolve()), options.date)
    except Unbalanced as error:
        print(f"no cuadra · does not add up: {error}", file=sys.stderr)
        return 1
    options.to.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
