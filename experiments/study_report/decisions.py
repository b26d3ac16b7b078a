"""What a grid says of policies over futures, in sentences: where each helps, which to regret."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.study_report.figures.decisions import SURE, compared_policies, least_regret
from experiments.study_report.figures.differences import difference_rows, future_factors, is_clear
from experiments.study_report.figures.marks import by_chance, may_be_chance
from experiments.study_report.figures.names import Names
from experiments.study_report.finding import Finding
from simulation.errors import InputError
from simulation.report.pen import decimal, listed, measured, number, places_for, value_text

LIMITS = ("difference_low", "difference_high")


def difference_findings(
    effects: pd.DataFrame, outcome: str, *, policies: str, names: Names
) -> list[Finding]:
    """Say in how many futures each policy is above or below the baseline, and where signs change.

    Parameters
    ----------
    effects : DataFrame
        One column a factor, and paired differences with limits; may be empty.
    outcome : str
    policies : str
        The factor that is ours to choose.
    names : Names
    """
    if effects.empty or policies not in effects or outcome not in set(effects["outcome"]):
        return []
    try:
        rows = difference_rows(effects, outcome)
    except InputError:
        text = (
            f"No difference in {names.inline(outcome)} could be worked out: the baseline, or every"
            " run, is without it."
        )
        return [Finding(text, False)]
    parts = [own for _, own in rows.groupby(rows[policies].map(value_text), sort=False)]
    found = [_policy_finding(own, outcome, policies, names) for own in parts]
    if may_be_chance(rows, "difference", *LIMITS):
        found = [finding._replace(is_clear=False) for finding in found]
        found += _chance_findings(rows)
    return found + _turning_findings(parts, policies, names)


def _chance_findings(rows: pd.DataFrame) -> list[Finding]:
    """Say that chance may have made the few differences that stand out."""
    n_clear = int(is_clear(rows).sum())
    if not n_clear:
        return []
    text = f"Of all {len(rows)} differences {n_clear} can be told from nothing; chance alone may"
    return [Finding(f"{text} show as many.", False)]


def _policy_finding(rows: pd.DataFrame, outcome: str, policies: str, names: Names) -> Finding:
    """Count the futures of one policy by what can be told."""
    policy = names.label(value_text(rows[policies].iloc[0]))
    label, unit = names.inline(outcome), names.difference_unit(outcome)
    if not rows[["difference", *LIMITS]].to_numpy(np.float64).any():
        text = f"{policy}: {label} is the same as under the baseline in every run."
        return Finding(text, True)
    clear = is_clear(rows)
    ups, downs = rows[clear & (rows["difference"] > 0)], rows[clear & (rows["difference"] < 0)]
    n_rows, n_hidden = len(rows), len(rows) - len(ups) - len(downs)
    if n_hidden == n_rows:
        where = f"any of {n_rows} futures" if n_rows > 1 else "the one future"
        reach = spread_text(rows, *LIMITS, unit=unit)
        text = f"{policy}: no difference in {label} can be told from nothing in {where}; intervals"
        return Finding(f"{text} reach {reach}.", False)
    if n_rows == 1:
        size = measured(*rows[["difference", *LIMITS]].iloc[0], unit=unit, signed=True)
        return Finding(f"{policy}: {label} is {'higher' if len(ups) else 'lower'}: {size}.", True)
    parts = [
        f"{word} in {len(some)}" for word, some in (("higher", ups), ("lower", downs)) if len(some)
    ]
    if n_hidden:
        parts.append(f"not to be told from unchanged in {n_hidden}")
    size = spread_text(rows, "difference", "difference", unit=unit)
    text = f"{policy}: {label} is {', '.join(parts)} of {n_rows} futures; differences {size}"
    if may_be_chance(rows, "difference", *LIMITS):
        return Finding(f"{text} (as chance alone may show).", False)
    return Finding(f"{text}.", True)


def spread_text(
    rows: pd.DataFrame, low: str, high: str, *, limits: Sequence[str] = LIMITS, unit: str
) -> str:
    """Write from where to where numbers reach, no more precisely than most intervals.

    Parameters
    ----------
    rows : DataFrame
    low, high : str
        Columns whose least and whose greatest value are written.
    limits : sequence of str
        Columns of the interval of each row.
    unit : str
    """
    places = places_for(0.0, float((rows[limits[1]] - rows[limits[0]]).median()))
    ends = [
        number(end, signed=True) if places is None else decimal(end, places, signed=True)
        for end in (float(rows[low].min()), float(rows[high].max()))
    ]
    return f"from {ends[0]} to {ends[1]} {unit}".strip()


def _turning_findings(parts: Sequence[pd.DataFrame], policies: str, names: Names) -> list[Finding]:
    """Say where the sign of a difference changes, policies with the same answer together."""
    answers: dict[str, list[str]] = {}
    for rows in parts:
        clear = is_clear(rows)
        ups, downs = rows[clear & (rows["difference"] > 0)], rows[clear & (rows["difference"] < 0)]
        if len(ups) and len(downs):
            answer = _turning(rows, ups, downs, policies, names)
            answers.setdefault(answer, []).append(names.label(value_text(rows[policies].iloc[0])))
    return [
        Finding(
            f"The sign of the difference changes under {listed(who)}: {answer}.", True
        )  # fmt: skip
        for answer, who in answers.items()
    ]


def _turning(
    rows: pd.DataFrame, ups: pd.DataFrame, downs: pd.DataFrame, policies: str, names: Names
) -> str:
    """Find the factor whose levels part the futures where it is higher from where it is lower."""
    factors = future_factors(rows, policies)
    for factor in factors:
        above, below = (list(dict.fromkeys(some[factor].map(value_text))) for some in (ups, downs))
        if not set(above) & set(below):
            name = names.label(factor)
            return f"with {name} {listed(above)} it can be higher, with {listed(below)} lower"
    fixed = [factor for factor in factors if downs[factor].astype(str).nunique() == 1]
    if not fixed:
        return "from future to future, and no single factor parts the two"
    text = listed([f"{names.label(f)} is {value_text(downs[f].iloc[0])}" for f in fixed])
    same = np.logical_and.reduce(
        [(ups[f].astype(str) == str(downs[f].iloc[0])).to_numpy() for f in fixed]
    )
    n_all, n_up = len(downs), int(same.sum())
    where = "the one future" if n_all == 1 else f"each of the {n_all} futures"
    rest = f"; but it is higher in {n_up} others of that kind" if n_up else "; there never higher"
    return f"in {where} where it is lower, {text}{rest}"


def decision_findings(decisions: pd.DataFrame, outcome: str, *, names: Names) -> list[Finding]:
    """Say which policy is best in how many futures, and which leaves least to regret.

    Parameters
    ----------
    decisions : DataFrame
        One row a policy and outcome; may be empty.
    outcome : str
    names : Names
    """
    if decisions.empty or outcome not in set(decisions["outcome"].astype(str)):
        return []
    try:
        rows = compared_policies(decisions, outcome)
    except InputError:
        return [Finding(f"No policy could be compared by {names.inline(outcome)}.", False)]
    n_futures = int(rows["n_futures"].iloc[0])
    if not rows["largest_regret"].to_numpy(np.float64).any():
        who = listed([names.label(str(name)) for name in rows["policy"]])
        text = f"By {names.inline(outcome)} there is nothing to choose: all do alike ({who})."
        return [Finding(text if len(rows) > 1 else f"Only {who} could be compared.", True)]
    found = [_most_often(rows, n_futures, outcome, names), _least_regret(rows, outcome, names)]
    worst = rows.iloc[-1]
    if len(rows) > 2 and worst["largest_regret"] > rows["largest_regret"].iloc[0]:
        found.append(
            Finding(
                f"Most to regret at worst: {names.label(str(worst['policy']))},"
                f" {_regret(worst, outcome, names)}.",
                _is_above_luck(worst),
            )  # fmt: skip
        )
    return found


def _most_often(rows: pd.DataFrame, n_futures: int, outcome: str, names: Names) -> Finding:
    """Name the policies that do best most often, with the futures where they may be the best."""
    most = rows["best"].max()
    first = rows[rows["best"] == most]
    who = listed([names.label(str(name)) for name in first["policy"]])
    better = str(rows["better"].iloc[0]) if "better" in rows else ""
    sense = f" ({better} is better)" if better in ("higher", "lower") else ""
    start = f"{names.label(outcome)}{sense}: "
    be, each = ("does", "") if len(first) == 1 else ("do", " each")
    where = f"{int(most)} of {n_futures} futures"
    n_all = n_futures * len(rows)
    n_behind = n_all - float(rows["best_or_tied"].astype(np.float64).sum(skipna=False))
    if len(rows) > 1 and n_behind <= by_chance(n_all):
        text = "no policy can be told apart from the best in any future"
        if n_behind:
            text = (
                f"policies can hardly be told apart: of {n_all} cases, each a policy in a future,"
                f" {n_behind:.0f} clearly behind the best, which chance alone may show"
            )
        text = f"{start}{text}; in these runs {who} {be} best in {where}{each}."
        return Finding(text, False)
    text = f"{start}{who} {be} best in {where}{each}"
    tied = first["best_or_tied"].astype(np.float64)
    if np.isfinite(tied).all():
        counts = listed([str(int(n)) for n in dict.fromkeys(tied)])
        text += f" and cannot be told apart from the best in {counts}"
    others = rows.drop(first.index)
    behind = others[others["best_or_tied"].astype(np.float64) == n_futures]
    if len(behind):
        whom = listed([names.label(str(name)) for name in behind["policy"]])
        text += f"; nor can {whom}, in any future"
    return Finding(f"{text}.", bool(most > 0) and behind.empty)


def _least_regret(rows: pd.DataFrame, outcome: str, names: Names) -> Finding:
    """Name the policies whose largest regret is least, and how sure that is."""
    first, share = least_regret(rows)
    who = listed([names.label(str(name)) for name in first["policy"]])
    is_sure = len(first) < len(rows) and not share < SURE
    start = "Least to regret at worst" + ("" if is_sure else ", though not for certain")
    text = f"{start}: {who}, {_regret(first.iloc[0], outcome, names)}"
    if np.isfinite(share):
        often = f"about {100 * share:.0f} times in a hundred" if share < 0.995 else "nearly always"
        text += f"; with other seeds it would be so {often}"
    return Finding(f"{text}.", is_sure)


def _regret(row: pd.Series, outcome: str, names: Names) -> str:
    """Write a largest regret with what is known of it."""
    low, high = (float(row.get(f"largest_regret_{end}", np.nan)) for end in ("low", "high"))
    unit = names.difference_unit(outcome)
    text = f"{measured(row['largest_regret'], low, high, unit=unit)} behind the best"
    where = str(row.get("largest_regret_in", "") or "")
    text += f", where {where}" if where else ""
    floor = row.get("largest_regret_floor", np.nan)
    if np.isfinite(floor):
        text += f" (luck alone would show {number(floor, figures=2)})"
    return text


def _is_above_luck(row: pd.Series) -> bool:
    floor = row.get("largest_regret_floor", np.nan)
    low = row.get("largest_regret_low", np.nan)
    return bool(np.isfinite(low) and low > (floor if np.isfinite(floor) else 0.0))
