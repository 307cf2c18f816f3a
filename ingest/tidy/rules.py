"""Tests on rows: which rows a rule of the descriptor picks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ingest.descriptor.recipes import Rule
from ingest.readers.raw_table import cell_text


def picks(rule: Rule, cells: pd.Series) -> pd.Series:
    """True for the rows whose cell passes the rule. Cells may be text or typed values."""
    text = cells.map(cell_text).str.strip()
    if rule.missing is not None:
        hit = (text == "") == rule.missing
    elif rule.equals is not None:
        hit = text == str(rule.equals)
    elif rule.one_of is not None:
        hit = text.isin([str(v) for v in rule.one_of])
    else:
        hit = text.str.fullmatch(str(rule.matches))
    return ~hit if rule.negate else hit


def pick_all(rules: Sequence[Rule], frame: pd.DataFrame) -> pd.Series:
    """True for the rows that pass every rule."""
    hit = pd.Series(True, index=frame.index)
    for rule in rules:
        hit &= picks(rule, frame[rule.field])
    return hit
