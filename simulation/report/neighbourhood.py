"""A neighbourhood plan in a dozen lines, from its tables; no more than their intervals bear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from simulation.config import Config
from simulation.report.interactive.premises import answer_of_jobs, of_gate
from simulation.report.pen import (
    about,
    amount,
    decimal,
    figure,
    in_years,
    listed,
    per_agent,
    percent,
    places_of_all,
    plural,
    same_in_all,
    span,
    with_unit,
)
from simulation.results.sets import LABELS
from simulation.results.verdict import TIE

IN_WORK = "people in work"
UNSURE = "cannot be told from nothing"
MOST_OPTIONS, MOST_GAPS, MOST_GROUPS = 6, 3, 4


def words(name: str) -> str:
    """Return a name as it is read."""
    return IN_WORK if name == "employed" else LABELS.get(name, name.replace("_", " "))


@dataclass(frozen=True)
class Plan:
    """A plan that is to be put into words.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        profile, caseload, gaps, options, mix, path: as in `docs/plan.md`.
    label : str
        What the neighbourhood is called.
    budget : float
        GBP.
    n_seeds : int
        Runs of each option, and of the mix.
    config : Config
        Things as they are.
    """

    tables: Mapping[str, pd.DataFrame]
    label: str
    budget: float
    n_seeds: int
    config: Config

    @property
    def title(self) -> str:
        """What it is about."""
        return f"{self.label}: a plan for {amount(self.budget, 'GBP')}"

    @property
    def period(self) -> str:
        """How long it is, in years."""
        return in_years(self.config.weeks)


def plan_lines(plan: Plan) -> list[str]:
    """Put a plan into lines, its title and what comes of it first."""
    tables, options, mix = plan.tables, plan.tables["options"], plan.tables["mix"]
    size, end = plan.config.people_per_agent, last_day(plan.config)
    assumed = (
        answer_of_jobs(plan.config.closure.response), of_gate(plan.config.gate.works_outside)
    )  # fmt: skip
    lines = [
        plan.title,
        sentence(plan),
        _profile(tables["profile"].set_index("what")),
        _caseload(tables["caseload"]),
        _gaps(tables["gaps"]),
        *(f"  {line}" for line in _options(options, plan.budget)[:MOST_OPTIONS]),
        _apart(options),
        _mix(options, mix),
        _money(options, mix, plan.budget),
        _path(tables["path"]),
        f"assumed: {' '.join(assumed)}".removesuffix("."),
        f"{plural(plan.n_seeds, 'run')} of each option and as many of the mix, on seeds it was not"
        f" chosen on, {plan.config.weeks} weeks to {end:%B %Y}; one agent for {per_agent(size)};"
        " intervals hold 95 times in 100 and are of chance alone; people of one ward are few, so"
        " they are wide",
    ]
    return [line for line in lines if line]


def last_day(config: Config) -> date:
    """Return the last day of a run."""
    return config.start + timedelta(weeks=config.weeks, days=-1)


def sentence(plan: Plan) -> str:
    """Say in one sentence what the money is spent on and what comes of it."""
    row = of_mix(plan.tables["mix"], "here", "work_years")
    names = bought(plan.tables["options"])
    parts = " in equal parts" if len(names) > 1 else ""
    spent = f"{amount(plan.budget, 'GBP')} spent{parts} on {listed(names)}"
    where, low, high = f"the people of {plan.label}", row["low"], row["high"]
    if low != low:
        size = figure(row["estimate"], "years", signed=True)
        return (
            f"{spent} comes to {size} years of work for {where}, and chance cannot be told from"
            " effect"
        )
    if low == high == 0:
        why = same_in_all(plan.config.people_per_agent)
        return f"{spent} changes no year of work of {where} in any run: {why}"
    if row["order"] == TIE:
        return (
            f"whether {spent} brings {where} any work cannot be told:"
            f" {span(low, high, 'years', signed=True)} years of work in {plan.period}"
        )
    verb = "adds" if row["estimate"] > 0 else "costs"
    size = figure(abs(row["estimate"]), "years", within=(low, high))
    least, most = sorted((abs(low), abs(high)))
    ends = span(least, most, "years")
    return f"{spent} {verb} {where} {size} years of work in {plan.period} ({ends})"


def plan_numbers(plan: Plan) -> list[dict[str, str]]:
    """Give the three numbers of a plan: what it brings, what is taken up of it, what is left."""
    tables, end = plan.tables, plan.tables["path"].iloc[-1]
    years = of_mix(tables["mix"], "here", "work_years")
    limits = (years["low"], years["high"])
    points = (end["low"], end["high"])
    unit = "percentage points"
    return [
        {
            "label": f"Years of work there in {plan.period}",
            "value": figure(years["estimate"], "years", within=limits, signed=True),
            "interval": _sure(span(*limits, "years", signed=True), is_sure=years["order"] != TIE),
            "of": "with the plan less as things are",
        },
        {
            "label": "Taken up of the money",
            "value": _pounds(tables["options"]["spent_in_mix_gbp"].sum()),
            "interval": f"of {amount(plan.budget, 'GBP')}",
            "of": listed(bought(tables["options"])),
        },
        {
            "label": f"On out-of-work benefits there in {end['date']:%B %Y}, per 100 residents",
            "value": figure(end["difference"], unit, within=points, signed=True),
            "interval": _sure(
                span(*points, unit, signed=True), is_sure=points[0] > 0 or points[1] < 0
            ),
            "of": f"{decimal(end['with'], 1)} with the plan, {decimal(end['without'], 1)} without",
        },
    ]  # fmt: skip


def _sure(ends: str, *, is_sure: bool) -> str:
    if not ends:
        return "too few seeds: no interval"
    if ends == "0 to 0":
        return "no difference in any run"
    return f"{ends} (95 in 100){'' if is_sure else f'; {UNSURE}'}"


def of_mix(mix: pd.DataFrame, of: str, outcome: str) -> dict[Any, Any]:
    """Return the row of the mix in an outcome of a set."""
    (row,) = mix[(mix["set"] == of) & (mix["outcome"] == outcome)].to_dict("records")
    return row


def bought(options: pd.DataFrame) -> list[str]:
    """Name what the money is spent on."""
    return [words(str(name)) for name in options["option"][options["share_of_mix"] > 0]]


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
        price = f"; {decimal(per, 1, signed=True)} years for each {each}" if per == per else ""
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
    if row["low"] == row["high"] == 0:
        return " (no difference in any run)"
    many = " among so many comparisons" if row["low"] > 0 or row["high"] < 0 else ""
    return f" ({ends}{'' if is_sure else f', {UNSURE}{many}'})"


def _apart(options: pd.DataFrame) -> str:
    first = words(str(options["option"].iloc[0]))
    level = [words(str(name)) for name in options["option"][1:][options["level_with_best"][1:]]]
    if not level:
        return f"{first} is surely the best of these" if len(options) > 1 else ""
    return f"cannot be told from {first}, the most by its mean: {listed(level)}"


def _mix(options: pd.DataFrame, mix: pd.DataFrame) -> str:
    chosen = options[options["share_of_mix"] > 0]
    names = listed(bought(options))
    years = {of: of_mix(mix, of, "work_years") for of in ("here", "all")}
    guess = "" if chosen["sure"].any() else " (a guess: no single one is sure)"
    share = f"{percent(float(chosen['share_of_mix'].iloc[0]))} each" if len(chosen) > 1 else "all"
    here = _change(years["here"], "years of work", " there")
    area = _change(years["all"], "years of work", " in the whole area")
    few = "" if years["here"]["low"] == years["here"]["low"] else " (too few seeds: no interval)"
    return f"the mix: {share} on {names}{guess}: {here}, {area}{few}"


def _money(options: pd.DataFrame, mix: pd.DataFrame, budget: float) -> str:
    """Say what the mix takes up of the money, and what the whole area spends more with it."""
    spent = _pounds(options["spent_in_mix_gbp"].sum())
    change = _change(of_mix(mix, "all", "spend_gbp"), "GBP")
    return (
        f"the mix takes up {spent} of {_pounds(budget)}; all public spending in the whole area,"
        f" what others then spend more or less included: {change}"
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
