"""Money is spent on the real area, and a job start costs what the sources say.

One agent stands for twenty people; jobs do not answer, since that moves no pound that is paid.
Source: IDeA 2009, case study 3 (Heads of the Valleys: just under 3,000 GBP a job start).
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from experiments import configure
from simulation import simulate
from simulation.finished.run import Run
from simulation.inputs.of_config import area_of
from simulation.support.commissioning import planning_weeks
from simulation.support.set_up import streams_of

ARMS = tuple((regime, seed) for regime in ("fragmented", "aligned") for seed in (1, 2, 3))
IN_WORK = "train_to_gain"
"""The stream that trains people in work, who start no job."""


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    words = ("area=bcbc", "people_per_agent=20", "closure=fixed_jobs")
    return [simulate(configure(*words, f"regime={regime}"), seed) for regime, seed in ARMS]


def use_by_stream(run: Run) -> pd.DataFrame:
    """Return what streams other than by results had and paid in planning years that have ended."""
    config = run.config
    last = config.start + timedelta(weeks=config.weeks)
    had: dict[str, float] = {}
    for years in planning_weeks(streams_of(config, area_of(config)), config).values():
        for stream, (amount, end) in years.items():
            if end <= last:
                had[stream] = had.get(stream, 0.0) + amount
    contracts = run.support("contracts")
    ended = contracts[contracts["end"] <= pd.Timestamp(last)]
    ended = ended[~ended["terms"].isin(["flexible_new_deal", "work_programme"])]
    paid = ended.groupby("stream")["earned_gbp"].sum()
    return pd.DataFrame({"had": pd.Series(had), "paid": paid}).dropna()


def test_streams_use_four_fifths_of_their_money(runs: list[Run]):
    use = sum(use_by_stream(run) for run in runs)
    assert len(use) == 10
    assert use["paid"].sum() / use["had"].sum() >= 0.87
    share = use["paid"] / use["had"]
    # A stream of some millions is a handful of contracts, and luck moves it by a tenth. Fair
    # Cities, five million for two years, falls short of what is asked (payments.md).
    is_small = use["had"] < 6e6 * len(runs)
    assert is_small.sum() == 1
    assert (share >= is_small.map({True: 0.65, False: 0.75})).all(), share
    assert (share[use["had"] > 10e6 * len(runs)] >= 0.8).all(), share


def test_grants_pay_for_no_places_that_nobody_took(runs: list[Run]):
    for run in runs:
        contracts = run.support("contracts")
        grants = contracts[contracts["terms"] == "block_grant"]
        idle = (grants["earned_gbp"] - grants["used_gbp"]).clip(lower=0.0)
        assert idle.sum() < 0.05 * grants["earned_gbp"].sum()


def test_a_job_start_costs_within_a_factor_of_two_of_three_thousand_pounds(runs: list[Run]):
    for run in runs:
        money = run.support("money")
        end = money[money["date"] == money["date"].max()].set_index("stream")["earned_gbp"]
        starts = (run.support("clients")["event"] == "job_entry").sum()
        cost = end.drop(IN_WORK).sum() / (starts * run.config.people_per_agent)
        assert 1500.0 <= cost <= 6000.0
