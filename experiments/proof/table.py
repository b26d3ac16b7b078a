"""The table of digests: the one that is shipped, and how those found differ from it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from experiments.files.replacing import replace_file
from experiments.proof.digests import GROUPS, Digests
from simulation.inputs.columns import text
from simulation.inputs.csv_files import read_table as read_csv

SHIPPED = Path(__file__).with_name("digests.csv")
COLUMNS = ("run", "frames", "digest")
SCHEMA = pa.DataFrameSchema({name: text() for name in COLUMNS}, strict=True)


def read_table(path: Path = SHIPPED) -> Digests:
    """Read a table of digests.

    Raises
    ------
    InputError
        If it cannot be read or is none.
    """
    table = read_csv(path.parent, path.name, SCHEMA)
    table.refuse(path.parent)
    rows = table.frame[list(COLUMNS)].itertuples(index=False)
    return {(run, frames): digest for run, frames, digest in rows}


def write_table(path: Path, found: Digests) -> None:
    """Write digests as a table, a line each."""
    rows = [(run, frames, digest) for (run, frames), digest in found.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    replace_file(path, lambda part: table.to_csv(part, index=False, lineterminator="\n"))


def as_text(found: Digests) -> str:
    """Lay digests out in Markdown, a line a run and a column a group of frames."""
    runs = dict.fromkeys(run for run, _ in found)
    width = max(map(len, runs))
    lines = [("run", *GROUPS), ("---",) * (1 + len(GROUPS))]
    lines += [(run, *(found.get((run, group), "") for group in GROUPS)) for run in runs]
    return "\n".join(
        f"| {first:<{width}} | {' | '.join(f'{cell:<16}' for cell in cells)} |"
        for first, *cells in lines
    )


def unexpected(found: Digests, expected: Digests) -> list[str]:
    """Say of each group of frames of the runs found what else was expected, one line each."""
    runs = {run for run, _ in found}
    groups = dict.fromkeys([*found, *(group for group in expected if group[0] in runs)])
    return [
        f"{run}: {frames} differ: {found.get((run, frames), 'nothing')}, expected"
        f" {expected.get((run, frames), 'nothing')}"
        for run, frames in groups
        if found.get((run, frames)) != expected.get((run, frames))
    ]
