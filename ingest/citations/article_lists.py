"""Articles cited one by one or in a row, and the norm that they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.citations.norm_names import Named
from ingest.citations.places_in_articles import AND, TO, place_at, places_before
from ingest.citations.reference import Context, Reference

LONGEST_RANGE = 200
_SUFFIX = r"(?i:bis|ter|qu[aá]ter|quinqui?es|sexies|septies|octies|nonies|decies|undecies|duodecies)"
_NUMBER = re.compile(
    rf"(\d{{1,4}})(?:[oa]\b\.?|\s?[º°ª]\.?)?(?:[\s-]+({_SUFFIX})\b(?:\s+(\d{{1,2}})(?=\W))?)?(?![\d/%])(?!\.\d)"
    r"(?!\s+de\s+(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sept?iembre|octubre|noviembre|diciembre)\b)"
    r"(?!\s+(?:años|días|meses|horas|por\s+ciento|votos|diputad|senador|ciudadan|personas))"
)
_START = re.compile(
    r"\b(?:[Aa]rt[ií]culos?|ART[IÍ]CULOS?|[Aa]rts?\.|[Aa]rticles?|[Dd]iversos?|"
    r"[Nn]umerales?(?=\s+\d+\s+de\s+la\s+(?:Ley|Constituci)))\s+"
    r"|(?<=[\s(])\d{1,2}\)\s+(?=\d{1,4}[oº°]?,\s+(?:p[aá]rrafo|numeral|inciso|fracci|base|apartado))"  # «1) 9º, párrafo 1; 2) 72, …»
)
# «Artículo 42.» at the beginning of a line opens an article that is transcribed: it is no reference
_TRANSCRIBED = re.compile(
    r"(?m:^)A(?:rt[ií]culo|RT[IÍ]CULO)\s+\d+(?:\s?[oº°])?(?:\s+(?:bis|ter|qu[aá]ter))?\s*(?:[.:]|[-–]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_THIS = re.compile(
    r"\b(?:este|el\s+presente|del\s+presente|presente|este\s+propio)\s+art[ií]culo\b(?!\s*transitorio)", re.IGNORECASE
)
_NEIGHBOUR = re.compile(
    r"\bart[ií]culo\s+(?:(?:inmediato\s+)?(?P<before>anterior|que\s+antecede|precedente)|(?P<after>(?:inmediato\s+)?siguiente))\b",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s*\)?\s*,?\s*(?:(?:todos|ambos|ambas)\s+)?(?:del\s+|de\s+(?:la\s+|los\s+|las\s+|el\s+|l[’'])?|of\s+(?:the\s+)?|du\s+|des\s+)(?=\w)"
)
# rulings quote the words that they strike down between the article and its norm
_PORTION = re.compile(
    r"\s*[,;]?\s*(?:est[ea]\s+últim[oa]\s+)?en\s+la\s+porción(?:\s+normativa)?\b[^“”]{0,30}“[^”]*”\s*[,;]?"
)
_AND_OTHERS = re.compile(
    r",?\s+y\s+demás\s+(?:relativos|aplicables|correlativos)(?:\s+y\s+(?:aplicables|relativos|correlativos))?(?=,?\s+de)"
)
_IN_SU = re.compile(r"\s*,?\s+(?=en\s+sus?\s)")
_CONSTITUTIONAL = re.compile(r"\s+(?:constitucional(?:es)?|de\s+rango\s+constitucional)\b", re.IGNORECASE)
_BETWEEN_NAME = re.compile(
    r"\s*(?:,\s*|\(\s*|:\s*|,?\s+en\s+(?:su|sus|el|los)\s+|,?\s+establece\s+en\s+(?:su|sus)\s+)(?:en\s+sus?\s+)?$"
)
_FURTHER = re.compile(
    rf"{AND}(?:(?:as[ií]\s+como|en\s+relaci[oó]n\s+con|en\s+correlaci[oó]n\s+con|con)\s+)?(?:el\s+|los\s+)?(?:diversos?\s+)?(?=\d)"
)
_IN_RELATION = re.compile(
    r"\s*,?\s+en\s+(?:relaci[oó]n|correlaci[oó]n|concordancia)\s+con\s+(?:el\s+|los\s+|la\s+)?(?:art[ií]culos?|diversos?|numerales?)\s+"
)
_ALL_OF = re.compile(r"\b(?:tod[oa]s|ambos)\s+(?:del\s+|de\s+(?:la\s+|los\s+)?)(?=[A-ZÁÉÍÓÚ]|est[ae]\s)")
_SENTENCE_END = re.compile(r"[.:]\s+(?=[A-ZÁÉÍÓÚ“\"«])|\n")
_TO_NUMBER = re.compile(rf"{TO}(?=\d)")
_NEXT_NUMBER = re.compile(rf"{AND}(?:(?:el|los|del|al)\s+)?(?=\d)")
_ABBREVIATION_FIRST = re.compile(
    r",?\s+(?=\d{1,4}(?:\s?[oº])?(?:\s*,\s*(?:p[aá]rrafo|numeral|inciso|fracci|base|apartado)))"
)


@dataclass
class _Item:
    article: str
    places: list[str] = field(default_factory=list)


def article_references(text: str, context: Context) -> Iterator[Reference]:
    """Every article that the text refers to by number, by «este artículo» or by «el artículo anterior»."""
    done = 0
    for begin, position, named in _starts(text, context):
        if begin < done:
            continue
        for reference in _run(text, begin, position, done, named, context):
            done = max(done, reference.end)
            yield reference
    yield from _this_and_neighbours(text, context)


def _starts(text: str, context: Context) -> list[tuple[int, int, Named | None]]:
    """Where lists of articles may begin: at the word «artículo», or at a norm as in «LGIPE, 65, párrafo 1»."""
    found: list[tuple[int, int, Named | None]] = [
        (m.start(), m.end(), None) for m in _START.finditer(text) if not _TRANSCRIBED.match(text, m.start())
    ]
    for named in context.names.all_in(text):
        if match := _ABBREVIATION_FIRST.match(text, named.end):
            found.append((named.start, match.end(), named))
    return sorted(found, key=lambda f: f[0])


def _run(
    text: str, begin: int, position: int, done: int, named_first: Named | None, context: Context
) -> Iterator[Reference]:
    """The articles from one start on: one norm after the other, as long as numbers with a norm follow."""
    group = _group(text, position)
    before = places_before(text, begin, done)
    if before is not None and group is not None:
        begin = before[0]
        group[0][0].places[:0] = before[1]
    while group is not None:
        items, end = group
        named = named_first
        if named is None:
            named, end = _norm_after(text, end, items, context)
        begun = begin
        if named is None and (named := _norm_before(text, begin, context)) is not None:
            begun = named.start
            closing = re.compile(r"\s*\)").match(text, end)
            end = closing.end() if closing and "(" in text[named.end : begin] else end
            named_first = named
        told = named or _norm_of_related(text, end, context) or _norm_of_all(text, end, context)
        norm, rule = attributed(text, begin, told, context)
        for item in items:
            yield Reference(begun, end, text[begun:end], norm, item.article, ", ".join(item.places) or None, None, rule)
        further = _FURTHER.match(text, end) if named is not None and named_first is None else None
        group = _group(text, further.end()) if further is not None else None
        if further is not None and group is not None:
            begin = further.end()
            if _norm_after(text, group[1], [_Item("")], context)[0] is None:
                return


def _group(text: str, position: int) -> tuple[list[_Item], int] | None:
    """Articles in a row from a position, each with its places; and where they end."""
    match = _NUMBER.match(text, position)
    if match is None:
        return None
    items = [_Item(_article(match))]
    end = match.end()
    while True:
        if (place := place_at(text, end)) is not None:
            items[-1].places += place[0]
            end = place[1]
        elif not items[-1].places and (to := _TO_NUMBER.match(text, end)) and (match := _NUMBER.match(text, to.end())):
            items += _range(items[-1].article, _article(match))
            end = match.end()
        elif (comma := _NEXT_NUMBER.match(text, end)) and (match := _NUMBER.match(text, comma.end())):
            items.append(_Item(_article(match)))
            end = match.end()
        else:
            return items, end


def _article(match: re.Match[str]) -> str:
    suffix = match[2].lower().replace("á", "a") if match[2] else ""
    return " ".join(part for part in (str(int(match[1])), suffix, match[3] or "") if part)


def _range(first: str, last: str) -> list[_Item]:
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= LONGEST_RANGE:
        return [_Item(str(n)) for n in range(int(first) + 1, int(last) + 1)]
    return [_Item(last)]


def _norm_after(text: str, end: int, items: list[_Item], context: Context) -> tuple[Named | None, int]:
    """The norm named right behind the articles, and where it ends; places that follow it, «del Modelo, en su inciso d)», count."""
    if match := _CONSTITUTIONAL.match(text, end):
        return Named("CPEUM", match.start(), match.end()), match.end()
    portion = _PORTION.match(text, end) or _AND_OTHERS.match(text, end)
    of = _OF.match(text, portion.end() if portion is not None else end)
    if of is None or (named := context.names.at(text, of.end())) is None:
        return None, end
    end = named.end
    if items and (match := _IN_SU.match(text, end)) and (place := place_at(text, match.start())):
        items[-1].places += place[0]
        end = place[1]
    return named, end


def _norm_of_related(text: str, end: int, context: Context) -> Named | None:
    """«artículo 73, en relación con los diversos 41 y 43 de la Ley»: the norm of those that follow."""
    match = _IN_RELATION.match(text, end)
    group = _group(text, match.end()) if match is not None else None
    return _norm_after(text, group[1], [], context)[0] if group is not None else None


def _norm_of_all(text: str, end: int, context: Context) -> Named | None:
    """«…; las fracciones III y IV del artículo 73, todos de la Ley»: the norm told once, at the end of the sentence."""
    sentence_end = _SENTENCE_END.search(text, end)
    match = _ALL_OF.search(text, end, sentence_end.start() if sentence_end is not None else len(text))
    return context.names.at(text, match.end()) if match is not None else None


def _norm_before(text: str, begin: int, context: Context) -> Named | None:
    """The norm named right before the articles: «CPEUM, artículo 41», «la LGIPE (artículo 30)»."""
    for named in reversed(context.names.all_in(text[max(0, begin - 220) : begin])):
        offset = max(0, begin - 220)
        if _BETWEEN_NAME.fullmatch(text, named.end + offset, begin):
            return Named(named.norm, named.start + offset, named.end + offset)
    return None


def attributed(text: str, begin: int, named: Named | None, context: Context) -> tuple[str | None, str]:
    """The norm of some articles and the rule that told it."""
    names = context.names
    if named is not None and named.is_same:
        last = last_named(text, begin, context)
        return (last, "article_of_last_norm") if last else _own_or_none(context)
    if named is not None and named.is_self:
        # an article «del presente Decreto» is one of the law that the decree changes
        of_law = named.norm in ("Decreto", "Acuerdo") and names.own is not None
        return names.own if of_law else named.norm, "article_of_this_text"
    if named is not None:
        return named.norm, "article_of_this_text" if named.norm == names.own else "article_of_norm"
    if context.default_own:
        return _own_or_none(context)
    last = last_named(text, begin, context)
    return (last, "article_of_last_norm") if last else _own_or_none(context)


def _own_or_none(context: Context) -> tuple[str | None, str]:
    own = context.names.own
    return (own, "article_of_this_text") if own is not None else (None, "article_unattributed")


def last_named(text: str, position: int, context: Context) -> str | None:
    """The last norm named before a position of the text."""
    named = context.names.all_in(text[:position])
    return named[-1].norm if named else None


def _this_and_neighbours(text: str, context: Context) -> Iterator[Reference]:
    if "culo" not in text.casefold():  # spares a slow search
        return
    own = context.names.own
    for match in _THIS.finditer(text):
        yield Reference(match.start(), match.end(), match[0], own, context.article, None, None, "this_article")
    for match in _NEIGHBOUR.finditer(text):
        article = context.neighbours[0 if match["before"] else 1]
        rule = "article_of_this_text" if own is not None else "article_unattributed"
        yield Reference(match.start(), match.end(), match[0], own, article, None, None, rule)
