"""Strength: all that holds joint money back gives way together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulation.agents.contracts import FundingStream
from simulation.config import Config

SHARES = ("pool_share", "co_commissioned_share", "devolved_share")
"""Parameters of the regime that say what share of movable money is moved."""


def at_strength(config: Config) -> Config:
    """Return the configuration whose partnership and regime are as strong as `strength.level` says.

    Trust, transparency, the part moved under each behaviour and the shares of `SHARES` rise, and
    rigidity falls, by `level` of the way to what the designers meant; none of them turns back
    where it is better already. From level `one_roof` on contracts are co-located. At level 0 the
    configuration is what it was.
    """
    level, meant = config.strength.level, config.strength
    if level == 0.0:
        return config

    def raised(value: float, to: float) -> float:
        return value + level * max(to - value, 0.0)

    partnership, regime = config.partnership, config.regime
    stronger = {
        "trust": raised(partnership.trust, meant.trust),
        "transparency": raised(partnership.transparency, meant.transparency),
        "rigidity": 1.0 - raised(1.0 - partnership.rigidity, 1.0 - meant.rigidity),
        "willing_part": tuple(
            raised(part, meant.willing_part) for part in partnership.willing_part
        ),
    }
    terms = {name: raised(getattr(regime, name), meant.share) for name in SHARES}
    terms["co_location"] = regime.co_location or level >= meant.one_roof
    return config.model_copy(
        update={
            "partnership": partnership.model_copy(update=stronger),
            "regime": regime.model_copy(update=terms),
        }
    )


def freed_streams(streams: Sequence[FundingStream], config: Config) -> tuple[FundingStream, ...]:
    """Return streams of whose tied money `strength.discretion` x `strength.level` is freed."""
    freed = config.strength.discretion * config.strength.level
    return tuple(
        replace(each, discretion=each.discretion + freed * (1.0 - each.discretion))
        for each in streams
    )
