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
    per_agent,
    percent,
    places_of_all,
    plural,
    span,
    with_unit,
)
from simulation.results.sets import LABELS
from simulation.results.verdict import TIE

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
    options, mix = tables["options"], tables["mix"]
    lines = [
        f"{label}: a plan for {amount(budget, 'GBP')}",
        _profile(tables["profile"].set_index("what")),
        _caseload(tables["caseload"]),
        _gaps(tables["gaps"]),
        *(f"  {line}" for line in _options(options, budget)[:MOST_OPTIONS]),
        _apart(options),
        _mix(options, mix),
        _money(options, mix, budget),
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
    some = ", among them" if len(table) > len(parts) else ":"
    return f"caseload: {about(table['people'].sum())} people out of work{some} {listed(parts)}"


def _gaps(table: pd.DataFrame) -> str:
    if table.empty:
        return "provision: none as things are"
    need, places = table["need"].sum(), table["places"].sum()
    covered = 1.0 - table["unmet"].sum() / need if need > 0 else 1.0
    widest = table[table["unmet"] > 0][:MOST_GAPS].to_dict("records")
    parts = [f"{words(row['stage'])} for {words(row['group'])} ({about(row['unmet'])} a year)"
             for row in widest]  # fmt: skip
    gaps = f"; widest gaps: {listed(parts)}" if parts else ""
    return f"provision: {about(places)} starts a year cover {percent(covered)} of need{gaps}"


def years_of_options(options: pd.DataFrame) -> list[tuple[str, str]]:
    """Write years of work and their intervals, all options alike, so that their order shows.

    To tenths at most, whatever little an option does.
    """
    columns = [options[name].to_numpy() for name in ("work_years", "low", "high")]
    places = min(places_of_all(*columns), 1)
    return [
        (decimal(years, places, signed=True),
         " to ".join(decimal(end, places, signed=True) for end in ends if end == end))
        for years, *ends in zip(*columns, strict=True)
    ]  # fmt: skip


def _options(options: pd.DataFrame, budget: float) -> list[str]:
    lines = []
    for row, (years, ends) in zip(
        options.to_dict("records"), years_of_options(options), strict=True
    ):
        per = row["years_per_100000_gbp"]
        each = amount(100_000.0, "GBP")
        price = f"; {decimal(per, 1, signed=True)} for each {each}" if per == per else ""
        limits = _limits(ends, row, is_sure=row["sure"])
        lines.append(
            f"{words(str(row['option']))}: {years} years of work there{limits};"
            f" {_pounds(row['spent_gbp'])} of {_pounds(budget)} spent{price}"
        )
    return lines


def _pounds(value: float) -> str:
    return with_unit(about(value), "GBP")


def _limits(ends: str, row: Mapping[Any, Any], *, is_sure: bool) -> str:
    """Write an interval, and whether it leaves nothing out; no interval without one."""
    if not ends:
        return ""
    many = " among so many comparisons" if row["low"] > 0 or row["high"] < 0 else ""
    return f" ({ends}{'' if is_sure else f', cannot be told from nothing{many}'})"


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
    share = f"{percent(float(chosen['share_of_mix'].iloc[0]))} each" if len(chosen) > 1 else "all"
    here = _change(years["here"], "years of work", " there")
    area = _change(years["all"], "years of work", " in the whole area")
    few = "" if years["here"]["low"] == years["here"]["low"] else " (too few seeds: no interval)"
    return f"the mix: {share} on {names}{guess}: {here}, {area}{few}"


def _money(options: pd.DataFrame, mix: pd.DataFrame, budget: float) -> str:
    """Say what the mix takes up of the money, and what the whole area spends more with it."""
    rows = mix[(mix["outcome"] == "spend_gbp") & (mix["set"] == "all")].to_dict("records")
    spent = _pounds(options["spent_in_mix_gbp"].sum())
    return (
        f"the mix takes up {spent} of {_pounds(budget)}; all public spending in the whole area,"
        f" what others then spend more or less included: {_change(rows[0], 'GBP')}"
    )


def _change(row: Mapping[Any, Any], unit: str, where: str = "") -> str:
    ends = (row["low"], row["high"])
    size = amount(row["estimate"], unit, within=ends, signed=True)
    limits = span(*ends, unit, signed=True)
    return f"{size}{where}{_limits(limits, row, is_sure=row['order'] != TIE)}"


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
