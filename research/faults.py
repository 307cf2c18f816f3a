"""What is wrong in a text, told with its line and remedy in Spanish and English, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a text: the line (from 1) and what to do about it."""

    line: int
    es: str
    en: str


class TextError(Exception):
    """A text, or what belongs to it, that cannot be used: every fault as `file:line: what`, in line order."""

    def __init__(self, place: str, faults: Iterable[Fault]) -> None:
        self.place = place
        self.faults = tuple(sorted(faults))
        self.es = "\n".join(f"{self._at(f.line)}: {f.es}" for f in self.faults)
        self.en = "\n".join(f"{self._at(f.line)}: {f.en}" for f in self.faults)
        super().__init__(f"{self.es}\n{self.en}")

    def _at(self, line: int) -> str:
        return f"{self.place}:{line}" if line else self.place


class WrongName(Exception):
    """A word that names nothing we know, or more than one thing. `es` and `en` end with what may have been meant."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(f"{es}\n{en}")
        self.es = es
        self.en = en


def or_rather(near: str | None, known: Iterable[str] = ()) -> tuple[str, str]:
    """The end of a message: the nearest known name, else the known ones, else nothing."""
    if near is not None:
        return f"; ¿quiso decir «{near}»?", f"; did you mean '{near}'?"
    listed = ", ".join(known)
    return (f"; se conocen: {listed}", f"; known: {listed}") if listed else ("", "")
