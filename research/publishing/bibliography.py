"""Sources and documents of the knowledge base as CSL-JSON, the form in which pandoc sets a bibliography."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from research.names import Language

Item = dict[str, Any]

# a name with one of these words in it is an institution's
_INSTITUTION = re.compile(
    r"(?i)\b(project|proyecto|foundation|fundación|institut[eo]?|university|universit\w+|universidad|cent(?:re|er|ro)|archive|archivo"
    r"|programme|program|observator\w+|commission|comisión|cámara|congreso|consejo|tribunal|department|ministry|dataset|data)\b"
)
_PARTICLES = {"von", "van", "de", "del", "da", "di", "den", "der", "la", "las", "los", "dos", "ter"}
_LAWS = ("constitution", "law", "regulation")


@dataclass(frozen=True)
class DataUsed:
    """A source whose data stand in a document, and what its licence asks of whoever uses them."""

    source_id: str
    title: str
    version: str
    retrieved_date: str
    citation: str
    licence: str
    licence_url: str | None
    is_share_alike: bool
    is_unlicensed: bool
    homepage_url: str


def csl_items(connection: sqlite3.Connection, keys: Iterable[str], language: Language) -> list[Item]:
    """A CSL-JSON item for each of these sources and documents, in the order of their keys."""
    return [item for key in sorted(set(keys)) for item in (_source_item(connection, key, language) or _document_item(connection, key),) if item]  # fmt: skip


def data_used(connection: sqlite3.Connection, source_ids: Iterable[str], language: Language) -> list[DataUsed]:
    """What must be said of each source whose data are used, by its title."""
    wanted = sorted(set(source_ids))
    rows = connection.execute(
        "SELECT s.source_id, s.title_es, s.title_en, s.version, s.retrieved_date, s.citation, l.name_es, l.name_en, l.url,"
        " l.share_alike, l.redistribute, s.homepage_url FROM sources s JOIN licences l USING (licence_id)"
        f" WHERE s.source_id IN ({', '.join('?' * len(wanted))}) ORDER BY s.title_es", wanted,
    )  # fmt: skip
    spanish = language == "es"
    return [
        DataUsed(key, es if spanish else en, version, retrieved, citation, name_es if spanish else name_en, url,
                 bool(share_alike), not redistribute, homepage)
        for key, es, en, version, retrieved, citation, name_es, name_en, url, share_alike, redistribute, homepage in rows
    ]  # fmt: skip


def _source_item(connection: sqlite3.Connection, key: str, language: Language) -> Item | None:
    row = connection.execute(
        "SELECT title_es, title_en, publisher, authors, citation, version, published_date, retrieved_date, homepage_url"
        " FROM sources WHERE source_id = ?", (key,),
    ).fetchone()  # fmt: skip
    if row is None:
        return None
    es, en, publisher, authors, citation, version, published, retrieved, url = row
    title = es if language == "es" else en
    item: Item = {
        "id": key, "type": "dataset", "title": title, "title-short": _short(title), "publisher": publisher, "URL": url,
        "accessed": _date(retrieved), **_version(version),
    }  # fmt: skip
    if authors:
        item["author"] = [author_name(name, citation) for name in authors.split("; ")]
    else:
        item["author"] = [{"literal": item.pop("publisher")}]
    if published:
        item["issued"] = {"date-parts": [[int(published[:4])]]}
    return item


def _document_item(connection: sqlite3.Connection, key: str) -> Item | None:
    row = connection.execute(
        "SELECT title, short_name, type, creator, publisher, issued_date, identifier, source_url FROM documents"
        " WHERE document_id = ?", (key,),
    ).fetchone()  # fmt: skip
    if row is None:
        return None
    title, short, kind, creator, publisher, issued, identifier, url = row
    item: Item = {"id": key, "type": "legislation" if kind in _LAWS else "report", "title": title}
    if short or len(title) > 40:
        item["title-short"] = short or _short(title)
    for name, value in (("publisher", publisher), ("number", identifier), ("URL", url)):
        if value:
            item[name] = value
    if creator and creator != publisher:
        item["author"] = [author_name(name, "") for name in creator.split("; ")]
    if issued:
        item["issued"] = _date(issued)
    return item


def author_name(name: str, citation: str) -> dict[str, str]:
    """A name in parts, as CSL wants it: family name last unless the source's own citation turns it otherwise.

    >>> author_name("Johannes von Römer", "")
    {'family': 'Römer', 'given': 'Johannes', 'non-dropping-particle': 'von'}
    >>> author_name("Yaman Berker Kavasoglu", "Berker Kavasoglu, Yaman. 2020")
    {'family': 'Berker Kavasoglu', 'given': 'Yaman'}
    >>> author_name("V-Dem Project", "")
    {'literal': 'V-Dem Project'}
    """
    words = name.split()
    if len(words) < 2 or len(words) > 5 or _INSTITUTION.search(name):
        return {"literal": name}
    for length in range(1, len(words)):
        family, given = " ".join(words[-length:]), " ".join(words[:-length])
        if f"{family}, {given}" in citation:
            return {"family": family, "given": given}
    at = next((i for i in range(1, len(words) - 1) if words[i] in _PARTICLES), None)
    if at is None:
        return {"family": words[-1], "given": " ".join(words[:-1])}
    end = next(i for i in range(at, len(words)) if words[i] not in _PARTICLES)
    return {
        "family": " ".join(words[end:]),
        "given": " ".join(words[:at]),
        "non-dropping-particle": " ".join(words[at:end]),
    }


def _version(version: str) -> Item:
    """A numbered version as one, a commit by its first letters, anything else in its own words."""
    if re.fullmatch(r"[0-9a-f]{40}", version):
        return {"version": version[:7]}
    match = re.fullmatch(r"[vV]?(\d[\w.]*)(?: \(.*\))?", version)
    return {"version": match[1]} if match else {"medium": version}


def _short(title: str) -> str:
    """The title up to its first comma, colon or bracket."""
    return re.split(r"[:,(]", title, maxsplit=1)[0].strip()


def _date(iso: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in iso.split("-")]]}
