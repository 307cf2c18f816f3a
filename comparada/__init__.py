"""Comparada: the command line and the portal over a comparative electoral knowledge base."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from research.frames import KnowledgeBase


def open(database: str | Path = "build/comparada.db", lang: Literal["es", "en"] = "es") -> KnowledgeBase:
    """The knowledge base as pandas DataFrames; labels in Spanish or English. Raises FileNotFoundError."""
    from research.frames import KnowledgeBase  # pandas takes a while to import

    return KnowledgeBase(Path(database), lang)
