"""Parameters of commissioning: how money becomes contracts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simulation.config.base import Group, Share, parameter

OccupiedWeeks = Annotated[float, Field(ge=0, le=208)]
Fee = Annotated[float, Field(ge=0, le=100_000)]


class RegimeConfig(Group):
    """How money becomes contracts."""

    name: str = parameter(
        "none",
        "none, fragmented, aligned, co_commissioned, pooled, devolved or prime_contractor",
        unit="-",
    )
    mark_up: Share = parameter(
        0.1,
        "what a provider adds to its unit cost to make its price",
        unit="share",
        plausible=(0.0, 0.25),
    )
    quality_weight: Share = parameter(
        0.4,
        "weight of quality against price when one funder chooses providers",
        unit="share",
        source="public tenders of the time weigh price at about 60 per cent; assumption",
        plausible=(0.2, 0.7),
    )
    selectivity: float = parameter(
        4.0,
        "power by which a better score draws more of the places (0: alike)",
        unit="exponent",
        ge=0,
        le=50,
        plausible=(1.0, 10.0),
    )
    trust_weight: float = parameter(
        0.5,
        "power by which residents' trust in a provider counts as quality when engagement is"
        " bought: outreach goes to whom people come to (0: not at all)",
        unit="exponent",
        ge=0,
        le=5,
        plausible=(0.0, 1.0),
    )
    winners: int = parameter(
        2,
        "providers that share a stage in a zone at most",
        unit="providers",
        ge=1,
        le=50,
        plausible=(1, 6),
    )
    occupied_weeks: tuple[
        OccupiedWeeks, OccupiedWeeks, OccupiedWeeks, OccupiedWeeks, OccupiedWeeks
    ] = parameter(
        (2.0, 3.0, 16.0, 14.0, 18.0),
        "time a start of each stage is reckoned to fill a place on a caseload, before any is seen",
        unit="weeks",
        source="shorter than the longest stays of the journey group; assumption",
        plausible=(0.5, 2.0),
    )
    least_starts: float = parameter(
        1.0,
        "contracts for fewer starts a year are not let",
        unit="people per year",
        ge=0,
        le=1000,
        plausible=(0.0, 5.0),
    )
    procurement_gbp: Fee = parameter(
        2000.0,
        "cost of letting a contract, whatever its size",
        unit="GBP",
        plausible=(500.0, 8000.0),
        distribution="log_uniform",
    )
    procurement_most: Share = parameter(
        0.05,
        "most that letting a contract may cost, over its value",
        unit="share",
        plausible=(0.02, 0.1),
    )
    result_price_gbp: Fee = parameter(
        3000.0,
        "unit price of a client where a tariff is given in shares of one",
        unit="GBP",
        source="what a provider expects then pays three quarters of a whole journey; assumption",
        plausible=(1500.0, 6000.0),
    )
    believed_job_share: Share = parameter(
        0.3,
        "clients attached for whom a job outcome is expected when money by results is planned",
        unit="share",
        source="DWP's expectation of the Work Programme, 36 per cent over its life; assumption",
        plausible=(0.2, 0.45),
    )
    believed_sustained_share: Share = parameter(
        0.6,
        "sustainment payments expected of those possible after a job outcome",
        unit="share",
        plausible=(0.4, 0.8),
    )
    believed_turnover: float = parameter(
        1.0,
        "people who join a group in a year over those in it, when referrals by rule are planned",
        unit="ratio",
        ge=0,
        le=20,
        plausible=(0.3, 2.0),
    )
    learning_weight: float = parameter(
        500.0,
        "people by whose journeys plans learn as much as they believed at first of how far clients"
        " get and how long it takes"
        " (1e9: they never learn)",
        unit="people",
        ge=0,
        le=1e9,
        plausible=(100.0, 5000.0),
        distribution="log_uniform",
    )
    start_up_weeks: int = parameter(
        26,
        "from the partnership's start to its first joint plan; before it all is fragmented",
        unit="weeks",
        ge=0,
        le=520,
        plausible=(0, 104),
    )
    core_team_gbp: float = parameter(
        155_000.0,
        "cost of a core team",
        unit="GBP per year",
        source="BCBC City Strategy business plan June 2007",
        ge=0,
        le=1e7,
        plausible=(80_000.0, 400_000.0),
        distribution="log_uniform",
    )
    core_team_set_up_gbp: float = parameter(
        160_000.0,
        "once, in the first year of joint plans",
        unit="GBP",
        source="BCBC City Strategy business plan June 2007",
        ge=0,
        le=1e7,
        plausible=(0.0, 400_000.0),
    )
    core_team_share: Share = parameter(
        0.01,
        "most a core team costs over the yearly money of all streams, so that small areas can"
        " have one",
        unit="share",
        source="funding.csv 2007/08: capacity money of 0.46 of 53.3 million GBP",
        plausible=(0.003, 0.03),
        distribution="log_uniform",
    )
    joint_quality_weight: Share = parameter(
        0.7,
        "weight of quality against price when partners choose providers jointly",
        unit="share",
        plausible=(0.4, 0.9),
    )
    pool_share: Share = parameter(
        0.5,
        "share of its discretionary money a willing partner puts into the pool",
        unit="share",
        plausible=(0.1, 1.0),
    )
    trust_threshold: Share = parameter(
        0.4,
        "trust below which a partner puts nothing into the pool",
        unit="share",
        plausible=(0.2, 0.6),
    )
    largest_fall: Share = parameter(
        0.2,
        "fall of its yearly amount beyond which a partner puts nothing in",
        unit="share",
        plausible=(0.1, 0.4),
    )
    fair_share: Share = parameter(
        0.7,
        "least spent in a district over what its residents' part of the pool would buy",
        unit="share",
        source="juste retour; assumption",
        plausible=(0.0, 1.0),
    )
    need_weight: float = parameter(
        1.0,
        "weight of a sustained job in a priority zone over one elsewhere, less 1",
        unit="ratio",
        ge=0,
        le=100,
        plausible=(0.0, 3.0),
    )
    believed_jobs: tuple[Share, Share, Share, Share, Share, Share, Share, Share] = parameter(
        (0.05, 0.07, 0.08, 0.06, 0.08, 0.06, 0.06, 0.0),
        "sustained jobs a core team expects support to add, a start of placement, by client group",
        unit="share",
        source="effects of programmes of 3 to 10 points, programme_effects.csv; assumption",
        plausible=(0.5, 2.0),
    )
    diminishing: Share = parameter(
        0.5,
        "part of that lost between the first and the last resident of a cell to be helped",
        unit="share",
        plausible=(0.2, 0.8),
    )
    co_commissioned_share: Share = parameter(
        0.5,
        "share of a willing funder's money that is specified and let jointly",
        unit="share",
        plausible=(0.2, 1.0),
    )
    devolved_share: Share = parameter(
        1.0,
        "share of a willing funder's money, tied or not, that is handed over when devolved",
        unit="share",
        source="governance.csv, level 3: delivery and contracting, with the money",
        plausible=(0.2, 1.0),
    )
    tier: Literal["sub_region", "district", "ward_group"] = parameter(
        "sub_region",
        "who decides on joint money: the sub-region, each district, or each ward group (a"
        " district's priority wards, and its others)",
        unit="-",
    )
    core_team_fixed: Share = parameter(
        0.5,
        "part of the cost of the sub-region's core team that each further unit of a tier costs",
        unit="share",
        plausible=(0.2, 1.0),
    )
    local_knowledge: Share = parameter(
        1.0,
        "how far those who decide on joint money see how need differs within their unit"
        " (0: they take it to be alike; a ward group is seen as it is)",
        unit="share",
        plausible=(0.0, 1.0),
    )
    joint_wards: Literal["all", "priority"] = parameter(
        "all",
        "where money is let jointly when co-commissioned: priority is the flexibility of local"
        " commissioning",
        unit="-",
        source="flexibilities.csv, local commissioning: BCBC plan barrier 2",
    )
    co_location: bool = parameter(
        False,
        "a single point of access and one journey as a clause of aligned and joint contracts:"
        " advisers sit under one roof, so that fewer clients are lost between them"
        " (journey.co_location_factor) and none is assessed again",
        unit="-",
    )
    single_offer: bool = parameter(
        False,
        "whether advisers under aligned and joint contracts call upon employers as one, through"
        " one account manager, and tire them less (goodwill.usual_callers)",
        unit="-",
    )
    package_areas: int = parameter(
        2,
        "contract package areas, groups of districts",
        unit="areas",
        ge=1,
        le=100,
        plausible=(1, 4),
    )
    package_units: Literal["district", "ward_group"] = parameter(
        "district",
        "what package areas are put together from; of ward groups, an area can cut through a"
        " district",
        unit="-",
    )
    primes_per_area: int = parameter(
        2, "prime contractors in each of them", unit="providers", ge=1, le=20, plausible=(1, 3)
    )
    prime_keeps_employers: Share = parameter(
        0.0,
        "part of employers that primes keep to themselves, each its own; others cannot approach"
        " them",
        unit="share",
        source="final evaluation 6: payment by results makes providers keep employers; assumption",
        plausible=(0.0, 0.8),
    )
    prime_terms: str = parameter(
        "work_programme",
        "payment terms of prime contracts: the name of a tariff by results",
        unit="-",
    )
    prime_years: int = parameter(
        1,
        "years a prime contract is tendered for: each year's letting within them carries it on, and"
        " its attachment fee tapers as the tariff says",
        unit="years",
        ge=1,
        le=20,
        plausible=(1, 5),
        source="Work Programme: five years; assumption",
    )
    prime_scale: float = parameter(
        1.0,
        "factor of every fee of prime contracts",
        unit="ratio",
        ge=0,
        le=100,
        plausible=(0.5, 2.0),
        distribution="log_uniform",
    )
    prime_discount: Share = parameter(
        0.1, "part of the fees bid away in competition", unit="share", plausible=(0.0, 0.3)
    )
    prime_margin: Share = parameter(
        0.15,
        "management fee a prime keeps of what its subcontractors earn",
        unit="share",
        plausible=(0.05, 0.3),
    )
