"""Additionality against tiny cases by hand, a second implementation in plain loops, and scipy."""

import numpy as np
import pandas as pd
import pytest
from frames import run_of, treated_frame
from scipy import stats
from support_frames import pair_of_runs

from simulation.errors import BooksError, InputError
from simulation.results.additionality import (
    ATTRIBUTION_NOTE,
    additional_outcomes,
    additionality,
    over_time,
    snapshot_weeks,
    summarise_additionality,
)
from simulation.results.gross_to_net import (
    FLOWS,
    Pair,
    check_identity,
    gross_to_net,
    programme_flows,
)
from simulation.results.paired import mean_interval
from simulation.results.unit_costs import (
    NEGATIVE,
    NO_OUTCOMES,
    NOT_BOUNDED,
    cost_table,
    ratio_interval,
)

# Employer with support, without (-1 none), treated, outside the priority wards.
TABLE = (
    (3, 4, True, False),  # deadweight, at another employer
    (1, -1, True, False),  # gains at employer 1
    (2, -1, True, True),  # gains at employer 2, leakage
    (-1, 5, True, False),  # loses a job at employer 5
    (-1, -1, True, False),  # treated in vain
    (-1, 1, False, False),  # loses at an employer of a gainer: substitution
    (-1, 2, False, False),  # and another
    (2, -1, False, True),  # gains there: takes one off substitution
    (-1, 6, False, False),  # loses elsewhere: displacement
    (5, -1, False, False),  # gains where a treated person lost: mirror
    (7, 8, False, True),  # works in both worlds
)


def hand_made():
    employer, without, treated, outside = (np.array(column) for column in zip(*TABLE, strict=True))
    return Pair(employer >= 0, without >= 0, employer, without, treated, outside)


def random_pair(seed, *, n=400, n_employers=25):
    generator = np.random.default_rng(seed)
    employers = generator.integers(-1, n_employers, (2, n))
    treated, outside = generator.random((2, n)) < 0.4
    return Pair(employers[0] >= 0, employers[1] >= 0, *employers, treated, outside)


def people_of(pair, *, group=None, week=26):
    n = pair.treated.size
    frame = pd.DataFrame(
        {
            "person": np.arange(n),
            "priority": ~pair.outside,
            "group": "x" if group is None else group,
        }
    )
    name = f"employer_w{week:03d}"
    return (
        frame.assign(**{name: np.where(pair.employed_with, pair.employer_with, -1)}),
        frame.assign(**{name: np.where(pair.employed_without, pair.employer_without, -1)}),
    )


def in_loops(pair):
    """The definitions once more, person by person."""
    people = range(pair.treated.size)
    helped = {
        int(pair.employer_with[i])
        for i in people
        if pair.treated[i] and pair.employed_with[i] and not pair.employed_without[i]
    }
    count = dict.fromkeys(
        ("gross", "deadweight", "gains", "losses", "substitution", "displacement", "net"), 0
    )
    for i in people:
        now, then = bool(pair.employed_with[i]), bool(pair.employed_without[i])
        count["net"] += now - then
        if pair.treated[i]:
            count["gross"] += now
            count["deadweight"] += now and then
            count["gains"] += now and not then
            count["losses"] += then and not now
        elif now != then:
            place = pair.employer_with[i] if now else pair.employer_without[i]
            kind = "substitution" if int(place) in helped else "displacement"
            count[kind] += 1 if then else -1
    return count


def test_flows_of_eleven_people_by_hand():
    row = gross_to_net(hand_made()).iloc[0].to_dict()
    assert row == {
        "treated": 5, "gross": 3, "deadweight": 1, "gains": 2, "losses": 1, "own_effect": 1,
        "others_gains": 2, "others_losses": 3, "substitution": 1, "displacement": 0,
        "mirror": 1, "substitution_netted": 0, "displacement_netted": 1,
        "net": 0, "leakage": 1, "gross_leakage": 1,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_flows_agree_with_plain_loops(seed):
    pair = random_pair(seed)
    row = gross_to_net(pair).iloc[0]
    assert {name: row[name] for name in in_loops(pair)} == in_loops(pair)


@pytest.mark.parametrize("seed", range(5))
def test_gross_less_what_is_not_additional_is_net_to_the_last_person(seed):
    row = gross_to_net(random_pair(seed)).iloc[0]
    for end in ("", "_netted"):
        steps = ["deadweight", "losses", f"substitution{end}", f"displacement{end}"]
        assert row["gross"] - row[steps].sum() == row["net"]
    changes = row["gains"] - row["losses"] + row["others_gains"] - row["others_losses"]
    assert row["gross"] == row["deadweight"] + row["gains"]
    assert changes == row["net"]


def test_flows_that_do_not_add_up_are_refused():
    with pytest.raises(BooksError, match="additionality"):
        check_identity(np.array([3.0, 4.0]), np.array([3.0, 5.0]))


def test_groups_add_up_to_the_area():
    pair = random_pair(1)
    group = np.random.default_rng(2).integers(0, 7, pair.treated.size)
    groups = gross_to_net(pair, group, n_groups=7)
    pd.testing.assert_series_equal(groups.sum(), gross_to_net(pair).iloc[0], check_names=False)


def test_programmes_add_up_to_the_area_in_everything_but_others_moves():
    pair = random_pair(3)
    programme = np.random.default_rng(4).integers(0, 3, pair.treated.size)
    total = programme_flows(pair, programme, n_programmes=3).sum()
    area = gross_to_net(pair).iloc[0]
    names = [name for name in FLOWS if not name.startswith("others_")]
    assert total[names].to_dict() == pytest.approx(area[names].to_dict())


def test_substitution_belongs_to_the_programme_whose_gainer_works_there():
    # Programme 0 gains at employer 1, where one other lost; 1 at employer 2, where one lost and
    # one gained. The one displaced elsewhere less the one who gained elsewhere is nobody.
    programme = np.array([0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    flows = programme_flows(hand_made(), programme, n_programmes=2)
    assert flows["substitution"].tolist() == [1, 0]
    assert flows["mirror"].tolist() == [0, 1]
    assert flows["net"].tolist() == [0, 0]


def test_identical_worlds_have_no_flows():
    pair = hand_made()
    same = pair._replace(employed_without=pair.employed_with, employer_without=pair.employer_with)
    row = gross_to_net(same).iloc[0]
    assert row["gross"] == row["deadweight"] == 3
    assert not row.drop(["treated", "gross", "deadweight", "gross_leakage"]).any()


def test_exchanging_the_worlds_changes_the_sign_of_net_and_shows_the_mirror():
    pair = random_pair(5)
    back = Pair(
        pair.employed_without,
        pair.employed_with,
        pair.employer_without,
        pair.employer_with,
        pair.treated,
        pair.outside,
    )
    here, there = gross_to_net(pair).iloc[0], gross_to_net(back).iloc[0]
    assert there["net"] == -here["net"]
    assert there["gains"] == here["losses"]
    assert there["substitution"] == here["mirror"]
    assert there["substitution_netted"] == -here["substitution_netted"]


def test_without_an_effect_chance_alone_shows_substitution_and_netting_takes_it_out():
    pairs = [random_pair(seed, n=300, n_employers=60) for seed in range(200)]
    flows = pd.concat([gross_to_net(pair) for pair in pairs])
    error = flows.std(ddof=1) / np.sqrt(len(flows))
    # An employer taken by a treated gainer is one where others are seen without, not with.
    assert flows["net"].mean() == pytest.approx(0.0, abs=4 * error["net"])
    assert flows["substitution_netted"].mean() == pytest.approx(
        0.0, abs=4 * error["substitution_netted"]
    )


def fixed_jobs(seed, *, n_employers=30):
    """Fill as many jobs, one to an employer, by lot in each world: one gains what another loses."""
    generator = np.random.default_rng(seed)
    worlds = np.full((2, 3 * n_employers), -1)
    for world in worlds:
        world[generator.choice(world.size, n_employers, replace=False)] = np.arange(n_employers)
    treated = np.arange(worlds.shape[1]) % 2 == 0
    return Pair(worlds[0] >= 0, worlds[1] >= 0, *worlds, treated, np.zeros(treated.size, np.bool_))


def test_fixed_jobs_show_the_bias_of_plain_substitution():
    flows = pd.concat([gross_to_net(fixed_jobs(seed)) for seed in range(200)])
    error = flows.std(ddof=1) / np.sqrt(len(flows))
    assert (flows["net"] == 0).all()
    assert flows["substitution"].mean() > 10 * error["substitution"]
    assert abs(flows["substitution_netted"].mean()) < 4 * error["substitution_netted"]


def runs_of(with_support, without, treated=None, *, size=1):
    """Two runs that kept who worked where, one agent for so many people."""
    if treated is None:
        treated = treated_frame(with_support, np.where(hand_made().treated, 3, -1))
    return [
        run_of(people=with_support, treated=treated, people_per_agent=size),
        run_of(people=without, people_per_agent=size),
    ]


def test_table_is_in_people_and_sorted_into_groups():
    with_support, without = people_of(hand_made(), group=["a"] * 5 + ["b"] * 6)
    table = additionality(*runs_of(with_support, without, size=10), by="group")
    assert table["group"].tolist() == ["a", "b"]
    assert table["gross"].tolist() == [30.0, 0.0]
    assert table["net"].tolist() == [10.0, -10.0]
    assert set(table["week"]) == {26}


def test_only_those_treated_by_the_snapshot_count_as_treated():
    with_support, without = people_of(hand_made())
    treated = treated_frame(with_support, [3, 40, 3, -1, 3, -1, -1, -1, -1, -1, -1])
    assert additionality(*runs_of(with_support, without, treated))["treated"].item() == 3


def test_who_has_left_counts_until_then_and_who_follows_from_their_own_treatment():
    pair = hand_made()
    with_support, without = people_of(pair)
    for frame in (with_support, without):
        frame["employer_w052"], frame["employer_w078"] = (frame["employer_w026"],) * 2
    first = treated_frame(with_support, [3, *[-1] * 10], programme="p", left_week=[60, *[-1] * 10])
    follows = treated_frame(with_support, [70, *[-1] * 10], programme="q")
    treated = pd.concat([first, follows]).astype({"programme": "category"})
    runs = runs_of(with_support, without, treated)
    for week, programme in ((26, "p"), (52, "p"), (78, "q")):
        table = additionality(*runs, week=week, by="programme")
        assert (table["group"].tolist(), table["treated"].tolist()) == ([programme], [1])
    gap = runs_of(with_support, without, first)
    assert additionality(*gap, week=78)["treated"].item() == 0


def test_programmes_without_treated_people_have_no_row():
    with_support, without = people_of(hand_made())
    table = additionality(*runs_of(with_support, without), by="programme")
    assert table["group"].tolist() == ["p"]
    assert table["net"].item() == 0.0


def test_a_job_is_sustained_if_held_at_both_snapshots_half_a_year_apart():
    frame = pd.DataFrame(
        {
            "person": range(4),
            "priority": True,
            "employer_w026": [1, 1, -1, 2],
            "employer_w052": [1, -1, 1, 3],
        }
    )
    nothing = frame.assign(employer_w026=-1, employer_w052=-1)
    treated = treated_frame(frame, [0] * 4)
    table = additionality(*runs_of(frame, nothing, treated), work="sustained")
    assert (table["week"].item(), table["gross"].item(), table["net"].item()) == (52, 2, 2)


def test_additional_sustained_job_years_add_up_half_years():
    frame = pd.DataFrame(
        {"person": range(3), "priority": True}
        | {"employer_w026": [1, 1, -1], "employer_w052": [1, 2, -1], "employer_w065": [1, -1, -1]}
    )
    nothing = frame.assign(**{f"employer_w{week}": -1 for week in ("026", "052", "065")})
    treated = treated_frame(frame, [0] * 3)
    found = additional_outcomes(over_time(*runs_of(frame, nothing, treated, size=10)))
    # Two people, each of them ten, are in one job from week 26 to 52.
    assert found == pytest.approx(
        {
            "additional_jobs": 10.0,
            "additional_sustained_jobs": 20.0,
            "additional_sustained_job_years": 10.0,
        }
    )


def test_every_snapshot_has_its_row():
    with_support, without = pair_of_runs()
    weeks = snapshot_weeks(with_support.people)
    frames = with_support.people, without.people, with_support.treated
    table = over_time(*runs_of(*frames, size=10))
    table = table[table["work"] == "employed"]
    assert tuple(table["week"]) == weeks
    employed = [
        10 * ((pair[0] >= 0).sum() - (pair[1] >= 0).sum())
        for week in weeks
        for pair in [[run.people[f"employer_w{week:03d}"] for run in (with_support, without)]]
    ]
    assert table["net"].tolist() == employed


def test_summary_has_the_t_interval_of_the_seeds_and_divides_means():
    pairs = [pair_of_runs(seed=seed) for seed in range(4)]
    tables = pd.concat(
        additionality(*runs_of(a.people, b.people, a.treated, size=10)).assign(
            arm="fragmented", seed=seed
        )
        for seed, (a, b) in enumerate(pairs)
    )
    summary = summarise_additionality(tables).set_index("outcome")
    expected = mean_interval(tables["net"])
    assert summary.loc["net", ["mean", "low", "high"]].tolist() == pytest.approx(expected)
    share = tables["deadweight"].sum() / tables["gross"].sum()
    assert summary.loc["deadweight_share", "mean"] == pytest.approx(share)
    assert summary.loc["leakage_share", "unit"] == "share"


def test_a_group_nobody_of_which_was_treated_in_a_seed_counts_as_zero():
    row = dict.fromkeys(FLOWS, 4.0)
    keys = {"arm": "a", "by": "programme", "week": 26, "work": "employed"}
    tables = pd.DataFrame(
        [
            keys | row | {"group": "p", "seed": 0},
            keys | row | {"group": "p", "seed": 1},
            keys | row | {"group": "q", "seed": 1},
        ]
    )
    summary = summarise_additionality(tables).set_index(["group", "outcome"])["mean"]
    assert (summary["p", "gross"], summary["q", "gross"]) == (4.0, 2.0)


def test_runs_that_are_no_pair_are_refused_with_every_problem():
    with_support, without = people_of(hand_made())
    with pytest.raises(InputError, match="different people"):
        additionality(*runs_of(with_support, without.iloc[1:]))
    with pytest.raises(InputError, match="by must be a column") as error:
        additionality(*runs_of(with_support, without), by="shoes", work="rich")
    assert len(error.value.problems) == 2
    with pytest.raises(InputError, match="week 27 is no snapshot"):
        additionality(*runs_of(with_support, without), week=27)
    with pytest.raises(InputError, match="no snapshots for work sustained"):
        additionality(*runs_of(with_support, without), work="sustained")


def test_note_says_that_only_averages_are_identified():
    assert "Only averages over seeds are identified" in ATTRIBUTION_NOTE
    assert "not effects" in ATTRIBUTION_NOTE


def test_ratio_with_a_known_divisor_has_the_plain_t_interval():
    cost = [90.0, 110.0, 130.0]
    ratio = ratio_interval(cost, [10.0, 10.0, 10.0])
    half = stats.t.ppf(0.975, 2) * 20.0 / np.sqrt(3) / 10
    assert ratio[:3] == pytest.approx((11.0, 11.0 - half, 11.0 + half))


def test_fiellers_interval_holds_the_true_ratio_nineteen_times_in_twenty():
    generator = np.random.default_rng(8)
    held = 0
    for _ in range(2000):
        jobs = generator.normal(20.0, 6.0, 6)
        cost = 3000.0 * jobs + generator.normal(0.0, 9000.0, 6)
        ratio = ratio_interval(cost, jobs)
        held += bool(ratio.low <= 3000.0 <= ratio.high)
    # 4 standard errors of a share of 2,000
    assert held / 2000 == pytest.approx(0.95, abs=0.02)


def test_a_divisor_that_may_be_nothing_gives_no_number_but_a_least_cost():
    ratio = ratio_interval([1000.0, 1100.0, 900.0], [5.0, -3.0, 4.0])
    assert np.isnan(ratio.value)
    assert ratio.high == np.inf
    assert ratio.note == NOT_BOUNDED
    # At its least compatible cost the mean of cost - q x jobs is just t standard errors from 0.
    left = np.array([1000.0, 1100.0, 900.0]) - ratio.low * np.array([5.0, -3.0, 4.0])
    assert abs(left.mean()) == pytest.approx(stats.t.ppf(0.975, 2) * stats.sem(left))


def test_no_outcomes_or_fewer_than_without_support_give_no_cost():
    assert ratio_interval([5.0, 6.0], [0.0, 0.0]).note == NO_OUTCOMES
    fewer = ratio_interval([5.0, 6.0, 7.0], [-10.0, -10.1, -9.9])
    assert fewer.note == NEGATIVE
    assert np.isnan(fewer[:3]).all()


def test_one_seed_gives_a_quotient_without_an_interval():
    ratio = ratio_interval([600.0], [2.0])
    assert ratio.value == 300.0
    assert np.isnan([ratio.low, ratio.high]).all()
    assert ratio.note


def test_cost_table_divides_what_there_is_by_arm():
    runs = pd.DataFrame(
        {
            "arm": ["a", "a", "b", "b"],
            "seed": [0, 1, 0, 1],
            "cost_gbp": [300.0, 300.0, 500.0, 700.0],
            "job_entries": [1.0, 1.0, 2.0, 2.0],
        }
    )
    table = cost_table(runs)
    assert table["outcome"].tolist() == ["cost_per_job", "cost_per_job"]
    assert table["value"].tolist() == [300.0, 300.0]
    assert (table["low"].iloc[0], table["high"].iloc[0]) == (300.0, 300.0)
    with pytest.raises(InputError, match="there twice"):
        cost_table(pd.concat([runs, runs]))
    with pytest.raises(InputError, match="column cost_gbp is missing"):
        cost_table(runs.drop(columns="cost_gbp"))
