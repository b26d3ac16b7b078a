"""The partnership: start values, growth, losses, shocks, bad input."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from simulation.agents.contracts import Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS
from simulation.config import Config, FundingConfig, PartnershipConfig, RegimeConfig
from simulation.errors import InputError
from simulation.inputs.area import load_area
from simulation.inputs.shipped import shipped_area_folder
from simulation.support.funding import load_streams
from simulation.support.partnership import BEHAVIOURS, Partnership

ROOT = Path(__file__).parents[2]
START = date(2007, 4, 1)
YEAR = START + timedelta(days=1461)
"""Four years of 365.25 days after the start."""
STILL = {
    "shocks": (),
    "trust_growth": 0.0,
    "core_team_growth": 0.0,
    "own_money_growth": 0.0,
    "trust": 0.66,
    "transparency_growth": 0.0,
    "missed_target_loss": 0.0,
    "restructuring_loss": 0.0,
}


def stream_of(funder: str) -> FundingStream:
    return FundingStream(
        name=f"money of {funder}",
        funder=funder,
        accountable_to="DWP",
        amounts_gbp={},
        eligibility=Eligibility(groups=CLIENT_GROUPS),
        wards=None,
        stages=(0,),
        discretion=1.0,
        terms="unit_price",
    )


def partnership_of(
    *funders: str, start: date = START, start_up_weeks: int = 0, **config: object
) -> Partnership:
    """Return a partnership in which nothing moves but what is given; funders a and b."""
    return Partnership(
        PartnershipConfig(**{**STILL, **config}),
        RegimeConfig(start_up_weeks=start_up_weeks),
        [stream_of(funder) for funder in funders or ("a", "b")],
        start,
    )


def problems_of(**config: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        partnership_of(**config)
    return caught.value.problems


def mean_severity(barrier: str) -> float:
    """Mean of 0, 1/3, 2/3, 1 over partners, as the table of the survey gives them."""
    shares = {
        "lack of information sharing between partner organisations": (27.4, 31.5, 27.4, 13.7),
        "rigid eligibility rules or lack of flexibility in use of funding streams": (
            11.0,
            34.2,
            34.2,
            20.5,
        ),
    }[barrier]
    return sum(weight / 3 * share for weight, share in enumerate(shares)) / sum(shares)


ENGAGEMENT = (4.01, 3.85, 3.69, 3.63, 3.43, 2.64)
"""Mean scores of the six statements of engagement in the survey of late summer 2010."""


def test_start_values_are_those_of_the_survey():
    config = PartnershipConfig()
    lack = mean_severity("lack of information sharing between partner organisations")
    assert config.transparency == pytest.approx(1 - lack, abs=0.006)
    rigid = "rigid eligibility rules or lack of flexibility in use of funding streams"
    assert config.rigidity == pytest.approx(mean_severity(rigid), abs=0.006)


def test_trust_begins_lower_grows_and_meets_the_survey_at_its_date():
    area = load_area(shipped_area_folder("bcbc"))
    streams = load_streams(FundingConfig(), area)
    partnership = Partnership(PartnershipConfig(), RegimeConfig(), streams, START)
    half_met = dict.fromkeys(partnership.funders, 0.5)
    path = []
    for day in (date(2008, 3, 31), date(2009, 3, 31), date(2010, 9, 1)):
        partnership.advance(day, half_met)
        path.append(sum(partnership.partners().trust.values()) / len(half_met))
    assert PartnershipConfig().trust < path[0] < path[1]
    assert path[2] == pytest.approx((sum(ENGAGEMENT) / 6 - 1) / 4, abs=0.01)


def test_willingness_is_the_behaviours_part_times_trust_times_what_rules_leave():
    partnership = partnership_of(
        "a",
        "b",
        "c",
        trust=0.8,
        rigidity=0.25,
        default_behaviour="independent",
        behaviours={"a": "full_pooling", "b": "consult_and_align"},
        willing_part=(1.0, 0.5, 0.1),
    )
    expected = {"a": 0.6, "b": 0.3, "c": 0.06}
    assert partnership.partners().willingness == pytest.approx(expected)


@pytest.mark.parametrize("delivered", [0.0, 0.5, 1.0, 1.7])
def test_trust_follows_its_closed_form(delivered):
    rates = {
        "trust": 0.5,
        "trust_growth": 0.2,
        "core_team_growth": 0.1,
        "missed_target_loss": 0.4,
        "restructuring_loss": 0.05,
    }
    partnership = partnership_of(**rates)
    partnership.advance(YEAR, {"a": delivered})
    for name, gain, loss in (
        ("a", 0.2, 0.05 + 0.4 * max(1.0 - delivered, 0.0)),
        ("b", 0.2, 0.05),
    ):
        level = gain / (gain + loss)
        expected = level + (0.5 - level) * math.exp(-4 * (gain + loss))
        assert partnership.partners().trust[name] == pytest.approx(expected, rel=1e-12)


def test_trust_is_the_same_however_time_is_cut():
    rates = {"trust_growth": 0.3, "missed_target_loss": 0.5, "restructuring_loss": 0.1}
    shocks = ({"day": "2008-04-01", "name": "fund", "size": 0.2},)
    once, weekly = (partnership_of(**rates, shocks=shocks) for _ in range(2))
    once.advance(YEAR, {"a": 0.7, "b": 0.2})
    day = START
    while day < YEAR:
        day = min(day + timedelta(weeks=1), YEAR)
        weekly.advance(day, {"a": 0.7, "b": 0.2})
    assert weekly.partners().trust == pytest.approx(once.partners().trust, rel=1e-12)


def test_missed_targets_break_trust_and_met_ones_do_not():
    partnership = partnership_of(trust=0.5, trust_growth=0.1, missed_target_loss=0.3)
    partnership.advance(YEAR, {"a": 1.0, "b": 0.2})
    trust = partnership.partners().trust
    assert trust["a"] > 0.5 > trust["b"]


def test_a_core_team_and_own_money_build_trust_while_they_are_there():
    """Capacity money for one year, money of its own for two: three rates, one after the other."""
    lead = replace(stream_of("a"), is_capacity=True, amounts_gbp={START: 1.0})
    years = {START: 1.0, START.replace(year=2008): 1.0}
    own = replace(stream_of("a"), name="own", amounts_gbp=years)
    other = replace(stream_of("b"), name="other", amounts_gbp=years)
    rates = {"trust": 0.4, "trust_growth": 0.1, "core_team_growth": 0.2, "own_money_growth": 0.3}
    partnership = Partnership(
        PartnershipConfig(**{**STILL, **rates}), RegimeConfig(), [lead, own, other], START
    )
    lack = 0.6
    for until, rate in ((2008, 0.6), (2009, 0.4), (2011, 0.1)):
        day = START.replace(year=until)
        lack *= math.exp(-rate * (day - partnership.day).days / 365.25)
        partnership.advance(day, {})
        assert partnership.partners().trust == pytest.approx({"a": 1 - lack, "b": 1 - lack})


def test_a_shock_takes_its_share_on_its_day_from_those_it_concerns():
    shocks = (
        {"day": "2008-04-01", "name": "fund", "size": 0.25, "funders": ["a"]},
        {"day": date(2010, 5, 11), "name": "government", "size": 0.5},
    )
    partnership = partnership_of(trust=0.8, shocks=shocks)
    partnership.advance(date(2008, 3, 31), {})
    assert partnership.partners().trust == {"a": 0.8, "b": 0.8}
    partnership.advance(date(2008, 4, 1), {})
    assert partnership.partners().trust == pytest.approx({"a": 0.6, "b": 0.8})
    partnership.advance(date(2008, 4, 8), {})
    assert partnership.partners().trust == pytest.approx({"a": 0.6, "b": 0.8})
    partnership.advance(date(2011, 1, 1), {})
    assert partnership.partners().trust == pytest.approx({"a": 0.3, "b": 0.4})


def test_history_has_its_four_shocks_on_their_days():
    days = [str(shock["day"]) for shock in PartnershipConfig().shocks]
    assert days == ["2008-04-01", "2009-10-01", "2010-05-11", "2011-06-01"]


def test_transparency_grows_with_the_core_teams_work():
    partnership = partnership_of(transparency=0.5, transparency_growth=0.1)
    partnership.advance(YEAR, {})
    assert partnership.partners().transparency == pytest.approx(1 - 0.5 * math.exp(-0.4))


def test_nothing_moves_before_the_partnership_starts():
    partnership = partnership_of(start=date(2006, 5, 1), restructuring_loss=0.5)
    partnership.advance(START, {"a": 0.0})
    assert partnership.partners().trust == {"a": 0.66, "b": 0.66}


def test_a_shock_on_the_partnerships_first_day_is_suffered_that_day_once():
    first = ({"day": START, "name": "fund", "size": 0.5},)
    partnership = partnership_of(start=date(2006, 5, 1), shocks=first)
    for day, trust in ((0, 0.66), (1, 0.33), (1, 0.33), (8, 0.33)):
        partnership.advance(START + timedelta(days=day - 1), {})
        assert partnership.partners().trust == {"a": trust, "b": trust}


@pytest.mark.parametrize("day", ["2007-04-01", "2007-12-25", "2008-06-02"])
def test_shocks_up_to_the_first_day_of_a_later_run_are_suffered_on_it_once(day):
    first = date(2008, 6, 2)
    partnership = partnership_of(start=first, shocks=({"day": day, "name": "x", "size": 0.5},))
    for reached in (first, first, first + timedelta(weeks=1)):
        assert partnership.partners().trust == {"a": 0.33, "b": 0.33}
        partnership.advance(reached, {})


def test_it_runs_once_its_start_up_is_over():
    partnership = partnership_of(start_up_weeks=26)
    partnership.advance(START + timedelta(weeks=26) - timedelta(days=1), {})
    assert not partnership.partners().is_running
    partnership.advance(START + timedelta(weeks=26), {})
    assert partnership.partners().is_running


def test_what_partners_see_is_not_changed_by_what_comes_later():
    partnership = partnership_of(restructuring_loss=0.5)
    before = partnership.partners()
    partnership.advance(YEAR, {})
    assert before.trust == {"a": 0.66, "b": 0.66}


def test_time_does_not_run_backwards():
    partnership = partnership_of()
    with pytest.raises(ValueError, match="cannot go to 2007-03-31"):
        partnership.advance(START - timedelta(days=1), {})


def test_behaviours_of_unknown_funders_are_refused_with_the_nearest_name():
    (problem,) = problems_of(behaviours={"A": "full_pooling"})
    assert problem == (
        "partnership.behaviours: there is no funder 'A'; funders: a, b; set in conf/partnership/"
    )


def test_unknown_behaviours_are_refused():
    one, other = problems_of(default_behaviour="pool", behaviours={"a": "listen"})
    assert "default_behaviour 'pool' is unknown; allowed: full_pooling" in one
    assert "behaviours of a: 'listen' is unknown; allowed: full_pooling" in other


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ({"day": "2008-13-01", "name": "x", "size": 0.1}, "0: day must be a date, yyyy-mm-dd"),
        (
            {"day": "2007-03-31", "name": "x", "size": 0.1},
            "0: 2007-03-31 is before partnership.start, 2007-04-01, when there is no trust to lose",
        ),
        ({"day": "2008-04-01", "name": "x", "size": 1.5}, "0: size must be a number from 0 to 1"),
        ({"day": "2008-04-01", "name": "x"}, "0: size is missing"),
        (
            {"day": "2008-04-01", "name": "x", "size": 0.1, "sise": 2},
            "0: sise is not a key; allowed: day, name, size, funders",
        ),
        (
            {"day": "2008-04-01", "name": "x", "size": 0.1, "funders": ["aa"]},
            "0: there is no funder 'aa'; nearest: a;",
        ),
    ],
)
def test_a_shock_that_cannot_be_used_is_one_clear_line(shock, said):
    (problem,) = problems_of(shocks=(shock,))
    assert said in problem and problem.endswith("set in conf/partnership/")


def test_two_shocks_on_one_day_are_refused():
    same = {"day": "2008-04-01", "size": 0.1}
    (problem,) = problems_of(shocks=({**same, "name": "one"}, {**same, "name": "other"}))
    assert "'one' and 'other' are both on 2008-04-01" in problem


@pytest.mark.parametrize("file", sorted((ROOT / "conf" / "partnership").glob("*.yaml")), ids=str)
def test_every_shipped_partnership_can_be_used_with_the_funders_of_bcbc(file):
    values = yaml.safe_load(file.read_text(encoding="utf-8"))
    config = Config.from_mapping({"partnership": values}).partnership
    table = (ROOT / "conf" / "funders" / "bcbc.csv").open(encoding="utf-8", newline="")
    with table:
        funders = dict.fromkeys(row["funder"] for row in csv.DictReader(table))
    streams = [stream_of(funder) for funder in funders]
    partners = Partnership(config, RegimeConfig(), streams, START).partners()
    assert set(partners.willingness) == set(funders)
    assert set(config.behaviours.values()) <= set(BEHAVIOURS)
