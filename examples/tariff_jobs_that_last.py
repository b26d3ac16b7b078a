r"""A tariff: nothing for taking somebody on, much for a job that lasts a year, by group.

`Terms` say how a contract pays: fees by payment group, in GBP. Those by results leave it to the
provider what to do, and whom to help first. A tariff whose terms need no arithmetic is as well a
YAML file like those in `conf/tariffs/`.

    pathfinder run area=two_towns weeks=104 'own=[examples/tariff_jobs_that_last.py]' \
        regime=prime_contractor regime.prime_terms=jobs_that_last
"""

from simulation import register
from simulation.agents.contracts import Terms
from simulation.categories import PAYMENT_GROUPS

HARDER = 2.0
"""Fee for those who are not on Jobseeker's Allowance over that for those who are."""

factors = [1.0 if group.startswith("jsa") else HARDER for group in PAYMENT_GROUPS]

register.tariff(
    Terms(
        name="jobs_that_last",
        kind="results",
        attachment_gbp=tuple(0.0 for _ in factors),
        job_gbp=tuple(1200.0 * factor for factor in factors),
        sustainment_gbp=tuple(300.0 * factor for factor in factors),
        n_sustainment=tuple(6 for _ in factors),
        job_weeks=26,
        sustainment_weeks=4,
    )
)
