"""The command line and everything else that knows Hydra; for notebooks what is named here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.comparisons.result import Comparison
    from experiments.store import Store
    from experiments.studies.answer import Answer
    from simulation.config import Config

__all__ = ["ask", "compare", "configure", "open_store"]

_found = find_spec("simulation")
_place = str(_found and _found.origin)
if not _place.startswith(str(Path(__file__).parents[1] / "simulation")):
    raise ImportError(
        f"{_place} hides the package simulation that pathfinder needs: give it another name, or"
        " run from another folder"
    )


def configure(*overrides: str | Sequence[str]) -> Config:
    """Return the configuration that the same words give on the command line.

    Parameters
    ----------
    *overrides : str or sequence of str
        Such as `"area=two_towns"`, `"hiring=stigma hiring.stigma_penalty=0.5"`; lists of words.

    Raises
    ------
    InputError
        One line a problem.
    """
    # Late, so that `pathfinder --help` need not import Hydra.
    from experiments.words.check import words_of
    from experiments.words.composition import compose_model

    return compose_model(words_of(*overrides))


def ask(*words: str | Sequence[str]) -> Answer:
    """Carry out the study that the same words give on the command line.

    Its runs are kept in the store and not run again; nothing else is written.

    Parameters
    ----------
    *words : str or sequence of str
        As for `configure`: `"experiment=ishigami"`, `"samples=64"`, `"launcher=in_process"`.

    Raises
    ------
    InputError
        One line a problem, before anything is run.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    from experiments.studies.answer import ask

    return ask(*words)


def compare(
    base: str | Sequence[str] | Config = (),
    arms: Mapping[str, str | Sequence[str] | Config] | None = None,
    *,
    seeds: int | Sequence[int] | None = None,
    baseline: str | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
    targets: str | Sequence[str] | None = None,
    launcher: str | None = None,
    store: str | Path | None = None,
    output: str | Path | None = None,
) -> Comparison:
    """Run arms with the same seeds, as `pathfinder compare` does, and return what came of it.

    Whole runs are kept beside the store, in `results/store_runs`, each under the key of what it
    depends on, so that the same call runs nothing again and other comparisons share them; of more
    than 256, those used longest ago are removed, but none that was used within a day.
    `Comparison.write` copies them to a folder.

    Parameters
    ----------
    base : str, sequence of str or Config
        What all arms have alike: words as on the command line, `"area=two_towns weeks=104"`.
    arms : mapping of str to (str, sequence of str or Config), optional
        By name, what differs: `{"none": "regime=none", "pooled": "regime=pooled funding=double"}`.
        If left out, those of the comparison the base names, `compare=regimes` by default.
    seeds : int or sequence of int, optional
        How many, or which, each from 0 to 2**63 - 1; by default as many as the comparison named
        says (6 of `regimes`), 4 of one's own arms.
    baseline : str, optional
        The arm the others are compared with; the first if left out.
    sets : mapping of str to sequence of str, optional
        People the verdict is given for too, by wards and groups:
        `{"mine": ["Canal Side", "age:16_24"]}`.
    targets : str or sequence of str, optional
        What was promised (docs/targets.md): names of shipped targets, or the path of a CSV; more
        runs of the baseline tell whose doing it was.
    launcher : str, optional
        processes, in_process, dask or slurm.
    store : str or Path, optional
        Folder of the store; `results/store` by default.
    output : str or Path, optional
        Folder to keep the runs in instead, and to write what `pathfinder compare` writes.

    Returns
    -------
    Comparison
        Its frames (`verdict`, `order`, `dose`, `summary`, `additionality`, `journey`, `coverage`,
        `spend`, `partners`, `monthly`), `difference` between any two arms, `net`, `table`, `run`,
        `plot`, `page`.

    Raises
    ------
    InputError
        One line a problem, before anything is run.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    from experiments.comparisons.carry_out import compare

    return compare(
        base,
        arms,
        seeds=seeds,
        baseline=baseline,
        sets=sets,
        targets=targets,
        launcher=launcher,
        store=store,
        output=output,
    )


def open_store(folder: str | Path = "results/store") -> Store:
    """Return the store of runs in a folder, for its `runs` and `query`.

    Raises
    ------
    InputError
        If there is no store or one of another version.
    """
    from experiments.store import Store

    return Store(Path(folder).expanduser())
