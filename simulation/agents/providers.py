"""Providers: the market table, its columns, and each provider as a Mesa agent."""

from __future__ import annotations

import zlib
from typing import Any, NamedTuple

import mesa
import numpy as np
import pandas as pd

from simulation.agents.columns import check_fits
from simulation.categories import (
    BARRIERS,
    CLIENT_GROUPS,
    N_BARRIERS,
    N_CLIENT_GROUPS,
    N_STAGES,
    PENCE_PER_POUND,
    STAGES,
)
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.inputs.columns import split
from simulation.inputs.named_wards import WardNames
from simulation.inputs.provider_tables import BARRIER_COLUMNS, COST_COLUMNS, GROUP_COLUMNS
from simulation.streams import Stream, uniforms

ROUNDING = 3
"""Week of the key of rounding; 0 to 2 belong to the generated commissioning."""


LOCAL, JOBCENTRE, PRIVATE = range(3)
N_KINDS = 3
"""For what residents take a provider: a local body, the Jobcentre, a private firm."""


class Providers(NamedTuple):
    """Providers as columns, p of them; money is per agent, capacity in agents."""

    wards: np.ndarray
    """bool (p, n_wards), where it works."""
    stages: np.ndarray
    """bool (p, 5), what it can deliver."""
    quality: np.ndarray
    """float64 (p,), factor of what its services achieve, about 1."""
    kind: np.ndarray
    """int8 (p,), for what residents take it: `LOCAL`, `JOBCENTRE` or `PRIVATE`."""
    trust: np.ndarray
    """float64 (p,), of residents in it, 0 to 1, at the usual trust in its kind."""
    capacity: np.ndarray
    """int32 (p,), clients at a time."""
    unit_cost: np.ndarray
    """int64 (p, 5), pence a start of each stage costs it."""
    group_strength: np.ndarray
    """float64 (p, 8), factor of its quality for each client group."""
    barrier_strength: np.ndarray
    """float64 (p, 8), factor of its quality for each barrier of `columns.BARRIERS`."""
    shares_records: np.ndarray
    """bool (p,), whether it uses the shared tracking system."""
    network: np.ndarray
    """int16 (p,), providers of one network have links with each other; -1 none."""
    can_be_prime: np.ndarray
    """bool (p,)."""
    is_open: np.ndarray
    """bool (p,), False once closed; written."""
    caseload: np.ndarray
    """int32 (p,), clients at present; written."""


def provider_columns(
    table: pd.DataFrame, area: Area, config: Config, *, seed: int = 0
) -> Providers:
    """Return the providers of a checked table as columns.

    Parameters
    ----------
    table : DataFrame
        Columns of `provider_tables.PROVIDERS`, from `provider_market.market_table`.
    area : Area
    config : Config
    seed : int
        Of the run; used where capacity in agents is no whole number. Rounding is by chance and
        keyed by the provider's id, so that its mean is exact.

    Returns
    -------
    Providers
        Empty columns for no providers.
    """
    check_fits("providers", len(table), np.int16)
    ids = np.array([zlib.crc32(identity.encode()) for identity in table["id"]], np.int64)
    chance = uniforms(seed, Stream.PROVIDERS, ids, week=ROUNDING)[:, 0]
    clients = table["advisers"].to_numpy(float) * config.providers.clients_per_adviser
    gbp = table[list(COST_COLUMNS)].to_numpy(float) * config.providers.cost_factor
    stages = [[stage in split(cell) for stage in STAGES] for cell in table["stages"]]
    names = WardNames(area.wards)
    wards = [names.named(cell)[0] for cell in table["where"]]
    return Providers(
        wards=np.array(wards, np.bool_).reshape(len(table), area.n_wards),
        stages=np.array(stages, np.bool_).reshape(len(table), N_STAGES),
        quality=table["quality"].to_numpy(np.float64, copy=True),
        kind=_kinds(table, config),
        trust=table["trust"].to_numpy(np.float64, copy=True),
        capacity=np.floor(clients / config.people_per_agent + chance).astype(np.int32),
        unit_cost=np.ascontiguousarray(np.rint(gbp * PENCE_PER_POUND), np.int64)
        * config.people_per_agent,
        group_strength=np.ascontiguousarray(table[list(GROUP_COLUMNS)].to_numpy(np.float64)),
        barrier_strength=np.ascontiguousarray(table[list(BARRIER_COLUMNS)].to_numpy(np.float64)),
        shares_records=table["shares_records"].to_numpy() == 1,
        network=_networks(table["network"]),
        can_be_prime=table["can_be_prime"].to_numpy() == 1,
        is_open=np.ones(len(table), np.bool_),
        caseload=np.zeros(len(table), np.int32),
    )


def no_providers(n_wards: int) -> Providers:
    """Return the columns of no provider."""
    by_group, by_barrier = (0, N_CLIENT_GROUPS), (0, N_BARRIERS)
    return Providers(
        wards=np.zeros((0, n_wards), np.bool_),
        stages=np.zeros((0, N_STAGES), np.bool_),
        quality=np.zeros(0),
        kind=np.zeros(0, np.int8),
        trust=np.zeros(0),
        capacity=np.zeros(0, np.int32),
        unit_cost=np.zeros((0, N_STAGES), np.int64),
        group_strength=np.zeros(by_group),
        barrier_strength=np.zeros(by_barrier),
        shares_records=np.zeros(0, np.bool_),
        network=np.zeros(0, np.int16),
        can_be_prime=np.zeros(0, np.bool_),
        is_open=np.zeros(0, np.bool_),
        caseload=np.zeros(0, np.int32),
    )


def with_helpers(providers: Providers, n: int) -> Providers:
    """Return the columns with n more rows last: who delivers interventions, and no stage."""

    def longer(column: np.ndarray, value: float) -> np.ndarray:
        return np.concatenate([column, np.full((n, *column.shape[1:]), value, column.dtype)])

    at_rest = {"quality": 1, "network": -1, "is_open": 1}
    return Providers(
        *(longer(getattr(providers, name), at_rest.get(name, 0)) for name in Providers._fields)
    )


def opening_cash(table: pd.DataFrame, config: Config) -> np.ndarray:
    """Return what providers begin with, in pence of the real area; ndarray of int64, (p,)."""
    gbp = table["cash_gbp"].to_numpy(float) * config.providers.cash_factor
    return np.rint(gbp * PENCE_PER_POUND).astype(np.int64)


def _kinds(table: pd.DataFrame, config: Config) -> np.ndarray:
    """Return for what residents take each provider, int8 (p,)."""
    is_jobcentre = table["type"].isin(config.residents.jobcentre_types)
    by_owner = np.where(table["ownership"] == "private", PRIVATE, LOCAL)
    return np.where(is_jobcentre, JOBCENTRE, by_owner).astype(np.int8)


def _networks(names: pd.Series) -> np.ndarray:
    """Return networks numbered in order of their names; -1 for none."""
    known = sorted(set(names) - {""})
    return np.array([known.index(name) if name else -1 for name in names], np.int16)


class Provider(mesa.Agent):
    """A provider; what changes is read from the columns at each use.

    Parameters
    ----------
    model : mesa.Model
    commissioning : Commissioning
        With `area`, `config`, `providers` (columns) and `money` (the books).
    row : int
        Its position in the columns.
    entry : Series
        Its row of the market table.
    """

    def __init__(
        self, model: mesa.Model, commissioning: Any, *, row: int, entry: pd.Series
    ) -> None:
        super().__init__(model)
        self._commissioning = commissioning
        self.row, self.identity, self.name = row, str(entry["id"]), str(entry["name"])
        self.type, self.ownership = str(entry["type"]), str(entry["ownership"])
        self.advisers = float(entry["advisers"])

    @property
    def wards(self) -> tuple[str, ...]:
        """Codes of the wards it works in."""
        return tuple(
            self._commissioning.area.wards["code"][self._commissioning.providers.wards[self.row]]
        )

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages it can deliver."""
        can = self._commissioning.providers.stages[self.row]
        return tuple(stage for stage, is_able in zip(STAGES, can, strict=True) if is_able)

    @property
    def strengths(self) -> dict[str, float]:
        """Factor of its quality by client group and by barrier."""
        columns = self._commissioning.providers
        values = [*columns.group_strength[self.row], *columns.barrier_strength[self.row]]
        return dict(zip(CLIENT_GROUPS + BARRIERS, map(float, values), strict=True))

    @property
    def unit_costs(self) -> dict[str, float]:
        """GBP a start of each stage costs it for one person."""
        per_agent = self._commissioning.providers.unit_cost[self.row]
        gbp = per_agent / (PENCE_PER_POUND * self._commissioning.config.people_per_agent)
        return dict(zip(STAGES, map(float, gbp), strict=True))

    @property
    def quality(self) -> float:
        """Factor of what its services achieve."""
        return float(self._commissioning.providers.quality[self.row])

    @property
    def trust(self) -> float:
        """Trust of residents in it, 0 to 1."""
        return float(self._commissioning.providers.trust[self.row])

    @property
    def capacity(self) -> int:
        """Clients at a time, in people."""
        return (
            int(self._commissioning.providers.capacity[self.row])
            * self._commissioning.config.people_per_agent
        )

    @property
    def caseload(self) -> int:
        """Clients at present, in people."""
        return (
            int(self._commissioning.providers.caseload[self.row])
            * self._commissioning.config.people_per_agent
        )

    @property
    def cash(self) -> float:
        """GBP in hand."""
        return float(self._commissioning.money.cash[self.row]) / PENCE_PER_POUND

    @property
    def tracking(self) -> bool:
        """Whether it uses the shared tracking system."""
        return bool(self._commissioning.providers.shares_records[self.row])

    @property
    def is_open(self) -> bool:
        """Whether it has not closed."""
        return bool(self._commissioning.providers.is_open[self.row])

    @property
    def links(self) -> tuple[Provider, ...]:
        """The other providers of its network."""
        network = self._commissioning.providers.network
        if network[self.row] < 0:
            return ()
        agents = self.model.agents_by_type[Provider]
        own = network[self.row]
        return tuple(a for a in agents if a is not self and network[a.row] == own)

    def __repr__(self) -> str:
        return f"<Provider {self.identity}>"


def build_providers(
    model: mesa.Model, commissioning: Any, table: pd.DataFrame
) -> tuple[Provider, ...]:
    """Return the providers of a market as agents, in the order of the table it comes from.

    They are registered with the model; `forget_model` takes them away.
    """
    return tuple(
        Provider(model, commissioning, row=row, entry=entry)
        for row, (_, entry) in enumerate(table.iterrows())
    )
