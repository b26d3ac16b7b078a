"""Parameters of what may be bought so that buyers know more: each moves information alone."""

from __future__ import annotations

from simulation.config.base import Day, Group, Share, parameter


def _cost(default: float):
    return parameter(
        default,
        "cost a year for each open provider",
        unit="GBP per provider and year",
        ge=0,
        le=1e6,
        plausible=(default / 3.0, default * 3.0),
        distribution="log_uniform",
    )


def _error(default: float, meaning: str, source: str = "assumption"):
    return parameter(
        default,
        f"{meaning}: standard deviation of its logarithm",
        unit="log points",
        source=source,
        gt=0,
        le=10,
        plausible=(default / 2.0, default * 2.0),
        distribution="log_uniform",
    )


class Choice(Group):
    """What all have in common."""

    active: bool = parameter(False, "whether it is chosen", unit="-")
    start: Day | None = parameter(None, "first day; none: the run's first", unit="date")
    gbp_per_provider: float = _cost(500.0)


class Rating(Choice):
    """A public rating of every provider, once a year."""

    gbp_per_provider: float = _cost(1500.0)
    error: float = _error(0.15, "error of a year's rating")


class Directory(Choice):
    """A directory of who delivers what where: every buyer knows every provider."""

    gbp_per_provider: float = _cost(150.0)


class Charter(Choice):
    """A charter whose signatories open their records of clients to all buyers."""

    gbp_per_provider: float = _cost(400.0)
    take_up: Share = parameter(0.6, "providers that sign", unit="share", plausible=(0.3, 0.9))
    completeness: Share = parameter(
        0.8, "clients whose records signatories keep", unit="share", plausible=(0.5, 1.0)
    )


class Learning(Choice):
    """A network of partnerships that tell one another what providers like these achieved."""

    gbp_per_provider: float = _cost(300.0)
    error: float = _error(
        0.3,
        "error of what is told to the core team and buyers of the place, once",
        "City Strategy Learning Network 2010; size assumed",
    )


class DataSharing(Choice):
    """Consent of clients opens records the law keeps from others."""

    gbp_per_provider: float = _cost(200.0)
    consent: Share = parameter(
        0.7,
        "clients who consent",
        unit="share",
        source="flexibilities.csv, informed consent forms; size assumed",
        plausible=(0.3, 0.95),
    )


class InformationConfig(Group):
    """What lets buyers know more; each has `active: false` until it is chosen."""

    rating: Rating = Rating()
    directory: Directory = Directory()
    charter: Charter = Charter()
    learning: Learning = Learning()
    data_sharing: DataSharing = DataSharing()

    def active_names(self) -> tuple[str, ...]:
        """Return the names of those chosen, in the order above."""
        return tuple(name for name in type(self).model_fields if getattr(self, name).active)
