"""The first screen of the page, in words a mayor reads: question, answer, three numbers, premises.

Every sentence follows from the frames or the configuration, or is not there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.report.inputs import Inputs
from simulation.report.interactive.sums import area_values
from simulation.report.labels import REGIMES, area_label, arm_label
from simulation.report.pen import amount, decimal, figure, listed, percent, plural, span
from simulation.results.dose import hardly_happened
from simulation.results.paired import mean_interval
from simulation.results.participants import EVERYBODY, REVIEW, REVIEW_WEEKS
from simulation.results.unit_costs import ratio_interval

ECONOMIES = {
    "recession_2008": "The economy takes the path it took, through the recession of 2008.",
    "deep": "The recession is half as deep again as that of 2008.",
    "long": "No branch recovers from the recession of 2008 before September 2012.",
    "sharp": "The recession comes within two quarters and is made good in the next 18 months.",
    "steady": "There is no recession: demand stays as it is on the first day.",
}
HIRING = {
    "random": "Employers take any applicant who can do the job.",
    "ranking": "Employers take first whoever was in work most recently.",
    "stigma": "Employers shun applicants who have long been out of work.",
    "screening": "Employers look at some applicants only, and take the best of them.",
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
HELD = (
    "The run goes beyond the years of some of its tables, whose nearest values stand for the years"
    " they do not have."
)
LONG = 40
"""Characters of a name above which it is not put into the question twice."""


class Told(NamedTuple):
    """A figure with its interval; limits are NaN for one seed."""

    mean: float
    low: float
    high: float
    holds: bool = True
    """Whether it would hold among all comparisons that were looked at."""

    @property
    def has_interval(self) -> bool:
        """Whether chance can be told from effect."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def is_clear_alone(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.has_interval and bool(self.low > 0 or self.high < 0)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves nought out, and would among all comparisons."""
        return self.is_clear_alone and self.holds


class Found:
    """Differences between any two arms over the whole period, and what they cost.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (arms, seeds)
        What each run brought.
    arms : sequence of str
        The baseline first.
    verdict : DataFrame
        As `simulation.results.verdict.verdict` gives it; where it is empty, each difference is
        looked at by itself.
    """

    def __init__(
        self,
        values: dict[str, NDArray[np.float64]],
        arms: Sequence[str],
        verdict: pd.DataFrame | None = None,
    ) -> None:
        self.values, self.arms = values, list(arms)
        self.rows: dict[tuple[str, str, str], Mapping[Any, Any]] = {}
        if verdict is not None and len(verdict):
            of_all = verdict[verdict["set"] == "all"].to_dict("records")
            self.rows = {(row["outcome"], row["arm"], row["against"]): row for row in of_all}

    def told(self, outcome: str, arm: int, against: int = 0) -> Told:
        """Compare two arms, by their numbers."""
        names = self.arms[arm], self.arms[against]
        row = self.rows.get((outcome, *names))
        if row is not None:
            return Told(row["estimate"], row["low"], row["high"], row["order"] in ("more", "less"))
        row = self.rows.get((outcome, *names[::-1]))
        if row is not None:
            holds = row["order"] in ("more", "less")
            return Told(-row["estimate"], -row["high"], -row["low"], holds)
        own = self.values[outcome]
        mean, low, high = mean_interval(own[arm] - own[against])
        return Told(float(mean), float(low), float(high))

    def cost(self, arm: int) -> Told | None:
        """Divide what an arm cost more by the years of work it added; None if it cost nothing."""
        spend = self.values.get("spend_gbp")
        if spend is None:
            return None
        more = np.nan_to_num(spend[arm]) - np.nan_to_num(spend[0])
        if not more.any():
            return None
        row = self.rows.get(("cost_per_year_gbp", self.arms[arm], self.arms[0]))
        if row is not None:
            return Told(row["estimate"], row["low"], row["high"])
        years = self.values["work_years"]
        ratio = ratio_interval(more, years[arm] - years[0])
        return Told(ratio.value, ratio.low, ratio.high)

    def best(self, hardly: Sequence[str] = ()) -> int:
        """Return the arm, other than the baseline, with most years of work; the only one there is.

        Parameters
        ----------
        hardly : sequence of str
            Arms that hardly happened, which are not ranked if there are others.
        """
        others = [n for n in range(1, len(self.arms)) if self.arms[n] not in hardly]
        others = others or list(range(1, len(self.arms)))
        return max(others, key=lambda n: self.told("work_years", n).mean, default=0)


def first_screen(inputs: Inputs, arms: Sequence[str]) -> dict[str, Any]:
    """Write the first screen.

    Parameters
    ----------
    inputs : Inputs
    arms : sequence of str
        The baseline first.

    Returns
    -------
    dict
        kicker, title, answer (sentences), numbers (three of label, value, interval), best (name of
        the arm they are of), moved and assumed (sentences).
    """
    manifest = inputs.manifest
    words = {each["name"]: arm_label(each["name"], each["overrides"]) for each in manifest["arms"]}
    labels = [words[name] for name in arms]
    values = area_values(inputs, arms)
    is_supported = supported(values, len(arms))
    place = area_label(manifest["area"])
    found = Found(values, arms, inputs.verdict)
    hardly = hardly_happened(inputs.dose) if len(inputs.dose) else []
    best = found.best(hardly)
    of_support = of_helped(inputs.support.participant_effects, arms[best], labels[best])
    return {
        "kicker": f"{place} \u00b7 {_years(manifest)} \u00b7 simulated",
        "title": question(labels, is_supported, place, arms),
        "answer": answer(found, labels, is_supported, best, weeks=manifest["weeks"]),
        "numbers": numbers(found, labels, best, weeks=manifest["weeks"]),
        "best": arms[best],
        "moved": of_dose(inputs.dose, words, hardly),
        "assumed": assumed(manifest, of_support if any(is_supported) else ""),
    }


def of_dose(dose: pd.DataFrame, words: Mapping[str, str], hardly: Sequence[str]) -> list[str]:
    """Say how much each regime moved, and that those which hardly happened are not ranked.

    Parameters
    ----------
    dose : DataFrame
        arm, against, what, share; may be empty.
    words : mapping of str to str
        What each arm is called.
    hardly : sequence of str
        Arms that hardly happened.
    """
    if dose.empty:
        return []
    moved = {
        str(arm): listed(
            [
                f"{percent(share)} of the {what}"
                for what, share in zip(own["what"], own["share"], strict=True)
            ]
        )
        for arm, own in dose.groupby("arm", sort=False)
    }
    parts = {
        f"Moved against {words[str(dose['against'].iloc[0])]}": [
            a for a in moved if a not in hardly
        ],
        "Hardly happened, so not ranked": [a for a in moved if a in hardly],
    }
    return [
        f"{start}: {'; '.join(f'{words[arm]} {moved[arm]}' for arm in arms)}."
        for start, arms in parts.items()
        if arms
    ]


def _years(manifest: dict[str, Any]) -> str:
    start = pd.Timestamp(manifest["start"])
    end = start + pd.Timedelta(weeks=manifest["weeks"], days=-1)
    return str(start.year) if end.year == start.year else f"{start.year} to {end.year}"


def supported(values: dict[str, NDArray[np.float64]], n_arms: int) -> list[bool]:
    """Say of each arm whether money was spent on support in it."""
    spend = values.get("spend_gbp")
    if spend is None:
        return [False] * n_arms
    return [bool(own.any()) for own in np.nan_to_num(spend) > 0]


def question(
    labels: Sequence[str], is_supported: Sequence[bool], place: str, arms: Sequence[str]
) -> str:
    """Put into a question what was compared."""
    helped = [label for label, is_one in zip(labels, is_supported, strict=True) if is_one]
    others = [label for label in labels if label not in helped]
    if len(helped) > 1 and len(others) < 2:
        are_regimes = {*labels} <= {*REGIMES.values()}
        what = "way of buying support" if are_regimes else f"of {len(helped)} choices"
        return f"Which {what} brings most work to {place}?"
    if len(helped) == 1 and len(others) == 1:
        return f"What does {helped[0]} bring {place}?"
    if len(labels) == 1:
        return f"What happens in {place} with {labels[0]}?"
    if sum(map(len, labels)) > LONG * 3:
        return f"How do {len(labels)} assumptions differ in {place}?"
    return f"How do {listed(labels)} differ in {place}?"


def answer(
    found: Found,
    labels: Sequence[str],
    is_supported: Sequence[bool],
    best: int,
    *,
    weeks: int,
) -> list[str]:
    """Say what the runs answer, in a sentence or two; nothing an interval leaves open."""
    if len(labels) == 1:
        mean = float(found.values["work_years"][0].mean())
        return [f"{_capital(labels[0])}: {figure(mean, 'people')} years of work in {_long(weeks)}."]
    gain = found.told("work_years", best)
    name, base = _capital(labels[best]), labels[0]
    if not gain.has_interval:
        return [
            f"There is one pair of runs: {name} comes to {figure(gain.mean, 'people', signed=True)}"
            f" years of work against {base}, and chance cannot be told from effect."
        ]
    if gain.is_clear_alone and not gain.is_clear:
        return [
            f"{name}, looked at alone, comes to"
            f" {span(gain.low, gain.high, 'people', signed=True)} years of work in"
            f" {_long(weeks)} against {base}; among so many comparisons that is not sure yet, and"
            " more runs would tell."
        ]
    if not gain.is_clear:
        start = name if len(labels) == 2 else f"Even {labels[best]}, the most by its mean,"
        return [
            f"{start} cannot be told from {base}:"
            f" {span(gain.low, gain.high, 'people', signed=True)} years of work in {_long(weeks)}."
        ]
    low, high = sorted((abs(gain.low), abs(gain.high)))
    size = figure(abs(gain.mean), "people", within=(low, high))
    verb = "adds" if gain.mean > 0 else "costs"
    cost = found.cost(best) if is_supported[best] else None
    price = "" if cost is None or not cost.is_clear else f", at {_pounds(cost)} each"
    ends = span(low, high, "people")
    lines = [f"{name} {verb} {size} years of work in {_long(weeks)} ({ends}){price}."]
    others = [arm for arm in range(1, len(labels)) if arm != best]
    against = {arm: found.told("work_years", best, arm) for arm in others}
    beaten = [labels[arm] for arm in others if against[arm].is_clear and against[arm].low > 0]
    level = [labels[arm] for arm in others if labels[arm] not in beaten]
    if level:
        lines.append(f"It cannot be told from {listed(level)}.")
    if beaten:
        lines.append(f"It {'also ' if level else ''}beats {listed(beaten)}.")
    return [*lines, left(found.told("work_end", best))]


def left(end: Told) -> str:
    """Say what is left of a gain on the last day."""
    if not end.is_clear:
        return "Whether anything is left of it on the last day cannot be told."
    size = figure(abs(end.mean), "people", within=(end.low, end.high))
    word = "more" if end.mean > 0 else "fewer"
    return f"On the last day {size} {word} people are in work."


def numbers(found: Found, labels: Sequence[str], best: int, *, weeks: int) -> list[dict[str, str]]:
    """Give the three numbers of the best arm: what it brings, what that costs, what is left."""
    if len(labels) == 1:
        return []
    against = f"{labels[best]} less {labels[0]}"
    cost = found.cost(best)
    if cost is None:
        claims = found.told("claimant_years", best)
        second = _number("Years on out-of-work benefits", claims, "people", against)
    else:
        second = _number("Cost of an additional year of work", cost, "GBP", labels[best])
        if not cost.has_interval:
            least = f"{_pounds(Told(cost.low, cost.low, cost.low))} or more"
            second["value"] = least if np.isfinite(cost.low) else "not known"
            second["interval"] = "no upper limit: the years added may be none"
    return [
        _number(f"Years of work in {_long(weeks)}", found.told("work_years", best), "people",
                against),
        second,
        _number("People in work on the last day", found.told("work_end", best), "people",
                against),
    ]  # fmt: skip


def _number(label: str, each: Told, unit: str, of: str) -> dict[str, str]:
    is_money = unit == "GBP"
    write = amount if is_money else figure
    value = write(each.mean, unit, within=(each.low, each.high), signed=not is_money)
    ends = span(each.low, each.high, unit, signed=not is_money) if each.has_interval else ""
    sure = f"{ends} (95 in 100)" if ends else "one pair of runs: no interval"
    if each.is_clear_alone and not each.is_clear:
        sure += "; not sure among so many comparisons"
    elif each.has_interval and not each.is_clear:
        sure += "; cannot be told from nought"
    return {"label": label, "value": value, "interval": sure, "of": of}


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
    lines.append("Nobody moves house or commutes beyond the area because of it.")
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


def _pounds(cost: Told) -> str:
    return amount(cost.mean, "GBP", within=(cost.low, cost.high))


def _long(weeks: int) -> str:
    """Write a length of weeks in years where it is about some."""
    years = weeks / 52
    if abs(years - round(years)) < 0.05 and round(years) >= 1:
        return plural(round(years), "year")
    return f"{years:.1f} years" if years > 1.5 else plural(weeks, "week")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
