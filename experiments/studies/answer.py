"""What came of a study, for a notebook: its runs and tables as frames, its findings in words."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from experiments.files.locks import held
from experiments.interrupts import telling
from experiments.store import Store
from experiments.studies.analysis import analyse_study
from experiments.studies.folder import check_folder, keys_digest, notes_of, write_study
from experiments.studies.preparation import Study, prepare_study
from experiments.studies.rounds import Findings, run_study
from experiments.studies.words import found_text
from experiments.words.application import checked_words, own_words
from experiments.words.catalogue import COMMANDS
from experiments.words.check import Words, words_of
from experiments.words.composition import compose_mapping
from simulation.errors import InputError

LONGEST_WRITING = 120
"""Seconds to wait for another command that writes the same folder."""


@dataclass(frozen=True)
class Answer:
    """A study that was carried out.

    Attributes
    ----------
    study : Study
        What was asked.
    findings : Findings
        What the runs gave.
    tables : dict of str to DataFrame
        What was made of them, by the names of the files of a study's folder: `noise`, and as the
        method gives them `indices`, `convergence`, `predictions`, `effects`, `interactions` and
        `decisions`.
    store : Store
        Where the runs are kept.
    words : tuple of str
        That asked for it.
    seconds : float
        It took, runs and all.
    """

    study: Study
    findings: Findings
    tables: dict[str, pd.DataFrame]
    store: Store
    words: tuple[str, ...]
    seconds: float

    @property
    def design(self) -> pd.DataFrame:
        """The points: index point, a column a factor."""
        return self.study.design.points

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run: point, seed, key in the store, a float64 column an outcome."""
        return self.findings.runs

    @property
    def notes(self) -> list[str]:
        """What to beware of, a line each; empty if nothing."""
        return notes_of(self.study, self.findings.noise)

    def text(self) -> str:
        """Return what was found, as the command line says it."""
        return found_text(self.study, self.tables)

    def write(self, folder: str | Path) -> Path:
        """Write the folder of the study with its page, and return it.

        Raises
        ------
        InputError
            If it holds another study and `overwrite=true` was not among the words, or cannot be
            written.
        """
        place = check_folder(self.study, Path(folder))
        keeping = telling(partial(_what_is_kept, self.findings, self.store))
        with keeping, held(place, wait_seconds=LONGEST_WRITING):
            # Another command may have written there meanwhile.
            check_folder(self.study, place)
            write_study(
                place,
                self.study,
                self.findings,
                self.tables,
                command=command_of(self.words),
                seconds=self.seconds,
                **keys_digest(self.store, self.runs["key"].tolist()),
            )
        return place


def ask(*words: Words) -> Answer:
    """Carry out the study that the same words give on the command line: `experiments.ask`."""
    command = COMMANDS["study"]
    try:
        checked = checked_words(command, words_of(*words))
        study = prepare_study(compose_mapping(command.config_name, checked), checked)
    except InputError as error:
        raise InputError(own_words(command, line) for line in error.problems) from error
    store = Store(Path(study.settings.store).expanduser(), create=True)
    return carry_out_study(study, store, words=checked)


def carry_out_study(study: Study, store: Store, *, words: Sequence[str]) -> Answer:
    """Run what is not in the store yet, and analyse.

    Raises
    ------
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    began = time.perf_counter()
    findings = run_study(study, store)
    with telling(partial(_what_is_kept, findings, store)):
        tables = analyse_study(study, findings)
    return Answer(study, findings, tables, store, tuple(words), time.perf_counter() - began)


def _what_is_kept(findings: Findings, store: Store) -> str:
    """Say after the last run that no run is missing."""
    return (
        f"all {findings.runs['key'].nunique()} runs are finished and kept in {store.folder}; the"
        " same command analyses them and writes the tables"
    )


def command_of(words: Sequence[str]) -> str:
    """Return the command line that makes a study, as the user would type it."""
    command = COMMANDS["study"]
    return shlex.join(
        ["pathfinder", command.name, *(own_words(command, word.lstrip("+")) for word in words)]
    )
