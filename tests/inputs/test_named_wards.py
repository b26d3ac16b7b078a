"""Wards named in a word: those worst off on the first day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.config import Config
from simulation.inputs.named_wards import named_wards
from simulation.inputs.of_config import area_of

WARDS = pd.DataFrame(
    {
        "code": ["A", "B", "C", "D"],
        "name": ["Ash", "Beech", "Cedar", "Damson"],
        "district": ["North", "North", "South", "South"],
        "residents": [100, 1000, 100, 100],
        "jsa": [10, 20, 5, 5],
        "ib_esa": [10, 20, 5, 5],
        "lone_parent": [10, 10, 5, 15],
        "other_benefit": [0, 0, 5, 5],
    }
)
"""Shares of 30, 5, 20 and 30 in 100."""


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("worst:1", "A"),
        ("worst:2", "AD"),
        ("worst:3", "ACD"),
        ("worst:4", "ABCD"),
        ("worst:3|South", "CD"),
        ("worst:3|not:Ash", "CD"),
    ],
)
def test_the_worst_wards_are_those_with_most_claimants_per_resident(cell, codes):
    chosen, unknown = named_wards(cell, WARDS)
    assert unknown is None
    assert "".join(WARDS["code"][chosen]) == codes


@pytest.mark.parametrize("cell", ["worst:0", "worst:5", "worst:", "worst:ten", "worst:-1"])
def test_a_number_of_wards_that_means_nothing_is_not_known(cell):
    chosen, unknown = named_wards(cell, WARDS)
    assert unknown == cell and not chosen.any()


def test_it_is_not_known_where_claimants_are_not():
    assert named_wards("worst:1", WARDS[["code", "name", "district"]])[1] == "worst:1"


def test_none_of_the_others_is_worse_than_the_ten_worst_of_the_city_region():
    wards = area_of(Config()).wards
    chosen, _ = named_wards("worst:10", wards)
    claimants = wards[["jsa", "ib_esa", "lone_parent", "other_benefit"]].sum(axis=1)
    share = (claimants / wards["residents"]).to_numpy()
    assert chosen.sum() == 10
    assert share[chosen].min() >= np.max(share[~chosen])
