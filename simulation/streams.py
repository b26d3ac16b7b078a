"""Every random number of the model: Philox 4x32-10, keyed by (seed, stream, week, person, pair).

A draw is a pure function of its key. Adding a policy, a person elsewhere, a thread or a process
never moves another draw. Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers:
as easy as 1, 2, 3, SC '11; the known answers are tested.
"""

from __future__ import annotations

import math
import secrets
from enum import IntEnum

import numba
import numpy as np

from simulation.compile import kernel, threads_for
from simulation.errors import InputError

N_WORDS = 4
SEED_LIMIT = 2**64
Words = tuple[float, float, float, float]
"""Four independent uniforms in (0, 1)."""
MARGIN = 1.0 + 1e-9
"""Factor of a largest chance by which people are marked, against rounding in another order.

A phase that concerns few draws for all first, in a loop without branches that runs on vectors, and
marks whose draw is below the most anybody's chance can be; then it decides for those who are
marked, and draws again for them (`docs/decisions/speed.md`).
"""


class Stream(IntEnum):
    """One stream a decision; a number, once given, is never given to another decision."""

    POPULATION = 1
    DURATIONS = 2
    ABILITIES = 3
    BARRIERS = 4
    FIRST_JOB = 5
    ESTABLISHMENTS = 6
    CELLS = 7
    SHOCKS = 8
    POSTING = 9
    SEPARATIONS = 10
    LAYOFFS = 11
    AGEING = 12
    BENEFITS = 13
    ENTRANTS = 14
    SEARCH = 15
    VACANCY_CHOICE = 16
    INTERVIEW = 17
    MOVERS = 18
    PLACES = 19
    JOURNEY = 20
    BARRIER_WORK = 21
    ENGAGEMENT = 22
    CONTRACT_CHOICE = 23
    HAND_OVER = 24
    TICKETS = 25
    INTERVENTIONS = 27
    PROVIDERS = 28
    SELECTION = 29
    RECORDS_SEEN = 30
    SIGNALS = 31


@kernel(each=True)
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox 4x32-10 for a counter and a key (all uint64)."""
    mask = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        product0 = np.uint64(0xD2511F53) * c0
        product1 = np.uint64(0xCD9E8D57) * c2
        c0 = ((product1 >> np.uint64(32)) ^ c1 ^ k0) & mask
        c1 = product1 & mask
        c2 = ((product0 >> np.uint64(32)) ^ c3 ^ k1) & mask
        c3 = product0 & mask
        k0 = (k0 + np.uint64(0x9E3779B9)) & mask
        k1 = (k1 + np.uint64(0xBB67AE85)) & mask
    return c0, c1, c2, c3


@kernel(each=True)
def draw(seed: np.uint64, stream: int, week: int, person: int, pair: int) -> Words:
    """Return four independent uniforms in (0, 1) for one key.

    Parameters
    ----------
    seed : uint64
    stream, week, person, pair : int
        Each from 0 to 2**32 - 1; `pair` is 0 where only one thing is involved.
    """
    mask = np.uint64(0xFFFFFFFF)
    words = philox(
        np.uint64(person) & mask,
        np.uint64(pair) & mask,
        np.uint64(week) & mask,
        np.uint64(stream) & mask,
        seed & mask,
        seed >> np.uint64(32),
    )
    scale = 2.0**-32
    return (
        (np.float64(words[0]) + 0.5) * scale,
        (np.float64(words[1]) + 0.5) * scale,
        (np.float64(words[2]) + 0.5) * scale,
        (np.float64(words[3]) + 0.5) * scale,
    )


LOGISTIC_SD = math.pi / math.sqrt(3.0)
"""Standard deviation of `logit` of a uniform."""


@kernel(each=True)
def logit(uniform: float) -> float:
    """Return a standard logistic variate by the inverse of its distribution function."""
    return math.log(uniform / (1.0 - uniform))


@kernel(parallel=True)
def _fill(
    seed: np.uint64, stream: int, week: int, people: np.ndarray, pair: int, out: np.ndarray
) -> None:
    for row in numba.prange(people.size):
        words = draw(seed, stream, week, people[row], pair)
        for word in range(N_WORDS):
            out[row, word] = words[word]


def check_seed(seed: int) -> np.uint64:
    """Return a seed as the generator's key.

    Raises
    ------
    InputError
        If it is not a whole number from 0 to 2**64 - 1. Zero is a seed like any other.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise InputError(f"seed must be a whole number from 0 to 2**64 - 1, got {seed!r}")
    if not 0 <= int(seed) < SEED_LIMIT:
        raise InputError(f"seed must be a whole number from 0 to 2**64 - 1, got {seed}")
    return np.uint64(seed)


def new_seed() -> int:
    """Return a seed nobody chose, 0 to 2**63 - 1: what fits a column of seeds."""
    return secrets.randbits(63)


def uniforms(seed: int, stream: Stream, people: np.ndarray, *, week: int = 0, pair: int = 0):
    """Return four uniforms in (0, 1) for each of many people.

    Parameters
    ----------
    seed : int
    stream : Stream
    people : ndarray of int, shape (n,)
        Permanent ids, not positions.
    week, pair : int

    Returns
    -------
    ndarray of float64, shape (n, 4)
        Empty for no people.
    """
    people = np.asarray(people, dtype=np.int64)
    out = np.empty((people.size, N_WORDS))
    with threads_for(people.size):
        _fill(check_seed(seed), int(stream), int(week), people, int(pair), out)
    return out
