"""What an answer rests on, in sentences a mayor reads."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from simulation.report.pen import decimal, listed, plural
from simulation.results.participants import EVERYBODY, REVIEW, REVIEW_WEEKS

ECONOMIES = {
    "recession_2008": "The economy takes the path it took, through the recession of 2008.",
    "deep": "The recession is half as deep again as that of 2008.",
    "long": "No branch recovers from the recession of 2008 before September 2012.",
    "sharp": "The recession comes within two quarters and is made good in the next 18 months.",
    "steady": "There is no recession: demand stays as it is on the first day.",
}
HIRING = {
    "random": "Employers take any applicant who can do the job.",
    "ranking": "Employers favour applicants who were in work recently.",
    "stigma": "Employers shun applicants who have long been out of work.",
    "screening": "Long spells out of work count against applicants, less where many apply.",
    "stock_flow": "New jobs go to those who wait for them, new seekers to the jobs that wait.",
}
FIXED_JOBS = (
    "How many people firms want follows the economy alone: easier hiring makes no new jobs, so what"
    " one person gains another can lose."
)
FREE_ENTRY = (
    "Firms make jobs until hiring is as hard as it would be without support, so that in the end"
    " nobody loses what another gains."
)
ANSWERING_JOBS = (
    "Where support makes hiring one per cent easier, firms come to want {response:g} per cent more"
    " people; nobody knows how much it really is, and more of a gain is taken from others the less"
    " it is (compare=closures shows how much hangs on it)."
)
ASSUMED_SUPPORT = (
    "How far support helps a client is assumed, in the order of reviews of programmes."
)
ASSUMED_BUDGETS = "Budgets after 2008/09 are assumed."
ALL_STAY = "Nobody moves house within the area; whoever leaves it is replaced by somebody new."
SOME_MOVE = "Some people of priority wards move away when they find work."
CLOSED_GATE = "Nobody works beyond the edge of the area, and nobody from elsewhere works in it."
OPEN_GATE = "Some residents find work outside the area, and some from outside find it inside."
HELD = (
    "The run goes beyond the years of some of its tables, whose nearest values stand for the years"
    " they do not have."
)


def of_helped(effects: pd.DataFrame | None, arm: str, label: str) -> str:
    """Hold what support does for those it takes in against what evaluations found.

    Parameters
    ----------
    effects : DataFrame or None
        arm, group, weeks, effect (percentage points): `participant_effects`.
    arm, label : str
        Name of an arm, and what it is called.
    """
    if effects is None or effects.empty:
        return ASSUMED_SUPPORT
    own = effects[(effects["arm"] == arm) & (effects["group"] == EVERYBODY)]
    points = own.set_index("weeks")["effect"].round(1)
    parts: list[str] = []
    beyond: dict[str, list[str]] = {"more": [], "less": []}
    for weeks, *published in zip(REVIEW_WEEKS, *REVIEW.values(), strict=True):
        if weeks not in points.index:
            continue
        effect, low, high = float(points[weeks]), min(published), max(published)
        limits = f"{decimal(low, 1)} to {decimal(high, 1)}"
        parts.append(f"{decimal(effect, 1)} after {weeks} weeks (evaluations found {limits})")
        if not low <= effect <= high:
            beyond["more" if effect > high else "less"].append(str(weeks))
    if not parts:
        return ASSUMED_SUPPORT
    told = (
        f"{ASSUMED_SUPPORT} Of 100 people out of work whom {label} took in, so many more have work"
        f" than would without it: {listed(parts)}."
    )
    for how, weeks in beyond.items():
        if weeks:
            told += f" After {listed(weeks)} weeks that is {how} than was found."
    return told


def assumed(manifest: dict[str, Any], of_support: str) -> list[str]:
    """List what the answer rests on, the weightiest first; what arms differ in is no premise.

    Parameters
    ----------
    manifest : dict
    of_support : str
        What is assumed of support; empty where there is none.
    """
    lines = []
    if of_support:
        lines.append(answer_of_jobs(_shared(manifest, "closure", "response")))
    if manifest.get("held"):
        lines.append(HELD)
    lines.append(ECONOMIES.get(str(_shared(manifest, "economy", "name")), ""))
    lines.append(HIRING.get(str(_shared(manifest, "hiring", "rule")), ""))
    if of_support:
        lines += [of_support, ASSUMED_BUDGETS]
    if (moves := _shared(manifest, "people", "p_move_on_hire")) is not None:
        lines.append(SOME_MOVE if moves else ALL_STAY)
    if (outside := _shared(manifest, "gate", "works_outside")) is not None:
        lines.append(OPEN_GATE if outside else CLOSED_GATE)
    size, n_seeds = manifest["people_per_agent"], len(manifest["seeds"])
    if size > 1:
        lines.append(f"One simulated person stands for {size} people.")
    lines.append(
        f"Intervals are of chance in {plural(n_seeds, 'run')} of each choice, not of these"
        " assumptions."
        if n_seeds > 1
        else "One run of each choice: chance cannot be told from effect."
    )
    return [line for line in lines if line]


def answer_of_jobs(response: float | None) -> str:
    """Say whether firms want more people where people are easier to find; None is not said."""
    if response is None:
        return ""
    if response == 0.0:
        return FIXED_JOBS
    return FREE_ENTRY if response == math.inf else ANSWERING_JOBS.format(response=response)


def _shared(manifest: dict[str, Any], *keys: str) -> Any:
    """Return a value of the configuration that all arms have alike, None where they differ."""
    found = []
    for each in manifest["arms"]:
        value = each.get("config", manifest.get("config", {}))
        for key in keys:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        found.append(value)
    alike = all(value == found[0] for value in found) and isinstance(found[0], str | int | float)
    return found[0] if alike else None
