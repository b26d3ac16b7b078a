"""Providers: the market table, its columns, and each provider as a Mesa agent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Providers(NamedTuple):
    """Providers as columns, p of them; money is per agent, capacity in agents."""

    wards: np.ndarray
    """bool (p, n_wards), where it works."""
    stages: np.ndarray
    """bool (p, 5), what it can deliver."""
    quality: np.ndarray
    """float64 (p,), factor of what its services achieve, about 1."""
    trust: np.ndarray
    """float64 (p,), of residents in it, 0 to 1."""
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
