"""Paired runs with support: what support does not reach stays bit for bit what it was."""

import numpy as np
import pandas as pd
import pytest
from given_support import contract, market, providers, settings
from small_areas import make_area
from test_pairing import COMPARED, ONE_TOWN_EACH, assert_same_every_week, differences

from experiments import configure
from simulation import simulate
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.inputs.shipped import resolve_file
from simulation.model import LabourMarket
from simulation.results.additionality import additionality
from simulation.results.gross_to_net import Pair, gross_to_net

REGIMES = ("fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned")


def two_towns(name: str, *, weeks: int = 26, **groups):
    groups["regime"] = {"name": name} | groups.get("regime", {})
    return configure("area=two_towns", f"weeks={weeks}").replace(**groups)


@pytest.fixture(scope="module")
def unsupported():
    return simulate(two_towns("none"), 3, events=True, people=True)


@pytest.mark.parametrize("regime", REGIMES)
def test_a_regime_with_nothing_to_spend_changes_nobody(regime, unsupported):
    run = simulate(two_towns(regime, funding={"scale": 0.0}), 3, events=True, people=True)
    pd.testing.assert_frame_equal(run.monthly, unsupported.monthly, check_exact=True)
    pd.testing.assert_frame_equal(run.events, unsupported.events, check_exact=True)
    assert run.support("clients").empty
    kept = [name for name in run.tables["people"] if name != "programme"]
    assert run.tables["people"][kept].equals(unsupported.tables["people"][kept])


@pytest.mark.parametrize("stages", [(), STAGES], ids=["contracts without places", "no contract"])
def test_contracts_without_places_change_nobody(stages):
    area = make_area([300, 200])
    config = settings(60)
    contracts = [contract(places=0.0, n_wards=2)] if stages == () else []
    supported = market(config, contracts, area=area, who=providers(n_wards=2), seed=5)
    assert_same_every_week(supported, LabourMarket(config, 5, area=area))


def test_a_contract_changes_nobody_before_its_first_day():
    area = make_area([300, 200])
    config = settings(60)
    later = pd.Timestamp(config.start) + pd.Timedelta(weeks=26)
    one = contract(n_wards=2, start=later.date())
    supported = market(config, [one], area=area, who=providers(n_wards=2), seed=5)
    alone = LabourMarket(config, 5, area=area)
    for week in range(60):
        if week == 26:
            assert differences(supported, alone) == {}
        supported.step()
        alone.step()
    assert "confidence" in differences(supported, alone)


def test_support_in_an_unconnected_ward_changes_nothing_elsewhere():
    area = make_area([300, 200], commuting=ONE_TOWN_EACH, districts=["First", "Second"])
    config = settings(60, hiring={"rule": "ranking", "strength": 2.0})
    one = contract(n_wards=2)
    one.wards[0] = False
    supported = market(config, [one], area=area, who=providers(n_wards=2), seed=8)
    alone = LabourMarket(config, 8, area=area)
    first_town = alone.people.ward == 0
    while alone.running:
        alone.step()
        supported.step()
        for name in COMPARED:
            left = getattr(alone.people, name)[first_town]
            right = getattr(supported.people, name)[first_town]
            np.testing.assert_array_equal(left, right, err_msg=f"{name}, week {alone.week}")
    # The test could not fail if support did nothing: the second town does change.
    assert "state" in differences(alone, supported)
    ours, theirs = (model.recorder.monthly() for model in (alone, supported))
    first, second = (
        frame[frame["ward"] == "W0"].reset_index(drop=True) for frame in (ours, theirs)
    )
    pd.testing.assert_frame_equal(first, second)


def test_a_second_contract_far_away_moves_nobodys_journey_here():
    """The clients of the first town keep their records to the last word."""
    area = make_area([300, 200], commuting=ONE_TOWN_EACH)
    here, there = contract(0, n_wards=2), contract(1, n_wards=2, stream="other")
    here.wards[1], there.wards[0] = False, False
    models = []
    for contracts in ([here], [here, there]):
        who = providers(2, n_wards=2)
        model = market(settings(60), contracts, area=area, who=who, seed=8)
        while model.running:
            model.step()
        models.append(model)
    frames = [model.support_system.tables(model.people)["clients"] for model in models]
    assert len(frames[1]) > len(frames[0])
    own = [frame[frame["ward"] == "W0"].drop(columns="stream") for frame in frames]
    pd.testing.assert_frame_equal(*(frame.reset_index(drop=True) for frame in own))


def test_without_a_pool_pooled_is_fragmented_person_by_person():
    runs = [
        simulate(
            two_towns(regime, weeks=104, regime={"pool_share": 0.0}), 3, events=True, people=True
        )
        for regime in ("fragmented", "pooled")
    ]
    for name in ("clients", "contracts", "money", "people"):
        first, second = (run.support(name) for run in runs)
        assert len(first) > 50
        pd.testing.assert_frame_equal(first, second, check_exact=True)
    pd.testing.assert_frame_equal(runs[0].events, runs[1].events, check_exact=True)


def covered_share(run, *, since: str) -> float:
    """Part of what is needed that there are places for, over all cells and months from a day on."""
    coverage = run.support("coverage")
    coverage = coverage[coverage["date"] >= since]
    met = np.minimum(coverage["places"], coverage["need"]).sum()
    return float(met / coverage["need"].sum())


@pytest.fixture(scope="module")
def all_discretion(tmp_path_factory):
    """The streams of two towns, every one of them free to move all its money."""
    folder = tmp_path_factory.mktemp("streams")
    table, amounts = (
        pd.read_csv(resolve_file(name, group="funders", suffix=".csv"), keep_default_na=False)
        for name in ("two_towns", "two_towns_amounts")
    )
    table["discretion"] = 1
    table["stages"] = "|".join(STAGES)
    table["groups"] = "|".join(CLIENT_GROUPS[:3])
    table["where"], table["is_capacity"] = "all", 0
    table["min_age"], table["max_age"], table["max_qualification"] = 16, 65, 4
    table = table[table["groups"] != "employed"]
    table.to_csv(folder / "free.csv", index=False)
    amounts = amounts[amounts["stream"].isin(table["stream"])]
    amounts.to_csv(folder / "free_amounts.csv", index=False)
    return str(folder / "free.csv")


def test_all_transparency_discretion_and_willingness_give_aligned_the_coverage_of_pooled(
    all_discretion,
):
    """In a run: what there are places for, month by month, of what is needed then.

    Every stream sees the same claimants and nobody else, and has more money than they need.
    Pooled money goes where most jobs are expected, so that it covers a little less than it could.
    """
    partnership = {
        "start": "2006-01-01",
        "trust": 1.0,
        "transparency": 1.0,
        "rigidity": 0.0,
        "default_behaviour": "full_pooling",
        "missed_target_loss": 0.0,
        "restructuring_loss": 0.0,
        "shocks": (),
    }
    regime = {
        "start_up_weeks": 0,
        "pool_share": 1.0,
        "largest_fall": 1.0,
        "core_team_share": 0.0,
        "procurement_gbp": 0.0,
        "fair_share": 0.0,
        "least_starts": 0.0,
    }
    groups = {
        "partnership": partnership,
        "regime": regime,
        "funding": {"table": all_discretion},
        "providers": {"density": 5.0},
    }
    share = {
        name: covered_share(simulate(two_towns(name, weeks=60, **groups), 3), since="2006-06-01")
        for name in ("fragmented", "aligned", "pooled")
    }
    assert share["aligned"] >= 0.97 * share["pooled"]
    assert share["pooled"] >= 0.85 * share["aligned"]
    assert share["fragmented"] < 0.7 * share["pooled"]


def test_flows_between_two_worlds_add_up_in_every_week_of_a_pair():
    """Closed form 6 of the theory: exact at every date, counted here a second time."""
    area = make_area([700, 500])
    config = settings(60)
    supported = market(config, [contract(n_wards=2)], area=area, who=providers(n_wards=2), seed=4)
    alone = LabourMarket(config, 4, area=area)
    is_changed = False
    while alone.running:
        alone.step()
        supported.step()
        treated = supported.support_system.caseload.clients.treated_week >= 0
        cells = supported.people.cell, alone.people.cell
        working = [cell >= 0 for cell in cells]
        employers = [np.where(cell >= 0, cell // 5, -1) for cell in cells]
        outside = ~area.priority[alone.people.ward]
        flows = gross_to_net(Pair(*working, *employers, treated, outside)).iloc[0]
        gained, lost = working[0] & ~working[1], working[1] & ~working[0]
        both = working[0] & working[1]
        assert flows["gross"] == (treated & working[0]).sum()
        assert flows["gross"] == (treated & both).sum() + (treated & gained).sum()
        assert flows["gross"] == flows["deadweight"] + flows["gains"]
        change = working[0].sum() - working[1].sum()
        assert change == flows["net"]
        assert change == (
            flows["gains"] - flows["losses"] + flows["others_gains"] - flows["others_losses"]
        )
        assert change == (
            flows["gross"] - flows["deadweight"] - flows["losses"]
            - flows["substitution"] - flows["displacement"]
        )  # fmt: skip
        assert flows["others_losses"] == (~treated & lost).sum()
        is_changed |= bool(gained.any() and lost.any())
    assert is_changed


def test_the_identity_holds_at_every_snapshot_of_a_regime(unsupported):
    run = simulate(two_towns("fragmented"), 3, people=True)
    for week in (26,):
        flows = additionality(run, unsupported, week=week).iloc[0]
        assert flows["gross"] == flows["deadweight"] + flows["gains"]
        assert flows["net"] == (
            flows["gains"] - flows["losses"] + flows["others_gains"] - flows["others_losses"]
        )
        assert flows["treated"] > 0
