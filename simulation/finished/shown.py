"""A finished run at a glance: a few lines on a terminal, a small table in a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from simulation.categories import AFTER_WEEKS, LEFT
from simulation.config import Config

NO_REGIME = "none"
MOST_NAMED = 3
"""More interventions than that are only counted."""
SHOWN = ("employed", "jsa", "ib_esa", "workless_over_12_months", "vacancies", "hires")
"""Outcomes whose last months a notebook shows."""
LAST_MONTHS = 6


def lost_work_lines(
    lost: pd.DataFrame, wards: pd.DataFrame, config: Config, *, most_named: int = 3
) -> list[str]:
    """Say of each local closure who lost work, where they live and what became of them.

    Parameters
    ----------
    lost : DataFrame
        The frame `lost_work` of a run.
    wards : DataFrame
        code and name.
    config : Config
    most_named : int
        Home wards that are named.
    """
    names = dict(zip(wards["code"].astype(str), wards["name"].astype(str), strict=True))
    size, lines = config.people_per_agent, []
    for _, rows in lost.groupby("event"):
        event, week = int(rows["event"].iloc[0]), int(rows["week"].iloc[0])
        day = config.start + timedelta(weeks=week)
        homes = rows["ward"].astype(str).value_counts().head(most_named)
        homes_text = ", ".join(
            f"{names[str(code)]} {number * size:,}" for code, number in homes.items()
        )
        lines.append(
            f"Closure {event}, week of {_day(day)}: {len(rows) * size:,} people lost work; most"
            f" live in {homes_text}."
        )
        for after in AFTER_WEEKS:
            states = rows[f"state_after_{after}"].dropna().astype(str)
            if states.size:
                shares = 100.0 * states.value_counts() / states.size
                in_work, jsa, left = (shares.get(each, 0.0) for each in ("employed", "jsa", LEFT))
                lines.append(
                    f"  after {after} weeks {in_work:.0f} per cent"
                    f" are in work, {jsa:.0f} claim JSA, {100 - in_work - jsa - left:.0f} do"
                    f" neither, {left:.0f} have left the area or retired"
                )
    return lines


def facts(config: Config, *, seed: int, n_people: int, area_months: pd.DataFrame) -> dict[str, str]:
    """Return what a run is and where it ends, a few words by heading.

    Parameters
    ----------
    config : Config
    seed : int
    n_people : int
        Agents.
    area_months : DataFrame
        The whole area, a row a month, a column an outcome, in people.
    """
    end = config.start + timedelta(weeks=config.weeks, days=-1)
    thinned = config.people_per_agent
    last = area_months.iloc[-1]
    return {
        "run": f"{area_name(config)}, seed {seed}",
        "time": f"{config.weeks} weeks, {_day(config.start)} to {_day(end)}",
        "support": programme_text(config),
        "people": f"{n_people * thinned:,}, one agent for "
        + ("each" if thinned == 1 else f"{thinned} people"),
        "at the end": f"{100 * last['employed'] / last['residents']:.1f} per cent in work,"
        f" {last['jsa']:,.0f} claim JSA,"
        f" {last['workless_over_12_months']:,.0f} unemployed for a year or more",
    }


def area_name(config: Config) -> str:
    """Return the name of the area, of the folder if it is the user's own."""
    return Path(config.area.folder).name if config.area.folder else config.area.name


def programme_text(config: Config) -> str:
    """Say in a few words which regime and interventions there are."""
    names = config.interventions.active_names()
    aid = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} interventions"
    if config.regime.name == NO_REGIME:
        return f"no regime with {aid}" if names else "no support"
    return f"regime {config.regime.name}" + (f" with {aid}" if names else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def as_text(found: Mapping[str, str]) -> str:
    """Lay facts out for a terminal, one a line."""
    width = max(map(len, found)) + 2
    return "\n".join(f"{heading:<{width}}{words}" for heading, words in found.items())


def as_html(found: Mapping[str, str], area_months: pd.DataFrame) -> str:
    """Lay facts and the last months out for a notebook; no style sheet is needed."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{html.escape(heading)}</th>"
        f"<td style='text-align:left'>{html.escape(words)}</td></tr>"
        for heading, words in found.items()
    )
    last = area_months[list(SHOWN)].tail(LAST_MONTHS)
    months = last.set_axis(pd.Index(pd.DatetimeIndex(last.index).strftime("%B %Y")))
    return f"<table>{rows}</table>" + months.to_html(border=0, float_format="{:,.0f}".format)
