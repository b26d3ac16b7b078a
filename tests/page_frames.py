"""A made-up comparison for tests of its page: any size, with effects that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.report.inputs import Inputs

ARMS = ("no_support", "fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned")
MONTHS = 60
CONFIG = {"economy": {"name": "recession_2008", "file": "recession_2008.csv"},
          "hiring": {"rule": "ranking"}, "regime": {"name": "aligned"}}  # fmt: skip


def wards_of(n_wards: int, **columns: object) -> pd.DataFrame:
    """Wards five kilometres apart on a square, every third priority."""
    number, across = np.arange(n_wards), int(np.ceil(np.sqrt(n_wards)))
    return pd.DataFrame(
        {
            "code": [f"00C{n:03d}" for n in number],
            "name": [f"Ward {n}" for n in number],
            "district": [f"District {n % 8}" for n in number],
            "easting": 5_000.0 * (number % across),
            "northing": 5_000.0 * (number // across),
            "priority": number % 3 == 0,
            "residents": 8_000,
        }
        | columns
    )


def monthly_of(
    wards: pd.DataFrame,
    gains: dict[str, float],
    *,
    n_seeds: int = 4,
    spread: float = 3.0,
    n_months: int = MONTHS,
    last: float = 1.0,
) -> pd.DataFrame:
    """Months in which each arm has so many more in work in each ward, on average over seeds.

    `spread` is the standard deviation of a seed's gain of the whole area a ward; `last` what is
    left of the gain in the last month, as a share.
    """
    arms, codes = list(gains), [*wards["code"], "all"]
    luck = np.random.default_rng(5)
    shape = (len(arms), n_seeds, len(wards), n_months)
    base = np.tile(luck.integers(4_000, 5_000, (1, n_seeds, len(wards), 1)), (1, 1, 1, n_months))
    # Spread that adds up to nought over seeds, so that means are the gains to the last bit.
    waves = luck.normal(0.0, 1.0, (len(arms), n_seeds, 1, 1))
    waves = spread * (waves - waves.mean(axis=1, keepdims=True))
    gain = np.array(list(gains.values()))[:, None, None, None] + waves
    gain[np.array(list(gains.values())) == 0] = 0.0
    path = np.ones(n_months)
    path[-1] = last
    employed = base + gain * path
    frames = []
    residents = np.full_like(employed, 8_000.0)
    for name, values in (
        ("employed", employed), ("jsa", residents - employed), ("residents", residents)
    ):  # fmt: skip
        table = np.concatenate([values, values.sum(axis=2, keepdims=True)], axis=2)
        index = np.indices((len(arms), n_seeds, len(codes), n_months)).reshape(4, -1)
        frames.append(
            pd.DataFrame(
                {
                    "arm": pd.Categorical.from_codes(index[0], arms),
                    "seed": index[1] + 1,
                    "date": pd.date_range("2006-05-01", periods=n_months, freq="MS")[index[3]],
                    "ward": pd.Categorical.from_codes(index[2], codes),
                    "group": "all",
                    "outcome": name,
                    "value": table.ravel(),
                }
            )
        )
    assert employed.shape == shape
    return pd.concat(frames, ignore_index=True)


def outcomes_of(spend: dict[str, float], *, n_seeds: int = 4) -> pd.DataFrame:
    """Outcomes of runs in which each arm spends so much, alike in all seeds."""
    rows = [
        (arm, seed, "spend_gbp", amount, "GBP")
        for arm, amount in spend.items()
        for seed in range(1, n_seeds + 1)
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "outcome", "value", "unit"])


def inputs_of(
    gains: dict[str, float],
    *,
    spend: dict[str, float] | None = None,
    wards: pd.DataFrame | None = None,
    n_seeds: int = 4,
    config: dict | None = None,
    **more: float,
) -> Inputs:
    """Make what the page of a comparison is made from."""
    wards = wards_of(6) if wards is None else wards
    spend = dict.fromkeys(list(gains)[1:], 6e6) if spend is None else spend
    monthly = monthly_of(wards, gains, n_seeds=n_seeds, **more)
    arms = [{"name": arm, "overrides": [], "config": config or CONFIG} for arm in gains]
    manifest = {
        "command": "pathfinder compare compare=regimes",
        "area": "bcbc",
        "arms": arms,
        "baseline": next(iter(gains)),
        "seeds": list(range(1, n_seeds + 1)),
        "start": "2006-05-01",
        "weeks": 260,
        "people_per_agent": 5,
        "boundaries": None,
        "versions": {},
        "commit": "0123abc",
        "code_version": "0",
        "seconds": 1.0,
    }
    outcomes = outcomes_of({arm: 0.0 for arm in gains} | spend, n_seeds=n_seeds)
    return Inputs(manifest, monthly, pd.DataFrame(), wards, outcomes=outcomes)
