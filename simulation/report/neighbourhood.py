"""A neighbourhood plan in a dozen lines, from its tables; no more than their intervals bear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from simulation.report.pen import (
    about,
    amount,
    decimal,
    figure,
    listed,
    measured,
    per_agent,
    percent,
    plural,
    span,
)
from simulation.results.sets import LABELS

IN_WORK = "people in work"
MOST_OPTIONS, MOST_GAPS, MOST_GROUPS = 6, 3, 4


def words(name: str) -> str:
    """Return a name as it is read."""
    return IN_WORK if name == "employed" else LABELS.get(name, name.replace("_", " "))


def plan_lines(
    tables: Mapping[str, pd.DataFrame], *, label: str, budget: float, n_seeds: int, size: int
) -> list[str]:
    """Put a plan into lines.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        profile, caseload, gaps, options, mix, path: as in `docs/plan.md`.
    label : str
        What the neighbourhood is called.
    budget : float
        GBP.
    n_seeds, size : int
        Runs of each option, and of the mix; people an agent stands for.
    """
    options = tables["options"]
    lines = [
        f"{label}: a plan for {amount(budget, 'GBP')}",
        _profile(tables["profile"].set_index("what")),
        _caseload(tables["caseload"]),
        _gaps(tables["gaps"]),
        *(_option(row) for row in options[:MOST_OPTIONS].to_dict("records")),
        _apart(options),
        _mix(options, tables["mix"]),
        _path(tables["path"]),
        f"{plural(n_seeds, 'run')} of each option and as many of the mix, on seeds it was not"
        f" chosen on; one agent for {per_agent(size)}; intervals hold 95 times in 100 and are of"
        " chance alone; people of one ward are few, so they are wide",
    ]
    return [line for line in lines if line]


def _profile(profile: pd.DataFrame) -> str:
    rows = profile.to_dict("index")
    claims = rows["on out-of-work benefits (NI 152)"]
    place = rows["place among wards, most claimants first"]
    people = rows["residents of working age"]["here"]
    return (
        f"who lives there: {about(people)} of working age, {decimal(claims['here'], 1)} per cent on"
        f" out-of-work benefits against {decimal(claims['area'], 1)} in the whole area: place"
        f" {decimal(place['here'], 0)} of {decimal(place['area'], 0)} wards"
    )


def _caseload(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    parts = [f"{about(row['people'])} {words(str(row['group']))}"
             for row in table[:MOST_GROUPS].to_dict("records")]  # fmt: skip
    return f"caseload: {about(table['people'].sum())} people out of work; {listed(parts)}"


def _gaps(table: pd.DataFrame) -> str:
    if table.empty:
        return "provision: none as things are"
    need, places = table["need"].sum(), table["places"].sum()
    covered = 1.0 - table["unmet"].sum() / need if need > 0 else 1.0
    parts = [f"{words(str(row['group']))} in {row['stage']} ({about(row['unmet'])} a year)"
             for row in table[table["unmet"] > 0][:MOST_GAPS].to_dict("records")]  # fmt: skip
    gaps = f"; widest gaps: {listed(parts)}" if parts else ""
    return f"provision: {about(places)} starts a year cover {percent(covered)} of need{gaps}"


def _option(row: Mapping[Any, Any]) -> str:
    ends = (row["low"], row["high"])
    years = figure(row["work_years"], "years", within=ends, signed=True)
    sure = "" if row["sure"] else ", cannot be told from nothing"
    per = row["years_per_100000_gbp"]
    price = f"; {decimal(per, 1, signed=True)} for each GBP 100,000 spent" if per == per else ""
    return (
        f"  {words(str(row['option']))}: {years} years of work there"
        f" ({span(*ends, signed=True)}{sure}){price}"
    )


def _apart(options: pd.DataFrame) -> str:
    first = words(str(options["option"].iloc[0]))
    level = [words(str(name)) for name in options["option"][1:][options["level_with_best"][1:]]]
    if not level:
        return f"{first} is surely the best of these" if len(options) > 1 else ""
    return f"cannot be told from {first}, the most by its mean: {listed(level)}"


def _mix(options: pd.DataFrame, mix: pd.DataFrame) -> str:
    chosen = options[options["share_of_mix"] > 0]
    names = listed([words(str(name)) for name in chosen["option"]])
    years = mix[mix["outcome"] == "work_years"].set_index("set").to_dict("index")
    guess = "" if chosen["sure"].any() else " (a guess: no single one is sure)"
    gains = [
        measured(row["estimate"], row["low"], row["high"], signed=True)
        for row in (years["here"], years["all"])
    ]
    share = f"{percent(float(chosen['share_of_mix'].iloc[0]))} each" if len(chosen) > 1 else "all"
    here = years["here"]
    return (
        f"the mix: {share} on {names}{guess}: {gains[0]} years of work there, {gains[1]} in the"
        f" whole area{'' if here['low'] == here['low'] else ' (too few seeds: no interval)'}"
    )


def _path(path: pd.DataFrame) -> str:
    first, last = path.iloc[0], path.iloc[-1]
    ends = (last["low"], last["high"])
    change = figure(last["difference"], "percentage points", within=ends, signed=True)
    unsure = ", cannot be told from nothing" if ends[0] <= 0 <= ends[1] else ""
    limits = f" ({span(*ends, 'percentage points', signed=True)}{unsure})"
    return (
        f"NI 153 there: from {decimal(first['without'], 1)} per cent on benefits in"
        f" {first['date']:%B %Y} to {decimal(last['with'], 1)} in {last['date']:%B %Y} with the"
        f" plan, {decimal(last['without'], 1)} without: {change} points"
        f"{limits if last['low'] == last['low'] else ''}"
    )
