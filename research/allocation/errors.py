"""What an allocation refuses, told in Spanish and in English with the row that is wrong."""

from __future__ import annotations


class AllocationError(ValueError):
    """Votes, seats or rules that cannot be computed with; says the place and the remedy in both languages."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(f"{es}\n{en}")
        self.es = es
        self.en = en
