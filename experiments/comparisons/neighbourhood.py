"""A plan for a neighbourhood: each option with the same money there, the best mix, what it brings.

All arms have the same seeds and differ from things as they are only in what is bought for the
residents of some wards, so that what each brings is a paired difference. The mix has other seeds
than the options it was chosen from: the best of several on some seeds has had luck on them too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.comparisons.adding import next_seeds
from experiments.comparisons.asked import Asked, read_asked
from experiments.comparisons.plan_settings import PlanSettings
from experiments.words.composition import compose_mapping
from simulation.categories import BENEFITS, MARK_WEEKS
from simulation.config import Config
from simulation.errors import InputError, did_you_mean
from simulation.finished.months import wards_asked
from simulation.report.neighbourhood import Plan, plan_lines
from simulation.results.paired import mean_interval
from simulation.results.period import EMPLOYED
from simulation.results.verdict import LESS, MORE

if TYPE_CHECKING:
    from experiments.comparisons.result import Comparison

AS_IT_IS, MIX, HERE = "as_it_is", "the_mix", "here"
MOST_IN_MIX = 3
PROFILE = ("what", "here", "area", "unit")
GAPS = ("group", "stage", "need", "places", "unmet", "duplication")
OPTIONS = (
    "option", "unit_cost_gbp", "places", "spent_gbp", "work_years", "low", "high",
    "years_per_100000_gbp", "sure", "level_with_best", "share_of_mix", "spent_in_mix_gbp",
)  # fmt: skip
PATH = ("date", "without", "with", "difference", "low", "high")


@dataclass(frozen=True)
class Neighbourhood:
    """Some wards and the money for them.

    Attributes
    ----------
    label : str
        Names of the wards.
    codes : tuple of str
    config : Config
        Things as they are.
    settings : PlanSettings
    """

    label: str
    codes: tuple[str, ...]
    config: Config
    settings: PlanSettings


@dataclass(frozen=True)
class Planned:
    """The tables of a plan, by the names of their files, and what they are about."""

    place: Neighbourhood
    tables: Mapping[str, pd.DataFrame]
    n_seeds: int

    @property
    def told(self) -> Plan:
        """The plan as it is put into words."""
        place = self.place
        return Plan(self.tables, place.label, place.settings.budget, self.n_seeds, place.config)


def neighbourhood(config: Config, settings: PlanSettings, wards: pd.DataFrame) -> Neighbourhood:
    """Find the wards that are meant.

    Parameters
    ----------
    config : Config
    settings : PlanSettings
    wards : DataFrame
        code, name, district, priority.

    Raises
    ------
    InputError
        One line for each ward or option there is not, with the nearest names, and for each option
        that is in force as things are.
    """
    problems = []
    known = list(config.interventions.model_dump())
    codes: list[str] | None = []
    try:
        codes = wards_asked(wards, settings.ward or "")
    except InputError as error:
        said = {"the run has": "there is", "run.wards lists": "wards.csv of the area lists"}
        for line in error.problems:
            for words, own in said.items():
                line = line.replace(words, own)
            problems.append(f"ward: {line}")
    if codes is None or len(codes) == len(wards):
        problems.append("ward: is the whole area; give one ward, or several separated by |")
    problems += [
        f"options: there is no intervention {name!r}; {did_you_mean(name, known)}"
        for name in settings.options
        if name not in known
    ]
    # Its places would move to the neighbourhood, where all other options are added.
    problems += [
        f"options: {name} is in force as things are, and only what is not can be added; leave it"
        " out of options= or of interventions="
        for name in settings.options
        if name in config.interventions.active_names()
    ]
    if config.weeks < MARK_WEEKS:
        problems.append(f"weeks={config.weeks}: too short; a plan needs {MARK_WEEKS} or more")
    if problems:
        raise InputError(problems)
    chosen = tuple(codes or ())
    label = ", ".join(wards.set_index("code").loc[list(chosen), "name"].astype(str))
    return Neighbourhood(label, chosen, config, settings)


def with_money(place: Neighbourhood, budgets: Mapping[str, float]) -> Config:
    """Return things as they are with some interventions bought for the neighbourhood's people."""
    bought = {
        name: {"active": True, "wards": place.codes, "budget_gbp": budget}
        for name, budget in budgets.items()
    }
    return place.config.replace(interventions=bought)


def asked_for(
    place: Neighbourhood, budgets: Mapping[str, Mapping[str, float]], seeds: int | list[int]
) -> Asked:
    """Return a comparison of things as they are with money spent in some ways.

    Parameters
    ----------
    place : Neighbourhood
    budgets : mapping of str to mapping
        By arm, pounds for each intervention.
    seeds : int or list of int
    """
    arms = {AS_IT_IS: place.config} | {
        name: with_money(place, each) for name, each in budgets.items()
    }
    own = {"baseline": AS_IT_IS, "sets": {HERE: list(place.codes)}, "seeds": seeds}
    given = place.settings.shared() | own
    mapping = compose_mapping("compare", ["compare=own"]) | given
    return read_asked(mapping, [], arms=arms)


def of_each_option(place: Neighbourhood) -> Asked:
    """Return the comparison that has an arm for every option with all of the money."""
    budget = place.settings.budget
    budgets = {name: {name: budget} for name in place.settings.options}
    return asked_for(place, budgets, place.settings.seeds)


def spent_on_options(spend: pd.DataFrame, arm: str, options: Sequence[str]) -> pd.Series:
    """Add up what an arm spent on places of each option.

    Parameters
    ----------
    spend : DataFrame
        arm, stream, year, paid_gbp, administration_gbp: means over seeds.
    arm : str
    options : sequence of str

    Returns
    -------
    Series of float64
        GBP, by option; what other streams spent more or less beside them is no part of it.
    """
    own = spend[spend["arm"] == arm]
    paid = (own["paid_gbp"] + own["administration_gbp"]).groupby(own["stream"].astype(str)).sum()
    return pd.Series({name: float(paid.get(f"intervention:{name}", 0.0)) for name in options})


def options_table(found: Comparison, place: Neighbourhood) -> pd.DataFrame:
    """Say of each option what it brings the neighbourhood's residents, the most first.

    Parameters
    ----------
    found : Comparison
        Of `of_each_option`.
    place : Neighbourhood

    Returns
    -------
    DataFrame
        Columns `OPTIONS`: pounds spent on its own places; years of work more than as things are,
        with 95 per cent intervals; `sure` where that holds together with all comparisons (Holm),
        and only there years per 100,000 pounds spent; `level_with_best` where it cannot be told
        from the first. What the mix spends on it is not known yet.
    """
    own = found.verdict[found.verdict["set"] == HERE]
    years = own[own["outcome"] == "work_years"]
    against = years[years["against"] == AS_IT_IS].set_index("arm")
    told = {
        frozenset((row["arm"], row["against"])): row["order"] in (MORE, LESS)
        for row in years.to_dict("records")
    }
    rows = []
    names = list(against["estimate"].sort_values(ascending=False, kind="stable").index)
    for name in names:
        row, cost = against.loc[name], getattr(place.config.interventions, name).unit_cost_gbp
        spent = float(spent_on_options(found.spend, name, [name])[name])
        is_sure = row["order"] in (MORE, LESS)
        per = 100_000.0 * row["estimate"] / spent if is_sure and spent > 0 else np.nan
        rows.append(
            (name, cost, place.settings.budget / cost, spent, row["estimate"], row["low"],
             row["high"], per, is_sure,
             name == names[0] or not told[frozenset((name, names[0]))], 0.0, np.nan)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(OPTIONS))
    chosen = mix_of(table)
    table["share_of_mix"] = table["option"].map(dict.fromkeys(chosen, 1.0 / len(chosen))).fillna(0)
    return table


def mix_of(options: pd.DataFrame) -> list[str]:
    """Choose what the money is spent on: evenly on the best and those level with it.

    Where any gain is sure, only sure ones are taken; at most `MOST_IN_MIX`, the best first.

    Parameters
    ----------
    options : DataFrame
        option, work_years, sure, level_with_best: the best first.
    """
    level = options[options["level_with_best"] & (options["work_years"] > 0)]
    sure = level[level["sure"]]
    chosen = sure if len(sure) else level
    names = [str(name) for name in chosen["option"][:MOST_IN_MIX]]
    return names or [str(options["option"].iloc[0])]


def of_the_mix(place: Neighbourhood, options: pd.DataFrame, chosen_on: Sequence[int]) -> Asked:
    """Return the comparison of things as they are with the mix, on the seeds after `chosen_on`."""
    shares = options.set_index("option")["share_of_mix"]
    budgets = {str(name): float(share) * place.settings.budget
               for name, share in shares.items() if share > 0}  # fmt: skip
    return asked_for(place, {MIX: budgets}, [*next_seeds(chosen_on, len(chosen_on))])


def profile_table(wards: pd.DataFrame, place: Neighbourhood) -> pd.DataFrame:
    """Say who lives there beside the whole area, from the area's table of the first day."""
    here = wards[wards["code"].isin(place.codes)]
    rows = [("residents of working age", float(here["residents"].sum()),
             float(wards["residents"].sum()), "people")]  # fmt: skip
    for what, columns in {
        "in work": ["employed"],
        "on out-of-work benefits (NI 152)": list(BENEFITS),
        "on JSA": ["jsa"],
        "on incapacity benefit": ["ib_esa"],
        "lone parents on Income Support": ["lone_parent"],
        "without qualifications": ["qual_0"],
        "aged 16 to 24": ["age_16_24"],
        "aged 50 to 64": ["age_50_64"],
        "ethnic minorities": ["eth_mixed", "eth_asian", "eth_black", "eth_other"],
    }.items():
        own, area = (100.0 * float(each[columns].sum().sum() / each["residents"].sum())
                     for each in (here, wards))  # fmt: skip
        rows.append((what, own, area, "per cent"))
    claims = wards[list(BENEFITS)].sum(axis=1) / wards["residents"]
    claimed = float(here[list(BENEFITS)].sum().sum() / here["residents"].sum())
    rank = float((claims > claimed).sum() + 1)
    rows.append(("place among wards, most claimants first", rank, float(len(wards)), "place"))
    return pd.DataFrame(rows, columns=list(PROFILE))


def caseload_table(period: pd.DataFrame, place: Neighbourhood) -> pd.DataFrame:
    """Count people out of work on the first day by client group: whom support is for."""
    own = period[(period["arm"] == AS_IT_IS) & period["ward"].isin(place.codes)]
    own = own.astype({"group": str})
    own = own[own["group"].str.startswith("group:")]
    people = own.groupby(["group", "seed"])["people"].sum().groupby("group").mean()
    people.index = people.index.str.removeprefix("group:")
    people = people.drop(EMPLOYED, errors="ignore").sort_values(ascending=False)
    table = people.rename("people").rename_axis("group").reset_index()
    return table.assign(share_of_caseload=table["people"] / max(table["people"].sum(), 1.0))


def gaps_table(coverage: pd.DataFrame, place: Neighbourhood) -> pd.DataFrame:
    """Add up need and places as things are, by group and stage: the largest gaps first."""
    if coverage.empty:
        return pd.DataFrame(columns=list(GAPS))
    own = coverage[(coverage["arm"] == AS_IT_IS) & coverage["ward"].isin(place.codes)]
    table = own.groupby(["group", "stage"], sort=False)[list(GAPS[2:])].sum().reset_index()
    return table.sort_values("unmet", ascending=False, kind="stable").reset_index(drop=True)


def path_table(monthly: pd.DataFrame, place: Neighbourhood) -> pd.DataFrame:
    """Return claimants per 100 residents there, month by month, with and without the mix."""
    rows = monthly[monthly["ward"].isin(place.codes) & (monthly["group"] == "all")]
    rows = rows[rows["outcome"].isin([*BENEFITS, "residents"])]
    rows = rows.astype({"arm": str, "outcome": str})
    sums = rows.groupby(["arm", "seed", "date", "outcome"])["value"].sum().unstack()
    rate = (100.0 * sums[list(BENEFITS)].sum(axis=1) / sums["residents"]).unstack("date")
    without, bought = (rate.xs(arm, level="arm") for arm in (AS_IT_IS, MIX))
    mean, low, high = mean_interval((bought - without).to_numpy())
    levels = (each.to_numpy().mean(axis=0) for each in (without, bought))
    columns = (rate.columns, *levels, mean, low, high)
    return pd.DataFrame(dict(zip(PATH, columns, strict=True)))


def mix_table(found: Comparison) -> pd.DataFrame:
    """Return what the mix brings the neighbourhood and the whole area, with intervals."""
    rows = found.verdict[
        found.verdict["set"].isin([HERE, "all"])
        & found.verdict["outcome"].isin(["work_years", "claimant_years", "spend_gbp", "work_end"])
    ]
    table = rows[["set", "outcome", "unit", "estimate", "low", "high", "order"]]
    return table.reset_index(drop=True)


def carry_out_plan(place: Neighbourhood, wards: pd.DataFrame, *, command: str) -> Planned:
    """Run what is not there yet and return the tables of the plan.

    Raises
    ------
    InputError, RunsFailedError
        As `carry_out`.
    """
    from experiments.comparisons.carry_out import carry_out

    first = carry_out(of_each_option(place), command=command)
    options = options_table(first, place)
    second = carry_out(of_the_mix(place, options, first.seeds), command=command)
    spent = spent_on_options(second.spend, MIX, options["option"].tolist())
    options = options.assign(spent_in_mix_gbp=spent.to_numpy())
    tables = {
        "profile": profile_table(wards, place),
        "caseload": caseload_table(first.period, place),
        "gaps": gaps_table(first.coverage, place),
        "options": options,
        "mix": mix_table(second),
        "path": path_table(second.monthly, place),
    }
    return Planned(place, tables, len(first.seeds))


def write_plan(planned: Planned, folder: Path) -> None:
    """Write the folder of a plan: its tables, and its page if that is wanted."""
    from simulation.files.placing import put_folder
    from simulation.report.interactive.neighbourhood import write_page_of_plan

    lines = plan_lines(planned.told)

    def write(new: Path) -> None:
        for name, table in planned.tables.items():
            table.to_csv(new / f"{name}.csv", index=False)
        (new / "answer.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if planned.place.settings.page:
            write_page_of_plan(new / "page.html", planned.told)

    put_folder(folder, write)
