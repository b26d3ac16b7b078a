"""Words and arms that would change nothing are refused, each in one line."""

from __future__ import annotations

import shlex

import pytest

from experiments import configure
from experiments.words.repeat import repeat_command

TOWNS = ("area=two_towns", "weeks=4")
NOT_CHOSEN = "interventions.childcare.places=500: changes nothing, for childcare is not chosen"


def test_a_parameter_of_what_a_run_does_not_choose_is_refused(pathfinder):
    code, _, err = pathfinder("run", *TOWNS, "interventions.childcare.places=500")
    assert code == 2
    assert err == [f"{NOT_CHOSEN}; add interventions=[childcare]"]
    code, _, err = pathfinder("run", *TOWNS, "interventions=[outreach]", "information.rating.lag=1")
    assert code == 2 and len(err) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("arms.a=[]", "arms.b=[interventions.childcare.places=500]"),
            [f"arm b: {NOT_CHOSEN}; add interventions=[childcare]"],
        ),
        (
            ("interventions.childcare.places=500", "arms.a=[]", "arms.b=[hiring=random]"),
            [f"{NOT_CHOSEN}; add interventions=[childcare]"],
        ),
        (
            ("arms.a=[regime=none]", "arms.b=[regime=aligned]", "arms.c=[]"),
            ["arm c: is the same as arm a; give arms that differ"],
        ),
        (
            (
                "arms.a=[]",
                "arms.b=[interventions=[childcare],interventions.childcare.budget_gbp=100]",
            ),
            [
                "arm b: interventions.childcare.budget_gbp: 100.00 buys no place at 2,600.00 each"
                " (unit_cost_gbp)"
            ],
        ),
    ],
    ids=["of an arm", "of all", "twice", "too little"],
)
def test_arms_that_nothing_can_come_of_are_refused(pathfinder, words, said):
    code, _, err = pathfinder("compare", "compare=own", *TOWNS, *words, "output=here")
    assert (code, err) == (2, said)


def test_what_one_arm_chooses_may_be_set_for_all(pathfinder):
    words = (
        "interventions.childcare.places=500",
        "arms.a=[]",
        "arms.b=[interventions=[childcare]]",
    )
    code, _, err = pathfinder("compare", "compare=own", *TOWNS, *words, "output=here", "plan=true")
    assert (code, err) == (0, [])


def test_a_run_of_a_sweep_that_does_not_use_what_was_set_can_be_repeated():
    config = configure(*TOWNS, "interventions.childcare.places=500")
    words = shlex.split(repeat_command(config.model_dump(mode="json"), 5))[2:-1]
    assert "interventions.childcare.active=false" in words
    assert configure(*words) == config
