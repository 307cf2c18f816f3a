"""What a text refers to: articles of norms, agreements of the INE, dates of the official gazette. A pure function.

A list of articles, «artículos 48, párrafo 1, incisos b) y o), y 50 de la LGIPE», becomes one reference an
article, each with the place of the whole list in the text. How the norm of an article is found is said by
`rule`: named beside it (article_of_norm), the text's own (article_of_this_text, this_article), the last
one named before it (article_of_last_norm), or none (article_unattributed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.citations.article_lists import article_references, attributed
from ingest.citations.places_in_articles import AND
from ingest.citations.reference import Context, Reference
from ingest.citations.spanish_dates import DATE, iso_date
from ingest.documents.structures.numerals import ORDINAL_WORD, ordinal

GAZETTE = "DOF"
DECREE = "Decreto"
_ORDINALS = rf"{ORDINAL_WORD}(?:\s+{ORDINAL_WORD})?"
_TRANSITORY = re.compile(
    rf"\b(?:art[ií]culos?\s+)?(?:transitorios?\s+(?P<after>{_ORDINALS}(?:{AND}{_ORDINALS})*)"
    rf"|(?P<before>{_ORDINALS}(?:{AND}{_ORDINALS})*)\s+transitorios?)\b",
    re.IGNORECASE,
)
_THIS_TRANSITORY = re.compile(r"\b(?:este|el\s+presente|presente)\s+(?:art[ií]culo\s+)?transitorio\b", re.IGNORECASE)
_OF = re.compile(r"\s*,?\s*(?:del\s+|de\s+(?:la\s+|los\s+|las\s+)?)(?=\w)")
_AGREEMENT = re.compile(r"\b(?:INE|IFE)/[A-Z]{1,8}/?\d{1,5}/\d{4}\b|(?<![\w/])(?:CG|JGE)\d{1,4}/\d{4}\b")
_NAME = r"(?:DOF|D\.\s?O\.\s?F\.?|Diario\s+Oficial(?:\s+de\s+la\s+Federaci[oó]n)?)"
_NAMED = re.compile(_NAME, re.IGNORECASE)
_GAZETTE = re.compile(
    rf"\b{_NAME}(?:[\s,(]|\b(?:el|los|d[ií]as?|de|fecha|con|en|su|edici[oó]n|publicad[oa]s?|del)\b){{0,12}}?"
    rf"(?P<dates>{DATE}(?:(?:\s*,\s*|\s+y\s+(?:el\s+)?|;\s*){DATE})*)",
    re.IGNORECASE,
)
_GAZETTE_AFTER = re.compile(rf"(?P<dates>{DATE})\s*,?\s+(?:en|por)\s+el\s+{_NAME}\b(?!\s+el\s+\d)", re.IGNORECASE)
_DATE = re.compile(DATE, re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;]\s+(?=[A-ZÁÉÍÓÚ“\"«])|\n")


def find_references(text: str, context: Context) -> list[Reference]:
    """Every reference in the text, in order of place."""
    found = [*article_references(text, context), *_transitories(text, context), *_agreements(text), *_gazettes(text)]
    found += _norms(text, context, found)
    return sorted(found, key=lambda r: (r.start, r.end))


def _transitories(text: str, context: Context) -> Iterator[Reference]:
    if "transitorio" not in text.casefold():  # spares a slow search
        return
    for match in _TRANSITORY.finditer(text):
        end, named = match.end(), None
        of = _OF.match(text, end)
        if of is not None and (named := context.names.at(text, of.end())) is not None:
            end = named.end
        norm, rule = attributed(text, match.start(), named, context)
        if (named is None and context.own_decree) or (named is not None and named.is_self and named.norm == DECREE):
            norm, rule = DECREE, "article_of_this_text"
        for words in re.split(AND, match["after"] or match["before"]):
            article = f"transitorio {ordinal(words)}"
            yield Reference(match.start(), end, text[match.start() : end], norm, article, None, None, rule)
    if context.article is not None and context.article.startswith("transitorio"):
        for match in _THIS_TRANSITORY.finditer(text):
            norm = DECREE if context.own_decree else context.names.own
            yield Reference(match.start(), match.end(), match[0], norm, context.article, None, None, "this_article")


def _agreements(text: str) -> Iterator[Reference]:
    for match in _AGREEMENT.finditer(text):
        yield Reference(
            match.start(), match.end(), match[0], match[0], None, None, _date_of(text, match.start()), "agreement"
        )


def _date_of(text: str, position: int) -> str | None:
    """The last date before a place in the same sentence: when the agreement was approved."""
    sentence = max((m.end() for m in _SENTENCE_END.finditer(text, 0, position)), default=0)
    dates = [m[0] for m in _DATE.finditer(text, sentence, position)]
    return iso_date(dates[-1]) if dates else None


def _gazettes(text: str) -> Iterator[Reference]:
    if not _NAMED.search(text):
        return
    done = 0
    for match in sorted((*_GAZETTE.finditer(text), *_GAZETTE_AFTER.finditer(text)), key=lambda m: m.start()):
        if match.start() < done:
            continue
        done = match.end()
        for date in _DATE.finditer(match["dates"]):
            if (day := iso_date(date[0])) is not None:
                yield Reference(match.start(), match.end(), match[0], GAZETTE, None, None, day, "gazette")


def _norms(text: str, context: Context, found: list[Reference]) -> Iterator[Reference]:
    """Norms named without an article, each at its first place, unless an article of it is cited too."""
    told = {r.norm for r in found} | {context.names.own}
    for named in context.names.all_in(text):
        if named.norm not in told:
            told.add(named.norm)
            yield Reference(named.start, named.end, text[named.start : named.end], named.norm, None, None, None, "norm")
