"""Does the emulator know the model: outcomes seen against those it predicted unseen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from experiments.study_report.figures.names import Names, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import COLOURS, REFERENCE, new_figure, styled
from simulation.report.pen import number, tick

PREDICTION_NEEDS = ("outcome", "point", "seen", "predicted")


def fit(rows: pd.DataFrame) -> tuple[float, float]:
    """Work out how well predictions fit: Q2 (1 is perfect, 0 no better than the mean) and RMSE.

    Parameters
    ----------
    rows : DataFrame
        seen and predicted, float64, of points the emulator had not been shown.

    Returns
    -------
    tuple of float
        Q2 is NaN where all values seen are equal.
    """
    seen, predicted = (rows[name].to_numpy(np.float64) for name in ("seen", "predicted"))
    left = float(np.sum((seen - predicted) ** 2))
    whole = float(np.sum((seen - seen.mean()) ** 2))
    return (1.0 - left / whole if whole > 0 else np.nan), float(np.sqrt(left / len(seen)))


@styled
def emulator_check(
    predictions: pd.DataFrame, *, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw predicted against seen, a panel an outcome; on the line the emulator is right.

    Parameters
    ----------
    predictions : DataFrame
        outcome, point, seen, predicted: out of sample.
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a column lacks, the table is empty or a value is not a number.
    """
    check_columns(predictions, PREDICTION_NEEDS, what="predictions")
    if predictions.empty:
        raise InputError("predictions: no rows")
    values = predictions[["seen", "predicted"]].to_numpy(np.float64)
    if not np.isfinite(values).all():
        raise InputError("predictions: seen and predicted must be numbers in every row")
    outcomes = list(dict.fromkeys(predictions["outcome"].astype(str)))[:6]
    across = min(len(outcomes), 2 if len(outcomes) in (1, 2, 4) else 3)
    down = -(-len(outcomes) // across)
    fits = {name: fit(predictions[predictions["outcome"] == name]) for name in outcomes}
    figure = new_figure(
        1.3 + (6.2 / max(across, 2) + 0.3) * down,
        title=_title(fits, names),
        note="Every dot is a point of the design that the emulator was not shown when it predicted"
        " it (k-fold). Q2: share of the differences between points it foresees, 1 is all; RMSE:"
        f" its usual miss. {note}".strip(),
    )
    grid = GridSpec(down, max(across, 2), figure=figure)
    for at, outcome in enumerate(outcomes):
        axes = figure.add_subplot(grid[at // across, at % across])
        rows = predictions[predictions["outcome"] == outcome]
        _draw_panel(axes, rows, fits[outcome], wrap(names.with_unit(outcome), 66 // max(across, 2)))
    return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame, found: tuple[float, float], label: str) -> None:
    """Draw one outcome on equal scales."""
    values = rows[["seen", "predicted"]].to_numpy(np.float64)
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low or 1.0)
    axes.plot([low, high], [low, high], color=REFERENCE, linewidth=1.1, zorder=1.5)
    axes.plot(rows["seen"], rows["predicted"], "o", markersize=3, color=COLOURS[0], alpha=0.65,
              markeredgewidth=0, rasterized=len(rows) > 3000, gid="points")  # fmt: skip
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(low - room, high + room)
    axes.set_title(label, fontsize=8)
    axes.set_xlabel("Seen")
    axes.set_ylabel("Predicted")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(tick)
    axes.locator_params(nbins=4)
    axes.text(0.04, 0.96, f"Q2 {found[0]:.2f}\nRMSE {number(found[1])}", va="top", fontsize=8,
              transform=axes.transAxes)  # fmt: skip


def _title(fits: dict[str, tuple[float, float]], names: Names) -> str:
    """State how much of the differences between points the emulator foresees."""
    known = {name: found[0] for name, found in fits.items() if np.isfinite(found[0])}
    if not known:
        return "The outcomes do not differ between points, so the emulator cannot be judged"
    worst = min(known, key=lambda name: known[name])
    percent = max(0.0, 100.0 * known[worst])
    at_least = "at least " if len(known) > 1 else ""
    return (
        f"Out of sample the emulator foresees {at_least}{percent:.0f}% of the differences between"
        f" points ({names.label(worst)})"
    )
