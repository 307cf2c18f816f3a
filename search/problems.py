"""What can stop a search or an index: errors told to a person in Spanish and in English, with the remedy."""

from __future__ import annotations


class SearchError(Exception):
    """Something that a person must be told: `es` and `en` say the place, what is wrong and the remedy."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(f"{es}\n{en}")
        self.es = es
        self.en = en


class IndexAbsent(SearchError):
    """There is no index in the folder, or it was written by another version of the engine."""


class IndexOfAnotherDatabase(SearchError):
    """The index was made from another database than the one that is being served."""


class IndexBusy(SearchError):
    """Another process is writing the index at this moment."""
