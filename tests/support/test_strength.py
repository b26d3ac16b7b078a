"""Strength: what it sets, that it turns nothing back, and that the pot follows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from experiments import configure
from simulation import simulate
from simulation.agents.contracts import Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS
from simulation.config import Config
from simulation.errors import InputError
from simulation.support.strength import at_strength, freed_streams

HISTORY = {
    "partnership": {
        "trust": 0.5,
        "transparency": 0.6,
        "rigidity": 0.6,
        "willing_part": [1.0, 0.5, 0.1],
    },
    "regime": {"pool_share": 0.5, "co_commissioned_share": 0.4, "devolved_share": 1.0},
}


def at(level: float, **meant: float) -> Config:
    return Config.from_mapping({**HISTORY, "strength": {"level": level, **meant}})


def test_at_no_strength_nothing_is_changed():
    assert at_strength(at(0.0)) == at(0.0)
    streams = (stream_of(0.3),)
    assert freed_streams(streams, at(0.0)) == streams


def test_at_full_strength_all_is_as_the_designers_meant_it():
    config = at_strength(at(1.0, trust=0.8, transparency=0.9, rigidity=0.2, share=0.9))
    partnership, regime = config.partnership, config.regime
    found = (partnership.trust, partnership.transparency, partnership.rigidity)
    assert found == pytest.approx((0.8, 0.9, 0.2))
    assert partnership.willing_part == (1.0, 1.0, 1.0)
    shares = (regime.pool_share, regime.co_commissioned_share, regime.devolved_share)
    assert shares == pytest.approx((0.9, 0.9, 1.0))


def test_half_way_all_has_gone_half_the_way():
    config = at_strength(at(0.5, trust=0.8, transparency=0.9, rigidity=0.2, willing_part=0.9))
    partnership = config.partnership
    found = (partnership.trust, partnership.transparency, partnership.rigidity)
    assert found == pytest.approx((0.65, 0.75, 0.4))
    assert partnership.willing_part == pytest.approx((1.0, 0.7, 0.5))
    assert config.regime.pool_share == pytest.approx(0.75)


def test_what_is_better_already_is_not_turned_back():
    config = at_strength(at(1.0, trust=0.1, transparency=0.1, rigidity=0.9, share=0.1))
    found = config.partnership
    assert (found.trust, found.transparency, found.rigidity) == (0.5, 0.6, 0.6)
    under_one_roof = at(0.0).replace(regime={"co_location": True})
    assert config.regime == under_one_roof.regime


def stream_of(discretion: float) -> FundingStream:
    return FundingStream(
        name="a",
        funder="a",
        accountable_to="DWP",
        amounts_gbp={date(2007, 4, 1): 1.0},
        eligibility=Eligibility(groups=CLIENT_GROUPS),
        wards=np.ones(1, bool),
        stages=(0,),
        discretion=discretion,
        terms="unit_price",
    )


@pytest.mark.parametrize(("tied", "freed"), [(0.0, 0.25), (0.5, 0.625), (1.0, 1.0)])
def test_flexibilities_free_their_part_of_what_is_tied(tied, freed):
    (stream,) = freed_streams((stream_of(tied),), at(0.5, discretion=0.5))
    assert stream.discretion == pytest.approx(freed)


def test_the_pot_follows_strength():
    """By the rule: share x discretion x willingness, which is part x trust x what rules let go."""
    pooled = {}
    for level in (0.0, 0.5, 1.0):
        run = simulate(
            configure(
                "area=two_towns",
                "start=2008-03-31",
                "weeks=8",
                "regime=pooled",
                "regime.trust_threshold=0",
                "partnership.start=2006-05-01",
                "people_per_agent=20",
                f"strength.level={level}",
            ),
            1,
        )
        money = run.tables["money"]
        pooled[level] = money.groupby("stream")["pooled_gbp"].max()
    assert 0 < pooled[0.0].sum() < pooled[0.5].sum() < pooled[1.0].sum()
    assert pooled[0.0]["jobcentre_support"] == 0 < pooled[1.0]["jobcentre_support"]


def test_strength_is_a_choice_and_an_unknown_one_is_refused_in_one_line():
    assert configure("strength=designed").strength.level == 1.0
    assert configure("strength=history").strength == Config().strength
    with pytest.raises(InputError) as caught:
        configure("strength=middling")
    assert "\n" not in str(caught.value) and "designed" in str(caught.value)
    with pytest.raises(InputError, match="strength.level: input should be less than or equal to 1"):
        configure("strength.level=2")


@pytest.mark.parametrize(
    ("level", "is_shared"), [(0.0, False), (0.5, False), (0.6, True), (1.0, True)]
)
def test_designers_have_one_roof_from_a_level_on(level, is_shared):
    assert at_strength(at(level, one_roof=0.6)).regime.co_location == is_shared
    assert at_strength(at(level).replace(regime={"co_location": True})).regime.co_location
