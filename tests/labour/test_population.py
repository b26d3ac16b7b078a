"""The people and jobs of the first day against the tables they are made from."""

from __future__ import annotations

import dataclasses
import math
import re

import numpy as np
import pytest

from simulation import Area, Config, InputError, LabourMarket, load_area, shipped_area_folder
from simulation.agents.columns import NO_CELL, People
from simulation.categories import (
    AGE_BAND_STARTS,
    AGE_BANDS,
    AGE_LEAVES,
    BENEFIT_STATES,
    ETHNICITIES,
    LEVELS,
    N_LEVELS,
    SECTORS,
    STATES,
    WEEKS_PER_YEAR,
    State,
)
from simulation.labour.population import agents_by_cell, build_people, fit_table
from simulation.labour.thinning import margin_losses, thinning_text
from simulation.runner import forget_model

SEED = 1
TOLERANCE = 0.005
STANDARD_ERRORS = 4.0

MARGINS = {
    "state": list(STATES),
    "age": [f"age_{band}" for band in AGE_BANDS],
    "ethnicity": [f"eth_{name}" for name in ETHNICITIES],
    "qualification": [f"qual_{level}" for level in LEVELS],
}


@pytest.fixture(scope="module")
def bcbc() -> Area:
    return load_area(shipped_area_folder("bcbc"))


@pytest.fixture(scope="module")
def people(bcbc: Area) -> People:
    """Everyone in the default area."""
    return build_people(bcbc, Config(), seed=SEED)


def categories_of(people: People, margin: str) -> np.ndarray:
    """Return each person's position in a margin's list."""
    if margin == "age":
        starts = np.array(AGE_BAND_STARTS[1:]) * WEEKS_PER_YEAR
        return np.searchsorted(starts, people.age_weeks, "right")
    return getattr(people, margin).astype(np.int64)


def count_by_ward(people: People, margin: str, *, n_wards: int) -> np.ndarray:
    """Return people by ward and category, int64 (n_wards, n_categories)."""
    counts = np.zeros((n_wards, len(MARGINS[margin])), np.int64)
    np.add.at(counts, (people.ward, categories_of(people, margin)), 1)
    return counts


def asked_by_ward(area: Area, margin: str) -> np.ndarray:
    """Return what wards.csv asks, int64 (n_wards, n_categories)."""
    return area.wards[MARGINS[margin]].to_numpy(np.int64)


# The fit


def test_every_ward_has_the_claimants_of_each_group_that_its_table_asks(
    bcbc: Area, people: People
) -> None:
    made = count_by_ward(people, "state", n_wards=bcbc.n_wards)
    asked = asked_by_ward(bcbc, "state")
    assert asked.sum() == 1_550_000
    assert asked[:, list(BENEFIT_STATES)].sum() == 325_500
    assert (np.abs(made - asked) <= np.maximum(TOLERANCE * asked, 1.0)).all()
    assert (made.sum(axis=1) == bcbc.wards["residents"]).all()


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("part", ["area", "priority", "rest"])
def test_margins_are_met_within_half_a_per_cent(
    bcbc: Area, people: People, margin: str, part: str
) -> None:
    wards = {"area": slice(None), "priority": bcbc.priority, "rest": ~bcbc.priority}[part]
    made = count_by_ward(people, margin, n_wards=bcbc.n_wards)[wards].sum(axis=0)
    asked = asked_by_ward(bcbc, margin)[wards].sum(axis=0)
    assert (asked > 0).all()
    np.testing.assert_allclose(made, asked, rtol=TOLERANCE)


def test_the_fit_keeps_the_dependence_between_characteristics_of_the_joint_table(
    bcbc: Area,
) -> None:
    """Fitting margins leaves odds ratios as they are; in one ward that can be seen exactly."""
    table = fit_table(bcbc)[0]
    joint = np.moveaxis(bcbc.joint, -1, 0)
    employed, ib = State.EMPLOYED, State.IB_ESA

    def odds_ratio(cells: np.ndarray) -> float:
        """Return how much likelier incapacity is without qualifications than with the highest."""
        odds = cells[ib, 3, 0] / cells[employed, 3, 0]
        return odds[0] / odds[4]

    assert odds_ratio(table) == pytest.approx(odds_ratio(joint), rel=1e-6)


def test_a_joint_table_that_cannot_be_fitted_is_refused() -> None:
    area = load_area(shipped_area_folder("two_towns"))
    joint = area.joint.copy()
    joint[:, 0] = 0.0  # Nobody white may be there, but wards.csv asks for some.
    with pytest.raises(InputError, match=r"two_towns.*joint\.csv"):
        build_people(dataclasses.replace(area, joint=joint), Config(), seed=SEED)


def test_a_joint_table_that_ties_two_margins_of_different_size_is_refused() -> None:
    area = load_area(shipped_area_folder("two_towns"))
    joint = area.joint.copy()
    joint[0, :, 1:] = 0.0  # The young have no qualification ...
    joint[1:, :, 0] = 0.0  # ... and only they: but there are 752 of them and 1,014 without.
    with pytest.raises(InputError, match=r"two_towns.*joint\.csv"):
        build_people(dataclasses.replace(area, joint=joint), Config(), seed=SEED)


# Thinning


AREAS = ("bcbc", "two_towns", "tyne_and_wear")
THINNINGS = (1, 5, 10, 50)


@pytest.fixture(scope="module", params=AREAS)
def fitted(request: pytest.FixtureRequest) -> tuple[Area, np.ndarray]:
    """An area and people by ward and characteristics, before they are whole."""
    area = load_area(shipped_area_folder(request.param))
    return area, fit_table(area)


@pytest.mark.parametrize("people_per_agent", THINNINGS)
def test_every_thinning_keeps_all_area_totals_within_one_agent(
    fitted: tuple[Area, np.ndarray], people_per_agent: int
) -> None:
    area, table = fitted
    agents = agents_by_cell(area, people_per_agent)
    assert (np.abs(agents - table / people_per_agent) < 1.0).all()
    for axis, columns in enumerate(MARGINS.values(), start=1):
        others = tuple(each for each in range(5) if each != axis)
        asked = area.wards[columns].sum().to_numpy() / people_per_agent
        np.testing.assert_allclose(agents.sum(axis=others), asked, atol=1.0, err_msg=columns[0])


@pytest.mark.parametrize("people_per_agent", THINNINGS)
def test_every_thinning_keeps_wards_within_one_agent_and_what_they_are_made_of_within_two(
    fitted: tuple[Area, np.ndarray], people_per_agent: int
) -> None:
    area, _ = fitted
    agents = agents_by_cell(area, people_per_agent)
    asked = area.wards["residents"].to_numpy() / people_per_agent
    np.testing.assert_allclose(agents.sum(axis=(1, 2, 3, 4)), asked, atol=1.0)
    for axis, (margin, columns) in enumerate(MARGINS.items(), start=1):
        others = tuple(each for each in range(1, 5) if each != axis)
        asked = area.wards[columns].to_numpy() / people_per_agent
        most = 1.0 if margin == "state" else 2.0
        np.testing.assert_allclose(agents.sum(axis=others), asked, atol=most + 1e-9, err_msg=margin)


@pytest.mark.parametrize("people_per_agent", THINNINGS)
def test_the_first_day_has_the_area_totals_with_every_seed(people_per_agent: int) -> None:
    area = load_area(shipped_area_folder("two_towns"))
    for seed in (1, 2, 3):
        people = build_people(area, Config(people_per_agent=people_per_agent), seed=seed)
        for margin in MARGINS:
            made = count_by_ward(people, margin, n_wards=area.n_wards).sum(axis=0)
            asked = asked_by_ward(area, margin).sum(axis=0) / people_per_agent
            assert (np.abs(made - asked) <= 1.0).all(), (margin, seed)


def test_thinning_says_what_it_does_and_warns_where_a_total_is_lost() -> None:
    area = load_area(shipped_area_folder("two_towns"))
    assert thinning_text(area, Config()) == ""
    assert max(abs(loss) for loss in margin_losses(area, 1).values()) == pytest.approx(0.0)
    losses = margin_losses(area, 50)
    column = max(losses, key=lambda name: abs(losses[name]))
    agents = area.wards[column].sum() / 50
    # Whole agents: nothing between nought and twice a group of less than one agent.
    assert losses[column] * agents == pytest.approx(
        round(agents * (1 + losses[column])) - agents, abs=1e-9
    )
    text = thinning_text(area, Config(people_per_agent=50))
    told = re.search(rf"{column} is furthest off, by ([\d.]+) per cent", text)
    assert float(told[1]) == pytest.approx(100 * abs(losses[column]), rel=0.05)
    assert "WARNING" in text
    vacancies = np.mean(Config().employers.unfilled_share) * area.wards["employed"].sum()
    told = re.search(rf"the {vacancies:,.0f} vacancies .* may be ([\d.]+) per cent off", text)
    assert float(told[1]) == pytest.approx(196 * math.sqrt(50 / vacancies), rel=0.05)


def test_where_no_total_is_lost_thinning_warns_of_none(bcbc: Area) -> None:
    text = thinning_text(bcbc, Config(people_per_agent=10))
    assert "Thinned to one agent for 10 people" in text
    assert "WARNING" not in text


def test_results_of_a_thinned_run_are_people_not_agents() -> None:
    config = Config(weeks=1, people_per_agent=2).replace(area={"name": "two_towns"})
    model = LabourMarket(config, SEED)
    model.step()
    table = model.recorder.monthly()
    row = table[(table["ward"] == "all") & (table["group"] == "all")].set_index("outcome")["value"]
    forget_model(model)
    assert model.people.id.size == 2000
    assert row["residents"] == 4000
    assert row[list(STATES)].sum() == 4000
    assert row["employed"] == 2 * (model.people.state == State.EMPLOYED).sum()


def test_thinning_that_leaves_nobody_is_refused() -> None:
    area = load_area(shipped_area_folder("two_towns"))
    tiny = dataclasses.replace(area, wards=area.wards.copy())
    numbers = sum(MARGINS.values(), ["residents"])
    tiny.wards[numbers] = 0
    tiny.wards.loc[0, ["residents", "employed", "age_25_34", "eth_white", "qual_2"]] = 3
    with pytest.raises(InputError, match="people_per_agent=10"):
        build_people(tiny, Config(people_per_agent=10), seed=SEED)


# What people bring

DURATION_TOLERANCE = 0.015
"""The evidence is in whole per cents or words such as "over two thirds"."""


def share_beyond(people: People, state: State, *, weeks: int) -> float:
    """Return the share of those in a state who have been for at least so many weeks."""
    return float((people.weeks_in_state[people.state == state] >= weeks).mean())


def test_over_two_thirds_of_incapacity_claims_are_beyond_three_years(people: People) -> None:
    share = share_beyond(people, State.IB_ESA, weeks=3 * WEEKS_PER_YEAR)
    assert 2 / 3 < share < 0.7


def test_incapacity_claims_beyond_five_years_are_56_per_cent(people: People) -> None:
    share = share_beyond(people, State.IB_ESA, weeks=5 * WEEKS_PER_YEAR)
    assert share == pytest.approx(0.56, abs=DURATION_TOLERANCE)


def test_nearly_half_of_the_claims_for_jsa_are_beyond_six_months(people: People) -> None:
    share = share_beyond(people, State.JSA, weeks=26)
    assert share == pytest.approx(0.48, abs=DURATION_TOLERANCE)


def test_nobody_is_out_of_the_ages_or_in_a_state_for_longer_than_of_age(people: People) -> None:
    adult = people.age_weeks.astype(np.int64) - 16 * WEEKS_PER_YEAR
    assert adult.min() >= 0
    assert people.age_weeks.max() < AGE_LEAVES * WEEKS_PER_YEAR
    assert (people.weeks_in_state <= adult).all()
    assert (people.weeks_in_state >= 0).all()
    is_employed = people.state == State.EMPLOYED
    assert (people.weeks_since_job[is_employed] == 0).all()
    assert (people.weeks_since_job >= people.weeks_in_state)[~is_employed].all()
    assert (people.workless_weeks >= people.weeks_since_job).all()
    assert (people.workless_weeks <= adult).all()
    for ability in (people.ability, people.employability, people.confidence):
        assert ability.min() >= 0.0
        assert ability.max() <= 1.0


def test_lone_parents_on_benefit_have_a_child_under_sixteen(people: People) -> None:
    claimants = people.state == State.LONE_PARENT
    assert people.is_lone_parent[claimants].all()
    assert (people.child_weeks[claimants] >= 0).all()
    assert (people.child_weeks[claimants] < 16 * WEEKS_PER_YEAR).all()


# Jobs


@pytest.fixture(scope="module")
def market() -> LabourMarket:
    """The default area on its first day."""
    model = LabourMarket(Config(), SEED)
    forget_model(model)
    return model


@pytest.mark.slow
def test_filled_jobs_are_the_employed_cell_by_cell(market: LabourMarket) -> None:
    people, jobs = market.people, market.jobs
    is_employed = people.state == State.EMPLOYED
    assert is_employed.sum() == 1_061_750
    assert (people.cell[~is_employed] == NO_CELL).all()
    assert np.array_equal(
        np.bincount(people.cell[is_employed], minlength=jobs.filled.size), jobs.filled
    )


@pytest.mark.slow
def test_wards_have_the_jobs_of_each_sector_that_their_table_asks(market: LabourMarket) -> None:
    jobs, area = market.jobs, market.area
    made = np.zeros((area.n_wards, len(SECTORS)))
    np.add.at(made, (jobs.ward, jobs.sector), jobs.filled.reshape(-1, N_LEVELS).sum(axis=1))
    asked = area.jobs.sum(axis=2)
    np.testing.assert_allclose(made.sum(axis=0), asked.sum(axis=0), rtol=0.01)
    # People draw where they work: each ward and each of its sectors is near by chance's measure.
    for n_made, n_asked in ((made, asked), (made.sum(axis=1), asked.sum(axis=1))):
        errors = np.sqrt(np.maximum(n_asked, 1.0))
        assert (np.abs(n_made - n_asked) < STANDARD_ERRORS * errors).all()
    assert (made[asked == 0] == 0).all()


@pytest.mark.slow
def test_jobs_wanted_on_the_first_day_are_the_share_asked_beyond_those_filled(
    market: LabourMarket,
) -> None:
    jobs, employers = market.jobs, market.config.employers
    filled, gap = jobs.filled.reshape(-1, N_LEVELS), (jobs.desired - jobs.filled)
    # Each cell's fraction of a job is rounded by its own uniform threshold, and units differ.
    fraction = jobs.base % 1.0
    rounding = (fraction * (1.0 - fraction)).reshape(-1, N_LEVELS).sum(axis=0)
    error = np.sqrt(rounding + ((employers.gap_spread * filled) ** 2).sum(axis=0))
    asked = np.array(employers.unfilled_share) * filled.sum(axis=0)
    made = gap.reshape(-1, N_LEVELS).sum(axis=0)
    assert (np.abs(made - asked) < STANDARD_ERRORS * error).all()


@pytest.mark.slow
def test_some_are_too_many_on_the_first_day_and_three_vacancies_in_four_are_open(
    market: LabourMarket,
) -> None:
    jobs = market.jobs
    vacancies = np.maximum(jobs.desired - jobs.filled, 0).sum()
    assert jobs.openings.sum() == pytest.approx(0.75 * vacancies, rel=0.02)
    too_many = np.maximum(jobs.filled - jobs.desired, 0).sum()
    assert 0.001 < too_many / jobs.filled.sum() < 0.01


@pytest.mark.parametrize(
    ("name", "n_people"), [("two_towns", 4000), ("tyne_and_wear", 727_883), ("bare_market", 1000)]
)
def test_the_other_shipped_areas_have_everyone_and_a_job_for_each_employed(
    name: str, n_people: int
) -> None:
    model = LabourMarket(Config().replace(area={"name": name}), SEED)
    forget_model(model)
    people, area = model.people, model.area
    assert people.id.size == n_people
    made = count_by_ward(people, "state", n_wards=area.n_wards)
    assert (np.abs(made - asked_by_ward(area, "state")) <= 1).all()
    at_work = people.cell[people.state == State.EMPLOYED]
    assert np.array_equal(np.bincount(at_work, minlength=model.jobs.filled.size), model.jobs.filled)


@pytest.mark.parametrize(("claims", "is_refused"), [(0.22, False), (52.0, True)])
def test_wards_in_which_somebody_would_be_sure_of_a_new_claim_are_refused(
    claims: float, is_refused: bool
) -> None:
    """A claim a week for each claimant there is: more than those without one have chances for."""
    area = load_area(shipped_area_folder("two_towns"))
    config = Config(weeks=1).replace(benefits={"inflow_rate": [claims, 0.2, 0.4]})
    if not is_refused:
        forget_model(LabourMarket(config, 1, area=area))
        return
    with pytest.raises(InputError, match="too few residents without a claim") as refused:
        LabourMarket(config, 1, area=area)
    (line,) = refused.value.problems
    assert "lower benefits.inflow_rate or people_per_agent" in line and len(line) < 300


@pytest.mark.parametrize(
    ("group", "values", "says"),
    [
        ("population", {"jsa_duration": [0] * 4}, "population.jsa_duration: must have at least"),
        ("population", {"entrant_qualification": [0] * 5}, "at least one value above 0"),
        ("population", {"child_age_weights": [0] * 4}, "at least one value above 0"),
        ("benefits", {"health_risk": [0] * 3}, "benefits.health_risk: must have at least one"),
        ("benefits", {"risk": [[1] * 4, [0] * 4, [1] * 4]}, "benefits.risk.1: must have at least"),
        (
            "population",
            {"p_level_below": 0.6, "p_level_above": 0.5},
            "p_level_below and p_level_above must add up to at most 1, got 0.6 and 0.5",
        ),
        (
            "benefits",
            {"exit_to_jsa": [0.2, 0.9, 0.2], "exit_to_seeking": [0.2, 0.9, 0.2]},
            "exit_to_jsa and exit_to_seeking must add up to at most 1, got 0.9 and 0.9",
        ),
        (
            "journey",
            {"progression": [1, 0.4, 0.5, 0.3, 0.1]},
            "journey.progression: must not rise from stage to stage, got (1.0, 0.4, 0.5, 0.3, 0.1)",
        ),
    ],
)
def test_weights_that_are_nothing_and_shares_of_more_than_a_whole_are_refused_in_one_line(
    group: str, values: dict, says: str
) -> None:
    with pytest.raises(InputError) as caught:
        Config().replace(**{group: values})
    [line] = caught.value.problems
    assert says in line


def test_shares_may_make_up_the_whole() -> None:
    config = Config().replace(
        population={"p_level_below": 0.9, "p_level_above": 0.1},
        benefits={"exit_to_jsa": [0.35, 1, 0], "exit_to_seeking": [0.65, 0, 1]},
    )
    assert (config.population.p_level_below, config.population.p_level_above) == (0.9, 0.1)
    assert config.benefits.exit_to_jsa == (0.35, 1, 0)
    assert config.benefits.exit_to_seeking == (0.65, 0, 1)


def test_an_opening_has_the_jobs_asked_for_whatever_its_luck() -> None:
    event = {"kind": "opening", "ward": "O1", "sector": "retail", "date": "2006-06-01"}
    config = Config().replace(
        area={"name": "two_towns"},
        economy={"events": [{**event, "jobs": 1000}, {**event, "jobs": 30}]},
        employers={"gap_spread": 0.5},
        people_per_agent=2,
    )
    model = LabourMarket(config, 1)
    jobs = model.jobs
    forget_model(model)
    base = jobs.base.reshape(-1, N_LEVELS)[-2:].sum(axis=1)
    np.testing.assert_allclose(base, [500.0, 15.0])
    assert not jobs.desired[-2 * N_LEVELS :].any() and not jobs.openings[-2 * N_LEVELS :].any()
