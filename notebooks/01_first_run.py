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
# # A first run
#
# This notebook runs a labour market from May 2006 to April 2011, and looks at it from far and
# from near: the whole area, one ward, one kind of people, one person.
#
# The area is `two_towns`: 4,000 invented people in six wards, made for trying things out. Swap
# in `bcbc` (Birmingham, Coventry and the Black Country, 1.55 million people) when you know what
# you want to ask.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from experiments import configure
from simulation import LabourMarket, Run, simulate
from simulation.categories import STATES, State

# %% [markdown]
# ## Run it
#
# `configure` takes the same words as the command line. What you leave out has its default; what
# you misspell is refused, with the nearest names.

# %%
config = configure("area=two_towns", "economy=recession_2008", "hiring=ranking", "weeks=260")
run = simulate(config, seed=1, events=True)
run

# %% [markdown]
# A run depends on the configuration and the seed and on nothing else. The same two give the
# same run, to the last person. `events=True` keeps every change of state or job of everyone;
# leave it out for large runs.

# %%
simulate(config, seed=1).monthly.equals(run.monthly)

# %% [markdown]
# ## The results are tidy frames
#
# `run.monthly` has one number a row: month, ward, group of people, what is counted. Numbers are
# people.

# %%
run.monthly.sample(5, random_state=1).sort_values("date")

# %% [markdown]
# `run.table()` turns one ward or one group into a column an outcome. Without arguments it is
# the whole area.

# %%
area = run.table()
area[["residents", *STATES, "vacancies", "hires"]].iloc[::12].astype(int)

# %% [markdown]
# What each outcome means is in `simulation/record/outcomes.py`. Stocks, such as `jsa` (people
# claiming Jobseeker's Allowance), are counted in the last week of the month; flows, such as
# `hires`, are summed over it.
#
# ## Look at it
#
# A run draws itself. Without a name it is claimants by benefit; any other word, and you are told
# which pictures there are.

# %%
run.plot()

# %%
run.plot("employment_gap")

# %% [markdown]
# Two towns are small, so luck shows. Here are five runs that differ in nothing but the seed.

# %%
tables = [run.table(), *(simulate(config, seed=seed).table() for seed in range(2, 6))]
in_work = pd.DataFrame({n: 100 * t["employed"] / t["residents"] for n, t in enumerate(tables, 1)})
axes = in_work.plot(figsize=(7.5, 3.2), color=["#0b4f8a", *["#9a9a9a"] * 4], xlabel="")
axes.legend(title="seed", frameon=False, ncols=5)
axes.set_title("In work, per cent: all that differs is luck", loc="left", weight="bold")
plt.show()

# %% [markdown]
# One run tells you what *can* happen. What a policy or a recession *does*, you learn from many
# seeds, and best from pairs: each seed run twice, with and without. That is what `pathfinder
# compare` is for.
#
# ## One ward
#
# Two of the six wards are priority wards, those with the most people out of work.

# %%
run.wards[["code", "name", "district", "priority", "residents"]]

# %%
columns = ["employed", "jsa", "ib_esa", "lone_parent", "vacancies", "hires"]
run.table(ward="Canal Side")[columns].iloc[::6].astype(int)

# %% [markdown]
# In a ward, `employed` and `hires` count the people who live there; `vacancies` are at the
# employers who are there. A district, or `priority` for the priority wards, is a name as well, and
# several wards are added up:

# %%
run.table(wards=["priority", "Oakvale"])[columns].iloc[::12].astype(int)

# %% [markdown]
# ## Groups of people
#
# Every outcome of people is there by age, ethnicity, qualification, health, lone parenthood,
# and priority wards against the rest; in any wards, too. In work, per cent, by qualification from
# none to degree:

# %%
levels = {f"level {level}": run.table(group=f"qualification:{level}") for level in range(5)}
levels["level 0, priority wards"] = run.table(ward="priority", group="qualification:0")
rates = {name: 100 * table["employed"] / table["residents"] for name, table in levels.items()}
pd.DataFrame(rates).iloc[[0, -1]].round(1).T.rename(columns=lambda date: f"{date:%B %Y}")

# %% [markdown]
# ## Who moved between states
#
# `run.flows` counts every move of the month. Here is a year of them.

# %%
year = run.flows[run.flows["date"].dt.year == 2009]
year.pivot_table(
    index="from_state", columns="to_state", values="value", aggfunc="sum", observed=True
).reindex(index=STATES, columns=STATES).astype(int)

# %% [markdown]
# ## One person
#
# People are numbered. `run.person(n)` is what changed for one of them, and when. Let us take
# somebody with an eventful life.

# %%
number = int(run.events["person"].value_counts().index[0])
run.person(number).head(10)

# %% [markdown]
# A row with `employed` on both sides is a move from one job to another. The same as a picture:

# %%
run.plot_person(number)

# %% [markdown]
# ## Keep it
#
# A run saves itself to a folder: tables as Parquet, and a manifest with the configuration, the
# seed and the versions of everything, so that anyone can repeat it. It is written whole or not
# at all.

# %%
with tempfile.TemporaryDirectory() as place:
    folder = run.save(Path(place) / "my_first_run")
    files = sorted(path.name for path in folder.iterdir())
    again = Run.load(folder)

assert again.table().equals(run.table())
pd.DataFrame({"files": files})

# %% [markdown]
# ## Step by step
#
# `simulate` runs to the end. To look in between, step the model yourself, week by week. It is a
# Mesa model, and its people answer to Mesa's words.

# %%
model = LabourMarket(config, seed=1)
for _ in range(10):
    model.step()

seekers = model.claimants.select(state=State.JSA)
young = seekers.select(age_weeks=lambda weeks: weeks < 25 * 52)
person = young[0]
{
    "claiming JSA": len(seekers),
    "of them under 25": len(young),
    "mean weeks since the last job": round(float(seekers.agg("weeks_since_job", np.mean)), 1),
    "the first of the young": (person.unique_id, person.qualification, person.weeks_since_job),
}

# %% [markdown]
# ## What now
#
# - `02_inverse_queue.ipynb`: what happens when employers prefer those who worked last.
# - `pathfinder compare --help`: arms, seeds, a report.
# - `docs/parameters.md`: everything that can be set, with its range and its source;
# `docs/ODD.md`: what exactly is simulated, and what is not.
#
# The people here are invented from tables. No row is a real person, and five years of a model
# are no forecast.
