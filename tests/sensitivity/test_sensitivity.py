"""Designs, noise, intervals and remarks of the methods of sensitivity analysis."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from scipy.stats import binom

import tests.analytic as analytic
from experiments.sensitivity.convergence import convergence
from experiments.sensitivity.methods import METHODS
from experiments.sensitivity.noise import is_noise, noise_share
from experiments.sensitivity.problem import INDEX_COLUMNS, Problem
from experiments.sensitivity.sobol import Sobol
from simulation.errors import InputError
from simulation.results.paired import mean_interval

THREE = Problem(analytic.names(3))
FOUR = Problem((*analytic.names(3), "dead"))
TWO_VALUED = Problem(("x1", "x2"), n_values=(2, 2))
SIZES = {"morris": 16, "sobol": 64, "efast": 65, "delta": 128, "pawn": 128}
KEYS = ["index", "factor", "other"]


def by_index(frame):
    return frame.set_index(KEYS)


def independent_rows(problem, samples, *, seed):
    """Saltelli's design on independent rows, for which a bootstrap over rows is exact."""
    rng = np.random.default_rng(seed)
    n = len(problem.names)
    A, B = rng.random((2, samples, n))
    into_A = np.where(np.eye(n, dtype=bool), B[:, None], A[:, None])
    into_B = np.where(np.eye(n, dtype=bool), A[:, None], B[:, None])
    blocks = np.concatenate([A[:, None], into_A, into_B, B[:, None]], axis=1)
    return blocks.reshape(-1, n)


@pytest.mark.parametrize("name", ["morris", "sobol", "delta", "pawn"])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_larger_design_begins_with_the_smaller(name, seed):
    method, samples = METHODS[name], SIZES[name]
    small = method.sample(FOUR, samples, seed=seed)
    large = method.sample(FOUR, 2 * samples, seed=seed)
    assert np.array_equal(large[: len(small)], small)
    assert len(large) == method.n_points(FOUR, 2 * samples) == 2 * len(small)


def test_designs_of_efast_hold_no_smaller_one_and_say_so():
    method = METHODS["efast"]
    assert method.prefixes(130) == [130]
    unit = method.sample(THREE, 130, seed=1)
    with pytest.raises(InputError, match="holds no smaller one"):
        method.prefix(THREE, unit, unit[:, :1], 65)


@pytest.mark.parametrize("name", METHODS)
def test_a_seed_of_nought_is_a_seed(name):
    method, samples = METHODS[name], SIZES[name]
    first = method.sample(FOUR, samples, seed=0)
    assert np.array_equal(first, method.sample(FOUR, samples, seed=0))
    assert not np.array_equal(first, method.sample(FOUR, samples, seed=1))
    Y = analytic.noisy(analytic.ishigami, first, n_seeds=2, noise=1.0)
    one, two = (method.analyse(FOUR, first, Y, samples=samples, seed=0) for _ in range(2))
    assert one.equals(two)


@pytest.mark.parametrize("name", METHODS)
def test_points_lie_in_the_unit_cube(name):
    unit = METHODS[name].sample(FOUR, SIZES[name], seed=3)
    assert unit.dtype == np.float64
    assert unit.min() >= 0
    assert unit.max() <= 1
    assert np.allclose(unit.mean(axis=0), 0.5, atol=0.1)


def test_levels_of_morris_are_exact_and_four():
    unit = METHODS["morris"].sample(FOUR, 64, seed=1)
    assert set(unit.ravel()) == {0.0, 1 / 3, 2 / 3, 1.0}


@pytest.mark.parametrize("name", METHODS)
def test_tables_of_indices_have_the_agreed_columns(name):
    method, samples = METHODS[name], SIZES[name]
    unit = method.sample(FOUR, samples, seed=1)
    found = method.analyse(FOUR, unit, analytic.ishigami(unit)[:, None], samples=samples, seed=1)
    assert tuple(found.columns) == INDEX_COLUMNS[2:]
    assert set(found["index"]) == set(method.indices)
    assert set(found["factor"]) == set(FOUR.names)


@pytest.mark.parametrize("samples", [0, 1, 3, 100])
def test_sobol_refuses_sizes_that_are_no_power_of_two(samples):
    with pytest.raises(InputError, match="power of two"):
        METHODS["sobol"].sample(THREE, samples, seed=1)


def test_efast_refuses_curves_too_short_for_its_frequencies():
    with pytest.raises(InputError, match="at least 65"):
        METHODS["efast"].sample(THREE, 64, seed=1)


@pytest.mark.parametrize("name", ["efast", "delta", "pawn"])
def test_methods_without_groups_refuse_them(name):
    grouped = Problem(analytic.names(3), groups=("a", "a", "b"))
    with pytest.raises(InputError, match="choose morris or sobol"):
        METHODS[name].sample(grouped, SIZES[name], seed=1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (((), None), "at least one factor"),
        ((("a", "a"), None), "more than once"),
        ((("a", "b"), ("g",)), "as many groups"),
        ((("a", "b"), ("g", "g")), "at least two groups"),
    ],
)
def test_problems_that_cannot_be_analysed_are_refused(given, says):
    with pytest.raises(InputError, match=says):
        Problem(*given)


def test_outcomes_of_another_design_are_refused():
    unit = METHODS["sobol"].sample(THREE, 16, seed=1)
    with pytest.raises(InputError, match="this design has 128 points"):
        METHODS["sobol"].analyse(THREE, unit, np.zeros((127, 2)), samples=16, seed=1)


@pytest.mark.parametrize("n_seeds", [1, 2, 5])
def test_without_noise_the_corrected_indices_are_salibs_own(n_seeds):
    method = Sobol(second_order=False)
    unit = method.sample(THREE, 128, seed=1)
    y = analytic.ishigami(unit)
    found = by_index(
        method.analyse(THREE, unit, np.repeat(y[:, None], n_seeds, 1), samples=128, seed=1)
    )
    salib = salib_sobol.analyze(THREE.salib(), y, calc_second_order=False, seed=1)
    for kind in ("S1", "ST"):
        assert np.allclose(found.loc[kind, "value"], salib[kind], rtol=1e-10)
        assert np.allclose(found.loc[kind, "plain"], salib[kind], rtol=1e-10)


def test_noise_inflates_plain_totals_and_not_the_corrected_ones():
    method = METHODS["sobol"]
    unit = method.sample(THREE, 1024, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=4, noise=6.0, common=5.0)
    found = by_index(method.analyse(THREE, unit, Y, samples=1024, seed=1))
    third = found.loc[("ST", "x3", "")]
    # Variance of means over four seeds: that of the function (13.84) and 36 / 4 of noise.
    diluted = (analytic.ISHIGAMI["ST", "x3", ""] * 13.845 + 9) / (13.845 + 9)
    assert third["plain"] == pytest.approx(diluted, abs=0.05)
    assert third["floor"] == pytest.approx(9 / (13.845 + 9), abs=0.03)
    assert third["low"] <= analytic.ISHIGAMI["ST", "x3", ""] <= third["high"]
    assert third["high"] < diluted - 0.1


@pytest.mark.parametrize("name", ["sobol", "morris"])
def test_a_factor_that_changes_no_run_gets_exactly_nought(name):
    method, samples = METHODS[name], SIZES[name]
    unit = method.sample(FOUR, samples, seed=1)
    noise = 5 * analytic.noise_of_live_columns(unit[:, :3], 4)
    Y = analytic.ishigami(unit)[:, None] + noise
    found = method.analyse(FOUR, unit, Y, samples=samples, seed=1)
    dead = found[(found["factor"] == "dead") | (found["other"] == "dead")]
    assert (dead[["value", "low", "high"]] == 0).all(axis=None)
    assert set(dead["flag"]) <= {"changes nothing", "no interaction"}
    live = found[~found.index.isin(dead.index)]
    assert not live["flag"].str.contains("changes nothing").any()
    assert (live["value"] != 0).any()


@pytest.mark.parametrize("name", METHODS)
def test_what_a_seed_adds_to_every_point_alike_changes_no_index(name):
    method, samples = METHODS[name], SIZES[name]
    unit = method.sample(THREE, samples, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=3, noise=1.0)
    ends = ["value", "low", "high", "plain"]
    one = method.analyse(THREE, unit, Y, samples=samples, seed=1)[ends]
    two = method.analyse(THREE, unit, Y + [3.0, -8.0, 40.0], samples=samples, seed=1)[ends]
    assert np.allclose(one, two, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("name", METHODS)
def test_one_seed_is_analysed_and_said_to_be_uncorrected(name):
    method, samples = METHODS[name], SIZES[name]
    unit = method.sample(THREE, samples, seed=1)
    found = method.analyse(THREE, unit, analytic.ishigami(unit), samples=samples, seed=1)
    assert found["flag"].str.contains("one seed").all()
    assert found["value"].notna().all()


def test_nothing_is_made_up_for_constant_missing_or_too_few_outcomes():
    for name, method in METHODS.items():
        unit = method.sample(THREE, SIZES[name], seed=1)
        Y = analytic.noisy(analytic.ishigami, unit, n_seeds=2)
        constant = np.tile([1.0, 2.0], (len(unit), 1))
        Y[5, 1] = np.nan
        for outcomes, says in ((constant, "constant"), (Y, "1 of .* runs have no value")):
            found = method.analyse(THREE, unit, outcomes, samples=SIZES[name], seed=1)
            assert found[["value", "low", "high", "plain"]].isna().all(axis=None), name
            assert found["flag"].str.contains(says).all(), name
    for name, few in {"morris": 2, "sobol": 4, "delta": 50, "pawn": 50}.items():
        unit = METHODS[name].sample(THREE, few, seed=1)
        found = METHODS[name].analyse(THREE, unit, analytic.ishigami(unit), samples=few, seed=1)
        assert found["value"].isna().all()
        assert found["flag"].str.contains("too few").all()


def test_an_outcome_of_noise_alone_gets_no_shares_of_variance():
    rng = np.random.default_rng(5)
    for name in ("sobol", "efast"):
        unit = METHODS[name].sample(THREE, SIZES[name], seed=1)
        Y = rng.normal(size=(len(unit), 3))
        found = METHODS[name].analyse(THREE, unit, Y, samples=SIZES[name], seed=1)
        assert found["value"].isna().all()
        assert found["flag"].str.contains("beyond noise").all()


def test_an_index_negative_beyond_its_interval_is_marked():
    samples = 256
    rng = np.random.default_rng(1)
    A, B = rng.normal(size=(2, samples))
    # No function gives this: the factor's change undoes what the other points say of it.
    Y = np.stack([A, A - 0.5 * B, B], axis=1).reshape(-1, 1).repeat(2, axis=1)
    method, one = Sobol(second_order=False), Problem(("x1",))
    found = by_index(method.analyse(one, np.zeros((len(Y), 1)), Y, samples=samples, seed=1))
    row = found.loc[("S1", "x1", "")]
    assert row["high"] < 0
    assert "negative beyond its interval" in row["flag"]


def covered(method, design, truth, *, repetitions, samples, shrink=1.0, **noise):
    """How often each interval holds the truth, and how often one narrower by `shrink` does."""
    hits = dict.fromkeys(truth, 0)
    narrow = dict.fromkeys(truth, 0)
    for repetition in range(repetitions):
        unit = design(THREE, samples, seed=repetition)
        Y = analytic.noisy(analytic.ishigami, unit, seed=100 + repetition, **noise)
        found = by_index(method.analyse(THREE, unit, Y, samples=samples, seed=repetition))
        for key, known in truth.items():
            row = found.loc[key]
            hits[key] += row["low"] <= known <= row["high"]
            narrow[key] += abs(known - row["value"]) <= shrink * (row["high"] - row["low"]) / 2
    return hits, narrow


@pytest.mark.parametrize(
    ("design", "noise"),
    [
        (independent_rows, {"n_seeds": 4, "noise": 3.0, "common": 9.0}),
        (METHODS["sobol"].sample, {"n_seeds": 4, "noise": 3.0, "common": 9.0}),
        (METHODS["sobol"].sample, {"n_seeds": 6, "noise": 1.0, "slope": 2.0}),
    ],
)
def test_intervals_hold_the_true_sobol_indices_about_as_often_as_they_say(design, noise):
    repetitions = 40
    hits, narrow = covered(
        METHODS["sobol"],
        design,
        analytic.ISHIGAMI,
        repetitions=repetitions,
        samples=64,
        shrink=0.3,
        **noise,
    )
    least = binom.ppf(0.001, repetitions, 0.93)
    assert min(hits.values()) >= least, hits
    assert np.mean(list(hits.values())) / repetitions >= 0.91
    assert np.mean(list(narrow.values())) / repetitions < 0.75


def test_a_seed_that_bends_many_points_alike_widens_intervals():
    method = METHODS["sobol"]
    unit = method.sample(THREE, 256, seed=1)
    widths = []
    for slope in (0.0, 2.0):
        Y = analytic.noisy(analytic.ishigami, unit, n_seeds=6, noise=1.0, slope=slope)
        row = by_index(method.analyse(THREE, unit, Y, samples=256, seed=1)).loc[("S1", "x1", "")]
        widths.append(row["high"] - row["low"])
    assert widths[1] > 1.5 * widths[0]


def test_totals_of_groups_are_those_of_all_their_factors_together():
    grouped = Problem(analytic.names(3), groups=("one", "two", "one"))
    unit = METHODS["sobol"].sample(grouped, 512, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=4, noise=1.0)
    found = by_index(METHODS["sobol"].analyse(grouped, unit, Y, samples=512, seed=1))
    one = sum(analytic.ISHIGAMI[key] for key in (("S1", "x1", ""), ("S2", "x1", "x3")))
    truth = {"one": one, "two": analytic.ISHIGAMI["S1", "x2", ""]}
    for name, known in truth.items():
        for kind in ("S1", "ST"):
            row = found.loc[(kind, name, "")]
            assert row["low"] <= known <= row["high"]
    assert len(unit) == 512 * 6


def test_morris_gives_a_group_no_direction_and_a_lone_factor_its_own_figures():
    grouped = Problem(analytic.names(3), groups=("one", "two", "one"))
    unit = METHODS["morris"].sample(grouped, 32, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=2)
    found = by_index(METHODS["morris"].analyse(grouped, unit, Y, samples=32, seed=1))
    assert found.loc[("mu", "one", ""), "flag"] == "a group has no direction"
    assert np.isnan(found.loc[("sigma", "one", ""), "value"])
    for kind in ("mu", "mu_star", "sigma"):
        row = found.loc[(kind, "two", "")]
        assert row["value"] == pytest.approx(row["plain"])
    assert found.loc[("mu_star", "one", ""), "value"] == pytest.approx(
        found.loc[("mu_star", "one", ""), "plain"]
    )


def two_valued(points):
    """Ishigami's function of x1 at 0 or a half pi, x2 over its range and x3 of three values."""
    x1 = np.where(points[:, 0] < 0.5, 0.0, np.pi / 2)
    x2 = np.pi * (2 * points[:, 1] - 1)
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + np.minimum(np.floor(3 * points[:, 2]), 2) ** 2


def test_the_effect_of_a_choice_is_the_paired_difference_of_a_grid():
    problem = Problem(THREE.names, n_values=(2, 0, 3), unordered=frozenset({"x3"}))
    unit = METHODS["morris"].sample(problem, 8, seed=1)
    Y = np.repeat(two_valued(unit)[:, None], 2, axis=1)
    found = by_index(METHODS["morris"].analyse(problem, unit, Y, samples=8, seed=1))
    # The pair of a grid at x2 = 0 and the first value of x3.
    off, on = two_valued(np.array([[0.0, 0.5, 0.0], [1.0, 0.5, 0.0]]))
    for kind in ("mu", "mu_star", "plain"):
        key = ("mu", "x1", "") if kind == "plain" else (kind, "x1", "")
        column = "plain" if kind == "plain" else "value"
        assert found.loc[key, column] == pytest.approx(on - off, abs=1e-12)
    # Of three values the last stands in place of the first (4) or of the second (3).
    assert 3 <= found.loc[("mu_star", "x3", ""), "value"] <= 4
    ordered = Problem(THREE.names, n_values=(2, 0, 3))
    found = by_index(METHODS["morris"].analyse(ordered, unit, Y, samples=8, seed=1))
    # In order, from the second to the last is half the range: 3 counts for 6.
    assert 4 <= found.loc[("mu_star", "x3", ""), "value"] <= 6


def test_plain_measures_of_morris_are_salibs():
    unit = METHODS["morris"].sample(THREE, 20, seed=1)
    y = analytic.ishigami(unit)
    found = by_index(METHODS["morris"].analyse(THREE, unit, y[:, None], samples=20, seed=1))
    salib = salib_morris.analyze(THREE.salib(), unit, y, num_levels=4, seed=1)
    for kind in ("mu", "mu_star", "sigma"):
        assert np.allclose(found.loc[kind, "plain"], np.asarray(salib[kind]), rtol=1e-10)


def test_the_largest_effect_is_not_called_noise_because_trajectories_differ():
    unit = METHODS["morris"].sample(FOUR, 4, seed=1)
    switch = lambda points: 10 * points[:, 0] * (points[:, 1] > 0.5) + points[:, 2]  # noqa: E731
    Y = analytic.noisy(switch, unit, n_seeds=4, noise=0.1)
    found = by_index(METHODS["morris"].analyse(FOUR, unit, Y, samples=4, seed=1))
    star = found.loc["mu_star"].droplevel("other")
    assert star["value"].idxmax() in ("x1", "x2")
    assert star.loc[["x1", "x2", "x3"], "flag"].tolist() == ["", "", ""]
    assert star.loc["dead", "flag"] == "within noise"
    assert (star["low"] >= 0).all()


def test_noise_is_called_noise_about_as_often_as_it_says():
    effects = np.random.default_rng(1).normal(size=(10, 4000, 4))
    assert is_noise(effects, level=0.95).mean() == pytest.approx(0.975, abs=0.01)
    assert not is_noise(effects[..., :1], level=0.95).any()


@pytest.mark.parametrize("n_seeds", [2, 4])
def test_trajectories_that_are_alike_leave_the_luck_of_seeds(n_seeds):
    unit = METHODS["morris"].sample(TWO_VALUED, 4, seed=1)
    by_seed = 2.0 + np.arange(n_seeds)
    Y = (unit[:, :1] > 0.5) * by_seed
    found = by_index(METHODS["morris"].analyse(TWO_VALUED, unit, Y, samples=4, seed=1))
    _, low, high = mean_interval(by_seed[:, None])
    row = found.loc[("mu", "x1", "")]
    assert row[["low", "high"]].tolist() == pytest.approx([low[0], high[0]])
    star = found.loc[("mu_star", "x1", "")]
    assert 0 < star["low"] < star["value"] < star["high"]


def test_noise_floors_of_morris_are_what_a_factor_without_effect_shows():
    unit = METHODS["morris"].sample(FOUR, 400, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=4, noise=3.0)
    found = by_index(METHODS["morris"].analyse(FOUR, unit, Y, samples=400, seed=1))
    spread = np.sqrt(2 * 9 / 4) / (2 / 3)
    for kind, expected in (("mu_star", np.sqrt(2 / np.pi) * spread), ("sigma", spread)):
        dead = found.loc[(kind, "dead", "")]
        assert dead["floor"] == pytest.approx(expected, rel=0.05)
        assert dead["plain"] == pytest.approx(expected, rel=0.15)
    assert "within noise" in found.loc[("mu_star", "dead", ""), "flag"]
    assert found.loc[("mu_star", "x1", ""), "flag"] == ""


def test_sigma_of_morris_is_freed_of_noise():
    unit = METHODS["morris"].sample(THREE, 200, seed=1)
    straight = lambda points: 10 * points[:, 0] + 2 * points[:, 1]  # noqa: E731
    Y = analytic.noisy(straight, unit, n_seeds=4, noise=2.0)
    found = by_index(METHODS["morris"].analyse(THREE, unit, Y, samples=200, seed=1))
    sigma = found.loc["sigma"]
    # All of plain sigma is noise: a spread of 2 root 2 / root 4 over a step of two thirds.
    assert np.allclose(sigma["plain"], np.sqrt(4.5), rtol=0.15)
    assert (sigma["low"] < 0.5).all()
    assert (sigma["value"] ** 2).mean() < 0.2 * (sigma["plain"] ** 2).mean()


def test_noise_is_split_from_what_points_and_seeds_do():
    unit = np.random.default_rng(1).random((4000, 3))
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=4, noise=2.0, common=50.0)
    found = noise_share(Y)
    assert found["variance_noise"] == pytest.approx(4.0, rel=0.05)
    assert found["variance_points"] == pytest.approx(13.845, rel=0.05)
    assert found["noise_share"] == pytest.approx(1 / 14.845, rel=0.08)
    assert "one seed" in noise_share(Y[:, :1])["note"]
    still = noise_share(np.random.default_rng(2).normal(size=(50, 4)) * 0 + [1.0, 2.0, 3.0, 4.0])
    assert "constant" in still["note"]


def test_indices_come_at_every_smaller_size_and_narrow():
    method = METHODS["sobol"]
    unit = method.sample(THREE, 256, seed=1)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=2, noise=1.0)
    found = convergence(method, THREE, unit, Y, samples=256, seed=1)
    assert sorted(found["samples"].unique()) == [16, 32, 64, 128, 256]
    whole = method.analyse(THREE, unit, Y, samples=256, seed=1)
    assert found[found["samples"] == 256].reset_index(drop=True).equals(whole)
    widths = (found["high"] - found["low"]).groupby(found["samples"]).mean()
    assert widths.is_monotonic_decreasing


@pytest.mark.parametrize("name", ["efast", "delta", "pawn"])
def test_random_numbers_and_warnings_of_others_are_left_alone(name):
    method, samples = METHODS[name], SIZES[name]
    unit = method.sample(THREE, samples, seed=1)
    np.random.seed(12)
    before, written = np.random.get_state()[1].copy(), warnings.formatwarning
    method.analyse(THREE, unit, analytic.ishigami(unit), samples=samples, seed=1)
    assert np.array_equal(np.random.get_state()[1], before)
    assert warnings.formatwarning is written


@pytest.mark.parametrize("key", ["delta", "delta_raw"])
def test_delta_reads_the_names_of_salib_1_5_and_1_6(monkeypatch, key):
    from experiments.sensitivity import delta

    given = {key: np.array([0.1, 0.2, 0.3]), "S1": np.zeros(3), "delta_balanced": np.ones(3)}
    monkeypatch.setattr(delta.salib_analyse, "analyze", lambda *_, **__: given)
    unit = METHODS["delta"].sample(THREE, 128, seed=1)
    found = METHODS["delta"].analyse(THREE, unit, analytic.ishigami(unit), samples=128, seed=1)
    assert list(found.loc[found["index"] == "delta", "plain"]) == [0.1, 0.2, 0.3]
