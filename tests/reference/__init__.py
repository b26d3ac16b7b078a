"""The weekly rules of docs/ODD.md a second time: ordinary objects, one Mesa agent a person.

Written from the document, for reading and for checking the engine; it shares with it only the
random numbers, the configuration and the loaders of areas, demand and benefit rules.
"""

from .benchmark import run_reference
from .compare import first_disagreement
from .first_day import copy_first_day
from .market import ReferenceMarket
from .person import Person
from .workplace import Cell, Establishment

__all__ = [
    "Cell",
    "Establishment",
    "Person",
    "ReferenceMarket",
    "copy_first_day",
    "first_disagreement",
    "run_reference",
]
