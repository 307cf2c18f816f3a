"""The trilingual glossary: one Markdown document a language, made from the thesaurus's definitions.

`python -m comparada.glossary` rewrites `datasets/comparada-documents/glosario-electoral.*.md` from
`datasets/thesaurus/concepts.csv`; nothing in the three files is written by hand.
"""

from __future__ import annotations

import argparse
import csv
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

Concept = dict[str, str]


@dataclass(frozen=True)
class Wording:
    """What the glossary says in one language, apart from the terms."""

    title: str
    description: str
    introduction: str
    also: str
    see_also: str
    names: dict[str, str]


WORDINGS = {
    "es": Wording(
        title="Glosario electoral trilingüe",
        description="Términos electorales definidos en español, con sus equivalentes en inglés y francés.",
        introduction=(
            "Reúne {count} términos de uso común en los estudios electorales comparados. Cada entrada da la definición, los "
            "equivalentes en inglés y francés y otros nombres en uso, también los de otros países de lengua española. Cuando el "
            "término pertenece al derecho mexicano, la definición lo dice. Un equivalente no siempre lo es ante la ley: la "
            "institución que en un país lleva cierto nombre puede tener otras atribuciones en otro."
        ),
        also="También",
        see_also="Véase",
        names={"es": "Español", "en": "Inglés", "fr": "Francés"},
    ),
    "en": Wording(
        title="Trilingual electoral glossary",
        description="Electoral terms defined in English, with their Spanish and French equivalents.",
        introduction=(
            "It brings together {count} terms in common use in comparative electoral studies. Each entry gives the definition, "
            "the Spanish and French equivalents and other names in use. When a term belongs to Mexican law, the definition says "
            "so. An equivalent is not always one in law: the institution that bears a name in one country can have other powers "
            "in another."
        ),
        also="Also",
        see_also="See",
        names={"es": "Spanish", "en": "English", "fr": "French"},
    ),
    "fr": Wording(
        title="Glossaire électoral trilingue",
        description="Termes électoraux définis en français, avec leurs équivalents en espagnol et en anglais.",
        introduction=(
            "Il réunit {count} termes d'usage courant dans les études électorales comparées. Chaque entrée donne la définition, "
            "les équivalents en espagnol et en anglais et d'autres noms en usage. Lorsque le terme appartient au droit mexicain, "
            "la définition le précise. Un équivalent ne l'est pas toujours en droit : l'institution qui porte un nom dans un pays "
            "peut avoir d'autres attributions dans un autre."
        ),
        also="Aussi",
        see_also="Voir",
        names={"es": "Espagnol", "en": "Anglais", "fr": "Français"},
    ),
}


def glossaries(root: Path) -> dict[Path, str]:
    """The text of each language's document, by its path below `root`."""
    folder = root / "datasets" / "thesaurus"
    with (folder / "concepts.csv").open(encoding="utf-8", newline="") as file:
        concepts = list(csv.DictReader(file))
    published = str(yaml.safe_load((folder / "source.yml").read_text("utf-8"))["published"])
    return {
        root / "datasets" / "comparada-documents" / f"glosario-electoral.{language}.md": _document(
            language, concepts, published
        )
        for language in WORDINGS
    }


def _document(language: str, concepts: list[Concept], published: str) -> str:
    wording = WORDINGS[language]
    defined = {c["concept_id"]: c for c in concepts if c[f"definition@{language}"]}
    head = {
        "id": f"electoral-glossary-{language}",
        "work": "electoral-glossary",
        "title": wording.title,
        "creator": "Comparada",
        "publisher": "Comparada",
        "issued": published,
        "language": language,
        "type": "glossary",
        "description": wording.description,
        "line": "perspectiva_comparada",
        "topics": sorted({c["topic_id"] for c in defined.values()}),
        "rights": "CC-BY-4.0",
        "status": "published",
    }
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1_000_000)
    ordered = sorted(defined.values(), key=lambda c: _dictionary_order(c[f"prefLabel@{language}"]))
    introduction = wording.introduction.format(count=len(defined))
    entries = [_entry(language, c, defined) for c in ordered]
    return "\n\n".join([f"---\n{front}---", f"# {wording.title}", introduction, *entries]) + "\n"


def _entry(language: str, c: Concept, defined: dict[str, Concept]) -> str:
    wording = WORDINGS[language]
    lines = [f"{wording.names[x]}: {c[f'prefLabel@{x}']}." for x in WORDINGS if x != language]
    if others := _values(c[f"altLabel@{language}"]):
        lines.append(f"{wording.also}: {', '.join(others)}.")
    near = [defined[key][f"prefLabel@{language}"] for key in _values(c["related"]) if key in defined]
    if near:
        lines.append(f"{wording.see_also}: {', '.join(sorted(near, key=_dictionary_order))}.")
    term, definition = c[f"prefLabel@{language}"], c[f"definition@{language}"]
    return "\n\n".join([f"## {term}", definition, "\n".join(f"- {line}" for line in lines)])


def _values(cell: str) -> list[str]:
    return cell.split(" | ") if cell else []


def _dictionary_order(label: str) -> tuple[str, str]:
    """Letters without accents decide, except ñ, which follows n; accents only break ties."""
    plain = unicodedata.normalize("NFD", label.casefold().replace("ñ", "n\uffff"))
    return "".join(c for c in plain if c.isalnum() or c in " \uffff"), label


def main(arguments: list[str] | None = None) -> int:
    """Rewrites the glossaries, or with --check only says whether they are current. 0 well, 1 out of date."""
    parser = argparse.ArgumentParser(prog="python -m comparada.glossary", description=main.__doc__)
    parser.add_argument("root", type=Path, nargs="?", default=Path())
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    late = {
        path: text
        for path, text in glossaries(options.root).items()
        if not path.is_file() or path.read_text("utf-8") != text
    }
    if options.check:
        print("atrasado · out of date" if late else "al día · current", file=sys.stderr)
        return 1 if late else 0
    for path, text in late.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
