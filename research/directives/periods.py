"""The time that a text asks about: a year, a day, some years, or the latest known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from research.comparison import Evidence
from research.faults import WrongName


@dataclass(frozen=True)
class When:
    """A time asked for, from `first` to `last` (ISO days); open at its start: the latest known by `last`.

    A day, and a year by its 31 December, are looked at as `comparada compare` looks at them; of some years the latest
    answer counts that is not before them.
    """

    first: str | None
    last: str

    @property
    def takes_earlier(self) -> bool:
        """Whether an earlier answer may stand in where the last day has none."""
        return self.first is None or self.first[:4] != self.last[:4]

    @property
    def is_day(self) -> bool:
        """Whether it is one day, and no more."""
        return self.first == self.last

    def covers(self, evidence: Evidence) -> bool:
        """Whether the answer is of this time, or is a rule, which holds from its beginning on."""
        first = self.first or ""
        return evidence.basis == "in_force" or first[: len(evidence.period)] <= evidence.period <= self.last

    @property
    def asked(self) -> str:
        """As one word, to be kept: `2024-01-01/2024-12-31`, `/2024-12-31`."""
        return f"{self.first or ''}/{self.last}"

    @classmethod
    def kept(cls, asked: str) -> When:
        """The time that `asked` gave."""
        first, _, last = asked.partition("/")
        return cls(first or None, last)

    @classmethod
    def latest(cls, day: str) -> When:
        """Whatever is the latest known on that day."""
        return cls(None, day)

    @classmethod
    def on(cls, day: str) -> When:
        """That day."""
        return cls(day, day)

    @classmethod
    def of(cls, written: str) -> When:
        """A year, a day or a span of years as an analyst writes it. Raises WrongName."""
        text = written.strip().replace("—", "–")
        if match := re.fullmatch(r"(\d{4})(?:\s*[–-]\s*(\d{4}))?", text):
            first, last = match[1], match[2] or match[1]
            if first <= last:
                return cls(f"{first}-01-01", f"{last}-12-31")
        if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text):
            return cls(text, text)
        raise WrongName(
            f"«{written}» no es un periodo; escriba un año (2024), un día (2024-06-02) o unos años (2000–2024)",
            f"'{written}' is not a period; write a year (2024), a day (2024-06-02) or some years (2000–2024)",
        )
