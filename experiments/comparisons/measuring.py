"""Frames of a comparison from its finished runs: each measured once, where it was made, and kept.

What was measured of a run lies in a file beside its frames, so that the same command does not
measure again what has not changed, and no process ever holds more than two runs.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pandas as pd

from experiments.comparisons.asked import Asked
from experiments.comparisons.pairs import Folders, Pair, pairs_of
from experiments.models import LABOUR_MARKET, model_named
from experiments.running.side_by_side import side_by_side
from simulation.errors import InputError
from simulation.files.listing import read_listing
from simulation.files.placing import add_file
from simulation.finished.names import MANIFEST
from simulation.finished.run import Run
from simulation.results.measured import CELLS, mean_over_seeds, measure, stack

MEASURED, IDENTITY = "measured.zip", "of.json"


def frames_of(asked: Asked, folders: Folders, *, processes: int) -> dict[str, pd.DataFrame]:
    """Measure every run, paired with the baseline's of its seed where that makes sense.

    Parameters
    ----------
    asked : Asked
    folders : mapping of (str, int) to Path
    processes : int
        Runs measured at a time, at most.

    Returns
    -------
    dict of str to DataFrame
        monthly (arm, seed, date, ward, group, outcome, value); wards; outcomes and pairs with arm
        and seed, participants, period and dose_cells with arm and seed too; journey, coverage,
        spend and partners with arm, means over seeds: as `measure` gives them.
    """
    pairs = pairs_of(asked, folders)
    kept = {of_run: kept_of(pair) for of_run, pair in pairs.items()}
    missing = [pairs[of_run] for of_run, found in kept.items() if found is None]
    side_by_side(measure_and_keep, missing, processes=processes)
    frames = stack(_measured(pairs, kept))
    means = {
        name: mean_over_seeds(frames[name], keys, n_seeds=len(asked.seeds))
        for name, keys in CELLS.items()
    }
    names = dict.fromkeys(("arm", "ward", "group", "outcome"), "category")
    cells = dict.fromkeys(("arm", "ward", "group"), "category")
    more = {"monthly": frames["monthly"].astype(names), "period": frames["period"].astype(cells)}
    first = Run.load(folders[asked.baseline, asked.seeds[0]])
    return frames | means | more | {"wards": first.wards}


def measure_made(pair: Pair, run: Run) -> None:
    """Measure a run where it was made and keep what was found.

    What cannot be, such as a run whose baseline is not there yet, is left to `frames_of`.
    """
    with suppress(InputError):
        _keep(pair, run)


def measure_and_keep(pair: Pair) -> None:
    """Measure a run that was made before and keep what was found beside its frames.

    Raises
    ------
    InputError
        If a frame cannot be used.
    """
    _keep(pair, Run.load(pair.run))


def _keep(pair: Pair, run: Run) -> None:
    # The baseline is read anew each time: a worker that kept it had less room for its next run.
    baseline = None if pair.baseline is None else Run.load(pair.baseline)
    identity = _identity(pair)
    found = measure(run, baseline)
    add_file(pair.run, MEASURED, partial(_write, frames=found, identity=identity))


def _measured(
    pairs: Mapping[tuple[str, int], Pair],
    kept: Mapping[tuple[str, int], Mapping[str, pd.DataFrame] | None],
) -> Iterator[tuple[str, int, Mapping[str, pd.DataFrame]]]:
    """Give months and what was measured, run by run."""
    for (arm, seed), pair in pairs.items():
        monthly = pd.read_parquet(pair.run / "monthly.parquet")
        yield arm, seed, {"monthly": monthly, **(kept[arm, seed] or kept_of(pair) or {})}


def _identity(pair: Pair) -> dict[str, str | None]:
    """Return what the measures of a run depend on: code, and both runs."""
    return {
        "code": model_named(LABOUR_MARKET).version(),
        "run": _stamp(pair.run),
        "baseline": None if pair.baseline is None else _stamp(pair.baseline),
    }


def _stamp(folder: Path) -> str:
    """Return a digest of a run's manifest, which says when it was run, of what and by what."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _write(path: Path, *, frames: Mapping[str, pd.DataFrame], identity: object) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr(IDENTITY, json.dumps(identity))
        for name, frame in frames.items():
            archive.writestr(name, frame.to_parquet(index=False))


def kept_of(pair: Pair) -> dict[str, pd.DataFrame] | None:
    """Return what was measured before of a run; None if it was not, or something has changed."""
    listing = read_listing(pair.run)
    if listing is None or not listing.is_as_written(pair.run, MEASURED):
        return None
    try:
        with ZipFile(pair.run / MEASURED) as archive:
            if json.loads(archive.read(IDENTITY)) != _identity(pair):
                return None
            names = [name for name in archive.namelist() if name != IDENTITY]
            return {name: pd.read_parquet(io.BytesIO(archive.read(name))) for name in names}
    except (OSError, ValueError, KeyError, BadZipFile):
        return None
