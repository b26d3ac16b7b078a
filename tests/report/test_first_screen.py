"""Sentences of the first screen: each follows from data, and has data in which it is not there."""

import pandas as pd
import pytest
from page_frames import ARMS, CONFIG, inputs_of

from simulation.report.figures.support_chosen import SupportTables
from simulation.report.interactive.first_screen import first_screen
from simulation.report.interactive.premises import (
    ALL_STAY,
    ASSUMED_BUDGETS,
    ASSUMED_SUPPORT,
    CLOSED_GATE,
    ECONOMIES,
    FIXED_JOBS,
    FREE_ENTRY,
    HELD,
    HIRING,
    OPEN_GATE,
    SOME_MOVE,
)
from simulation.results.verdict import MORE_THAN_SUPPORT

CLEAR = {"no_support": 0.0, "fragmented": 20.0, "aligned": 40.0}
NONE = {"no_support": 0.0, "fragmented": 0.5, "aligned": 1.0}


def screen(gains, **more):
    return first_screen(inputs_of(gains, **more), list(gains))


def said(gains, **more):
    return " ".join(screen(gains, **more)["answer"])


def test_what_is_gained_is_what_the_frames_hold():
    # 6 wards x 40 people x 60 months make 1,200 years; 6 million pounds, 5,000 each.
    found = screen(CLEAR)
    assert found["best"] == "aligned"
    assert found["answer"][0].startswith("Aligned funding adds 1,200 years of work in 5 years (")
    assert "at \u00a35,000 each" in found["answer"][0]
    assert [each["value"] for each in found["numbers"]] == ["+1,200", "\u00a35,000", "+240"]


def test_a_gain_is_not_stated_where_the_interval_leaves_it_open():
    text = said(NONE)
    assert "adds" not in text and "beats" not in text
    assert "cannot be told from no support" in text
    assert "cannot be told from no support" not in said(CLEAR)


def test_a_loss_is_said_to_be_one():
    text = said({"no_support": 0.0, "aligned": -40.0})
    assert "costs 1,200 years of work" in text and "adds" not in text
    assert "each" not in text
    assert "costs" not in said(CLEAR)


def test_what_cannot_be_told_apart_is_named_and_what_is_beaten_too():
    text = said(CLEAR | {"pooled": 39.9})
    assert "It cannot be told from a pooled budget." in text
    assert "It also beats each funder alone." in text
    text = said(CLEAR)
    assert "cannot be told from" not in text and "also" not in text
    assert "It beats each funder alone." in text


def test_nothing_beaten_where_all_are_level():
    assert "beats" not in said({"no_support": 0.0, "fragmented": 40.0, "aligned": 40.1})


def test_what_is_left_on_the_last_day_is_said_as_it_is():
    assert "On the last day 240 more people are in work." in said(CLEAR)
    assert "left" not in said(CLEAR)
    faded = said(CLEAR, last=0.0)
    assert "Whether anything is left of it on the last day cannot be told." in faded
    assert "more people are in work" not in faded


def test_one_pair_of_runs_is_no_finding():
    text = said(CLEAR, n_seeds=1)
    assert "chance cannot be told from effect" in text
    assert "adds" not in text
    assert "no interval" in screen(CLEAR, n_seeds=1)["numbers"][0]["interval"]
    assert "one pair" not in said(CLEAR)


def test_two_runs_of_each_are_not_called_one_and_are_written_to_two_figures():
    inputs = inputs_of(CLEAR, n_seeds=2)
    rows = [("work_years", "fragmented", "no_support", 9_000.0, "not known"),
            ("work_years", "aligned", "no_support", 12_923.0, "not known")]  # fmt: skip
    alone = verdict_of(rows).assign(low=float("nan"), high=float("nan"))
    found = first_screen(inputs._replace(verdict=alone), list(CLEAR))
    assert found["answer"] == [
        "2 pairs of runs: Aligned funding comes to +13,000 years of work against no support, and"
        " chance cannot be told from effect."
    ]
    first = found["numbers"][0]
    assert (first["value"], first["interval"]) == ("+13,000", "2 pairs of runs: no interval")
    assert found["assumed"][-1] == "2 runs of each choice: chance cannot be told from effect."
    assert screen(CLEAR)["assumed"][-1].startswith("Intervals are of chance in 4 runs")
    assert screen(CLEAR, n_seeds=1)["assumed"][-1].startswith("One run of each choice: chance")


def test_a_cost_without_an_upper_limit_is_said_to_have_none():
    cost = screen(NONE)["numbers"][1]
    assert cost["value"].endswith("or more") and "no upper limit" in cost["interval"]
    assert "no upper limit" not in screen(CLEAR)["numbers"][1]["interval"]


@pytest.mark.parametrize(
    ("gains", "n_seeds", "value", "interval"),
    [
        (CLEAR, 1, "\u00a35,000", "one pair of runs: no interval"),
        ({"no_support": 0.0, "aligned": -40.0}, 4, "not known", "no years of work were added"),
    ],
)
def test_a_cost_that_is_not_known_is_not_said_to_have_no_limit(gains, n_seeds, value, interval):
    cost = screen(gains, n_seeds=n_seeds)["numbers"][1]
    assert (cost["value"], cost["interval"]) == (value, interval)


@pytest.mark.parametrize("half", [float("nan"), 2_000.0])
def test_with_too_few_runs_for_a_cost_that_is_why_it_is_not_known(half):
    # Two runs of three arms give years an interval, of the spread of all pairs, and costs none.
    rows = [("work_years", "fragmented", "no_support", 800.0, "not known"),
            ("work_years", "aligned", "no_support", 900.0, "not known"),
            ("cost_per_year_gbp", "aligned", "no_support", float("nan"), "not known")]  # fmt: skip
    few = verdict_of(rows)
    few = few.assign(low=few["estimate"] - half, high=few["estimate"] + half)
    inputs = inputs_of(CLEAR, n_seeds=2)._replace(verdict=few)
    cost = first_screen(inputs, list(CLEAR))["numbers"][1]
    assert (cost["value"], cost["interval"]) == ("not known", "2 pairs of runs: no interval")


def test_an_arm_that_differs_in_more_than_support_has_no_cost_of_a_year():
    rows = [("work_years", "aligned", "no_support", 900.0, "more"),
            ("cost_per_year_gbp", "aligned", "no_support", float("nan"), "not known")]  # fmt: skip
    told = verdict_of(rows).assign(method=MORE_THAN_SUPPORT)
    found = first_screen(inputs_of(CLEAR)._replace(verdict=told), list(CLEAR))
    assert found["numbers"][1]["label"] == "Years on out-of-work benefits"
    assert "each" not in found["answer"][0]


def test_without_money_benefits_stand_in_the_place_of_a_cost():
    found = screen(CLEAR, spend={})
    assert found["numbers"][1]["label"] == "Years on out-of-work benefits"
    assert "each" not in found["answer"][0]
    assert screen(CLEAR)["numbers"][1]["label"] == "Cost of an additional year of work"


@pytest.mark.parametrize(
    ("gains", "spend", "title"),
    [
        (dict.fromkeys(ARMS, 1.0), None, "Which way of buying support brings most work to"),
        ({"no_support": 0.0, "aligned": 1.0}, None, "What comes of aligned funding in"),
        ({"no_support": 0.0, "hub": 1.0}, None, "What comes of hub in"),
        ({"no_support": 0.0, "hub": 1.0, "aligned": 2.0}, None, "Which of 2 choices brings"),
        ({"steady": 0.0, "deep": 1.0}, {}, "How do steady and deep differ in"),
        ({"steady": 0.0}, {}, "What happens in"),
    ],
)
def test_the_question_is_of_what_is_compared(gains, spend, title):
    found = screen(gains, spend=spend)["title"]
    assert found.startswith(title)
    assert "Birmingham, Coventry and the Black Country" in found and found.endswith("?")


def test_no_name_of_a_file_or_a_folder_is_read_by_a_mayor():
    found = screen(dict.fromkeys(ARMS, 0.0) | {"aligned": 40.0})
    words = str({name: value for name, value in found.items() if name != "best"})
    assert not [name for name in (*ARMS, "bcbc") if "_" in name and name in words]
    assert "bcbc" not in words


def with_responses(*responses):
    inputs = inputs_of(CLEAR)
    for arm, response in zip(inputs.manifest["arms"], responses, strict=True):
        arm["config"] = arm.get("config", {}) | {"closure": {"response": response}}
    return first_screen(inputs, list(CLEAR))["assumed"]


@pytest.mark.parametrize(
    ("response", "said_first"),
    [
        (0.0, FIXED_JOBS),
        (0.09, "firms come to want 0.09 per cent more"),
        (float("inf"), FREE_ENTRY),
    ],
)
def test_how_jobs_answer_to_support_is_said_first(response, said_first):
    lines = with_responses(response, response, response)
    assert said_first in lines[0]
    rest = {FIXED_JOBS, FREE_ENTRY} - {said_first}
    assert not rest & set(lines)


def test_how_jobs_answer_is_no_premise_where_arms_differ_in_it():
    lines = with_responses(0.0, 0.0, 0.09)
    assert FIXED_JOBS not in lines and not [line for line in lines if "firms come to want" in line]


def test_what_is_assumed_follows_from_the_configuration():
    lines = screen(CLEAR)["assumed"]
    assert ECONOMIES["recession_2008"] in lines and HIRING["ranking"] in lines
    assert ASSUMED_SUPPORT in lines and ASSUMED_BUDGETS in lines
    assert "One simulated person stands for 5 people." in lines


def with_effects(points, arm="aligned", group="all", half=0.05, regime="aligned"):
    """Return what is said of support where its participants gain so many points, by week.

    `half` is half the width of their intervals.
    """
    table = pd.DataFrame({"weeks": list(points), "effect": list(points.values())})
    table = table.assign(
        arm=arm, group=group, low=table["effect"] - half, high=table["effect"] + half
    )
    inputs = inputs_of(CLEAR)._replace(support=SupportTables(participant_effects=table))
    inputs.manifest["arms"][2]["config"] = CONFIG | {"regime": {"name": regime}}
    lines = first_screen(inputs, list(CLEAR))["assumed"]
    (line,) = [each for each in lines if each.startswith(ASSUMED_SUPPORT)]
    return line


def test_what_support_does_for_those_it_takes_in_stands_beside_what_was_found():
    line = with_effects({40: 1.5, 92: 4.04, 144: 6.7}, half=0.4)
    assert "aligned funding took in" in line
    for said_then in (
        "1.5 (1.1 to 1.9) after 40 weeks, 4.0 (3.6 to 4.4) after 92 weeks and",
        "Evaluations of help with looking for work and of training found 1.2 to 2.0, 2.0 to 6.6"
        " and 1.1 to 6.7.",
    ):
        assert said_then in line
    assert "than was found" not in line


def test_nothing_is_more_or_less_than_was_found_that_chance_may_have_made():
    points = {40: 5.5, 92: 1.9, 144: 7.1}
    assert "than was found" in with_effects(points)
    assert "than was found" not in with_effects(points, half=4.5)
    assert "than was found" not in with_effects(points, half=float("nan"))


def test_help_that_was_not_evaluated_is_not_held_against_evaluations():
    line = with_effects({40: 5.5}, regime="none", half=0.06)
    assert "5.5 (5.4 to 5.6) after 40 weeks." in line  # no finer than evaluations are told
    assert "found" not in line and "found" in with_effects({40: 5.5})


def test_more_or_less_than_was_found_is_said():
    line = with_effects({40: 5.5, 92: 1.9, 144: 7.1})
    assert "After 40 and 144 weeks that is more than was found." in line
    assert "After 92 weeks that is less than was found." in line


@pytest.mark.parametrize(
    ("points", "more"),
    [
        ({}, {}),
        ({40: 0.0, 92: 0.0}, {"half": 0.0}),
        ({36: 2.0}, {}),
        ({40: 2.0}, {"arm": "fragmented"}),
        ({40: 2.0}, {"group": "jsa"}),
    ],
)
def test_nothing_is_said_of_effects_that_were_not_seen(points, more):
    assert with_effects(points, **more) == ASSUMED_SUPPORT


def test_a_run_beyond_its_tables_is_told_to_be_one():
    inputs = inputs_of(CLEAR)
    assert HELD not in first_screen(inputs, list(CLEAR))["assumed"]
    inputs.manifest["held"] = ["demand ends on 2012-09-01; its nearest values were held."]
    assert HELD in first_screen(inputs, list(CLEAR))["assumed"]


def test_what_arms_differ_in_is_no_premise():
    inputs = inputs_of(CLEAR)
    inputs.manifest["arms"][1]["config"] = {
        "economy": {"name": "steady", "file": "steady.csv"}, "hiring": {"rule": "random"}
    }  # fmt: skip
    lines = first_screen(inputs, list(CLEAR))["assumed"]
    assert not {*ECONOMIES.values(), *HIRING.values()} & {*lines}


@pytest.mark.parametrize(
    ("moves", "works_outside", "told"),
    [
        (0.0, 0.0, {ALL_STAY, CLOSED_GATE}),
        (0.1, 0.0, {SOME_MOVE, CLOSED_GATE}),
        (0.0, 0.14, {ALL_STAY, OPEN_GATE}),
    ],
)
def test_who_moves_and_who_works_beyond_the_edge_follows_from_the_configuration(
    moves, works_outside, told
):
    inputs = inputs_of(CLEAR)
    config = {"people": {"p_move_on_hire": moves}, "gate": {"works_outside": works_outside}}
    for arm in inputs.manifest["arms"]:
        arm["config"] = arm.get("config", {}) | config
    lines = first_screen(inputs, list(CLEAR))["assumed"]
    assert told == {ALL_STAY, SOME_MOVE, CLOSED_GATE, OPEN_GATE} & {*lines}
    inputs.manifest["arms"][1]["config"] = config | {"gate": {"works_outside": 0.2}}
    lines = first_screen(inputs, list(CLEAR))["assumed"]
    assert not {CLOSED_GATE, OPEN_GATE} & {*lines}


def test_without_support_nothing_is_assumed_of_it():
    steady = {name: group for name, group in CONFIG.items() if name != "regime"}
    inputs = inputs_of(CLEAR, spend={}, config=steady)
    inputs.manifest["people_per_agent"] = 1
    lines = first_screen(inputs, list(CLEAR))["assumed"]
    assert not {FIXED_JOBS, ASSUMED_SUPPORT, ASSUMED_BUDGETS} & {*lines}
    assert not [line for line in lines if "stands for" in line]


def verdict_of(rows):
    """Make a verdict on all people: outcome, arm, against, estimate and order of each pair."""
    table = pd.DataFrame(rows, columns=["outcome", "arm", "against", "estimate", "order"])
    half = table["estimate"].abs() / 2
    return table.assign(set="all", low=table["estimate"] - half, high=table["estimate"] + half)


def by_verdict(rows):
    inputs = inputs_of(CLEAR)._replace(verdict=verdict_of(rows))
    return first_screen(inputs, list(CLEAR))


def test_the_verdict_has_the_last_word():
    rows = [
        ("work_years", "fragmented", "no_support", 900.0, "more"),
        ("work_years", "aligned", "no_support", 700.0, "more"),
        ("work_years", "aligned", "fragmented", -200.0, "tie"),
        ("work_end", "fragmented", "no_support", 80.0, "more"),
        ("cost_per_year_gbp", "fragmented", "no_support", 6_000.0, "tie"),
    ]
    found = by_verdict(rows)
    assert found["best"] == "fragmented"
    assert found["answer"][0].startswith("Each funder alone adds 900 years of work")
    assert "cannot be told from" not in " ".join(found["answer"])
    assert [each["value"] for each in found["numbers"]] == ["+900", "\u00a36,000", "+80"]
    # Its own interval leaves nought out, all comparisons together do not: that is no draw.
    alone = (
        "Looked at alone, its years of work are 100 to 300 more than those of aligned funding;"
        " among so many comparisons that is not sure yet, and more runs would tell."
    )
    assert alone in found["answer"]
    rows[2] = ("work_years", "aligned", "fragmented", -200.0, "less")
    assert "It beats aligned funding." in by_verdict(rows)["answer"]


def test_what_was_asked_for_by_name_is_told_beside_the_region():
    names = ("work_years", "aligned", "no_support")
    arms = {"no_support": 0.0, "aligned": 40.0}
    of_all = verdict_of([(*names, 900.0, "more")]).assign(kind="all")
    own = verdict_of([(*names, 24.0, "tie")]).assign(set="my_parents", kind="own", low=-21, high=69)
    inputs = inputs_of(arms)._replace(verdict=pd.concat([of_all, own]))
    told = first_screen(inputs, list(arms))["answer"][1]
    assert told == "My parents: nothing can be told (\u221220 to +70 years of work)."
    sure = own.assign(order="more", low=4, high=44)
    told = first_screen(inputs._replace(verdict=pd.concat([of_all, sure])), list(arms))["answer"][1]
    assert told == "My parents: +24 years of work (+4 to +44) under aligned funding."
    same = own.assign(estimate=0.0, low=0, high=0)
    told = first_screen(inputs._replace(verdict=pd.concat([of_all, same])), list(arms))["answer"][1]
    assert told == (
        "My parents: no year of work differs in any run: too few people are reached for one agent"
        " for 5 people to show it."
    )


def test_an_interval_of_nothing_is_said_in_words():
    rows = [(name, "aligned", "no_support", 0.0, "tie") for name in ("work_years", "work_end")]
    arms = {"no_support": 0.0, "aligned": 0.0}
    inputs = inputs_of(arms)._replace(verdict=verdict_of(rows))
    found = first_screen(inputs, list(arms))
    assert found["answer"] == [
        "Aligned funding brings as many years of work as no support in every run: too few people"
        " are reached for one agent for 5 people to show it."
    ]
    assert found["numbers"][0]["interval"] == "the same in every run"


def test_the_sure_arm_is_the_answer_and_not_the_larger_one_that_is_not_sure():
    """As the printed answer has it: one decision, whichever mean is the larger."""
    rows = [
        ("work_years", "fragmented", "no_support", 41.0, "more"),
        ("work_years", "aligned", "no_support", 45.0, "tie"),
        ("work_years", "aligned", "fragmented", 4.0, "tie"),
    ]
    found = by_verdict(rows)
    assert found["best"] == "fragmented"
    assert found["answer"][0].startswith("Each funder alone adds 41 years of work in 5 years")
    assert "Whether aligned funding adds any cannot be told." in found["answer"]
    assert found["numbers"][0]["value"] == "+41"
    assert "Whether" not in said(CLEAR)


def test_a_sure_loss_is_told_beside_what_is_not_sure():
    rows = [
        ("work_years", "fragmented", "no_support", -900.0, "less"),
        ("work_years", "aligned", "no_support", 7.0, "tie"),
        ("work_years", "aligned", "fragmented", 907.0, "more"),
    ]
    found = by_verdict(rows)
    assert found["best"] == "aligned"
    assert found["answer"][-1] == "Each funder alone costs 900 (400 to 1,400), against no support."
    rows[1] = ("work_years", "aligned", "no_support", 100.0, "more")
    assert found["answer"][-1] in by_verdict(rows)["answer"]


def of_start(gain, loss, order="less"):
    """Return the answer where those out of work at the start gain so much and others lose it."""
    of_all = verdict_of([("work_years", "aligned", "no_support", gain + loss, "more")])
    rows = [("work_years", "aligned", "no_support", size, way)
            for size, way in ((gain, "more"), (loss, order))]  # fmt: skip
    of_both = verdict_of(rows).assign(set=["out_of_work", "in_work"])
    inputs = inputs_of(CLEAR)._replace(verdict=pd.concat([of_all, of_both]))
    return " ".join(first_screen(inputs, list(CLEAR))["answer"])


def test_who_loses_is_told_beside_who_gains_where_both_are_sure():
    told = "Those out of work on the first day gain 900, those in work that day lose 200."
    assert told in of_start(900.0, -200.0)
    assert "lose" not in of_start(900.0, -200.0, order="tie")
    assert "lose" not in of_start(900.0, 200.0, order="more")


def test_what_is_a_tie_among_all_comparisons_is_not_stated():
    rows = [
        ("work_years", "fragmented", "no_support", 100.0, "tie"),
        ("work_years", "aligned", "no_support", 700.0, "tie"),
        ("work_years", "aligned", "fragmented", 600.0, "tie"),
        ("work_end", "aligned", "no_support", 80.0, "tie"),
    ]
    text = " ".join(by_verdict(rows)["answer"])
    assert "among so many comparisons that is not sure yet" in text and "adds" not in text
    rows[1] = ("work_years", "aligned", "no_support", 700.0, "more")
    rows[2] = ("work_years", "aligned", "fragmented", 600.0, "more")
    text = " ".join(by_verdict(rows)["answer"])
    assert "adds" in text and "not sure yet" not in text


def test_a_regime_that_hardly_happened_is_not_ranked_and_how_much_moved_is_said():
    dose = pd.DataFrame({"arm": "aligned", "against": "fragmented", "what": ["money", "people"],
                         "share": [0.006, 0.01]})  # fmt: skip
    inputs = inputs_of(CLEAR)
    plain = first_screen(inputs, list(CLEAR))
    assert plain["best"] == "aligned"
    assert plain["moved"] == []
    found = first_screen(inputs._replace(dose=dose), list(CLEAR))
    assert found["best"] == "fragmented"
    assert found["moved"][-1] == (
        "Hardly happened, so not ranked: aligned funding 0.6% of the money and 1.0% of the people."
    )
    assert not [line for line in found["answer"] if "aligned" in line]
    moved = first_screen(inputs._replace(dose=dose.assign(share=0.2)), list(CLEAR))
    assert moved["best"] == "aligned" and "not ranked" not in " ".join(moved["moved"])
    assert moved["moved"][-1].startswith("Moved against each funder alone: aligned funding 20%")


OWN = "a table of the user's own"


@pytest.mark.parametrize(
    ("economy", "told"),
    [
        ({"name": "recession_2008", "file": "recession_2008.csv"}, ECONOMIES["recession_2008"]),
        ({"name": "slump", "file": "deep.csv"}, ECONOMIES["deep"]),
        ({"name": "boom", "file": "boom.csv"}, f"The economy takes the path of {OWN}, boom."),
        ({"name": "own_deep", "file": "my/deep.csv"}, f"takes the path of {OWN}, own deep."),
        ({"name": "steady", "file": None}, ECONOMIES["steady"]),
    ],
)
def test_the_economy_is_told_by_its_table_not_by_its_name(economy, told):
    lines = screen(CLEAR, config=CONFIG | {"economy": economy})["assumed"]
    (line,) = [each for each in lines if each in ECONOMIES.values() or OWN in each]
    assert line.endswith(told)


def test_what_closes_and_opens_in_every_arm_is_told():
    closure = {"kind": "closure", "ward": "Elmdon", "sector": "manufacturing", "jobs": 2000,
               "date": "2007-03-01"}  # fmt: skip
    economy = CONFIG["economy"] | {"events": [closure]}
    lines = screen(CLEAR, config=CONFIG | {"economy": economy})["assumed"]
    assert "Workplaces close: 2,000 manufacturing jobs in Elmdon (March 2007)." in lines
    assert "Elmdon" not in " ".join(screen(CLEAR)["assumed"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ASSUMED_BUDGETS),
        ({"funding": {"table": "my_streams.csv"}}, f"Budgets are those of {OWN}, my_streams.csv."),
        ({"funding": {"table": "two_towns"}}, "Budgets are invented, as the area is."),
        ({"providers": {"table": "my.csv"}}, f"Providers are those of {OWN}, my.csv."),
        ({"providers": {"types": "t.csv"}}, "a table of types of the user's own, t.csv."),
    ],
)
def test_whose_budgets_and_providers_there_are_is_told_as_it_is(changes, told):
    text = " ".join(screen(CLEAR, config=CONFIG | changes)["assumed"])
    assert told in text
    assert (ASSUMED_BUDGETS in text) == ("funding" not in changes)
    assert ("Providers" in text) == ("providers" in changes)
    none = screen(CLEAR, config=CONFIG | changes | {"regime": {"name": "none"}})["assumed"]
    assert not [line for line in none if line.startswith(("Budgets", "Providers"))]
