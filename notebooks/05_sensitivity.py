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
# # Which assumptions drive the answer?
#
# The model has hundreds of parameters. Few are known well. A **study** runs it at many points, each
# with several seeds, and asks which of them matter. This notebook shows, from Python,
#
# 1. that the analysis finds an answer that is known exactly, through the luck of seeds;
# 2. how to ask a question of the model, and where the runs are kept;
# 3. how to ask the kept runs something else;
# 4. how an emulator stands in for a model that is slow, and how wrong it is;
# 5. what a grid of policies says that single differences do not;
# 6. what none of this can say.
#
# Everything here has a line on the command line, `pathfinder study`, which also writes a page. The
# area is `two_towns`, 4,000 invented people for nine months, so as to be done in seconds.

# %%
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from experiments import ask, open_store
from experiments.models.known_answers import ishigami
from experiments.sensitivity.methods import METHODS
from experiments.sensitivity.problem import Problem
from experiments.study_report.figures import Names, morris_plane, sobol_bars

# %% [markdown]
# ## 1 An answer that is known
#
# Ishigami's function has three factors. Of the variance of its values `x1` alone makes 31.4 per
# cent, `x2` 44.2 and `x3` nothing; `x3` matters only together with `x1`. Here it behaves like a
# simulation: every run has luck of its own, with a variance half as large as that of the function.
# A method is a pair of functions: where to run, and what to make of it. Points are in the unit
# cube, outcomes are points by seeds.

# %%
sobol = METHODS["sobol"]
problem = Problem(("x1", "x2", "x3"))
points = sobol.sample(problem, 512, seed=1)
exact_y = np.array([ishigami(x) for x in np.pi * (2 * points - 1)])
luck = np.random.default_rng(1).normal(0, np.sqrt(exact_y.var() / 2), (len(points), 2))
indices = sobol.analyse(problem, points, exact_y[:, None] + luck, samples=512, seed=1)

exact = {("S1", "x1"): 0.314, ("S1", "x2"): 0.442, ("S1", "x3"): 0.0}
exact |= {("ST", "x1"): 0.558, ("ST", "x2"): 0.442, ("ST", "x3"): 0.244}
table = indices[indices["index"].isin(["S1", "ST"])].set_index(["index", "factor"])
table.assign(exact=pd.Series(exact))[["exact", "value", "low", "high", "plain"]].round(2)

# %% [markdown]
# `value` is corrected for luck: products are taken across seeds, in which luck has no part. `plain`
# is what the textbook formula makes of averages over seeds: it takes luck for interactions, so that
# every total index comes out too large. The intervals should hold the exact answers.

# %%
sobol_bars(indices.assign(outcome="y", unit=""), outcome="y")

# %% [markdown]
# ## 2 A question to the model
#
# What moves the long-term share of job seekers and the employment rate most: how strongly
# employers prefer recent work, how fast that preference fades, how often job seekers apply, or how
# easily jobs are lost? **Morris's screening** moves one factor at a time from many starting points.
# Ranges come from the table of parameters unless one gives one's own; `job_loss_rate` is a list, of
# which a multiple is varied.
#
# `ask` takes the words one would type after `pathfinder study`, runs what is not in the store yet,
# and gives the answer as frames. Here the store lasts as long as this notebook; give it a folder
# of yours, such as `results/store`, to keep it. What a study would take, `pathfinder study ...
# --plan` says beforehand.

# %%
folder = TemporaryDirectory()
place = Path(folder.name) / "store"
HERE = ("area=two_towns", "weeks=39", "launcher=in_process", f"store={place}")


def study(*words):
    """Ask, without a line for every run."""
    with redirect_stderr(StringIO()) as told:
        answer = ask(*HERE, *words)
    print(told.getvalue().splitlines()[0].partition(";")[0])
    return answer


QUESTION = (
    "economy=steady",
    "method=morris",
    "samples=4",
    "seeds=2",
    "most_seeds=2",
    "factors={hiring.strength: {}, hiring.recency_weeks: {}, search.full_duty: {},"
    " employers.job_loss_rate: {}}",
    "outcomes=[long_term_workless_share_end,employment_rate_end]",
)
screening = study(*QUESTION)
print(screening.text())

# %% [markdown]
# The further right, the more a factor moves the outcome; the further up, the more that depends on
# where the others stand.

# %%
model = screening.study.model
names = Names(model.labels(), model.units())
morris_plane(screening.tables["indices"], outcome="long_term_workless_share_end", names=names)

# %% [markdown]
# Luck is measured, and said beside every outcome. `enough` tells whether there are seeds enough for
# the rule the study was given; without `most_seeds` it would have gone on until there are.

# %%
screening.tables["noise"][
    ["outcome", "n_points", "n_seeds", "noise_share", "half_width", "wanted", "enough"]
]

# %% [markdown]
# ## 3 The store
#
# Every run is a row, kept once under a key of configuration, seed and version of the code. To ask
# the same again, or something larger that contains it, runs only what is missing:

# %%
study(*QUESTION).runs.equals(screening.runs)

# %% [markdown]
# The store answers SQL. Parameters are columns by their full name, outcomes by theirs.

# %%
open_store(place).query(
    """
    select "hiring.strength" > 1.5 as strong_queue, count(*) as runs,
           avg(long_term_workless_share_end) as long_term_share,
           avg(employment_rate_end) as employment_rate
    from runs where model = 'labour_market' and weeks = 39 group by 1 order by 1
    """
).round(2)

# %% [markdown]
# ## 4 An emulator
#
# A run at full size takes a minute or more; Sobol's indices want thousands. An **emulator** learns
# from a few dozen runs what the outcome is anywhere, and the indices are those of the emulator. It
# is only as good as its guesses for points it has not seen, and `emulator_error`, the share of the
# variance it misses there, stands beside every index it gives.

# %%
emulated = study(
    "economy=steady",
    "method=latin_hypercube",
    "samples=24",
    "seeds=2",
    "most_seeds=2",
    "emulator=gaussian_process",
    "emulator_samples=256",
    "factors={hiring.strength: {}, search.full_duty: {}, employers.job_loss_rate: {}}",
    "outcomes=[employment_rate_end]",
)
rows = emulated.tables["indices"].query("index == 'ST'")
rows[["factor", "value", "low", "high", "emulator_error", "flag"]].round(2)

# %% [markdown]
# ## 5 A grid of policies
#
# What does a job made for those long out of work do for them, and does it do less where employers
# go by recent work? Each point is compared, seed by seed, with the one without help that is alike
# in all else. The **interaction** is the difference of two such differences, with an interval of
# its own: help can look undone at one strength merely because both intervals are wide.

# %%
grid = study(
    "economy=recession_2008",
    "method=grid",
    "seeds=3",
    "most_seeds=3",
    "factors={hiring.strength: [0.0, 4.0], interventions.temporary_jobs.active: [false, true]}",
    "baseline={interventions.temporary_jobs.active: false}",
    "policies=interventions.temporary_jobs.active",
    "outcomes=[long_term_workless_share_end]",
    "better={long_term_workless_share_end: lower}",
    "interventions.temporary_jobs.start=2006-06-01",
    "interventions.temporary_jobs.places=100",
    "interventions.temporary_jobs.max_age=65",
)
shown = ["hiring.strength", "difference", "difference_low", "difference_high", "n_seeds"]
grid.tables["effects"].query("difference == difference")[shown].round(2)

# %%
shown = ["hiring.strength", "difference", "difference_at_reference", "interaction", "low", "high"]
grid.tables["interactions"][shown].round(2)

# %% [markdown]
# The **table of decisions** takes one factor as ours to choose and all others as futures. `floor`
# is the regret that luck alone would show if both choices did alike.

# %%
shown = ["policy", "best", "best_or_tied", "n_futures", "mean", "worst", "largest_regret"]
grid.tables["decisions"][[*shown, "largest_regret_floor", "is_minimax"]].round(2)

# %% [markdown]
# ## What it cannot say
#
# - **That the model is right.** A study tells which assumptions drive *this model's* answer. What
#   the model leaves out has no index.
# - **Anything beyond the ranges.** An index is a share of the variance over the ranges given. Widen
#   one and all indices change. The ranges in the table of parameters are mostly assumptions.
# - **Which values are true.** That a factor matters says that it is worth measuring, not what to
#   set it to.
# - **Anything about a real place**, from 4,000 invented people in nine months with two seeds. Look
#   at `enough`, at floors and at intervals before reading an order into three factors.
# - **What nobody chose to vary.** "Best in all futures" means in those on the list.
#
# The real thing, with a page to go with it:
#
#     pathfinder study experiment=queue_strength plan=true
#     pathfinder study experiment=queue_strength
#     pathfinder study experiment=regimes_under_recessions
#     pathfinder study experiment=tariff_design
#     pathfinder study experiment=partnership_trust
#     pathfinder study experiment=queue_strength size=full launcher=slurm
