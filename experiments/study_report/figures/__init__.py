"""Frames of a study in, figures out: for A4 paper, also in black and white.

They read tables only: nothing here knows how a study was run or how an index is worked out.
"""

from experiments.study_report.figures.along import effect_along
from experiments.study_report.figures.convergence import convergence
from experiments.study_report.figures.decisions import regret
from experiments.study_report.figures.differences import differences
from experiments.study_report.figures.emulator_check import emulator_check
from experiments.study_report.figures.morris import morris_plane
from experiments.study_report.figures.names import Names
from experiments.study_report.figures.parallel_coordinates import parallel_coordinates
from experiments.study_report.figures.sobol import interaction_heat_map, sobol_bars
from experiments.study_report.figures.surfaces import response_surface
from experiments.study_report.figures.tornado import tornado

__all__ = [
    "Names",
    "convergence",
    "differences",
    "effect_along",
    "emulator_check",
    "interaction_heat_map",
    "morris_plane",
    "parallel_coordinates",
    "regret",
    "response_surface",
    "sobol_bars",
    "tornado",
]
