"""A finished run as a folder: a table a file, and a manifest; checked before it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.config import Config
from simulation.errors import InputError, cut
from simulation.files.listing import check_whole
from simulation.finished.names import FRAMES, MANIFEST, WARDS

WARD_TEXT = dict.fromkeys(("code", "name", "district"), str)
"""Columns of the wards that are read as they stand, whatever they look like."""


def write_run(
    folder: Path, frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> None:
    """Write the files of a run into an empty folder.

    Parameters
    ----------
    folder : Path
    frames : mapping of str to DataFrame
        Those of `FRAMES` there are, and wards.
    manifest : mapping

    Raises
    ------
    OSError
        If they cannot be written.
    """
    for name, frame in frames.items():
        if name == "wards":
            frame.to_csv(folder / WARDS, index=False)
        else:
            frame.to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
    text = json.dumps(manifest, indent=2, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_run(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Return the frames and the manifest of a folder that a run was saved in.

    Raises
    ------
    InputError
        If any file is missing or not as it was written.
    OSError, ValueError
        If a file cannot be read.
    """
    files = check_whole(folder).files
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    paths = {name: f"{name}.parquet" for name in FRAMES}
    frames = {name: pd.read_parquet(folder / path) for name, path in paths.items() if path in files}
    frames["wards"] = pd.read_csv(folder / WARDS, dtype=WARD_TEXT, keep_default_na=False)
    return frames, manifest


def written_config(folder: str | Path, values: Mapping[str, Any], commit: str) -> Config:
    """Return a configuration that was written with results.

    Parameters
    ----------
    folder : Path
        Of the results.
    values : mapping
        As in their manifest.
    commit : str
        Of the program that wrote them.

    Raises
    ------
    InputError
        In one line, if parameters are others by now.
    """
    try:
        return Config.from_mapping(values)
    except InputError as error:
        raise InputError(
            f"{folder} was written by another version of the program (commit {commit}), or with"
            " code of one's own that is not imported, for its parameters are others"
            f" ({cut(error.problems[0])}); its tables and pages can be read as they are"
        ) from error
