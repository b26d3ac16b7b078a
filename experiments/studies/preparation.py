"""From a configuration to a study that can be run: everything checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from experiments.models import LABOUR_MARKET, Model, model_named
from experiments.running.launchers import make_launcher
from experiments.sensitivity.problem import Problem
from experiments.studies.designs import Design, crossed, filled, points_at
from experiments.studies.factor_checks import factors_from, idle_words
from experiments.studies.factors import Factor
from experiments.studies.pairs import partners
from experiments.studies.settings import (
    CROSSED,
    FILLING,
    FREE,
    MOST_POINTS,
    StudySettings,
)
from experiments.studies.sizes import words_of_size
from experiments.words.check import hint
from experiments.words.composition import compose_mapping, read_own_settings
from experiments.words.variations import Variations, flat
from simulation.errors import InputError

CONFIG_NAME = "study"
CHIEF_OUTCOMES = ("employment_rate_end", "long_term_workless_share_end", "employment_gap_end")
"""Outcomes of the labour market where a study names none."""
GRIDS = tuple(name for name in CROSSED if name != "one_at_a_time")
WITH_GROUPS = ("morris", "sobol")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Study:
    """A study, checked and ready.

    Attributes
    ----------
    name : str
        Of its experiment.
    settings : StudySettings
        With `outcomes` filled in.
    model : Model
    base : dict
        What all runs change in the model's defaults, by dotted name.
    variations : Variations or None
        Choices of groups over the base; None for a model that has none.
    factors : tuple of Factor
    problem : Problem
        What the methods of sensitivity analysis see of the factors.
    design : Design
    """

    name: str
    settings: StudySettings
    model: Model
    base: dict[str, Any]
    variations: Variations | None
    factors: tuple[Factor, ...]
    problem: Problem
    design: Design

    @property
    def baseline(self) -> dict[str, Any] | None:
        """The point differences are taken from: of one_at_a_time the base itself."""
        if self.settings.method == "one_at_a_time":
            return {factor.name: factor.default for factor in self.factors}
        return self.settings.baseline


def prepare_study(mapping: Mapping[str, Any], overrides: Sequence[str]) -> Study:
    """Read and check a study.

    Parameters
    ----------
    mapping : mapping
        The composed configuration.
    overrides : sequence of str
        The words that made it.

    Raises
    ------
    InputError
        One line a problem, as many as can be told at once.
    """
    of_size = words_of_size(mapping, overrides, settings=tuple(StudySettings.model_fields))
    words = [*of_size, *overrides]
    whole = compose_mapping(CONFIG_NAME, words) if of_size else mapping
    settings = read_own_settings(whole, StudySettings)
    model = model_named(settings.model)
    variations = Variations(CONFIG_NAME, words) if model.name == LABOUR_MARKET else None
    base = {**(variations.changes() if variations else {}), **flat(settings.fixed)}
    problems: list[str] = []
    _gather(problems, partial(model.complete, base))
    _gather(problems, partial(make_launcher, settings.launcher))
    reader = partial(factors_from, settings, variations=variations, base=base)
    factors = _gather(problems, reader) or ()
    settings = settings.model_copy(update={"outcomes": _outcomes(settings, model)})
    problems += [*_outcome_problems(settings, model), *_setting_problems(settings)]
    problems += idle_words(overrides, settings)
    if problems:
        raise InputError(problems)
    problem = Problem(
        tuple(factor.name for factor in factors),
        tuple(factor.group for factor in factors) if settings.groups else None,
        n_values=tuple(factor.n_values for factor in factors),
        unordered=frozenset(factor.name for factor in factors if factor.is_categorical),
    )
    study = Study(
        name=_name(overrides),
        settings=settings,
        model=model,
        base=base,
        variations=variations,
        factors=factors,
        problem=problem,
        design=_design(settings, factors, problem),
    )
    _check_points(study)
    return study


def _gather(problems: list[str], check: Callable[[], ResultT]) -> ResultT | None:
    """Return what a check gives, or add what it refuses to the problems."""
    try:
        return check()
    except InputError as error:
        problems += [line for line in error.problems if line not in problems]
        return None


def _name(overrides: Sequence[str]) -> str:
    """Return the name of the experiment that the words choose."""
    found = [word.partition("=")[2] for word in overrides if word.startswith("experiment=")]
    return found[-1] if found and found[-1] != "null" else FREE


def _outcomes(settings: StudySettings, model: Model) -> list[str]:
    chief = CHIEF_OUTCOMES if model.name == LABOUR_MARKET else tuple(model.units())
    return list(dict.fromkeys(settings.outcomes or chief))


def _outcome_problems(settings: StudySettings, model: Model) -> list[str]:
    known = model.units()
    lines = [
        f"outcomes: {name} is no outcome of {model.name}{hint(name, known)}"
        for name in settings.outcomes
        if name not in known
    ]
    return lines + [
        f"better: {name} is no outcome of this study{hint(name, settings.outcomes)}"
        for name in settings.better
        if name not in settings.outcomes
    ]


def _setting_problems(settings: StudySettings) -> list[str]:
    """Say which settings do not go with the method."""
    method, lines = settings.method, []
    if settings.groups and method not in WITH_GROUPS:
        lines.append(f"groups: true goes with method={' or '.join(WITH_GROUPS)}, got {method}")
    if settings.levels is not None and method not in CROSSED:
        lines.append(
            f"levels={settings.levels} goes with method={', '.join(CROSSED)}, got {method}"
        )
    if settings.emulator != "none" and method not in FILLING:
        lines.append(
            f"emulator={settings.emulator} learns from points that fill the whole range:"
            f" method={' or '.join(FILLING)}, got {method}"
        )
    if settings.emulator != "none":
        lines += _emulator_problems(settings)
    for name in ("baseline", "policies"):
        if getattr(settings, name) is not None and method not in GRIDS:
            lines.append(
                f"{name}={getattr(settings, name)} goes with method={' or '.join(GRIDS)},"
                f" got {method}"
            )
    if settings.policies is not None:
        if settings.policies not in settings.factors:
            near = hint(settings.policies, settings.factors)
            lines.append(f"policies={settings.policies}: is no factor of this study{near}")
        if not settings.better:
            lines.append("policies: say which way an outcome is better: 'better={OUTCOME: higher}'")
    return lines


def _emulator_problems(settings: StudySettings) -> list[str]:
    # Late: scikit-learn is slow to import, and only emulators need it.
    from experiments.studies.emulator import LEAST_POINTS, MOST_POINTS

    lines, most = [], MOST_POINTS if settings.emulator == "gaussian_process" else None
    if settings.samples < LEAST_POINTS or settings.samples > (most or settings.samples):
        allowed = f"{LEAST_POINTS} to {most:,}" if most else f"at least {LEAST_POINTS}"
        lines.append(
            f"samples={settings.samples}: emulator={settings.emulator} learns from {allowed} points"
        )
    if settings.emulator_samples.bit_count() > 1:
        lines.append(f"emulator_samples={settings.emulator_samples}: must be a power of two")
    return lines


def _design(settings: StudySettings, factors: Sequence[Factor], problem: Problem) -> Design:
    method = settings.method
    if method in CROSSED:
        return crossed(method, factors, settings.levels)
    if method in FILLING:
        return filled(method, factors, settings.samples, seed=settings.design_seed)
    # Late: SALib and SciPy are slow to import, and only these methods need them.
    from experiments.sensitivity.methods import METHODS

    chosen = METHODS[method]
    if settings.samples < chosen.least:
        raise InputError(
            f"samples={settings.samples}: method={method} gives no index of fewer than"
            f" {chosen.least}; samples={chosen.least} or more"
        )
    count = chosen.n_points(problem, settings.samples)
    if count > MOST_POINTS:
        raise InputError(
            f"samples={settings.samples}: {count:,} points, more than {MOST_POINTS:,}; give fewer"
        )
    unit = chosen.sample(problem, settings.samples, seed=settings.design_seed)
    return Design(points_at(factors, unit), unit, tuple(_unseen(method, factors)))


def _unseen(method: str, factors: Sequence[Factor]) -> list[str]:
    """Say which values a design of few levels takes of those it cannot take all of."""
    if method != "morris":
        return []
    # Late, as all methods.
    from experiments.sensitivity.morris import LEVELS

    taken = {
        factor.name: list(dict.fromkeys(factor.values(np.linspace(0.0, 1.0, LEVELS))))
        for factor in factors
        if len(factor.choices) > LEVELS
    }
    return [
        f"{factor.name} has {len(factor.choices)} values, of which method=morris takes {LEVELS}:"
        f" {', '.join(map(str, taken[factor.name]))}; name those you want, as in"
        f" {factor.name}:{'|'.join(map(str, factor.choices[:2]))}"
        for factor in factors
        if factor.name in taken
    ]


def _check_points(study: Study) -> None:
    """Have the model read what its base and every choice name; see that there is a baseline."""
    problems: list[str] = []
    if not study.settings.plan:
        # A plan is said at once: the model's readers of tables take seconds to import.
        _gather_tables(study, problems)
    if study.settings.baseline is not None:
        _gather(problems, lambda: partners(study.design.points, study.settings.baseline or {}))
    if problems:
        raise InputError(problems)


def _gather_tables(study: Study, problems: list[str]) -> None:
    """Add to the problems those of tables that the base and the choices name."""
    _gather(problems, lambda: study.model.check(study.model.complete(study.base)))
    for factor in study.factors:
        for value in factor.choices:
            changes = {**study.base, **factor.changes(value, study.variations)}
            lines: list[str] = []
            _gather(lines, partial(_check_values, study.model, changes))
            new = [line for line in lines if line not in problems]
            problems += [f"{factor.name}={value}: {line}" for line in new]


def _check_values(model: Model, changes: Mapping[str, Any]) -> None:
    model.check(model.complete(changes))
