"""Scenario grids: what a choice changes, all else being equal, and where it changes more.

A grid has a run for every combination of its factors and every seed. The difference of a point
from the baseline is taken from the point that has the baseline's values and is alike in all other
factors, within each seed, so that both met the same luck. A difference of two such differences is
an interaction: does help change less where the queue is stronger?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.studies.pairs import check_factor, partners, seed_tables
from simulation.errors import InputError
from simulation.report.pen import unit_of_difference
from simulation.results.paired import ONE_SEED_NOTE, mean_interval

DIFFERENCE_COLUMNS = (
    "outcome",
    "unit",
    "difference_unit",
    "mean",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "n_seeds",
    "note",
)
"""Columns of `paired_differences` after those of the factors."""
INTERACTION_COLUMNS = (
    "by",
    "reference",
    "outcome",
    "unit",
    "difference",
    "difference_at_reference",
    "interaction",
    "low",
    "high",
    "n_seeds",
    "note",
)
"""Columns of `interactions` after those of the factors."""
NO_BASELINE_NOTE = "the baseline does not have it"
NOWHERE_NOTE = "no run has it"


def paired_differences(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    baseline: Mapping[str, Any] | None,
    outcomes: Sequence[str],
    *,
    units: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Give mean and difference from the baseline of every point and outcome, with intervals.

    Parameters
    ----------
    points : DataFrame
        Index `point`, one column a factor.
    runs : DataFrame
        point, seed and one float64 column an outcome; NaN where a run does not have it.
    baseline : mapping of str to value, or None
        Values of some factors, as {"regime": "none"}; each point is compared with the one that has
        these values and is alike in all other factors. None gives no differences.
    outcomes : sequence of str
    units : mapping of str to str, optional
        Unit by outcome.
    level : float
        Coverage of the t intervals over seeds.

    Returns
    -------
    DataFrame
        Columns of the factors, then `DIFFERENCE_COLUMNS`, one row a point and outcome. Differences
        of the baseline itself are NaN; intervals are NaN for one seed. `n_seeds` counts the seeds
        that the last figures of the row rest on: pairs where there is a baseline.

    Raises
    ------
    InputError
        When the baseline names what is no factor or no value of it, when the baseline lacks a
        combination of other factors, when an outcome is no column, or when a run is there twice.
    """
    tables = seed_tables(points, runs, outcomes)
    partner = None if baseline is None else partners(points, baseline)
    records = []
    for place in range(len(points)):
        base = None if partner is None or partner[place] == place else partner[place]
        for outcome in outcomes:
            row = _difference(tables[outcome], place, base, level=level)
            unit = (units or {}).get(outcome, "")
            records.append((place, outcome, unit, unit_of_difference(unit), *row))
    return _with_factors(points, records, DIFFERENCE_COLUMNS)


def interactions(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    baseline: Mapping[str, Any],
    by: str,
    outcomes: Sequence[str],
    reference: Any = None,
    units: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say whether a difference from the baseline depends on another factor.

    Parameters
    ----------
    points, runs, baseline, outcomes, units, level
        As in `paired_differences`.
    by : str
        The factor that may change the difference, as "hiring.strength".
    reference : value, optional
        The value of it the others are compared with; the first of the design if left out.

    Returns
    -------
    DataFrame
        Columns of the factors, then `INTERACTION_COLUMNS`, one row a point (those of the baseline
        and of the reference left out) and outcome. `interaction` is the difference from the
        baseline at this point less the difference at the point alike in all but `by`, which has
        the reference; its interval is over seeds, all four runs of a seed taken together.

    Raises
    ------
    InputError
        As `paired_differences`, and when `by` is no factor, or is one of the baseline.
    """
    if by in baseline:
        raise InputError(
            f"interaction by {by}: it is part of the baseline; give one of"
            f" {', '.join(str(name) for name in points.columns if name not in baseline)}"
        )
    check_factor(points, by, where="interaction by")
    value = points[by].iloc[0] if reference is None else reference
    tables = seed_tables(points, runs, outcomes)
    base, there = partners(points, baseline), partners(points, {by: value})
    records = []
    for place in range(len(points)):
        if base[place] == place or there[place] == place:
            continue
        for outcome in outcomes:
            table = tables[outcome]
            here = table[place] - table[base[place]]
            far = table[there[place]] - table[base[there[place]]]
            records.append(
                (
                    place,
                    by,
                    value,
                    outcome,
                    unit_of_difference((units or {}).get(outcome, "")),
                    *_interaction(here, far, level=level),
                )
            )
    return _with_factors(points, records, INTERACTION_COLUMNS)


def all_interactions(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    baseline: Mapping[str, Any],
    outcomes: Sequence[str],
    units: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the interactions by every factor that is not of the baseline, each from its first value.

    Parameters and errors are those of `interactions`; without such factors there are no rows.
    """
    tables = [
        interactions(
            points,
            runs,
            baseline=baseline,
            by=str(name),
            outcomes=outcomes,
            units=units,
            level=level,
        )
        for name in points.columns
        if name not in baseline
    ]
    empty = pd.DataFrame(columns=[*points.columns, *INTERACTION_COLUMNS])
    return pd.concat(tables, ignore_index=True) if tables else empty


def _difference(
    table: NDArray[np.float64], place: int, base: int | None, *, level: float
) -> tuple[Any, ...]:
    """Compute the statistics of one point and outcome; `table` is points by seeds."""
    own = table[place][np.isfinite(table[place])]
    mean = _interval(own, level)
    if base is None:
        return (*mean, np.nan, np.nan, np.nan, own.size, _note(own.size, table.shape[1]))
    pairs = table[place] - table[base]
    pairs = pairs[np.isfinite(pairs)]
    note = _note(pairs.size, table.shape[1])
    if own.size and not np.isfinite(table[base]).any():
        note = NO_BASELINE_NOTE
    return (*mean, *_interval(pairs, level), pairs.size, note)


def _interaction(
    here: NDArray[np.float64], far: NDArray[np.float64], *, level: float
) -> tuple[Any, ...]:
    """Compute the statistics of one interaction from the differences of each seed."""
    both = np.isfinite(here) & np.isfinite(far)
    means = [float(each[both].mean()) if both.any() else np.nan for each in (here, far)]
    interval = _interval((here - far)[both], level)
    return (*means, *interval, int(both.sum()), _note(int(both.sum()), here.size))


def _interval(values: NDArray[np.float64], level: float) -> tuple[float, float, float]:
    if not values.size:
        return np.nan, np.nan, np.nan
    mean, low, high = mean_interval(values, level=level)
    return float(mean), float(low), float(high)


def _note(n_found: int, n_seeds: int) -> str:
    """Say what to beware of where not every seed counts."""
    if n_found == 0:
        return NOWHERE_NOTE
    notes = [ONE_SEED_NOTE] if n_found == 1 else []
    notes += [f"{n_found} of {n_seeds} seeds have it"] if n_found < n_seeds else []
    return "; ".join(notes)


def _with_factors(
    points: pd.DataFrame, records: Sequence[tuple], columns: Sequence[str]
) -> pd.DataFrame:
    """Put the factors of each record's point, whose place is its first entry, in front."""
    places = [record[0] for record in records]
    table = pd.DataFrame([record[1:] for record in records], columns=list(columns))
    factors = points.iloc[places].reset_index(drop=True)
    return pd.concat([factors, table], axis=1)
