"""The columns of an area folder's tables and what each may hold."""

from __future__ import annotations

import pandera.pandas as pa

from simulation.categories import AGE_BANDS, ETHNICITIES, LEVELS, SECTORS, SIZE_BANDS, STATES
from simulation.inputs.columns import column, one_of, text
from simulation.inputs.named_wards import NO_WORD, is_no_word

STATE_COLUMNS = STATES
QUALIFICATION_COLUMNS = tuple(f"qual_{level}" for level in LEVELS)
AGE_COLUMNS = tuple(f"age_{band}" for band in AGE_BANDS)
ETHNICITY_COLUMNS = tuple(f"eth_{group}" for group in ETHNICITIES)
IDENTITIES = (STATE_COLUMNS, QUALIFICATION_COLUMNS, AGE_COLUMNS, ETHNICITY_COLUMNS)
JOB_COLUMNS = tuple(f"jobs_{band}" for band in SIZE_BANDS)

MOST_PEOPLE = 100_000_000
"""Of a ward: more is no area but a slip of the keyboard."""


def _whole(least: int) -> pa.Column:
    allowed = f"a whole number >= {least} and at most {MOST_PEOPLE}"
    return column(int, allowed, pa.Check.in_range(least, MOST_PEOPLE))


def _counts(names: tuple[str, ...]) -> dict[str, pa.Column]:
    return {name: _whole(0) for name in names}


def _measure(allowed: str, low: float, high: float, *, required: bool) -> pa.Column:
    return column(float, allowed, pa.Check.in_range(low, high), required=required)


def _place(what: str, **options: bool) -> pa.Column:
    check = pa.Check(lambda cell: cell != "" and is_no_word(cell), element_wise=True, name="place")
    return column(str, f"{what}, {NO_WORD}", check, **options)


WARDS = pa.DataFrameSchema(
    {
        "code": _place("a code no other row has", unique=True),
        "name": _place("a name"),
        "district": _place("a name"),
        "easting": _measure("metres", -1e7, 1e7, required=False),
        "northing": _measure("metres", -1e7, 1e7, required=False),
        "longitude": _measure("degrees from -180 to 180", -180, 180, required=False),
        "latitude": _measure("degrees from -90 to 90", -90, 90, required=False),
        "priority": one_of((0, 1)),
        "daf": column(int, "one of 0, 1", pa.Check.isin((0, 1)), required=False),
        "residents": _whole(1),
        **_counts(sum(IDENTITIES, ())),
        "deprivation": _measure("a number", -1e9, 1e9, required=False),
    },
    strict=True,
)
JOBS = pa.DataFrameSchema(
    {"ward": text(), "sector": one_of(SECTORS), **_counts(JOB_COLUMNS)}, strict=True
)
COMMUTING = pa.DataFrameSchema(
    {"home": text(), "work": text(), **_counts(("people",))}, strict=True
)
JOINT = pa.DataFrameSchema(
    {
        "age": one_of(AGE_BANDS),
        "ethnicity": one_of(ETHNICITIES),
        "qualification": one_of(LEVELS),
        "state": one_of(STATES),
        "people": _measure("a number >= 0", 0, 1e12, required=True),
    },
    strict=True,
)
