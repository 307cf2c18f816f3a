"""What was so on a day: the answers that hold, according to the time kind of each variable, and how old they are."""

from research.as_of.looking import BASES, Standing, as_of
from research.as_of.view import create_view

__all__ = ["BASES", "Standing", "as_of", "create_view"]
