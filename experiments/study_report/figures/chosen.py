"""The figures of a study's page: which its tables allow, what each shows, how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.study_report.figures.along import effect_along
from experiments.study_report.figures.convergence import LEAST_STEPS, convergence
from experiments.study_report.figures.decisions import regret
from experiments.study_report.figures.differences import differences
from experiments.study_report.figures.emulator_check import emulator_check
from experiments.study_report.figures.marks import index_table, ranking_index
from experiments.study_report.figures.morris import morris_plane
from experiments.study_report.figures.names import Names, is_number
from experiments.study_report.figures.parallel_coordinates import parallel_coordinates
from experiments.study_report.figures.sobol import interaction_heat_map, sobol_bars
from experiments.study_report.figures.surfaces import binned, response_surface
from experiments.study_report.figures.tornado import effect_factors, tornado
from simulation.errors import InputError
from simulation.report.figures.saving import PageFigure

GUIDES = {
    "differences": "Each row is one future, each panel one policy. A mark to the right of the line"
    " at zero means more than under the baseline in the same future with the same luck. Hollow"
    " marks cannot be told from nothing. A policy whose marks lie on both sides helps in some"
    " futures and harms in others.",
    "effect_along": "Follow one line: it is the difference a policy makes as the factor below"
    " grows. Where the line crosses zero its sign changes; where the band holds zero, nothing can"
    " be said.",
    "regret": "Left: in how many futures a policy is best, and (hatched) not clearly worse than"
    " the best. Right: what choosing it could cost against the best choice had one known the"
    " future. A policy that is seldom best but never far behind may be the safer one.",
    "sobol_bars": "The dark bar is the share of the differences between points that a factor makes"
    " by itself; the hatched bar is that with its interplay with others. One much longer than the"
    " dark one means that the factor's effect depends on the others. Bars whose black interval"
    " reaches zero cannot be told from nothing; hollow ones are flagged in the table.",
    "morris_plane": "Further right: the factor moves the outcome more. Further up: it does so more"
    " unevenly, because its effect depends on other factors or is not a straight line. What lies"
    " at the left edge hardly matters. Numbers are explained beside the plane.",
    "tornado": "The longer a bar, the more the factor matters; the most important is at the top."
    " The black line is the 95% interval. Grey marks show what a factor without any effect would"
    " reach if chance were left in.",
    "tornado_effects": "Each dot is the outcome's change when one factor alone takes the value"
    " written beside it. Hollow dots cannot be told from no change. Effects of several changes at"
    " once are not in it.",
    "interaction_heat_map": "Find two factors by their row and their numbered column: the darker"
    " the cell, the more they act on each other beyond what each does alone. Grey figures cannot"
    " be told from none.",
    "response_surface": "The line is the outcome on average over all values of the other factors;"
    " the band its 95% interval, by the seeds and the points that were drawn. The grey dots show"
    " how far the others spread it: a flat line through a tall cloud means that other factors"
    " matter more.",
    "response_surface_pair": "Dark cells are low, light ones high. If the pattern of one row is"
    " the pattern of every row, the two factors act independently; if it turns, they act on each"
    " other.",
    "convergence": "Lines that have become level and bands that have become narrow mean that more"
    " samples would not change the picture. Where lines still cross at the right, their order is"
    " not settled.",
    "parallel_coordinates": "Follow the dark full lines upward from the foot: where they bundle on"
    " a scale, high outcomes go with that value; dashed lines do the same for low outcomes. Where"
    " both are spread evenly the factor does not matter much.",
    "emulator_check": "Dots on the line were predicted exactly. The further they scatter, the less"
    " the indices worked out with the emulator can be trusted.",
}
WHAT = {
    "differences": "Paired differences from the baseline with intervals, by policy and future",
    "effect_along": "Lines of the difference from the baseline along a factor, one a policy",
    "regret": "Bars of futures where each policy is best, and its mean and largest regret",
    "sobol_bars": "Bars of first-order and total sensitivity indices by factor",
    "morris_plane": "Scatter of factors by mean size and spread of their effect",
    "tornado": "Bars of a sensitivity index by factor, largest at the top",
    "tornado_effects": "Bars of the effect of changing one factor at a time",
    "interaction_heat_map": "Triangular table of the interplay of pairs of factors",
    "response_surface": "Line of the outcome along its most important factor",
    "response_surface_pair": "Surface of the outcome over its two most important factors",
    "convergence": "Lines of sensitivity indices by number of samples",
    "parallel_coordinates": "Lines of all points through scales of the factors to the outcome",
    "emulator_check": "Scatter of predicted against seen outcomes",
}
MOST_SCALES = 14


Frames = Mapping[str, pd.DataFrame]


def draw_outcome(
    frames: Frames,
    outcome: str,
    *,
    policies: str | None,
    block: int | None = None,
    names: Names,
    note: str = "",
) -> tuple[list[PageFigure], list[str]]:
    """Draw every figure of one outcome that the tables allow.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        points, runs, indices, convergence, effects, decisions; empty where there is none.
    outcome : str
    policies : str or None
        The factor that is ours to choose.
    block : int, optional
        Points of the design that were drawn together; None where none was drawn.
    names : Names
    note : str
        Put under each figure.

    Returns
    -------
    list of PageFigure
        The most telling first.
    list of str
        What could not be drawn although there is a table for it, and why.
    """
    common: dict[str, Any] = {"outcome": outcome, "names": names, "note": note}
    found: list[PageFigure] = []
    lacking: list[str] = []
    label = names.label(outcome)
    for name, draw in _choices(frames, outcome, policies, block, common):
        try:
            figure = draw()
        except InputError as error:
            lacking.append(f"{WHAT[name]} ({label}) is not drawn: {error}.")
            continue
        alt = f"{WHAT[name]}: {label}. {figure.get_suptitle()}".replace("\n", " ")
        file_name = f"{name}_{outcome}".replace("/", "_")
        found.append(PageFigure(file_name, figure, alt, GUIDES[name], heading=label))
    return found, lacking


def draw_emulator(
    predictions: pd.DataFrame, *, names: Names, note: str = ""
) -> tuple[list[PageFigure], list[str]]:
    """Draw the check of the emulator, all outcomes in one figure; nothing without predictions."""
    if predictions.empty:
        return [], []
    name = "emulator_check"
    try:
        figure = emulator_check(predictions, names=names, note=note)
    except InputError as error:
        return [], [f"{WHAT[name]} is not drawn: {error}."]
    alt = f"{WHAT[name]}. {figure.get_suptitle()}".replace("\n", " ")
    return [PageFigure(name, figure, alt, GUIDES[name], heading="The emulator")], []


Choice = tuple[str, Callable[[], Figure]]


def _choices(
    frames: Frames, outcome: str, policies: str | None, block: int | None, common: dict[str, Any]
) -> list[Choice]:
    """List the figures the tables are there for, each as a call still to be made."""
    effects, decisions, settling = (
        frames[key] if _has(frames[key], outcome) else pd.DataFrame()
        for key in ("effects", "decisions", "convergence")
    )
    found: list[Choice] = []
    if "difference" in effects and not np.isfinite(effects["difference"]).any():
        effects = effects.iloc[:0]
    if len(effects) and policies in effects.columns:
        found += _grid_choices(effects, str(policies), common)
    elif len(effects):
        found.append(("tornado_effects", lambda: tornado(effects, **common)))
    if len(decisions):
        found.append(("regret", lambda: regret(decisions, **common)))
    order: list[str] = []
    if _has(frames["indices"], outcome):
        own, order = _index_choices(frames["indices"], outcome, common)
        found += own
    if len(settling) and settling["samples"].nunique() >= LEAST_STEPS:
        found.append(("convergence", lambda: convergence(settling, **common)))
    of_runs = _run_choices(frames["points"], frames["runs"], outcome, order, block, common)
    if len(effects):
        # The differences say it better than scatter; of a grid its levels are worth a look.
        of_runs = [each for each in of_runs if each[0] == "response_surface_pair"]
        of_runs = of_runs if policies in effects.columns else []
    return found + of_runs


def _has(frame: pd.DataFrame, outcome: str) -> bool:
    return "outcome" in frame.columns and outcome in set(frame["outcome"].astype(str))


def _grid_choices(effects: pd.DataFrame, policies: str, common: dict[str, Any]) -> list[Choice]:
    """Give the main figure of a grid, and its lines along the factor with most numbers."""
    found: list[Choice] = [
        ("differences", lambda: differences(effects, policies=policies, **common))
    ]
    scales = {
        name: effects[name].nunique()
        for name in effect_factors(effects)
        if name != policies and is_number(effects[name]) and effects[name].nunique() > 2
    }
    if scales:
        along = max(scales, key=lambda name: scales[name])
        found.append(
            (
                "effect_along",
                lambda: effect_along(effects, policies=policies, along=along, **common),
            )  # fmt: skip
        )
    return found


def _index_choices(
    indices: pd.DataFrame, outcome: str, common: dict[str, Any]
) -> tuple[list[Choice], list[str]]:
    """Give the figures of indices, and factors by importance."""
    given = set(indices.loc[indices["outcome"].astype(str) == outcome, "index"].astype(str))
    found: list[Choice] = []
    if "ST" in given:
        found.append(("sobol_bars", lambda: sobol_bars(indices, **common)))
    else:
        found.append(("tornado", lambda: tornado(indices, **common)))
    if "mu_star" in given and "sigma" in given:
        found.append(("morris_plane", lambda: morris_plane(indices, **common)))
    if "S2" in given:
        found.append(("interaction_heat_map", lambda: interaction_heat_map(indices, **common)))
    ranked = ranking_index(indices, outcome)
    order = list(index_table(indices, outcome, ranked)["factor"]) if ranked else []
    return found, order


def _run_choices(
    points: pd.DataFrame, runs: pd.DataFrame, outcome: str, order: Sequence[str],
    block: int | None, common: dict[str, Any],
) -> list[Choice]:  # fmt: skip
    """Give the figures of the runs themselves, by the most important factors."""
    if points.empty or runs.empty or outcome not in runs.columns:
        return []
    vary = [str(name) for name in points.columns if points[name].astype(str).nunique() > 1]
    first = [name for name in order if name in vary] or _by_spread(points, runs, outcome, vary)
    if not first:
        return []
    found: list[Choice] = [
        (
            "response_surface",
            lambda: response_surface(points, runs, factors=first[:1], block=block, **common),
        )
    ]
    if len(first) > 1:
        found.append(
            ("response_surface_pair",
             lambda: response_surface(points, runs, factors=first[:2], **common))
        )  # fmt: skip
        # The most important next to the outcome, at the foot.
        scales = first[:MOST_SCALES][::-1]
        found.append(
            ("parallel_coordinates",
             lambda: parallel_coordinates(points, runs, order=scales, **common))
        )  # fmt: skip
    return found


def _by_spread(
    points: pd.DataFrame, runs: pd.DataFrame, outcome: str, factors: Sequence[str]
) -> list[str]:
    """Put factors in the order of the spread between the means at their levels, largest first."""
    means = runs.groupby("point")[outcome].mean()
    own = points.loc[means.index]
    spread = {
        name: float(means.groupby(binned(own[name])).transform("mean").var()) for name in factors
    }
    return sorted(factors, key=lambda name: -spread[name])
