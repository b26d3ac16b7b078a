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
# 1. how many are in work **because** of it: from gross to net;
# 2. what the money buys, and what becomes of the clients;
# 3. what changes when you add an **intervention**, from Python.
#
# To be done within a minute, one agent stands for forty people, for three years, with two
# seeds. That is enough to see how it works and far too little for an answer; `pathfinder
# compare` has the answer, and a report to go with it.
#
# ## From gross to net
#
# `compare` takes the words of the command line: first those that all arms have alike, then what
# makes each arm. Every arm meets the same seeds: the same people, the same luck. Here the runs
# are kept as long as the notebook is open; leave `store` out and the same call runs nothing again.

# %%
# %matplotlib inline
from tempfile import TemporaryDirectory

from experiments import compare

place = TemporaryDirectory()
regimes = ["fragmented", "aligned", "prime_contractor"]

# %%
# %%capture
found = compare(
    "area=bcbc economy=recession_2008 people_per_agent=40 weeks=156",
    {"no_support": "regime=none", **{name: f"regime={name}" for name in regimes}},
    seeds=2, launcher="in_process", store=f"{place.name}/store",
)  # fmt: skip

# %%
found.plot("gross_to_net")

# %% [markdown]
# Clients find jobs. So would many of them have done without help (**deadweight**); and some of
# the jobs would have gone to somebody else, at the same employer (**substitution**) or elsewhere
# (**displacement**). What is left is the **net** effect. Only because there is a second world
# without support, with the same luck, can this be counted person by person.
#
# At a glance:

# %%
print(found)

# %% [markdown]
# This is how little two seeds tell of the net effect. The interval is what a hundred such
# notebooks would scatter over:

# %%
found.net().set_index("arm").round(0).astype(int)

# %% [markdown]
# Any set of wards will do, by code, name or district; sets add up to the whole:

# %%
found.net(wards="priority").set_index("arm").round(0).astype(int)

# %% [markdown]
# The steps add up exactly, in every pair of runs and every group:

# %%
steps = ["deadweight", "losses", "substitution", "displacement"]
flows = found.pairs
assert (abs(flows["gross"] - flows[steps].sum(axis=1) - flows["net"]) < 1e-6).all()

# %% [markdown]
# Who is better off? By the group people were in at the start, clients or not:

# %%
groups = found.additionality.query("outcome == 'net' and scope.str.startswith('group:')")
groups = groups.assign(scope=groups["scope"].str.removeprefix("group:"))
groups.pivot(index="scope", columns="arm", values="mean")[regimes].round(0).astype(int)

# %% [markdown]
# One warning belongs to every such table:

# %%
from textwrap import fill

from simulation.results.additionality import ATTRIBUTION_NOTE

print(fill(ATTRIBUTION_NOTE, 96))

# %% [markdown]
# ## What the money buys
#
# A regime turns streams of money into contracts: who is paid, by whom, on which terms, for how
# many places. All of them begin as `fragmented`, since joint plans take time. Then, under
# `prime_contractor`, large firms are paid by results and pass work on to others; the other two go
# on buying stage by stage. The whole of a run is at hand for such a question.

# %%
import pandas as pd

pd.DataFrame(
    {
        arm: {
            "contracts": len(contracts),
            "providers paid": contracts.loc[contracts["paid_gbp"] > 0, "provider"].nunique(),
            "committed, million pounds": contracts["committed_gbp"].sum() / 1e6,
            "paid, million pounds": contracts["paid_gbp"].sum() / 1e6,
            "of that by results, %": 100
            * contracts.loc[
                ~contracts["terms"].isin(["block_grant", "unit_price"]), "paid_gbp"
            ].sum()
            / contracts["paid_gbp"].sum(),
        }
        for arm in regimes
        for contracts in [found.run(arm, seed=1).support("contracts")]
    }
).round(1)

# %% [markdown]
# The budgets are the same. Where less is paid, money was not contracted, or was contracted for
# results that did not come, or is not due yet.
#
# ## What becomes of the clients
#
# Every outcome of every arm, and how it differs from no support, is in `found.summary`; any two
# arms can be compared:

# %%
between = found.difference("prime_contractor", "fragmented").set_index("outcome")
between.loc[["engaged", "served", "job_entries", "sustained_26_weeks", "left_waiting", "spend_gbp"]]

# %% [markdown]
# As a picture, for one of them: each bar is as wide as the number of people who got so far, and
# nobody disappears. Look at how much leaves on the way, and where.

# %%
found.plot("journey_fragmented")

# %% [markdown]
# ## Money is what makes the difference
#
# A regime with nothing to spend changes nobody, not even by luck: every random number belongs to
# a person, a week and a decision, and support draws from streams of its own.

# %%
# %%capture
penniless = compare(
    "area=two_towns weeks=52",
    {"no_support": "regime=none", "penniless": "regime=pooled funding.scale=0"},
    seeds=2, launcher="in_process", store=f"{place.name}/store",
)  # fmt: skip

# %%
assert (penniless.difference("penniless")["mean"] == 0).all()

# %% [markdown]
# ## Add an intervention
#
# An intervention is offered on top of whatever regime there is: it has dates, wards, places, a
# cost and an effect, each of which you can set. On the command line it is
# `interventions=[outreach,work_trial]`; in Python it is the same words, or a mapping. Here,
# outreach workers seek out those whom nobody finds, in the two towns, where it is quick.

# %%
from experiments import configure
from simulation import simulate

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
# `helped` is a place taken. Whoever was reached is likelier to be engaged, but places to be engaged
# in are as scarce as before, and so are the stages that follow: outreach changes who is there more
# than how many, and more people at the door need not mean more people in work.
#
# ## What to make of it
#
# - **Look at the interval before the number.** With two seeds only large net effects can be
#   told from nothing. More seeds help; pairs help far more than seeds do.
# - **Gross figures flatter.** Nearly all a programme reports is in the first bar.
# - **One agent for forty people thins vacancies too**, so levels are not to be quoted.
# - **Regimes differ in money spent as well as in how.** Compare costs per job, too.
#
# The real thing, with four seeds, five regimes and a report:
#
#     pathfinder compare
#     pathfinder compare compare=interventions
#     pathfinder compare 'arms.mine=[regime=pooled,partnership=high_trust]'
