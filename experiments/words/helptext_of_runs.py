"""The help on `pathfinder runs`."""

from __future__ import annotations

RUNS_LIST = """\
Lists the runs of a store, the newest first: key, what differs between them, outcomes.

Examples
  pathfinder runs list
  pathfinder runs list experiment=queue_strength limit=10
  pathfinder runs list where='hiring.strength > 2 and seed = 1'
  pathfinder runs list 'columns=[key,hiring.strength,employment_rate_end]'
  pathfinder runs list failed=true                   what went wrong with those that failed

Settings
  store=FOLDER      default results/store
  experiment=NAME   only runs first done for this study, sweep or comparison
  model=NAME        only runs of this model
  where='...'       a condition in SQL on parameters and outcomes, by their names
  columns=[...]     which columns, however wide
  limit=40          how many
"""

RUNS_SHOW = """\
Shows one run: what changed from the defaults, outcomes, versions, and how to repeat it.

Examples
  pathfinder runs show 3f2a                          the first digits of a key are enough
  pathfinder runs show 3f2a store=my/store

The last line is a command that does the same run again and saves every table of it.
"""

RUNS_QUERY = """\
Answers one select over the views `runs` and `months`; nothing can be changed that way.

Examples
  pathfinder runs query "select regime.name, count(*), avg(employment_rate_end) from runs
      where model = 'labour_market' and area.name = 'two_towns' and weeks = 260 group by 1"
  pathfinder runs query "select m.date, avg(m.employed) from months m join runs r using (key)
      where m.group = 'all' and r.model = 'labour_market' and r.weeks = 260 group by 1"
  pathfinder runs query "select r.seed, m.* from runs r join months m using (key)" output=all.csv

  Averages are of runs alike: name the model, the area and the length.

  runs              a row a run: key, model, seed, code_version, experiment, seconds, n_people,
                    host, finished, commit; every parameter that any run changes, such as
                    hiring.strength; every outcome, such as employment_rate_end
  months            a row a month and group: key, date, group (all, priority:1, priority:0), and
                    every monthly outcome

Settings
  store=FOLDER      default results/store
  limit=100         how many rows are printed
  output=FILE       .csv or .parquet, instead of printing; overwrite=true replaces it
"""

RUNS_EXPORT = """\
Writes runs, or their months, to a file for other programs.

Examples
  pathfinder runs export output=runs.csv
  pathfinder runs export output=queue.parquet experiment=queue_strength
  pathfinder runs export output=months.parquet months=true where='seed = 1'

Settings
  output=FILE       .csv or .parquet; overwrite=true replaces it
  store=, experiment=, model=, where=   as pathfinder runs list
  months=true       a row a run, month and group instead of a row a run
"""

RUNS_CHECK = """\
Reads every file of a store, sets aside what is damaged, and packs the rest.

Examples
  pathfinder runs check
  pathfinder runs check store=my/store

Runs that were in a damaged file are run again by the study or sweep that needs them. Exit code 1
if any file was damaged; a second check then finds none.
"""
