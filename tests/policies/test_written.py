"""What interventions of one's own write is checked before a compiled loop reads it."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import register
from simulation.config import Config
from simulation.errors import InputError
from simulation.model import LabourMarket
from simulation.policies.interventions import Intervention
from tests.small_areas import make_area

CASES = {
    "qualification": (5, "people.qualification must be finite and from 0 to 4, got 5"),
    "ward": (2, "people.ward must be finite and from 0 to 1, got 2"),
    "confidence": (1.5, "people.confidence must be finite and from 0 to 1, got 1.5"),
    "employability": (np.nan, "people.employability must be finite and from 0 to 1, got nan"),
    "search": (-1.0, "support.search must be finite and from 0 to inf, got -1.0"),
    "fit": (np.inf, "support.fit must be finite and from -inf to inf, got inf"),
}


def run_with(hook: str, act) -> LabourMarket:
    """Run a market with an intervention of which one hook does as it is told, to its end."""
    kind = type("Mine", (Intervention,), {"name": "mine", hook: act, "__module__": __name__})
    terms = {"active": True, "places": 5200, "weeks": 2, "groups": ("ib_esa", "no_benefit")}
    with register.on_behalf_of("mine.py"):
        register.intervention(kind)
    try:
        config = Config(weeks=6, people_per_agent=1).replace(interventions={"mine": terms})
        model = LabourMarket(config, 3, area=make_area([900, 600]))
        while model.running:
            model.step()
    finally:
        register.forget("mine.py")
    return model


@pytest.mark.parametrize("hook", ["begin", "hold", "finish"])
@pytest.mark.parametrize("column", CASES)
def test_what_is_out_of_range_is_told_with_the_intervention_and_the_week(hook, column):
    value, said = CASES[column]

    def act(self, rows, scene):
        columns = scene.people if column in scene.people._fields else scene.support
        getattr(columns, column)[rows] = value

    with pytest.raises(InputError) as error:
        run_with(hook, act)
    [line] = error.value.problems
    assert line == f"intervention 'mine', week {2 if hook == 'finish' else 0}: {said}"


@pytest.mark.parametrize("hook", ["begin", "hold", "finish", "has_left", "charged"])
def test_the_rows_it_is_given_cannot_be_written_to(hook):
    def act(self, rows, scene):
        rows[:] = 0

    with pytest.raises(ValueError, match="read-only"):
        run_with(hook, act)


def test_what_is_in_range_is_written():
    def act(self, rows, scene):
        scene.people.health[rows] = 2

    model = run_with("begin", act)
    [covered] = model.support_system.interventions.covered
    assert covered.size > 0
    assert np.all(model.people.health[covered] == 2)


def test_who_is_eligible_must_be_told_as_shipped_interventions_tell_it():
    with pytest.raises(InputError, match="'mine': eligible must return Who, .* got ndarray"):
        run_with("eligible", lambda self: np.ones(1500, bool))
