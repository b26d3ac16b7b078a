"""Parameters of funding and of the provider market."""

from __future__ import annotations

from simulation.config.base import Group, Share, UpToLimitOrInf, parameter


class FundingConfig(Group):
    """Streams of money and how they are paid."""

    table: str = parameter(
        "area",
        "streams of funding: area (those shipped for it), a shipped name or the path of your CSV",
        unit="path",
        source="BCBC business plan June 2007; docs/decisions/funders.md",
    )
    scale: float = parameter(
        1.0,
        "factor of every amount and target of the table",
        unit="ratio",
        ge=0,
        le=1000,
        plausible=(0.5, 2.0),
        distribution="log_uniform",
    )
    payment_lag_weeks: int = parameter(
        4, "from earning to being paid", unit="weeks", ge=0, le=52, plausible=(0, 13)
    )
    grant_advance_weeks: UpToLimitOrInf = parameter(
        5.0,
        "how far a block grant is paid ahead of what has been delivered, falling to nothing at"
        " its end (.inf: paid whatever happens)",
        unit="weeks",
        ge=0,
        plausible=(4.0, 26.0),
    )
    review_months: int = parameter(
        3,
        "months between reviews, from January on, at which money that lies idle goes to contracts"
        " of the same stream that have run out (0: never)",
        unit="months",
        source="quarterly reviews of contracts; assumption",
        ge=0,
        le=12,
        plausible=(1, 12),
    )


class ProvidersConfig(Group):
    """The provider market."""

    table: str = parameter(
        "generated",
        "generated from the table of types, or the path of your own CSV (docs/providers.md)",
        unit="path",
    )
    types: str = parameter(
        "types",
        "types the market is generated from: the shipped table or the path of your own CSV",
        unit="path",
        source="docs/decisions/providers.md",
    )
    density: float = parameter(
        1.0,
        "factor of the number of providers of every type",
        unit="ratio",
        ge=0,
        le=20,
        plausible=(0.5, 2.0),
        distribution="log_uniform",
    )
    clients_per_adviser: float = parameter(
        40.0,
        "clients one adviser can have at a time",
        unit="clients",
        gt=0,
        le=1000,
        plausible=(25.0, 70.0),
    )
    staff_limit: float = parameter(
        2.0,
        "most clients at a time a provider contracts for, over what the staff it began with can"
        " have (1: staff never follow contracts)",
        unit="ratio",
        ge=1,
        le=20,
        plausible=(1.0, 3.0),
    )
    occupancy: float = parameter(
        0.85,
        "part of what staff can have that contracts are let to fill, so that there is a place when"
        " more come than usual",
        unit="share",
        source="85 per cent of hospital beds, Bagust, Place and Posnett 1999; assumption",
        gt=0,
        le=1,
        plausible=(0.75, 1.0),
    )
    hiring_months: float = parameter(
        3.0,
        "time in which staff follow contracts, hired and let go: mean of an exponential",
        unit="months",
        ge=1,
        le=120,
        plausible=(1.0, 6.0),
    )
    adviser_cost_gbp: float = parameter(
        35_000.0,
        "what an adviser costs a year; generated providers begin with so many weeks of it in cash",
        unit="GBP per year",
        ge=0,
        le=1e6,
        plausible=(28000.0, 45000.0),
    )
    cost_factor: float = parameter(
        1.0,
        "factor of what every stage costs every provider",
        unit="ratio",
        gt=0,
        le=20,
        plausible=(0.7, 1.5),
    )
    cash_factor: float = parameter(
        1.0,
        "factor of the cash providers begin with",
        unit="ratio",
        ge=0,
        le=100,
        plausible=(0.3, 3.0),
        distribution="log_uniform",
    )
    credit_factor: float = parameter(
        0.5,
        "what a provider can owe before it closes, over the cash it began with",
        unit="ratio",
        ge=0,
        le=100,
        plausible=(0.0, 2.0),
    )
    invoice_finance: Share = parameter(
        0.8,
        "what banks lend a provider on what it has earned and not been paid, beside its credit",
        unit="share",
        source="factors of invoices advance about four fifths; assumption",
        plausible=(0.5, 0.9),
    )
