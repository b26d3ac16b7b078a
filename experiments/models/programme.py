"""What a configuration says of support: whether there is any, and in words."""

from __future__ import annotations

from typing import Any

from simulation.config import Config

NO_SUPPORT = "none"
"""The regime under which no money becomes a contract."""
OF_SUPPORT = ("regime", "partnership", "funding", "providers", "journey", "interventions")
"""Groups of parameters that matter only where there is support."""


def has_support(config: Config) -> bool:
    """Whether anybody can be helped: by a regime or by an intervention."""
    return config.regime.name != NO_SUPPORT or bool(config.interventions.active_names())


def programme_text(config: Config) -> str:
    """Say in a few words which regime and interventions there are."""
    names = config.interventions.active_names()
    aid = f" with {', '.join(names)}" if names else ""
    if config.regime.name == NO_SUPPORT:
        return f"no regime{aid}" if names else "no support"
    return f"regime {config.regime.name}{aid}"


def without_support(config: Config) -> dict[str, Any]:
    """Return all that two arms must have alike for their difference to be the support's."""
    values = config.model_dump(mode="json")
    return {key: value for key, value in values.items() if key not in OF_SUPPORT}
