"""What the files of a finished run are called."""

MANIFEST, WARDS = "manifest.json", "wards.csv"
ALWAYS = ("monthly", "flows")
GROUPS = "groups"
"""Every group in every ward."""
MARKETS = "markets"
"""Openings, hires and the answer of jobs to ease of hiring, week by week."""
LOST_WORK = "lost_work"
"""Who lost work in a local closure."""
SUPPORT = ("clients", "treated", "contracts", "money", "coverage", "partners", "providers")
"""Frames of a run where there is support."""
PEOPLE, EVENTS = "people", "events"
"""Frames of a run on request."""
FIRST_DAY, EMPLOYERS, JOBS = "first_day", "employers", "jobs"
"""Frames that go with events."""
FRAMES = (
    *ALWAYS, GROUPS, MARKETS, LOST_WORK, *SUPPORT, PEOPLE, EVENTS, FIRST_DAY, EMPLOYERS, JOBS,
)  # fmt: skip
"""Every frame a run may have, each kept as NAME.parquet; its wards are a CSV for people to read."""
