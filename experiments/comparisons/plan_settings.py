"""What a plan for a neighbourhood is asked for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from experiments.running.launchers import LauncherSettings
from experiments.words.composition import Seeds
from simulation.config import Group


class PlanSettings(Group):
    """What `pathfinder plan` takes besides the parameters of the model."""

    ward: str | None = None
    budget: Annotated[float, Field(gt=0, le=1e10)] = 500_000
    options: Annotated[list[str], Field(min_length=1)] = []
    seeds: Seeds = 6
    processes: Annotated[int, Field(ge=1, le=4096)] | None = None
    launcher: LauncherSettings = LauncherSettings()
    store: str = "results/store"
    output: str | None = None
    overwrite: bool = False
    page: bool = True
    plan: bool = False

    def shared(self) -> dict[str, Any]:
        """Return what both comparisons behind a plan are given as it stands."""
        names = ("processes", "store")
        launcher = self.launcher.model_dump(mode="json")
        return {name: getattr(self, name) for name in names} | {"launcher": launcher}
