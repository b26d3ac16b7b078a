"""Emulators recover known functions, say what they get wrong, and refuse when that is too much."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

import tests.analytic as analytic
from experiments.sensitivity.methods import METHODS
from experiments.sensitivity.problem import Problem
from experiments.studies.emulator import KINDS, emulated_indices, fit_emulator
from simulation.errors import InputError

THREE = Problem(analytic.names(3))
KEYS = ["index", "factor", "other"]


def points(n, n_factors=3, seed=1):
    """A Latin hypercube."""
    return qmc.LatinHypercube(n_factors, seed=np.random.default_rng(seed)).random(n)


@pytest.fixture(scope="module", params=KINDS)
def fitted(request):
    """An emulator of Ishigami's function from 300 noisy points, and what it was fitted to."""
    unit = points(300)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=4, noise=1.0, common=3.0)
    return fit_emulator(unit, Y, kind=request.param), unit, Y


def test_ishigami_is_recovered_within_the_stated_error(fitted):
    emulator, _, _ = fitted
    found = emulated_indices(emulator, THREE, samples=512, seed=1).set_index(KEYS)
    assert (found["emulator_error"] == 1 - emulator.q2).all()
    inside = []
    for key, known in analytic.ISHIGAMI.items():
        row = found.loc[key]
        assert abs(row["value"] - known) <= row["emulator_error"]
        inside.append(row["low"] <= known <= row["high"])
    assert sum(inside) >= len(inside) - 2
    assert found.loc[("ST", "x1", ""), "value"] > found.loc[("ST", "x3", ""), "value"]


def test_the_stated_error_is_that_of_points_never_seen(fitted):
    emulator, _, Y = fitted
    unseen = np.random.default_rng(7).random((4000, 3))
    fresh = analytic.ishigami(unseen)
    # Outcomes are about each seed's own level; a mean over four seeds has noise of its own.
    level = Y.mean() - analytic.ishigami(points(300)).mean()
    error = emulator.predict(unseen) - fresh - level
    expected = np.sqrt((error**2).mean() + 1.0 / 4)
    # Left out points are told on by four fifths of the points, so the error is stated higher.
    assert 0.9 * expected < emulator.rmse < 1.6 * expected
    assert emulator.q2 == pytest.approx(1 - emulator.rmse**2 / Y.mean(axis=1).var())
    table = emulator.predictions
    assert list(table.columns) == ["point", "seen", "predicted"]
    assert np.allclose(table["seen"], Y.mean(axis=1))
    assert np.sqrt(((table["seen"] - table["predicted"]) ** 2).mean()) == pytest.approx(
        emulator.rmse
    )


def test_intervals_hold_the_spread_of_refits(fitted):
    emulator, _, _ = fitted
    unit = METHODS["sobol"].sample(THREE, 512, seed=1)
    outcomes = np.repeat(emulator.predict(unit)[:, None], 2, axis=1)
    alone = METHODS["sobol"].analyse(THREE, unit, outcomes, samples=512, seed=1)
    found = emulated_indices(emulator, THREE, samples=512, seed=1)
    assert np.allclose(found["value"], alone["value"])
    assert (found["high"] - found["low"] > alone["high"] - alone["low"]).all()
    refits = []
    for refit in emulator.refits:
        y = refit(unit)[:, None]
        again = METHODS["sobol"].analyse(THREE, unit, y, samples=512, seed=1)
        refits.append(again["value"])
    assert (found["low"] <= np.min(refits, axis=0)).mean() > 0.9
    assert (found["high"] >= np.max(refits, axis=0)).mean() > 0.9


def test_an_emulator_that_explains_too_little_gives_no_figures():
    unit = points(100)
    Y = np.random.default_rng(2).normal(size=(100, 3))
    emulator = fit_emulator(unit, Y, kind="gaussian_process")
    found = emulated_indices(emulator, THREE, samples=64, seed=1)
    assert emulator.q2 < 0.3
    assert found[["value", "low", "high", "plain"]].isna().all(axis=None)
    assert found["flag"].str.startswith("emulator refused").all()


def test_an_emulator_that_explains_some_is_marked():
    unit = points(60)
    Y = analytic.noisy(lambda u: 3 * u[:, 0], unit, n_seeds=2, noise=0.75)
    emulator = fit_emulator(unit, Y, kind="gaussian_process")
    assert 0.5 < emulator.q2 < 0.8
    found = emulated_indices(emulator, THREE, samples=64, seed=1)
    assert found["flag"].str.startswith("emulator explains only").all()
    assert found["value"].notna().all()


def test_a_process_told_of_noise_sees_through_it():
    unit = points(80)

    def straight(at):
        return 2 * at[:, 0] - at[:, 1]

    Y = analytic.noisy(straight, unit, n_seeds=4, noise=1.0)
    emulator = fit_emulator(unit, Y, kind="gaussian_process")
    off = np.sqrt(((emulator.predict(unit) - straight(unit)) ** 2).mean())
    chance = np.sqrt(((Y.mean(axis=1) - straight(unit)) ** 2).mean())
    assert off < chance / 2
    still = fit_emulator(unit, np.repeat(straight(unit)[:, None], 2, 1), kind="gaussian_process")
    assert np.allclose(still.predict(unit), straight(unit), atol=0.01)
    assert still.q2 > 0.999


@pytest.mark.parametrize("kind", KINDS)
def test_choices_have_no_order(kind):
    unit = points(200, n_factors=2)
    pay = np.array([0.0, 5.0, -5.0, 5.0, 0.0])

    def function(at):
        return pay[np.minimum((at[:, 0] * 5).astype(int), 4)] + at[:, 1]

    emulator = fit_emulator(unit, function(unit)[:, None], kind=kind, choices=(5, 0))
    corner = np.array([[0.1, 0.5], [0.3, 0.5], [0.5, 0.5], [1.0, 0.5]])
    assert np.allclose(emulator.predict(corner), [0.5, 5.5, -4.5, 0.5], atol=0.4)
    within = np.array([[0.21, 0.5], [0.39, 0.5]])
    assert np.ptp(emulator.predict(within)) == 0


def test_points_that_tell_on_each_other_are_left_out_together():
    rng = np.random.default_rng(3)
    base = rng.random((40, 3))
    unit = np.repeat(base, 4, axis=0) + rng.normal(size=(160, 3)) * 1e-3
    Y = np.repeat(rng.normal(size=40), 4)[:, None]
    unit = np.clip(unit, 0, 1)
    apart = fit_emulator(unit, Y, kind="gaussian_process", blocks=np.repeat(np.arange(40), 4))
    mixed = fit_emulator(unit, Y, kind="gaussian_process")
    assert mixed.q2 > 0.8
    assert apart.q2 < 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_a_fit_is_a_function_of_its_seed(kind):
    unit = points(60)
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=2, noise=1.0)
    one, two, other = (fit_emulator(unit, Y, kind=kind, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one.predict(unit), two.predict(unit))
    assert one.q2 == two.q2 != other.q2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "splines"}, "gaussian_process, boosted_trees"),
        ({"n": 10}, "at least 20 points"),
        ({"n": 4001}, "boosted_trees"),
        ({"missing": True}, "1 of 100 runs have no value"),
        ({"constant": True}, "constant"),
    ],
)
def test_what_cannot_be_fitted_is_refused(change, says):
    unit = points(change.get("n", 50))
    Y = analytic.noisy(analytic.ishigami, unit, n_seeds=2) * (not change.get("constant"))
    if change.get("missing"):
        Y[3, 1] = np.nan
    with pytest.raises(InputError, match=says):
        fit_emulator(unit, Y, kind=change.get("kind", "gaussian_process"))
