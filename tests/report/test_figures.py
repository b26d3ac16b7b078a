"""What figures say and draw, read back from the figure objects."""

import itertools
import json
import xml.etree.ElementTree as ElementTree

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from frames import QUEUE_SHARES, monthly_frame, ward_table
from matplotlib.backends.backend_agg import FigureCanvasAgg

from simulation.errors import InputError
from simulation.report.figures import (
    beveridge_curve,
    claimant_counts,
    difference_over_time,
    employment_gap,
    hires_by_queue_position,
    save_figure,
    ward_change,
    ward_map,
)
from simulation.report.figures.boundaries import read_outlines
from simulation.report.figures.cartogram import circle_radii, relax_circles
from simulation.report.figures.style import A4_WIDTH, spread
from simulation.report.figures.tables import difference_band
from simulation.results.outcomes import area_tables, employment_rate, outcome_values

DRAWN = (
    claimant_counts,
    employment_gap,
    difference_over_time,
    hires_by_queue_position,
    beveridge_curve,
)
MONTHLY = monthly_frame(seeds=(0, 1, 2))


def visible(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def texts(figure):
    """Every piece of text with its box in pixels, titles and labels included."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = [figure._suptitle, figure._supxlabel]
    for axes in visible(figure):
        found += [axes._left_title, *axes.texts]
        if not axes.axison:
            continue
        found += [axes.xaxis.label, axes.yaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            low, high = sorted(limits)
            # Inner panels that share a scale have places but no labels.
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
            found += [label for place, label in ticks if low <= place <= high]
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in found
        if text.get_text().strip() and text.get_visible()
    ]


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_no_text_leaves_the_page_or_covers_other_text(draw):
    figure = draw(MONTHLY, note="Each simulated person stands for 10 people.")
    assert figure.get_figwidth() == A4_WIDTH
    boxes = texts(figure)
    for text, box in boxes:
        assert box.x0 >= -1 and box.x1 <= figure.bbox.width + 1, text
        assert box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or up <= 2, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_every_figure_states_its_sample_and_the_callers_note(draw):
    note = draw(MONTHLY, note="Thinned tenfold.")._supxlabel.get_text().replace("\n", " ")
    assert "3 runs (seeds)" in note
    assert note.endswith("Thinned tenfold.")


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_one_seed_is_drawn_and_said(draw):
    note = draw(monthly_frame(seeds=(4,)))._supxlabel.get_text()
    assert "one run an arm" in note


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_an_arm_that_is_not_there_is_refused(draw):
    with pytest.raises(InputError, match="arm 'prime' is not in the monthly frame"):
        draw(MONTHLY, arms=["fragmented", "prime"])


def test_claimant_panels_draw_the_mean_over_seeds_from_zero():
    figure = claimant_counts(MONTHLY, arms=["aligned"])
    (axes,) = visible(figure)
    mean = area_tables(MONTHLY)["jsa"].loc["aligned"].groupby("date").mean()
    np.testing.assert_allclose(axes.lines[0].get_ydata() * 1000.0, mean)
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylabel() == "Claimants (thousand people)"


def test_lines_differ_in_dash_as_well_as_in_colour():
    (axes,) = visible(claimant_counts(MONTHLY, arms=["aligned"]))
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in axes.lines}) == 4
    assert len({line.get_color() for line in axes.lines}) == 4


def test_gap_title_states_the_gap_at_the_end():
    figure = employment_gap(MONTHLY, arms=["fragmented"])
    last = MONTHLY["date"].max()
    rate = {
        group: employment_rate(area_tables(MONTHLY, group)).loc["fragmented", :, last].mean()
        for group in ("priority:0", "priority:1")
    }
    gap = rate["priority:0"] - rate["priority:1"]
    assert f"end {gap:.1f} points behind other wards" in figure._suptitle.get_text()


def test_gap_without_priority_groups_is_refused():
    with pytest.raises(InputError, match="group 'priority:0'"):
        employment_gap(MONTHLY[MONTHLY["group"] == "all"])


def test_gap_in_an_area_of_one_kind_of_ward_is_refused():
    nobody = MONTHLY.assign(value=MONTHLY["value"].where(MONTHLY["group"] != "priority:1", 0))
    with pytest.raises(InputError, match="priority wards: there are none"):
        employment_gap(nobody)
    shares = outcome_values(nobody)["outcome"]
    assert "long_term_workless_share_end" in set(shares)
    assert "long_term_workless_share_priority_end" not in set(shares)


def test_differences_are_paired_within_seeds():
    employed = area_tables(MONTHLY)["employed"]
    line = difference_band(employed, "pooled", "fragmented")
    wide = employed.unstack("seed")
    expected = (wide.loc["pooled"] - wide.loc["fragmented"]).mean(axis=1)
    np.testing.assert_allclose(line.mean, expected)
    fewer = MONTHLY[~((MONTHLY["arm"] == "pooled") & (MONTHLY["seed"] == 2))]
    with pytest.raises(InputError, match="same seeds"):
        difference_over_time(fewer)


def test_a_difference_that_holds_zero_is_not_claimed_in_the_title():
    same = MONTHLY[MONTHLY["arm"] == "fragmented"]
    frame = pd.concat([same, same.assign(arm="null")])
    assert "can be told apart" in difference_over_time(frame)._suptitle.get_text()
    clear = difference_over_time(MONTHLY, arms=["fragmented", "pooled"])._suptitle.get_text()
    assert "more people in work than fragmented" in clear.replace("\n", " ")


def test_bars_of_an_arm_add_up_to_a_hundred():
    figure = hires_by_queue_position(MONTHLY)
    panels = visible(figure)
    assert len(panels) == len(QUEUE_SHARES)
    for arm in range(3):
        assert sum(axes.patches[arm].get_width() for axes in panels) == pytest.approx(100)
    assert all(axes.get_xlim()[0] == 0 for axes in panels)


def test_shares_of_hires_are_not_drawn_where_a_run_has_none():
    of_hires = MONTHLY["outcome"].astype(str).str.startswith("hires")
    none = of_hires & (MONTHLY["arm"] == "pooled") & (MONTHLY["seed"] == 1)
    fewer = MONTHLY.assign(value=MONTHLY["value"].mask(none, 0.0))
    with pytest.raises(InputError, match="nobody was hired"):
        hires_by_queue_position(fewer)
    assert hires_by_queue_position(fewer, arms=["fragmented"])


def test_beveridge_path_follows_the_definitions_of_both_rates():
    frame = monthly_frame(arms=("one",), seeds=(0,))
    (axes,) = visible(beveridge_curve(frame))
    # The run starts in June 2006, so the second point is July to September.
    table = area_tables(frame).iloc[1:4]
    seekers = table["jsa"] + table["seeking_no_benefit"]
    unemployed = 100 * seekers / (seekers + table["employed"])
    vacant = 100 * table["vacancies"] / (table["vacancies"] + table["employed"])
    x, y = (data[1] for data in axes.lines[0].get_data())
    assert (x, y) == pytest.approx((unemployed.mean(), vacant.mean()))


def test_labels_move_apart_as_little_as_possible():
    placed = spread([10.0, 10.0, 50.0], gap=4.0, low=0.0, high=100.0)
    np.testing.assert_allclose(placed, [8.0, 12.0, 50.0])
    np.testing.assert_allclose(spread([99.0, 100.0], gap=5.0, low=0.0, high=100.0), [95.0, 100.0])
    assert spread([], gap=1.0, low=0.0, high=1.0).size == 0


def test_circles_keep_their_sizes_and_do_not_overlap():
    wards = ward_table(n_wards=60)
    places = wards[["easting", "northing"]].to_numpy() / 1000.0
    places[1] = places[0]
    radii = circle_radii(places, wards["residents"])
    np.testing.assert_allclose(
        (radii / radii[0]) ** 2, wards["residents"] / wards["residents"].iloc[0]
    )
    centres = relax_circles(places, radii)
    distance = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert (distance > radii[:, None] + radii[None]).all()
    np.testing.assert_array_equal(centres, relax_circles(places, radii))


def test_circles_far_apart_stay_where_they_are():
    places = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]])
    np.testing.assert_allclose(relax_circles(places, [5.0, 5.0, 5.0]), places, atol=1e-3)


def test_a_ward_without_residents_cannot_be_a_circle():
    with pytest.raises(InputError, match="residents > 0"):
        circle_radii([[0.0, 0.0]], [0])


def geojson(path, wards):
    """Write a square a ward, the first with a hole, in degrees."""
    features = []
    for number, code in enumerate(wards["code"]):
        x, y = number % 5 * 0.1, 52.0 + number // 5 * 0.1
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        hole = [
            [x + 0.04, y + 0.04],
            [x + 0.06, y + 0.04],
            [x + 0.06, y + 0.06],
            [x + 0.04, y + 0.04],
        ]  # noqa: E501
        shape = {"type": "Polygon", "coordinates": [ring, hole] if number == 0 else [ring]}
        properties = {"name": f"n{number}", "WD03CD": code}
        features.append({"type": "Feature", "properties": properties, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def shoelace(ring):
    """Area, positive anticlockwise: nonzero winding leaves a ring of the other sign empty."""
    x, y = ring.T
    return 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])


def test_outlines_are_found_by_code_and_keep_their_holes(tmp_path):
    wards = ward_table()
    outlines = read_outlines(geojson(tmp_path / "wards.geojson", wards), wards["code"][:3])
    assert list(outlines) == ["W000", "W001", "W002"]
    outer, hole = outlines["W000"].to_polygons()
    assert shoelace(outer) == pytest.approx(0.01)
    assert shoelace(hole) == pytest.approx(-0.0002)


def test_a_ward_without_outline_and_a_broken_file_are_refused(tmp_path):
    wards = ward_table()
    path = geojson(tmp_path / "wards.geojson", wards)
    with pytest.raises(InputError, match="no outline for 1 of 2 wards, such as X1"):
        read_outlines(path, ["W001", "X1"])
    path.write_text("{")
    with pytest.raises(InputError, match="not a readable GeoJSON"):
        read_outlines(path, ["W001"])
    with pytest.raises(InputError, match="not a readable GeoJSON"):
        read_outlines(tmp_path / "absent.geojson", ["W001"])


def test_intervals_of_many_arms_stand_beside_one_another_at_the_ends_of_years():
    two = visible(difference_over_time(MONTHLY, arms=["fragmented", "aligned", "pooled"]))[0]
    assert len(two.collections) == 2
    arms = ["fragmented", "aligned", "pooled", "prime"]
    frame = pd.concat(
        [MONTHLY, MONTHLY[MONTHLY["arm"] == "pooled"].assign(arm="prime")], ignore_index=True
    )
    figure = difference_over_time(frame, arms=arms)
    assert "for the end of each year" in figure._supxlabel.get_text().replace("\n", " ")
    bars = visible(figure)[0].collections
    places = [np.array([path.vertices[0, 0] for path in each.get_paths()]) for each in bars]
    assert len(places) == 3
    ends = np.concatenate(places)
    assert np.unique(ends).size == ends.size
    last = mdates.date2num(pd.Timestamp(frame["date"].max()))
    assert ends.max() <= last


@pytest.mark.parametrize("has_boundaries", [True, False])
def test_map_fills_every_ward_and_outlines_the_priority_ones(tmp_path, has_boundaries):
    wards = ward_table()
    path = geojson(tmp_path / "wards.geojson", wards) if has_boundaries else None
    changes = pd.Series(np.linspace(-1, 1, len(wards)), index=wards["code"])
    figure = ward_map(wards, changes, title="Change", unit="points", boundaries=path)
    collections = figure.axes[0].collections
    assert len(collections[0].get_paths()) == len(wards)
    outlined = [c for c in collections if c.get_linewidth()[0] == 1.4]
    assert len(outlined[0].get_paths()) == wards["priority"].sum()
    hatched = [c for c in collections if c.get_hatch()]
    assert len(hatched[0].get_paths()) < (changes < 0).sum()
    assert figure.axes[1].get_ylabel() == "points"


def test_map_refuses_wards_without_a_value():
    wards = ward_table()
    with pytest.raises(InputError, match="no value for 24 wards"):
        ward_map(wards, pd.Series(dtype=float), title="t", unit="u")


def test_ward_change_pairs_seeds_at_the_last_month():
    found = ward_change(
        MONTHLY,
        arm="aligned",
        baseline="fragmented",
        measure=lambda table: table["jsa"],
        needs=("jsa",),
    )
    rows = MONTHLY[
        (MONTHLY["ward"] == "W003")
        & (MONTHLY["outcome"] == "jsa")
        & (MONTHLY["date"] == MONTHLY["date"].max())
    ].set_index(["arm", "seed"])["value"]
    expected = (rows["aligned"] - rows["fragmented"]).mean()
    assert found.loc["W003", "change"] == pytest.approx(expected)
    assert (found["low"] <= found["change"]).all() and (found["change"] <= found["high"]).all()
    assert ward_change(
        MONTHLY[MONTHLY["ward"] == "all"], arm="aligned", baseline="fragmented",
        measure=employment_rate, needs=("employed", "residents"),
    ).empty  # fmt: skip


def test_a_figure_is_saved_whole_as_png_and_svg_and_always_alike(tmp_path):
    paths = save_figure(employment_gap(MONTHLY), tmp_path / "figures", "gap")
    assert sorted(p.name for p in (tmp_path / "figures").iterdir()) == ["gap.png", "gap.svg"]
    assert paths["png"].read_bytes().startswith(b"\x89PNG")
    assert ElementTree.parse(paths["svg"]).getroot().tag.endswith("svg")
    again = save_figure(employment_gap(MONTHLY), tmp_path / "again", "gap")
    for kind in ("png", "svg"):
        assert paths[kind].read_bytes() == again[kind].read_bytes()
