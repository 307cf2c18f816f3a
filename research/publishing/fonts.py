"""Whether the letters that a document asks for are on this machine."""

from __future__ import annotations

from functools import lru_cache

import typst

from research.faults import Fault, TextError, or_rather
from research.names import nearest
from research.publishing.house_style import FILE, HouseStyle


@lru_cache
def known_families() -> frozenset[str]:
    """Families that the PDF can be set in: those that come with the program and those of this machine."""
    return frozenset(typst.Fonts().families())


def check_fonts(style: HouseStyle) -> None:
    """Raise TextError for each font of the PDF that is not here, with the nearest one."""
    known = known_families()
    faults = []
    for key, name in (("pdf_font", style.pdf_font), ("pdf_heading_font", style.pdf_heading_font)):
        if name.casefold() not in {k.casefold() for k in known}:
            es, en = or_rather(nearest(name, known) or "Libertinus Serif")
            faults.append(Fault(0, f"{key}: la letra «{name}» no está en esta máquina{es} Instálela o cambie «{key}»",
                                f"{key}: the font '{name}' is not on this machine{en} Install it or change '{key}'"))  # fmt: skip
    if faults:
        raise TextError(FILE, faults)
