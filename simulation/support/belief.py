"""What buyers believe of providers: quality is learnt from records they may see, never known.

The logarithm x of a provider's quality is believed to be normal. At first it has the mean and
spread of its type. A signal of x with an error of known size, such as a bid's claim, and the job
entries N of clients of whom E were expected, taken for normal with mean E (1 + d x) and variance
E (d is `belief.elasticity`), are then weighed by their precisions: normal learning in closed form
(DeGroot 1970, Optimal Statistical Decisions, chapter 9). E is what the weeks that clients spent
with a provider give at the rates at which clients of their group find jobs with anybody. Why it
is so: `docs/decisions/belief.md`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import NormalDist

import numpy as np

from simulation.agents.contracts import POOL, Contracts, FundingStream
from simulation.agents.providers import Providers
from simulation.config import BeliefConfig, Config
from simulation.errors import InputError
from simulation.streams import Stream, uniforms
from simulation.support.information import years_of
from simulation.support.market import LEAST_QUALITY
from simulation.support.seen import Seen, nothing_seen

CLAIM, LOCAL, TOLD, SIGNS, AWARE, RATED = range(6)
"""Weeks of the draws of signals; the n-th rating, from 0, has n more than the last."""
Buyer = str | int
"""A funder by name, the core team as `POOL`, a firm that can be a prime by its row."""


def posterior(
    mean: np.ndarray, spread: np.ndarray, precision: np.ndarray, weighted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of what is believed after signals, float64 (n,) each.

    Parameters
    ----------
    mean, spread : ndarray of float64, shape (n,)
        Believed before; a spread of 0 is certainty, which no signal moves.
    precision, weighted : ndarray of float64, shape (n,)
        Sum of the signals' precisions, and of precision times value.
    """
    variance = spread**2
    scale = 1.0 + variance * precision
    return (mean + variance * weighted) / scale, variance / scale


def expected_quality(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return the mean of a quality whose logarithm is normal."""
    return np.exp(mean + variance / 2.0)


class Beliefs:
    """What each buyer believes of each provider.

    Parameters
    ----------
    config : Config
    providers : Providers
        Rows of deliverers of interventions last.
    first : ndarray of float64, shape (2, n_providers)
        Mean and spread of the logarithm of quality that all believe in before any signal.
    keys : ndarray of int64, shape (n_providers,)
        Of the providers' draws.
    streams : sequence of FundingStream
    n_streams : int
        Rows of streams, the pool's and those of interventions last.
    seed : uint64

    Attributes
    ----------
    seen : Seen
        Records so far, by contract.
    shares : ndarray of float64, shape (c, 2)
        Share of a contract's records others may see, of clients not tracked and tracked.
    quality : dict of buyer to ndarray of float64, shape (n_providers,)
        Expected of each provider at present.
    aware : dict of buyer to ndarray of bool, shape (n_providers,)
        Which providers a buyer knows of.
    by_stream : ndarray of float64, shape (n_streams, n_providers)
        `quality` by the stream whose funder is the buyer.

    Raises
    ------
    InputError
        One line for every name that is no funder.
    """

    RESIZED = ("quality", "aware", "by_stream")
    STATE = (*RESIZED, "seen", "shares", "_day", "_clarity")

    def __init__(
        self,
        config: Config,
        providers: Providers,
        *,
        first: np.ndarray,
        keys: np.ndarray,
        streams: Sequence[FundingStream],
        n_streams: int,
        seed: np.uint64,
    ) -> None:
        self.config, self.providers, self.first = config, providers, first
        self._keys, self._seed = keys, int(seed)
        self._log_quality = np.log(np.maximum(providers.quality, LEAST_QUALITY))
        funders = [stream.funder for stream in streams]
        _check_funders(config.belief, funders)
        self._buyer_of = [*funders, *[POOL] * (n_streams - len(funders))]
        closed = config.belief.closed_funders
        self._is_closed = np.array([name in closed for name in self._buyer_of])
        self._signs = self._uniforms(SIGNS) < config.information.charter.take_up
        self._deviates: dict[int, np.ndarray] = {}
        self.seen, self.shares = nothing_seen(0), np.zeros((0, 2))
        self._day, self._clarity = config.start, 0.0
        n = providers.quality.size
        primes = np.flatnonzero(providers.can_be_prime).tolist()
        buyers: list[Buyer] = [*dict.fromkeys(self._buyer_of), *primes]
        self.quality = {buyer: np.ones(n) for buyer in buyers}
        self.aware = {buyer: np.zeros(n, np.bool_) for buyer in buyers}
        self.by_stream = np.ones((n_streams, n))

    def grow(self, contracts: Contracts, n: int) -> None:
        """Make room for n contracts more, the last of those given."""
        more = nothing_seen(n)
        self.seen = Seen(*(np.concatenate(pair) for pair in zip(self.seen, more, strict=True)))
        self._open(contracts)

    def month_begins(self, contracts: Contracts, day: date, clarity: float) -> None:
        """Let every buyer learn from all records and signals so far.

        Parameters
        ----------
        contracts : Contracts
        day : date
        clarity : float
            Share of records that others see where contract or provider shares them.
        """
        self._day, self._clarity = day, clarity
        self._open(contracts)
        expected = self._expected(contracts)
        jobs = tuple(each.sum(axis=(1, 2)) for each in (self.seen.jobs, self.seen.open_jobs))
        for buyer, is_own in self._own(contracts).items():
            # A firm has nobody's records but its own.
            others = 0.0 if isinstance(buyer, int) else 1.0
            due, found = (np.where(is_own, own, others * seen) for own, seen in (expected, jobs))
            self.quality[buyer] = self._believed(buyer, contracts.provider, due, found)
            self.aware[buyer] = self._aware(buyer)
        self.by_stream = np.array([self.quality[buyer] for buyer in self._buyer_of])

    def _open(self, contracts: Contracts) -> None:
        """Set which share of each contract's records others may see from now on."""
        information = self.config.information
        provider = contracts.provider
        shares = contracts.shares_records | self.providers.shares_records[provider]
        seen = self._clarity * shares
        if years_of(self.config, "charter", self._day):
            seen = np.maximum(seen, information.charter.completeness * self._signs[provider])
        has_consent = years_of(self.config, "data_sharing", self._day) > 0
        consent = information.data_sharing.consent if has_consent else 0.0
        by_law = np.where(self._is_closed[contracts.stream], consent, 1.0)
        self.shares = np.column_stack([seen * by_law, by_law])

    def _own(self, contracts: Contracts) -> Mapping[Buyer, np.ndarray]:
        """Return which contracts are each buyer's own."""
        buyer_of = np.array(self._buyer_of)
        own: dict[Buyer, np.ndarray] = {
            str(buyer): (buyer_of == buyer)[contracts.stream] for buyer in dict.fromkeys(buyer_of)
        }
        primes = np.flatnonzero(self.providers.can_be_prime)
        return own | {int(row): contracts.prime == row for row in primes}

    def _expected(self, contracts: Contracts) -> tuple[np.ndarray, np.ndarray]:
        """Return job entries expected by contract, of all clients and of those others see."""
        slope, seen = self.config.belief.elasticity, self.seen
        strength = self.providers.group_strength[contracts.provider, :, None] ** slope
        total = (seen.weeks * strength).sum(axis=0)
        rates = seen.jobs.sum(axis=0) / np.where(total > 0.0, total, 1.0)
        weeks, open_weeks = (
            (each * strength * rates).sum(axis=(1, 2)) for each in (seen.weeks, seen.open_weeks)
        )
        return weeks, open_weeks

    def _believed(
        self, buyer: Buyer, provider: np.ndarray, expected: np.ndarray, jobs: np.ndarray
    ) -> np.ndarray:
        """Return the quality a buyer expects of each provider, given records by contract."""
        slope, n = self.config.belief.elasticity, self._keys.size
        due = np.bincount(provider, expected, minlength=n)
        found = np.bincount(provider, jobs, minlength=n)
        precision, weighted = slope**2 * due, slope * (found - due)
        for kind, error in self._signals(buyer):
            precision = precision + error**-2.0
            weighted = weighted + error**-2.0 * self._signal(kind, error)
        mean, spread = self.first
        return expected_quality(*posterior(mean, spread, precision, weighted))

    def _signals(self, buyer: Buyer) -> list[tuple[int, float]]:
        """Return kind and error of the signals a buyer has had."""
        belief, information = self.config.belief, self.config.information
        signals = [(CLAIM, belief.claim_error)]
        if self._is_local(buyer):
            signals.append((LOCAL, belief.local_error))
            if years_of(self.config, "learning", self._day):
                signals.append((TOLD, information.learning.error))
        ratings = years_of(self.config, "rating", self._day)
        return signals + [(RATED + year, information.rating.error) for year in range(ratings)]

    def _signal(self, kind: int, error: float) -> np.ndarray:
        """Return a signal of the logarithm of each provider's quality."""
        if kind not in self._deviates:
            chances = self._uniforms(kind).tolist()
            self._deviates[kind] = np.array([NormalDist().inv_cdf(each) for each in chances])
        return self._log_quality + error * self._deviates[kind]

    def _aware(self, buyer: Buyer) -> np.ndarray:
        """Return which providers a buyer knows of."""
        if self._is_local(buyer) or years_of(self.config, "directory", self._day):
            return np.ones(self._keys.size, np.bool_)
        chance = self._uniforms(AWARE, pair=zlib.crc32(str(buyer).encode()))
        return (chance < self.config.belief.awareness) | self.providers.wards.all(axis=1)

    def _is_local(self, buyer: Buyer) -> bool:
        return buyer == POOL or buyer in self.config.belief.local_funders

    def _uniforms(self, kind: int, pair: int = 0) -> np.ndarray:
        return uniforms(self._seed, Stream.SIGNALS, self._keys, week=kind, pair=pair)[:, 0]


def _check_funders(config: BeliefConfig, funders: Sequence[str]) -> None:
    """Refuse names that are no funder; those of the shipped tables are always allowed."""
    problems = [
        f"belief.{field}: there is no funder {name!r}; funders:"
        f" {', '.join(dict.fromkeys(funders))}; set in conf/belief/"
        for field in ("local_funders", "closed_funders")
        for name in getattr(config, field)
        if name not in funders and name not in BeliefConfig.model_fields[field].default
    ]
    if problems:
        raise InputError(problems)
