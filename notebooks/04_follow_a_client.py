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
# # Follow a client
#
# Behind every table of a programme there are people, and a record of each: who met them, when,
# under which contract, what it cost. This notebook follows one client from the first contact to a
# job that lasted, looks at the same person in a world without support, then at a ward, a provider
# and the whole caseload. At the end it says what a single record cannot tell you.
#
# The area is `two_towns`, 4,000 invented people. No row is a real person.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from experiments import configure
from simulation import LabourMarket, simulate
from simulation.agents.providers import Provider
from simulation.categories import STAGES
from simulation.report.figures import life_lines
from simulation.results.journeys import journeys

# %% [markdown]
# ## Two worlds
#
# The same seed twice: once with support, commissioned by funders who look at one another's
# contracts, once without. `events=True` keeps every change of job and benefit of everybody.

# %%
SEED = 1
words = ["area=two_towns", "economy=recession_2008", "weeks=260"]
run = simulate(configure(*words, "regime=aligned"), SEED, events=True)
without = simulate(configure(*words), SEED, events=True)
run

# %% [markdown]
# The record has one row an event. What happened to whom in which week, at which stage (1 to 5),
# under which contract of which stream of money, at which provider, and what it cost:

# %%
clients = run.support("clients")
clients.sample(5, random_state=2).sort_values("week")

# %% [markdown]
# ## One client
#
# `journeys` lays the record out with one row a journey. Let us take the client with the fullest
# record among those who kept a job for half a year.

# %%
routes = journeys(clients)
kept = routes[routes["sustained_26"]]
length = clients["person"].value_counts()
number = int(max(kept["person"], key=lambda person: (length[person], -person)))
record = run.client(number)
record[["date", "event", "stage", "stream", "provider_name", "cost_gbp"]]

# %% [markdown]
# Read it from the top. `engaged` is the first contact, `assessed` finds what stands in the way,
# `service_started` and `placement_started` are help of the kind the contract pays for; `waiting`
# says that nobody had a place for the next stage. After `job_entry` the record goes on for a
# year, to see whether the job lasts. What the record of this one person cost:

# %%
costs = record.groupby("event", observed=True)["cost_gbp"].sum()
costs[costs > 0].rename("GBP").to_frame()

# %% [markdown]
# ## The same person without support
#
# Same person, same luck. `run.person(n)` is the history of jobs and benefits in one world,
# `without.person(n)` in the other.

# %%
worlds = {"with support": run.person(number), "without": without.person(number)}
marks = {
    event.replace("_", " "): record.loc[record["event"] == event, "date"]
    for event in ("engaged", "job_entry")
}
life_lines(worlds, start=run.config.start, weeks=run.config.weeks, marks=marks)

# %% [markdown]
# It is tempting to call the difference between the two bars the effect of support. For this one
# person it is not: see the end.
#
# ## One ward
#
# How many people need a stage of help, how many places contracts hold there, and how many wait
# for one, by the end of 2008, in Canal Side, a priority ward:

# %%
ward = run.wards.set_index("name").loc["Canal Side", "code"]
coverage = run.support("coverage")
here = coverage[(coverage["ward"] == ward) & (coverage["date"] == "2008-12-01")]
here.groupby("stage", observed=True)[["need", "places", "waiting"]].sum().reindex(STAGES).round(1)

# %% [markdown]
# ## One provider
#
# Providers and funders are Mesa agents: few, and each with a life of its own. Step a model to the
# end of its third year and ask the one with the most clients.

# %%
model = LabourMarket(configure(*words, "regime=aligned"), SEED)
for _ in range(156):
    model.step()

providers = model.agents_by_type[Provider]
busiest = max(providers, key=lambda provider: provider.caseload)
{
    "name": busiest.name,
    "clients": f"{busiest.caseload} of {busiest.capacity}",
    "can deliver": ", ".join(busiest.stages),
    "works in": ", ".join(busiest.wards),
    "cash, pounds": round(busiest.cash),
    "shares records": busiest.tracking,
    "open": busiest.is_open,
}

# %% [markdown]
# All of them, the Mesa way:

# %%
names = ["name", "type", "caseload", "capacity", "quality", "trust", "cash", "is_open"]
pd.DataFrame(providers.get(names), columns=names).set_index("name").round(2)

# %% [markdown]
# ## Ask the caseload
#
# From the first contact to a job that lasted, as a picture of all of them:

# %%
run.plot("journey")

# %% [markdown]
# The record is a frame, so any question is a line of pandas. How long does it take from the first
# contact to a job, for those who found one?

# %%
with_job = routes[(routes["job_week"] >= 0) & ~routes["is_in_work"]]
(with_job["job_week"] - with_job["week"]).describe().round(1).rename("weeks").to_frame()

# %% [markdown]
# How do journeys end, by the group people were in when they were found? ("" is still going on, or
# in the job a year after.)

# %%
pd.crosstab(routes["group"], routes["end"].astype(str)).loc[lambda table: table.sum(axis=1) > 0]

# %% [markdown]
# Who is assessed again by every new organisation, and what does that cost?

# %%
again = clients[clients["event"] == "assessed_again"]
{
    "people assessed again": again["person"].nunique(),
    "cost, pounds": round(again["cost_gbp"].sum()),
    "of all that was spent on clients, per cent": round(
        100 * float(again["cost_gbp"].sum() / clients["cost_gbp"].sum()), 1
    ),
}

# %% [markdown]
# Cost per client, and how unevenly it is spread:

# %%
spent = clients.groupby("person")["cost_gbp"].sum().sort_values(ascending=False)
share = 100 * spent.head(max(len(spent) // 10, 1)).sum() / spent.sum()
figure, axes = plt.subplots(figsize=(7.5, 3), layout="constrained")
axes.hist(spent, bins=30, color="#0b4f8a", edgecolor="white")
axes.set(xlabel="spent on a client over five years, pounds", ylabel="clients")
axes.set_title(f"A tenth of clients take {share:.0f} per cent", loc="left", weight="bold")
plt.show()

# %% [markdown]
# ## What one person cannot tell
#
# - **The difference between the two worlds is not the effect on this person.** Once one thing
#   has changed, somebody else takes a vacancy, and luck that was shared no longer falls on the
#   same situation: other people's fates change too, to and fro, clients or not. Here are those who
#   were never clients and whose state ever changed, by whether they are in work at the end:

# %%
treated = set(clients["person"])


def in_work(world) -> pd.Series:
    """Say of everybody whose state ever changed whether they are in work at the end."""
    last = world.events.drop_duplicates("person", keep="last").set_index("person")["to_state"]
    return last == "employed"


ends = pd.DataFrame({"with support": in_work(run), "without": in_work(without)}).dropna()
others = ends[~ends.index.isin(treated)].astype(bool)
pd.crosstab(others["with support"], others["without"])

# %% [markdown]
# - **Nor would another choice of luck agree.** Only averages over many people and many seeds are
#   effects: that is what `03_compare_regimes` and `pathfinder compare` are for.
# - **This client was chosen because the job lasted.** Most records end otherwise; look at the
#   table of ends again. A programme that shows its best case shows its luck.
# - **A cost on a record is not a price of a result.** Those who were helped and found nothing
#   cost money as well, and so does what was bought and not used.
# - **Nobody here is real.** The people are drawn from tables. A record like this is good for
#   seeing whether the rules of the model make sense, one step at a time.
