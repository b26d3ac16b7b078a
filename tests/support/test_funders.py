"""Streams of funding against the figures of the business plan; bad tables; funders as agents."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import mesa
import numpy as np
import pandas as pd
import pytest

from simulation.agents.funders import Funder, build_funders
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import FundingConfig
from simulation.errors import InputError
from simulation.inputs.area import load_area
from simulation.inputs.named_wards import named_wards
from simulation.inputs.shipped import shipped_area_folder
from simulation.runner import forget_model
from simulation.support.funding import load_streams, planning_years

TABLES = Path(__file__).resolve().parents[2] / "conf" / "funders"

# Lines of the business plan of June 2007 by financial year, GBP; None where it has no figure.
PLAN = {
    "city_strategy_seedcorn": (110_000, 210_000, None),
    "deprived_areas_fund": (1_370_000, 4_274_000, None),
    "lsc_commissioning": (None, 7_000_000, 7_000_000),
    "jcp_mainstream": (None, 17_300_000, None),
    "train_to_gain": (None, 5_000_000, 7_500_000),
    "fair_cities": (1_000_000, 4_000_000, None),
    "lsc_esf_cofinancing": (None, 5_600_000, 7_000_000),
    "neighbourhood_renewal": (None, 9_660_000, None),
    "lsc_city_region": (100_000, 250_000, 250_000),
}
# The planning year that shares most months with the financial year begins in this month.
FIRST_YEAR = {"lsc_esf_cofinancing": date(2006, 1, 1)} | dict.fromkeys(
    ("lsc_commissioning", "train_to_gain", "lsc_city_region"), date(2006, 8, 1)
)
APRIL = date(2006, 4, 1)


@pytest.fixture(scope="module")
def bcbc():
    return load_area(shipped_area_folder("bcbc"))


@pytest.fixture(scope="module")
def streams(bcbc):
    return {stream.name: stream for stream in load_streams(FundingConfig(), bcbc)}


@pytest.fixture(scope="module")
def towns():
    return load_area(shipped_area_folder("two_towns"))


def of_plan():
    for name, amounts in PLAN.items():
        first = FIRST_YEAR.get(name, APRIL)
        for number, amount in enumerate(amounts):
            if amount is not None:
                yield name, first.replace(year=first.year + number), amount


@pytest.mark.parametrize(("name", "day", "amount"), list(of_plan()))
def test_amounts_are_those_of_the_business_plan(streams, name, day, amount):
    assert streams[name].amounts_gbp[day] == amount


def test_the_lines_of_2007_are_used_and_not_the_total_the_plan_prints(streams):
    lines = [
        streams[name].amounts_gbp[FIRST_YEAR.get(name, APRIL).replace(year=first)]
        for name in PLAN
        for first in [FIRST_YEAR.get(name, APRIL).year + 1]
    ]
    assert sum(lines) == 53_294_000
    assert sum(lines) - 39_794_000 == 13_500_000


def test_every_amount_that_is_not_in_the_plan_is_marked_as_an_assumption():
    table = pd.read_csv(TABLES / "bcbc_amounts.csv")
    known = {(name, day.isoformat()) for name, day, _ in of_plan()}
    is_known = [key in known for key in zip(table["stream"], table["from"], strict=True)]
    assert list(table["is_assumption"] == 0) == is_known
    others = [
        pd.read_csv(TABLES / f"{name}_amounts.csv") for name in ("two_towns", "tyne_and_wear")
    ]
    assert all((other["is_assumption"] == 1).all() for other in others)


def test_streams_may_be_spent_where_the_plan_says(streams, bcbc):
    wards = bcbc.wards
    priority = wards["priority"] == 1
    renewal = priority & ~wards["district"].isin(["Telford and Wrekin", "Solihull"])
    assert np.array_equal(streams["deprived_areas_fund"].wards, wards["daf"] == 1)
    assert np.array_equal(
        streams["fair_cities"].wards, priority & (wards["district"] == "Birmingham")
    )
    assert np.array_equal(streams["neighbourhood_renewal"].wards, renewal)
    assert streams["jcp_mainstream"].wards.all()


def test_streams_help_whom_the_plan_says(streams):
    assert streams["train_to_gain"].eligibility.groups == ("employed",)
    assert streams["train_to_gain"].stages == (STAGES.index("services"),)
    assert streams["train_to_gain"].eligibility.max_qualification == 1
    assert streams["fair_cities"].eligibility.minority_only
    mainstream = streams["jcp_mainstream"].eligibility.groups
    assert "jsa_under_6_months" not in mainstream
    assert "no_benefit" not in streams["deprived_areas_fund"].eligibility.groups
    assert {name for name, stream in streams.items() if stream.is_capacity} == {
        "city_strategy_seedcorn",
        "lsc_city_region",
    }


def test_the_deprived_areas_fund_goes_on_for_a_year_beside_the_working_neighbourhoods_fund(streams):
    """As the final evaluation has them: to March 2009, 33 over 32 million; 57 and 24 million."""
    fund, own = streams["working_neighbourhoods_fund"], streams["deprived_areas_fund"]
    assert own.end == date(2009, 4, 1)
    assert own.amounts_gbp[date(2008, 4, 1)] == round(4_274_000 * 33 / 32, -3)
    assert streams["neighbourhood_renewal"].end == min(fund.amounts_gbp) == date(2008, 4, 1)
    assert 3 * fund.amounts_gbp[date(2008, 4, 1)] == 57_000_000
    assert sum(streams["european_regional_fund"].amounts_gbp.values()) == 24_000_000
    assert fund.funder == "local authorities"
    assert fund.end == date(2011, 4, 1)


def test_results_replace_the_support_of_the_jobcentre(streams):
    flexible, work = streams["flexible_new_deal"], streams["work_programme"]
    assert flexible.terms == "flexible_new_deal"
    assert flexible.eligibility.groups == ("jsa_over_12_months",)
    assert min(flexible.amounts_gbp) == streams["jcp_mainstream"].end == date(2009, 10, 1)
    assert min(work.amounts_gbp) == flexible.end == date(2011, 6, 1)
    beside = streams["jcp_support_contract"].eligibility.groups
    assert "jsa_over_12_months" not in beside
    open_after = {
        name
        for name, stream in streams.items()
        if stream.funder == "Jobcentre Plus" and stream.end is None
    }
    assert open_after == {"work_programme"}


def test_tyne_and_wear_has_the_money_of_bcbc_by_residents(bcbc):
    area = load_area(shipped_area_folder("tyne_and_wear"))
    share = area.wards["residents"].sum() / bcbc.wards["residents"].sum()
    ours = {stream.name: stream for stream in load_streams(FundingConfig(), bcbc)}
    theirs = {stream.name: stream for stream in load_streams(FundingConfig(), area)}
    results = {"flexible_new_deal", "jcp_support_contract"}
    assert set(ours) - set(theirs) == {"fair_cities", "european_regional_fund", *results}
    seedcorn = "city_strategy_seedcorn"
    assert theirs[seedcorn].amounts_gbp == ours[seedcorn].amounts_gbp
    for name in set(theirs) - {seedcorn}:
        for day, amount in theirs[name].amounts_gbp.items():
            if name != "jcp_mainstream" or day < date(2009, 4, 1):
                assert amount == round(ours[name].amounts_gbp[day] * share, -3)
    assert theirs["jcp_mainstream"].end == min(theirs["work_programme"].amounts_gbp)


def test_scale_multiplies_amounts_and_targets(streams, bcbc):
    for scaled in load_streams(FundingConfig(scale=0.5), bcbc):
        whole = streams[scaled.name]
        assert scaled.target_jobs == 0.5 * whole.target_jobs
        assert scaled.amounts_gbp == {day: 0.5 * gbp for day, gbp in whole.amounts_gbp.items()}


def test_planning_years_end_with_the_next_a_year_later_or_with_the_stream(streams):
    mainstream = planning_years(streams["jcp_mainstream"])
    assert mainstream[0] == (date(2006, 4, 1), date(2007, 4, 1), 17_300_000)
    assert mainstream[-1] == (date(2009, 4, 1), date(2009, 10, 1), 14_500_000)
    begun_late = planning_years(streams["jcp_support_contract"])
    assert begun_late[0][:2] == (date(2009, 10, 1), date(2010, 4, 1))
    assert planning_years(streams["work_programme"])[-1][1] == date(2013, 6, 1)


def test_every_shipped_table_fits_its_area(towns):
    streams = load_streams(FundingConfig(), towns)
    assert {group for s in streams for group in s.eligibility.groups} == set(CLIENT_GROUPS)
    assert all(stream.wards.any() and stream.amounts_gbp for stream in streams)


def test_an_area_without_streams_names_the_areas_that_have_them():
    with pytest.raises(InputError, match="must be one of bcbc, two_towns, tyne_and_wear or"):
        load_streams(FundingConfig(), load_area(shipped_area_folder("bare_market")))
    with pytest.raises(InputError, match="shipped names bcbc, two_towns, tyne_and_wear;"):
        load_streams(
            FundingConfig(table="nowhere.csv"), load_area(shipped_area_folder("two_towns"))
        )


def own_tables(folder, *, streams=(), amounts=()):
    """Copy the tables of two towns with cells (row of the frame, column, value) changed."""
    for suffix, changes in (("", streams), ("_amounts", amounts)):
        table = pd.read_csv(TABLES / f"two_towns{suffix}.csv", dtype=str, keep_default_na=False)
        for row, column, value in changes:
            table.loc[row, column] = value
        table.to_csv(folder / f"mine{suffix}.csv", index=False)
    return FundingConfig(table=str(folder / "mine.csv"))


WRONG_STREAM = {
    "unknown district": ("where", "Leeds", "row 2, column where: Leeds; must be all, priority"),
    "no ward left": ("where", "Oakvale|daf", "row 2, column where: Oakvale|daf; must be all"),
    "nothing": ("where", "", "row 2, column where: (nothing); must be some text"),
    "unknown group": ("groups", "jsa", "row 2, column groups: jsa; must be one or more of jsa_u"),
    "group twice": ("groups", "ib_esa|ib_esa", "column groups: ib_esa|ib_esa; must be one or"),
    "unknown stage": ("stages", "outreach", "column stages: outreach; must be one or more of eng"),
    "discretion": ("discretion", "1.2", "column discretion: 1.2; must be a number from 0 to 1"),
    "terms": ("terms", "barter", "column terms: barter; must be one of attachment_only, block"),
    "month": ("planning_month", "13", "column planning_month: 13; must be a whole number from"),
    "end first": ("to", "2006-04-01", "column to: 2006-04-01; must be after 2006-04-01"),
    "no date": ("from", "1 April 2006", "column from: 1 April 2006; must be a date such as"),
    "no such day": ("from", "2006-02-30", "column from: 2006-02-30; must be a date such as"),
    "leap day": ("from", "2004-02-29", "column from: 2004-02-29; must be a day every year has"),
    "ages": ("max_age", "16", "column max_age: 16; must be a whole number from 17 to 65"),
    "too old": ("min_age", "65", "column min_age: 65; must be a whole number from 16 to 64"),
    "flag": ("is_capacity", "yes", "column is_capacity: yes; must be one of 0, 1"),
    "target": ("target_jobs", "-1", "column target_jobs: -1; must be a number from 0 to"),
    "twice": ("stream", "college_fund", "column stream: college_fund; must be a stream no other"),
}


@pytest.mark.parametrize("case", WRONG_STREAM)
def test_a_wrong_cell_of_a_stream_is_one_line(case, tmp_path, towns):
    column, value, line = WRONG_STREAM[case]
    config = own_tables(tmp_path, streams=[(0, column, value)])
    with pytest.raises(InputError) as refused:
        load_streams(config, towns)
    assert any(line in problem for problem in refused.value.problems)
    assert all("mine.csv: row" in problem for problem in refused.value.problems)


WRONG_AMOUNT = {
    "negative": ("amount_gbp", "-5", "row 2, column amount_gbp: -5; must be a number from 0"),
    "unknown stream": ("stream", "lottery", "row 2, column stream: lottery; must be a stream of"),
    "too early": ("from", "2005-04-01", "column from: 2005-04-01; must be from 2006-04-01 and"),
    "too late": ("from", "2011-04-01", "must be from 2006-04-01 and before 2011-04-01"),
    "overlap": ("from", "2007-01-01", "must be 2006-04-01 or the first of month 4, the planning"),
    "same year": ("from", "2007-04-01", "must be a year of partnership_seedcorn no other row"),
}


@pytest.mark.parametrize("case", WRONG_AMOUNT)
def test_a_wrong_planning_year_is_one_line(case, tmp_path, towns):
    column, value, line = WRONG_AMOUNT[case]
    config = own_tables(tmp_path, amounts=[(0, column, value)])
    with pytest.raises(InputError) as refused:
        load_streams(config, towns)
    assert len(refused.value.problems) == 1
    assert "mine_amounts.csv: row" in refused.value.problems[0]
    assert line in refused.value.problems[0]


def test_all_problems_of_both_tables_are_reported_at_once(tmp_path, towns):
    config = own_tables(
        tmp_path,
        streams=[(0, "where", "Leeds"), (1, "discretion", "2"), (2, "terms", "barter")],
        amounts=[(3, "amount_gbp", "-1"), (4, "from", "soon")],
    )
    with pytest.raises(InputError) as refused:
        load_streams(config, towns)
    assert len(refused.value.problems) == 5


def test_ages_that_leave_nobody_are_refused(tmp_path, towns):
    config = own_tables(tmp_path, streams=[(0, "min_age", "40"), (0, "max_age", "30")])
    with pytest.raises(InputError, match="column max_age: 30; must be above min_age, 40"):
        load_streams(config, towns)


def test_a_stream_without_a_planning_year_is_refused(tmp_path, towns):
    config = own_tables(tmp_path)
    path = tmp_path / "mine_amounts.csv"
    table = pd.read_csv(path)
    table[table["stream"] != "college_fund"].to_csv(path, index=False)
    with pytest.raises(
        InputError, match="column stream: college_fund; must be a stream with a row"
    ):
        load_streams(config, towns)


def test_a_table_without_its_amounts_is_refused(tmp_path, towns):
    config = own_tables(tmp_path)
    (tmp_path / "mine_amounts.csv").unlink()
    with pytest.raises(InputError, match="mine_amounts.csv: not found; must stand beside"):
        load_streams(config, towns)


def test_names_of_wards_add_up_and_marks_narrow_them(towns):
    codes = towns.wards["code"].to_numpy()
    chosen = {
        "all": ["M1", "M2", "M3", "O1", "O2", "O3"],
        "Oakvale": ["O1", "O2", "O3"],
        "M3|O1": ["M3", "O1"],
        "Canal Side|O1": ["M1", "O1"],
        "M3|Oakvale|not:O2": ["M3", "O1", "O3"],
        "not:Oakvale": ["M1", "M2", "M3"],
        "priority": ["M1", "M2"],
        "Millbrook|daf": ["M1"],
        "all|daf": ["M1"],
        "": [],
    }
    for cell, expected in chosen.items():
        wards, unknown = named_wards(cell, towns.wards)
        assert (list(codes[wards]), unknown) == (expected, None), cell
    assert named_wards("Millbrook|Leeds", towns.wards)[1] == "Leeds"


def test_funders_read_money_and_trust_as_they_stand_and_can_be_let_go(towns):
    streams = load_streams(FundingConfig(), towns)
    model = mesa.Model()
    pence = np.zeros(len(streams) + 1, np.int64)
    trust = {"skills council": 0.4}
    market = SimpleNamespace(
        streams=streams,
        money=SimpleNamespace(stream_committed=pence, stream_earned=pence // 2, stream_paid=pence),
        partnership=SimpleNamespace(partners=lambda: SimpleNamespace(trust=trust)),
    )
    funders = {funder.name: funder for funder in build_funders(model, market)}
    assert list(funders) == list(dict.fromkeys(stream.funder for stream in streams))
    council = funders["skills council"]
    assert [stream.name for stream in council.streams] == [
        "college_fund",
        "social_fund",
        "workplace_training",
    ]
    assert council.accountable_to == ("government", "the Union")
    assert council.committed == 0.0
    pence[council.rows] = [100, 250, 5]
    pence[-1] = 999
    assert council.committed == council.paid == 3.55
    assert funders["Jobcentre"].paid == 0.0
    trust["skills council"] = 0.7
    assert council.trust == 0.7
    assert math.isnan(funders["Jobcentre"].trust)
    assert len(model.agents_by_type[Funder]) == len(funders)
    forget_model(model)
    assert len(model.agents) == 0
