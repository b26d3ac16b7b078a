"""Runs that leave the years of their tables: refused, or their nearest values held and told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from experiments import configure
from simulation.config import FundingConfig
from simulation.errors import InputError
from simulation.inputs.of_config import area_of
from simulation.labour.benefit_rules import load_benefit_rules
from simulation.labour.dated_rates import DUTIES, dated_rates
from simulation.support.beyond import held, hold
from simulation.support.funding import load_streams, planning_years
from simulation.support.set_up import set_up_support

PAST = ("area=two_towns", "economy=steady", "start=2012-01-02", "weeks=130")
"""From before the last days of benefit rules and of some streams to after them."""


@pytest.fixture(scope="module")
def towns():
    return area_of(configure("area=two_towns"))


def stream_with(towns, *, end):
    """A stream of 100 pounds in 2006 and 200 in 2007, in planning years from April."""
    first = load_streams(FundingConfig(), towns)[0]
    return replace(first, amounts_gbp={date(2006, 4, 1): 100.0, date(2007, 4, 1): 200.0}, end=end)


def test_the_last_planning_year_comes_again_to_the_end_of_the_run(towns):
    config = configure("start=2006-05-01", "weeks=200", "beyond=hold")  # last week 2010-02-22
    (stream,) = hold([stream_with(towns, end=None)], config)
    assert stream.amounts_gbp == {date(2006, 4, 1): 100.0} | {
        date(year, 4, 1): 200.0 for year in (2007, 2008, 2009)
    }


def test_a_stream_that_ends_is_not_held_on_beyond_its_end(towns):
    config = configure("start=2006-05-01", "weeks=200", "beyond=hold")
    (stream,) = hold([stream_with(towns, end=date(2008, 10, 1))], config)
    assert planning_years(stream) == (
        (date(2006, 4, 1), date(2007, 4, 1), 100.0),
        (date(2007, 4, 1), date(2008, 4, 1), 200.0),
        (date(2008, 4, 1), date(2008, 10, 1), 200.0),
    )


def test_rules_keep_their_first_and_last_values():
    rules = load_benefit_rules("rules_2006")
    first, last = rules.covers.first_day, date(2199, 1, 1)
    early = configure("start=2005-01-03", "weeks=4", "beyond=hold")
    late = configure("start=2013-01-07", "weeks=4", "beyond=hold")
    for config, day in ((early, first), (late, last)):
        rates = dated_rates(config)
        limit = rules.value("lone_parent_child_age_limit", day)
        assert (rates.child_limit_weeks == round(limit * 52)).all()
        for state, name in DUTIES.items():
            voluntary, duty = config.search.voluntary[state], rules.value(name, day)
            expected = voluntary + (config.search.full_duty - voluntary) * duty
            np.testing.assert_allclose(rates.intensity[:, state], expected)


def test_without_being_told_to_hold_rules_and_streams_are_refused_by_name(towns):
    config = configure(*PAST, "regime=fragmented")
    with pytest.raises(InputError, match="benefits.rules rules_2006 ends on 2012-04-08, before"):
        dated_rates(config)
    with pytest.raises(InputError, match="funding.table two_towns") as caught:
        set_up_support(config, towns, n_people=0, seed=np.uint64(0))
    assert all("say beyond=hold" in line for line in caught.value.problems)


def test_what_is_held_is_what_would_be_refused(towns):
    config = configure(*PAST, "regime=fragmented", "beyond=hold")
    with pytest.raises(InputError) as caught:
        set_up_support(config.replace(beyond="refuse"), towns, n_people=0, seed=np.uint64(0))
    of_streams = [line.partition(": give ")[0] for line in caught.value.problems]
    said = [line.removesuffix("; its nearest values were held.") for line in held(config, towns)]
    assert set(of_streams) < set(said)
    assert [line for line in said if line.startswith("benefits.rules")]
    assert held(config.replace(beyond="refuse"), towns) == []


def test_without_a_regime_no_stream_is_asked(towns):
    config = configure(*PAST, "beyond=hold")
    assert not [line for line in held(config, towns) if "funding" in line]


def test_a_run_that_held_on_says_so_and_so_does_a_sweep(pathfinder):
    words = ("area=two_towns", "people_per_agent=10", "economy=steady", "start=2012-03-05")
    words += ("weeks=9", "beyond=hold", "regime=fragmented")
    code, out, _ = pathfinder("run", *words)
    assert code == 0
    (line,) = [line for line in out if line.startswith("benefits.rules")]
    assert line.endswith("its nearest values were held.")
    code, out, _ = pathfinder("run", "--multirun", *words, "seed=1,2", "launcher=in_process")
    assert code == 0 and [line for line in out if "nearest values are held" in line]
