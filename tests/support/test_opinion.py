"""Residents' trust in kinds of providers: its path, and who comes to whom."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from given_support import contract, events, market, number, providers, seekers_area, settings
from given_support import stand_still as let_weeks_pass

from simulation import Config, LabourMarket, simulate
from simulation.agents.providers import JOBCENTRE, LOCAL, N_KINDS, PRIVATE
from simulation.categories import CLIENT_GROUPS
from simulation.runner import forget_model
from simulation.support.opinion import Opinion

RULES = {"usual": [0.6, 0.4, 0.5], "half_life_weeks": 26.0, "helped": 8.0, "let_down": 15.0}


def opinion_of(*residents: int, **rules) -> Opinion:
    config = Config(people_per_agent=2).replace(residents=RULES | rules)
    return Opinion(config, seekers_area(*residents))


def nobody(opinion: Opinion) -> np.ndarray:
    return np.zeros_like(opinion.trust)


def test_without_events_trust_follows_its_half_life_to_the_usual():
    opinion = opinion_of(400, 900)
    opinion.trust[:] = [[0.9], [0.1], [0.5]]
    for week in range(1, 80):
        opinion.are_let_down(nobody(opinion))
        opinion.week_passes(nobody(opinion))
        left = 0.5 ** (week / 26.0)
        for kind, (usual, first) in enumerate(zip(RULES["usual"], (0.9, 0.1, 0.5), strict=True)):
            assert opinion.trust[kind] == pytest.approx(usual + (first - usual) * left)


def test_at_the_usual_trust_it_stays_to_the_last_bit():
    opinion = opinion_of(400, 900)
    before = opinion.trust.copy()
    opinion.are_let_down(nobody(opinion))
    opinion.week_passes(nobody(opinion))
    np.testing.assert_array_equal(opinion.trust, before)


def test_events_of_clients_move_trust_of_their_kind_and_ward_alone_by_shares_of_residents():
    opinion = opinion_of(400, 900, half_life_weeks=5200.0)
    let_down, helped = nobody(opinion), nobody(opinion)
    let_down[JOBCENTRE, 0], helped[LOCAL, 1] = 3, 5
    opinion.are_let_down(let_down)
    opinion.week_passes(helped)
    # Two people an agent.
    left = 0.5 ** (1 / 5200)
    put_off = 0.4 * math.exp(-15.0 * 2 * 3 / 400)
    won_over = 1.0 - 0.4 * math.exp(-8.0 * 2 * 5 / 900)
    assert opinion.trust[JOBCENTRE, 0] == pytest.approx(0.4 + (put_off - 0.4) * left)
    assert opinion.trust[LOCAL, 1] == pytest.approx(0.6 + (won_over - 0.6) * left)
    others = np.ones_like(opinion.trust, bool)
    others[JOBCENTRE, 0] = others[LOCAL, 1] = False
    usual = np.repeat(np.array(RULES["usual"])[:, None], 2, axis=1)
    np.testing.assert_allclose(opinion.trust[others], usual[others], rtol=1e-12)


def test_trust_stays_between_nothing_and_all_however_much_happens():
    opinion = opinion_of(100)
    for _ in range(50):
        opinion.are_let_down(nobody(opinion) + 100)
    assert (opinion.trust >= 0.0).all()
    for _ in range(50):
        opinion.week_passes(nobody(opinion) + 100)
    assert (opinion.trust <= 1.0).all()


@pytest.mark.parametrize("elasticity", [0.0, 0.5, 2.0])
def test_trust_in_a_provider_follows_that_in_its_kind_with_its_elasticity(elasticity):
    opinion = opinion_of(400, 900, elasticity=elasticity, jobcentre_trust=[0.7] * 8)
    opinion.trust[LOCAL, 1] = 0.3
    factors = opinion.factors()
    assert factors.shape == (N_KINDS, 2, len(CLIENT_GROUPS))
    assert (factors[PRIVATE] == 1.0).all()
    assert factors[LOCAL, 1] == pytest.approx(0.5**elasticity)
    assert factors[JOBCENTRE] == pytest.approx(0.7**elasticity)
    who = providers(3, n_wards=2, kind=np.array([LOCAL, JOBCENTRE, PRIVATE]), trust=0.8)
    share = (400 + 900 * 0.5**elasticity) / 1300
    expected = 0.8 * np.array([share, 0.7**elasticity, 1.0])
    np.testing.assert_allclose(opinion.in_providers(who), np.repeat(expected[:, None], 8, axis=1))


def engaged_by(kinds: list[int], weeks: int = 4, **rules) -> list[int]:
    """How many of 3,600 job seekers each of some providers of trust 0.2 engages."""
    config = settings(residents=rules)
    n = len(kinds)
    who = providers(n, kind=np.array(kinds), trust=0.2)
    contracts = [contract(each, stages=("engagement",)) for each in range(n)]
    model = market(config, contracts, area=seekers_area(4000), who=who)
    table = events(let_weeks_pass(model, weeks))
    begun = table.loc[table["event"] == "engaged", "provider"]
    return [int((begun == each).sum()) for each in range(n)]


def test_who_keeps_away_from_the_jobcentre_is_reached_by_local_bodies():
    """One provider of each kind: they engage in proportion to trust, and reach adds up."""
    local, jobcentre = engaged_by([LOCAL, JOBCENTRE], jobcentre_trust=[0.25] * 8)
    share = local / (local + jobcentre)
    assert share == pytest.approx(0.8, abs=4 * math.sqrt(0.16 / (local + jobcentre)))
    alone = sum(engaged_by([JOBCENTRE], weeks=1, jobcentre_trust=[0.25] * 8))
    # At once: exp(-1) of those reached are not found in a week.
    chance = 0.2 * 0.25 * (1.0 - math.exp(-1.0))
    assert alone == pytest.approx(3600 * chance, abs=4 * math.sqrt(3600 * chance))


def test_in_a_run_helping_raises_trust_and_parking_lowers_it():
    config = settings(residents={"helped": 50.0, "let_down": 50.0}, journey={"p_broker": 0.5})
    who = providers(2, kind=np.array([LOCAL, PRIVATE]))
    contracts = [contract(0), contract(1, stages=("engagement",))]
    model = market(config, contracts, area=seekers_area(1500), who=who)
    while model.week < 40:
        model.step()
    table, trust = events(model), model.support_system.commissioning.opinion.trust[:, 0]
    assert number(table, "job_entry") > 0
    assert number(table[table["provider"] == 1], "left_waiting") == 0
    assert trust[LOCAL] > config.residents.usual[LOCAL]
    assert trust[JOBCENTRE] == config.residents.usual[JOBCENTRE]
    forget_model(model)


def test_without_elasticity_nothing_that_happens_to_neighbours_matters():
    null = {"elasticity": 0.0}
    base = Config(weeks=30, people_per_agent=2).replace(
        area={"name": "two_towns"},
        regime={"name": "fragmented", "trust_weight": 0.0},
        funding={"scale": 20.0},
        closure={"response": 0.0},
    )
    one, other = (
        simulate(base.replace(residents=null | more), 1)
        for more in ({}, {"helped": 100.0, "let_down": 100.0, "jobcentre_trust": [0.1] * 8})
    )
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name])
    moved = simulate(base, 1)
    assert not moved.tables["clients"].equals(one.tables["clients"])


def test_the_shipped_market_has_all_kinds_by_type_and_owner():
    model = LabourMarket(
        Config(weeks=1, people_per_agent=50).replace(regime={"name": "fragmented"}), 1
    )
    kinds = model.support_system.commissioning.providers.kind
    table = model.support_system._provider_table
    assert set(table["type"][kinds == JOBCENTRE]) == {"jobcentre_team"}
    assert set(table["ownership"][kinds == PRIVATE]) == {"private"}
    assert set(table["ownership"][kinds == LOCAL]) == {"public", "voluntary"}
    forget_model(model)
