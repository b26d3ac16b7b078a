"""Tables on support in the folder of a comparison: who has a job because of it, at what cost.

Every run is paired with the run without support of the same seed. Runs are read one at a time,
only the columns that are needed, and little is kept of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from experiments.comparisons.arms import Arm
from experiments.comparisons.null import null_table
from experiments.comparisons.tables import RunKey
from experiments.files.replacing import replace_file
from experiments.models.programme import has_support, without_support
from simulation.results.journeys import COLUMNS as CLIENT_COLUMNS
from simulation.results.support_tables import Measured, combine, measure_run
from simulation.results.support_values import common_outcomes
from simulation.results.unit_costs import NOT_BOUNDED

FRAMES: dict[str, Sequence[str] | None] = {
    "clients": CLIENT_COLUMNS,
    "money": None,
    "coverage": None,
    "partners": None,
    "people": None,
}
"""Frames of a run that are read, and which columns; None is all of them."""
PRINTED = (
    "employment_rate_end", "ni152_end", "claimant_gap_end", "long_term_workless_share_end",
    "engaged", "served", "job_entries", "sustained_26_weeks", "left_waiting", "over_provision",
    "spend_gbp",
)  # fmt: skip
"""Outcomes shown on a terminal where there is support; `summary.csv` has all."""
NET = {
    "gross": "clients in work",
    "deadweight": "without it too",
    "net": "net effect",
    "cost_per_job_gbp": "GBP a job",
    "cost_per_additional_job_gbp": "GBP a job more",
}
MEANS = ("additionality", "journey", "coverage", "spend", "partners")
OF_BASELINE = ("person", "employer_w", "in_work_")
"""How the columns begin that are read of a run without support."""


def left_out(arms: Sequence[Arm], *, baseline: str) -> dict[str, str]:
    """Say of which arms with support it cannot be told who has a job because of it, and why.

    Parameters
    ----------
    arms : sequence of Arm
    baseline : str
        The name of one of them.

    Returns
    -------
    dict of str to str
        The reason by name of arm; arms that can be paired are not in it.
    """
    base = next(arm for arm in arms if arm.name == baseline)
    reasons = {}
    for arm in arms:
        if not has_support(arm.config) or arm.name == baseline:
            continue
        if has_support(base.config):
            reasons[arm.name] = (
                f"the baseline {baseline} has support itself; give baseline= an arm of regime=none"
            )
        elif without_support(arm.config) != without_support(base.config):
            reasons[arm.name] = f"it differs from the baseline {baseline} in more than support"
    return reasons


def write_support(
    folder: Path,
    runs: Sequence[RunKey],
    *,
    arms: Sequence[Arm],
    baseline: str,
    monthly: pd.DataFrame,
) -> pd.DataFrame:
    """Write the tables on support of finished runs; return outcomes of support for the summary.

    Parameters
    ----------
    folder : Path
        Of the comparison.
    runs : sequence of (arm, seed, folder)
    arms : sequence of Arm
    baseline : str
        The arm the others are paired with.
    monthly : DataFrame
        Months of the area as a whole of all runs, as `results.whole_area` reads them.

    Returns
    -------
    DataFrame
        arm, seed, outcome, value, unit: the outcomes that every run has.
    """
    measured = list(measure_all(runs, arms=arms, baseline=baseline))
    supported = {arm.name for arm in arms if has_support(arm.config)}
    tables = combine([each for each in measured if each[0] in supported])
    for name in MEANS:
        _write(folder / f"{name}.csv", tables[name])
    null = null_table(measured, monthly, config=arms[0].config, baseline=baseline)
    if len(null):
        _write(folder / "null.csv", null)
    else:
        (folder / "null.csv").unlink(missing_ok=True)
    outcomes = [each.outcomes.assign(arm=arm, seed=seed) for arm, seed, each in measured]
    return common_outcomes(pd.concat(outcomes, ignore_index=True))


def measure_all(
    runs: Sequence[RunKey], *, arms: Sequence[Arm], baseline: str
) -> Iterator[tuple[str, int, Measured]]:
    """Measure every run, each paired with the baseline's of its seed where that makes sense."""
    of_arm = {arm.name: arm.config for arm in arms}
    unpaired = left_out(arms, baseline=baseline)
    for seed in dict.fromkeys(seed for _, seed, _ in runs):
        own = {arm: folder for arm, each, folder in runs if each == seed}
        without = _employers(own[baseline]) if not has_support(of_arm[baseline]) else None
        for arm, folder in own.items():
            config = of_arm[arm]
            is_paired = has_support(config) and arm not in unpaired
            yield (
                arm,
                seed,
                measure_run(
                    read_frames(folder) if has_support(config) else {},
                    without if is_paired else None,
                    people_per_agent=config.people_per_agent,
                    n_weeks=config.weeks,
                ),
            )


def read_frames(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the frames of one run that are measured, no column more."""
    paths = {name: folder / f"{name}.parquet" for name in FRAMES}
    return {
        name: pd.read_parquet(path, columns=None if FRAMES[name] is None else list(FRAMES[name]))
        for name, path in paths.items()
        if path.exists()
    }


def _employers(folder: Path) -> pd.DataFrame | None:
    """Read who worked where in a run without support; None if it was not kept."""
    path = folder / "people.parquet"
    if not path.exists():
        return None
    names = pq.read_schema(path).names
    return pd.read_parquet(path, columns=[name for name in names if name.startswith(OF_BASELINE)])


def _write(path: Path, table: pd.DataFrame) -> None:
    replace_file(path, lambda temporary: table.to_csv(temporary, index=False))


def net_text(table: pd.DataFrame, reasons: dict[str, str]) -> str:
    """Lay out from gross to net and what it cost, an arm a line, for reading.

    Parameters
    ----------
    table : DataFrame
        The table of additionality.
    reasons : dict of str to str
        Why arms are left out, as `left_out` gives it.
    """
    area = table[table["scope"] == "all"].set_index(["arm", "outcome"])
    arms = [arm for arm in dict.fromkeys(table["arm"]) if (arm, "net") in area.index]
    lines = [f"additionality of {arm} is left out: {why}" for arm, why in reasons.items()]
    if arms:
        width = max(map(len, arms)) + 4
        heads = "".join(f"{head:>17}" for head in NET.values())
        lines.append("Who is in work because of support (people)\n" + " " * width + heads)
    for arm in arms:
        cells = [_cell(area, arm, outcome) for outcome in NET]
        lines.append(f"  {arm:<{width - 2}}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _cell(area: pd.DataFrame, arm: str, outcome: str) -> str:
    """Write one number: a cost without an upper limit as its least, an unknown one as nothing."""
    if (arm, outcome) not in area.index:
        return ""
    row = area.loc[(arm, outcome)]
    if row["note"] == NOT_BOUNDED:
        return f"over {row['low']:,.0f}"
    half = "" if outcome != "net" or pd.isna(row["low"]) else f" +-{row['high'] - row['mean']:,.0f}"
    return f"{row['mean']:,.0f}{half}"
