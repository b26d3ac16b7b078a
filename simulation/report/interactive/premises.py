"""What an answer rests on, in sentences a mayor reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import pandas as pd

from simulation.config.labour_market import shipped_economy
from simulation.config.programme import NO_SUPPORT
from simulation.report.pen import decimal, listed, places_for, plural
from simulation.results.participants import EVERYBODY, REVIEW, REVIEW_WEEKS

ECONOMIES = {
    "recession_2008": "The economy takes the path it took, through the recession of 2008.",
    "deep": "The recession is half as deep again as that of 2008.",
    "long": "No branch recovers from the recession of 2008 before September 2012.",
    "sharp": "The recession comes within two quarters and is made good in the next 18 months.",
    "steady": "There is no recession: demand stays as it is on the first day.",
}
OWN_ECONOMY = "The economy takes the path of a table of the user's own, {name}."
WORKPLACES = {"closure": "Workplaces close", "opening": "Workplaces open"}
MOST_TOLD = 4
"""Closures, or openings, that are told one by one."""
HIRING = {
    "random": "Employers take any applicant who can do the job.",
    "ranking": "Employers favour applicants who were in work recently.",
    "stigma": "Employers shun applicants who have long been out of work.",
    "screening": "Long spells out of work count against applicants, less where many apply.",
    "stock_flow": "New jobs go to those who wait for them, new seekers to the jobs that wait.",
}
FIXED_JOBS = (
    "How many people firms want follows the economy alone: easier hiring makes no new jobs, so what"
    " one person gains another can lose (closure=fixed_jobs)."
)
FREE_ENTRY = (
    "Firms make jobs until hiring is as hard as it would be without support, so that in the end"
    " nobody loses what another gains (closure=free_entry)."
)
ANSWERING_JOBS = (
    "Where support makes hiring one per cent easier, firms come to want {response:g} per cent more"
    " people; nobody knows how much it really is, and more of a gain is taken from others the less"
    " it is ({name}; compare=closures shows how much hangs on it)."
)
CLOSURES = {0.012: "closure=rationed", 0.1: "closure=wage_curve"}
"""What answers of jobs between none and any are called, where they have a name."""
ASSUMED_SUPPORT = (
    "How far support helps a client is assumed, in the order of reviews of programmes."
)
EVALUATED = "Evaluations of help with looking for work and of training"
FINEST = 1
"""Decimals in which evaluations are told."""
ASSUMED_BUDGETS = "Budgets after 2008/09 are assumed."
BUDGETS = {
    "bcbc": ASSUMED_BUDGETS,
    "tyne_and_wear": "Budgets are those of Birmingham, Coventry and the Black Country for as many"
    " residents, which is an assumption.",
    "two_towns": "Budgets are invented, as the area is.",
}
"""What is said of the budgets that are shipped for an area."""
GENERATED, OF_AREA = "generated", "area"
"""Tables of providers and of streams that are nobody's own."""
OWN_BUDGETS = "Budgets are those of a table of the user's own, {name}."
OWN_PROVIDERS = "Providers are those of a table of the user's own, {name}."
OWN_TYPES = "Providers are generated from a table of types of the user's own, {name}."
ALL_STAY = "Nobody moves house within the area; whoever leaves it is replaced by somebody new."
SOME_MOVE = "Some people of priority wards move away when they find work."
CLOSED_GATE = (
    "Nobody works beyond the edge of the area, and nobody from elsewhere works in it (gate=closed)."
)
OPEN_GATE = (
    "Some residents find work outside the area, and some from outside find it inside (gate=open)."
)
HELD = (
    "The run goes beyond the years of some of its tables, whose nearest values stand for the years"
    " they do not have."
)


def of_helped(effects: pd.DataFrame | None, arm: str, label: str, *, is_evaluated: bool) -> str:
    """Hold what support does for those it takes in against what evaluations found.

    Parameters
    ----------
    effects : DataFrame or None
        arm, group, weeks, effect, low, high (percentage points): `participant_effects`.
    arm, label : str
        Name of an arm, and what it is called.
    is_evaluated : bool
        Whether it buys what was evaluated; what other help does has nothing to be held against.
    """
    if effects is None or effects.empty:
        return ASSUMED_SUPPORT
    own = effects[(effects["arm"] == arm) & (effects["group"] == EVERYBODY)]
    columns = ["weeks", "effect", "low", "high"]
    points = {weeks: point for weeks, *point in own[columns].itertuples(index=False)}
    published = {
        weeks: (min(found), max(found))
        for weeks, *found in zip(REVIEW_WEEKS, *REVIEW.values(), strict=True)
        if weeks in points
    }
    if not any(any(points[weeks]) for weeks in published):
        return ASSUMED_SUPPORT
    parts = [f"{_effect(*points[weeks])} after {weeks} weeks" for weeks in published]
    told = (
        f"{ASSUMED_SUPPORT} Of 100 people out of work whom {label} took in, so many more have work"
        f" than would without it: {listed(parts)}."
    )
    if not is_evaluated:
        return told
    told += f" {EVALUATED} found {listed([_to(*ends) for ends in published.values()])}."
    beyond = {
        "more": [str(weeks) for weeks, (_, most) in published.items() if points[weeks][1] > most],
        "less": [str(weeks) for weeks, (least, _) in published.items() if points[weeks][2] < least],
    }
    for how, weeks in beyond.items():
        if weeks:
            told += f" After {listed(weeks)} weeks that is {how} than was found."
    return told


def _effect(effect: float, low: float, high: float) -> str:
    """Write points with their interval, as precisely as it allows but no finer than evaluations."""
    allowed = places_for(low, high)
    places = FINEST if allowed is None else min(allowed, FINEST)
    ends = f" ({_to(low, high, places)})" if low == low else ""
    return f"{decimal(effect, places)}{ends}"


def _to(low: float, high: float, places: int = FINEST) -> str:
    return f"{decimal(low, places)} to {decimal(high, places)}"


def has_regime(manifest: dict[str, Any], arm: str) -> bool:
    """Say whether support is bought in an arm by a regime, not by interventions alone."""
    (own,) = (each for each in manifest["arms"] if each["name"] == arm)
    return _is_bought(_config(manifest, own))


def with_regime(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the configurations of the arms in which support is bought by a regime."""
    configs = [_config(manifest, each) for each in manifest["arms"]]
    return [config for config in configs if _is_bought(config)]


def _is_bought(config: Mapping[str, Any]) -> bool:
    return bool(config.get("regime", {}).get("name", NO_SUPPORT) != NO_SUPPORT)


def _config(manifest: Mapping[str, Any], arm: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = arm.get("config", manifest.get("config", {}))
    return found


def of_economy(manifest: dict[str, Any]) -> str:
    """Say which path demand takes; nothing where arms differ in it."""
    every = [_config(manifest, each).get("economy", {}) for each in manifest["arms"]]
    files = [each.get("file", "") for each in every]
    if files[0] == "" or any(file != files[0] for file in files):
        return ""
    shipped = shipped_economy(files[0])
    own = OWN_ECONOMY.format(name=str(every[0].get("name", "")).replace("_", " "))
    return ECONOMIES[shipped] if shipped else own


def of_money(manifest: dict[str, Any]) -> list[str]:
    """Say whose budgets and providers the arms have that buy support; nothing where none does."""
    area, lines = PurePath(str(manifest["area"])).name, []
    for config in with_regime(manifest):
        table = config.get("funding", {}).get("table") or OF_AREA
        shipped = area if table == OF_AREA else table.removesuffix(".csv")
        lines.append(BUDGETS.get(shipped) or OWN_BUDGETS.format(name=PurePath(table).name))
        for key, usual, said in (
            ("table", GENERATED, OWN_PROVIDERS), ("types", "types", OWN_TYPES)
        ):  # fmt: skip
            own = config.get("providers", {}).get(key) or usual
            if own != usual:
                lines.append(said.format(name=PurePath(own).name))
                break
    return list(dict.fromkeys(lines))


def assumed(manifest: dict[str, Any], of_support: str, *, has_intervals: bool) -> list[str]:
    """List what the answer rests on, the weightiest first; what arms differ in is no premise.

    Parameters
    ----------
    manifest : dict
    of_support : str
        What is assumed of support; empty where there is none.
    has_intervals : bool
        Whether there are seeds enough to tell chance from effect.
    """
    lines = []
    if of_support:
        lines.append(answer_of_jobs(_shared(manifest, "closure", "response")))
    if manifest.get("held"):
        lines.append(HELD)
    lines.append(of_economy(manifest))
    lines += local_events(manifest)
    lines.append(HIRING.get(str(_shared(manifest, "hiring", "rule")), ""))
    lines.append(of_support)
    lines += of_money(manifest)
    if (moves := _shared(manifest, "people", "p_move_on_hire")) is not None:
        lines.append(SOME_MOVE if moves else ALL_STAY)
    if (outside := _shared(manifest, "gate", "works_outside")) is not None:
        lines.append(of_gate(outside))
    size, n_seeds = manifest["people_per_agent"], len(manifest["seeds"])
    if size > 1:
        lines.append(f"One simulated person stands for {size} people.")
    runs = "One run" if n_seeds == 1 else plural(n_seeds, "run")
    lines.append(
        f"Intervals are of chance in {runs} of each choice, not of these assumptions."
        if has_intervals
        else f"{runs} of each choice: chance cannot be told from effect."
    )
    return [line for line in lines if line]


def local_events(manifest: dict[str, Any]) -> list[str]:
    """Say which workplaces close and open, where arms have that alike."""
    configs = [_config(manifest, each) for each in manifest["arms"]]
    first, *others = [config.get("economy", {}).get("events", []) for config in configs]
    if any(events != first for events in others):
        return []
    told: dict[str, list[str]] = {}
    for each in first:
        day = pd.Timestamp(each["date"])
        told.setdefault(str(each["kind"]), []).append(
            f"{each['jobs']:,} {each['sector']} jobs in {each['ward']} ({day:%B %Y})"
        )
    return [f"{WORKPLACES[kind]}: {listed(jobs, most=MOST_TOLD)}." for kind, jobs in told.items()]


def answer_of_jobs(response: float | None) -> str:
    """Say whether firms want more people where people are easier to find; None is not said."""
    if response is None:
        return ""
    if response == 0.0:
        return FIXED_JOBS
    name = CLOSURES.get(response, f"closure.response={response:g}")
    return (
        FREE_ENTRY if response == math.inf else ANSWERING_JOBS.format(response=response, name=name)
    )


def of_gate(works_outside: float) -> str:
    """Say who works across the edge of the area."""
    return OPEN_GATE if works_outside else CLOSED_GATE


def _shared(manifest: dict[str, Any], *keys: str) -> Any:
    """Return a value of the configuration that all arms have alike, None where they differ."""
    found = []
    for each in manifest["arms"]:
        value: Any = _config(manifest, each)
        for key in keys:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        found.append(value)
    alike = all(value == found[0] for value in found) and isinstance(found[0], str | int | float)
    return found[0] if alike else None
