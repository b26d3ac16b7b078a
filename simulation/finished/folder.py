"""A finished run as a folder: a table a file, and a manifest; written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.errors import InputError
from simulation.finished.names import ALWAYS, FRAMES, MANIFEST, WARDS


def write_run(
    folder: Path, frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> None:
    """Write a run to a folder that does not exist yet.

    Parameters
    ----------
    folder : Path
    frames : mapping of str to DataFrame
        Those of `FRAMES` there are, and wards.
    manifest : mapping

    Raises
    ------
    InputError
        If the folder exists or cannot be written.
    """
    if folder.exists():
        raise InputError(f"{folder} exists already; choose another folder")
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        for name, frame in frames.items():
            if name == "wards":
                frame.to_csv(partial / WARDS, index=False)
            else:
                frame.to_parquet(partial / f"{name}.parquet", compression="zstd", index=False)
        text = json.dumps(manifest, indent=2, default=str)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
        partial.replace(folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def read_run(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Return the frames and the manifest of a folder that `write_run` wrote.

    Raises
    ------
    OSError, ValueError
        If a file is missing or cannot be read.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    paths = {name: folder / f"{name}.parquet" for name in FRAMES}
    frames = {
        name: pd.read_parquet(path)
        for name, path in paths.items()
        if name in ALWAYS or path.exists()
    }
    frames["wards"] = pd.read_csv(folder / WARDS, dtype={"code": str})
    return frames, manifest
