r"""A regime: every funder buys for its own people, but first of all where the poorest wards are.

A regime is a function from a `Situation`, what is seen on a planning date, to what is let on it.
Here it hands the shipped regime another picture of need, and leaves the buying to it.

    pathfinder run area=two_towns weeks=52 'own=[examples/regime_priority_first.py]' \
        regime=priority_first regime.need_weight=4
"""

from dataclasses import replace

import numpy as np

from simulation import register
from simulation.policies.regimes.fragmented import fragmented


@register.regime("priority_first")
def priority_first(situation):
    """Count need outside the priority wards as less, the more `regime.need_weight` is."""
    elsewhere = 1.0 / (1.0 + situation.config.need_weight)
    weight = np.where(situation.is_priority_zone, 1.0, elsewhere)
    return fragmented(replace(situation, need=situation.need * weight[:, None, None]))
