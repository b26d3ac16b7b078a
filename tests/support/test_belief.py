"""What buyers believe: closed forms, what a signal can be worth at most, who sees which records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from math import erf, exp, sqrt

import numpy as np
import pandas as pd
import pytest
from given_support import START, contract, market, providers, seekers_area, settings

from simulation.agents.contracts import POOL
from simulation.config import Config
from simulation.inputs.shipped import CONF
from simulation.policies.regimes.supply import shares_of
from simulation.runner import forget_model, simulate
from simulation.support.belief import Beliefs, posterior
from simulation.support.contract_columns import contract_columns
from simulation.support.market import first_beliefs
from simulation.support.set_up import GivenSupport

LATER = date(2010, 6, 15)
NOBODYS = 1e9
"""An error with which a signal tells nothing."""


def made(
    quality: list[float],
    *,
    spread: float = 0.2,
    contracts: tuple = (),
    closed: tuple[str, ...] = (),
    information: dict | None = None,
    who: dict | None = None,
    **belief: object,
) -> tuple[Beliefs, object]:
    """Beliefs of the funder `made` and the core team, with the columns of the contracts."""
    rules = {"claim_error": NOBODYS, "local_error": NOBODYS, "awareness": 1.0, **belief}
    config = settings(belief=rules, information=information or {})
    config = config.replace(belief={"closed_funders": closed})
    n = len(quality)
    given = GivenSupport(providers(n), np.zeros(n, np.int64), contracts or (contract(),))
    beliefs = Beliefs(
        config,
        providers(n, quality=quality, **(who or {})),
        first=np.array([[-(spread**2) / 2.0] * n, [spread] * n]),
        keys=np.arange(n),
        streams=given.streams(),
        n_streams=len(given.streams()) + 1,
        seed=np.uint64(3),
    )
    rows = {stream.name: row for row, stream in enumerate(given.streams())} | {POOL: n}
    columns = contract_columns(contracts, rows, n_wards=1, start=START, people_per_agent=1)
    beliefs.grow(columns, len(contracts))
    return beliefs, columns


def normal(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def test_two_providers_are_learnt_about_as_bayes_has_it():
    """Against the posterior summed over a fine grid: prior times likelihood of what is recorded."""
    slope, spread = 0.5, 0.25
    two = (contract(0), contract(1))
    beliefs, columns = made([1.2, 0.8], spread=spread, contracts=two, elasticity=slope)
    beliefs.seen.weeks[:, 0, 1] = 1000, 3000
    beliefs.seen.jobs[:, 0, 1] = 60, 100
    beliefs.month_begins(columns, START, 0.0)
    x = np.linspace(-4.0, 4.0, 80_001)
    for row, (weeks, jobs) in enumerate([(1000, 60), (3000, 100)]):
        due = weeks * 160 / 4000
        prior = -((x + spread**2 / 2.0) ** 2) / (2.0 * spread**2)
        density = np.exp(prior - (jobs - due * (1.0 + slope * x)) ** 2 / (2.0 * due))
        expected = (np.exp(x) * density).sum() / density.sum()
        assert beliefs.quality["made"][row] == pytest.approx(expected, rel=1e-9)
    # The core team has nobody's records, for nobody shares any.
    np.testing.assert_allclose(beliefs.quality[POOL], 1.0, rtol=1e-9)


def test_many_records_outweigh_what_was_believed_at_first():
    mean, variance = posterior(np.zeros(1), np.full(1, 0.2), np.full(1, 1e9), np.full(1, 3e8))
    assert mean[0] == pytest.approx(0.3, rel=1e-6)
    assert variance[0] == pytest.approx(1e-9, rel=1e-6)


def test_who_is_certain_is_moved_by_nothing():
    mean, variance = posterior(np.ones(1), np.zeros(1), np.full(1, 50.0), np.full(1, -80.0))
    assert (mean[0], variance[0]) == (1.0, 0.0)


def test_where_all_know_the_truth_buyers_and_advisers_choose_by_it():
    who = providers(2, quality=[1.3, 0.7])
    model = market(
        settings(weeks=4, belief={"known": True}), [contract()], area=seekers_area(20), who=who
    )
    commissioning = model.support_system.commissioning
    situation = commissioning.situation(model.people, 0, (), {}, {})
    assert situation.believed is None
    np.testing.assert_array_equal(situation.quality_for("made"), who.quality)
    np.testing.assert_array_equal(situation.can_be_chosen("made"), who.is_open)
    np.testing.assert_array_equal(commissioning.believed, [who.quality] * 2)
    forget_model(model)


PAIRS, SPREAD = 4000, 0.25


def worth_of(**given: object) -> float:
    """Mean true quality of whom a buyer chooses of two, over many made-up markets of two."""
    luck = np.random.default_rng(5).standard_normal(2 * PAIRS)
    quality = np.exp(SPREAD * luck - SPREAD**2 / 2.0)
    beliefs, columns = made(list(quality), spread=SPREAD, **given)
    beliefs.month_begins(columns, START, 0.0)
    believed = beliefs.quality["made"][:, None]
    chosen = shares_of(believed, np.repeat(np.arange(PAIRS), 2), winners=1)
    return float((chosen[:, 0] * quality).sum() / PAIRS)


def expected_worth(error: float) -> float:
    """Mean quality of the better believed of two: 2 Phi(r s / sqrt 2), r^2 = s^2 / (s^2 + e^2)."""
    told = SPREAD**2 / sqrt(SPREAD**2 + error**2)
    return 2.0 * normal(told / sqrt(2.0))


def test_the_table_of_what_there_is_to_gain_is_computed():
    claim, local, rating = (
        getattr(group, name) ** -2
        for group, name in (
            (Config().belief, "claim_error"),
            (Config().belief, "local_error"),
            (Config().information.rating, "error"),
        )
    )
    slope, spread = Config().belief.elasticity, Config().belief.spread
    heard = {
        "nothing": 1e-12,
        "claims": claim,
        "claims, records of 100 jobs due": claim + 100 * slope**2,
        "claims, local knowledge": claim + local,
        "claims, one rating": claim + rating,
        "claims, records of 400 jobs due": claim + 400 * slope**2,
        "claims, three ratings": claim + 3 * rating,
        "the truth": 1e12,
    }
    text = (CONF.parent / "docs" / "decisions" / "belief.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z][a-z0-9, ]+) \| (\d\.\d{3}) \|$", text, re.MULTILINE))
    worth = {
        words: 2.0 * normal(spread**2 / sqrt(spread**2 + 1.0 / precision) / sqrt(2.0))
        for words, precision in heard.items()
    }
    assert rows == {words: f"{value:.3f}" for words, value in worth.items()}


@pytest.mark.parametrize("error", [0.05, 0.15, 0.6])
def test_a_rating_is_worth_what_its_closed_form_says_and_never_more_than_the_truth(error: float):
    rated = worth_of(information={"rating": {"active": True, "error": error}})
    luck = 4.0 * SPREAD / sqrt(PAIRS)
    assert rated == pytest.approx(expected_worth(error), abs=luck)
    truth = worth_of(claim_error=1e-6)
    assert truth == pytest.approx(2.0 * normal(SPREAD / sqrt(2.0)), abs=luck)
    assert worth_of() < rated < truth


def test_ratings_of_more_years_are_worth_more():
    start = {"rating": {"active": True, "error": 0.3, "start": "2005-06-02"}}
    once = {"rating": {"active": True, "error": 0.3}}
    assert worth_of(information=start) > worth_of(information=once)
    # Four years' ratings are one of half the error.
    assert worth_of(information=start) == pytest.approx(expected_worth(0.15), abs=0.008)


def test_only_buyers_of_the_place_and_the_core_team_have_local_knowledge():
    beliefs, columns = made([1.3, 0.7], contracts=(contract(),), local_error=1e-6)
    beliefs.month_begins(columns, START, 0.0)
    np.testing.assert_allclose(beliefs.quality[POOL], [1.3, 0.7], rtol=1e-5)
    np.testing.assert_allclose(beliefs.quality["made"], 1.0, rtol=1e-9)
    beliefs.config = beliefs.config.replace(belief={"local_funders": ["made"]})
    beliefs.month_begins(columns, START, 0.0)
    np.testing.assert_allclose(beliefs.quality["made"], [1.3, 0.7], rtol=1e-5)


def test_what_partnerships_tell_reaches_no_buyer_from_elsewhere():
    told = {"learning": {"active": True, "error": 1e-6}}
    beliefs, columns = made([1.3, 0.7], contracts=(contract(),), information=told)
    beliefs.month_begins(columns, START, 0.0)
    np.testing.assert_allclose(beliefs.quality[POOL], [1.3, 0.7], rtol=1e-5)
    np.testing.assert_allclose(beliefs.quality["made"], 1.0, rtol=1e-9)


@pytest.mark.parametrize(
    ("given", "shares"),
    [
        ({}, [(0.0, 1.0), (0.58, 1.0)]),
        ({"closed": ("made",)}, [(0.0, 0.0), (0.0, 0.0)]),
        (
            {"information": {"charter": {"active": True, "take_up": 1.0, "completeness": 0.7}}},
            [(0.7, 1.0), (0.7, 1.0)],
        ),
        (
            {
                "closed": ("made",),
                "information": {"data_sharing": {"active": True, "consent": 0.5}},
            },
            [(0.0, 0.5), (0.29, 0.5)],
        ),
    ],
)
def test_records_are_open_by_sharing_tracking_charter_and_consent(given: dict, shares: list):
    two = (contract(0), contract(1, shares_records=True))
    beliefs, columns = made([1.0, 1.0], contracts=two, **given)
    beliefs.month_begins(columns, START, 0.58)
    np.testing.assert_allclose(beliefs.shares, shares, rtol=1e-12)


def test_a_buyer_learns_from_others_records_that_are_open_and_a_prime_from_its_own_alone():
    two = (contract(0, stream="mine"), contract(0, stream="yours", prime=1))
    beliefs, columns = made([1.0, 1.0], contracts=two, who={"can_be_prime": [False, True]})
    beliefs.seen.weeks[:, 0, 1], beliefs.seen.jobs[:, 0, 1] = 2000, (40, 160)
    beliefs.seen.open_weeks[1, 0, 1], beliefs.seen.open_jobs[1, 0, 1] = 1000, 80
    beliefs.month_begins(columns, START, 0.0)
    # Rates of all together: a twentieth a week. Due and made, by buyer:
    seen = {"mine": (150.0, 120), "yours": (100.0, 160), 1: (100.0, 160)}
    for buyer, (due, found) in seen.items():
        precision = 1 / 0.04 + 0.16 * due
        mean = (-0.5 + 0.4 * (found - due)) / precision
        assert beliefs.quality[buyer][0] == pytest.approx(exp(mean + 0.5 / precision), rel=1e-6)


def test_a_buyer_from_elsewhere_misses_small_providers_until_there_is_a_directory():
    n = 1000
    who = {"n_wards": 2, "wards": np.tile([[True, False], [True, True]], (n // 2, 1))}
    beliefs, columns = made([1.0] * n, contracts=(contract(),), awareness=0.8, who=who)
    beliefs.month_begins(columns, START, 0.0)
    small, large = beliefs.aware["made"].reshape(-1, 2).T
    assert small.mean() == pytest.approx(0.8, abs=4 * sqrt(0.16 / (n / 2)))
    assert large.all()
    assert beliefs.aware[POOL].all()
    beliefs.config = beliefs.config.replace(information={"directory": {"active": True}})
    beliefs.month_begins(columns, START, 0.0)
    assert beliefs.aware["made"].all()


def test_first_beliefs_are_those_of_the_type_and_expect_its_mean():
    config = Config()
    table = pd.DataFrame({"type": ["local_charity", "unheard_of"]})
    mean, spread = first_beliefs(config.providers, config.belief, table, 2)
    np.testing.assert_allclose(spread, [0.25, config.belief.spread])
    np.testing.assert_allclose(np.exp(mean + spread**2 / 2.0), [1.05, config.belief.quality])


FRAMES = ("clients", "contracts", "money")
SMALL = {
    "area": {"name": "two_towns"},
    "people_per_agent": 2,
    "weeks": 45,
    "funding": {"scale": 5.0},
    "journey": {"engagement_rate": (3.0,) * 8},
}


def small(**groups: object) -> Config:
    """A run of two small towns under a regime in which buyers choose."""
    given = {"regime": {"name": "fragmented"}, "start": date(2007, 1, 1)} | SMALL | groups
    return Config().replace(**given)


@pytest.fixture(scope="module")
def alike(tmp_path_factory) -> Iterator[str]:
    """A table of types in which all providers have the same quality."""
    types = pd.read_csv(CONF / "providers" / "types.csv")
    types["quality_mean"], types["quality_spread"] = 1.0, 0.0
    path = tmp_path_factory.mktemp("types") / "alike.csv"
    types.to_csv(path, index=False)
    yield str(path)


def frames_of(config: Config) -> dict:
    run = simulate(config, seed=2)
    tables = {"monthly": run.monthly, **{name: run.tables[name] for name in FRAMES}}
    # A stream more is a category more.
    tables["clients"] = tables["clients"].astype({"stream": str})
    return tables


def test_where_providers_are_alike_information_moves_nobody(alike: str):
    same = {"providers": {"types": alike}}
    plain = frames_of(small(**same, belief={"awareness": 1.0}))
    truth = frames_of(small(**same, belief={"known": True}))
    rated = frames_of(
        small(
            **same,
            belief={"awareness": 1.0},
            information={"rating": {"active": True}, "charter": {"active": True}},
        )
    )
    assert len(plain["clients"]) > 100
    for name in ("monthly", "clients", "contracts"):
        assert plain[name].equals(truth[name]), name
        assert plain[name].equals(rated[name]), name
    assert plain["money"].equals(truth["money"])
    paid = rated["money"].set_index("stream").loc["information", "administration_gbp"]
    assert paid.iloc[0] > 0.0
