"""Tables of providers and of the types a market is generated from: read strictly, checked.

The format of both is documented in `docs/providers.md`; every problem is one line.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from simulation.categories import BARRIERS, CLIENT_GROUPS, STAGES
from simulation.inputs.area import Area
from simulation.inputs.columns import flag, measure, one_of, several, text, unique_name
from simulation.inputs.csv_files import Table, read_table
from simulation.inputs.named_wards import ALLOWED as PLACES_ALLOWED
from simulation.inputs.named_wards import WardNames

OWNERSHIPS = ("public", "private", "voluntary")
REACHES = ("radius", "district", "area")
HOMES = ("residents", "priority", "claimants", "districts")

COST_COLUMNS = tuple(f"cost_{stage}_gbp" for stage in STAGES)
GROUP_COLUMNS = tuple(f"group_{group}" for group in CLIENT_GROUPS)
BARRIER_COLUMNS = tuple(f"barrier_{barrier}" for barrier in BARRIERS)
MOST_CLIENTS_STRENGTH = 10.0
MOST_GBP = 1e6

_STRENGTHS = {
    **{column: measure(0, MOST_GBP) for column in COST_COLUMNS},
    **{column: measure(0, MOST_CLIENTS_STRENGTH) for column in GROUP_COLUMNS + BARRIER_COLUMNS},
}
TYPES = pa.DataFrameSchema(
    {
        "type": unique_name("a type"),
        "per_million": measure(0, 1e4),
        "ownership": one_of(OWNERSHIPS),
        "reach": one_of(REACHES),
        "radius_km": measure(0, 1000),
        "home": one_of(HOMES),
        "stages": several(STAGES),
        "advisers_low": measure(0, 1e4),
        "advisers_high": measure(0, 1e4),
        "quality_mean": measure(0, 10),
        "quality_spread": measure(0, 2),
        "trust_low": measure(0, 1),
        "trust_high": measure(0, 1),
        "cash_weeks": measure(0, 520),
        "p_shares_records": measure(0, 1),
        "p_network": measure(0, 1),
        "can_be_prime": flag(),
        **_STRENGTHS,
        "source": text(),
    },
    strict=True,
)
PROVIDERS = pa.DataFrameSchema(
    {
        "id": unique_name("an id"),
        "name": text(),
        "type": text(),
        "ownership": one_of(OWNERSHIPS),
        "where": text(),
        "stages": several(STAGES),
        "advisers": measure(0, 1e5),
        "quality": measure(0, 10),
        "trust": measure(0, 1),
        "cash_gbp": measure(0, 1e9),
        "shares_records": flag(),
        "network": text(empty=True),
        "can_be_prime": flag(),
        **_STRENGTHS,
    },
    strict=True,
)


def read_types(path: Path) -> pd.DataFrame:
    """Return the checked table of types, in the order of the file.

    Raises
    ------
    InputError
        One line a problem: file, row (line in the file), column, value, what is allowed.
    """
    table = read_table(path.parent, path.name, TYPES)
    if not table.problems:
        _check_types(table)
    table.refuse(path.parent)
    return table.frame.reset_index(drop=True)


def read_market(path: Path, area: Area) -> pd.DataFrame:
    """Return the checked table of providers, in the order and the columns documented.

    Raises
    ------
    InputError
        One line a problem, among them places the area does not know.
    """
    table = read_table(path.parent, path.name, PROVIDERS)
    if "where" in table.frame:
        names = WardNames(area.wards)
        for line, cell in table.frame["where"].items():
            wards, unknown = names.named(cell)
            if not wards.any():
                table.report(line, "where", cell if unknown is None else unknown, PLACES_ALLOWED)
    table.refuse(path.parent)
    return table.frame[list(PROVIDERS.columns)].reset_index(drop=True)


def _check_types(table: Table) -> None:
    """Check that ranges are ranges and that a radius is given where it is needed."""
    for low, high in (("advisers_low", "advisers_high"), ("trust_low", "trust_high")):
        wrong = table.frame[table.frame[high] < table.frame[low]]
        for line, row in wrong.iterrows():
            table.report(line, high, row[high], f"at least {low}, {row[low]:g}")
    near = table.frame[(table.frame["reach"] == "radius") & (table.frame["radius_km"] == 0)]
    for line, row in near.iterrows():
        table.report(line, "radius_km", row["radius_km"], "above 0 where reach is radius")
