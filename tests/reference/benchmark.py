"""How long a week of plain objects takes."""

from __future__ import annotations

import time

from simulation.config import Config
from simulation.model import LabourMarket
from simulation.runner import forget_model

from .first_day import copy_first_day


def run_reference(config: Config, seed: int) -> float:
    """Step a market of plain objects through a run.

    Parameters
    ----------
    config : Config
    seed : int

    Returns
    -------
    float
        Seconds for each person and week; stepping only, without setting up.
    """
    engine = LabourMarket(config, seed)
    market = None
    try:
        market = copy_first_day(engine, seed)
        began = time.perf_counter()
        for _ in range(config.weeks):
            market.step()
        return (time.perf_counter() - began) / (config.weeks * len(market.people))
    finally:
        forget_model(engine)
        if market is not None:
            forget_model(market)
