"""What indices say, in sentences: which factors matter, together or alone, which way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.study_report.figures.marks import (
    CHANGES_NOTHING,
    WIDEST,
    clear_of_noise,
    denied,
    index_table,
    is_of_one_seed,
    is_vague,
    ranking_index,
    standing,
)
from experiments.study_report.figures.names import Names
from experiments.study_report.figures.tornado import index_words
from experiments.study_report.finding import Finding
from simulation.report.pen import MOST_LISTED, decimal, listed, measured, percent


def index_findings(
    indices: pd.DataFrame,
    outcome: str,
    *,
    names: Names,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> list[Finding]:
    """Say which factors matter, with what interplay, which way, and what cannot be told.

    Parameters
    ----------
    indices : DataFrame
        Indices of a study; may be empty.
    outcome : str
    names : Names
    choices : mapping of str to sequence of str, optional
        Factors that are choices, with their values in order where known: one of two values has a
        direction, others have none.
    """
    choices = choices or {}
    if indices.empty or outcome not in set(indices["outcome"].astype(str)):
        return []
    ranked = ranking_index(indices, outcome)
    if ranked is None:
        return []
    table = index_table(indices, outcome, ranked)
    given = table[np.isfinite(table["value"])]
    if given.empty:
        reason = next((flag for flag in table["flag"] if flag), "no index could be worked out")
        return [Finding(f"{names.label(outcome)} could not be analysed: {reason}.", False)]
    return [
        *_ranking(given, ranked, outcome, names, choices),
        *_interplay(indices, outcome, names),
        *_directions(indices, outcome, names, choices),
        *_untold(indices, given, ranked, outcome, names),
    ]


def _ranking(
    table: pd.DataFrame, index: str, outcome: str, names: Names, choices: Collection[str]
) -> list[Finding]:
    """Name the factors that stand out, the first with its size and interval."""
    clear, rivals = standing(table)
    label = names.inline(outcome)
    if clear.empty:
        text = f"No single factor's effect on {label} can be told from noise in this study."
        return [Finding(text, False)]
    unit = names.difference_unit(outcome)
    first = clear.iloc[0]
    name = names.label(first["factor"])
    if is_vague(first):
        text = f"What matters for {label} these runs cannot tell: {name} comes out first, but its"
        return [Finding(f"{text} share of the variance is as good as unknown.", False)]
    size = index_words(first, index, unit)
    moves = (
        f"one of its values in place of another moves it, up or down, by {size} on average"
        if first["factor"] in choices
        else f"steps of two thirds of its range move it, up or down, by {size} on average, counted"
        " for the whole range"
    )
    how = {
        "ST": f"with its interplay with other factors it accounts for {size}",
        "S1": f"by itself it accounts for {size}",
        "mu_star": moves,
    }.get(index, size)
    seems = "matters most" if len(rivals) == 1 else "comes out first"
    is_largest = first["factor"] == table.iloc[0]["factor"]
    who = name if is_largest else f"Of the factors that can be told from noise {name}"
    text = f"{who} {seems} for {label}: {how}."
    others = [
        f"{names.label(row['factor'])}, {index_words(row, index, unit, brief=True)}"
        for _, row in clear.iloc[1:4].iterrows()
    ]
    if others:
        text += f" Next: {'; '.join(others)}."
    found = [Finding(text, not is_of_one_seed(first["flag"]))]
    if len(rivals) > 1:
        rest = listed([names.label(factor) for factor in rivals["factor"].iloc[1:]])
        text = f"Whether {name} or {rest} comes first cannot be told: intervals overlap."
        found.append(Finding(text, False))
    return found


def _interplay(indices: pd.DataFrame, outcome: str, names: Names) -> list[Finding]:
    """Say how much factors do alone and how much together."""
    alone, total = (index_table(indices, outcome, index) for index in ("S1", "ST"))
    found = []
    if len(alone) and np.isfinite(alone["value"]).all() and len(total):
        found.append(_alone_together(alone, names.inline(outcome)))
    both = total.merge(alone, on="factor", suffixes=("", "_alone"))
    for _, row in both.iterrows():
        is_told = clear_of_noise(row) and not is_vague(row)
        if is_told and row["low"] > row["high_alone"] >= 0:
            found.append(
                Finding(
                    f"{names.label(row['factor'])} acts together with other factors:"
                    f" {_share(row['value'])} of the variance with its interplay,"
                    f" {_share(row['value_alone'])} by itself.",
                    True,
                )  # fmt: skip
            )
    pairs = index_table(indices, outcome, "S2")
    pairs = pairs[(pairs["low"] > 0) & ~denied(pairs["flag"])]
    pairs = pairs[[not is_vague(row) for _, row in pairs.iterrows()]]
    if len(pairs):
        row = pairs.iloc[0]
        found.append(
            Finding(f"The strongest interplay of two is that of {names.label(row['factor'])} and"
                    f" {names.label(str(row['other']))}: {index_words(row, 'S2', '')}.", True)
        )  # fmt: skip
    return found


def _alone_together(alone: pd.DataFrame, label: str) -> Finding:
    """Say what all first orders make together, as far as their intervals let it be told."""
    whole = float(alone["value"].sum())
    half = float(np.sqrt((((alone["high"] - alone["low"]) / 2) ** 2).sum()))
    low, high = (min(max(end, 0.0), 1.0) for end in (whole - half, whole + half))
    if not 2 * half <= WIDEST or not low < high:
        text = f"What share of the variance of {label} factors account for one at a time these runs"
        return Finding(f"{text} cannot tell.", False)
    if low >= 0.97:
        words, rest = "practically all", ""
    else:
        rest = "; the rest is interplay of factors" if high < 1.0 else ""
        words = f"some {decimal(100.0 * low, 0)}% to {_share(high)}"
    text = f"One at a time the factors account for {words} of the variance of {label} between"
    is_known = not alone["flag"].map(is_of_one_seed).any()
    return Finding(f"{text} points{rest}.", is_known)


def _share(value: float) -> str:
    return percent(min(max(value, 0.0), 1.0))


def _directions(
    indices: pd.DataFrame, outcome: str, names: Names, choices: Mapping[str, Sequence[str]]
) -> list[Finding]:
    """Say which way factors act, and where the sign is not the same everywhere."""
    mean, size = (index_table(indices, outcome, index) for index in ("mu", "mu_star"))
    both = mean.merge(size, on="factor", suffixes=("", "_star")).set_index("factor")
    ways: dict[str, list[str]] = {"raises": [], "lowers": [], "turns": []}
    found = []
    label, unit = names.inline(outcome), names.difference_unit(outcome)
    for factor, (_, row) in zip(map(str, both.index), both.iterrows(), strict=True):
        star = pd.Series({name: row[f"{name}_star"] for name in ("index", "value", "low", "flag")})
        if not clear_of_noise(star) or not np.isfinite(row["value"]):
            continue
        if factor in choices:
            found += _of_two(row, choices[factor], label, unit)
            continue
        if max(abs(row["low"]), abs(row["high"])) < row["low_star"]:
            ways["turns"].append(names.label(factor))
        elif row["low"] > 0 or row["high"] < 0:
            ways["raises" if row["low"] > 0 else "lowers"].append(names.label(factor))
    found += [
        Finding(f"On average a higher value of {listed(ways[way])} {way} {label}.", True)
        for way in ("raises", "lowers")
        if ways[way]
    ]
    if ways["turns"]:
        found.append(
            Finding(
                f"The sign of the effect of {listed(ways['turns'])} on {label} changes: it"
                " raises it under some values of the other factors or in part of its range, and"
                " lowers it in others.",
                True,
            )  # fmt: skip
        )
    return found


def _of_two(row: pd.Series, values: Sequence[str], label: str, unit: str) -> list[Finding]:
    """Say what the second of two values does beside the first, where the sign is known."""
    if len(values) != 2 or row["low"] <= 0 <= row["high"]:
        return []
    size = measured(row["value"], row["low"], row["high"], unit=unit, signed=True)
    text = f"With {values[1]} in place of {values[0]} {label} changes by {size} on average."
    return [Finding(text, True)]


def _untold(
    indices: pd.DataFrame, table: pd.DataFrame, index: str, outcome: str, names: Names
) -> list[Finding]:
    """Say of which factors nothing can be told, and which change nothing."""
    found = []
    label = names.inline(outcome)
    still = [names.label(f) for f in table.loc[table["flag"] == CHANGES_NOTHING, "factor"]]
    if still:
        found.append(Finding(f"No run was changed at all, as far as {label} goes, by"
                             f" {listed(still)}.", True))  # fmt: skip
    hidden = [
        names.label(row["factor"])
        for _, row in table.iterrows()
        if not clear_of_noise(row) and row["flag"] != CHANGES_NOTHING
    ]
    if hidden and len(hidden) < len(table):
        found.append(
            Finding(
                f"Whether {listed(hidden)} {'has' if len(hidden) == 1 else 'have'} any effect"
                f" on {label} cannot be told from noise.",
                False,
            )  # fmt: skip
        )
    return found + _cautions(indices, table, index, outcome, names)


def _cautions(
    indices: pd.DataFrame, table: pd.DataFrame, index: str, outcome: str, names: Names
) -> list[Finding]:
    """Say which indices must not be read yet, or only roughly."""
    found = []
    rows = indices[indices["outcome"].astype(str) == outcome]
    flags = rows["flag"].fillna("").astype(str) if "flag" in rows else pd.Series("", rows.index)
    # Of many pairs some fall below their interval by chance; the table flags them.
    negative = rows[flags.str.contains("negative") & (rows["index"] != "S2")]
    for _, row in negative.head(MOST_LISTED).iterrows():
        found.append(
            Finding(f"{row['index']} of {names.label(row['factor'])} came out negative"
                    f" ({decimal(row['value'], 2)}, {decimal(row['low'], 2)} to"
                    f" {decimal(row['high'], 2)}), which"
                    " no true share can be: take more samples before reading it.", False)
        )  # fmt: skip
    wide = [
        names.label(row["factor"])
        for _, row in table.iterrows()
        if "interval wider" in row["flag"] and clear_of_noise(row) and not is_vague(row)
    ]
    if wide:
        found.append(Finding(f"The size of the effect of {listed(wide)} is known only roughly:"
                             f" {index} has a wide interval.", False))  # fmt: skip
    if flags.str.contains("one seed").any():
        found.append(Finding("There is one seed a point, so chance could not be told apart from"
                             " the effects of factors.", False))  # fmt: skip
    return found
