"""Parameters of residents' trust in kinds of providers, by which they come to them or stay away."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simulation.config.base import ASSUMPTION, Group, Share, Weeks, parameter

Inner = Annotated[float, Field(gt=0, lt=1)]


class ResidentsConfig(Group):
    """How residents' trust in a kind of provider starts, moves, and brings people to it."""

    elasticity: float = parameter(
        1.0,
        "how far people come to a kind of provider as they trust it, over its usual trust"
        " (0 not at all)",
        unit="elasticity",
        ge=0,
        le=5,
        plausible=(0.0, 2.0),
    )
    usual: tuple[Inner, Inner, Inner] = parameter(
        (0.65, 0.4, 0.45),
        "trust of the first day, at which a provider's own trust holds: in local bodies, the"
        " Jobcentre, private firms",
        unit="0 to 1",
        source="means of the types in conf/providers/types.csv; " + ASSUMPTION,
        plausible=(0.7, 1.3),
    )
    jobcentre_types: tuple[str, ...] = parameter(
        ("jobcentre_team",),
        "types of providers that residents take for the Jobcentre; others are local bodies, or"
        " private firms where so owned",
        unit="-",
    )
    jobcentre_trust: tuple[Share, Share, Share, Share, Share, Share, Share, Share] = parameter(
        (1.0, 0.9, 0.8, 0.6, 0.8, 0.8, 0.5, 1.0),
        "trust in the Jobcentre by client group over that of all: conditions of a long claim, fear"
        " of a review of one for incapacity, and keeping away lower it",
        unit="ratio",
        source="some avoid the Jobcentre and local voluntary bodies reach them (final evaluation);"
        " sizes assumed",
        plausible=(0.6, 1.0),
    )
    half_life_weeks: Weeks = parameter(
        104.0,
        "time in which half of what trust has moved from its usual is forgotten",
        unit="weeks",
        plausible=(26.0, 260.0),
        distribution="log_uniform",
    )
    helped: float = parameter(
        10.0,
        "residents of a ward won over, were there none yet, by a client who is helped into work:"
        " those who hear of it times how far it moves them",
        unit="residents per client",
        ge=0,
        le=1000,
        plausible=(1.0, 30.0),
        distribution="log_uniform",
    )
    let_down: float = parameter(
        20.0,
        "residents of a ward put off, were all won over, by a client who is parked, waits in vain"
        " or finds the provider closed",
        unit="residents per client",
        source="a bad experience weighs more than a good one; " + ASSUMPTION,
        ge=0,
        le=1000,
        plausible=(1.0, 60.0),
        distribution="log_uniform",
    )
