r"""A hiring rule: the queue the right way round, those longest out of work first.

A rule is a function from the `Applications` judged in a round, one row each, and the parameters of
`hiring` to scores, float64 (n,); a vacancy takes the suitable applicant with the highest. Those who
are not suitable have a row too, and are passed over afterwards.

    pathfinder run area=two_towns weeks=52 'own=[examples/hiring_rule_longest_first.py]' \
        hiring=longest_first hiring.strength=2
"""

import numpy as np

from simulation import register
from simulation.labour.hiring_rules import random


@register.hiring_rule("longest_first")
def longest_first(applications, hiring):
    """Weigh time out of work, up to a year or so, by `hiring.strength` against chance."""
    waited = 1.0 - np.exp(-applications.weeks_since_job / hiring.recency_weeks)
    return random(applications, hiring) + hiring.strength * waited
