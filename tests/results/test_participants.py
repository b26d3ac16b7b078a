"""Effects on participants over time, from people and events made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from frames import run_of, treated_frame

from experiments import configure
from simulation import register, simulate
from simulation.results.participants import participant_effects, participants

WEEKS = 24
"""Six looks, at the end of weeks 3, 7, 11, 15, 19 and 23."""


def people(*looks: str, treated: list[int]) -> pd.DataFrame:
    """People in work (1) or not at each look."""
    bits = [sum(int(each) << number for number, each in enumerate(look)) for look in looks]
    columns = {"person": np.arange(len(looks)), "in_work_0": np.array(bits, np.uint64)}
    return pd.DataFrame({**columns, "treated_week": np.array(treated, np.int32)})


def counted(with_support: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    groups = {0: "ib_esa", 1: "lone_parent", 2: "ib_esa", 3: "ib_esa", 4: "employed"}
    events = [(person, group) for person, group in groups.items() if person < len(with_support)]
    clients = pd.DataFrame(events, columns=["person", "group"])
    clients["week"] = with_support["treated_week"].iloc[clients["person"]].to_numpy()
    again = pd.DataFrame({"person": [0], "group": ["lone_parent"], "week": [WEEKS - 1]})
    clients = pd.concat([clients, again]).astype({"group": "category"})
    return counted_with(clients, with_support, without)


def counted_with(
    clients: pd.DataFrame,
    with_support: pd.DataFrame,
    without: pd.DataFrame,
    treated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    if treated is None:
        treated = treated_frame(with_support, with_support["treated_week"])
    support = {"clients": clients, "treated": treated}
    runs = (
        run_of(people_per_agent=10, weeks=WEEKS, people=with_support, **support),
        run_of(people_per_agent=10, weeks=WEEKS, people=without),
    )
    return participants(*runs)


def test_who_came_in_is_followed_from_the_last_look_before():
    treated = [4, 9, 8, 2, 8]
    #                 in work with support and without, look by look
    with_support = people("011111", "000011", "000000", "000000", "011111", treated=treated)
    without = people("000111", "000000", "000010", "000000", "010000", treated=treated)
    table = counted(with_support, without).set_index(["group", "weeks"])
    # The fourth came in before the first look, the fifth was in work.
    assert table.loc[("all", 0)].tolist() == [30, 0, 0]
    # Looks of week 7, and of weeks 11 and 11.
    assert table.loc[("all", 4)].tolist() == [30, 10, 0]
    assert table.loc[("all", 12)].tolist() == [30, 20, 20]
    # At 20 weeks only who came in at week 4 can be seen: the last look is at the end of week 23.
    assert table.loc[("all", 16)].tolist() == [30, 20, 10]
    assert table.loc[("all", 20)].tolist() == [10, 10, 10]
    assert table.loc[("ib_esa", 4)].tolist() == [20, 10, 0]
    assert ("lone_parent", 20) not in table.index


def test_who_was_on_no_record_on_coming_in_counts_among_all_alone():
    # The first is never on record, the second only later, by then in work.
    events = [(1, 12, "employed"), (2, 8, "ib_esa")]
    clients = pd.DataFrame(events, columns=["person", "week", "group"])
    same = people("010101", "000011", "001100", treated=[4, 8, 8])
    table = counted_with(clients, same, same)
    assert table[table["weeks"] == 0].set_index("group")["people"].to_dict() == {
        "all": 30,
        "ib_esa": 10,
    }
    assert set(table["group"]) == {"all", "ib_esa"}


def test_who_leaves_is_followed_until_then_and_who_comes_after_for_themselves():
    # One was helped in week 4 and left in week 12; another has the place since, helped in week 13.
    events = [(0, 4, "ib_esa"), (0, 13, "lone_parent")]
    clients = pd.DataFrame(events, columns=["person", "week", "group"])
    same = people("000011", treated=[-1])
    treated = pd.concat([
        treated_frame(same, [4], left_week=12), treated_frame(same, [13]),
    ])  # fmt: skip
    table = counted_with(clients, same, same, treated).set_index(["group", "weeks"])
    assert table.loc["ib_esa", "people"].to_dict() == {0: 10, 4: 10, 8: 10}
    assert table.loc["ib_esa", "in_work"].sum() == 0
    assert table.loc["lone_parent", "in_work"].to_dict() == {0: 0, 4: 0, 8: 10, 12: 10}
    assert table.loc["all", "people"].to_dict() == {0: 20, 4: 20, 8: 20, 12: 10}


def test_participants_of_every_intervention_are_followed():
    every = ",".join(register.INTERVENTIONS.of_files((register.SHIPPED,)))
    words = ("area=two_towns", "weeks=24", "people_per_agent=2")
    always = [f"interventions.temporary_jobs.{day}=null" for day in ("start", "end")]
    support = ("regime=fragmented", f"interventions=[{every}]", *always)
    runs = [simulate(configure(*words, *more), 1, people=True) for more in (support, ())]
    table = participants(*runs)
    first = table[table["weeks"] == 0].set_index("group")["people"]
    assert 0 < first.drop("all").sum() < first["all"]


def test_without_a_difference_there_is_no_effect():
    same = people("010101", "000011", "001100", treated=[4, 8, 4])
    table = counted(same, same).assign(arm="same", seed=1)
    effects = participant_effects(table)
    assert (effects["effect"] == 0.0).all()
    assert (effects["in_work"] == effects["without"]).all()


def test_effects_are_means_over_seeds_of_points_with_their_interval():
    rows = [("a", 1, 100.0, 30.0, 20.0), ("a", 2, 50.0, 25.0, 10.0)]
    table = pd.DataFrame(rows, columns=["arm", "seed", "people", "in_work", "without"])
    (row,) = participant_effects(table.assign(group="all", weeks=4)).to_dict("records")
    # Points of 10 and 30: mean 20, standard error 10, t of one degree of freedom 12.706.
    assert row["effect"] == pytest.approx(20.0)
    assert row["low"] == pytest.approx(20.0 - 127.06, abs=0.01)
    assert (row["people"], row["n_seeds"]) == (75.0, 2)
    assert row["in_work"] == pytest.approx(100 * 55 / 150)


def test_frames_that_lack_what_it_takes_have_no_rows():
    assert participants(run_of(weeks=WEEKS), run_of(weeks=WEEKS)).empty
    assert participant_effects(pd.DataFrame()).empty
