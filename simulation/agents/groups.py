"""The groups by which outcomes are counted, ward by ward: everyone, each dimension of a person."""

from __future__ import annotations

import numpy as np

from simulation.agents.columns import People, age_band
from simulation.categories import AGE_BANDS, ETHNICITIES, LEVELS
from simulation.compile import kernel

HEALTHS = ("none", "limiting", "severe")

GROUPS = (
    "all",
    *(f"age:{band}" for band in AGE_BANDS),
    *(f"ethnicity:{name}" for name in ETHNICITIES),
    *(f"qualification:{level}" for level in LEVELS),
    "priority:0",
    "priority:1",
    *(f"health:{name}" for name in HEALTHS),
    "lone_parent:0",
    "lone_parent:1",
)
"""Names in the order of the columns of every table of counts, which has a row for each ward."""

N_GROUPS = len(GROUPS)
AGE_FIRST = GROUPS.index("age:16_24")
ETHNICITY_FIRST = GROUPS.index("ethnicity:white")
QUALIFICATION_FIRST = GROUPS.index("qualification:0")
PRIORITY_FIRST = GROUPS.index("priority:0")
HEALTH_FIRST = GROUPS.index("health:none")
LONE_PARENT_FIRST = GROUPS.index("lone_parent:0")


@kernel(each=True)
def groups_of(people: People, row: int, is_priority: np.ndarray) -> tuple[int, ...]:
    """Return the seven groups that a person belongs to; the first is everyone."""
    return (
        0,
        AGE_FIRST + age_band(people.age_weeks[row]),
        ETHNICITY_FIRST + people.ethnicity[row],
        QUALIFICATION_FIRST + people.qualification[row],
        PRIORITY_FIRST + int(is_priority[people.ward[row]]),
        HEALTH_FIRST + people.health[row],
        LONE_PARENT_FIRST + int(people.is_lone_parent[row]),
    )


@kernel(each=True)
def count(table: np.ndarray, people: People, row: int, is_priority: np.ndarray) -> None:
    """Add one to a table of counts, int64 (n_wards, N_GROUPS), in each of a person's groups."""
    ward = people.ward[row]
    for group in groups_of(people, row, is_priority):
        table[ward, group] += 1
