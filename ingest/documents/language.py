"""Which language a text is in, when nobody says so: by py3langid, among the languages of this knowledge base."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

LANGUAGES = ("ca", "de", "en", "es", "fr", "it", "nl", "pt")
SHORTEST = 40  # letters; below this a guess is worth little
_ENOUGH = 5_000


def detected_language(text: str) -> str | None:
    """The two-letter code of a text's language; None when the text is too short to tell."""
    beginning = text[:_ENOUGH]
    if sum(c.isalpha() for c in beginning) < SHORTEST:
        return None
    return _classifier()(beginning)[0]


@cache
def _classifier() -> Callable[[str], tuple[str, float]]:
    # here, since loading the model takes a moment that most runs need not spend
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    classify: Callable[[str], tuple[str, float]] = identifier.classify
    return classify
