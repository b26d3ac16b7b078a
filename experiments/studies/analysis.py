"""What is made of the runs of a study: indices, differences, decisions, each a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.sensitivity.convergence import convergence
from experiments.sensitivity.methods import METHODS
from experiments.sensitivity.noise import unusable
from experiments.sensitivity.problem import INDEX_COLUMNS
from experiments.studies.decisions import robust_table
from experiments.studies.emulated import emulate, with_units
from experiments.studies.grids import all_interactions, paired_differences
from experiments.studies.preparation import GRIDS, Study
from experiments.studies.rounds import Findings
from experiments.studies.settings import CROSSED, SENSITIVITY


def analyse_study(study: Study, findings: Findings) -> dict[str, pd.DataFrame]:
    """Return the tables of a study, by name; those its method does not give are left out.

    Parameters
    ----------
    study : Study
    findings : Findings

    Returns
    -------
    dict of str to DataFrame
        Of `folders.STUDY_TABLES`. An outcome that some runs lack has no indices, for one missing
        value would spoil them all; `noise` says so.
    """
    tables: dict[str, pd.DataFrame] = {}
    if study.settings.method in SENSITIVITY:
        whole = _by_outcome(study, findings, lambda name, Y: _indices(study, Y))
        last = whole["samples"] == study.settings.samples
        tables |= {"indices": whole[last].reset_index(drop=True), "convergence": whole}
    if study.settings.emulator != "none":
        tables |= emulate(study, usable(study, findings))
    if study.settings.method in CROSSED:
        tables["effects"] = _effects(study, findings)
    if study.settings.baseline is not None and study.settings.method in GRIDS:
        tables["interactions"] = _interactions(study, findings)
    if study.settings.policies is not None and study.settings.method in GRIDS:
        tables["decisions"] = _decisions(study, findings)
    return tables | {"noise": findings.noise}


def usable(study: Study, findings: Findings) -> dict[str, NDArray[np.float64]]:
    """Return the outcomes that every run has and that vary, as points x seeds."""
    return {name: Y for name, Y in findings.tables(study).items() if not unusable(Y)}


def _by_outcome(
    study: Study,
    findings: Findings,
    analyse: Callable[[str, NDArray[np.float64]], pd.DataFrame],
) -> pd.DataFrame:
    """Return the tables of every usable outcome below each other, with outcome and unit."""
    units = study.model.units()
    found = [
        with_units(analyse(name, Y), name, units[name])
        for name, Y in usable(study, findings).items()
    ]
    if not found:
        return pd.DataFrame(columns=list(INDEX_COLUMNS))
    return pd.concat(found, ignore_index=True)[list(INDEX_COLUMNS)]


def _indices(study: Study, Y: NDArray[np.float64]) -> pd.DataFrame:
    """Return the indices of one outcome from every smaller design within the design, then all."""
    settings = study.settings
    return convergence(
        METHODS[settings.method],
        study.problem,
        study.design.unit,
        Y,
        samples=settings.samples,
        seed=settings.design_seed,
    )


def _effects(study: Study, findings: Findings) -> pd.DataFrame:
    return paired_differences(
        study.design.points,
        findings.runs,
        study.baseline,
        study.settings.outcomes,
        units=study.model.units(),
    )


def _interactions(study: Study, findings: Findings) -> pd.DataFrame:
    return all_interactions(
        study.design.points,
        findings.runs,
        baseline=study.settings.baseline or {},
        outcomes=study.settings.outcomes,
        units=study.model.units(),
    )


def _decisions(study: Study, findings: Findings) -> pd.DataFrame:
    better: Mapping[str, str] = study.settings.better
    return pd.concat(
        [
            robust_table(
                study.design.points,
                findings.runs,
                policies=study.settings.policies or "",
                outcome=name,
                better=way,
                unit=study.model.units()[name],
            )
            for name, way in better.items()
        ],
        ignore_index=True,
    )
