"""What a regime moved: by hand, nothing for the same world, and no more than chance shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from simulation import simulate
from simulation.results.dose import CELLS, DOSE, LEAST, dose, dose_cells, hardly_happened


def frame(values):
    """Cells of arm -> what -> list of seeds, each a list of values by cell."""
    rows = [
        (arm, seed, what, f"c{cell}", float(value))
        for arm, whats in values.items()
        for what, seeds in whats.items()
        for seed, cells in enumerate(seeds)
        for cell, value in enumerate(cells)
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", *CELLS])


def dosed(values, *, n_seeds=1):
    return dose(frame(values), against="f", seeds=range(n_seeds))


def shares(table):
    return table.set_index(["arm", "what"])["share"].to_dict()


def test_what_is_moved_is_what_the_other_has_not_in_the_same_cell():
    table = dosed({"f": {"money": [[60, 40]]}, "a": {"money": [[50, 50]]}, "b": {"money": [[30]]}})
    assert list(table) == list(DOSE)
    # 10 of 100 are elsewhere; 70 of 100 are not spent at all.
    assert shares(table) == pytest.approx({("a", "money"): 0.1, ("b", "money"): 0.7})
    more = dosed({"f": {"money": [[60]]}, "a": {"money": [[60, 20]]}})
    assert shares(more) == pytest.approx({("a", "money"): 0.25})


def test_the_same_world_moved_nothing_and_has_hardly_happened():
    same = [[60, 40], [70, 30]]
    table = dosed({"f": {"money": same}, "a": {"money": same}}, n_seeds=2)
    assert shares(table) == {("a", "money"): 0.0}
    assert hardly_happened(table) == ["a"]


def test_a_seed_in_which_an_arm_reaches_nobody_counts_as_nought():
    steady = [[100, 100]] * 6
    # Four seeds without a row of `a`, the last two of them without one of either arm.
    cells = frame({"f": {"people": steady[:4]}, "a": {"people": steady[:2]}})
    table = dose(cells, against="f", seeds=range(6))
    assert table["n_seeds"].tolist() == [6]
    difference = np.array([0, 0, 100, 100, 0, 0])
    moved = difference.mean() - np.sqrt(2 / np.pi) * difference.std(ddof=1) / np.sqrt(6)
    assert shares(table) == pytest.approx({("a", "people"): moved / (400 / 6)})


def test_an_arm_that_reaches_nobody_at_all_moved_everybody():
    cells = {"f": {"money": [[10]], "people": [[5]]}, "a": {"money": [[10]]}}
    assert shares(dosed(cells)) == {("a", "money"): 0.0, ("a", "people"): 1.0}


def test_chance_alone_moves_less_than_would_count():
    rng = np.random.default_rng(1)
    chance = {
        arm: {"people": rng.poisson(100, size=(8, 60)).tolist()} for arm in ("f", "same")
    }  # fmt: skip
    chance["other"] = {"people": (rng.poisson(100, (8, 60)) + np.tile([20, -20], 30)).tolist()}
    found = shares(dosed(chance, n_seeds=8))
    # One in ten is moved on purpose; means of eight differ by 4 of 100 a cell by chance.
    assert found["same", "people"] < LEAST / 2
    assert found["other", "people"] == pytest.approx(0.1, abs=0.02)


def test_an_arm_happened_if_it_moved_enough_of_anything():
    cells = {
        "f": {"money": [[100, 100]], "people": [[100, 100]]},
        "a": {"money": [[100, 100]], "people": [[90, 110]]},
        "b": {"money": [[99, 101]], "people": [[98, 102]]},
    }
    assert hardly_happened(dosed(cells)) == ["b"]


def test_without_the_arm_to_be_held_against_nothing_is_said():
    table = dosed({"a": {"money": [[1]]}})
    assert table.empty and hardly_happened(table) == []


def test_cells_of_a_run_add_up_to_its_money_places_and_people():
    words = ("area=two_towns", "weeks=60", "regime=fragmented", "interventions=[outreach]")
    run = simulate(configure(*words, "people_per_agent=2"), seed=1, people=True)
    total = dose_cells(run).groupby("what")["value"].sum()
    money = run.tables["money"]
    assert total["money"] == pytest.approx(
        money.loc[money["date"] == money["date"].max(), "paid_gbp"].sum()
    )
    coverage = run.tables["coverage"]
    assert total["places"] == pytest.approx(
        coverage.groupby("date")["places"].sum().reindex(coverage["date"].unique()).mean()
    )
    begun = run.tables["clients"]["event"].isin(["engaged", "helped"]).sum()
    assert total["people"] == 2 * begun


def test_without_support_there_are_no_cells():
    run = simulate(configure("area=two_towns", "weeks=8"), seed=1)
    assert dose_cells(run).empty
