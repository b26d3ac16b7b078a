"""Boundaries as users bring them: joined where split, named where empty, told apart by vintage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulation.errors import InputError
from simulation.report.figures.boundaries import read_outlines, vintage

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def feature(code: Any, coordinates: Any, kind: str = "Polygon", key: str = "code") -> dict:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {key: code}, "geometry": geometry}


def shifted(by: float) -> list[list[float]]:
    return [[x + by, y] for x, y in SQUARE]


def write(folder: Path, *features: Any) -> Path:
    path = folder / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def line(path: Path, codes: list[str]) -> str:
    """The one line with which a file is refused, without its name."""
    with pytest.raises(InputError) as caught:
        read_outlines(path, codes)
    (found,) = caught.value.problems
    return found.removeprefix(f"boundaries {path}: ")


def test_a_ward_in_several_features_is_joined(tmp_path):
    path = write(tmp_path, feature("A", [SQUARE]), feature("B", [SQUARE]),
                 feature("A", [[shifted(5)]], "MultiPolygon"))  # fmt: skip
    outlines = read_outlines(path, ["B", "A"])
    assert list(outlines) == ["B", "A"]
    assert [len(each.to_polygons()) for each in outlines.values()] == [1, 2]
    assert outlines["A"].contains_points([(0.5, 0.5), (5.5, 0.5), (3, 0.5)]).tolist() == [
        True, True, False
    ]  # fmt: skip


def test_features_without_properties_are_passed_over(tmp_path):
    empty = {"type": "Feature", "properties": None, "geometry": None}
    assert list(read_outlines(write(tmp_path, empty, feature("A", [SQUARE])), ["A"])) == ["A"]
    said = line(write(tmp_path, empty), ["A"])
    assert said.endswith("no feature has properties, and one of them must hold every ward code")


@pytest.mark.parametrize(
    ("coordinates", "kind", "says"),
    [
        ([], "Polygon", "it has no coordinates"),
        (None, "MultiPolygon", "it has no coordinates"),
        ([[]], "Polygon", "a ring has no coordinates"),
        ([[[]]], "MultiPolygon", "a ring has no coordinates"),
        ([[[0, 0], [1, 1]]], "Polygon", "a ring must be 3 or more points of two numbers"),
        ([[[0, 0], [1, "x"], [1, 1]]], "Polygon", "a ring must be 3 or more points of two"),
        ([[[0], [1], [2]]], "Polygon", "a ring must be 3 or more points of two numbers"),
        (SQUARE, "Polygon", "a ring must be 3 or more points of two numbers"),
        ([[[0, 0], [1, float("nan")], [1, 1]]], "Polygon", "a coordinate is not finite"),
        ([0, 0], "Point", "it is a Point; must be of Polygon, MultiPolygon"),
    ],
)
def test_an_outline_that_is_none_is_named(tmp_path, coordinates, kind, says):
    path = write(tmp_path, feature("A", [SQUARE]), feature("B", coordinates, kind))
    assert line(path, ["A", "B"]).startswith(f"the outline of B: {says}")


def test_codes_of_another_vintage_are_said(tmp_path):
    path = write(tmp_path, feature("E05001111", [SQUARE], key="WD11CD"))
    assert line(path, ["00CNFA"]) == (
        "no outline for 1 of 1 wards, such as 00CNFA; the area's codes look like wards as coded"
        " before 2009, those of the file (property WD11CD, such as E05001111) like wards as coded"
        " since 2009: give boundaries of the same codes"
    )
    path = write(tmp_path, feature("E02001111", [SQUARE]))
    assert "look like its own, those of the file (property code, such as E02001111) like mid" in (
        line(path, ["M1"])
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("00CN", "districts as coded before 2009"),
        ("W05000001", "wards as coded since 2009"),
        ("E01000001", "small areas (LSOA)"),
        ("E08000025", "districts as coded since 2009"),
        ("E14000564", "parliamentary constituencies"),
        ("M1", ""),
    ],
)
def test_vintages_are_known_by_the_form_of_the_code(code, words):
    assert vintage([code]) == words


@pytest.mark.parametrize(
    "text",
    ["[]", "5", '{"type": "Topology", "objects": {}}', '{"features": [1]}', "[" * 100_000, "\xff"],
    ids=["list", "number", "topology", "no features", "deep", "no text"],
)
def test_what_is_no_collection_is_refused(tmp_path, text):
    path = tmp_path / "wards.geojson"
    path.write_bytes(text.encode("latin-1"))
    assert line(path, ["A"]).startswith("not a readable GeoJSON FeatureCollection")
