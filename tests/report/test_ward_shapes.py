"""Wards as a browser draws them: simple lines that still meet, and circles without boundaries."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from page_frames import wards_of

from simulation.report.interactive.shapes import (
    ACROSS,
    MOST_CHARACTERS,
    simplify,
    ward_shapes,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "geo" / "wards2003_wm.geojson"


def points_of(path):
    """Read path data back: rings of points."""
    rings = []
    for start, steps in re.findall(r"M(\d+ \d+)l([^z]*)z", path):
        moves = np.array(re.findall(r"-?\d+", steps), int).reshape(-1, 2)
        first = np.array(start.split(), int)
        rings.append(np.vstack([first, first + moves.cumsum(axis=0)]))
    return rings


def wavy(n=400):
    """A border that waves by less than a unit, and one great corner in it."""
    x = np.linspace(0, 400, n).round().astype(int)
    y = np.where(np.arange(n) % 2, 0, 1)
    y[n // 2] = 60
    return np.column_stack([x, y])


def test_neighbours_still_meet_and_corners_stay():
    border = wavy()
    upper = np.vstack([border, [[400, 300], [0, 300]]])
    lower = np.vstack([border[::-1], [[0, -300], [400, -300]]])
    one, other = simplify([upper, lower], 2.0)
    shared = {tuple(point) for point in one} & {tuple(point) for point in other}
    assert len(one) < 12 and len(other) < 12
    assert tuple(border[200]) in shared
    assert len(shared) == len(one) - 2 == len(other) - 2


def test_no_line_moves_by_more_than_the_tolerance():
    turn = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    ring = np.rint(300 * np.column_stack([np.cos(turn), np.sin(turn)])).astype(int)
    (simple,) = simplify([ring], 3.0)
    assert 8 < len(simple) < 80
    ends = np.roll(simple, -1, axis=0)
    along = (ends - simple).astype(float)
    offset = ring[:, None] - simple
    share = np.clip((offset * along).sum(-1) / (along**2).sum(-1), 0, 1)
    gaps = np.hypot(*np.moveaxis(offset - share[..., None] * along, -1, 0)).min(axis=1)
    assert gaps.max() <= 3.0


def test_without_boundaries_wards_are_circles_on_the_map():
    found = ward_shapes(wards_of(30), None)
    assert found["kind"] == "circles" and found["note"] == ""
    centres, radii = np.array(found["centres"]), np.array(found["radii"])
    assert (centres - radii[:, None] >= 0).all()
    assert (centres[:, 0] + radii <= ACROSS).all()
    assert (centres[:, 1] + radii <= found["height"]).all()


def test_boundaries_that_lack_a_ward_give_circles_and_say_so(tmp_path):
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    found = ward_shapes(wards_of(4), path)
    assert found["kind"] == "circles" and "no outline for 4 of 4 wards" in found["note"]


@pytest.mark.skipif(not SHARED.is_file(), reason="../shared/data/geo is not there")
def test_real_boundaries_are_short_and_cover_what_they_did():
    features = json.loads(SHARED.read_text(encoding="utf-8"))["features"]
    wards = wards_of(len(features), code=[each["properties"]["WD03CD"] for each in features])
    found = ward_shapes(wards, SHARED)
    assert found["kind"] == "boundaries"
    assert sum(map(len, found["paths"])) <= MOST_CHARACTERS
    sizes = []
    for path in found["paths"]:
        rings = points_of(path)
        assert all((ring >= 0).all() and (ring[:, 0] <= ACROSS).all() for ring in rings)
        x, y = max(rings, key=len).T
        sizes.append(abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2)
    real = np.array([each["properties"]["area_km2"] for each in features])
    # All on one scale: square kilometres and squares of the map.
    assert np.corrcoef(sizes, real)[0, 1] > 0.999
