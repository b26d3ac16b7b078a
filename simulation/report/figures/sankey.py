"""Where the bars and bands of a flow of people lie; every bar is as wide as what enters it.

Steps are rows from top to bottom. What goes on to the next step runs down; what passes over
steps runs down in a lane on the left; what ends falls away on the right. Widths are people, so
the picture conserves them as the numbers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from simulation.errors import InputError, check_columns

STILL_THERE = "still_there"
"""Name of the end of those who are in a step when the run stops."""
GAP_SHARE = 0.02
"""Free space between the steps and the lanes, as a share of the widest step."""
Links = dict[tuple[str, str], float]
"""By source and target: people, or a place in people."""


class Bar(NamedTuple):
    """A step: its row from the top, left edge and width in people."""

    name: str
    row: int
    left: float
    width: float


class Ribbon(NamedTuple):
    """People who move from a step to another one, from left edge to left edge."""

    source: str
    target: str
    width: float
    start: float
    end: float
    lane: float | None


class End(NamedTuple):
    """People who leave at a step: where their slice of its bar begins and how wide it is."""

    source: str
    name: str
    start: float
    width: float


class Flow(NamedTuple):
    """All bars, ribbons and ends of one journey."""

    bars: dict[str, Bar]
    ribbons: list[Ribbon]
    ends: list[End]
    low: float
    high: float


def lay_out(links: pd.DataFrame, *, steps: Sequence[str], pivot: str) -> Flow:
    """Lay a journey out.

    Parameters
    ----------
    links : DataFrame
        source (str), target (str), people (float64, not negative); a link from a step to itself
        is left out, one back to an earlier step ends there and comes in again.
    steps : sequence of str
        Known steps from first to last; a source that is none of them comes before all.
    pivot : str
        The step that those who pass over others reach, drawn beneath their lanes.

    Returns
    -------
    Flow
        Widths and places in people, left edge of the first steps at 0.

    Raises
    ------
    InputError
        When a column is missing, a number is negative or not finite, or more people go on from a
        step than came in.
    """
    joined = _joined(links)
    rows = _rows(joined, steps)
    widths = _widths(joined, rows)
    lanes = _lanes(joined, rows, pivot, GAP_SHARE * max(widths.values()))
    bars = _bars(rows, widths, lanes, pivot)
    starts, ends = _cut_feet(joined, bars, lanes)
    ribbons = _arrivals(joined, starts, bars, lanes)
    left = min([bar.left for bar in bars.values()] + list(lanes.values()))
    return Flow(bars, ribbons, ends, left, max(bar.left + bar.width for bar in bars.values()))


def _joined(links: pd.DataFrame) -> Links:
    """Add up links that are there twice and leave out those that carry nobody."""
    check_columns(links, ("source", "target", "people"), what="journey")
    people = links["people"].to_numpy(dtype="float64")
    if not ((people >= 0) & (people < float("inf"))).all():
        raise InputError("journey: people must be finite and not negative in every row")
    joined: Links = {}
    for source, target, number in zip(links["source"], links["target"], people, strict=True):
        if number > 0 and source != target:
            key = (str(source), str(target))
            joined[key] = joined.get(key, 0.0) + float(number)
    if not joined:
        raise InputError("journey: nobody is on it; a picture needs at least one link")
    return joined


def _rows(links: Links, steps: Sequence[str]) -> dict[str, int]:
    """Row of each step that occurs, counted from the top."""
    sources = [source for source, _ in links]
    present = {name for key in links for name in key}
    unknown = [name for name in dict.fromkeys(sources) if name not in steps]
    order = [*unknown, *(step for step in steps if step in present)]
    return {name: row for row, name in enumerate(order)}


def _widths(links: Links, rows: dict[str, int]) -> dict[str, float]:
    """People in each step: those who came in, or those who left where nobody came in.

    Raises
    ------
    InputError
        When more leave than came in.
    """
    came, left = dict.fromkeys(rows, 0.0), dict.fromkeys(rows, 0.0)
    for (source, target), people in links.items():
        left[source] += people
        if target in rows:
            came[target] += people
    problems = [
        f"journey: {left[name]:,.1f} people leave {name} but only {came[name]:,.1f} came in"
        for name in rows
        if 0 < came[name] < left[name] * (1 - 1e-6) - 1e-6
    ]
    if problems:
        raise InputError(problems)
    return {name: came[name] or left[name] for name in rows}


def _lanes(links: Links, rows: dict[str, int], pivot: str, gap: float) -> Links:
    """Left edge of the lane of each link that passes over a step, those to the pivot innermost."""
    passing = [key for key in links if key[1] in rows and rows[key[1]] > rows[key[0]] + 1]
    passing.sort(key=lambda key: (key[1] == pivot, rows[key[0]], -rows[key[1]]))
    edge = -gap - sum(links[key] for key in passing)
    lanes = {}
    for key in passing:
        lanes[key] = edge
        edge += links[key]
    return lanes


def _bars(
    rows: dict[str, int], widths: dict[str, float], lanes: Links, pivot: str
) -> dict[str, Bar]:
    """Place steps up to the pivot at nought; the pivot and those after it under the lanes."""
    below = min([edge for (_, target), edge in lanes.items() if target == pivot], default=0.0)
    first_below = rows.get(pivot, len(rows))
    return {
        name: Bar(name, row, below if row >= first_below else 0.0, widths[name])
        for name, row in rows.items()
    }


def _cut_feet(links: Links, bars: dict[str, Bar], lanes: Links) -> tuple[Links, list[End]]:
    """Cut the foot of each bar into slices: lanes, what goes on, then ends, the largest first."""

    def order(key: tuple[str, str]) -> tuple[int, float, str]:
        if key in lanes:
            return (0, lanes[key], key[1])
        goes_on = key[1] in bars and bars[key[1]].row > bars[key[0]].row
        return (1, 0.0, key[1]) if goes_on else (2, -links[key], key[1])

    starts: Links = {}
    ends = []
    for name, bar in bars.items():
        edge = bar.left
        leaving = sorted((key for key in links if key[0] == name), key=order)
        for key in leaving:
            if order(key)[0] < 2:
                starts[key] = edge
            else:
                ends.append(End(name, key[1], edge, links[key]))
            edge += links[key]
        rest = bar.left + bar.width - edge
        if leaving and rest > 1e-6 * bar.width:
            ends.append(End(name, STILL_THERE, edge, rest))
    return starts, ends


def _arrivals(links: Links, starts: Links, bars: dict[str, Bar], lanes: Links) -> list[Ribbon]:
    """Cut the head of each bar: lanes from the left first, then what comes from just above."""
    entered = {name: bar.left for name, bar in bars.items()}
    ribbons = []
    for key in sorted(starts, key=lambda key: (lanes.get(key, float("inf")), bars[key[0]].row)):
        source, target = key
        ribbons.append(
            Ribbon(source, target, links[key], starts[key], entered[target], lanes.get(key))
        )
        entered[target] += links[key]
    return ribbons
