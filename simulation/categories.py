"""The categories everything is counted by; the order here is the code stored in each column.

Sources: benefit groups and worklessness, `docs/ODD.md` section 2; sectors as the business plan
of the Birmingham, Coventry and Black Country City Strategy (2007) groups them.
"""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """The one labour-market state each person of working age is in."""

    EMPLOYED = 0
    JSA = 1
    IB_ESA = 2
    LONE_PARENT = 3
    OTHER_BENEFIT = 4
    SEEKING_NO_BENEFIT = 5
    INACTIVE_NO_BENEFIT = 6


STATES = tuple(state.name.lower() for state in State)
BENEFIT_STATES = (State.JSA, State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT)

SECTORS = (
    "manufacturing",
    "construction",
    "retail",
    "hospitality",
    "transport",
    "business",
    "public",
    "health",
    "other",
)
PUBLIC_SECTORS = ("public", "health")

LEVELS = (0, 1, 2, 3, 4)
"""Qualification levels of people and skill levels of jobs: none, 1, 2, 3, 4 and above."""

AGE_BANDS = ("16_24", "25_34", "35_49", "50_64")
AGE_BAND_STARTS = (16, 25, 35, 50)
AGE_LEAVES = 65

ETHNICITIES = ("white", "mixed", "asian", "black", "other")

SIZE_BANDS = ("1_9", "10_49", "50_249", "250_plus")
SIZE_BAND_LIMITS = ((1, 9), (10, 49), (50, 249), (250, 2000))
