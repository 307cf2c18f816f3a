"""Legal articles cited in a question: «art. 41 CPEUM», «LGIPE 65», «artículo 10 bis de la Ley General de Partidos»."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from search.words import ALL_STOP_WORDS, stem, words_of

_ARTICLE = {"art", "arts", "articulo", "articulos", "article", "articles", "artigo"}
_SUFFIX = {"bis", "ter", "quater", "quinquies"}
_NUMBER = re.compile(r"\d{1,4}")


class Norms:
    """The documents whose articles can be cited, by the names they go by."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._title_stems: dict[str, frozenset[str]] = {}
        try:
            rows = connection.execute(
                "select document_id, title, coalesce(short_name, '') from documents "
                "where document_id in (select document_id from document_sections where kind = 'article')"
            ).fetchall()
        except sqlite3.OperationalError:  # a database without documents
            return
        for document, title, short_name in rows:
            names = {document, short_name, _initials(title)}
            for name in names:
                words = words_of(name)
                if len(words) == 1 and len(words[0]) > 1:
                    known = self._by_name.setdefault(words[0], [])
                    if document not in known:
                        known.append(document)
            self._title_stems[document] = frozenset(_stems(words_of(title)))

    def cited(self, spoken: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """(number, documents) of each article cited; no documents where the question does not tell which law."""
        named = [document for word in spoken for document in self._by_name.get(word, ())]
        documents = tuple(dict.fromkeys(named)) or self._by_title(spoken)
        says_article = any(word in _ARTICLE for word in spoken)
        if not says_article and not named:
            return []
        found = []
        for place, word in enumerate(spoken):
            if not _NUMBER.fullmatch(word):
                continue
            before = spoken[place - 1] if place else ""
            after = spoken[place + 1] if place + 1 < len(spoken) else ""
            beside_name = before in self._by_name or after in self._by_name
            if before not in _ARTICLE and not beside_name:
                continue
            number = f"{int(word)} {after}" if after in _SUFFIX else str(int(word))
            found.append((number, documents))
        return found

    def _by_title(self, spoken: Sequence[str]) -> tuple[str, ...]:
        """The documents that share most words of their title with the question."""
        asked = frozenset(_stems(spoken))
        shared = {document: len(asked & title) for document, title in self._title_stems.items()}
        most = max(shared.values(), default=0)
        return tuple(document for document, count in shared.items() if count == most) if most else ()


def _stems(words: Sequence[str]) -> list[str]:
    return [stem("es", word) for word in words if word not in ALL_STOP_WORDS and not word.isdigit()]


def _initials(title: str) -> str:
    """The initials of a title's words with a capital: Ley General de Partidos Políticos → LGPP."""
    return "".join(word[0] for word in title.split() if word[:1].isupper())
