"""Saved frames in, figures out: made for A4 paper, also in black and white."""

from __future__ import annotations

import importlib
from typing import Any

PLACES = {
    "costs": ("cost_per_job",),
    "helped": ("who_is_helped",),
    "journey": ("journey_sankey",),
    "lives": ("life_lines",),
    "maps": ("ward_map",),
    "net_effect": ("gross_to_net",),
    "of_a_run": ("draw_run",),
    "participants": ("effects_over_time",),
    "partners": ("trust_over_time",),
    "places": ("place_maps",),
    "saving": ("save_figure",),
    "series": ("claimant_counts", "difference_over_time", "employment_gap"),
    "spending": ("money_by_year", "spend_by_stream"),
    "tables": ("ward_change",),
    "vacancies": ("beveridge_curve", "hires_by_queue_position"),
}
"""Which module each public name is from."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: what draws takes a second to import."""
    for module, names in PLACES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what is public."""
    return sorted([*globals(), *(name for names in PLACES.values() for name in names)])
