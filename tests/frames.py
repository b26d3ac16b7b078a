"""Made-up monthly frames and ward tables with the shape of real ones, the same on every call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simulation.config import Config
from simulation.finished.run import Run

ARMS = ("fragmented", "aligned", "pooled")
STOCK_SHARES = {
    "jsa": 0.034,
    "ib_esa": 0.078,
    "lone_parent": 0.026,
    "other_benefit": 0.030,
    "seeking_no_benefit": 0.024,
    "inactive_no_benefit": 0.150,
}
QUEUE_SHARES = {
    "hires_from_employment": 0.44,
    "hires_workless_under_3_months": 0.21,
    "hires_workless_3_to_6_months": 0.12,
    "hires_workless_6_to_12_months": 0.08,
    "hires_workless_over_12_months": 0.09,
    "hires_never_worked": 0.06,
}


NOTHING = pd.DataFrame()


def run_of(*, people_per_agent: int = 1, weeks: int = 156, **tables: pd.DataFrame | None) -> Run:
    """A run that has these frames of support and no months; None leaves a frame out."""
    config = Config.from_mapping({"people_per_agent": people_per_agent, "weeks": weeks})
    given = {name: table for name, table in tables.items() if table is not None}
    return Run(config, 1, monthly=NOTHING, flows=NOTHING, wards=NOTHING, tables=given)


def treated_frame(
    people: pd.DataFrame,
    treated_week: Sequence[int],
    *,
    programme: str | Sequence[str] = "p",
    left_week: int | Sequence[int] = -1,
) -> pd.DataFrame:
    """The frame of those treated among these people; -1 is never."""
    frame = people[["person"]].assign(
        treated_week=np.array(treated_week), programme=programme, left_week=left_week
    )
    treated = frame[frame["treated_week"] >= 0]
    return treated.reset_index(drop=True).astype({"programme": "category"})


def ward_table(*, n_wards: int = 24) -> pd.DataFrame:
    """Wards on a jittered grid, two kilometres apart, in three districts, a quarter priority."""
    generator = np.random.default_rng(7)
    across = int(np.ceil(np.sqrt(n_wards)))
    number = np.arange(n_wards)
    east = 400_000 + 2_000 * (number % across) + generator.normal(0, 300, n_wards)
    north = 280_000 + 2_000 * (number // across) + generator.normal(0, 300, n_wards)
    return pd.DataFrame(
        {
            "code": [f"W{n:03d}" for n in number],
            "name": [f"Ward {n}" for n in number],
            "district": np.array(["Northfield", "Eastham", "Westbury"])[number * 3 // n_wards],
            "easting": east.round(),
            "northing": north.round(),
            "priority": number % 4 == 0,
            "residents": generator.integers(4_000, 16_000, n_wards),
        }
    )


def monthly_frame(
    wards: pd.DataFrame | None = None,
    *,
    arms: tuple[str, ...] = ARMS,
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4),
    n_months: int = 60,
) -> pd.DataFrame:
    """Build a monthly frame with a recession in it; later arms do a little better.

    Wards add up to the area, states add up to residents, and the same seed has the same luck in
    every arm.
    """
    wards = ward_table() if wards is None else wards
    dates = pd.date_range("2006-06-01", periods=n_months, freq="MS")
    frames = [
        _run_frame(wards, dates, arm=arm, effect=0.002 * order, seed=seed)
        for order, arm in enumerate(arms)
        for seed in seeds
    ]
    return pd.concat(frames, ignore_index=True)


def _run_frame(
    wards: pd.DataFrame, dates: pd.DatetimeIndex, *, arm: str, effect: float, seed: int
) -> pd.DataFrame:
    luck = np.random.default_rng(1_000 + seed)
    own_luck = np.random.default_rng([seed, sum(map(ord, arm))])
    months = np.arange(len(dates))
    slump = np.exp(-(((months - 38) / 11.0) ** 2))
    residents = wards["residents"].to_numpy(np.float64)[:, None]
    burden = np.where(wards["priority"], 1.7, 0.8)[:, None]
    ward_luck = luck.normal(1.0, 0.08, (len(wards), 1))
    wave = luck.normal(0.0, 0.05, len(dates)).cumsum() * 0.15 + 1.0
    help_given = effect * np.minimum(months / 40.0, 1.0) * burden
    stocks = {}
    for name, share in STOCK_SHARES.items():
        cycle = 1.0 + (1.3 if name == "jsa" else 0.08) * slump * wave
        lift = help_given if name in ("jsa", "ib_esa") else 0.0
        noise = own_luck.normal(0.0, 0.0006, (len(wards), len(dates)))
        stocks[name] = np.round(residents * (share * burden * cycle * ward_luck - lift + noise))
    stocks["residents"] = np.broadcast_to(residents, (len(wards), len(dates)))
    stocks["employed"] = stocks["residents"] - sum(stocks[name] for name in STOCK_SHARES)
    stocks["workless_over_12_months"] = np.round(
        (0.35 - 10.0 * effect + 0.05 * slump) * (stocks["jsa"] + stocks["seeking_no_benefit"])
    )
    stocks["vacancies"] = np.round(0.024 * residents * (1.0 - 0.5 * np.roll(slump, -4)) * wave)
    stocks["hires"] = np.round(0.021 * residents * (1.0 - 0.3 * slump) * wave)
    stocks["separations"] = np.round(0.021 * residents * (1.0 - 0.25 * np.roll(slump, -6)))
    return _tidy(stocks, wards, dates, arm=arm, seed=seed, effect=effect)


def _tidy(
    stocks: dict[str, np.ndarray],
    wards: pd.DataFrame,
    dates: pd.DatetimeIndex,
    *,
    arm: str,
    seed: int,
    effect: float,
) -> pd.DataFrame:
    codes = wards["code"].to_numpy()
    is_priority = wards["priority"].to_numpy(bool)
    total = {name: values.sum(axis=0) for name, values in stocks.items()}
    for name, share in QUEUE_SHARES.items():
        helped = 8.0 * effect if name == "hires_workless_over_12_months" else 0.0
        total[name] = np.round(
            stocks["hires"].sum(axis=0) * (share + helped - helped * (share > 0.4))
        )
    total["hires"] = sum(total[name] for name in QUEUE_SHARES)
    parts = [_rows(dates, "all", "all", total)]
    for flag, group in ((True, "priority:1"), (False, "priority:0")):
        chosen = {name: values[is_priority == flag].sum(axis=0) for name, values in stocks.items()}
        parts.append(_rows(dates, "all", group, chosen))
    parts += [
        _rows(dates, code, "all", {name: values[row] for name, values in stocks.items()})
        for row, code in enumerate(codes)
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(0, "arm", arm)
    frame.insert(1, "seed", np.int64(seed))
    return frame


def _rows(
    dates: pd.DatetimeIndex, ward: str, group: str, values: dict[str, np.ndarray]
) -> pd.DataFrame:
    n = len(dates)
    return pd.DataFrame(
        {
            "date": np.tile(dates.to_numpy(), len(values)),
            "ward": ward,
            "group": group,
            "outcome": np.repeat(list(values), n),
            "value": np.concatenate([np.asarray(v, dtype=np.float64) for v in values.values()]),
        }
    )
