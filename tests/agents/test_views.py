"""Claimants and employers speak Mesa's words though they are columns."""

from __future__ import annotations

from collections.abc import Iterator

import mesa
import numpy as np
import pytest

from simulation import Config, InputError, LabourMarket
from simulation.categories import ETHNICITIES, N_LEVELS, State
from simulation.runner import forget_model

YOUNG_WEEKS = 25 * 52


@pytest.fixture
def model() -> Iterator[LabourMarket]:
    """Two towns after two weeks."""
    market = LabourMarket(Config(weeks=30).replace(area={"name": "two_towns"}), seed=1)
    market.step()
    market.step()
    yield market
    forget_model(market)


def test_there_is_one_claimant_a_person_and_one_employer_an_establishment(
    model: LabourMarket,
) -> None:
    assert len(model.claimants) == model.people.id.size == 4000
    assert len(model.employers) == model.jobs.ward.size
    assert sum(1 for _ in model.claimants) == 4000


def test_the_words_are_those_of_mesas_agent_set(model: LabourMarket) -> None:
    for word in ("select", "agg", "get", "groupby", "__len__", "__iter__", "__getitem__"):
        assert callable(getattr(mesa.agent.AgentSet, word))
        assert callable(getattr(model.claimants, word))
        assert callable(getattr(model.employers, word))


def test_an_agent_has_mesas_id_and_model_and_reads_its_own_row(model: LabourMarket) -> None:
    for row in (0, 17, 3999):
        agent = model.claimants[row]
        assert agent.unique_id == model.people.id[row]
        assert agent.model is model
        assert agent.state == model.people.state[row]
        assert agent.employability == model.people.employability[row]
        assert isinstance(agent.age_weeks, int)
    last = model.claimants[-1]
    assert last.unique_id == model.people.id[-1]
    assert repr(last) == f"<Claimant {last.unique_id}>"
    assert repr(model.employers[3]) == "<Employer 3>"


def test_iterating_gives_agents_in_the_order_of_get(model: LabourMarket) -> None:
    seekers = model.claimants.select(state=State.JSA)
    assert [agent.unique_id for agent in seekers] == list(seekers.get("id"))
    assert [agent.ward for agent in seekers] == list(seekers.get("ward"))


def test_select_keeps_those_with_a_value_or_who_pass_a_function(model: LabourMarket) -> None:
    people = model.people
    young = model.claimants.select(state=State.JSA, age_weeks=lambda weeks: weeks < YOUNG_WEEKS)
    expected = (people.state == State.JSA) & (people.age_weeks < YOUNG_WEEKS)
    assert 0 < len(young) == expected.sum() < len(model.claimants)
    assert np.array_equal(young.get("id"), people.id[expected])
    # A selection of a selection is the selection of both.
    again = model.claimants.select(state=State.JSA).select(
        age_weeks=lambda weeks: weeks < YOUNG_WEEKS
    )
    assert np.array_equal(again.get("id"), young.get("id"))
    assert type(again) is type(model.claimants)


def test_a_selection_of_nobody_is_an_empty_set(model: LabourMarket) -> None:
    nobody = model.claimants.select(age_weeks=lambda weeks: weeks > 100 * 52)
    assert len(nobody) == 0
    assert list(nobody) == []
    assert nobody.get("wage").shape == (0,)
    assert nobody.groupby("ward") == {}
    assert nobody.agg("wage", np.sum) == 0.0


def test_get_gives_one_array_or_several_by_name(model: LabourMarket) -> None:
    women_and_men = model.claimants.get(["ward", "state"])
    assert list(women_and_men) == ["ward", "state"]
    assert np.array_equal(women_and_men["state"], model.people.state)


def test_changing_what_get_gave_changes_nobody(model: LabourMarket) -> None:
    before = model.people.state.copy()
    states = model.claimants.get("state")
    states[:] = State.JSA
    assert np.array_equal(model.people.state, before)


def test_agg_is_a_function_of_the_column(model: LabourMarket) -> None:
    employed = model.claimants.select(state=State.EMPLOYED)
    at_work = model.people.state == State.EMPLOYED
    assert employed.agg("wage", np.mean) == pytest.approx(model.people.wage[at_work].mean())
    assert model.claimants.agg("id", len) == 4000


def test_groups_part_the_set(model: LabourMarket) -> None:
    groups = model.claimants.groupby("ethnicity")
    assert list(groups) == list(range(len(ETHNICITIES)))
    assert sum(len(group) for group in groups.values()) == 4000
    for ethnicity, group in groups.items():
        assert (group.get("ethnicity") == ethnicity).all()


def test_employers_have_the_jobs_of_all_their_levels(model: LabourMarket) -> None:
    assert model.employers.agg("filled", np.sum) == (model.people.state == State.EMPLOYED).sum()
    employer = model.employers[5]
    cells = slice(5 * N_LEVELS, 6 * N_LEVELS)
    assert employer.unique_id == 5
    assert employer.desired == model.jobs.desired[cells].sum()
    assert employer.filled == model.jobs.filled[cells].sum()
    assert employer.openings == model.jobs.openings[cells].sum()


@pytest.mark.parametrize("ask", ["get", "groupby"])
def test_an_unknown_attribute_of_a_set_is_named_with_what_is_allowed(
    model: LabourMarket, ask: str
) -> None:
    with pytest.raises(InputError, match="'employabilty'.*employability"):
        getattr(model.claimants, ask)("employabilty")


def test_select_and_agg_refuse_unknown_attributes_too(model: LabourMarket) -> None:
    with pytest.raises(InputError, match="'stat'.*state"):
        model.claimants.select(stat=1)
    with pytest.raises(InputError, match="'size'.*desired"):
        model.employers.agg("size", np.sum)


def test_an_unknown_attribute_of_an_agent_is_an_attribute_error(model: LabourMarket) -> None:
    with pytest.raises(AttributeError, match="'income'.*wage"):
        _ = model.claimants[0].income
    assert not hasattr(model.employers[0], "state")


def test_an_agent_reads_the_present(model: LabourMarket) -> None:
    agent = model.claimants[0]
    before = agent.age_weeks
    model.step()
    assert agent.age_weeks == before + 1


def test_an_employer_reads_the_present(model: LabourMarket) -> None:
    employers = list(model.employers)
    for _ in range(20):
        model.step()
    filled = model.jobs.filled.reshape(-1, N_LEVELS).sum(axis=1)
    assert [employer.filled for employer in employers] == list(filled)


def test_an_agents_attributes_cannot_be_set_without_effect(model: LabourMarket) -> None:
    agent = model.claimants[0]
    with pytest.raises(AttributeError):
        agent.employability = 1.0


def test_a_slice_of_a_set_is_a_set(model: LabourMarket) -> None:
    some = model.claimants[2:5]
    assert len(some) == 3
    assert [agent.unique_id for agent in some] == [model.claimants[n].unique_id for n in (2, 3, 4)]
