"""The printed answer: what each sentence says, and data in which it must not be said."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from html_page import numbers_in

from simulation.report.answer import (
    PLACES,
    answer,
    arm_lines,
    assumed_line,
    dose_line,
    headline,
    left_line,
    order_line,
    sure_line,
    title,
    where_line,
    who_line,
)
from simulation.report.decided import Decided
from simulation.report.interactive.premises import HELD
from simulation.results.dose import DOSE, hardly_happened
from simulation.results.sets import PeopleSet, usual_sets
from simulation.results.verdict import COUNTED, HEADLINE, order_of, verdict

LABELS = {"none": "no support", "a": "aligned funders", "b": "one pot", "c": "prime contractors"}
ARMS = list(LABELS)
WARDS = pd.DataFrame({"code": ["W1", "W2"], "priority": [1, 0]})
DIRECTIONS = ("more years", "fewer years", "years of work more", "years of work fewer")


def decided(
    years=(0, 200, 200, 60), *, spend=(0, 5e6, 5e6, 3e6), n_seeds=12, sd=5.0, moved=None, arms=ARMS,
    own=(), sets=None, left=None,
):  # fmt: skip
    """A comparison of known truth; sets: years by name of a set, those of all if left out."""
    rng = np.random.default_rng(1)
    arms = arms[: len(years)]
    chosen = [*usual_sets(WARDS, ["W2"]), *(PeopleSet(name, "own", name, None) for name in own)]
    shape = (len(chosen), len(COUNTED), n_seeds, len(arms))
    values = 1000 + 30 * rng.normal(size=(*shape[:3], 1)) + sd * rng.normal(size=shape)
    for number, each in enumerate(chosen):
        of_set = (sets or {}).get(each.name, (0,) * len(arms) if sets else years)
        values[number, COUNTED.index(HEADLINE)] += years if each.name == "all" else of_set
        values[number, COUNTED.index("work_end")] += (0,) * len(arms) if left is None else left
    noise = 1 + 0.001 * rng.normal(size=(len(chosen), n_seeds, len(arms)))
    values[:, COUNTED.index("spend_gbp")] = np.asarray(spend[: len(arms)]) * noise
    moved = {"b": 0.3, "c": 0.7} if moved is None else moved
    rows = [
        (arm, "a", what, share, n_seeds)
        for what in ("money", "places")
        for arm, share in moved.items()
    ]
    dose = pd.DataFrame(rows, columns=list(DOSE))
    hardly = hardly_happened(dose)
    table = verdict(values, chosen, arms, hardly=hardly)
    return Decided(
        table,
        order_of(table, [arm for arm in arms if arm not in hardly]),
        dose,
        {arm: LABELS[arm] for arm in arms},
        {"area": "Two Towns", "period": "May 2006 to April 2011", "n_seeds": n_seeds,
         "people_per_agent": 20, "job_response": 0.0, "precision": {}, "held": [],
         "is_open": False},
    )  # fmt: skip


def texts(found):
    return dict(reversed([(place, text) for place, text in answer(found)]))


def test_the_answer_is_a_dozen_sentences_in_a_readers_words():
    lines = answer(decided(left=(0, 90, 90, 90)))
    assert 8 <= len(lines) <= 12
    assert {place for place, _ in lines} == set(PLACES) - {"targets"}
    told = [text.replace("closure=fixed_jobs", "") for _, text in lines]
    assert not [text for text in told if "_" in text or text != text[:1].upper() + text[1:]]


def test_the_title_asks_and_states_no_direction():
    assert title(decided()).endswith(
        "which adds most work: aligned funders, one pot and prime contractors?"
    )
    one = title(decided((0, 200)))
    assert one == "Two Towns, May 2006 to April 2011: what comes of aligned funders?"


def test_arms_that_add_years_are_counted_and_the_least_and_most_are_named():
    said = headline(decided((0, 200, 260, 60)))
    assert said.startswith("all 3 have more years of work than no support, from ")
    assert "(prime contractors) to" in said and said.endswith("(one pot)")
    low, high = numbers_in(said)[1:]
    assert (low, high) == pytest.approx((60, 260), abs=8)


def test_what_may_be_nothing_is_not_said_to_be_more_or_fewer():
    said = headline(decided((0, 0, 0, 0)))
    assert said == "no difference in years of work from no support can be told from nothing"
    mixed = headline(decided((0, 200, 0, -200)))
    assert mixed.startswith("aligned funders: ") and "prime contractors: " in mixed
    assert mixed.endswith("of one pot it cannot be told")
    assert "years of work more" in mixed and "years of work fewer" in mixed
    assert "all 3" not in mixed
    alone = headline(decided((0, -200)))
    assert "fewer" in alone and "more" not in alone and "cannot" not in alone


@pytest.mark.parametrize("n_seeds", [1, 2])
def test_few_seeds_state_no_direction_anywhere(n_seeds):
    arms = ARMS[:2]
    found = decided((0, 200), n_seeds=n_seeds, arms=arms, moved={})
    said = texts(found)
    assert said["answer"].startswith(f"{n_seeds} seed")
    assert set(said) == {"title", "answer", "where", "assumed", "sure"}
    assert not [word for text in said.values() for word in DIRECTIONS if word in text]
    assert "nothing can be told" in said["where"] and "interval" not in said["sure"]


def test_two_seeds_of_many_arms_have_pooled_intervals():
    assert "than no support" in headline(decided((0, 2000, 2000, 600), n_seeds=2))


def test_an_arm_that_cannot_be_told_has_neither_size_nor_cost():
    lines = arm_lines(decided((0, 200, 0, 60)))
    assert [line.partition(":")[0] for line in lines] == [
        "aligned funders", "prime contractors", "one pot",
    ]  # fmt: skip
    assert "each" in lines[0] and "cannot be told" not in lines[0]
    size, low, high, cost = numbers_in(lines[0])[:4]
    assert low < size < high and size == pytest.approx(200, abs=10)
    assert cost == pytest.approx(5e6 / 200, rel=0.05)
    assert "years of work cannot be told from nothing (" in lines[2] and "each" not in lines[2]


def test_an_interval_apart_from_nothing_that_does_not_hold_among_many_is_said_to_be_so():
    found = decided()
    table = found.verdict
    one = (table["arm"] == "a") & (table["against"] == "none") & (table["outcome"] == HEADLINE)
    table.loc[one, ["p", "order"]] = [0.2, "tie"]
    line = next(line for line in arm_lines(found) if line.startswith("aligned"))
    assert "cannot be told from nothing among so many comparisons" in line and "each" not in line


def test_an_arm_that_costs_nothing_has_no_pounds():
    lines = arm_lines(decided(spend=(0, 0, 0, 0)))
    assert lines and not [line for line in lines if "\u00a3" in line or "spent" in line]


def test_spending_is_as_precise_as_it_is_known_and_told_without_an_interval_too():
    line = next(line for line in arm_lines(decided()) if line.startswith("aligned"))
    assert re.search(r"; \u00a3[45]\.\d+ million \([45]\.\d+ to 5\.\d+\) spent$", line)
    found = decided((0, 2000, 2000, 600), n_seeds=2)
    found.verdict.loc[found.verdict["outcome"] == "spend_gbp", ["low", "high"]] = np.nan
    assert [line.rpartition("; ")[2] for line in arm_lines(found)] == [
        "about \u00a35.0 million spent", "about \u00a35.0 million spent",
        "about \u00a33.0 million spent",
    ]  # fmt: skip


def test_where_nothing_differs_in_any_run_that_is_said():
    same = decided((0, 0))
    same.verdict.loc[same.verdict["outcome"] == HEADLINE, ["estimate", "low", "high"]] = 0.0
    why = "too few people are reached for one agent for 20 people to show it"
    assert headline(same) == f"as many years of work as with no support in every run: {why}"
    assert arm_lines(same)[0].startswith("aligned funders: no year of work differs in any run; ")
    assert f"no year of work differs in any run: {why}" in where_line(same)


def test_losses_have_no_cost_of_a_year():
    line = arm_lines(decided((0, -200)))[0]
    assert "\u2212" in line and "each" not in line and "spent" in line


def test_more_arms_than_fit_are_counted():
    labels = {f"a{number}": f"way {number}" for number in range(9)}
    values = np.random.default_rng(1).normal(size=(1, len(COUNTED), 8, 9)) + 100 * np.arange(9)
    sets = [PeopleSet("all", "all", "all", None)]
    table = verdict(values, sets, list(labels))
    empty = pd.DataFrame(columns=list(DOSE))
    found = Decided(table, order_of(table, list(labels)), empty, labels, decided().facts)
    lines = arm_lines(found)
    assert len(lines) == 5 and lines[-1].endswith("(3 more in verdict.csv)")
    assert lines[0].startswith("way 8") and dose_line(found) == ""


def test_an_order_is_told_whole_where_every_step_holds():
    assert order_line(decided((0, 100, 300, 200))) == (
        "in order: one pot, then prime contractors, then aligned funders"
    )


def test_a_part_of_an_order_is_told_as_far_as_it_holds():
    said = order_line(decided((0, 200, 200, 60)))
    assert said == (
        "aligned funders and one pot come before prime contractors; other pairs cannot be"
        " told apart with 12 seeds"
    )
    assert "no support" not in said


def test_arms_that_may_differ_by_nothing_are_not_said_to_be_equal():
    said = order_line(decided((0, 200, 200, 200)))
    assert said == (
        "between them no order holds: aligned funders, one pot and prime contractors cannot be told"
        " apart with 12 seeds"
    )
    assert order_line(decided((0, 200))) == ""


def test_what_hardly_happened_is_not_ranked_and_said_to_be_so():
    found = decided((0, 100, 300, 200), moved={"b": 0.02, "c": 0.5})
    assert "one pot" not in order_line(found)
    said = dose_line(found)
    assert said.startswith(
        "against aligned funders, prime contractors moved 50% of the money and 50% of the places"
    )
    assert "one pot hardly happened (2.0% at most" in said and said.endswith("is not ranked")
    both = dose_line(decided(moved={"b": 0.01, "c": 0.03}))
    assert both.endswith("are not ranked") and "moved" not in both and numbers_in(both) == [3.0]
    assert "hardly" not in dose_line(decided()) and dose_line(decided(moved={})) == ""


def test_an_arm_that_hardly_happened_takes_no_order_from_the_others():
    arms = dict(years=(0, 200, 203, 207), n_seeds=6, sd=3.0)
    hidden = "between them no order holds"
    assert order_line(decided(**arms)).startswith(hidden)
    found = decided(**arms, moved={"b": 0.02, "c": 0.5})
    assert order_line(found) == "in order: prime contractors, then aligned funders"
    assert "corrected for 4 comparisons" in sure_line(found)
    none = decided((0, 200, 203, 200), n_seeds=6, sd=3.0, moved={"b": 0.02, "c": 0.5})
    assert order_line(none).startswith(hidden)


def test_places_are_told_of_if_they_can_be():
    said = where_line(decided(sets={"priority": (0, 0, 150, 90)}, own=["my_wards"]))
    parts = said.split("; ")
    assert [part.partition(":")[0] for part in parts] == [
        "priority wards", "the ten wards with the largest share on benefits", "my wards",
    ]  # fmt: skip
    assert parts[0].endswith(
        "under one pot (2 of 3 can be told, in order: one pot, then prime contractors, then aligned"
        " funders)"
    )
    for part in parts[1:]:
        assert re.search(
            r"nothing can be told \(\S+ to \+\S+ years of work, all arms together\)", part
        )


def test_groups_are_named_only_where_they_gain_or_lose():
    sets = {"group:ib_esa": (0, 100, 0, 0), "group:employed": (0, 0, -100, 0)}
    assert who_line(decided(sets=sets)).endswith(
        "; more work: people on incapacity benefit (aligned funders); less work: people in work on"
        " the first day (one pot)"
    )
    sets = {"group:ib_esa": (0, 90, 90, 90), "group:lone_parent": (0, 90, 90, 90),
            "group:no_benefit": (0, 90, 0, 90)}  # fmt: skip
    assert who_line(decided(sets=sets)).endswith(
        "; more work: people on incapacity benefit and lone parents on Income Support (all 3),"
        " people out of work without benefit (aligned funders and prime contractors)"
    )
    alone = who_line(decided((0, 200), sets={"group:ib_esa": (0, 100)}))
    assert alone.endswith("; more work: people on incapacity benefit")
    none = who_line(decided(sets={"priority": (0, 100, 0, 0)}))
    gain, loss, groups = none.split("; ")
    assert gain.startswith("people out of work on the first day: nothing can be told (")
    assert loss.startswith("those in work then: nothing can be told (")
    assert groups == "no client group's change alone can be told"


def test_what_those_in_work_lose_stands_beside_what_those_out_of_work_gain():
    said = who_line(decided(sets={"out_of_work": (0, 100, 150, 0), "in_work": (0, 0, -60, 0)}))
    gain, loss, _ = said.split("; ")
    assert gain.startswith("people out of work on the first day: +1")
    assert gain.endswith(
        "(2 of 3 can be told, in order: one pot, then aligned funders, then prime contractors)"
    )
    assert loss.startswith("those in work then: \N{MINUS SIGN}6")
    assert loss.endswith(
        "under one pot (1 of 3 can be told, aligned funders and prime contractors come before one"
        " pot)"
    )


def test_an_arm_that_hardly_happened_is_no_answer_of_any_place_or_group():
    moved = {"b": 0.02, "c": 0.5}
    sets = {name: (0, 100, 150, 60) for name in ("priority", "out_of_work", "group:ib_esa")}
    sets["group:no_benefit"] = (0, 0, 150, 0)
    found = decided(sets=sets, moved=moved, left=(0, 100, 150, 60))
    where, who, left = where_line(found), who_line(found), left_line(found)
    order = "in order: aligned funders, then prime contractors"
    assert f"under aligned funders (2 of 2 can be told, {order})" in where
    assert f"under aligned funders (2 of 2 can be told, {order})" in who
    assert who.endswith("more work: people on incapacity benefit (aligned funders and prime"
                        " contractors)")  # fmt: skip
    assert left.endswith(order)
    assert "one pot" not in where + who + left
    alone = decided((0, 200), sets={"priority": (0, 100)}, moved={"a": 0.01}, left=(0, 90))
    assert "under aligned funders" in where_line(alone) and "aligned funders" in left_line(alone)


def test_an_order_within_a_set_is_told_only_where_it_holds():
    sets = {name: (0, 150, 150, 150) for name in ("priority", "out_of_work")}
    found = decided(sets=sets, left=(0, 150, 150, 150))
    said = where_line(found) + who_line(found) + left_line(found)
    assert "(3 of 3 can be told)" in said and "before" not in said and "in order" not in said


def test_the_last_day_is_only_what_is_left():
    assert left_line(decided()) == "what is left on the last day cannot be told from nothing"
    said = left_line(decided(left=(0, 80, 0, 0)))
    assert said.startswith("left on the last day: +") and "under aligned funders" in said
    assert said.endswith(
        "; of the others nothing can be told; aligned funders comes before one pot and prime"
        " contractors"
    )
    every = left_line(decided(left=(0, 80, 80, -80)))
    assert "nothing can be told" not in every


@pytest.mark.parametrize(("response", "word"), [(0.0, "no new jobs"), (0.09, "0.09 per cent")])
def test_what_is_assumed_of_jobs_is_said_where_there_is_support(response, word):
    found = decided()
    found.facts["job_response"] = response
    assert assumed_line(found).startswith("assumed: ") and word in assumed_line(found)
    found.facts["job_response"] = None
    assert assumed_line(found) == ""


def test_tables_that_end_before_the_run_are_assumed_to_go_on_and_it_is_said():
    found = decided()
    found.facts["held"] = ["demand ends on 2012-09-01; its nearest values were held."]
    assert assumed_line(found).endswith(HELD)
    found.facts["job_response"] = None
    assert assumed_line(found) == f"assumed: {HELD[:1].lower()}{HELD[1:]}"


def test_an_open_border_is_told_of_and_a_closed_one_is_usual():
    found = decided()
    assert "gate=" not in assumed_line(found)
    found.facts["is_open"] = True
    assert "some from outside find it inside (gate=open)." in assumed_line(found)


def test_how_sure_it_is_counts_seeds_and_comparisons():
    said = sure_line(decided())
    assert said == (
        "12 seeds, one agent for 20 people, 95% intervals, orders corrected for 6 comparisons"
        " (Holm)"
    )
    alone = sure_line(decided((0, 200)))
    assert "corrected" not in alone
    found = {"headline": HEADLINE, "asked": 100.0, "half_width": 95.0, "is_met": True}
    asked = decided()
    asked.facts["precision"] = found
    assert "; years of work known to 95 either way, as asked" in sure_line(asked)
    asked.facts["precision"] = found | {"half_width": 140.0, "is_met": False}
    assert "known to 140 either way, not to 100: budget spent" in sure_line(asked)
    full = decided()
    full.facts["people_per_agent"] = 1
    assert "agent" not in sure_line(full)


def test_no_sentence_states_a_direction_that_its_own_interval_does_not():
    """Of worlds in which arms differ by nothing, at most 5 in 100 are told any direction."""
    n_worlds, facts = 200, decided().facts
    values = np.random.default_rng(1).normal(size=(n_worlds, 1, 6, 4)) * 9
    worlds = [PeopleSet(f"w{number}", f"w{number}", "", None) for number in range(n_worlds)]
    every = verdict(np.tile(values, (1, len(COUNTED), 1, 1)), worlds, ARMS)
    every = every[every["outcome"] == HEADLINE]
    wrong = 0
    for _, table in every.groupby("set"):
        own = table.assign(set="all")
        found = Decided(own, order_of(own, ARMS), pd.DataFrame(columns=list(DOSE)), LABELS, facts)
        said = headline(found) + order_line(found)
        if any(word in said for word in ("than no support", "before", "in order")):
            assert ((own["low"] > 0) | (own["high"] < 0)).any()
            wrong += 1
    assert wrong / n_worlds <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / n_worlds)


def test_without_other_arms_there_is_a_title_only():
    one = Decided(
        decided().verdict[:0], decided().order[:0], decided().dose[:0],
        {"none": "no support"}, decided().facts,
    )  # fmt: skip
    ((place, text),) = answer(one)
    assert place == "title" and text.endswith("with nothing to compare it with")
