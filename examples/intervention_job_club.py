r"""An intervention: a job club, where people look for work together, look harder and gain heart.

A class of `Intervention` says who may take a place and what a place does; its parameters, a class
of `Aid`, come with dates, groups, wards, places and cost, and what is added here.

    pathfinder run area=two_towns weeks=52 'own=[examples/intervention_job_club.py]' \
        'interventions=[job_club]' interventions.job_club.places=2000
"""

from simulation import register
from simulation.config.aid import Aid, cost_field, factor_field, share_field, weeks_field
from simulation.policies.interventions import Intervention


class JobClubTerms(Aid):
    """What `interventions.job_club` may set, besides what all interventions have."""

    unit_cost_gbp: float = cost_field(150.0)
    weeks: int = weeks_field(10)
    search_factor: float = factor_field(1.5, "applications of a member over those of others")
    confidence_gain: float = share_field(0.2, "part of the lack of confidence made good at the end")


@register.intervention
class JobClub(Intervention):
    """Eligible: the client groups, out of work. Covered: until the weeks are over or a job."""

    name = "job_club"
    parameters = JobClubTerms
    ends_in_work = True

    def hold(self, rows, scene):
        """Have members apply more often, week by week."""
        scene.support.search[rows] *= self.terms.search_factor

    def finish(self, rows, scene):
        """Give back confidence to those who stayed to the end."""
        lack = 1.0 - scene.people.confidence[rows]
        scene.people.confidence[rows] += self.terms.confidence_gain * lack
