"""Studies by an emulator: from which numbers of points there are indices."""

import numpy as np
import pytest

from experiments.studies.emulated import emulate
from experiments.studies.preparation import prepare_study
from experiments.words.composition import compose_mapping


@pytest.fixture(scope="module")
def study():
    words = (
        "experiment=ishigami",
        "method=sobol_sequence",
        "emulator=gaussian_process",
        "samples=128",
        "emulator_samples=64",
    )
    return prepare_study(compose_mapping("study", list(words)), list(words))


@pytest.fixture(scope="module")
def outcome(study):
    """The square of the first factor, the same under both seeds."""
    return np.repeat(study.design.unit[:, :1] ** 2, 2, axis=1)


def test_indices_are_given_from_all_points_and_shown_from_halves_and_quarters(study, outcome):
    found = emulate(study, {"y": outcome})
    assert sorted(found["convergence"]["samples"].unique()) == [32, 64, 128]
    assert set(found["indices"]["samples"]) == {128}
    first = found["indices"].query("index == 'S1'").set_index("factor")["value"]
    assert first.to_numpy() == pytest.approx([1.0, 0.0, 0.0], abs=0.02)


def test_a_part_of_the_points_at_which_an_outcome_is_constant_is_passed_over(study, outcome):
    outcome = outcome.copy()
    outcome[:32] = 0.5
    found = emulate(study, {"y": outcome})
    assert sorted(found["convergence"]["samples"].unique()) == [64, 128]
    assert len(found["predictions"]) == 128
