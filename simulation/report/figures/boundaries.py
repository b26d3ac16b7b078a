"""Ward boundaries from a GeoJSON file, as matplotlib paths."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike

from simulation.errors import InputError


def read_outlines(path: Path | str, codes: Iterable[str]) -> dict[str, Outline]:
    """Read the outline of each ward; the property that holds the codes is found by itself.

    Parameters
    ----------
    path : Path or str
        A GeoJSON FeatureCollection of Polygon and MultiPolygon; features more than the codes
        are left out.
    codes : iterable of str
        Ward codes.

    Returns
    -------
    dict of str to matplotlib Path
        With holes; coordinates as in the file.

    Raises
    ------
    InputError
        When the file cannot be read or lacks a ward.
    """
    wanted = list(codes)
    features = _read_features(Path(path))
    keys = {key for feature in features for key in feature.get("properties") or {}}
    found = {key: {str(f["properties"].get(key)) for f in features} for key in keys}
    key = max(sorted(keys), key=lambda k: len(found[k] & set(wanted)), default=None)
    lacking = [code for code in wanted if key is None or code not in found[key]]
    if lacking:
        raise InputError(
            f"boundaries {path}: no outline for {len(lacking)} of {len(wanted)} wards, such as"
            f" {', '.join(lacking[:5])}; some property must hold every ward code"
        )
    return {
        str(feature["properties"][key]): _outline(feature["geometry"])
        for feature in features
        if str(feature["properties"].get(key)) in set(wanted)
    }


def _read_features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"boundaries {path}: not a readable GeoJSON FeatureCollection ({error})"
        ) from error
    kinds = ("Polygon", "MultiPolygon")
    return [f for f in features if (f.get("geometry") or {}).get("type") in kinds]


def _outline(geometry: dict[str, Any]) -> Outline:
    """One compound path of all rings; the rule of winding makes inner rings holes."""
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    rings = []
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            points = np.asarray(ring, dtype=np.float64)[:, :2]
            # Outer rings one way round, holes the other, whatever the file does.
            if (_signed_area(points) > 0) != (number == 0):
                points = points[::-1]
            rings.append(Outline(points, closed=True))
    return Outline.make_compound_path(*rings)


def _signed_area(points: ArrayLike) -> float:
    """Shoelace formula; positive when the ring runs anticlockwise."""
    x, y = np.asarray(points).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
