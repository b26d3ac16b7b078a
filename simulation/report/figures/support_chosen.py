"""The figures of a comparison of regimes: which are drawn, in words too, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from simulation.report.figures.chosen import Wanted
from simulation.report.figures.costs import cost_per_job
from simulation.report.figures.helped import who_is_helped
from simulation.report.figures.journey import journey_sankey, widest
from simulation.report.figures.net_effect import gross_to_net
from simulation.report.figures.participants import effects_over_time
from simulation.report.figures.partners import trust_over_time
from simulation.report.figures.places import place_maps
from simulation.report.figures.spending import money_by_year, spend_by_stream
from simulation.report.figures.trade_off import trade_off


class SupportTables(NamedTuple):
    """What a comparison holds on support; None where it was not written."""

    additionality: pd.DataFrame | None = None
    journey: pd.DataFrame | None = None
    coverage: pd.DataFrame | None = None
    spend: pd.DataFrame | None = None
    partners: pd.DataFrame | None = None
    null: pd.DataFrame | None = None
    reached: pd.DataFrame | None = None
    engaged: pd.DataFrame | None = None
    participant_effects: pd.DataFrame | None = None


ON_ADDITIONALITY: dict[str, Callable[..., Figure]] = {
    "gross_to_net": gross_to_net,
    "who_is_helped": who_is_helped,
    "cost_per_job": cost_per_job,
}
ON_SPEND: dict[str, Callable[..., Figure]] = {
    "spend_by_stream": spend_by_stream,
    "money_by_year": money_by_year,
}
GUIDES = {
    "trade_off": "Each dot is one arm: up means more years of work in all, left means fewer"
    " claimants in the worst wards or fewer long-term among job seekers. Filled dots are those no"
    " other arm beats on both counts; what lies below and to the right of another brings less work"
    " and leaves the worst off behind. The grey crosses are intervals: where they overlap, the"
    " order of two arms is not sure.",
    "gross_to_net": "Read from the top: clients who are in work at the end; less deadweight, those"
    " of them who are in work without support too; less clients who are in work only without it;"
    " less what others lost at the employers of those who gained (substitution) and elsewhere"
    " (displacement), each net of what others gained. What is left is the net effect on people in"
    " work; while its line crosses nought, it cannot be told from nothing. The split between"
    " substitution and displacement is a convention; their sum is not.",
    "who_is_helped": "Each dot is the net effect on residents who began the run in that group or"
    " kind of ward, whether they were clients or not. To the left of nought, fewer are in work"
    " than without support: those who stand just behind the clients in the queue can lose what"
    " the clients gain. Hollow dots cannot be told from nothing.",
    "cost_per_job": "All money spent, over the jobs clients started, those they kept (not where"
    " there are interventions, which help others than clients too), the years of work there would"
    " not have been without support, and those more in work on the last day."
    " Cost per job started says little about value when most would have found work anyway; cost"
    " per person in work on one day sets five years of spending against it. Where the net effect"
    " may be nothing, what is additional has no upper limit to its cost.",
    "participants": "Each line follows those whom support took in, from the week they came in: how"
    " many points more of them are in work than the same people without support. It is what trials"
    " of programmes measure, and says nothing of what others lose: the net effect above does."
    " The marks are means of published evaluations, of help with looking for work and of training,"
    " at the times after a programme of a quarter for which they are given.",
    "journey": "Follow the bars down: each is as wide as the number of people who reached that"
    " step. Blue goes on to the next stage, hatched bands are those who started a job, grey falls"
    " away on the right with the reason. Nobody disappears: what enters a bar is what leaves it.",
    "unmet": "The darker a ward, the more people a year need a stage of help for which no contract"
    " holds a place, per 1,000 residents. All arms share one scale.",
    "duplication": "The darker a ward, the more places a year contracts hold there beyond the"
    " number who need them, per 1,000 residents: two funders buying for the same people. Unmet"
    " need and duplication can stand side by side in one ward, in different groups or stages.",
    "spend_by_stream": "The light bar is the budget of a stream of money, the dark one in it what"
    " was paid to providers. A short dark bar means money that could not be spent or was not yet"
    " due.",
    "money_by_year": "Money goes from budget to contracts to payments, with a delay, longer where"
    " providers are paid by results.",
    "trust_over_time": "Each panel is a funder, each line an arm. Trust grows with contracts that"
    " deliver and falls at shocks of policy; it decides how much a partner aligns or pools.",
}
WHAT = {
    "trade_off": "Dots of years of work against the change of two shares, one an arm.",
    "gross_to_net": "Waterfall charts from clients in work to the net effect, one panel an arm.",
    "who_is_helped": "Dots with intervals of the net effect by client group and kind of ward, one"
    " panel an arm.",
    "cost_per_job": "Dots with intervals of cost per job, one panel a kind of job.",
    "participants": "Lines of participants' own effect by time since they came in, one an arm.",
    "journey": "Flow diagram of the client journey.",
    "unmet": "Maps of unmet need by ward, one an arm.",
    "duplication": "Maps of duplication by ward, one an arm.",
    "spend_by_stream": "Bar charts of budget and payments by stream, one panel an arm.",
    "money_by_year": "Bar charts of budget, contracts and payments by year, one panel an arm.",
    "trust_over_time": "Line charts of trust by month, one panel a funder.",
}


def support_figures(
    tables: SupportTables,
    wards: pd.DataFrame,
    *,
    arms: Sequence[str],
    boundaries: Path | None,
    note: str,
    own_name: Callable[[str], str] = str,
) -> list[Wanted]:
    """List the figures on support that there are tables for.

    Parameters
    ----------
    tables : SupportTables
    wards : DataFrame
        Ward table: code, name, district, easting, northing, priority, residents.
    arms : sequence of str
        Baseline first.
    boundaries : Path or None
        GeoJSON of the wards; None draws circles.
    note : str
        Put under each figure.
    own_name : callable
        The name of an arm that files are called after, from what `arms` calls it.
    """
    common: dict[str, Any] = {"arms": arms, "note": note}
    draws: list[tuple[str, str, Callable[[], Figure]]] = []
    if tables.additionality is not None:
        draws += [
            (name, name, partial(draw, tables.additionality, **common))
            for name, draw in ON_ADDITIONALITY.items()
        ]
    if tables.participant_effects is not None:
        draw_effects = partial(effects_over_time, tables.participant_effects, **common)
        draws.append(("participants", "participants", draw_effects))
    if tables.coverage is not None:
        maps = partial(place_maps, tables.coverage, wards, boundaries=boundaries, **common)
        draws += [
            (f"map_{column}", column, partial(maps, column=column))
            for column in ("unmet", "duplication")
        ]
    if tables.journey is not None:
        draws += _journeys(tables.journey, arms, note, own_name)
    if tables.spend is not None:
        draws += [
            (name, name, partial(draw, tables.spend, **common)) for name, draw in ON_SPEND.items()
        ]
    if tables.partners is not None:
        draw_trust = partial(trust_over_time, tables.partners, **common)
        draws.append(("trust_over_time", "trust_over_time", draw_trust))
    return [Wanted(name, WHAT[kind], GUIDES[kind], draw) for name, kind, draw in draws]


def trade_off_of(
    verdict: pd.DataFrame, summary: pd.DataFrame, *, arms: Sequence[str], note: str
) -> Wanted:
    """Return the figure of years of work beside what becomes of the worst off."""
    draw = partial(trade_off, verdict, summary, arms=arms, note=note)
    return Wanted("trade_off", WHAT["trade_off"], GUIDES["trade_off"], draw)


def _journeys(
    journey: pd.DataFrame, arms: Sequence[str], note: str, own_name: Callable[[str], str]
) -> list[tuple[str, str, Callable[[], Figure]]]:
    """One picture an arm that has clients, all on one scale."""
    present = set(journey["arm"].astype(str))
    names = [arm for arm in arms if arm in present]

    most = cache(partial(widest, journey))

    def draw(arm: str) -> Figure:
        return journey_sankey(journey, arm=arm, most=most(), note=note)

    return [(f"journey_{own_name(arm)}", "journey", partial(draw, arm)) for arm in names]
