"""What interventions of the user's own have written, checked before a compiled loop reads it.

Loops check no index and no number: what is out of range there ends the process, or a run that
means nothing. Shipped interventions are tested instead, and are called as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation import register
from simulation.categories import ETHNICITIES, LEVELS, N_SECTORS, N_STATES
from simulation.errors import InputError
from simulation.policies.interventions.base import Intervention, Scene

ANY = np.inf
OF_PEOPLE = {
    "qualification": (LEVELS[0], LEVELS[-1]),
    "health": (0, 2),
    "state": (0, N_STATES - 1),
    "sector": (-1, N_SECTORS - 1),
    "ethnicity": (0, len(ETHNICITIES) - 1),
    "ability": (0, 1),
    "employability": (0, 1),
    "confidence": (0, 1),
}
"""Least and most a column of `People` may hold."""
OF_SUPPORT = {"search": (0, ANY), "broker": (0, 1), "fit": (-ANY, ANY), "keep": (0, ANY)}
"""Of `Support` likewise."""


def given_to(aid: Intervention, rows: np.ndarray) -> np.ndarray:
    """Return rows as an intervention is given them: the user's own cannot write to them."""
    if register.is_shipped(type(aid)):
        return rows
    given = rows.view()
    given.flags.writeable = False
    return given


def act(
    aid: Intervention,
    hook: Callable[[np.ndarray, Scene], None],
    rows: np.ndarray,
    scene: Scene,
) -> None:
    """Have an intervention do one of the things it does, and check what the user's own has written.

    Parameters
    ----------
    aid : Intervention
    hook : callable
        Its `begin`, `hold`, `finish` or `abandon`.
    rows : ndarray of int64, shape (k,)
        Whom it is done to.
    scene : Scene

    Raises
    ------
    InputError
        For the first column that holds what it must not for one of these people.
    """
    hook(given_to(aid, rows), scene)
    if register.is_shipped(type(aid)):
        return
    last_ward = aid.area.n_wards - 1
    _check(aid, "people", scene.people, {"ward": (0, last_ward), **OF_PEOPLE}, rows, scene.week)
    _check(aid, "support", scene.support, OF_SUPPORT, rows, scene.week)


def _check(
    aid: Intervention,
    kind: str,
    columns: object,
    limits: dict[str, tuple[float, float]],
    rows: np.ndarray,
    week: int,
) -> None:
    for name, (least, most) in limits.items():
        values = getattr(columns, name)[rows]
        fits = np.isfinite(values) & (values >= least) & (values <= most)
        if not fits.all():
            raise InputError(
                f"intervention {aid.name!r}, week {week}: {kind}.{name} must be finite and from"
                f" {least} to {most}, got {values[~fits][0]}"
            )
