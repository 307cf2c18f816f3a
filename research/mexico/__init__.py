"""The Mexican Congress from votes: Chamber of Deputies (CPEUM 52–54, LGIPE 14–20) and Senate (CPEUM 56, LGIPE 21).

CPEUM is the Constitution (text of 15 October 2025); LGIPE the General Law on Electoral Institutions and Procedures (text of
14 October 2024). Each step cites its article and tells every intermediate quantity. Where the law or its application
leaves a choice, a `Reading` says which is taken, and `readings_of` computes them side by side.
"""

from research.mexico.case import CONSTITUENCIES, DeputiesCase, SenateCase
from research.mexico.case_file import read_deputies_case, read_senate_case
from research.mexico.deputies import DeputiesOutcome, Reading, assign_deputies, readings_of
from research.mexico.senate import SenateOutcome, assign_senate, senators_of_states

__all__ = [
    "CONSTITUENCIES",
    "DeputiesCase",
    "DeputiesOutcome",
    "Reading",
    "SenateCase",
    "SenateOutcome",
    "assign_deputies",
    "assign_senate",
    "read_deputies_case",
    "read_senate_case",
    "readings_of",
    "senators_of_states",
]
