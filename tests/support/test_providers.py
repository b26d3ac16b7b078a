"""The provider market: numbers, luck and reach from the table of types; own tables; agents."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import mesa
import numpy as np
import pandas as pd
import pytest

from simulation.agents.providers import (
    build_providers,
    opening_cash,
    provider_columns,
)
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import Config, ProvidersConfig
from simulation.errors import InputError
from simulation.inputs.area import load_area
from simulation.inputs.named_wards import named_wards
from simulation.inputs.provider_tables import COST_COLUMNS, GROUP_COLUMNS, PROVIDERS, read_types
from simulation.inputs.shipped import shipped_area_folder
from simulation.runner import forget_model
from simulation.support.market import generate_market, market_table

TYPES = Path(__file__).resolve().parents[2] / "conf" / "providers" / "types.csv"


@pytest.fixture(scope="module")
def types():
    return read_types(TYPES)


@pytest.fixture(scope="module")
def bcbc():
    return load_area(shipped_area_folder("bcbc"))


@pytest.fixture(scope="module")
def towns():
    return load_area(shipped_area_folder("two_towns"))


@pytest.fixture(scope="module")
def market(bcbc, types):
    return generate_market(bcbc, types, 7)


def of_type(table, kind):
    return table[table["type"] == kind].reset_index(drop=True)


def test_each_type_has_its_number_a_million_residents(market, types):
    numbers = market["type"].value_counts()
    for kind in types.itertuples():
        assert numbers[kind.type] == int(kind.per_million * 1.55 + 0.5)
    assert 190 <= len(market) <= 210


def test_every_ward_has_a_provider_of_every_stage(market, bcbc):
    columns = provider_columns(market, bcbc, Config())
    reached = columns.wards[:, :, None] & columns.stages[:, None, :]
    assert reached.any(axis=0).all()


def test_providers_work_where_their_type_says(market, bcbc):
    wards = bcbc.wards
    for row in market.itertuples():
        reach, _ = named_wards(row.where, bcbc.wards)
        home = row.name.partition(", ")[2]
        assert home in set(wards["name"][reach])
        if row.type in ("national_firm", "employment_broker"):
            assert reach.all()
        elif row.type in ("college", "jobcentre_team"):
            assert wards["district"][reach].nunique() == 1
        elif row.type == "community_group":
            assert home in set(wards["name"][bcbc.priority])
            ends = bcbc.positions_km[reach]
            across = np.linalg.norm(ends[:, None] - ends[None, :], axis=2).max()
            assert across <= 2 * 2.5
    assert set(of_type(market, "council_service")["where"]) == set(bcbc.districts)


def test_draws_stay_in_the_ranges_of_the_type(market, types):
    for kind in types.itertuples():
        own = of_type(market, kind.type)
        assert own["advisers"].between(kind.advisers_low, kind.advisers_high).all()
        assert own["trust"].between(kind.trust_low, kind.trust_high).all()
        assert (own[list(COST_COLUMNS)].to_numpy() == own[list(COST_COLUMNS)].to_numpy()[0]).all()


def test_quality_has_the_mean_and_spread_of_the_type(bcbc, types):
    kind = types[types["type"] == "community_group"]
    quality = generate_market(bcbc, kind, 3, density=20)["quality"].to_numpy()
    mean, spread = kind["quality_mean"].item(), kind["quality_spread"].item()
    deviation = mean * np.sqrt(np.expm1(spread**2))
    assert abs(quality.mean() - mean) < 4 * deviation / np.sqrt(quality.size)
    assert abs(np.log(quality).std() - spread) < 4 * spread / np.sqrt(2 * quality.size)


def test_homes_follow_residents_evenly(bcbc, types):
    kind = types[types["type"] == "training_firm"]
    districts = generate_market(bcbc, kind, 3, density=10)["where"].value_counts(normalize=True)
    residents = bcbc.wards.groupby("district")["residents"].sum() / bcbc.wards["residents"].sum()
    assert np.abs(districts - residents).max() < 0.01


def test_another_type_moves_no_provider_of_the_others(bcbc, types, market):
    without = generate_market(bcbc, types[types["type"] != "local_charity"], 7)
    kept = market[market["type"] != "local_charity"].reset_index(drop=True)
    pd.testing.assert_frame_equal(without, kept)


def test_more_providers_of_a_type_leave_the_first_as_they_are(bcbc, types, market):
    more = generate_market(bcbc, types, 7, density=2)
    for kind in types["type"]:
        first = of_type(market, kind)
        pd.testing.assert_frame_equal(of_type(more, kind).head(len(first)), first)


def test_the_same_seed_gives_the_same_market_and_another_seed_another(bcbc, types, market):
    pd.testing.assert_frame_equal(generate_market(bcbc, types, 7), market)
    assert not generate_market(bcbc, types, 8)["quality"].equals(market["quality"])


def test_no_density_is_no_providers(bcbc, types):
    table = generate_market(bcbc, types, 7, density=0)
    columns = provider_columns(table, bcbc, Config())
    assert len(table) == 0 and columns.wards.shape == (0, bcbc.n_wards)
    assert columns.unit_cost.shape == (0, 5) and opening_cash(table, Config()).size == 0


def test_a_small_area_has_one_provider_a_type_with_advisers_in_proportion(towns, types):
    table = generate_market(towns, types, 7)
    assert list(table["type"]) == list(types["type"])
    due = types["per_million"] * 4000 / 1e6
    assert (table["advisers"] >= (due * types["advisers_low"]).round(3)).all()
    assert (table["advisers"] <= (due * types["advisers_high"]).round(3)).all()


def test_opening_cash_is_so_many_weeks_of_advisers(bcbc, types):
    table = generate_market(bcbc, types, 7, adviser_cost_gbp=52_000)
    weeks = table["type"].map(types.set_index("type")["cash_weeks"])
    expected = 1000 * weeks * table["advisers"]
    assert np.allclose(table["cash_gbp"], expected, atol=0.01)
    config = Config().replace(providers={"cash_factor": 0.5})
    assert np.array_equal(opening_cash(table, config), np.rint(table["cash_gbp"] * 0.5 * 100))


def test_a_saved_market_is_read_back_as_it_was(tmp_path, bcbc):
    path = tmp_path / "market.csv"
    table = market_table(ProvidersConfig(), bcbc, 11)
    table.to_csv(path, index=False)
    again = market_table(ProvidersConfig(table=str(path)), bcbc, 99)
    pd.testing.assert_frame_equal(again, table)
    for mine, theirs in zip(
        provider_columns(table, bcbc, Config(), seed=1),
        provider_columns(again, bcbc, Config(), seed=1),
        strict=True,
    ):
        assert mine.dtype == theirs.dtype and np.array_equal(mine, theirs)


def test_columns_hold_what_the_table_says(market, bcbc):
    config = Config(people_per_agent=10).replace(providers={"cost_factor": 1.5})
    columns = provider_columns(market, bcbc, config)
    row = market.index[market["id"] == "college_1"].item()
    entry = market.loc[row]
    costs = [entry[f"cost_{stage}_gbp"] for stage in STAGES]
    assert list(columns.unit_cost[row]) == [round(cost * 1.5 * 100) * 10 for cost in costs]
    assert list(columns.stages[row]) == [stage in entry["stages"].split("|") for stage in STAGES]
    assert list(columns.group_strength[row]) == [entry[name] for name in GROUP_COLUMNS]
    assert columns.is_open.all() and not columns.caseload.any()
    named = market["network"].to_numpy(str)
    assert np.array_equal(columns.network == -1, named == "")
    same = named[:, None] == named[None, :]
    assert np.array_equal(columns.network[:, None] == columns.network[None, :], same)


def test_capacity_in_agents_is_right_on_average(market, bcbc):
    config = Config(people_per_agent=100)
    exact = market["advisers"] * config.providers.clients_per_adviser / 100
    draws = [provider_columns(market, bcbc, config, seed=seed).capacity for seed in range(40)]
    assert np.abs(np.array(draws) - exact.to_numpy()).max() < 1
    total = np.sum(draws, axis=1)
    assert abs(total.mean() - exact.sum()) < 4 * np.sqrt(len(market) / 4 / 40)


def test_capacity_of_whole_people_is_advisers_times_clients(market, bcbc):
    config = Config().replace(providers={"clients_per_adviser": 1000})
    columns = provider_columns(market, bcbc, config)
    assert np.array_equal(columns.capacity, np.rint(market["advisers"] * 1000))


def changed(tmp_path, table, **cells):
    path = tmp_path / "mine.csv"
    table = table.astype(str)
    for column, value in cells.items():
        table.loc[0, column] = value
    table.to_csv(path, index=False)
    return path


WRONG_PROVIDER = {
    "where": ("M1|Leeds", "Leeds; must be all, priority, daf"),
    "stages": ("services|tea", "services|tea; must be one or more of engagement"),
    "ownership": ("royal", "royal; must be one of public, private, voluntary"),
    "advisers": ("-1", "-1; must be a number from 0 to 100000"),
    "quality": ("good", "good; must be a number from 0 to 10"),
    "trust": ("1.01", "1.01; must be a number from 0 to 1"),
    "can_be_prime": ("2", "2; must be one of 0, 1"),
    "cost_services_gbp": ("", "(nothing); must be a number from 0 to 1e+06"),
    "group_ib_esa": ("-0.5", "-0.5; must be a number from 0 to 10"),
    "id": ("council_service_1", "council_service_1; must be an id no other row has"),
}


@pytest.mark.parametrize("column", WRONG_PROVIDER)
def test_a_wrong_cell_of_a_provider_is_one_line(column, tmp_path, towns, types):
    value, line = WRONG_PROVIDER[column]
    path = changed(tmp_path, generate_market(towns, types, 7), **{column: value})
    with pytest.raises(InputError) as refused:
        market_table(ProvidersConfig(table=str(path)), towns, 7)
    assert any(f"column {column}: {line}" in problem for problem in refused.value.problems)
    assert all("mine.csv: row" in problem for problem in refused.value.problems)


def test_all_problems_of_a_table_of_providers_are_reported_at_once(tmp_path, towns, types):
    cells = {"where": "Leeds", "quality": "good", "trust": "7", "stages": "tea"}
    path = changed(tmp_path, generate_market(towns, types, 7), **cells)
    with pytest.raises(InputError) as refused:
        market_table(ProvidersConfig(table=str(path)), towns, 7)
    assert len(refused.value.problems) == len(cells)


def test_unknown_and_missing_columns_are_refused(tmp_path, towns, types):
    table = generate_market(towns, types, 7).drop(columns="trust").assign(colour="red")
    with pytest.raises(InputError) as refused:
        market_table(ProvidersConfig(table=str(changed(tmp_path, table))), towns, 7)
    text = "\n".join(refused.value.problems)
    assert "column trust: missing; must be a number from 0 to 1" in text
    assert "column colour: unknown; must be one of id, name" in text


def test_a_table_that_is_not_there_is_refused(towns):
    for field, named in (("table", ";"), ("types", " or one of the shipped names types;")):
        said = f"providers file 'nowhere.csv' is not there: give the path of a .csv file{named}"
        with pytest.raises(InputError, match=said):
            market_table(ProvidersConfig(**{field: "nowhere.csv"}), towns, 7)


def test_wrong_types_are_one_line_each(tmp_path, types):
    cells = {"advisers_high": "1", "trust_low": "0.9"}
    with pytest.raises(InputError) as refused:
        read_types(changed(tmp_path, types, **cells))
    assert len(refused.value.problems) == 2
    assert "row 2, column advisers_high: 1.0; must be at least advisers_low, 4" in str(
        refused.value
    )
    near = changed(tmp_path, types, reach="radius")
    with pytest.raises(InputError, match="column radius_km: 0.0; must be above 0 where reach is"):
        read_types(near)


def test_every_type_says_where_its_figures_come_from(types):
    assert types["source"].str.len().min() >= len("assumption")


@pytest.fixture
def agents(towns, types):
    """Provider agents, and the columns and books they read."""
    config = Config(people_per_agent=2)
    table = generate_market(towns, types, 7).assign(network=["one", "one", *[""] * 10])
    held = SimpleNamespace(
        area=towns,
        config=config,
        providers=provider_columns(table, towns, config),
        money=SimpleNamespace(cash=opening_cash(table, config)),
    )
    return build_providers(mesa.Model(), held, table), held


def test_provider_agents_read_the_columns_as_they_stand(agents, towns):
    (agent, *_), market = agents
    columns = market.providers
    assert (agent.identity, agent.type, agent.ownership) == ("college_1", "college", "public")
    assert agent.stages == ("action_planning", "services")
    assert agent.unit_costs["services"] == 1400.0
    assert agent.strengths["basic_skills"] == 1.6 and agent.strengths[CLIENT_GROUPS[3]] == 0.8
    assert set(agent.wards) <= set(towns.wards["code"])
    assert agent.capacity == 2 * columns.capacity[0]
    columns.caseload[0], columns.is_open[0], columns.shares_records[0] = 3, False, True
    market.money.cash[0] = -12_345
    assert (agent.caseload, agent.is_open, agent.tracking) == (6, False, True)
    assert agent.cash == -123.45


def test_providers_of_one_network_have_links_with_each_other(agents):
    (college, council, charity, *_), _ = agents
    assert college.links == (council,) and council.links == (college,)
    assert charity.links == ()


def test_provider_agents_can_be_let_go(agents):
    model = agents[0][0].model
    assert len(model.agents) == 12
    forget_model(model)
    assert len(model.agents) == 0


def test_documented_columns_are_those_read():
    text = (TYPES.parents[2] / "docs" / "providers.md").read_text()
    families = {"cost_": "cost_STAGE_gbp", "group_": "group_GROUP", "barrier_": "barrier_BARRIER"}
    for column in PROVIDERS.columns:
        family = next((word for start, word in families.items() if column.startswith(start)), None)
        assert f"`{family or column}`" in text, column
