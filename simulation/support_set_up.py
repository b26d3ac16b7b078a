"""What support starts from: streams, providers and a regime, or contracts given by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from simulation.agents.providers import Providers, opening_cash, provider_columns
from simulation.area import Area
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.commissioning import Commissioning
from simulation.config import Config
from simulation.errors import InputError
from simulation.funding import load_streams
from simulation.policies.contracts import Contract, Eligibility, FundingStream, Plan
from simulation.policies.regimes import Regime, regime_named
from simulation.policies.situation import Situation
from simulation.provider_market import market_table

MOST_STREAMS = 63
PENCE = 100.0


@dataclass(frozen=True)
class GivenSupport:
    """Providers and contracts of one's own, instead of a market and a regime.

    Attributes
    ----------
    providers : Providers
        Columns, money per agent, capacity in agents.
    cash : ndarray of int64, shape (n_providers,)
        Pence on the first day.
    contracts : sequence of Contract
        Signed on the first day of the earliest of each stream.
    """

    providers: Providers
    cash: np.ndarray
    contracts: Sequence[Contract]

    def streams(self) -> tuple[FundingStream, ...]:
        """Return a stream for each name in the contracts, with the money they need."""
        names = list(dict.fromkeys(each.stream for each in self.contracts))
        return tuple(self._stream(name) for name in names)

    def _stream(self, name: str) -> FundingStream:
        own = [each for each in self.contracts if each.stream == name]
        amount = sum(each.budget_pence for each in own) / PENCE
        return FundingStream(
            name=name,
            funder=name,
            accountable_to=name,
            amounts_gbp={min(each.start for each in own): amount},
            eligibility=Eligibility(groups=CLIENT_GROUPS),
            wards=np.any([each.wards for each in own], axis=0),
            stages=tuple(range(len(STAGES))),
            discretion=0.0,
            terms="unit_price",
        )

    def regime(self, situation: Situation) -> Plan:
        """Return the contracts of the streams whose time has come."""
        names = {stream.name for stream in situation.streams}
        return Plan(tuple(each for each in self.contracts if each.stream in names))

    def check(self, start: date) -> None:
        """Refuse contracts that begin before the run.

        Raises
        ------
        InputError
            One line a contract.
        """
        early = [number for number, each in enumerate(self.contracts) if each.start < start]
        if early:
            raise InputError(
                [
                    f"contract {number} starts on {self.contracts[number].start}, before the first"
                    f" day of the run, {start}"
                    for number in early
                ]
            )


@dataclass(frozen=True)
class SupportMarket:
    """Commissioning with the table its providers come from, None where they were given."""

    commissioning: Commissioning
    table: pd.DataFrame | None


def set_up_market(
    config: Config, area: Area, *, seed: np.uint64, given: GivenSupport | None = None
) -> SupportMarket | None:
    """Return what commissioning starts from, or None where there is no support at all.

    Raises
    ------
    InputError
        If the regime is unknown or a table of streams or providers cannot be used.
    """
    if given is not None:
        given.check(config.start)
        return SupportMarket(_commissioning(config, area, given, given.regime, seed=seed), None)
    regime = regime_named(config.regime.name)
    if config.regime.name == "none":
        return None
    table = market_table(config.providers, area, int(seed))
    providers = provider_columns(table, area, config, seed=int(seed))
    market = GivenSupport(providers, opening_cash(table, config), ())
    streams = load_streams(config.funding, area)
    return SupportMarket(
        _commissioning(config, area, market, regime, seed=seed, streams=streams), table
    )


def _commissioning(
    config: Config,
    area: Area,
    given: GivenSupport,
    regime: Regime,
    *,
    seed: np.uint64,
    streams: Sequence[FundingStream] | None = None,
) -> Commissioning:
    streams = given.streams() if streams is None else streams
    if len(streams) >= MOST_STREAMS:
        raise InputError(f"funding.table: at most {MOST_STREAMS - 1} streams, got {len(streams)}")
    credit = np.rint(given.cash * config.providers.credit_factor).astype(np.int64)
    return Commissioning(
        config,
        area,
        regime=regime,
        streams=streams,
        extra_streams=(),
        providers=given.providers,
        cash=given.cash,
        credit=credit,
        seed=seed,
    )
