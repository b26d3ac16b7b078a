"""Outcomes of support against records written by hand and a second reading in plain loops."""

import numpy as np
import pandas as pd
import pytest
from frames import monthly_frame, run_of, treated_frame, ward_table
from support_frames import REGIMES, pair_of_runs, support_frames

from experiments import configure
from simulation import simulate
from simulation.categories import CLIENT_EVENTS, CLIENT_GROUPS, STAGES
from simulation.errors import BooksError, InputError
from simulation.results.detectable import MULTIPLE, minimum_detectable_effect, yearly_gaps
from simulation.results.journeys import LEAKS, journeys
from simulation.results.outcomes import (
    BY_NAME,
    MONTHLY_COLUMNS,
    claimant_gaps,
    ni153_rows,
    outcome_values,
)
from simulation.results.provision import access, provision, spend_by_stream
from simulation.results.selection import ease, selection
from simulation.results.stage_flows import (
    COMPLETED_IN_WORK,
    ENTRY,
    ENTRY_IN_WORK,
    FOLLOWED,
    IN_PROGRESS,
    NODES,
    _check_flows,
    engaged_by_stream,
    journey_flows,
    reached_by_ward,
)
from simulation.results.support import OF_CLIENTS, SUPPORT_OUTCOMES
from simulation.results.support_values import (
    common_outcomes,
    delivery_values,
    support_values,
)

# week, person, event, stage, provider, group, cost
HAND = (
    # 1: all the way; waits 3 weeks for services at another provider, 2 for aftercare
    (1, 1, "engaged", 1, 0, "ib_esa", 10),
    (3, 1, "assessed", 2, 0, "ib_esa", 20),
    (5, 1, "waiting", 2, 0, "ib_esa", 0),
    (8, 1, "service_started", 3, 5, "ib_esa", 300),
    (8, 1, "assessed_again", 3, 5, "ib_esa", 25),
    (9, 1, "barrier_lifted", 3, 5, "ib_esa", 0),
    (10, 1, "barrier_lifted", 3, 5, "ib_esa", 0),
    (14, 1, "placement_started", 4, 5, "ib_esa", 50),
    (20, 1, "job_entry", 4, 5, "ib_esa", 0),
    (22, 1, "aftercare_started", 5, 5, "ib_esa", 5),
    (33, 1, "sustained_13_weeks", 5, 5, "ib_esa", 0),
    (46, 1, "sustained_26_weeks", 5, 5, "ib_esa", 0),
    (48, 1, "completed", 5, 5, "ib_esa", 0),
    (72, 1, "sustained_52_weeks", 0, 5, "ib_esa", 0),
    (72, 1, "paid_for_result", 0, 5, "ib_esa", 0),
    # 2: parked, loses the job after 15 weeks, engaged again within the year
    (1, 2, "engaged", 1, 0, "lone_parent", 10),
    (3, 2, "assessed", 2, 0, "lone_parent", 20),
    (5, 2, "parked", 3, 0, "lone_parent", 30),
    (9, 2, "job_entry", 4, 0, "lone_parent", 0),
    (22, 2, "sustained_13_weeks", 4, 0, "lone_parent", 0),
    (24, 2, "job_lost", 4, 0, "lone_parent", 0),
    (60, 2, "engaged", 1, 1, "lone_parent", 10),
    (62, 2, "did_not_go_on", 1, 1, "lone_parent", 0),
    # 3: lost at the first hand-over; 4: drops out of services after training
    (2, 3, "engaged", 1, 0, "ib_esa", 10),
    (4, 3, "lost_at_hand_over", 1, 0, "ib_esa", 0),
    (2, 4, "engaged", 1, 0, "ib_esa", 10),
    (4, 4, "assessed", 2, 0, "ib_esa", 20),
    (6, 4, "service_started", 3, 0, "ib_esa", 300),
    (6, 4, "training_started", 3, 0, "ib_esa", 0),
    (19, 4, "training_completed", 3, 0, "ib_esa", 0),
    (20, 4, "dropped_out", 3, 0, "ib_esa", 0),
    # 5: in work; the provider closes and another goes on with the same service
    (5, 5, "service_started", 3, 2, "employed", 100),
    (7, 5, "provider_closed", 3, 2, "employed", 0),
    (7, 5, "waiting", 2, 2, "employed", 0),
    (9, 5, "service_started", 3, 3, "employed", 100),
    (30, 5, "completed", 3, 3, "employed", 0),
    # 6: only ever helped by an intervention; 7: engaged by a provider that closes
    (5, 6, "helped", 0, -1, "no_benefit", 70),
    (6, 6, "training_completed", 0, -1, "no_benefit", 0),
    (3, 7, "engaged", 1, 4, "no_benefit", 10),
    (4, 7, "provider_closed", 1, 4, "no_benefit", 0),
    # 8: still waiting at the end; 9: still in the job; 10: left waiting
    (101, 8, "engaged", 1, 0, "no_benefit", 10),
    (103, 8, "waiting", 1, 0, "no_benefit", 0),
    (90, 9, "engaged", 1, 0, "no_benefit", 10),
    (95, 9, "job_entry", 4, 0, "no_benefit", 0),
    (1, 10, "engaged", 1, 0, "other_benefit", 10),
    (3, 10, "waiting", 1, 0, "other_benefit", 0),
    (12, 10, "left_waiting", 1, 0, "other_benefit", 0),
)
N_WEEKS = 104


def record(rows=HAND):
    names = ["week", "person", "event", "stage", "provider", "group", "cost_gbp"]
    frame = pd.DataFrame(rows, columns=names).sort_values("week", kind="stable", ignore_index=True)
    frame["event"] = pd.Categorical(frame["event"], categories=CLIENT_EVENTS)
    frame["group"] = pd.Categorical(frame["group"], categories=CLIENT_GROUPS)
    return frame.assign(stream="s", ward="W", contract=0, earned_gbp=0.0)


def nothing(frame):
    return frame.iloc[:0]


def run_with(frames):
    size, weeks = frames.people_per_agent, frames.n_weeks
    names = ("clients", "money", "coverage", "people", "treated")
    tables = {name: getattr(frames, name) for name in names}
    return run_of(people_per_agent=size, weeks=weeks, **tables)


def outcomes_of(frames):
    table = support_values(run_with(frames))
    return table.set_index("outcome")["value"]


def values_of(rows=HAND):
    frames = support_frames("none")
    return outcomes_of(
        frames._replace(clients=record(rows), people_per_agent=10, n_weeks=N_WEEKS)
    ).to_dict()


def test_journeys_by_hand():
    table = journeys(record()).set_index(["person", "week"])
    assert len(table) == 10
    first = table.loc[(1, 1)]
    assert (first["week_services"], first["week_placement"], first["job_week"]) == (8, 14, 20)
    assert (first["sustained_52"], first["end"]) == (True, "")
    ends = {key[0]: row["end"] for key, row in table.iterrows() if key != (2, 60)}
    assert ends == {
        1: "", 2: "job_lost", 3: "lost_at_hand_over", 4: "dropped_out", 5: "completed",
        7: "provider_closed", 8: "", 9: "", 10: "left_waiting",
    }  # fmt: skip
    assert table.loc[(5, 5), "is_in_work"]
    assert table["is_in_work"].sum() == 1


def test_outcomes_of_ten_clients_by_hand():
    values = values_of()
    expected = {
        "engaged": 90,
        "in_work_clients": 10,
        "went_on_share": 100 * 3 / 9,
        "served": 30,
        "parked_share": 25,
        "job_entries": 30,
        "sustained_13_weeks": 20,
        "sustained_26_weeks": 10,
        "sustained_52_weeks": 10,
        "job_entry_share": 100 * 3 / 9,
        "barriers_lifted_per_served": 2 / 3,
        "levels_gained": 20,
        "progress_without_job": 10,
        "drop_out_share_services": 100 / 5,
        "drop_out_share_engagement": 0,
        "mean_wait_action_planning": 0,
        "mean_wait_services": (3 + 0 + 0 + 2) / 4,
        "mean_wait_placement": 0,
        "mean_wait_aftercare": 2,
        "lost_at_hand_over": 10,
        # passed on: person 1 to services, person 5 after the closure
        "lost_at_hand_over_share": 100 / 3,
        "left_waiting": 10,
        "assessed_again": 10,
        "assessed_again_gbp": 25,
        # ended by week 51: 2 (engaged again), 3, 4, 5, 7, 10
        "re_engaged_share": 100 / 6,
        # entries by week 77: 1 and 2
        "jobs_lost_early_share": 50,
    }
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_who_ends_in_the_last_year_or_enters_in_the_last_half_year_is_left_out():
    late = (
        (40, 11, "engaged", 1, 0, "ib_esa", 10),
        (51, 11, "dropped_out", 1, 0, "ib_esa", 0),  # the last that can be followed for a year
        (40, 12, "engaged", 1, 0, "ib_esa", 10),
        (52, 12, "dropped_out", 1, 0, "ib_esa", 0),
        (60, 13, "engaged", 1, 0, "ib_esa", 10),
        (77, 13, "job_entry", 4, 0, "ib_esa", 0),  # the same for half a year
        (60, 14, "engaged", 1, 0, "ib_esa", 10),
        (78, 14, "job_entry", 4, 0, "ib_esa", 0),
    )
    values = values_of((*HAND, *late))
    assert values["re_engaged_share"] == pytest.approx(100 / 7)
    assert values["jobs_lost_early_share"] == pytest.approx(100 / 3)


def test_flows_by_hand():
    flows = journey_flows(run_of(clients=record(), people_per_agent=10))
    found = {(row.source, row.target): row.people for row in flows.itertuples()}
    assert found == {
        (ENTRY, "action planning"): 30,
        (ENTRY, "job"): 10,
        (ENTRY, "did not go on"): 10,
        (ENTRY, "lost at hand-over"): 10,
        (ENTRY, "left waiting"): 10,
        (ENTRY, "provider closed"): 10,
        (ENTRY, IN_PROGRESS): 10,
        (ENTRY_IN_WORK, COMPLETED_IN_WORK): 10,
        ("action planning", "services"): 20,
        ("action planning", "parked in services"): 10,
        ("services", "placement"): 10,
        ("services", "dropped out"): 10,
        ("parked in services", "job"): 10,
        ("placement", "job"): 10,
        ("job", "sustained 26 weeks"): 10,
        ("job", "job lost"): 10,
        ("job", FOLLOWED): 10,
        ("sustained 26 weeks", "sustained 52 weeks"): 10,
    }


@pytest.mark.parametrize("regime", [name for name in REGIMES if name != "none"])
def test_what_flows_into_a_place_flows_out_and_every_journey_ends(regime):
    clients = support_frames(regime).clients
    flows = journey_flows(run_of(clients=clients))
    into = flows.groupby("target")["people"].sum()
    out_of = flows.groupby("source")["people"].sum()
    for node in NODES[:-1]:
        assert into.get(node, 0.0) == out_of.get(node, 0.0)
    ends = [*LEAKS.values(), COMPLETED_IN_WORK, IN_PROGRESS, FOLLOWED, NODES[-1]]
    n_journeys = len(journeys(clients))
    assert into.reindex(ends).sum() == n_journeys
    assert out_of.reindex([ENTRY, ENTRY_IN_WORK]).sum() == n_journeys
    assert n_journeys > 300


def test_flows_that_lose_somebody_are_a_defect():
    counts = np.array([[0, 2, 0], [0, 0, 1], [0, 0, 0]])
    with pytest.raises(BooksError, match="action planning"):
        _check_flows(counts, np.array([ENTRY, "action planning", "left waiting"]), n_journeys=2)


def read_in_loops(clients):
    """Read the record once more, person by person."""
    found = []
    starts = ("assessed", "service_started", "placement_started", "aftercare_started")
    for person, rows in clients.groupby("person"):
        for row in rows.itertuples():
            is_service = row.event in ("service_started", "parked")
            if row.event == "engaged" or (is_service and row.group == "employed"):
                found.append({"person": person, "week": row.week, "reached": {"start"}})
            elif row.event in (*starts, "job_entry"):
                found[-1]["reached"].add(row.event)
            if is_service:
                found[-1]["reached"].add("services")
    return found


def test_journeys_agree_with_plain_loops():
    clients = support_frames("prime_contractor", seed=3).clients
    table, looped = journeys(clients), read_in_loops(clients)
    assert list(zip(table["person"], table["week"], strict=True)) == [
        (each["person"], each["week"]) for each in looped
    ]
    for column, event in (
        ("week_action_planning", "assessed"),
        ("week_services", "services"),
        ("week_placement", "placement_started"),
        ("week_aftercare", "aftercare_started"),
        ("job_week", "job_entry"),
    ):
        assert (table[column] >= 0).tolist() == [event in each["reached"] for each in looped]


def test_order_of_categories_and_rows_of_other_people_do_not_matter():
    clients = support_frames("aligned").clients
    shuffled = clients.sort_values(["person", "week"], kind="stable", ignore_index=True)
    shuffled["event"] = shuffled["event"].cat.reorder_categories(CLIENT_EVENTS[::-1])
    pd.testing.assert_frame_equal(
        journey_flows(run_of(clients=clients)), journey_flows(run_of(clients=shuffled))
    )


def test_a_record_that_begins_in_the_middle_is_refused():
    with pytest.raises(InputError, match="person 3 begins in week 4 with lost_at_hand_over"):
        journeys(record([row for row in HAND if row[:2] != (2, 3)]))
    with pytest.raises(InputError, match="column provider is missing"):
        journeys(record().drop(columns="provider"))


def test_a_run_without_support_has_zeros_and_no_shares():
    values = outcomes_of(support_frames("none"))
    assert (values == 0).all()
    assert {"engaged", "job_entries", "spend_gbp", "over_provision"} <= set(values.index)
    assert not {"went_on_share", "cost_per_job", "unmet_need"} & set(values.index)
    empty = support_frames("none")
    assert journey_flows(run_with(empty)).empty
    assert provision(empty.coverage).empty
    assert spend_by_stream(empty.money).empty


def test_every_outcome_is_computed_in_the_order_of_its_registry():
    found = outcomes_of(support_frames("prime_contractor"))
    # These made-up frames have neither contracts nor providers.
    of_delivery = {"idle_gbp", "idle_share", "caseload_mean", "clients_per_adviser"}
    names = [outcome.name for outcome in SUPPORT_OUTCOMES]
    assert list(found.index) == [name for name in names if name not in of_delivery]
    assert np.isfinite(found).all()
    assert {each.name for each in SUPPORT_OUTCOMES} <= set(BY_NAME)
    assert all(each.unit and each.definition and each.source for each in SUPPORT_OUTCOMES)


def test_only_outcomes_of_which_all_runs_have_a_number_are_common():
    frame = pd.DataFrame(
        [("a", 0, "x", 1.0), ("a", 0, "y", 1.0), ("b", 0, "x", 2.0)]
        # Rates of nobody: of no hires in one run, and by nought.
        + [("a", 0, "z", 1.0), ("b", 0, "z", np.nan), ("a", 0, "w", np.inf), ("b", 0, "w", 1.0)],
        columns=["arm", "seed", "outcome", "value"],
    )
    assert common_outcomes(frame)["outcome"].tolist() == ["x", "x"]


def coverage():
    months = pd.to_datetime(["2007-01-01", "2007-02-01"])
    rows = [
        (months[0], "A", "ib_esa", "services", 100.0, 40.0, 3),
        (months[0], "B", "ib_esa", "services", 50.0, 110.0, 0),
        (months[1], "A", "ib_esa", "services", 100.0, 120.0, 1),
        (months[1], "B", "ib_esa", "services", 50.0, 50.0, 2),
    ]
    names = ["date", "ward", "group", "stage", "need", "places", "waiting"]
    return pd.DataFrame(rows, columns=names)


def test_places_in_one_ward_do_not_meet_the_need_of_another():
    area = provision(coverage(), by=()).iloc[0]
    # January: A lacks 60, B has 60 too many; February: A has 20 too many
    assert (area["unmet"], area["over_provision"], area["covered"]) == (30.0, 40.0, 120.0)
    assert (area["need"], area["waiting"]) == (150.0, 3.0)
    assert area["coverage_share"] == pytest.approx(80.0)
    wards = provision(coverage(), by=("ward",)).set_index("ward")
    assert wards["unmet"].to_dict() == {"A": 30.0, "B": 0.0}
    assert wards["over_provision"].to_dict() == {"A": 10.0, "B": 30.0}
    months = provision(coverage(), by=("date",))
    assert months["unmet"].tolist() == [60.0, 0.0]


def test_need_is_covered_or_unmet_and_places_used_or_over():
    table = provision(support_frames("fragmented").coverage, by=("ward", "stage"))
    assert (table["covered"] + table["unmet"]).to_numpy() == pytest.approx(table["need"])
    assert (table["covered"] + table["over_provision"]).to_numpy() == pytest.approx(table["places"])
    with pytest.raises(InputError, match="column need is missing"):
        provision(coverage().drop(columns="need"))


def test_spending_is_that_of_the_last_month_and_pooled_money_counts_once():
    names = ["budget", "committed", "earned", "paid", "owed", "unspent", "pooled", "administration"]
    rows = [("jan", "own", 9, 9, 9, 9, 0, 0, 0, 0), ("dec", "own", 100, 50, 40, 30, 10, 10, 20, 5),
            ("dec", "pool", 20, 15, 15, 15, 0, 0, 0, 4)]  # fmt: skip
    money = pd.DataFrame(rows, columns=["date", "stream", *(f"{name}_gbp" for name in names)])
    money["date"] = money["date"].map(
        {"jan": pd.Timestamp(2007, 1, 1), "dec": pd.Timestamp(2007, 12, 1)}
    )
    table = spend_by_stream(money).set_index("stream")
    assert table["spend_gbp"].to_dict() == {"own": 35, "pool": 19}
    assert table["unused_gbp"].to_dict() == {"own": 25, "pool": 1}
    values = outcomes_of(support_frames("none")._replace(money=money))
    assert (values["budget_gbp"], values["spend_gbp"], values["unused_gbp"]) == (100, 54, 26)


def test_costs_are_public_spending_over_outcomes():
    values = outcomes_of(support_frames("aligned"))
    for cost, base in (("engaged", "engaged"), ("job", "job_entries"),
                       ("sustained_job", "sustained_26_weeks")):  # fmt: skip
        assert values[f"cost_per_{cost}"] == pytest.approx(values["spend_gbp"] / values[base])


def small_people():
    return pd.DataFrame(
        {
            "person": range(6),
            "ward": "W",
            "priority": [True, True, False, False, False, True],
            "group": ["ib_esa", "ib_esa", "ib_esa", "ib_esa", "ib_esa", "employed"],
            "age_band": ["16_24", "50_64", "25_34", "25_34", "35_49", "25_34"],
            "ethnicity": ["white", "asian", "white", "white", "white", "white"],
            "health": ["none", "limiting", "none", "severe", "none", "none"],
            "is_lone_parent": False,
            "left_week": [-1, -1, -1, -1, 6, -1],
            "employer_w052": [1, -1, 1, -1, 1, 1],
        }
    )


def small_treated():
    """The last but one is of who came in place of somebody out of work at the start."""
    return treated_frame(small_people(), [4, 5, 6, -1, 9, 7])


def test_access_counts_those_out_of_work_at_the_start():
    run = run_of(people=small_people(), treated=small_treated(), people_per_agent=10)
    table = access(run, "priority").set_index("group")
    assert table.loc["True", ["eligible", "treated", "treated_share"]].tolist() == [20, 20, 100]
    assert table.loc["False", "treated_share"] == pytest.approx(100 / 3)
    frames = {"people": small_people(), "treated": small_treated()}
    values = outcomes_of(support_frames("none")._replace(**frames))
    assert values["access_ratio_priority"] == pytest.approx(3.0)
    assert values["access_ratio_minority"] == pytest.approx(1 / (2 / 4))
    assert values["access_ratio_health"] == pytest.approx((1 / 2) / (2 / 3))
    assert "access_ratio_lone_parent" not in values


def test_creaming_compares_the_engaged_with_the_eligible_of_their_group():
    # Forty people of good health, half of whom would be in work; forty of poor health, none.
    without = pd.DataFrame(
        {
            "person": range(80),
            "group": "ib_esa",
            "age_band": "25_34",
            "health": ["none"] * 40 + ["severe"] * 40,
            "left_week": -1,
            "employer_w052": [1, -1] * 20 + [-1] * 40,
        }
    )
    easy = ease(without, 52)["ease"]
    assert easy.groupby(without["health"]).mean().to_dict() == {"none": 0.5, "severe": 0.0}
    rows = [(1, person, "engaged", 1, 0, "ib_esa", 0) for person in (0, 1, 2, 40)]
    rows += [(2, person, "assessed", 2, 0, "ib_esa", 0) for person in (0, 1, 2, 40)]
    rows += [(3, person, "service_started", 3, 0, "ib_esa", 0) for person in (0, 1)]
    rows += [(3, person, "parked", 3, 0, "ib_esa", 0) for person in (2, 40)]
    run = run_of(clients=record(rows))
    table = selection(run, run_of(people=without)).set_index("outcome")["value"]
    assert table.to_dict() == {"creaming": 12.5, "parking": 25.0}
    # Of who follows in the place of the third, parked like them, and in work, nothing is known.
    later = without.assign(left_week=[-1, -1, 1, *[-1] * 77])
    assert ease(later, 52)["ease"].max() == pytest.approx(19 / 39)
    follows = selection(run, run_of(people=later)).set_index("outcome")["value"]
    assert follows["parking"] == pytest.approx(100 * 19 / 39)
    short = without.drop(columns="employer_w052")
    none = selection(run, run_of(people=short))
    assert none.empty and none["value"].dtype == np.float64


def test_selection_of_a_run_without_support_has_no_figures():
    none = support_frames("none")
    assert selection(run_with(none), run_with(none)).empty
    with_support, without = map(run_with, pair_of_runs("prime_contractor"))
    assert list(selection(with_support, without)["outcome"]) == ["creaming", "parking"]


def test_detectable_effect_of_independent_changes_follows_the_formula():
    changes = np.random.default_rng(5).normal(0.0, 0.3, (4000, 4))
    gaps = 15.0 + np.concatenate([np.zeros((4000, 1)), changes.cumsum(axis=1)], axis=1)
    found = minimum_detectable_effect(gaps)
    expected = 2.8016 * np.sqrt(2) * 0.3 * 2
    assert found.from_seeds == pytest.approx(expected, rel=0.04)
    assert found.from_years == pytest.approx(expected, rel=0.02)
    alone = minimum_detectable_effect(gaps, has_comparator=False)
    assert alone.from_seeds == pytest.approx(found.from_seeds / np.sqrt(2))


@pytest.mark.parametrize("n_seeds", [2, 6])
def test_the_least_effect_has_an_interval_that_covers_the_truth_as_often_as_it_says(n_seeds):
    generator, truth, n_tries = np.random.default_rng(9), 2.8016 * np.sqrt(2) * 0.6, 2000
    within = 0
    for _ in range(n_tries):
        changes = generator.normal(0.0, 0.3, (n_seeds, 4)).cumsum(axis=1)
        gaps = np.concatenate([np.zeros((n_seeds, 1)), changes], axis=1)
        low, high = minimum_detectable_effect(gaps).interval()
        within += low <= truth <= high
    # Four standard errors of a share of 95 in 100 among 2,000.
    assert within / n_tries == pytest.approx(0.95, abs=0.02)


def test_an_effect_of_that_size_is_found_eight_times_in_ten():
    generator = np.random.default_rng(6)
    error = 0.5
    estimates = generator.normal(MULTIPLE * error, error, 20_000)
    assert np.mean(np.abs(estimates) > 1.959964 * error) == pytest.approx(0.8, abs=0.012)


def test_a_recession_all_seeds_share_is_no_noise():
    common = np.array([[15.0, 15.5, 17.0, 16.0, 15.2]])
    found = minimum_detectable_effect(np.repeat(common, 5, axis=0))
    assert (found.from_seeds, found.from_years) == (0.0, 0.0)
    alone = minimum_detectable_effect(common)
    assert np.isnan(alone.from_seeds)
    assert alone.from_years > 0
    with pytest.raises(ValueError, match="three yearly gaps"):
        minimum_detectable_effect([[1.0, 2.0]])


def test_yearly_gaps_are_taken_twelve_months_apart():
    monthly = monthly_frame(seeds=(0, 1), arms=("one",))
    gaps = claimant_gaps(monthly)
    table = yearly_gaps(gaps, n_years=4)
    own = gaps[gaps["seed"] == 1]["gap"].to_numpy()
    assert table.shape == (2, 5)
    assert table[1].tolist() == own[[0, 12, 24, 36, 48]].tolist()
    with pytest.raises(InputError, match="61 months; the runs have 60"):
        yearly_gaps(gaps, n_years=5)


def two_wards():
    """Two months of two wards and their groups, whose rates are plain arithmetic."""
    groups = {
        ("all", "all"): (1000, 700, 100, 60, 30, 10),
        ("all", "priority:1"): (200, 100, 40, 20, 6, 4),
        ("all", "priority:0"): (800, 600, 60, 40, 24, 6),
        ("all", "ethnicity:white"): (800, 600, 70, 40, 20, 5),
        ("all", "ethnicity:mixed"): (50, 20, 8, 5, 2, 1),
        ("all", "ethnicity:asian"): (50, 30, 7, 5, 3, 1),
        ("all", "ethnicity:black"): (50, 20, 8, 5, 3, 2),
        ("all", "ethnicity:other"): (50, 30, 7, 5, 2, 1),
        ("A", "all"): (200, 100, 40, 20, 6, 4),
        ("B", "all"): (800, 600, 60, 40, 24, 6),
    }
    names = ("residents", "employed", "jsa", "ib_esa", "lone_parent", "other_benefit")
    dates = pd.to_datetime(["2008-01-01", "2008-02-01"])
    rows = [
        ("one", 0, date, ward, group, name, float(value + (name == "jsa") * month * extra))
        for (ward, group), values in groups.items()
        for name, value in zip(names, values, strict=True)
        for extra in [
            10 if (ward, group) in (("all", "all"), ("all", "priority:1"), ("A", "all")) else 0
        ]
        for month, date in enumerate(dates)
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "date", "ward", "group", "outcome", "value"])


def test_national_indicators_and_gaps_by_hand():
    monthly = two_wards()
    monthly = pd.concat([monthly, ni153_rows(monthly, ["A"])], ignore_index=True)
    values = outcome_values(monthly).set_index("outcome")["value"]
    assert values["ni152_end"] == pytest.approx(21.0)
    assert values["ni153_end"] == pytest.approx(40.0)
    assert values["claimant_gap_end"] == pytest.approx(40.0 - 16.25)
    assert values["claimant_gap_change"] == pytest.approx(5.0)
    assert values["employment_gap_ethnicity_end"] == pytest.approx(75.0 - 50.0)
    assert "employment_gap_health_end" not in values


def test_ni153_is_compared_with_the_mean_of_the_first_year():
    dates = pd.date_range("2006-05-31", periods=15, freq="ME")
    rates = np.array([30.0] * 6 + [34.0] * 6 + [40.0, 41.0, 35.0])
    parts = {"residents": np.full(15, 100.0), "jsa": rates} | dict.fromkeys(
        ("ib_esa", "lone_parent", "other_benefit"), np.zeros(15)
    )
    rows = [
        ("one", 0, date, "all", group, outcome, value)
        for group in ("all", "ni153")
        for outcome, values in parts.items()
        for date, value in zip(dates, values, strict=True)
    ]
    monthly = pd.DataFrame(rows, columns=list(MONTHLY_COLUMNS))
    for n_months, change in ((15, 35.0 - 32.0), (12, 34.0 - 32.0), (3, 0.0)):
        part = monthly[monthly["date"] <= dates[n_months - 1]]
        values = outcome_values(part).set_index("outcome")["value"]
        assert values["ni153_change"] == pytest.approx(change)


def test_wards_of_ni153_are_added_up():
    wards = ward_table()
    monthly = monthly_frame(wards, seeds=(0,), arms=("one",))
    everywhere = pd.concat([monthly, ni153_rows(monthly, list(wards["code"]))], ignore_index=True)
    values = outcome_values(everywhere).set_index("outcome")["value"]
    assert values["ni153_end"] == pytest.approx(values["ni152_end"])
    assert ni153_rows(monthly, []).empty
    with pytest.raises(InputError, match="no rows of ward nowhere"):
        ni153_rows(monthly, ["nowhere"])


def test_stages_of_the_registry_are_those_of_the_journey():
    assert {f"drop_out_share_{stage}" for stage in STAGES} <= set(BY_NAME)


def test_what_wards_reached_adds_up_to_what_the_journey_says():
    clients = support_frames("aligned").clients
    run = run_of(clients=clients, people_per_agent=10)
    flows, found = journey_flows(run), reached_by_ward(run, journeys(clients))
    assert found["ward"].nunique() == clients["ward"].nunique()
    totals = found.groupby("place")["people"].sum()
    into, out_of = (flows.groupby(side)["people"].sum() for side in ("target", "source"))
    for place in ("action planning", "services", "placement", "job", "sustained 26 weeks"):
        assert totals[place] == into[place]
    assert totals["engaged"] == out_of["engaged"]
    # One ward by itself is what its own clients reached.
    ward = str(clients["ward"].iloc[0])
    own = clients[clients["ward"].astype(str) == ward]
    alone = reached_by_ward(run, journeys(own)).set_index("place")["people"]
    assert alone.to_dict() == found[found["ward"] == ward].set_index("place")["people"].to_dict()


def test_who_engages_whom_adds_up_to_the_journeys_begun():
    clients = support_frames("aligned").clients
    run = run_of(clients=clients, people_per_agent=10)
    found = engaged_by_stream(run, clients)
    reached = reached_by_ward(run, journeys(clients)).groupby("place")["people"].sum()
    assert found["people"].sum() == reached["engaged"]
    begun = clients[clients["event"] == "engaged"]
    row = found.iloc[0]
    own = (begun["stream"].astype(str) == row["stream"]) & (begun["group"] == row["group"])
    assert row["people"] == 10 * own.sum() > 0


def test_what_money_bought_by_hand():
    """A grant paid 100 and used 60; clients earned 300 of another; 30 clients, room for 60."""
    clients = pd.DataFrame(
        {"group": ["employed", "jsa"], "contract": [1, 1], "earned_gbp": [120.0, 180.0]}
    )
    contracts = pd.DataFrame(
        {"contract": [0, 1], "earned_gbp": [100.0, 300.0], "used_gbp": [60.0, 250.0]}
    )
    providers = pd.DataFrame({"mean_caseload": [10.0, 20.0], "mean_capacity": [20.0, 40.0]})
    tables = {"clients": clients, "contracts": contracts, "providers": providers}
    run = run_of(people_per_agent=1, weeks=52, **tables)
    values = delivery_values(run)
    assert (values["in_work_gbp"], values["idle_gbp"], values["idle_share"]) == (120.0, 40.0, 10.0)
    assert values["caseload_mean"] == 30.0
    assert values["clients_per_adviser"] == 0.5 * run.config.providers.clients_per_adviser


def test_what_nobody_takes_of_an_intervention_is_not_used_and_no_cost_is_mixed():
    chosen = "interventions=[redundancy_response,wage_subsidy]"
    words = ("area=two_towns", "weeks=40", "regime=fragmented", "people_per_agent=2")
    run = simulate(configure(*words, chosen), seed=1, people=True)
    table = spend_by_stream(run.tables["money"]).set_index("stream")
    response = table.loc["intervention:redundancy_response"]
    helped = run.tables["clients"].query("event == 'helped'")
    costs = helped.groupby(helped["stream"].astype(str))["cost_gbp"].sum()
    assert response["committed_gbp"] == response["earned_gbp"] == costs[response.name] > 0
    assert response["unused_gbp"] == response["budget_gbp"] - response["committed_gbp"] > 0
    # Vouchers that are out may still be used.
    voucher = table.loc["intervention:wage_subsidy"]
    assert voucher["budget_gbp"] >= voucher["committed_gbp"] > voucher["earned_gbp"]
    values = support_values(run).set_index("outcome")["value"]
    assert values["job_entries"] > 0
    assert not {*OF_CLIENTS} & set(values.index)
