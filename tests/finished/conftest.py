"""A year of two towns with support, and thirty weeks without."""

from __future__ import annotations

import pytest

from experiments import configure
from simulation import Run, simulate


@pytest.fixture(scope="session")
def run() -> Run:
    return simulate(configure("area=two_towns", "weeks=30"), 3, events=True)


@pytest.fixture(scope="session")
def supported() -> Run:
    config = configure(
        "area=two_towns", "weeks=60", "people_per_agent=2", "regime=aligned",
        "interventions=[outreach]",
    )  # fmt: skip
    return simulate(config, 1)
