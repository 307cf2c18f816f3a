"""Seats from votes, each step told.

`allocate` is the face for one list of contestants; `parallel` and `compensatory` join two tiers. Arithmetic is exact
(whole numbers and fractions), so that a tie is a tie. A tie is declared in the result and left open unless the caller
gives the order in which ties are to be broken.
"""

from research.allocation.errors import AllocationError
from research.allocation.methods import METHODS, Method, allocate
from research.allocation.outcome import Allocation, Step, Tie
from research.allocation.tiers import compensatory, parallel

__all__ = [
    "METHODS",
    "Allocation",
    "AllocationError",
    "Method",
    "Step",
    "Tie",
    "allocate",
    "compensatory",
    "parallel",
]
