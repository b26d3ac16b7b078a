r"""An outcome: how far Jobseeker's Allowance has fallen from its peak by the end of the run.

An `Outcome` is a figure of every run, worked out from the months of the groups it names; it stands
in stores, studies and comparisons like any other.

    pathfinder run area=two_towns weeks=104 'own=[examples/outcome_claimants_fall.py]'
    pathfinder study area=two_towns weeks=104 'own=[examples/outcome_claimants_fall.py]' \
        method=morris samples=4 'factors=[search.full_duty,hiring.strength]' \
        'outcomes=[claimants_fall]'
"""

from simulation import register
from simulation.results.definitions import FEWER, Outcome


def fall(run):
    """Return the peak of JSA less its last month, in people."""
    jsa = run["all"]["jsa"]
    return jsa.max() - jsa[-1]


register.outcome(
    Outcome(
        name="claimants_fall",
        label="Fall of Jobseeker's Allowance from its peak",
        unit="people",
        definition="People on Jobseeker's Allowance at the highest month end, less the last.",
        needs=("jsa",),
        function=fall,
        words=FEWER,
    )
)
