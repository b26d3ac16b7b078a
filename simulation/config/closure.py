"""How jobs answer to those who seek them: the closure of the model (docs/closure.md)."""

from __future__ import annotations

from simulation.config.base import Group, Share, UpToLimitOrInf, Weeks, parameter


class ClosureConfig(Group):
    """Whether employers want more people where people are easier to find."""

    name: str = parameter("wage_curve", "name of the closure", unit="-")
    response: UpToLimitOrInf = parameter(
        0.1,
        "per cent more jobs wanted where hiring is one per cent easier than without support, in"
        " the end; 0: jobs do not answer; .inf: until hiring is as hard as without support",
        unit="elasticity",
        source="0.4 x (0.03 + 0.1 / 0.43): elasticity of labour demand, share of recruiting in"
        " labour cost, wage curve, elasticity of hires to applications; docs/closure.md",
        ge=0,
        plausible=(0.01, 0.3),
        distribution="log_uniform",
    )
    half_life_weeks: Weeks = parameter(
        26, "weeks in which half the answer has come", unit="weeks", plausible=(13, 52)
    )
    memory_weeks: Weeks = parameter(
        13, "weeks after which what was seen of hiring counts half", unit="weeks", plausible=(6, 26)
    )
    self_containment: Share = parameter(
        0.667,
        "districts are joined into travel-to-work zones until this share of residents in work works"
        " in the zone and of its jobs is held by residents",
        unit="share",
        source="the least of self-containment of the official travel-to-work areas",
        plausible=(0.5, 0.75),
    )
