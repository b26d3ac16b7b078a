"""Saved frames in, figures out: made for A4 paper, also in black and white."""

from simulation.report.figures.costs import cost_per_job
from simulation.report.figures.helped import who_is_helped
from simulation.report.figures.journey import journey_sankey
from simulation.report.figures.maps import ward_map
from simulation.report.figures.market import beveridge_curve, hires_by_queue_position
from simulation.report.figures.net_effect import gross_to_net
from simulation.report.figures.partners import trust_over_time
from simulation.report.figures.places import place_maps
from simulation.report.figures.saving import save_figure
from simulation.report.figures.series import claimant_counts, difference_over_time, employment_gap
from simulation.report.figures.spending import money_by_year, spend_by_stream
from simulation.report.figures.tables import ward_change

__all__ = [
    "beveridge_curve",
    "claimant_counts",
    "cost_per_job",
    "difference_over_time",
    "employment_gap",
    "gross_to_net",
    "hires_by_queue_position",
    "journey_sankey",
    "money_by_year",
    "place_maps",
    "save_figure",
    "spend_by_stream",
    "trust_over_time",
    "ward_change",
    "ward_map",
    "who_is_helped",
]
