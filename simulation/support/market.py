"""The provider market of an area: generated from a table of types, or the user's own table.

Every provider's luck is keyed by its type's name and its number within the type, so another type
or more providers of one leave the others as they are. `docs/decisions/providers.md` has the why.
"""

from __future__ import annotations

import zlib
from statistics import NormalDist

import numpy as np
import pandas as pd

from simulation.categories import BENEFITS, WEEKS_PER_YEAR
from simulation.config import BeliefConfig, ProvidersConfig
from simulation.inputs.area import Area
from simulation.inputs.columns import SEPARATOR
from simulation.inputs.provider_tables import (
    BARRIER_COLUMNS,
    COST_COLUMNS,
    GROUP_COLUMNS,
    PROVIDERS,
    read_market,
    read_types,
)
from simulation.inputs.shipped import resolve_file
from simulation.streams import Stream, uniforms

GENERATED = "generated"
PER_MILLION = 1e6
GOLDEN = (5.0**0.5 - 1.0) / 2.0
"""Steps of the golden ratio spread any number of points evenly (Weyl 1916)."""
LUCK, MORE_LUCK, FIRST_HOME = 0, 1, 2
LEAST_QUALITY = 1e-9
"""Whose logarithm stands for that of a quality of nothing."""


def market_table(config: ProvidersConfig, area: Area, seed: int) -> pd.DataFrame:
    """Return the providers of an area, one a row, in the format of `docs/providers.md`.

    Saved with `to_csv(path, index=False)` and named in `providers.table`, it is read back as it is.

    Parameters
    ----------
    config : ProvidersConfig
    area : Area
    seed : int
        Of the run; a table of the user's own does not depend on it.

    Returns
    -------
    DataFrame
        Columns of `provider_tables.PROVIDERS`.

    Raises
    ------
    InputError
        One line a problem of the user's table or table of types.
    """
    if config.table != GENERATED:
        return read_market(
            resolve_file(config.table, group="providers", suffix=".csv", shipped=()), area
        )
    types = read_types(resolve_file(config.types, group="providers", suffix=".csv"))
    return generate_market(
        area, types, seed, density=config.density, adviser_cost_gbp=config.adviser_cost_gbp
    )


def first_beliefs(
    config: ProvidersConfig, belief: BeliefConfig, table: pd.DataFrame | None, n: int
) -> np.ndarray:
    """Return what all believe of the logarithm of providers' quality before any signal.

    The mean and spread of the type in the table of types, `belief.quality` and `belief.spread`
    for other types and for providers that come from no table.

    Parameters
    ----------
    config : ProvidersConfig
    belief : BeliefConfig
    table : DataFrame or None
        Of the market.
    n : int
        Providers.

    Returns
    -------
    ndarray of float64, shape (2, n)
        Means, then spreads.
    """
    means, spreads = np.full(n, belief.quality), np.full(n, belief.spread)
    if table is not None:
        types = read_types(resolve_file(config.types, group="providers", suffix=".csv"))
        own = table[["type"]].merge(types, on="type", how="left")
        means = own["quality_mean"].fillna(belief.quality).to_numpy(np.float64)
        spreads = own["quality_spread"].fillna(belief.spread).to_numpy(np.float64)
    return np.stack([np.log(np.maximum(means, LEAST_QUALITY)) - spreads**2 / 2.0, spreads])


def generate_market(
    area: Area,
    types: pd.DataFrame,
    seed: int,
    *,
    density: float = 1.0,
    adviser_cost_gbp: float = 35_000.0,
) -> pd.DataFrame:
    """Return a market generated from a table of types.

    A type has `per_million` providers a million residents times `density`, to the nearest whole
    number but at least one; where less than one is due its advisers are fewer in proportion.

    Parameters
    ----------
    area : Area
    types : DataFrame
        Columns of `provider_tables.TYPES`.
    seed : int
    density : float
    adviser_cost_gbp : float
        GBP a year; opening cash is so many weeks of it.

    Returns
    -------
    DataFrame
        Columns of `provider_tables.PROVIDERS`; without rows for no types.
    """
    millions = area.wards["residents"].sum() / PER_MILLION
    rows = []
    kinds = zip(types.itertuples(index=False), types["per_million"] * density, strict=True)
    for kind, per_million in kinds:
        due = float(per_million) * millions
        number = max(1, int(due + 0.5)) if due > 0 else 0
        rows += _providers_of(kind, number, min(1.0, due), area, seed)
    market = pd.DataFrame(rows, columns=list(PROVIDERS.columns))
    weekly = adviser_cost_gbp * market["advisers"] / WEEKS_PER_YEAR
    market["cash_gbp"] = (market["cash_gbp"] * weekly).astype(float).round(2)
    return PROVIDERS.validate(market)


def _providers_of(kind, number: int, size: float, area: Area, seed: int) -> list[dict]:
    """Return the providers of one type; cash is in weeks of cost as yet."""
    key = zlib.crc32(kind.type.encode())
    numbers = np.arange(number)
    luck = uniforms(seed, Stream.PROVIDERS, numbers, week=LUCK, pair=key)
    more = uniforms(seed, Stream.PROVIDERS, numbers, week=MORE_LUCK, pair=key)
    homes = _home_wards(kind.home, number, key, area, seed)
    span = kind.advisers_high - kind.advisers_low
    advisers = size * (kind.advisers_low + span * luck[:, 1])
    trust = kind.trust_low + (kind.trust_high - kind.trust_low) * luck[:, 2]
    label = kind.type.replace("_", " ").capitalize()
    fixed = {name: getattr(kind, name) for name in COST_COLUMNS + GROUP_COLUMNS + BARRIER_COLUMNS}
    return [
        {
            "id": f"{kind.type}_{k + 1}",
            "name": f"{label} {k + 1}, {area.wards['name'].iloc[homes[k]]}",
            "type": kind.type,
            "ownership": kind.ownership,
            "where": _where(kind, homes[k], area),
            "stages": kind.stages,
            "advisers": round(float(advisers[k]), 3),
            "quality": round(_quality(kind, luck[k, 0]), 3),
            "trust": round(float(trust[k]), 3),
            "cash_gbp": kind.cash_weeks,
            "shares_records": int(luck[k, 3] < kind.p_shares_records),
            "network": area.wards["district"].iloc[homes[k]] if more[k, 0] < kind.p_network else "",
            "can_be_prime": kind.can_be_prime,
            **fixed,
        }
        for k in numbers
    ]


def _home_wards(home: str, number: int, key: int, area: Area, seed: int) -> np.ndarray:
    """Return the wards the providers of a type are at home in, spread evenly over the weights."""
    wards = area.wards
    weights = wards["residents"].to_numpy(float)
    if home == "claimants":
        claimants = wards[list(BENEFITS)].to_numpy().sum(axis=1)
        weights = claimants.astype(float) if claimants.any() else weights
    elif home == "priority" and area.priority.any():
        weights = weights * area.priority
    first = uniforms(seed, Stream.PROVIDERS, np.zeros(1), week=FIRST_HOME, pair=key)[0, 0]
    points = (first + GOLDEN * np.arange(number)) % 1.0
    if home == "districts":
        turns = (int(first * len(area.districts)) + np.arange(number)) % len(area.districts)
        districts = wards["district"].to_numpy(str)
        own = [weights * (districts == area.districts[turn]) for turn in turns]
        return np.array([_pick(w, p) for w, p in zip(own, points, strict=True)], np.int64)
    # Neighbouring points fall into different districts only if wards are in order of district.
    order = np.argsort(wards["district"].to_numpy(str), kind="stable")
    return order[_pick(weights[order], points)]


def _pick(weights: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the positions that points in [0, 1) fall on, in proportion to weights."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges, points * edges[-1], side="right")


def _where(kind, home: int, area: Area) -> str:
    """Return where a provider works, in the words of the table."""
    if kind.reach == "area":
        return "all"
    if kind.reach == "district":
        return str(area.wards["district"].iloc[home])
    away = np.linalg.norm(area.positions_km - area.positions_km[home], axis=1)
    return SEPARATOR.join(area.wards["code"][away <= kind.radius_km])


def _quality(kind, uniform: float) -> float:
    """Return a log-normal quality with the mean of the type."""
    spread = kind.quality_spread
    deviate = NormalDist().inv_cdf(float(uniform))
    return float(kind.quality_mean * np.exp(spread * deviate - spread**2 / 2.0))
