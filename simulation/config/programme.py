"""What a configuration says of support: whether there is any, and what else it says."""

from __future__ import annotations

from typing import Any

from simulation.config import Config

NO_SUPPORT = "none"
"""The regime under which no money becomes a contract."""
OF_SUPPORT = (
    "regime",
    "partnership",
    "strength",
    "belief",
    "information",
    "flexibilities",
    "funding",
    "providers",
    "residents",
    "goodwill",
    "journey",
    "interventions",
    "closure",
)
"""Groups of parameters that matter only where there is support."""


def has_support(config: Config) -> bool:
    """Whether anybody can be helped: by a regime or by an intervention."""
    return config.regime.name != NO_SUPPORT or bool(config.interventions.active_names())


def needs_reference(config: Config) -> bool:
    """Whether jobs answer to what support does, which is seen beside the reference world."""
    return config.closure.response > 0 and has_support(config)


def reference_of(config: Config) -> Config:
    """Return the reference world: the same without any support, whatever the closure."""
    defaults = Config()
    return config.model_copy(update={name: getattr(defaults, name) for name in OF_SUPPORT})


def without_support(config: Config) -> dict[str, Any]:
    """Return all that two arms must have alike for their difference to be the support's."""
    values = config.model_dump(mode="json")
    return {key: value for key, value in values.items() if key not in OF_SUPPORT}
