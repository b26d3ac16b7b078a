"""Simulate a local labour market, and what helps people into work.

>>> from experiments import configure
>>> from simulation import simulate
>>> run = simulate(configure("area=two_towns", "weeks=52"), seed=1)
>>> run.table()[["employed", "jsa"]]  # doctest: +SKIP
"""

from simulation.area import Area, load_area, shipped_area_folder
from simulation.config import Config
from simulation.errors import BooksError, InputError, SimulationError
from simulation.model import LabourMarket
from simulation.runner import Run, simulate

__all__ = [
    "Area",
    "BooksError",
    "Config",
    "InputError",
    "LabourMarket",
    "Run",
    "SimulationError",
    "load_area",
    "shipped_area_folder",
    "simulate",
]
