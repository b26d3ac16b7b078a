"""The categories everything is counted by, and the units of time and money, each in one place.

The order of a category is the code stored in each column.

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
N_STATES = len(STATES)
BENEFIT_STATES = (State.JSA, State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT)
BENEFITS = tuple(STATES[state] for state in BENEFIT_STATES)

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
N_SECTORS = len(SECTORS)
PUBLIC_SECTORS = ("public", "health")

LEVELS = (0, 1, 2, 3, 4)
"""Qualification levels of people and skill levels of jobs: none, 1, 2, 3, 4 and above."""
N_LEVELS = len(LEVELS)

AGE_BANDS = ("16_24", "25_34", "35_49", "50_64")
AGE_BAND_STARTS = (16, 25, 35, 50)
AGE_LEAVES = 65

WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365.25
PENCE_PER_POUND = 100
AFTER_WEEKS = (13, 26, 52, 104)
"""Weeks after a closure at which it is told what became of those who lost work."""
MARK_WEEKS, MARKS_A_WORD = 4, 64
"""Who is in work, and who claims, at the end of every fourth week is kept as one bit each."""
LEFT = "left"
"""Stands for the state of who has left the area or its working age: the slot is somebody else's."""
START_WEEKS = 16 * WEEKS_PER_YEAR
"""Age in the one week in which a slot begins again with a school leaver."""
ADULT_WEEKS = 18 * WEEKS_PER_YEAR
"""Age from which people claim benefits for themselves."""
STILL_HERE = -1
"""The week in which somebody left who has not."""
LEAVES_WEEKS = AGE_LEAVES * WEEKS_PER_YEAR

ETHNICITIES = ("white", "mixed", "asian", "black", "other")

SIZE_BANDS = ("1_9", "10_49", "50_249", "250_plus")
SIZE_BAND_LIMITS = ((1, 9), (10, 49), (50, 249), (250, 2000))

CLIENT_GROUPS = (
    "jsa_under_6_months",
    "jsa_6_to_12_months",
    "jsa_over_12_months",
    "ib_esa",
    "lone_parent",
    "other_benefit",
    "no_benefit",
    "employed",
)
"""Whom funders may help, by present state and, on JSA, weeks in it."""
N_CLIENT_GROUPS = len(CLIENT_GROUPS)


class Stage(IntEnum):
    """The stage of the client journey a person is in; tables by stage have it at `stage - 1`.

    Source: Regional Employability Framework (Dutton and Lindsay 2009).
    """

    NO_CLIENT = 0
    ENGAGEMENT = 1
    ACTION_PLANNING = 2
    SERVICES = 3
    PLACEMENT = 4
    AFTERCARE = 5


STAGES = tuple(stage.name.lower() for stage in Stage if stage is not Stage.NO_CLIENT)
N_STAGES = len(STAGES)

BARRIERS = (
    "basic_skills",
    "childcare",
    "transport",
    "debt",
    "housing",
    "addiction",
    "record",
    "low_confidence",
)
N_BARRIERS = len(BARRIERS)

PAYMENT_GROUPS = (
    "jsa_18_24",
    "jsa_25_plus",
    "jsa_early_access",
    "jsa_ex_ib",
    "esa_volunteers",
    "esa_new",
    "esa_ex_ib",
    "ib_is_volunteers",
    "jsa_prison_leavers",
)
"""Payment groups 1 to 9 of the Work Programme, by which tariffs may differ."""

CLIENT_EVENTS = (
    "engaged",
    "did_not_go_on",
    "assessed",
    "assessed_again",
    "service_started",
    "parked",
    "barrier_lifted",
    "training_started",
    "training_completed",
    "placement_started",
    "work_trial",
    "job_entry",
    "aftercare_started",
    "sustained_13_weeks",
    "sustained_26_weeks",
    "sustained_52_weeks",
    "job_lost",
    "waiting",
    "left_waiting",
    "lost_at_hand_over",
    "dropped_out",
    "completed",
    "provider_closed",
    "left_area",
    "paid_for_result",
    "helped",
    "ready_for_work",
)
"""What can stand on a client's record; `helped` is a place of an intervention taken."""
