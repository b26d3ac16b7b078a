"""Saved frames in, figures out: made for A4 paper, also in black and white."""

from simulation.figures.maps import ward_map
from simulation.figures.market import beveridge_curve, hires_by_queue_position
from simulation.figures.saving import save_figure
from simulation.figures.series import claimant_counts, difference_over_time, employment_gap
from simulation.figures.tables import ward_change

__all__ = [
    "beveridge_curve",
    "claimant_counts",
    "difference_over_time",
    "employment_gap",
    "hires_by_queue_position",
    "save_figure",
    "ward_change",
    "ward_map",
]
