"""Ward boundaries from a GeoJSON file, as matplotlib paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike

from simulation.errors import InputError, cut

KINDS = ("Polygon", "MultiPolygon")
FEWEST_POINTS = 3
VINTAGES = {
    r"\d{2}[A-Z]{4}": "wards as coded before 2009",
    r"\d{2}[A-Z]{2}": "districts as coded before 2009",
    r"[EW]05\d{6}|S13\d{6}|N08\d{6}": "wards as coded since 2009",
    r"[EW]36\d{6}": "merged wards of Census 2011",
    r"[EW]00\d{6}": "census output areas",
    r"[EWS]01\d{6}": "small areas (LSOA)",
    r"[EWS]02\d{6}": "middle areas (MSOA)",
    r"E0[6-9]\d{6}|W06\d{6}|S12\d{6}": "districts as coded since 2009",
    r"[EW](14|07)\d{6}|S14\d{6}": "parliamentary constituencies",
}
"""What codes of the Office for National Statistics stand for, by their form."""


def read_outlines(path: Path | str, codes: Iterable[str]) -> dict[str, Outline]:
    """Read the outline of each ward; the property that holds the codes is found by itself.

    Parameters
    ----------
    path : Path or str
        A GeoJSON FeatureCollection of Polygon and MultiPolygon; features more than the codes
        are left out, several of one ward are joined.
    codes : iterable of str
        Ward codes.

    Returns
    -------
    dict of str to matplotlib Path
        In the order of the codes, with holes; coordinates as in the file.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a ward or has one without an outline; one line each.
    """
    wanted = list(dict.fromkeys(codes))
    features = _read_features(Path(path))
    values = _values_by_key(features)
    key = max(sorted(values), key=lambda k: len(set(values[k]) & set(wanted)), default="")
    of_ward: dict[str, list[Any]] = {code: [] for code in wanted}
    for feature in features:
        if (code := str(_properties(feature).get(key))) in of_ward:
            of_ward[code].append(feature.get("geometry"))
    if lacking := [code for code in wanted if not of_ward[code]]:
        raise InputError(_lacking(path, lacking, wanted, values))
    found, problems = {}, []
    for code, geometries in of_ward.items():
        try:
            rings = [ring for each in geometries for ring in _rings(each)]
            found[code] = Outline.make_compound_path(*rings)
        except ValueError as error:
            problems.append(f"boundaries {path}: the outline of {cut(code)}: {error}")
    if problems:
        raise InputError(problems)
    return found


def _read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a file, whatever their geometry."""
    try:
        content = json.loads(path.expanduser().read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"boundaries {path}: not a readable GeoJSON FeatureCollection ({cut(said)})"
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        kind = content.get("type") if isinstance(content, dict) else type(content).__name__
        raise InputError(
            f"boundaries {path}: not a readable GeoJSON FeatureCollection, but {cut(repr(kind))}"
        )
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _values_by_key(features: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Return what each property holds, as text."""
    found: dict[str, list[str]] = {}
    for feature in features:
        for key, value in _properties(feature).items():
            found.setdefault(key, []).append(str(value))
    return found


def _lacking(
    path: Path | str, lacking: Sequence[str], wanted: Sequence[str], values: dict[str, list[str]]
) -> str:
    """Say which wards have no outline, and which codes the file seems to have instead."""
    said = (
        f"boundaries {path}: no outline for {len(lacking)} of {len(wanted)} wards, such as"
        f" {cut(', '.join(lacking[:5]))}"
    )
    if not values:
        return f"{said}; no feature has properties, and one of them must hold every ward code"
    ours = vintage(lacking)
    key = max(sorted(values), key=lambda each: sum(bool(vintage([v])) for v in values[each]))
    theirs = vintage(set(values[key]) - set(wanted))
    if theirs and theirs != ours:
        area = f" like {ours}" if ours else ""
        return (
            f"{said}; the area's codes look{area or ' like its own'}, those of the file (property"
            f" {cut(key)}, such as {cut(values[key][0])}) like {theirs}: give boundaries of the"
            " same codes"
        )
    return f"{said}; some property must hold every ward code"


def vintage(codes: Iterable[str]) -> str:
    """Say what most of some codes look like, such as wards as coded before 2009; empty if not."""
    codes = list(codes)
    counts = {
        words: sum(re.fullmatch(form, code, re.ASCII) is not None for code in codes)
        for form, words in VINTAGES.items()
    }
    best = max(counts, key=lambda words: counts[words])
    return best if counts[best] > len(codes) / 2 else ""


def _rings(geometry: Any) -> list[Outline]:
    """Return the rings of a geometry; the rule of winding makes inner rings holes.

    Raises
    ------
    ValueError
        In a few words, if there is none or it cannot be read.
    """
    if not isinstance(geometry, dict) or not geometry.get("coordinates"):
        raise ValueError("it has no coordinates")
    if geometry.get("type") not in KINDS:
        raise ValueError(f"it is a {cut(geometry.get('type'))}; must be of {', '.join(KINDS)}")
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    rings = []
    for polygon in polygons:
        for number, ring in enumerate(polygon if isinstance(polygon, list) else [polygon]):
            points = _points(ring)
            # Outer rings one way round, holes the other, whatever the file does.
            if (_signed_area(points) > 0) != (number == 0):
                points = points[::-1]
            rings.append(Outline(points, closed=True))
    if not rings:
        raise ValueError("it has no coordinates")
    return rings


def _points(ring: Any) -> np.ndarray:
    """Return the points of a ring, float64 (n, 2)."""
    if not ring:
        raise ValueError("a ring has no coordinates")
    try:
        points = np.asarray(ring, dtype=np.float64)
    except (ValueError, TypeError):
        points = np.zeros(0)
    if points.ndim != 2 or points.shape[1] < 2 or len(points) < FEWEST_POINTS:
        raise ValueError(f"a ring must be {FEWEST_POINTS} or more points of two numbers")
    if not np.isfinite(points).all():
        raise ValueError("a coordinate is not finite")
    return points[:, :2]


def _signed_area(points: ArrayLike) -> float:
    """Shoelace formula; positive when the ring runs anticlockwise."""
    x, y = np.asarray(points).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
