"""Tables written to files for other programs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.files.folders import check_file
from experiments.files.replacing import replace_file
from simulation.errors import InputError

FORMATS = (".csv", ".parquet")


def table_path(output: str, *, overwrite: bool) -> Path:
    """Return the file a table is to be written to, once it is seen that it can be.

    Raises
    ------
    InputError
        If the name does not tell the format, or the file is there or cannot be.
    """
    path = Path(output).expanduser()
    if path.suffix not in FORMATS:
        raise InputError(f"output={path}: the name must end in {' or '.join(FORMATS)}")
    check_file(path, overwrite=overwrite)
    return path


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV or Parquet, whole or not at all.

    Raises
    ------
    InputError, MachineError
        If it cannot be written.
    """

    def write(temporary: Path) -> None:
        if path.suffix == ".csv":
            frame.to_csv(temporary, index=False)
        else:
            frame.to_parquet(temporary, index=False, compression="zstd")

    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, write)
