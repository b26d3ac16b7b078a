# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Compare regimes
#
# The same money can become help in different ways. Each funder can buy for its own people and
# look at nobody else; funders can look at one another's contracts; or a few large firms can be
# paid by results. This notebook runs a city region under three such **regimes** and without any
# support, and asks
#
# 1. what the money buys;
# 2. what becomes of the clients;
# 3. how many are in work **because** of it: from gross to net;
# 4. what changes when you add an **intervention**, from Python.
#
# To be done within a minute, one agent stands for forty people, for three years, with two
# seeds. That is enough to see how it works and far too little for an answer; `pathfinder
# compare` has the answer, and a report to go with it.

# %%
# %matplotlib inline
from textwrap import fill

import numpy as np
import pandas as pd

from experiments import configure
from simulation import load_area, shipped_area_folder, simulate
from simulation.report.figures import gross_to_net, journey_sankey
from simulation.results.additionality import ATTRIBUTION_NOTE
from simulation.results.support_tables import combine, measure_run

# %% [markdown]
# ## Run in pairs
#
# `configure` takes the same words as the command line. Every arm meets the same seeds: the same
# people, the same luck. `people=True` keeps who worked where every half year, which is what pairs
# of runs are compared by.

# %%
ARMS = {
    "no_support": ["regime=none"],
    "fragmented": ["regime=fragmented"],
    "aligned": ["regime=aligned"],
    "prime_contractor": ["regime=prime_contractor"],
}
SEEDS, SIZE, WEEKS = (1, 2), 40, 156
COMMON = ["area=bcbc", "economy=recession_2008", f"people_per_agent={SIZE}", f"weeks={WEEKS}"]
area = load_area(shipped_area_folder("bcbc"))
runs = {
    (arm, seed): simulate(configure(*COMMON, *words), seed, people=True, area=area)
    for arm, words in ARMS.items()
    for seed in SEEDS
}
REGIMES = [arm for arm in ARMS if arm != "no_support"]

# %% [markdown]
# ## What the money buys
#
# A regime turns streams of money into contracts: who is paid, by whom, on which terms, for how
# many places. All of them begin as `fragmented`, since joint plans take time. Then, under
# `prime_contractor`, large firms are paid by results and pass work on to others; the other two go
# on buying stage by stage.

# %%
STAGE_BY_STAGE = ("block_grant", "unit_price")
pd.DataFrame(
    {
        arm: {
            "contracts": len(contracts),
            "providers paid": contracts.loc[contracts["paid_gbp"] > 0, "provider"].nunique(),
            "committed, million pounds": contracts["committed_gbp"].sum() / 1e6,
            "paid, million pounds": contracts["paid_gbp"].sum() / 1e6,
            "of that by results, %": 100
            * contracts.loc[~contracts["terms"].isin(STAGE_BY_STAGE), "paid_gbp"].sum()
            / contracts["paid_gbp"].sum(),
        }
        for arm in REGIMES
        for contracts in [runs[arm, 1].support("contracts")]
    }
).round(1)

# %% [markdown]
# The budgets are the same. Where less is paid, money was not contracted, or was contracted for
# results that did not come, or is not due yet.
#
# ## What becomes of the clients
#
# `measure_run` looks at one run, paired with the run without support of the same seed;
# `combine` averages over seeds. `pathfinder compare` does exactly this.

# %%
measured = [
    (
        arm,
        seed,
        measure_run(
            runs[arm, seed].tables,
            runs["no_support", seed].support("people"),
            people_per_agent=SIZE,
            n_weeks=WEEKS,
        ),
    )
    for arm in REGIMES
    for seed in SEEDS
]
tables = combine(measured)
outcomes = tables["outcomes"].pivot_table(index="outcome", columns="arm", values="value")
outcomes.loc[
    ["engaged", "served", "job_entries", "sustained_26_weeks", "left_waiting", "spend_gbp"], REGIMES
].round(0).astype(int)

# %% [markdown]
# As a picture, for one of them: each bar is as wide as the number of people who got so far, and
# nobody disappears. Look at how much leaves on the way, and where.

# %%
journey_sankey(tables["journey"], arm="fragmented")

# %% [markdown]
# ## From gross to net
#
# Clients find jobs. So would many of them have done without help (**deadweight**); and some of
# the jobs would have gone to somebody else, at the same employer (**substitution**) or elsewhere
# (**displacement**). What is left is the **net** effect. Only because there is a second world
# without support, with the same luck, can this be counted person by person.

# %%
gross_to_net(tables["additionality"], arms=list(ARMS))

# %% [markdown]
# The steps add up exactly, in every pair of runs and every group:

# %%
flows = pd.concat([each.flows for _, _, each in measured])
steps = ["deadweight", "losses", "substitution", "displacement"]
assert np.allclose(flows["gross"] - flows[steps].sum(axis=1), flows["net"])
area_rows = tables["additionality"].query("scope == 'all'").pivot(index="outcome", columns="arm")
area_rows["mean"].loc[["treated", "gross", *steps, "net"], REGIMES].round(0).astype(int)

# %% [markdown]
# And this is how little two seeds tell of the net effect. The interval is what a hundred such
# notebooks would scatter over:

# %%
net = tables["additionality"].query("scope == 'all' and outcome == 'net'").set_index("arm")
net[["mean", "low", "high"]].round(0).astype(int)

# %% [markdown]
# Who is better off? By the group people were in at the start, clients or not:

# %%
groups = tables["additionality"].query("outcome == 'net' and scope.str.startswith('group:')")
groups = groups.assign(scope=groups["scope"].str.removeprefix("group:"))
groups.pivot(index="scope", columns="arm", values="mean")[REGIMES].round(0).astype(int)

# %% [markdown]
# One warning belongs to every such table:

# %%
print(fill(ATTRIBUTION_NOTE, 96))

# %% [markdown]
# ## Money is what makes the difference
#
# A regime with nothing to spend changes nobody, not even by luck: every random number belongs to
# a person, a week and a decision, and support draws from streams of its own.

# %%
small = ["area=two_towns", "weeks=52"]
nothing = simulate(configure(*small, "regime=pooled", "funding.scale=0"), 1)
simulate(configure(*small), 1).monthly.equals(nothing.monthly)

# %% [markdown]
# ## Add an intervention
#
# An intervention is offered on top of whatever regime there is: it has dates, wards, places, a
# cost and an effect, each of which you can set. On the command line it is
# `interventions=[outreach,work_trial]`; in Python it is the same words, or a mapping. Here,
# outreach workers seek out those whom nobody finds, in the two towns, where it is quick.

# %%
base = configure("area=two_towns", "weeks=156", "regime=fragmented")
offers = {
    "fragmented": base,
    "with outreach": base.replace(
        interventions={"outreach": {"active": True, "places": 60, "wards": "all"}}
    ),
    "with both": base.replace(
        interventions={
            "outreach": {"active": True, "places": 60, "wards": "all"},
            "work_trial": {"active": True, "places": 40, "start": "2007-01-01"},
        }
    ),
}
helped = {name: simulate(config, seed=1) for name, config in offers.items()}
pd.DataFrame(
    {name: run.support("clients")["event"].value_counts() for name, run in helped.items()}
).fillna(0).astype(int).loc[["helped", "engaged", "assessed", "service_started", "job_entry"]]

# %% [markdown]
# `helped` is a place taken. Whoever was reached is likelier to be engaged. The stages that follow
# are as scarce as before, so that more people at the door need not mean more people in work.
#
# ## What to make of it
#
# - **Look at the interval before the number.** With two seeds hardly any net effect can be told
#   from nothing. More seeds help; pairs help far more than seeds do.
# - **Gross figures flatter.** Nearly all a programme reports is in the first bar.
# - **One agent for forty people thins vacancies too**, so levels are not to be quoted.
# - **Regimes differ in money spent as well as in how.** Compare costs per job, too.
#
# The real thing, with four seeds, five regimes and a report:
#
#     pathfinder compare
#     pathfinder compare compare=interventions
#     pathfinder compare 'arms.mine=[regime=pooled,partnership=high_trust]'
