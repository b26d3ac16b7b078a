"""What a grid says of policies over futures, in sentences: where each helps, which to regret."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.study_figures.decisions import compared_policies
from experiments.study_figures.differences import difference_rows, future_factors, is_clear
from experiments.study_figures.names import Names, level, number
from experiments.study_page.wording import Finding, listed
from simulation.errors import InputError

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
        return [Finding(f"No difference in {names.inline(outcome)} could be worked out.", False)]
    parts = [own for _, own in rows.groupby(rows[policies].map(level), sort=False)]
    found = [_policy_finding(own, outcome, policies, names) for own in parts]
    return found + _turning_findings(parts, policies, names)


def _policy_finding(rows: pd.DataFrame, outcome: str, policies: str, names: Names) -> Finding:
    """Count the futures of one policy by what can be told."""
    clear = is_clear(rows)
    ups, downs = rows[clear & (rows["difference"] > 0)], rows[clear & (rows["difference"] < 0)]
    n_hidden = len(rows) - len(ups) - len(downs)
    policy = names.label(level(rows[policies].iloc[0]))
    label, unit = names.inline(outcome), names.difference_unit(outcome)
    ends = [number(float(end), signed=True) for end in
            (rows["difference"].min(), rows["difference"].max())]  # fmt: skip
    spread = f"from {ends[0]} to {ends[1]}" if len(rows) > 1 else ends[0]
    size = f"{spread} {unit}".strip()
    if not rows[["difference", *LIMITS]].to_numpy(np.float64).any():
        text = f"{policy}: {label} is the same as under the baseline in every run."
        return Finding(text, True)
    where = f"{len(rows)} futures" if len(rows) > 1 else "the one future"
    if not len(ups) and not len(downs):
        text = f"{policy}: no difference in {label} can be told from nothing in {where}: {size}."
        return Finding(text, False)
    parts = [
        f"{word} in {len(some)}" for word, some in (("higher", ups), ("lower", downs)) if len(some)
    ]
    if n_hidden:
        parts.append(f"not to be told from nothing in {n_hidden}")
    text = f"{policy}: of {where}, {label} is {', '.join(parts)}: {size}, the mean of each future."
    if len(rows) == 1:
        low, high = (number(float(rows[name].iloc[0]), signed=True) for name in LIMITS)
        text = (
            f"{policy}: {label} is {'higher' if len(ups) else 'lower'}: {size} ({low} to {high})."
        )
    return Finding(text, True)


def _turning_findings(parts: Sequence[pd.DataFrame], policies: str, names: Names) -> list[Finding]:
    """Say where the sign of a difference changes, policies with the same answer together."""
    answers: dict[str, list[str]] = {}
    for rows in parts:
        clear = is_clear(rows)
        ups, downs = rows[clear & (rows["difference"] > 0)], rows[clear & (rows["difference"] < 0)]
        if len(ups) and len(downs):
            answer = _turning(rows, ups, downs, policies, names)
            answers.setdefault(answer, []).append(names.label(level(rows[policies].iloc[0])))
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
        above, below = (list(dict.fromkeys(some[factor].map(level))) for some in (ups, downs))
        if not set(above) & set(below):
            name = names.label(factor)
            return f"with {name} {listed(above)} it can be higher, with {listed(below)} lower"
    fixed = [factor for factor in factors if downs[factor].astype(str).nunique() == 1]
    if not fixed:
        return "from future to future, and no single factor parts the two"
    text = listed([f"{names.label(f)} is {level(downs[f].iloc[0])}" for f in fixed])
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
    """Name the policies that are best most often, with the futures where they may be."""
    most = rows["best"].max()
    first = rows[rows["best"] == most]
    who = listed([names.label(str(name)) for name in first["policy"]])
    better = str(rows["better"].iloc[0]) if "better" in rows else ""
    sense = f" ({better} is better)" if better in ("higher", "lower") else ""
    be, each = ("is", "") if len(first) == 1 else ("are", " each")
    text = f"By {names.inline(outcome)}{sense}, {who} {be} best in {int(most)} of {n_futures}" \
           f" futures{each}"  # fmt: skip
    tied = first["best_or_tied"].astype(np.float64)
    if np.isfinite(tied).all():
        counts = listed([str(int(n)) for n in dict.fromkeys(tied)])
        text += f" and cannot be told apart from the best in {counts}"
    return Finding(f"{text}.", bool(most > 0))


def _least_regret(rows: pd.DataFrame, outcome: str, names: Names) -> Finding:
    """Name the policies whose largest regret is least, and how sure that is."""
    least = rows["largest_regret"].min()
    first = rows[rows["largest_regret"] == least]
    who = listed([names.label(str(name)) for name in first["policy"]])
    text = f"Least to regret at worst: {who}, {_regret(first.iloc[0], outcome, names)}"
    shares = first["minimax_share"].astype(np.float64) if "minimax_share" in first else None
    is_sure = len(first) < len(rows)
    if shares is not None and np.isfinite(shares).all():
        total = float(shares.sum())
        text += f"; with other seeds it would be so about {100 * total:.0f} times in a hundred"
        is_sure &= total >= 0.95
    return Finding(f"{text}.", is_sure)


def _regret(row: pd.Series, outcome: str, names: Names) -> str:
    """Write a largest regret with what is known of it."""
    unit = names.difference_unit(outcome)
    text = f"{number(row['largest_regret'])} {unit}".strip()
    low, high = row.get("largest_regret_low", np.nan), row.get("largest_regret_high", np.nan)
    if np.isfinite(low) and np.isfinite(high):
        text += f" ({number(low)} to {number(high)})"
    where = str(row.get("largest_regret_in", "") or "")
    text += f" behind the best, where {where}" if where else " behind the best"
    floor = row.get("largest_regret_floor", np.nan)
    if np.isfinite(floor):
        text += f" (luck alone would show {number(floor)})"
    return text


def _is_above_luck(row: pd.Series) -> bool:
    floor = row.get("largest_regret_floor", np.nan)
    low = row.get("largest_regret_low", np.nan)
    return bool(np.isfinite(low) and low > (floor if np.isfinite(floor) else 0.0))
