"""Outcomes of support by name: unit, definition, source. One figure a run, of the whole run."""

from __future__ import annotations

from simulation.categories import STAGES
from simulation.results.definitions import FEWER, MODEL, Outcome

FRAMEWORK = "stages: Regional Employability Framework, Dutton and Lindsay 2009"
GREEN_ADAM = "measures of City Strategy: Green and Adam 2011"
NO_CLIENTS = "Not with interventions, whose places are for others than clients too."
PEOPLE, PER_CENT, STARTS, GBP = "people", "per cent", "starts a year", "GBP"
OF_CLIENTS = {
    "cost_per_engaged": "engaged",
    "cost_per_job": "job_entries",
    "cost_per_sustained_job": "sustained_26_weeks",
}
"""Costs of what clients out of work do, and the outcome each is divided by: the training of people
in work is no part of them, and runs with interventions, whose places are for others too, have none.
"""


def _people(name: str, label: str, definition: str, source: str = MODEL) -> Outcome:
    return Outcome(name, label, PEOPLE, definition, source=source, words=FEWER)


def _share(name: str, label: str, definition: str, source: str = MODEL) -> Outcome:
    return Outcome(name, label, PER_CENT, definition, source=source)


def _gbp(name: str, label: str, definition: str, source: str = MODEL) -> Outcome:
    return Outcome(name, label, GBP, definition, source=source)


_JOURNEY = (
    _people(
        "engaged",
        "Engaged",
        "Journeys begun by people out of work; somebody engaged twice counts twice.",
        FRAMEWORK,
    ),
    _people("in_work_clients", "Helped in work", "Journeys begun by people in work."),
    _share(
        "went_on_share",
        "Went on to action planning",
        "Journeys that reached action planning per 100 engaged; half in East London.",
        "IDeA 2009, case study 3",
    ),
    _people(
        "served",
        "Served",
        "Journeys in which a provider spent money on services.",
        FRAMEWORK,
    ),
    _share(
        "parked_share",
        "Parked",
        "Journeys whose provider spent nothing on services per 100 that reached services.",
        "parking: Rees, Whitworth and Carter 2014",
    ),
    _people("job_entries", "Job entries", "Jobs entered by clients before aftercare.", GREEN_ADAM),
    *(
        _people(
            f"sustained_{weeks}_weeks",
            f"Jobs sustained for {weeks} weeks",
            f"Job entries followed by {weeks} weeks of unbroken employment within the run.",
            GREEN_ADAM,
        )
        for weeks in (13, 26, 52)
    ),
    _share("job_entry_share", "Job entries per 100 engaged", "Job entries per 100 engaged."),
)
_DISTANCE = (
    Outcome(
        "barriers_lifted_per_served",
        "Barriers lifted per client served",
        "barriers",
        "Barriers lifted during journeys over the number of journeys served.",
        source="distance travelled: Dewson, Eccles, Tackey and Jackson 2000",
    ),
    _people(
        "levels_gained",
        "Qualification levels gained",
        "Times that training raised somebody's highest qualification by a level.",
    ),
    _people(
        "progress_without_job",
        "Progress short of a job",
        "Journeys without a job entry in which a barrier was lifted or a level gained.",
        "distance travelled: Dewson, Eccles, Tackey and Jackson 2000",
    ),
)
_LOSSES = (
    *(
        _share(
            f"drop_out_share_{stage}",
            f"Dropped out of {stage.replace('_', ' ')}",
            f"Clients who dropped out in {stage.replace('_', ' ')} or while waiting after it, per"
            " 100 starts of it.",
            FRAMEWORK,
        )
        for stage in STAGES
    ),
    *(
        Outcome(
            f"mean_wait_{stage}",
            f"Mean wait for {stage.replace('_', ' ')}",
            "weeks",
            "From being noted as waiting (for aftercare: from the job entry) to the start, mean of"
            " all starts; those served at once count as 0, those who left are not in it.",
            words=("longer", "shorter"),
        )
        for stage in STAGES[1:]
    ),
    _people(
        "lost_at_hand_over",
        "Lost at a hand-over",
        "Clients lost on the way from one organisation to another.",
        FRAMEWORK,
    ),
    _share(
        "lost_at_hand_over_share",
        "Lost per 100 hand-overs",
        "Clients lost per 100 passed on to another organisation, those lost included.",
        FRAMEWORK,
    ),
    _people("left_waiting", "Left while waiting", "Clients who left since no stage followed."),
    _people(
        "assessed_again",
        "Assessed again",
        "Assessments repeated by another organisation that did not have the records.",
        FRAMEWORK,
    ),
    _gbp("assessed_again_gbp", "Cost of assessing again", "What repeated assessments cost."),
    _share(
        "re_engaged_share",
        "Engaged again within a year",
        "Ended journeys after which the person was engaged again within 52 weeks, per 100; those"
        " that ended in the last 52 weeks of the run are left out.",
        MODEL,
    ),
    _share(
        "jobs_lost_early_share",
        "Jobs lost within 26 weeks",
        "Job entries that ended within 26 weeks, per 100; entries in the last 26 weeks of the run"
        " are left out.",
        MODEL,
    ),
)
_PROVISION = (
    Outcome(
        "unmet_need",
        "Unmet need",
        STARTS,
        "Need less places where positive, summed over ward, client group and stage, mean of"
        " months.",
        words=FEWER,
    ),
    *(
        Outcome(
            f"unmet_need_{name}",
            f"Unmet need {words}",
            STARTS,
            f"The part of unmet need that is of people {words}.",
            words=FEWER,
        )
        for name, words in (
            ("on_benefit", "on benefits"),
            ("no_benefit", "out of work without a benefit"),
            ("in_work", "in work"),
        )
    ),
    Outcome(
        "over_provision",
        "Over-provision",
        STARTS,
        "Places less need where positive, summed over ward, client group and stage, mean of"
        " months: duplication.",
        words=FEWER,
    ),
    _share(
        "coverage_share",
        "Coverage of need",
        "The lesser of need and places, summed over ward, group and stage, per 100 of need.",
    ),
    Outcome("waiting_mean", "Waiting", PEOPLE, "Clients waiting at month ends, mean.", words=FEWER),
)
_MONEY = (
    _gbp("budget_gbp", "Budgets", "Given by funders over the run; what streams pool counts once."),
    _gbp("committed_gbp", "Committed", "Committed in contracts and not taken back."),
    _gbp("paid_gbp", "Paid to providers", "Paid under contracts by the end of the run."),
    _gbp("administration_gbp", "Administration", "Procurement and the core team, paid."),
    _gbp("spend_gbp", "Public spending", "Paid to providers plus administration."),
    _gbp(
        "unused_gbp",
        "Not used",
        "Budgets neither committed nor spent on administration, with what lapsed.",
    ),
    _gbp(
        "in_work_gbp",
        "Training of people in work",
        "Earned by starts of people in work; no part of a cost per engagement or job.",
    ),
    _gbp(
        "idle_gbp",
        "Paid for places nobody took",
        "Grants paid beyond what their starts cost at the contracts' prices.",
    ),
    _share("idle_share", "Share paid for places nobody took", "Per 100 paid to providers."),
    Outcome("caseload_mean", "Clients at a time", PEOPLE, "Of all providers, mean of month ends."),
    Outcome(
        "clients_per_adviser",
        "Clients per adviser",
        "clients",
        "Clients at a time over the staff that are there for them, at `clients_per_adviser`.",
    ),
    _gbp(
        "cost_per_engaged",
        "Cost per person engaged",
        f"Public spending, training of people in work apart, per person engaged. {NO_CLIENTS}",
    ),
    _gbp(
        "cost_per_job",
        "Cost per job start",
        "Public spending, training of people in work apart, over job entries; just under 3,000 in"
        f" Heads of the Valleys. {NO_CLIENTS}",
        GREEN_ADAM,
    ),
    _gbp(
        "cost_per_sustained_job",
        "Cost per sustained job",
        "Public spending, training of people in work apart, over jobs sustained for 26 weeks."
        f" {NO_CLIENTS}",
        GREEN_ADAM,
    ),
)
ACCESS = {
    "priority": "residents of priority wards",
    "minority": "ethnic minorities",
    "lone_parent": "lone parents",
    "health": "people with limited health",
    "young": "those under 25",
    "older": "those of 50 and over",
}
"""Whose access is compared with that of everybody else, by characteristics at the start."""
_ACCESS = tuple(
    Outcome(
        f"access_ratio_{name}",
        f"Access of {words}",
        "ratio",
        f"Share treated of {words} out of work at the start, over that of all others out of work.",
    )
    for name, words in ACCESS.items()
)

SUPPORT_OUTCOMES: tuple[Outcome, ...] = (
    *_JOURNEY,
    *_DISTANCE,
    *_LOSSES,
    *_PROVISION,
    *_MONEY,
    *_ACCESS,
)
