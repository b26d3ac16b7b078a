"""The help on each command, which teaches by example; that on runs of the store stands apart."""

from __future__ import annotations

RUN = """\
Simulates one city region once, week by week, and writes what happened month by month.

Examples
  pathfinder run                                     bcbc through the 2008 recession, full size
  pathfinder run area=two_towns weeks=52             a small area, one year: a few seconds
  pathfinder run people_per_agent=10                 one agent for ten people: a quick look
  pathfinder run economy=steady hiring=random seed=2 output=results/calm
  pathfinder run hiring.strength=2.5 search.rounds=2 any parameter, by its name
  pathfinder run regime=aligned area=two_towns       money becomes contracts, and support
  pathfinder run regime=pooled partnership=high_trust funding=double
  pathfinder run regime=aligned 'interventions=[outreach]' interventions.outreach.places=50
  pathfinder run regime=fragmented providers.table=my_providers.csv
  pathfinder run economy.file=my_path.csv economy.name=mine
  pathfinder run area.folder=my_area                 your own area (see pathfinder area check)
  pathfinder run from=results/kept@2008-01-07 regime=pooled   another way from a day on
  pathfinder run --multirun area=two_towns hiring=random,ranking seed=1,2,3,4
  pathfinder run --multirun area=two_towns economy=steady,deep seed=1,2 --plan

Settings
  seed=1            which luck; the same seed gives the same run, to the last person
  weeks=260         how long; start=2006-05-01 is the first day
  output=FOLDER     default results/AREA-ECONOMY-RULE-seedSEED, with the regime's name if there is
                    one, and digits for all other words
  overwrite=true    replace a folder that is there already
  events=true       also write one row for every hire and separation
  snapshots=true    also write who worked where every half year: people.parquet
  from=RUN@DAY      the run kept in folder RUN, changed by the other words from a day on, or after
                    so many weeks (RUN@192); what would have mattered before is refused
  own=[FILE]        Python of your own, which registers what is then chosen by name: hiring rules,
                    regimes, tariffs, interventions, outcomes (docs/extending.md)
  --cfg job         only show the configuration

Many runs: --multirun, every combination of values (docs/sweeps.md)
  A=1,2 'A=range(0,2,step=0.5)' 'economy=glob(*)' 'interventions=[],[outreach]'
                    lists, ranges, choices by pattern, lists of lists; quote what has brackets
  launcher=NAME     who carries them out: processes (launcher.processes=N, default every core),
                    in_process, slurm, dask
  store=FOLDER      default results/store; what is there is not run again (pathfinder runs)
  output=FOLDER     also the folder of every run: FOLDER/0, FOLDER/1 ...
  name=NAME         what the runs are listed under; --plan only says what it takes

Support is two choices that go together in any way
  regime=NAME       how money becomes contracts: none (the default: nobody is helped), fragmented
                    (each funder for itself), aligned (funders look at one another's contracts),
                    pooled (one pot, spent against need), prime_contractor (large contracts, paid
                    by results), co_commissioned (national money, let jointly), devolved
                    (local delivery and contracting, with the money);
                    regime.start_up_weeks=0 and all else by its name
  strength=NAME     all that holds joint money back, together: history (the default) or designed,
                    as it was meant; strength.level=0.5 is half-way
  regime.tier=NAME  who decides on joint money: sub_region (the default), district, ward_group
  partnership=NAME  how far funders trust one another; funding=NAME how much money there is;
                    providers=NAME who there is to buy from (pathfinder providers)
  belief=NAME       learnt (the default: buyers learn from records whom to buy from) or known;
                    information=[A,B] lets them know more, at a cost: rating, directory, charter,
                    learning, data_sharing (docs/decisions/belief.md)
  interventions=[A,B]   what is offered besides, each with places, dates, wards, cost and effect:
                    interventions.outreach.wards=all interventions.outreach.start=2008-04-01

Whether jobs answer to support: closure=NAME (docs/closure.md)
                    fixed_jobs (never), rationed (a little), wage_curve (the default), free_entry
                    (until nobody loses); closure.response=0.2 is any other answer
Work across the border: gate=open (docs/gate.md); gate=closed is the default

Results in FOLDER
  manifest.json     configuration, seed, versions, seconds
  monthly.parquet   date, ward, group, outcome, value: in people, "all" is the whole area
  markets.parquet   openings and hires by week, district and level, and how far jobs answered
  with support      clients.parquet (every event of every client), contracts.parquet,
                    money.parquet, coverage.parquet, partners.parquet, providers.parquet
"""

COMPARE = """\
Runs several arms with the same seeds, in parallel, and reports how they differ.
An arm is a name and a list of overrides. The same seed is the same luck in every arm, so that
differences are far surer than the figures themselves.

Examples
  pathfinder compare                                 five regimes and no support, thinned: minutes
  pathfinder compare people_per_agent=1 output=results/full    the same at full size
  pathfinder compare compare=regimes_at_strength     each regime as its designers meant it, too
  pathfinder compare compare=autonomy                where does more autonomy stop paying?
  pathfinder compare compare=information             what knowing providers better is worth
  pathfinder compare compare=flexibilities           what was each rule waived worth?
  pathfinder compare compare=interventions           what a few interventions add
  pathfinder compare compare=history_null            could an evaluator have seen it? (null.csv)
  pathfinder compare compare=recession_and_queue     no support: two economies, two queues
  pathfinder compare compare=hiring_rules seeds=8
  pathfinder compare compare=closures                does it hang on whether jobs answer?
  pathfinder compare 'arms.deep=[economy=deep,hiring=ranking]'          one arm more
  pathfinder compare compare=own 'arms.calm=[economy=steady]' 'arms.slump=[economy=deep]'
  pathfinder compare 'arms.mine=[regime=pooled,interventions=[outreach]]'
  pathfinder compare 'targets=[priority_claimants_2009,ni153_gap]'   promised, came, whose doing
  pathfinder compare area=two_towns weeks=104 'seeds=[1,2,3]' processes=2

Settings
  arms.NAME=[...]   overrides of one arm; compare=own starts from none
  baseline=NAME     the arm the others are compared with; default the first. Who has a job
                    because of support can be told only if it is an arm without support
  sets.NAME=[...]   people the verdict is given for too: wards by name, code or district, priority,
                    and groups such as lone_parent:1, age:16_24, group:ib_esa
  targets=[A,B]     what was promised, by names (docs/targets.md) or the path of a CSV: what came,
                    and whether the economy, new benefit rules, luck or the arm did it; takes two
                    more runs of the baseline a seed, and --plan says so
  seeds=4           how many (1, 2, 3, 4), or a list
  precision=100     seeds are added, the same for all arms, until years of work (headline=NAME:
                    claimant_years, sustained_jobs, spend_gbp, work_end) are known to 100 either
                    way, or budget.seeds=64 or budget.minutes=M are spent; --plan says how many
  processes=N       default every core; launcher=in_process does one run after another
  store=FOLDER      default results/store: a row of every run (pathfinder runs list); null: none
  output=FOLDER     default results/compare; the same command again goes on where it stopped
  overwrite=true    throw away what is in the folder
  page=false        tables only, without page, figures and report
  and every parameter and choice of `pathfinder run`

Results in FOLDER
  page.html         the answer, to read and to pass on: one file, no internet needed
  report.html       every figure and table, at length
  verdict.csv       every two arms over the whole period, by set of people: difference, interval
  order.csv         between which places each arm may stand; dose.csv: what each regime moved;
                    pairing.csv: what comparing seed by seed was worth
  targets.csv       where there are targets: promised, came, and whose doing it was
  summary.csv       arm, outcome, mean, interval, paired difference, interval, variance ratio
  monthly.parquet   arm, seed, date, ward, group, outcome, value
  runs/             every run by itself; manifest.json says what was run
  with support      additionality.csv (arm, scope, outcome, mean, interval: from gross to net,
                    costs), journey.csv, coverage.csv, spend.csv, partners.csv; null.csv where
                    there are arms called fragmented and aligned
"""

PLAN = """\
Plans what a sum of money is best spent on for the people of one neighbourhood.
Each option is bought there alone with all of the money, under the same seeds as things as they
are; then the best of them, and those level with it, together.

Examples
  pathfinder plan ward='Washwood Heath' budget=500000
  pathfinder plan ward='Aston|Nechells' budget=2e6 'options=[childcare,transport,outreach]'
  pathfinder plan ward='Washwood Heath' regime=aligned economy=deep weeks=208 seeds=12
  pathfinder plan ward='Washwood Heath' --plan       how many runs, how long; nothing is run
  pathfinder plan area=two_towns ward='Canal Side' budget=50000 people_per_agent=1 weeks=104

Settings
  ward=NAME         name or code of a ward, several separated by |; a misspelt one is refused with
                    the nearest
  budget=500000     pounds, for all of the weeks
  options=[A,B]     interventions to choose among (docs/interventions.md)
  seeds=6           how many, or a list; more make intervals narrower
  regime=NAME       things as they are: fragmented by default; weeks=156, people_per_agent=10
  processes=N       default every core
  store=FOLDER      default results/store: runs there, and whole ones beside it, are not run again
  output=FOLDER     default results/plan-WARD-BUDGET; overwrite=true replaces it
  page=false        tables only
  and every parameter and choice of `pathfinder run`

Results in FOLDER (docs/plan.md)
  page.html         the plan, to read and to pass on: one file
  answer.txt        the dozen lines that are printed
  profile.csv       who lives there, beside the whole area
  caseload.csv      people out of work by client group
  gaps.csv          need and places by group and stage, as things are
  options.csv       what each option brings for the money, how sure, and its part in the mix
  mix.csv, path.csv what the mix brings, there and everywhere; NI 153 by month with and without
"""

STUDY = """\
Puts a question to the model over many runs: which assumptions drive an outcome, what a choice does
in how many futures. An experiment is a question that is ready; or name factors and outcomes.

Examples
  pathfinder study experiment=ishigami               known answers, to see that it works: seconds
  pathfinder study experiment=ishigami --plan        how many runs and how long, nothing is run
  pathfinder study method=morris 'factors=[hiring.strength,search.full_duty,people.scarring]'
  pathfinder study method=sobol samples=64 'factors=[hiring.strength:0..3,funding.scale:0.5..2]'
  pathfinder study method=grid 'factors=[regime:none|aligned|pooled,economy:steady|deep]'
      'baseline={regime: none}'
  pathfinder study method=one_at_a_time 'factors={hiring.strength: {low: 0, high: 3}, hiring: {}}'
  pathfinder study experiment=ishigami size=full launcher=slurm

Factors
  factors=[A,B]     names of parameters, with the plausible ranges of `pathfinder parameters`; or of
                    groups of choices (hiring, regime, economy ...), with all there are
  A:LOW..HIGH       a range of one's own; A:LOW..HIGH:log_uniform another distribution; of a list a
                    range of factors, by which all its values are multiplied
  A:ONE|OTHER       choices or values
  factors={A: {low: 0, high: 3}}   the same as a mapping; factors.A.high=5 changes one of them

Settings
  method=NAME       which factors matter: morris, sobol, efast, delta, pawn; what a choice does:
                    grid, factorial, one_at_a_time; points: latin_hypercube, sobol_sequence
  outcomes=[A,B]    as `pathfinder compare` names them
  samples=N         size of the design: trajectories of morris, base points of sobol, else points;
                    levels=K values of each range of a grid
  seeds=4           of every point; more are added until noise no longer hides what factors do:
                    half_width=0.25 of the spread of points, most_seeds=32
  baseline={A: X}   of a grid: what the others are compared with
  policies=A        of a grid: the factor that is ours to choose; 'better={OUTCOME: higher}'
  emulator=NAME     gaussian_process or boosted_trees learn the points of latin_hypercube or
                    sobol_sequence, and indices are those of what they learnt
  size=small        or full, as the experiment says
  launcher=NAME     who carries out runs: in_process, processes, slurm, dask
  store=FOLDER      default results/store; a run that is there is not run again, so that a study
                    that was stopped goes on
  output=FOLDER     default results/studies/EXPERIMENT, or METHOD and some digits of a study without
                    a name; overwrite=true replaces another study
  and every parameter and choice of `pathfinder run`, which holds for all runs

Results in FOLDER
  page.html         the answer, to read and to pass on: one file, no internet needed
  study.html        every figure and table, at length
  design.csv, runs.parquet   points; point, seed, key and outcomes
  noise.csv         of each outcome: how much is noise, and whether there were seeds enough
  indices.csv, convergence.csv, predictions.csv, effects.csv, interactions.csv, decisions.csv
                    as the method gives them; docs/studies.md has their columns
  manifest.json     all it takes to repeat the study
"""

PROVIDERS = """\
Says which providers an area has, and writes them to a table you can change.

Examples
  pathfinder providers area=two_towns
  pathfinder providers area=two_towns output=my_providers.csv
  pathfinder run area=two_towns regime=fragmented providers.table=my_providers.csv

Settings
  seed=1            which luck; the same seed has the same market in `pathfinder run`
  output=FILE.csv   where to write the table; overwrite=true replaces it

docs/providers.md describes the columns.
"""

AREA_IMPORT = """\
Builds an area folder from public tables and reports each margin asked and reached.

Examples
  pathfinder area import recipe=bcbc data=../shared/data evidence=../shared/evidence output=my/bcbc
  pathfinder area import recipe=tyne_and_wear output=my/tyne_and_wear

Settings
  recipe=NAME       how the area is made; docs/areas.md describes a recipe
  data=FOLDER       census, deprivation, commuting and workplace tables
  evidence=FOLDER   outcomes.csv and priority_wards.csv
  output=FOLDER     default results/areas/RECIPE; overwrite=true replaces it
"""

AREA_CHECK = """\
Reads an area folder, reports every problem in it, and says who lives there.

Examples
  pathfinder area check folder=my_area
  pathfinder run area.folder=my_area                 then use it

docs/areas.md describes the tables.
"""

VALIDATE = """\
Holds a run against statistics of the time: flows, vacancies, durations, claims, districts.

Examples
  pathfinder validate                                a full-size run of the region: minutes
  pathfinder validate people_per_agent=10            rougher, and sooner
  pathfinder validate economy=steady                 does anything move that should not?
  pathfinder run events=true output=kept && pathfinder validate run=kept
  pathfinder validate data=my/data table=my_rows.csv
  pathfinder validate trial=two_level people_per_agent=10    a published trial inside the model

Settings
  run=FOLDER        a run kept with events=true, instead of simulating one
  data=FOLDER       public series (default ../shared/data); without it the rows of
                    conf/validate/moments.csv are all there is, and what is left out is said
  table=FILE        rows of your own instead of those
  seed=1
  trial=NAME        a published design instead of moments: who is offered help is drawn by lot, and
                    what the trial finds stands beside what was published (trial.csv)
  seeds=4           of a trial
  output=FOLDER     default results/validation/AREA-ECONOMY-seedK; overwrite=true replaces it
  page=false        the table only, without figures and page
  and every parameter and choice of `pathfinder run`

Results in FOLDER
  moments.csv       moment, unit, period, basis, data, source, tolerance, model, distance (in
                    tolerances), role (calibrate, or check: never to be fitted), left_out
  validation.html   the same in words and pictures; series.csv is what they are drawn from
  manifest.json     what it takes to repeat the run

docs/moments.md describes every moment.
"""

PROOF = """\
Simulates a fixed set of small runs, prints digests of what they find, and says whether they are
those of docs/proof.md; if not, which run and which frames differ, with exit code 1.

Examples
  pathfinder proof                                   half a minute, once loops are compiled
  pathfinder proof 'threads=[1,2]' 'vectors=[true,false]'   in all four ways
  pathfinder proof 'runs=[aligned]' expected=theirs.csv

Settings
  runs=[...]        names as in docs/proof.md; [] takes all
  threads=[1]       threads a loop may use; a proof for each number
  vectors=[true]    false compiles again for any processor, without vector instructions
  expected=FILE     another table of digests to compare with
  output=FILE       write the digests found as such a table
"""

PARAMETERS = """\
Lists every parameter: default, unit, allowed range, source, meaning.

Examples
  pathfinder parameters
  pathfinder parameters output=docs/parameters.md
"""

COMPLETION = """\
Prints a script by which a shell completes commands, names of parameters, choices and files.

Examples
  pathfinder completion bash                         prints it
  source <(pathfinder completion bash)               in this shell; in ~/.bashrc in every one
  source <(pathfinder completion zsh)                the same in ~/.zshrc
"""

BENCHMARK = """\
Times a full-size run phase by phase, start-up, areas from 0.1 to 10 million people, and the same
rules as plain objects, and what many runs cost; all in one go, so that ratios mean something on
any machine.

Examples
  pathfinder benchmark                               minutes, and about 8 GB for 10 million people
  pathfinder benchmark weeks=52 'sizes=[0.1,0.3,1]' output=results/quick.json
  pathfinder benchmark area=two_towns weeks=26 'sizes=[]' reference_weeks=0 sweeps=false
  pathfinder benchmark against=../older/.venv/bin/python 'sizes=[]' reference_weeks=0 sweeps=false

Settings
  sizes=[...]       millions of people; [] leaves them out
  size_weeks=26     weeks of those runs
  reference_weeks=26   weeks of the plain objects; 0 leaves them out
  sweeps=true       two processes over one, time and memory a run, 10,000 stored runs
  against=PYTHON    the Python of an environment with another version: both versions in turn, with
                    and without support, and the ratio of their processor times
  against_weeks=27  weeks of those runs
  output=FILE       default results/benchmark.json, replaced
"""
