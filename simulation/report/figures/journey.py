"""The client journey as a picture of flows: who goes on, who starts a job, who is lost where."""

from __future__ import annotations

import textwrap
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from simulation.errors import InputError
from simulation.report.figures.sankey import STILL_THERE, End, Flow, Ribbon, lay_out
from simulation.report.figures.style import A4_WIDTH, new_figure, styled
from simulation.report.pen import about

ENGAGED, SERVICES, PARKED, JOB = "engaged", "services", "parked in services", "job"
IN_WORK = "in-work support"
STEPS = (
    ENGAGED,
    "action planning",
    SERVICES,
    "placement",
    JOB,
    "sustained 26 weeks",
    "sustained 52 weeks",
    IN_WORK,
)
"""Steps of the journey from first to last; support of people in work stands by itself."""
STEP_LABELS = {
    ENGAGED: "Engaged",
    "action planning": "Action planning",
    SERVICES: "Employability services",
    "placement": "Job placement",
    JOB: "Job started",
    "sustained 26 weeks": "In work 26 weeks",
    "sustained 52 weeks": "In work 52 weeks",
    IN_WORK: "In-work support",
}
END_LABELS = {
    "left waiting": "left after waiting",
    "lost at hand-over": "lost at a hand-over",
    "left at 65": "reached 65",
    "completed without a job": "finished without a job",
    "completed in work": "completed",
    "job lost": "lost the job",
    "still in support at the end": "still in support at the end",
    "job still followed at the end": "in the job at the end of the run",
    STILL_THERE: "still there at the end",
}
LEFT_INCHES, RIGHT_INCHES, TOP_INCHES = 1.26, 2.0, 0.12
BAR_INCHES, DROP_INCHES, END_INCHES, NEXT_INCHES = 0.15, 0.17, 0.155, 0.16
DOWN, JOBS, LOST = "#9cc0dd", "#0b4f8a", "#e3e3e3"


class _Rows(NamedTuple):
    """Inches from the top of each bar, the height of all, and people an inch."""

    tops: dict[str, float]
    height: float
    people_per_inch: float
    low: float

    def x(self, people: float) -> float:
        """Inches from the left edge for a place in people."""
        return LEFT_INCHES + (people - self.low) / self.people_per_inch


def flow_of(journey: pd.DataFrame, arm: str) -> Flow:
    """Lay out the journey of one arm; those parked in services are part of that step.

    Parameters
    ----------
    journey : DataFrame
        arm, source, target (str), people (float64): mean over seeds, names as in
        `journey_flows`.
    arm : str

    Raises
    ------
    InputError
        When the arm has no rows, or as `lay_out` says.
    """
    rows = _of_arm(journey, arm)
    merged = rows.assign(
        source=rows["source"].replace(PARKED, SERVICES),
        target=rows["target"].replace(PARKED, SERVICES),
    )
    return lay_out(merged, steps=STEPS, pivot=JOB)


def _of_arm(journey: pd.DataFrame, arm: str) -> pd.DataFrame:
    rows = journey.astype({"arm": str, "source": str, "target": str})
    rows = rows[rows["arm"] == arm]
    if rows.empty:
        raise InputError(f"journey: no rows of arm {arm!r}")
    return rows


def parked_in(journey: pd.DataFrame, arm: str) -> float:
    """People who reached services and were parked: next to nothing was spent on them."""
    rows = _of_arm(journey, arm)
    return float(rows.loc[rows["target"] == PARKED, "people"].sum())


def widest(journey: pd.DataFrame) -> float:
    """Width in people of the widest journey of all arms, so that all can share one scale."""
    flows = [flow_of(journey, arm) for arm in journey["arm"].astype(str).unique()]
    return max(flow.high - flow.low for flow in flows)


@styled
def journey_sankey(
    journey: pd.DataFrame, *, arm: str, most: float | None = None, note: str = ""
) -> Figure:
    """Draw the journey of one arm's clients from engagement to a year in work.

    Parameters
    ----------
    journey : DataFrame
        As for `flow_of`.
    arm : str
    most : float, optional
        People across the width of the picture; `widest` gives one scale for all arms.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        As `flow_of`.
    """
    flow, parked = flow_of(journey, arm), parked_in(journey, arm)
    rows = _place_rows(flow, most if most is not None else flow.high - flow.low)
    crossed = " Crossed part of services: parked, little was spent on them." if parked else ""
    figure = new_figure(
        rows.height + 1.0,
        title=_title(flow, arm),
        note="Simulated; means over runs (seeds). Widths are people, on one scale in all arms."
        " Light blue: to the next stage; hatched: to a job; grey: left or was lost. Figures are"
        f" people, once for each time engaged.{crossed} {note}".strip(),
    )
    axes = figure.subplots()
    axes.set_xlim(0, A4_WIDTH)
    axes.set_ylim(rows.height, 0)
    axes.set_axis_off()
    for ribbon in flow.ribbons:
        _draw_ribbon(axes, ribbon, flow, rows)
    for name, bar in flow.bars.items():
        to_job = sum(r.width for r in flow.ribbons if r.source == name and r.target == JOB)
        aside = {"to a job": to_job, "parked": parked if name == SERVICES else 0.0}
        _draw_bar(axes, rows, name, (rows.x(bar.left), bar.width), aside=aside)
        if aside["parked"]:
            _draw_parked(axes, rows, rows.x(bar.left + bar.width), parked)
        _draw_ends(axes, [end for end in flow.ends if end.source == name], rows)
    return figure


def _place_rows(flow: Flow, most: float) -> _Rows:
    """Give every step the height that the list of its ends needs."""
    tops, top = {}, TOP_INCHES
    for name in flow.bars:
        tops[name] = top
        n_ends = sum(end.source == name for end in flow.ends)
        room = DROP_INCHES + END_INCHES * n_ends + NEXT_INCHES
        top += BAR_INCHES + max(room, 0.34)
    room = A4_WIDTH - LEFT_INCHES - RIGHT_INCHES
    return _Rows(tops, top - NEXT_INCHES, most / room, flow.low)


def _title(flow: Flow, arm: str) -> str:
    """State how many were engaged and how many of a hundred started a job and kept it."""
    first = flow.bars.get(ENGAGED) or next(iter(flow.bars.values()))
    words = f"{arm}: of {about(first.width)} {_start_word(first.name)}"
    parts = [
        f"{100 * flow.bars[name].width / first.width:.0f} in 100 {what}"
        for name, what in (
            (JOB, "started a job"),
            ("sustained 26 weeks", "were still in it at 26 weeks"),
        )
        if name in flow.bars
    ]
    return f"{words}, {' and '.join(parts)}" if parts else f"{words}, nobody started a job"


def _start_word(name: str) -> str:
    return "engaged" if name == ENGAGED else f"who came by {step_label(name).lower()}"


def step_label(name: str) -> str:
    """Name a step for a reader."""
    words = name.replace("_", " ")
    return STEP_LABELS.get(name, words[:1].upper() + words[1:])


def end_label(name: str) -> str:
    """Name a way of leaving for a reader."""
    if name in STEP_LABELS:
        return f"back to {STEP_LABELS[name].lower()}"
    return END_LABELS.get(name, name.replace("_", " "))


def _draw_bar(
    axes: Axes, rows: _Rows, name: str, extent: tuple[float, float], *, aside: dict[str, float]
) -> None:
    """Draw a step with its name, its people and what else is told of it on the left of all."""
    x, people = extent
    top = rows.tops[name]
    axes.add_patch(
        Rectangle((x, top), people / rows.people_per_inch, BAR_INCHES, color="#1c1c1c", zorder=3)
    )
    label = f"{textwrap.fill(step_label(name), 16)}\n{people:,.0f}"
    place: dict[str, Any] = {"ha": "right", "va": "top", "linespacing": 1.15}
    axes.text(LEFT_INCHES - 0.08, top - 0.06, label, fontsize=8, fontweight="bold", **place)
    lines = [f"{number:,.0f} {words}" for words, number in aside.items() if number]
    if lines:
        below = top - 0.04 + 0.145 * (1 + label.count("\n"))
        axes.text(LEFT_INCHES - 0.08, below, "\n".join(lines), fontsize=7.5, **place)


def _draw_parked(axes: Axes, rows: _Rows, right: float, parked: float) -> None:
    """Show the parked as a crossed part at the right end of the bar of services."""
    width = parked / rows.people_per_inch
    axes.add_patch(
        Rectangle((right - width, rows.tops[SERVICES]), width, BAR_INCHES, facecolor="white",
                  edgecolor="#1c1c1c", linewidth=0.8, hatch="xxxx", zorder=3.2)
    )  # fmt: skip


def _draw_ribbon(axes: Axes, ribbon: Ribbon, flow: Flow, rows: _Rows) -> None:
    """Draw people who go on: straight down, or by their lane past the steps between."""
    top = rows.tops[ribbon.source] + BAR_INCHES
    foot = rows.tops[ribbon.target]
    stops = [(rows.x(ribbon.start), top)]
    if ribbon.lane is not None:
        following = list(flow.bars)[flow.bars[ribbon.source].row + 1]
        before = list(flow.bars)[flow.bars[ribbon.target].row - 1]
        stops.append((rows.x(ribbon.lane), rows.tops[following]))
        stops.append((rows.x(ribbon.lane), rows.tops[before] + BAR_INCHES))
    stops.append((rows.x(ribbon.end), foot))
    is_job = ribbon.target == JOB
    style: dict[str, Any] = {"facecolor": DOWN, "edgecolor": "#5e8fb8"}
    if is_job:
        style = {"facecolor": "#cfe0ef", "edgecolor": JOBS, "hatch": "////"}
    axes.add_patch(
        PathPatch(
            band_outline(stops, ribbon.width / rows.people_per_inch), linewidth=0.5,
            zorder=2.5 if is_job else 2.0, **style,
        )
    )  # fmt: skip


def band_outline(stops: list[tuple[float, float]], width: float) -> Outline:
    """Outline of a band of constant width across that runs smoothly through stops of its left edge.

    Parameters
    ----------
    stops : list of (x, y)
        Left edge from start to end; between two stops the band leaves and arrives vertically.
    width : float
        In the units of x.
    """
    codes, points = [Outline.MOVETO], [stops[0]]
    for edge in (stops, [(x + width, y) for x, y in reversed(stops)]):
        if edge is not stops:
            codes.append(Outline.LINETO)
            points.append(edge[0])
        for (x, y), (x_next, y_next) in zip(edge[:-1], edge[1:], strict=True):
            middle = (y + y_next) / 2
            codes += [Outline.CURVE4] * 3
            points += [(x, middle), (x_next, middle), (x_next, y_next)]
    codes.append(Outline.CLOSEPOLY)
    points.append(stops[0])
    return Outline(points, codes)


def _draw_ends(axes: Axes, ends: list[End], rows: _Rows) -> None:
    """Let each way of leaving fall to a stub of its own, rightmost highest, and name it."""
    for place, end in enumerate(sorted(ends, key=lambda end: -end.start)):
        top = rows.tops[end.source] + BAR_INCHES
        foot = top + DROP_INCHES + END_INCHES * place
        x, width = rows.x(end.start), end.width / rows.people_per_inch
        axes.add_patch(
            Rectangle((x, top), width, foot - top, facecolor=LOST, edgecolor="#8a8a8a",
                      linewidth=0.4, zorder=1.8)
        )  # fmt: skip
        axes.plot([x, x + width], [foot, foot], color="#444444", linewidth=1.6, zorder=3,
                  solid_capstyle="butt")  # fmt: skip
        right = A4_WIDTH - RIGHT_INCHES + 0.1
        axes.plot([x + width, right - 0.03], [foot, foot], color="#aaaaaa", linewidth=0.5,
                  zorder=1.2)  # fmt: skip
        axes.text(
            right, foot, f"{end.width:,.0f} {end_label(end.name)}", ha="left", va="center",
            fontsize=7.5,
        )  # fmt: skip
