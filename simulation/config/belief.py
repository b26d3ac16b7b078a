"""Parameters of what buyers believe of providers, and of what may be bought to let them know."""

from __future__ import annotations

from simulation.config.base import ASSUMPTION, Group, Share, parameter

LOG_NORMAL = "standard deviation of its logarithm"


class BeliefConfig(Group):
    """How buyers, advisers and the core team come to know the quality of providers."""

    known: bool = parameter(
        False, "whether everybody knows every provider's true quality from the first day", unit="-"
    )
    quality: float = parameter(
        1.0,
        "mean quality expected of a provider whose type is not in the table of types",
        unit="ratio",
        gt=0,
        le=10,
        plausible=(0.9, 1.1),
    )
    spread: float = parameter(
        0.2,
        f"how far such providers are believed to differ: {LOG_NORMAL}",
        unit="log points",
        source="mean of the table of types; assumption",
        ge=0,
        le=2,
        plausible=(0.1, 0.4),
    )
    elasticity: float = parameter(
        0.4,
        "relative change believed in the job entries of clients for that of a provider's quality",
        unit="ratio",
        source=ASSUMPTION,
        gt=0,
        le=5,
        plausible=(0.2, 0.8),
    )
    claim_error: float = parameter(
        0.4,
        f"error of what a provider claims in its bid: {LOG_NORMAL}",
        unit="log points",
        gt=0,
        le=1e9,
        plausible=(0.2, 1.0),
        distribution="log_uniform",
    )
    local_error: float = parameter(
        0.2,
        "error of what buyers of the place and the core team know besides of providers",
        unit="log points",
        gt=0,
        le=1e9,
        plausible=(0.1, 0.5),
        distribution="log_uniform",
    )
    awareness: Share = parameter(
        0.8,
        "chance that a buyer from elsewhere knows of a provider that does not work everywhere",
        unit="probability",
        plausible=(0.4, 1.0),
    )
    local_funders: tuple[str, ...] = parameter(
        ("pathfinder partnership", "local authorities", "the partnership", "Millbrook council"),
        "funders of the place, who know its providers more closely; the core team does anyway",
        unit="list",
    )
    closed_funders: tuple[str, ...] = parameter(
        ("Jobcentre Plus", "Jobcentre"),
        "funders whose records the law keeps from others",
        unit="list",
        source="flexibilities.csv, data sharing: no block transfer under primary legislation",
    )
