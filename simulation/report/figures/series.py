"""Lines over time: claimants, the employment gap, and differences from the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.errors import InputError
from simulation.report.figures.style import (
    REFERENCE,
    label_ends,
    label_room,
    line_style,
    new_figure,
    panels,
    sample_note,
    styled,
    year_axis,
)
from simulation.report.figures.tables import (
    Band,
    arm_band,
    arm_names,
    by_seed,
    difference_band,
    month_name,
    outcome_tables,
)
from simulation.report.pen import about, number, signed_tick
from simulation.results.outcomes import (
    BENEFITS,
    PRIORITY_GROUP,
    REST_GROUP,
    benefit_claimants,
    employment_rate,
)

MOST_BANDS = 2
"""Arms whose intervals can be shaded in one panel and still be told apart."""
DAYS_ASIDE = 24
"""Between the intervals of two arms at the end of a year."""
BENEFIT_LABELS = {
    "jsa": "Jobseeker's Allowance",
    "ib_esa": "IB/ESA",
    "lone_parent": "Lone-parent Income Support",
    "other_benefit": "Other income-related benefit",
}
SHORT_LABELS = {
    "jsa": "JSA",
    "ib_esa": "IB/ESA",
    "lone_parent": "Lone parent",
    "other_benefit": "Other benefit",
}


@styled
def claimant_counts(
    monthly: pd.DataFrame, *, arms: Sequence[str] | None = None, note: str = ""
) -> Figure:
    """Draw claimants by benefit over time, a panel an arm, the first arm in grey behind the others.

    Parameters
    ----------
    monthly : DataFrame
        Monthly frame, values in people.
    arms : sequence of str, optional
        Which, the baseline first; default as they come.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When an arm or a benefit is missing.
    """
    names = arm_names(monthly, arms)
    tables = outcome_tables(monthly, BENEFITS)
    bands = {arm: {b: arm_band(tables[b], arm) for b in BENEFITS} for arm in names}
    behind = f"Grey lines: {names[0]}." if len(names) > 1 else ""
    words = "IB/ESA: incapacity benefits."
    n_seeds = len(by_seed(tables["jsa"], names[0]))
    figure = new_figure(
        0.9 + 2.5 * -(-len(names) // 2),
        title=_claimants_title(bands),
        note=sample_note(n_seeds, f"{behind} {words}".strip(), note=note),
    )
    grid = panels(figure, len(names))
    top = max(np.nanmax([b.mean, b.high]) for arm in bands.values() for b in arm.values())
    scale, unit = (1000.0, "thousand people") if top >= 5000 else (1.0, "people")
    grid[0].set_ylim(0, 1.06 * top / scale)
    room = label_room(SHORT_LABELS.values(), n_panels=len(names))
    _draw_arms(grid, bands, f"Claimants ({unit})", label_room=room, scale=scale)
    figure.draw_without_rendering()
    for axes, arm in zip(grid, names, strict=True):
        ends = [
            (bands[arm][b].mean[-1] / scale, SHORT_LABELS[b], line_style(number)["color"])
            for number, b in enumerate(BENEFITS)
        ]
        label_ends(axes, ends, x=mdates.date2num(bands[arm]["jsa"].dates[-1]))
    return figure


def _claimants_title(bands: dict[str, dict[str, Band]]) -> str:
    """Name the benefit whose count moves most in the first arm, and how far."""
    arm, lines = next(iter(bands.items()))
    name = max(lines, key=lambda each: float(np.ptp(lines[each].mean)))
    values, dates = lines[name].mean, lines[name].dates
    first, last = sorted((int(np.argmin(values)), int(np.argmax(values))))
    move = "rises" if values[last] > values[first] else "falls"
    return (
        f"{BENEFIT_LABELS[name]} moves most: it {move} from {about(values[first])} claimants in"
        f" {month_name(dates[first])} to {about(values[last])} in {month_name(dates[last])} ({arm})"
    )


@styled
def employment_gap(
    monthly: pd.DataFrame, *, arms: Sequence[str] | None = None, note: str = ""
) -> Figure:
    """Draw the employment rate of priority wards and of the rest over time, a panel an arm.

    Parameters are those of `claimant_counts`.

    Raises
    ------
    InputError
        When an arm, an outcome or the priority groups are missing, or all wards are of one kind.
    """
    names = arm_names(monthly, arms)
    rates = {
        group: employment_rate(outcome_tables(monthly, ("employed", "residents"), group))
        for group in (REST_GROUP, PRIORITY_GROUP)
    }
    bands = {arm: {g: arm_band(rates[g], arm) for g in rates} for arm in names}
    if np.isnan([bands[names[0]][group].mean for group in rates]).all(axis=1).any():
        raise InputError("priority wards: there are none, or no others")
    gaps = {arm: bands[arm][REST_GROUP].mean - bands[arm][PRIORITY_GROUP].mean for arm in names}
    behind = f"Grey lines: {names[0]}." if len(names) > 1 else ""
    n_seeds = len(by_seed(rates[REST_GROUP], names[0]))
    figure = new_figure(
        0.9 + 2.4 * -(-len(names) // 2),
        title=_gap_title({arm: gap[-1] for arm, gap in gaps.items()}),
        note=sample_note(n_seeds, f"{behind} The scale does not start at zero.".strip(), note=note),
    )
    grid = panels(figure, len(names))
    room = label_room(["gap 10.0 points"], n_panels=len(names))
    _draw_arms(grid, bands, "Employed, % of residents 16-64", label_room=room)
    figure.draw_without_rendering()
    for axes, arm in zip(grid, names, strict=True):
        _label_gap(axes, bands[arm], float(gaps[arm][-1]))
    return figure


def _label_gap(axes: Axes, bands: dict[str, Band], gap: float) -> None:
    """Name both lines at their ends and write the gap between them."""
    last = mdates.date2num(bands[REST_GROUP].dates[-1])
    rest, priority = bands[REST_GROUP].mean[-1], bands[PRIORITY_GROUP].mean[-1]
    labels = [
        (rest, "Other wards", line_style(0)["color"]),
        (priority, "Priority wards", line_style(1)["color"]),
        ((rest + priority) / 2, f"gap {gap:.1f} points", "#333333"),
    ]
    label_ends(axes, labels, x=last)
    if rest != priority:
        axes.annotate(
            "", (last, rest), (last, priority), arrowprops={"arrowstyle": "<->", "color": "#777777"}
        )


def _gap_title(ends: dict[str, float]) -> str:
    """State the gap at the end, and between which arms it varies."""
    rounded = {arm: f"{gap:.1f}" for arm, gap in ends.items()}
    first = next(iter(ends))
    if len(set(rounded.values())) == 1:
        where = f"under {first}" if len(ends) == 1 else "in every arm"
        return f"Priority wards end {rounded[first]} points behind other wards {where}"
    if len(ends) > 3:
        least, most = (f"{pick(ends.values()):.1f}" for pick in (min, max))
        return f"Priority wards end {least} to {most} points behind other wards, from arm to arm"
    others = ", ".join(f"{rounded[arm]} under {arm}" for arm in list(ends)[1:])
    return f"Priority wards end {rounded[first]} points behind under {first}, {others}"


@styled
def difference_over_time(
    monthly: pd.DataFrame, *, arms: Sequence[str] | None = None, note: str = ""
) -> Figure:
    """Draw how each arm differs from the first, month by month, in employed and in claimants.

    Parameters are those of `claimant_counts`; at least two arms with the same seeds are needed.

    Raises
    ------
    InputError
        When an arm or outcome is missing or seeds differ.
    """
    names = arm_names(monthly, arms)
    tables = outcome_tables(monthly, ("employed", *BENEFITS))
    measures = {
        "People in work": tables["employed"],
        "Claimants of out-of-work benefits": benefit_claimants(tables),
    }
    bands = {
        title: {arm: difference_band(values, arm, names[0]) for arm in names[1:]}
        for title, values in measures.items()
    }
    has_bands = len(names) - 1 <= MOST_BANDS
    interval = "a band" if has_bands else "an upright line, drawn for the end of each year,"
    figure = new_figure(
        3.6,
        title=_difference_title(bands["People in work"], names[0]),
        note=sample_note(
            len(by_seed(tables["employed"], names[0])),
            f"Differences within seeds: arm less {names[0]}. Where {interval} holds zero, the"
            " difference cannot be told from noise.",
            note=note,
        ),
    )
    grid = panels(figure, 2)
    room = label_room(names[1:], n_panels=2)
    for axes, (title, lines) in zip(grid, bands.items(), strict=True):
        axes.set_title(title)
        for place, line in enumerate(lines.values()):
            year_axis(axes, line.dates, label_room=room)
            axes.plot(line.dates, np.zeros(len(line.dates)), color="#333333", linewidth=0.9)
            if has_bands:
                draw_band(axes, line, place)
            else:
                draw_year_ends(axes, line, place, of=len(lines))
    grid[0].set_ylabel(f"People, difference from {names[0]}")
    grid[0].yaxis.set_major_formatter(signed_tick)
    figure.draw_without_rendering()
    for axes, lines in zip(grid, bands.values(), strict=True):
        ends_of_lines = [
            (line.mean[-1], arm, line_style(number)["color"])
            for number, (arm, line) in enumerate(lines.items())
        ]
        label_ends(axes, ends_of_lines, x=mdates.date2num(next(iter(lines.values())).dates[-1]))
    return figure


def _difference_title(bands: dict[str, Band], baseline: str) -> str:
    """State the largest difference at the end that can be told from noise."""
    if all(np.isnan(line.low[-1]) for line in bands.values()):
        return f"People in work and on benefits compared with {baseline}, one pair of runs"
    clear = {arm: b.mean[-1] for arm, b in bands.items() if b.low[-1] * b.high[-1] > 0}
    if not clear:
        return f"At the end no arm's number in work can be told apart from that of {baseline}"
    best = max(clear, key=lambda arm: abs(clear[arm]))
    word = "more" if clear[best] > 0 else "fewer"
    if len(clear) > 1 and len({value > 0 for value in clear.values()}) == 1:
        sizes = sorted(abs(value) for value in clear.values())
        return (
            f"At the end {number(sizes[0], figures=2)} to {number(sizes[-1], figures=2)} {word}"
            f" people are in work than under {baseline}, in {len(clear)} of {len(bands)} arms"
        )
    people = number(abs(clear[best]), figures=2)
    return f"At the end {best} has about {people} {word} people in work than {baseline}"


def _draw_arms(
    grid: Iterable[Axes],
    bands: dict[str, dict[str, Band]],
    label: str,
    *,
    label_room: float,
    scale: float = 1.0,
) -> None:
    """Draw the lines of each arm in a panel, those of the first arm in grey behind the others."""
    first = next(iter(bands))
    for place, (axes, (arm, lines)) in enumerate(zip(grid, bands.items(), strict=True)):
        axes.set_title(arm)
        year_axis(axes, next(iter(lines.values())).dates, label_room=label_room)
        for which, (name, line) in enumerate(lines.items()):
            if arm != first:
                draw_reference(axes, bands[first][name], scale=scale)
            draw_band(axes, line, which, scale=scale)
        if place % 2 == 0:
            axes.set_ylabel(label)


def draw_band(axes: Axes, line: Band, number: int, *, scale: float = 1.0) -> None:
    """Draw a line and shade its interval."""
    style = line_style(number)
    axes.fill_between(
        line.dates, line.low / scale, line.high / scale, color=style["color"], alpha=0.2,
        linewidth=0,
    )  # fmt: skip
    axes.plot(line.dates, line.mean / scale, **style)


def draw_year_ends(axes: Axes, line: Band, number: int, *, of: int) -> None:
    """Draw a line and its interval at the end of each year, beside those of the other lines."""
    style = line_style(number)
    axes.plot(line.dates, line.mean, **style)
    is_end = (line.dates.month == 12) | (line.dates == line.dates[-1])
    aside = pd.Timedelta(days=DAYS_ASIDE * (number + 1 - of))
    axes.vlines(
        line.dates[is_end] + aside, line.low[is_end], line.high[is_end], color=style["color"],
        linewidth=1.1, alpha=0.8,
    )  # fmt: skip


def draw_reference(axes: Axes, line: Band, *, scale: float = 1.0) -> None:
    """Draw the baseline's line thin and grey behind the others."""
    axes.plot(line.dates, line.mean / scale, color=REFERENCE, linewidth=0.9, zorder=1.5)
