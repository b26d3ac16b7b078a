"""What a sweep found, for reading on a terminal: a line for each point, seeds together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simulation.report.pen import figure, plain, span
from simulation.results.paired import mean_interval

MOST_ROWS = 20
NO_OUTCOMES = "(shorter than a month: no monthly figures)"


def sweep_text(
    points: Sequence[Mapping[str, str]], outcomes: pd.DataFrame, *, units: Mapping[str, str]
) -> str:
    """Return a table: what varied, then mean and 95% interval of each outcome over the seeds.

    Parameters
    ----------
    points : sequence of mapping of str to str
        For each run its varied parameters but the seed, and their values as typed.
    outcomes : DataFrame
        A row for each run in the same order, a float64 column an outcome; NaN for what a run does
        not have.
    units : mapping of str to str
        Unit of each outcome.
    """
    outcomes = outcomes.dropna(axis="columns", how="all").reset_index(drop=True)
    # Without support nobody is helped into a job, which is no finding.
    outcomes = outcomes.loc[:, (outcomes != 0).any()]
    if outcomes.empty or not len(outcomes.columns):
        return NO_OUTCOMES
    names = list(dict.fromkeys(name for point in points for name in point))
    labels = pd.Series([tuple(point.get(name, "") for name in names) for point in points])
    groups = list(outcomes.groupby(labels, sort=False))
    heads = [*names, *(f"{name} ({units.get(str(name), '-')})" for name in outcomes.columns)]
    rows = [
        [*label, *(_cell(group[name], units.get(str(name), "-")) for name in outcomes.columns)]
        for label, group in groups[:MOST_ROWS]
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [_line(row, widths, n_left=len(names)) for row in (heads, *rows)]
    if len(groups) > MOST_ROWS:
        lines.append(f"  and {len(groups) - MOST_ROWS} more")
    return "\n".join(lines)


def _cell(values: pd.Series, unit: str) -> str:
    """Return the mean over seeds, and its interval where there are several."""
    known = values.to_numpy(np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return "-"
    mean, low, high = (float(each) for each in mean_interval(known))
    ends = span(low, high, unit)
    return plain(figure(mean, unit, within=(low, high)) + f" ({ends})" * bool(ends))


def _line(cells: Sequence[str], widths: Sequence[int], *, n_left: int) -> str:
    parts = [
        cell.ljust(width) if place < n_left else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return ("  " + "  ".join(parts)).rstrip()
