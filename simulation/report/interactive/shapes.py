"""Wards as a browser draws them: boundaries made simple, or circles; in whole numbers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from simulation.errors import InputError
from simulation.report.figures.boundaries import read_outlines
from simulation.report.figures.cartogram import circle_radii, relax_circles

ACROSS = 1000
"""Units of the map from west to east."""
MOST_CHARACTERS = 200_000
"""Of all outlines together; coarser until they fit."""
FINEST = 0.6
"""Units a simplified line may be off, to begin with."""
MARGIN = 6

Points = NDArray[np.int64]


def ward_shapes(wards: pd.DataFrame, boundaries: Path | None) -> dict[str, Any]:
    """Lay the wards out on a grid `ACROSS` units wide, north up.

    Parameters
    ----------
    wards : DataFrame
        code, easting, northing, residents.
    boundaries : Path or None
        GeoJSON in degrees or metres.

    Returns
    -------
    dict
        kind ("boundaries" or "circles"), height (int), centres (pairs of int a ward), note (why
        there are circles though boundaries were named, or ""); then paths (SVG path data a ward) or
        radii (int a ward).
    """
    if boundaries is not None:
        try:
            return _outlined(wards, boundaries) | {"note": ""}
        except InputError as error:
            return _circled(wards) | {"note": str(error)}
    return _circled(wards) | {"note": ""}


def _circled(wards: pd.DataFrame) -> dict[str, Any]:
    places = wards[["easting", "northing"]].to_numpy(np.float64) / 1000.0
    radii = circle_radii(places, wards["residents"])
    centres = relax_circles(places, radii)
    low = (centres - radii[:, None]).min(axis=0)
    high = (centres + radii[:, None]).max(axis=0)
    placed, scale, height = _on_grid(centres, low, high)
    return {
        "kind": "circles",
        "height": height,
        "centres": np.rint(placed).astype(int).tolist(),
        "radii": np.maximum(np.rint(radii * scale), 1).astype(int).tolist(),
    }


def _on_grid(
    points: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, int]:
    """Return points on the grid with y down, units a unit of theirs, and the grid's height."""
    size = np.maximum(high - low, 1e-9)
    # A tall area is made as high as a wide one is wide, so that it fits a screen.
    scale = float((ACROSS - 2 * MARGIN) / max(size[0], 0.75 * size[1]))
    shift = np.array([0.5 * (ACROSS - scale * size[0]), MARGIN])
    placed = np.column_stack([points[:, 0] - low[0], high[1] - points[:, 1]]) * scale + shift
    return placed, scale, int(np.ceil(scale * size[1])) + 2 * MARGIN


def _outlined(wards: pd.DataFrame, boundaries: Path) -> dict[str, Any]:
    found = read_outlines(boundaries, wards["code"])
    raw = [(n, ring) for n, code in enumerate(wards["code"]) for ring in _rings(found[code])]
    corners = np.concatenate([ring for _, ring in raw])
    # Degrees of longitude are shortened to those of latitude.
    is_degrees = bool(np.abs(corners).max() <= 180.0)
    squeeze = np.array([np.cos(np.radians(corners[:, 1].mean())) if is_degrees else 1.0, 1.0])
    low, high = corners.min(axis=0) * squeeze, corners.max(axis=0) * squeeze
    rings, height = [], 0
    for ward, ring in raw:
        placed, _, height = _on_grid(ring * squeeze, low, high)
        rings.append((ward, _without_repeats(np.rint(placed).astype(np.int64))))
    paths = _paths(rings, len(wards))
    return {
        "kind": "boundaries",
        "height": height,
        "centres": _middles(rings, len(wards)),
        "paths": paths,
    }


def _rings(outline: Outline) -> list[NDArray[np.float64]]:
    """Split a compound path into its rings, without the point that closes them."""
    starts = np.flatnonzero(outline.codes == Outline.MOVETO)
    return [ring[:-1] for ring in np.split(outline.vertices, starts[1:])]


def _without_repeats(ring: Points) -> Points:
    """Drop points that fall onto the one before; of a ring in one place a point is kept."""
    kept = (ring != np.roll(ring, 1, axis=0)).any(axis=1)
    kept[0] |= not kept.any()
    return ring[kept]


def _middles(rings: list[tuple[int, Points]], n_wards: int) -> list[list[int]]:
    """Return the middle of each ward's longest ring."""
    longest: dict[int, Points] = {}
    for ward, ring in rings:
        if len(ring) >= len(longest.get(ward, ())):
            longest[ward] = ring
    return [
        np.rint((longest[n].min(axis=0) + longest[n].max(axis=0)) / 2).astype(int).tolist()
        for n in range(n_wards)
    ]


def _paths(rings: list[tuple[int, Points]], n_wards: int) -> list[str]:
    """Write each ward's rings as path data, simplified until all of them are short enough."""
    tolerance = FINEST
    while True:
        simple = simplify([ring for _, ring in rings], tolerance)
        texts = [""] * n_wards
        for (ward, ring), kept in zip(rings, simple, strict=True):
            texts[ward] += _path(kept if len(kept) > 2 else _speck(ring))
        if sum(map(len, texts)) <= MOST_CHARACTERS or tolerance > ACROSS:
            return texts
        tolerance *= 1.6


def _speck(ring: Points) -> Points:
    """Return a triangle in the place of a ring too small to be drawn."""
    return ring[0] + np.array([[0, 0], [1, 0], [0, 1]])


def _path(ring: Points) -> str:
    """Write a closed ring: its first point, then steps from point to point."""
    steps = np.diff(ring, axis=0).ravel().tolist()
    text = "".join(f"{step}" if step < 0 else f" {step}" for step in steps)
    return f"M{ring[0, 0]} {ring[0, 1]}l{text.lstrip()}z"


def simplify(rings: list[Points], tolerance: float) -> list[Points]:
    """Leave out points so that no line moves by more than the tolerance, and neighbours still meet.

    Lines between two points where more than two lines meet are simplified once, the same for all
    rings they are part of (Douglas and Peucker, Cartographica 10, 1973).

    Parameters
    ----------
    rings : list of ndarray of int, each of shape (n, 2)
        Closed, the first point not repeated; neighbours have their common points.
    tolerance : float
        In units of the points.
    """
    beside: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    as_tuples = [[(int(x), int(y)) for x, y in ring] for ring in rings]
    for ring in as_tuples:
        for here, after in zip(ring, ring[1:] + ring[:1], strict=True):
            beside[here].add(after)
            beside[after].add(here)
    known: dict[tuple[tuple[int, int], ...], list[tuple[int, int]]] = {}
    return [_simple_ring(ring, beside, tolerance, known) for ring in as_tuples]


def _simple_ring(ring, beside, tolerance, known) -> Points:
    """Simplify one ring, line by line between the points where lines meet."""
    if len(ring) < 4:
        return np.array(ring, np.int64).reshape(-1, 2)
    nodes = [at for at, point in enumerate(ring) if len(beside[point]) != 2]
    first = nodes[0] if nodes else ring.index(min(ring))
    turned = ring[first:] + ring[:first]
    ends = [at - first for at in nodes[1:]] if nodes else []
    kept: list[tuple[int, int]] = []
    for low, high in zip([0, *ends], [*ends, len(ring)], strict=True):
        line = tuple((turned + turned[:1])[low : high + 1])
        # One direction for both neighbours.
        forward = (line[0], line[1]) <= (line[-1], line[-2])
        key = line if forward else line[::-1]
        if key not in known:
            known[key] = _douglas_peucker(key, tolerance)
        found = known[key] if forward else known[key][::-1]
        kept += found[:-1]
    return np.array(kept, np.int64)


def _douglas_peucker(line: tuple[tuple[int, int], ...], tolerance: float) -> list[tuple[int, int]]:
    """Keep both ends and every point that the line without it would miss by more."""
    points = np.array(line, np.float64)
    keep = np.zeros(len(line), np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        low, high = spans.pop()
        if high - low < 2:
            continue
        along = points[high] - points[low]
        offset = points[low + 1 : high] - points[low]
        length = float(np.hypot(*along))
        far = (
            np.abs(along[0] * offset[:, 1] - along[1] * offset[:, 0]) / length
            if length
            else np.hypot(*offset.T)
        )
        at = int(far.argmax())
        if far[at] > tolerance:
            keep[low + 1 + at] = True
            spans += [(low, low + 1 + at), (low + 1 + at, high)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]
