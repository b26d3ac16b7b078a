"""Parameters of commissioning: regime and partnership."""

from __future__ import annotations

from simulation.config.base import Group, Share, parameter


class RegimeConfig(Group):
    """How money becomes contracts."""

    name: str = parameter(
        "none",
        "none, fragmented, aligned, pooled, prime_contractor or co_commissioned",
        unit="-",
    )
    pool_share: Share = parameter(
        0.5, "share of its discretionary money a willing partner puts into the pool", unit="share"
    )


class PartnershipConfig(Group):
    """Trust between funders and how they behave."""

    trust_growth: Share = parameter(
        0.05, "part of what lacks of full trust gained in a year of joint work", unit="per year"
    )
