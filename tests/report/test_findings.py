"""What a report says in words, checked against summaries with known figures."""

import math

import pandas as pd
import pytest
from html_page import numbers_in

from simulation.report.findings import certainty, findings, table_rows, thinning
from simulation.results.paired import summarise

MINUS = "\u2212"


def summary(values, *, outcome="out_of_work_benefits_end", unit="people"):
    """Summarise a dict arm -> values by seed, the first arm the baseline."""
    rows = [
        (arm, seed, outcome, unit, float(value))
        for arm, series in values.items()
        for seed, value in enumerate(series)
    ]
    frame = pd.DataFrame(rows, columns=["arm", "seed", "outcome", "unit", "value"])
    return summarise(frame, next(iter(values)))


def sentence(values, **kwargs):
    (finding,) = findings(summary(values, **kwargs), next(iter(values)))["new"]
    return finding


def test_a_clear_fall_is_told_with_its_range():
    # differences -90, -100, -110: mean -100, half width 4.3027 * 10 / sqrt(3) = 24.84
    found = sentence({"old": [1000, 1000, 1000], "new": [910, 900, 890]})
    assert found.is_clear
    assert numbers_in(found.text) == [1000, 900, 100, 75, 125]
    assert "fewer" in found.text and "more" not in found.text


def test_a_difference_that_may_be_noise_is_told_as_such():
    found = sentence({"old": [1000, 1000], "new": [990, 1020]})
    # mean 5, half width 12.706 * 21.213 / sqrt(2) = 190.6, known to tens
    assert not found.is_clear
    assert numbers_in(found.text)[2:] == [190, 200]
    assert "cannot be told from noise" in found.text


def test_gaps_grow_wider_and_narrower_in_points():
    gap = {"outcome": "employment_gap_end", "unit": "percentage points"}
    for shift, word in ((-0.5, "narrower"), (0.5, "wider")):
        found = sentence({"old": [12.0, 12.2], "new": [12.0 + shift, 12.2 + shift]}, **gap)
        assert numbers_in(found.text) == pytest.approx([12.1, 12.1 + shift, 0.5, 0.5, 0.5])
        assert f"percentage points {word}" in found.text


def test_no_difference_at_all_is_not_called_noise():
    found = sentence({"old": [5, 7], "new": [5, 7]})
    assert found.text.endswith("the same in every pair of runs.")
    assert not found.is_clear


def test_one_seed_gives_a_difference_and_a_warning():
    found = sentence({"old": [500], "new": [450]})
    assert numbers_in(found.text) == [500, 450, 50]
    assert not found.is_clear and "no telling" in found.text
    assert "no interval can be given" in certainty(summary({"old": [5], "new": [4]}), n_seeds=1)[0]


def test_clear_differences_come_first_and_only_key_outcomes_are_told():
    parts = [
        summary({"old": [10, 20, 30], "new": [30, 10, 20]}, outcome="out_of_work_benefits_end"),
        summary({"old": [10, 20, 30], "new": [20, 30, 41]}, outcome="jsa_peak"),
        summary({"old": [10, 20, 30], "new": [20, 30, 41]}, outcome="hires_total"),
    ]
    found = findings(pd.concat(parts), "old")["new"]
    assert [f.outcome for f in found] == ["jsa_peak", "out_of_work_benefits_end"]


def test_outcomes_nobody_registered_are_told_by_their_own_name():
    found = sentence({"old": [1, 2], "new": [2, 3]}, outcome="cost_per_smile", unit="pounds")
    assert found.label == "Cost per smile"
    assert numbers_in(found.text) == [1.5, 2.5, 1, 1, 1]
    assert found.text.count("pounds") == 3


def test_money_and_outcomes_of_support_are_told_in_their_own_words():
    found = sentence({"old": [3000, 3100], "new": [2500, 2600]}, outcome="cost_per_job", unit="GBP")
    assert found.label == "Cost per job start"
    assert numbers_in(found.text) == [3050, 2550, 500, 500, 500]
    assert found.text.count("\u00a3") == 3 and "lower" in found.text
    (rows,) = table_rows(
        summary({"old": [12, 13], "new": [9, 10]}, outcome="unmet_need", unit="starts a year")
    ).values()
    assert (rows[1].mean, rows[1].difference) == ("10", f"{MINUS}3")


def test_table_has_signs_intervals_and_the_baseline_without_difference():
    rows = table_rows(summary({"old": [1000, 1000, 1000], "new": [910, 900, 890]}))
    old, new = rows["Claimants of out-of-work benefits at the end (people)"]
    assert (old.mean, old.interval, old.difference) == ("1,000", "1,000 to 1,000", "")
    assert (new.mean, new.difference) == ("900", f"{MINUS}100")
    assert new.difference_interval == f"{MINUS}125 to {MINUS}75"
    assert new.is_clear and not old.is_clear


def test_chance_findings_are_counted():
    parts = [
        summary({"old": [10, 20, 30], "new": [20, 30, 41]}, outcome=f"o{number}")
        for number in range(20)
    ]
    text = " ".join(certainty(pd.concat(parts), n_seeds=3))
    assert "Of 20 differences, 20 can be told from noise" in text
    assert "about 1.0 would seem so by chance" in text
    # variances 100, 111 and 1/3: (100 + 331/3) / (1/3) = 631
    assert "worth 631 times as many runs" in text


def test_thinning_states_the_noise_of_a_poisson_count():
    assert "full size" in thinning(1, count=1e5)
    # 1.96 * sqrt(100,000 * 10) = 1,960
    assert "a count of 100,000 people, for example, may be off by about 1,960" in thinning(
        10, count=1e5
    )
    assert math.isclose(1.96 * math.sqrt(1e5 * 10), 1960)


@pytest.mark.parametrize("values", [{"only": [1, 2, 3]}])
def test_a_single_arm_has_nothing_to_compare(values):
    assert findings(summary(values), "only") == {}
    assert len(certainty(summary(values), n_seeds=3)) == 1


def test_what_the_baseline_has_nothing_of_is_not_counted_among_clear_differences():
    table = summary({"none": [0.0, 0.0, 0.0], "helped": [90.0, 100.0, 110.0]})
    assert not any("differences" in line for line in certainty(table, n_seeds=3))


def test_what_the_baseline_has_nothing_of_is_a_level_and_not_more():
    jobs = {"outcome": "job_entries", "unit": "people"}
    found = sentence({"none": [0, 0, 0], "new": [90, 100, 110]}, **jobs)
    assert numbers_in(found.text) == [100, 75, 125]
    assert found.text.startswith("100 (75 to 125) under new; none has none.")
    assert "more" not in found.text and "additional" in found.text
    one = sentence({"none": [0], "new": [90]}, **jobs)
    assert one.text.startswith("90 under new;") and "more" not in one.text
    places = {"outcome": "over_provision", "unit": "starts a year"}
    assert "additional" not in sentence({"none": [0, 0], "new": [9, 11]}, **places).text
    both = sentence({"old": [50, 50, 50], "new": [90, 100, 110]}, **jobs)
    assert "50 more" in both.text and "additional" not in both.text
    nothing = sentence({"none": [0, 0], "new": [0, 0]}, **jobs)
    assert nothing.text.endswith("the same in every pair of runs.")
