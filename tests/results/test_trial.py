"""Effects of a trial, from two people frames made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simulation.categories import AGE_BANDS
from simulation.config import Config
from simulation.errors import InputError
from simulation.results.trial import trial_effects

TERMS = {"active": True, "groups": ["jsa_under_6_months"], "max_age": 25}


def run_of(in_work, saturations=(0.0, 0.5), **columns):
    """A run whose people are in work at the end of week 7 or not."""
    config = Config(people_per_agent=10, weeks=8).replace(
        interventions={"employer_brokerage": TERMS | {"saturation": list(saturations)}}
    )
    marks = np.array(in_work, np.uint64) << np.uint64(1)
    people = pd.DataFrame({"in_work_0": marks, **columns})
    return SimpleNamespace(config=config, support=lambda name: people)


def people(offered, share, age=None, eligible=None):
    n = len(offered)
    bands = pd.Categorical(age or [AGE_BANDS[0]] * n, categories=list(AGE_BANDS))
    return {
        "is_offered": np.array(offered, bool),
        "saturation": np.array(share, float),
        "age_band": bands,
        "is_eligible": np.array(eligible or [True] * n, bool),
    }


def test_offered_gain_neighbours_lose_and_each_is_seen_beside_wards_without_an_offer():
    #        offered    neighbours  wards without
    columns = people([1, 1, 0, 0, 0, 0, 0, 0], [0.5] * 4 + [0.0] * 4)
    run = run_of([1, 1, 0, 0, 1, 0, 0, 0], **columns)
    without = run_of([1, 0, 1, 0, 1, 0, 0, 0], **columns)
    found = trial_effects(run, without, weeks=[8]).set_index(["who", "saturation"])
    offered, neighbours = found.loc[("offered", "any")], found.loc[("not_offered", "any")]
    assert (offered["effect"], offered["seen"], offered["people"]) == (50.0, 75.0, 20)
    assert (neighbours["effect"], neighbours["seen"]) == (-50.0, -25.0)
    assert found.loc[("not_offered", "0"), "effect"] == 0.0
    assert found.loc[("offered", "0.5"), "effect"] == 50.0


def test_where_every_ward_has_an_offer_those_offered_are_seen_beside_those_not():
    columns = people([1, 1, 0, 0], [0.5] * 4)
    found = trial_effects(
        run_of([1, 1, 1, 0], (0.5,), **columns), run_of([0, 0, 1, 0], (0.5,), **columns), weeks=[8]
    ).set_index(["who", "saturation"])
    assert found.loc[("offered", "any"), "seen"] == 50.0
    assert np.isnan(found.loc[("not_offered", "any"), "seen"])


def test_those_just_too_old_are_of_the_next_age_band_and_eligible_but_for_it():
    columns = people(
        [1, 0, 0, 0],
        [0.5, 0.5, 0.5, 0.0],
        age=[AGE_BANDS[0], AGE_BANDS[1], AGE_BANDS[1], AGE_BANDS[1]],
        eligible=[True, True, False, True],
    )
    run, without = run_of([1, 0, 1, 1], **columns), run_of([0, 1, 1, 1], **columns)
    found = trial_effects(run, without, weeks=[8]).set_index(["who", "saturation"])
    too_old = found.loc[("too_old", "any")]
    assert (too_old["people"], too_old["effect"], too_old["seen"]) == (10, -100.0, -100.0)


@pytest.mark.parametrize(
    ("weeks", "saturations", "message"),
    [([6], (0.5,), "multiples of 4"), ([12], (0.5,), "up to 8"), ([8], (), "no trial")],
)
def test_what_cannot_be_told_is_refused(weeks, saturations, message):
    columns = people([1, 0], [0.5, 0.5])
    run = run_of([1, 0], saturations, **columns)
    with pytest.raises(InputError, match=message):
        trial_effects(run, run, weeks=weeks)
