"""What support starts from: streams, providers and a regime, or contracts given by hand."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from simulation.agents.contracts import POOL, Contract, Eligibility, FundingStream, Lettings
from simulation.agents.providers import (
    Providers,
    no_providers,
    opening_cash,
    provider_columns,
    with_helpers,
)
from simulation.categories import CLIENT_GROUPS, N_CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.config import HOLD, Config
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.years import check_years, refuse
from simulation.policies.interventions import Interventions, new_interventions
from simulation.policies.regimes import Regime, regime_named
from simulation.policies.situation import Situation
from simulation.policies.tariffs import terms_named
from simulation.support.belief import Beliefs
from simulation.support.beyond import funding_years, hold, tariffs_left
from simulation.support.commissioning import Commissioning
from simulation.support.funding import load_streams
from simulation.support.goodwill import Goodwill
from simulation.support.information import STREAM as INFORMATION
from simulation.support.market import first_beliefs, market_table
from simulation.support.named import check_named
from simulation.support.system import SupportSystem

MOST_STREAMS = 63
UNLIMITED = 2**62
"""Credit of those who deliver interventions, pence: they never close."""


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
        amount = sum(each.budget_pence for each in own) / PENCE_PER_POUND
        return FundingStream(
            name=name,
            funder=name,
            accountable_to=name,
            amounts_gbp={min(each.start for each in own): amount},
            eligibility=Eligibility(groups=CLIENT_GROUPS),
            wards=np.any([each.wards for each in own], axis=0),
            stages=tuple(range(N_STAGES)),
            discretion=0.0,
            terms="unit_price",
        )

    def regime(self, situation: Situation) -> Lettings:
        """Return the contracts of the streams whose time has come."""
        names = {stream.name for stream in situation.streams}
        return Lettings(tuple(each for each in self.contracts if each.stream in names))

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


def set_up_support(
    config: Config,
    area: Area,
    *,
    n_people: int,
    seed: np.uint64,
    given: GivenSupport | None = None,
    n_outside: int = 0,
) -> SupportSystem:
    """Return the support of a run on its first day, at rest where there is none.

    Parameters
    ----------
    config : Config
    area : Area
    n_people : int
    seed : uint64
    given : GivenSupport, optional
        Providers and contracts instead of a market and a regime.
    n_outside : int
        People who live outside and are not supported.

    Raises
    ------
    InputError
        If the regime is unknown or a table of streams or providers cannot be used.
    """
    regime = regime_named(config.regime.name) if given is None else given.regime
    has_journey = given is not None or config.regime.name != "none"
    check_named(config, area, has_journey=has_journey)
    table = None
    if given is not None:
        given.check(config.start)
        streams = given.streams()
    elif has_journey:
        given, table = _generated(config, area, seed=int(seed))
        streams = streams_of(config, area)
    else:
        given, streams = GivenSupport(no_providers(area.n_wards), np.zeros(0, np.int64), ()), ()
    names = [stream.name for stream in streams]
    names += [INFORMATION] if config.information.active_names() else []
    names += [POOL]
    interventions = new_interventions(
        config, area, n_people=n_people, has_journey=has_journey, first_stream=len(names)
    )
    n_aids = len(interventions.names)
    commissioning = None
    if has_journey or n_aids:
        commissioning = _commissioning(
            config, area, given, regime, streams, names, interventions, table=table, seed=seed
        )
    return SupportSystem(
        interventions,
        commissioning,
        table,
        n_people=n_people,
        n_outside=n_outside,
        journey=config.journey,
        goodwill=Goodwill(config.goodwill, given.cash.size + n_aids + 1),
        seed=seed,
    )


def streams_of(config: Config, area: Area) -> tuple[FundingStream, ...]:
    """Return the streams of funding of a run.

    Raises
    ------
    InputError
        If a table of streams cannot be used, or the run leaves its years.
    """
    streams = load_streams(config.funding, area)
    check_years(config, funding_years(config, area.name, streams))
    refuse(config, tariffs_left(config, area.name, streams))
    return hold(streams, config) if config.beyond == HOLD else streams


def _generated(config: Config, area: Area, *, seed: int) -> tuple[GivenSupport, pd.DataFrame]:
    """Return the market of providers, without contracts, and the table it comes from."""
    table = market_table(config.providers, area, seed)
    providers = provider_columns(table, area, config, seed=seed)
    return GivenSupport(providers, opening_cash(table, config), ()), table


def _commissioning(
    config: Config,
    area: Area,
    given: GivenSupport,
    regime: Regime,
    streams: Sequence[FundingStream],
    names: Sequence[str],
    interventions: Interventions,
    *,
    table: pd.DataFrame | None,
    seed: np.uint64,
) -> Commissioning:
    if len(streams) >= MOST_STREAMS:
        raise InputError(f"funding.table: at most {MOST_STREAMS - 1} streams, got {len(streams)}")
    n = len(interventions.names)
    cash = np.concatenate([given.cash, np.zeros(n, np.int64)])
    credit = np.rint(given.cash * config.providers.credit_factor).astype(np.int64)
    providers = with_helpers(given.providers, n)
    all_names = [*names, *(f"intervention:{name}" for name in interventions.names)]
    return Commissioning(
        config,
        area,
        regime=regime,
        streams=streams,
        names=all_names,
        providers=providers,
        cash=cash,
        credit=np.concatenate([credit, np.full(n, UNLIMITED)]),
        seed=seed,
        beliefs=_beliefs(
            config, providers, streams, table, n_helpers=n, n_streams=len(all_names), seed=seed
        ),
        of_interventions=_helper_contracts(config, area, interventions, given.cash.size),
    )


def _beliefs(
    config: Config,
    providers: Providers,
    streams: Sequence[FundingStream],
    table: pd.DataFrame | None,
    *,
    n_helpers: int,
    n_streams: int,
    seed: np.uint64,
) -> Beliefs | None:
    """Return what buyers believe of providers on the first day; None if all know the truth."""
    if config.belief.known:
        return None
    n = providers.quality.size - n_helpers
    names = [str(row) for row in range(n)] if table is None else list(table["id"])
    names += [f"helper {row}" for row in range(n_helpers)]
    first = first_beliefs(config.providers, config.belief, table, n)
    return Beliefs(
        config,
        providers,
        first=np.concatenate([first, np.zeros((2, n_helpers))], axis=1),
        keys=np.array([zlib.crc32(name.encode()) for name in names], np.int64),
        streams=streams,
        n_streams=n_streams,
        seed=seed,
    )


def _helper_contracts(
    config: Config, area: Area, interventions: Interventions, n_given: int
) -> dict[int, list[Contract]]:
    """Return by the week they begin in the contracts of interventions; `n_given` providers."""
    contracts: dict[int, list[Contract]] = {}
    budgets = interventions.most_pence(0, config.weeks)
    for number, (name, week) in enumerate(
        zip(interventions.names, interventions.first_week, strict=True)
    ):
        row, pence = n_given + number, budgets[number]
        contract = _helper_contract(config, area, name, week, row=row, pence=pence)
        contracts.setdefault(week, []).append(contract)
    return contracts


def _helper_contract(
    config: Config, area: Area, name: str, week: int, *, row: int, pence: int
) -> Contract:
    """Return the contract under which an intervention pays its places, a price each."""
    cost = getattr(config.interventions, name).unit_cost_gbp
    return Contract(
        stream=f"intervention:{name}",
        provider=row,
        terms=terms_named("unit_price"),
        wards=np.zeros(area.n_wards, np.bool_),
        places=np.zeros((N_CLIENT_GROUPS, N_STAGES)),
        price_gbp=(cost,) * N_STAGES,
        budget_pence=pence,
        start=config.start + timedelta(weeks=week),
        end=config.start + timedelta(weeks=config.weeks),
        eligibility=Eligibility(groups=CLIENT_GROUPS),
    )
