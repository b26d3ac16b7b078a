"""What the figures of a study draw and say, read back from the figure objects."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import to_hex
from study_frames import (
    decision_rows,
    design,
    grid_effects,
    index_rows,
    many_values,
    runs_of,
    sobol_indices,
)

from experiments.study_report.figures import (
    Names,
    chosen,
    convergence,
    differences,
    effect_along,
    emulator_check,
    interaction_heat_map,
    morris_plane,
    parallel_coordinates,
    regret,
    response_surface,
    sobol_bars,
    tornado,
)
from experiments.study_report.figures.along import places
from experiments.study_report.figures.differences import future_factors
from experiments.study_report.figures.emulator_check import fit
from experiments.study_report.figures.marks import may_be_chance
from experiments.study_report.figures.names import wrap
from experiments.study_report.figures.parallel_coordinates import evenly, positions, tenths
from experiments.study_report.figures.sobol import pair_matrix
from experiments.study_report.figures.surfaces import curve_table
from experiments.study_report.figures.tornado import single_effects
from simulation.errors import InputError
from simulation.report.figures.style import A4_WIDTH, COLOURS
from simulation.report.pen import decimal, measured

OUTCOME = "employment_rate_end"
NAMES = Names({OUTCOME: "Employment rate at the end"}, {OUTCOME: "per cent"})
VALUES = {"x1": 0.31, "x2": 0.44, "x3": 0.02}


def sobol_points():
    """A random design whose outcome depends on one number and on a choice."""
    points = design(60, n_numbers=5)
    runs = runs_of(points, lambda p: 70 + 2 * p["hiring.strength"] + (p["rule"] == "ranking"))
    return points, runs


def many_pairs(n):
    names = list(many_values(n))
    return index_rows("S2", {pair: 0.05 for pair in itertools.combinations(names, 2)})


def single_changes(n):
    """Effects of two levels of each factor alone."""
    return pd.concat(
        pd.DataFrame(
            {
                "factor": name, "level": [0.5, 2.0], "outcome": OUTCOME, "unit": "per cent",
                "difference": [-0.6 * size, size],
                "difference_low": [-0.6 * size - 0.1, size - 0.1],
                "difference_high": [-0.6 * size + 0.1, size + 0.1],
            }
        )
        for name, size in many_values(n).items()
    )  # fmt: skip


def morris_rows(n):
    values = many_values(n)
    return pd.concat(
        [
            index_rows("mu_star", {name: 4 * size for name, size in values.items()}, floor=0.06),
            index_rows("sigma", {name: 2.5 * size for name, size in values.items()}),
            index_rows("mu", values),
        ]
    )


def growing(n):
    """Total and first-order indices at four numbers of samples."""
    return pd.concat(
        [
            sobol_indices(many_values(n), half=1 / np.sqrt(size)).assign(samples=size)
            for size in (64, 128, 256, 512)
        ]
    )


def predictions(n=40):
    seen = np.linspace(70, 74, n)
    return pd.DataFrame(
        {"outcome": OUTCOME, "point": range(n), "seen": seen, "predicted": seen[::-1] * 0 + 72.0}
    )


POINTS, RUNS = sobol_points()
LARGEST = {"fragmented": 1.1, "aligned": 0.4, "pooled": 0.31, "prime_contractor": 0.9}
DRAWN = {
    "sobol_bars": lambda: sobol_bars(sobol_indices(many_values(20)), outcome=OUTCOME, names=NAMES),
    "sobol_bars_30": lambda: sobol_bars(
        sobol_indices(many_values(30)), outcome=OUTCOME, names=NAMES
    ),
    "tornado_indices": lambda: tornado(morris_rows(20), outcome=OUTCOME, names=NAMES),
    "tornado_effects": lambda: tornado(single_changes(20), outcome=OUTCOME, names=NAMES),
    "heat_map": lambda: interaction_heat_map(many_pairs(20), outcome=OUTCOME, names=NAMES),
    "convergence": lambda: convergence(growing(20), outcome=OUTCOME, names=NAMES),
    "curve": lambda: response_surface(
        POINTS, RUNS, outcome=OUTCOME, factors=["hiring.strength"], names=NAMES
    ),
    "choice": lambda: response_surface(
        POINTS, RUNS, outcome=OUTCOME, factors=["rule"], names=NAMES
    ),
    "parallel": lambda: parallel_coordinates(POINTS, RUNS, outcome=OUTCOME, names=NAMES),
    "differences": lambda: differences(
        grid_effects(), outcome=OUTCOME, policies="regime", names=NAMES
    ),
    "regret": lambda: regret(decision_rows(LARGEST), outcome=OUTCOME, names=NAMES),
    "emulator_check": lambda: emulator_check(predictions(), names=NAMES),
}  # fmt: skip


def axes_of(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def said(text):
    return text.get_text().replace("\n", " ")


def title(figure):
    return said(figure._suptitle)


def note(figure):
    return said(figure._supxlabel)


def bars(axes):
    return [patch for patch in axes.patches if patch.get_height() > 0 and patch.get_width() != 0]


def marked(axes, gid):
    return [line for line in axes.lines if line.get_gid() == gid]


def rows_named(axes):
    return [said(label).replace(" ", "") for label in axes.get_yticklabels()]


def boxes(figure):
    """Every piece of text but numbers in cells with its box in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [figure._suptitle, figure._supxlabel]
    for axes in axes_of(figure):
        texts += [axes._left_title]
        if not axes.axison:
            continue
        texts += [axes.xaxis.label, axes.yaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            low, high = sorted(limits)
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
            texts += [label for place, label in ticks if low <= place <= high]
    return [
        (said(text), text.get_window_extent(renderer))
        for text in texts
        if text.get_text().strip() and text.get_visible()
    ]


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_leaves_the_page_or_covers_other_text(name):
    figure = DRAWN[name]()
    assert figure.get_figwidth() == A4_WIDTH
    assert figure.get_figheight() <= 10.7
    found = boxes(figure)
    for text, box in found:
        assert box.x0 >= -1 and box.x1 <= figure.bbox.width + 1, text
        assert box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, text
    for (one, a), (other, b) in itertools.combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or up <= 2, f"{one!r} covers {other!r}"


def test_bars_are_as_long_as_the_indices_and_in_the_order_of_the_totals():
    (axes,) = axes_of(sobol_bars(sobol_indices(VALUES), outcome=OUTCOME, names=NAMES))
    assert rows_named(axes) == ["x2", "x1", "x3"]
    found = {(round(b.get_y() + b.get_height() / 2), b.get_hatch()): b.get_width()
             for b in bars(axes)}  # fmt: skip
    for at, factor in enumerate(("x2", "x1", "x3")):
        assert found[at, None] == pytest.approx(VALUES[factor])
        assert found[at, "/////"] == pytest.approx(VALUES[factor] + 0.05)
    assert axes.get_xlabel() == "Share of the variance of employment rate at the end"


def test_intervals_end_where_the_table_says():
    (axes,) = axes_of(sobol_bars(sobol_indices({"x1": 0.3}, half=0.07), outcome=OUTCOME))
    ends = sorted(tuple(line.get_xdata()) for line in marked(axes, "interval"))
    np.testing.assert_allclose(ends, [(0.23, 0.37), (0.28, 0.42)])


def test_flagged_indices_are_hollow_and_the_note_says_so():
    indices = sobol_indices(VALUES)
    indices.loc[(indices["factor"] == "x1") & (indices["index"] == "S1"), "flag"] = "within noise"
    figure = sobol_bars(indices, outcome=OUTCOME)
    faces = [to_hex(bar.get_facecolor()) for bar in bars(axes_of(figure)[0])]
    assert faces.count("#ffffff") == 1
    assert "Hollow" in note(figure)
    assert "Hollow" not in note(sobol_bars(sobol_indices(VALUES), outcome=OUTCOME))


def test_a_negative_index_is_drawn_to_the_left_of_zero():
    indices = sobol_indices({"x1": 0.5, "x2": -0.1})
    (axes,) = axes_of(sobol_bars(indices, outcome=OUTCOME))
    assert min(bar.get_x() + bar.get_width() for bar in bars(axes)) == pytest.approx(-0.1)


def test_an_index_that_is_not_a_number_has_no_bar_and_says_so():
    indices = sobol_indices(VALUES)
    indices.loc[indices["factor"] == "x3", ["value", "low", "high"]] = np.nan
    (axes,) = axes_of(sobol_bars(indices, outcome=OUTCOME))
    assert len(bars(axes)) == 4
    assert [said(text).strip() for text in axes.texts] == ["not given", "not given"]
    assert rows_named(axes)[-1] == "x3"


def test_the_floor_is_marked_where_it_is_known():
    figure = tornado(index_rows("pawn", VALUES, floor=0.11), outcome=OUTCOME)
    (axes,) = axes_of(figure)
    assert [line.get_xdata()[0] for line in marked(axes, "floor")] == [0.11] * 3
    assert "without any effect" in note(figure)
    assert not marked(axes_of(tornado(index_rows("pawn", VALUES), outcome=OUTCOME))[0], "floor")


def test_titles_claim_only_what_stands_out_of_the_noise():
    clear = sobol_bars(sobol_indices(VALUES), outcome=OUTCOME, names=NAMES)
    assert title(clear) == (
        "x2 matters most for employment rate at the end: 49% of its variance (45% to 53%)"
    )
    hidden = sobol_bars(sobol_indices(VALUES, half=0.9), outcome=OUTCOME, names=NAMES)
    assert title(hidden) == (
        "No single factor's effect on employment rate at the end can be told from noise"
    )
    close = tornado(index_rows("pawn", {"x1": 0.5, "x2": 0.45, "x3": 0.1}), outcome=OUTCOME)
    assert title(close) == ("Which matters most for employment_rate_end cannot be told: x1 and x2")
    one = tornado(index_rows("pawn", VALUES, flag="one seed: not corrected"), outcome=OUTCOME)
    assert title(one).endswith(" (one seed: luck is in it)")
    denied = tornado(index_rows("pawn", VALUES, flag="within noise"), outcome=OUTCOME)
    assert "No single factor's effect" in title(denied)


def test_a_tornado_draws_the_first_index_that_ranks():
    figure = tornado(morris_rows(5), outcome=OUTCOME, names=NAMES)
    lengths = [bar.get_width() for bar in bars(axes_of(figure)[0])]
    np.testing.assert_allclose(lengths, sorted((4 * v for v in many_values(5).values()),
                                               reverse=True))  # fmt: skip
    assert "percentage points" in said(axes_of(figure)[0].xaxis.label)


def test_single_effects_stand_in_the_order_of_size_hollow_where_zero_is_held():
    effects = single_changes(3)
    effects.iloc[4:, effects.columns.get_indexer(["difference_low", "difference_high"])] = (-1, 1)
    figure = tornado(effects, outcome=OUTCOME, names=NAMES)
    (axes,) = axes_of(figure)
    sizes = many_values(3)
    order = sorted(sizes, key=lambda name: -sizes[name])
    assert rows_named(axes) == order
    dots = {(dot.get_ydata()[0], round(dot.get_xdata()[0], 6)): dot.get_markerfacecolor()
            for dot in marked(axes, "effect")}  # fmt: skip
    last = list(sizes)[2]
    for at, name in enumerate(order):
        face = "white" if name == last else COLOURS[0]
        assert dots[at, round(sizes[name], 6)] == face
        assert dots[at, round(-0.6 * sizes[name], 6)] == face


def test_single_effects_are_found_in_a_table_with_a_column_a_factor():
    rows = pd.DataFrame(
        {
            "strength": [1.0, 0.5, 2.0, 1.0, 2.0], "rule": ["a", "a", "a", "b", "b"],
            "outcome": OUTCOME, "unit": "per cent", "difference": [np.nan, -1.0, 2.0, 3.0, 9.0],
            "difference_low": [np.nan, -2.0, 1.0, 2.0, 8.0],
            "difference_high": [np.nan, 0.0, 3.0, 4.0, 10.0],
        }
    )  # fmt: skip
    found = single_effects(rows, OUTCOME)
    assert list(zip(found["factor"], found["level"], found["difference"], strict=True)) == [
        ("strength", 0.5, -1.0), ("strength", 2.0, 2.0), ("rule", "b", 3.0),
    ]  # fmt: skip


def test_the_plane_places_factors_and_numbers_them_in_the_key():
    figure = morris_plane(morris_rows(20), outcome=OUTCOME, names=NAMES)
    plane, key = axes_of(figure)
    places = [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in marked(plane, "factor")]
    sizes = sorted(many_values(20).values(), reverse=True)
    np.testing.assert_allclose(places, [(4 * size, 2.5 * size) for size in sizes])
    lines = [said(text) for text in key.texts]
    first = max(many_values(20), key=lambda name: many_values(20)[name])
    assert lines[0] == "1" and lines[1].startswith(first[:20])
    assert len(lines) == 40
    numbers = [said(text) for text in plane.texts]
    assert numbers[:3] == ["1", "2", "3"]


def test_the_plane_needs_both_measures():
    with pytest.raises(InputError, match="mu_star and sigma are needed"):
        morris_plane(index_rows("mu_star", VALUES), outcome=OUTCOME)


def test_pairs_are_laid_out_as_a_triangle_with_first_order_on_the_diagonal():
    indices = pd.concat(
        [sobol_indices(VALUES), index_rows("S2", {("x1", "x3"): 0.24, ("x2", "x1"): 0.01})]
    )
    values, clear = pair_matrix(indices, OUTCOME, ["x1", "x2", "x3"])
    np.testing.assert_allclose(np.diag(values), [0.31, 0.44, 0.02])
    assert values[2, 0] == 0.24 and values[1, 0] == 0.01
    assert np.isnan(values[0, 2]) and np.isnan(values[2, 1])
    assert clear[2, 0] and not clear[1, 0]
    figure = interaction_heat_map(indices, outcome=OUTCOME, names=NAMES)
    assert title(figure).startswith("x1 and x3 act on each other most: 0.24")
    filled = [to_hex(p.get_facecolor()) for p in axes_of(figure)[0].patches]
    assert sum(colour != "#ffffff" for colour in filled) == 1


def test_a_wide_interval_leaves_a_pair_filled_and_a_denial_does_not():
    for flag, is_filled in (("interval wider than 0.2", True), ("within noise", False)):
        rows = index_rows("S2", {("x1", "x3"): 0.24}, flag=flag)
        _, clear = pair_matrix(rows, OUTCOME, ["x1", "x3"])
        assert clear[1, 0] == is_filled


def test_pairs_of_many_factors_keep_those_with_most_interplay():
    indices = many_pairs(20)
    indices.loc[0, ["value", "low"]] = (0.9, 0.8)
    figure = interaction_heat_map(indices, outcome=OUTCOME)
    assert "Those 16 of 20" in note(figure)
    first = rows_named(axes_of(figure)[0])[0]
    assert first.removesuffix("1") in (indices.loc[0, "factor"], indices.loc[0, "other"])


def test_convergence_draws_each_index_against_samples_and_says_whether_it_settled():
    table = growing(3)
    figure = convergence(table, outcome=OUTCOME, names=NAMES)
    first = max(many_values(3), key=lambda name: many_values(3)[name])
    axes = axes_of(figure)[1]
    line = next(line for line in axes.lines if len(line.get_xdata()) == 4)
    np.testing.assert_array_equal(line.get_xdata(), [64, 128, 256, 512])
    np.testing.assert_allclose(line.get_ydata(), many_values(3)[first] + 0.05)
    assert f"ST of {first} has settled" in title(figure)
    table.loc[table["samples"] == 512, "value"] += 0.3
    assert "has not settled" in title(convergence(table, outcome=OUTCOME, names=NAMES))
    two = growing(3).query("samples > 128")
    assert "settled" not in title(convergence(two, outcome=OUTCOME, names=NAMES))
    for flag in ("within noise", "interval wider than 0.2"):
        flagged = growing(3).assign(flag=flag)
        assert "settled" not in title(convergence(flagged, outcome=OUTCOME, names=NAMES))


def test_convergence_needs_two_numbers_of_samples():
    with pytest.raises(InputError, match="one number of samples"):
        convergence(sobol_indices(VALUES), outcome=OUTCOME)


def test_a_curve_of_one_factor_is_the_mean_over_seeds_with_their_t_interval():
    points = pd.DataFrame({"strength": [0.0, 1.0]}, index=pd.RangeIndex(2, name="point"))
    values = {0: (1.0, 2.0, 3.0), 1: (5.0, 5.0, 8.0)}
    runs = pd.DataFrame(
        [(p, seed, y) for p, ys in values.items() for seed, y in enumerate(ys)],
        columns=["point", "seed", "y"],
    )
    table = points.assign(outcome=[2.0, 6.0])
    found = curve_table(table, runs, "y", "strength", block=None)
    np.testing.assert_allclose(found["mean"], [2.0, 6.0])
    # Student's t for two degrees of freedom is 4.3027; the deviations are 1 and root 3.
    half = 4.302653 * np.array([1.0, np.sqrt(3.0)]) / np.sqrt(3.0)
    np.testing.assert_allclose(found["high"] - found["mean"], half, rtol=1e-6)
    figure = response_surface(points, runs, outcome="y", factors=["strength"])
    assert title(figure) == "y by strength: means from 2.0 to 6.0"
    assert "Line: mean over 3 seeds" in note(figure)


def test_the_band_of_a_curve_holds_the_mean_over_the_other_factors():
    """Saltelli's blocks, each of six points of which three share a value of x."""
    rng = np.random.default_rng(1)
    hits = []
    for _ in range(60):
        x, other = rng.integers(0, 4, (2, 40)), rng.normal(size=(2, 40))
        places = [(0, 0), (1, 0), (0, 1), (0, 1), (1, 0), (1, 1)]
        table = pd.DataFrame(
            {"x": np.stack([x[i] for i, _ in places], axis=1).ravel().astype(float),
             "other": np.stack([other[j] for _, j in places], axis=1).ravel()}
        )  # fmt: skip
        y = table["x"] + table["other"]
        seeds = [
            pd.DataFrame({"point": table.index, "seed": seed, "y": y + luck})
            for seed, luck in enumerate(0.1 * rng.normal(size=4))
        ]
        runs = pd.concat(seeds, ignore_index=True)
        table = table[["x"]].assign(outcome=runs.groupby("point")["y"].mean())
        found = curve_table(table, runs, "y", "x", block=6)
        hits += ((found["low"] <= found.index) & (found.index <= found["high"])).tolist()
        single = curve_table(table, runs, "y", "x", block=1)
        assert (single["high"] - single["low"] < found["high"] - found["low"]).mean() > 0.5
    assert 0.9 <= np.mean(hits) <= 0.99


def test_without_drawn_points_a_band_is_of_seeds_and_with_one_seed_there_is_none():
    points = pd.DataFrame({"a": [0.0, 0.0, 1.0, 1.0], "b": [0.0, 1.0, 0.0, 1.0]})
    runs = pd.DataFrame({"point": range(4), "seed": 0, "y": [1.0, 2.0, 3.0, 5.0]})
    table = points[["a"]].assign(outcome=runs["y"])
    assert curve_table(table, runs, "y", "a", block=None)[["low", "high"]].isna().all(axis=None)
    assert curve_table(table, runs, "y", "a", block=1)[["low", "high"]].notna().all(axis=None)


def test_a_grid_draws_the_two_factors_that_spread_the_outcome_most(monkeypatch):
    rows = list(itertools.product((0, 1), repeat=3))
    points = pd.DataFrame(rows, columns=["a", "b", "c"]).rename_axis("point")
    y = (points["c"] * 5.0 + points["b"]).to_numpy()
    runs = pd.DataFrame({"point": range(8), "seed": 0, OUTCOME: y})
    drawn = []
    monkeypatch.setattr(chosen, "response_surface", lambda *_, factors, **__: drawn.append(factors))
    for _, draw in chosen._run_choices(points, runs, OUTCOME, [], None, {"outcome": OUTCOME})[:2]:
        draw()
    assert drawn == [["c"], ["c", "b"]]


def test_a_curve_over_many_levels_is_binned_and_says_that_others_vary():
    figure = DRAWN["curve"]()
    (axes,) = axes_of(figure)
    (mean,) = marked(axes, "mean")
    assert len(mean.get_xdata()) == 10
    assert "other factors" in note(figure)
    assert axes.get_ylabel() == "Employment rate at the end (per cent)"


def test_two_factors_of_a_grid_are_cells_of_means():
    points = pd.DataFrame(
        list(itertools.product([1.0, 2.0], ["a", "b"])), columns=["strength", "rule"]
    ).rename_axis("point")
    runs = pd.DataFrame({"point": [0, 1, 2, 3], "seed": 1, "y": [10.0, 20.0, 30.0, 40.0]})
    figure = response_surface(points, runs, outcome="y", factors=["strength", "rule"])
    axes = axes_of(figure)[0]
    (mesh,) = [each for each in axes.collections if isinstance(each, QuadMesh)]
    np.testing.assert_allclose(np.asarray(mesh.get_array()).ravel(), [10, 30, 20, 40])
    assert [said(label) for label in axes.get_yticklabels()] == ["a", "b"]
    assert title(figure) == "y: 10 to 40 over all values of strength and rule"
    same = response_surface(points, runs.assign(y=7.0), outcome="y", factors=["strength", "rule"])
    assert title(same) == "y is the same at every point, 7.0"


def test_two_numbers_alone_are_contours_with_the_points_on_them():
    points = design(40)[["hiring.strength", "partnership.trust_growth"]]
    runs = runs_of(points, lambda p: p.iloc[0] * p.iloc[1])
    figure = response_surface(points, runs, outcome=OUTCOME, factors=list(points))
    assert len(marked(axes_of(figure)[0], "points")[0].get_xdata()) == 40


def test_an_outcome_that_some_runs_lack_is_refused_by_name_and_place():
    runs = RUNS.copy()
    runs.loc[3, OUTCOME] = np.nan
    for draw in (
        lambda: response_surface(POINTS, runs, outcome=OUTCOME, factors=["rule"]),
        lambda: parallel_coordinates(POINTS, runs, outcome=OUTCOME),
    ):
        with pytest.raises(InputError, match="not a number in 1 of 240 runs, first at point 0, se"):
            draw()


def test_parallel_coordinates_hold_every_point_with_its_outcome_at_the_foot():
    (axes,) = axes_of(DRAWN["parallel"]())
    lines = {each.get_gid(): each.get_segments() for each in axes.collections
             if isinstance(each, LineCollection)}  # fmt: skip
    assert sum(map(len, lines.values())) == 60
    assert len(lines["tenth 1"]) == len(lines["tenth 2"]) == 6
    lowest = [segment[-1][0] for segment in lines["tenth 1"]]
    highest = [segment[-1][0] for segment in lines["tenth 2"]]
    assert min(lowest) == 0.0 and max(highest) == 1.0
    assert max(lowest) < min(s[-1][0] for s in lines["tenth 0"])
    rest = max(segment[-1][0] for segment in lines["tenth 0"])
    assert rest < min(highest)
    assert rows_named(axes)[-1] == "Employmentrateattheend(percent)"


def test_choices_have_places_of_their_own_on_their_scale():
    column = pd.Series(["a", "b", "a", "b", "b"])
    placed = positions(column, column)
    assert (placed[[0, 2]] < 0.5).all() and (placed[[1, 3, 4]] > 0.5).all()
    assert len(set(placed)) == 5


def test_tenths_keep_ties_and_mark_nothing_where_all_is_alike():
    np.testing.assert_array_equal(tenths(np.array([1.0, 1.0, 2.0, 3.0])), [1, 1, 0, 2])
    np.testing.assert_array_equal(tenths(np.full(5, 2.0)), np.zeros(5))


def test_of_too_many_points_some_are_drawn_evenly_with_both_ends():
    kept = evenly(pd.Series(np.arange(1000.0)), 11)
    assert len(kept) == 11 and kept.min() == 0 and kept.max() == 999


def test_a_design_without_two_levels_of_anything_is_refused():
    points = pd.DataFrame({"a": [1.0, 1.0]}).rename_axis("point")
    with pytest.raises(InputError, match="no factor has two levels"):
        parallel_coordinates(points, runs_of(points, lambda p: 1.0), outcome=OUTCOME)


def test_differences_have_a_panel_a_policy_and_a_row_a_future():
    effects = grid_effects()
    figure = differences(effects, outcome=OUTCOME, policies="regime", names=NAMES)
    shown = axes_of(figure)
    assert [said(axes._left_title).replace(" ", "") for axes in shown] == [
        "fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned",
    ]  # fmt: skip
    rows = effects[effects["regime"] == "pooled"]
    dots = marked(shown[2], "difference")
    np.testing.assert_allclose([dot.get_xdata()[0] for dot in dots], rows["difference"])
    clear = (rows["difference_low"] > 0) | (rows["difference_high"] < 0)
    faces = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert faces == list(clear)
    intervals = [tuple(line.get_xdata()) for line in marked(shown[2], "interval")]
    np.testing.assert_allclose(intervals, rows[["difference_low", "difference_high"]])
    assert said(shown[0].yaxis.label) == "economy / hiring / hiring.strength"
    assert rows_named(shown[0])[:5] == ["steady/random/0.5", "1", "2", "4", "ranking/0.5"]


def test_the_title_of_differences_counts_both_signs():
    effects = grid_effects()
    rows = effects[effects["regime"] != "none"]
    ups = int((rows["difference_low"] > 0).sum())
    downs = int((rows["difference_high"] < 0).sum())
    found = title(differences(effects, outcome=OUTCOME, policies="regime", names=NAMES))
    assert f"of 120 differences, {ups} clearly above and {downs} clearly below zero" in found
    wide = effects.assign(difference_low=-9.0, difference_high=9.0)
    assert "No difference in employment rate at the end can be told" in title(
        differences(wide, outcome=OUTCOME, policies="regime", names=NAMES)
    )


def test_more_futures_than_a_page_holds_are_thinned_and_counted():
    effects = grid_effects()
    more = pd.concat([effects.assign(weeks=weeks) for weeks in (26, 52, 104)])
    figure = differences(more, outcome=OUTCOME, policies="regime", names=NAMES)
    assert "48 of 72 futures are drawn" in note(figure)
    assert figure.get_figheight() < 10.7


def test_differences_without_a_future_or_a_difference():
    effects = grid_effects()
    one = effects[(effects["economy"] == "deep") & (effects["hiring"] == "ranking")]
    one = one[one["hiring.strength"] == 4.0]
    assert future_factors(one, "regime") == []
    figure = differences(one, outcome=OUTCOME, policies="regime", names=NAMES)
    assert rows_named(axes_of(figure)[0]) == ["theonlyfuture"]
    with pytest.raises(InputError, match="no difference of"):
        differences(effects[effects["regime"] == "none"], outcome=OUTCOME, policies="regime")


def test_lines_along_a_factor_are_the_differences_of_each_policy():
    effects = grid_effects()
    part = effects[(effects["economy"] == "deep") & (effects["hiring"] == "ranking")]
    figure = effect_along(
        part, outcome=OUTCOME, policies="regime", along="hiring.strength", names=NAMES
    )
    (axes,) = axes_of(figure)
    lines = [line for line in axes.lines if len(line.get_xdata()) == 4]
    assert len(lines) == 5
    rows = part[part["regime"] == "pooled"]
    np.testing.assert_allclose(lines[2].get_ydata(), rows["difference"])
    ends = sorted(said(text) for text in axes.texts)
    assert ends == sorted(set(part["regime"]) - {"none"})
    assert title(figure) == (
        "Employment rate at the end along hiring.strength: the difference changes sign in 5 of 5"
        " lines"
    )
    with pytest.raises(InputError, match="hiring holds choices"):
        effect_along(effects, outcome=OUTCOME, policies="regime", along="hiring")


def test_levels_far_apart_are_placed_evenly_and_others_by_size():
    assert list(places(pd.Series([0.0, 1.0, 4.0, 16.0, 4.0]))) == [0, 1, 2, 3, 2]
    assert list(places(pd.Series([0.5, 1.0, 2.0]))) == [0.5, 1.0, 2.0]
    assert list(places(pd.Series([0.0, 100.0]))) == [0.0, 100.0]


def test_regret_draws_futures_and_regrets_least_first():
    rows = decision_rows(LARGEST, best={"pooled": 7, "aligned": 5})
    figure = regret(rows, outcome=OUTCOME, names=NAMES)
    left, right = axes_of(figure)
    assert rows_named(left) == ["pooled", "aligned", "prime_contractor", "fragmented"]
    solid = [bar.get_width() for bar in left.patches if bar.get_hatch() is None]
    hatched = [bar.get_width() for bar in left.patches if bar.get_hatch()]
    assert solid == [7, 5, 0, 0] and hatched == [8, 6, 1, 1]
    largest = [dot.get_xdata()[0] for dot in marked(right, "largest_regret")]
    assert largest == [0.31, 0.4, 0.9, 1.1]
    assert len(marked(right, "floor")) == 8
    assert title(figure) == (
        "Employment rate at the end: which policy is least to regret is not certain; here pooled"
    )
    sure = regret(rows.assign(minimax_share=rows["is_minimax"] * 0.97), outcome=OUTCOME,
                  names=NAMES)  # fmt: skip
    assert title(sure) == (
        "Employment rate at the end: least to regret at worst is pooled, 0.31 percentage points"
        " (0.21 to 0.41)"
    )


def test_policies_with_equal_regret_are_all_named():
    rows = decision_rows({"a": 0.2, "b": 0.2, "c": 0.5})
    assert "worst is a and b, 0.20" in title(regret(rows, outcome=OUTCOME))


def test_a_policy_that_was_not_compared_is_left_out_and_none_is_refused():
    rows = decision_rows({"a": 0.2, "b": np.nan})
    assert rows_named(axes_of(regret(rows, outcome=OUTCOME))[0]) == ["a"]
    with pytest.raises(InputError, match="no policy could be compared"):
        regret(decision_rows({"b": np.nan}), outcome=OUTCOME)


def test_the_check_of_an_emulator_states_its_fit():
    rows = pd.DataFrame({"seen": [1.0, 2.0, 3.0], "predicted": [1.0, 2.0, 2.0]})
    q2, rmse = fit(rows)
    assert q2 == pytest.approx(0.5) and rmse == pytest.approx(np.sqrt(1 / 3))
    assert np.isnan(fit(pd.DataFrame({"seen": [1.0, 1.0], "predicted": [1.0, 2.0]}))[0])
    figure = emulator_check(rows.assign(outcome=OUTCOME, point=[0, 1, 2]), names=NAMES)
    (axes,) = axes_of(figure)
    (dots,) = marked(axes, "points")
    np.testing.assert_allclose(dots.get_ydata(), rows["predicted"])
    assert "foresees 50% of the differences" in title(figure)
    assert axes.get_xlim() == axes.get_ylim()


def test_predictions_that_are_not_numbers_are_refused():
    with pytest.raises(InputError, match="must be numbers"):
        emulator_check(predictions().assign(predicted=np.nan))
    with pytest.raises(InputError, match="no rows"):
        emulator_check(predictions().iloc[:0])


def test_numbers_are_no_more_precise_than_their_interval():
    said = {
        (-0.94877, -1.21, -0.69): "\u22120.95 (\u22121.21 to \u22120.69)",
        (0.1802, -0.68, 1.04): "0.2 (\u22120.7 to 1.0)",
        (3096.8, 1707.0, 4486.0): "3,100 (1,700 to 4,500)",
        (2_345_678.0, 1_900_000.0, 2_800_000.0): "2.3 million (1.9 to 2.8)",
        (0.004, 0.0, 0.25): "0.00 (0.00 to 0.25)",
        (5.4321, np.nan, np.nan): "5.43",
        (0.0, 0.0, 0.0): "0",
    }
    assert [measured(*each) for each in said] == list(said.values())
    assert measured(1.24, 0.9, 1.58, unit="people", signed=True) == "+1.2 people (+0.9 to +1.6)"
    assert decimal(-0.04, 1, signed=True) == "0.0"


def test_as_many_intervals_without_zero_as_chance_shows_are_not_told_from_it():
    def rows(*sizes):
        size = np.array(sizes)
        return pd.DataFrame({"d": size, "low": size - 1.0, "high": size + 1.0})

    # Of 20 nothings, each seen once in twenty, three or fewer are seen 98 times in a hundred.
    assert may_be_chance(rows(*[1.1] * 3, *[0.5] * 17), "d", "low", "high")
    assert not may_be_chance(rows(*[1.1] * 4, *[0.5] * 16), "d", "low", "high")
    assert not may_be_chance(rows(2.1, *[0.5] * 19), "d", "low", "high")
    assert not may_be_chance(rows(1.1), "d", "low", "high")
    assert may_be_chance(rows(0.5), "d", "low", "high")


def test_differences_name_the_baseline_and_the_policies_that_stand_out():
    effects = grid_effects()
    part = effects[(effects["economy"] == "deep") & (effects["hiring"] == "random")]
    part = part[part["regime"].isin(["none", "aligned", "pooled"])]
    figure = differences(part, outcome=OUTCOME, policies="regime", names=NAMES)
    assert "from the baseline (none) in the same future" in note(figure)
    assert title(figure) == (
        "Employment rate at the end: higher in all 4 futures under aligned and pooled"
    )
    quiet = part.assign(difference_low=-9.0, difference_high=9.0)
    quiet.loc[quiet.index[1], ["difference_low", "difference_high"]] = (0.001, 2.0)
    assert "1 of 8 differences stand out, as chance may have it" in title(
        differences(quiet, outcome=OUTCOME, policies="regime", names=NAMES)
    )


def test_an_outcome_or_column_that_is_not_there_is_refused_with_what_is():
    with pytest.raises(InputError, match="no rows of outcome gap; there are: employment_rate_end"):
        sobol_bars(sobol_indices(VALUES), outcome="gap")
    with pytest.raises(InputError, match="column low is missing"):
        sobol_bars(sobol_indices(VALUES).drop(columns="low"), outcome=OUTCOME)
    with pytest.raises(InputError, match="neither S1 nor ST"):
        sobol_bars(index_rows("pawn", VALUES), outcome=OUTCOME)


def test_long_names_are_broken_after_dots_and_underscores():
    assert wrap("partnership.default_behaviour", 16) == "partnership.\ndefault_\nbehaviour"
    names = Names({"a": "Jobs", "b": "JSA claimants"}, {"a": "per cent", "b": "-"})
    assert names.with_unit("a", difference=True) == "Jobs (percentage points)"
    assert (names.with_unit("b"), names.inline("b"), names.inline("a")) == (
        "JSA claimants", "JSA claimants", "jobs",
    )  # fmt: skip
