"""What Hydra needs to hand over the words of all jobs of `--multirun` at once.

Hydra's own sweeper composes every job before it starts any, a quarter of a second each. This one
has Hydra work out what choices, ranges and globs stand for, and passes all jobs on together.
"""

from __future__ import annotations

import sys
from typing import Any

from hydra._internal.core_plugins import basic_sweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

NAME = "pathfinder"
PLUGIN_MODULE = "hydra._internal.core_plugins.pathfinder"
"""Another name of this module: Hydra takes a plugin only from below here or from a package
`hydra_plugins` at the top of the search path, which would be one more folder to install."""
MULTIRUN_WORD = f"hydra/sweeper={NAME}"


class AllJobsSweeper(Sweeper):
    """Calls the `receive` of the task function with the words of every job."""

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Note whom to pass the jobs on to."""
        self.hydra_context, self.config = hydra_context, config
        self.receive = task_function.receive  # type: ignore[attr-defined]

    def sweep(self, arguments: list[str]) -> Any:
        """Work out the words of every job, the last key varying fastest, and pass them on."""
        assert self.hydra_context is not None
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        # By the module: Hydra loads its plugins anew when it looks for them.
        split = basic_sweeper.BasicSweeper.split_arguments
        (jobs,) = split(parser.parse_overrides(arguments), None)
        self.receive(jobs)


def register_plugins() -> None:
    """Make the sweeper known to Hydra under the name `pathfinder`; again does no harm."""
    sys.modules[PLUGIN_MODULE] = sys.modules[__name__]
    AllJobsSweeper.__module__ = PLUGIN_MODULE
    Plugins.instance().register(AllJobsSweeper)
    node = {"_target_": f"{PLUGIN_MODULE}.{AllJobsSweeper.__name__}"}
    ConfigStore.instance().store(group="hydra/sweeper", name=NAME, node=node, provider=NAME)
