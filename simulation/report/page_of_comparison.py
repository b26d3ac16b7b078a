"""The report of a comparison: its frames in, one self-contained page out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from simulation.report.figures.chosen import Wanted, draw_wanted, market_figures
from simulation.report.figures.saving import SavedFigure
from simulation.report.figures.support_chosen import support_figures, trade_off_of
from simulation.report.figures.trade_off import choices
from simulation.report.findings import certainty, findings, table_rows, thinning
from simulation.report.inputs import Inputs, arms_in_order, in_words
from simulation.report.interactive.premises import GENERATED, of_money, with_regime
from simulation.report.labels import area_label
from simulation.report.page import embedded, saved, write_page
from simulation.report.pen import duration, listed, plural
from simulation.report.verdicts import (
    chance_findings,
    null_lines,
    precision,
    selection_lines,
    worth_of_pairs,
)
from simulation.results.outcomes import BY_NAME, label_of

TEMPLATE = Path(__file__).with_name("page_of_comparison.html")
ATTRIBUTION = (
    "Contains National Statistics data (c) Crown copyright and database right; contains OS data"
    " (c) Crown copyright and database right; Open Government Licence v3.0"
).replace("(c)", "\u00a9")
LIMITS = (
    "It was fitted to published tables, not to records of individuals; how single people move"
    " rests on rates from the literature. Read levels and directions, not single lives.",
    "Gains and losses outside the area do not show.",
    "Runs are paired by seed. That makes average differences precise, but which particular person"
    " gained or lost depends on how the two worlds are coupled; only averages over people and"
    " seeds are identified.",
    "Intervals cover chance within the model. They do not cover wrong assumptions; try other"
    " values of those that matter before relying on a difference.",
    "What employers, providers and claimants have not done in the evidence (new kinds of job, a"
    " response to publicity, a change of law) they do not do here.",
)
MADE_UP = (
    "The providers are generated from a table of types, not taken from a register: no provider"
    " here is a real organisation, and what one of them does says nothing about any."
)
TRUST = (
    "What trust does to the choices of partners is an assumption with a stated range, not a record."
)
RULES = (
    "Regimes are what their rules say. Politics and the quality of single managers are not in it."
)
SUPPORT_LIMITS = (
    "Who is counted as deadweight, gain or loss depends on how the two worlds are coupled: here"
    " the same random numbers for the same people. Once worlds differ, chance also moves people who"
    " were never clients into and out of jobs. Those flows are large and nearly cancel; only"
    " their difference, averaged over seeds, is an effect, and its split into substitution and"
    " displacement is a convention.",
    MADE_UP,
    TRUST,
    "It follows work, benefits, qualifications, barriers and money. Health, crime, families,"
    " earnings later in life, and taxes and benefits saved are not in it, so it gives no ratio of"
    " benefit to cost.",
    RULES,
)


def _one_by_one(
    function: Callable[..., Any], items: Sequence[str], shared: tuple[Any, ...]
) -> list[Any]:
    return [function(item, *shared) for item in items]


def write_page_of(
    inputs: Inputs,
    path: Path,
    *,
    figures: Path | None = None,
    beside: Path | None = None,
    for_each: Callable[..., list[SavedFigure | str]] = _one_by_one,
) -> Path:
    """Write the report of a comparison: one page that needs no other file.

    Parameters
    ----------
    inputs : Inputs
    path : Path
        The page.
    figures : Path, optional
        Folder to save each figure in besides, as PNG and SVG.
    beside : Path, optional
        Where boundaries the manifest names are looked for, too; the page's folder if left out.
    for_each : callable
        How figures are drawn: it calls a function on each of their names and on a tuple of what
        they share, by default one after the other.
    """
    manifest, folder = inputs.manifest, beside or path.parent
    names = [each.name for each in figures_of(inputs, folder)]
    with TemporaryDirectory() as scratch:
        shared = (inputs, folder, figures or Path(scratch))
        found = for_each(drawn_and_saved, names, shared)
        drawn = [each for each in found if not isinstance(each, str)]
        # Without a folder to look in, all of them are in the page.
        most = {} if figures is not None else {"most_bytes": sys.maxsize}
        shown = embedded(drawn, **most)
    left_out = [each for each in found if isinstance(each, str)]
    if boundaries_of(manifest, folder) is None and manifest["boundaries"]:
        left_out.append(
            f"Boundaries {manifest['boundaries']} are not on this machine, so maps are"
            " drawn with circles."
        )
    left_out += [
        f"Who is in work because of support under {arm} is not worked out: {reason}."
        for arm, reason in manifest.get("additionality_left_out", {}).items()
    ]
    write_page(path, TEMPLATE, _context(inputs) | {"figures": shown, "left_out": left_out})
    return path


def drawn_and_saved(name: str, inputs: Inputs, folder: Path, figures: Path) -> SavedFigure | str:
    """Draw one of `figures_of` and save it in the folder `figures`, or say why it cannot be."""
    wanted = next(each for each in figures_of(inputs, folder) if each.name == name)
    drawn = draw_wanted(wanted)
    return drawn if isinstance(drawn, str) else saved(drawn, figures)


def figures_of(inputs: Inputs, folder: Path) -> list[Wanted]:
    """List every figure the tables are for, those on support first; nothing is drawn yet."""
    names = arms_in_order(inputs.manifest)
    inputs = in_words(inputs)
    arms = arms_in_order(inputs.manifest)
    common: dict[str, Any] = {
        "arms": arms,
        "own_name": dict(zip(arms, names, strict=True)).__getitem__,
        "boundaries": boundaries_of(inputs.manifest, folder),
        "note": _note(inputs.manifest),
    }
    on_support = support_figures(inputs.support, inputs.wards, **common)
    chosen_among = choices(inputs.verdict, arms)
    if len(chosen_among) > 2:
        note = common["note"]
        trade = trade_off_of(inputs.verdict, inputs.summary, arms=chosen_among, note=note)
        on_support.append(trade)
    return on_support + market_figures(inputs.monthly, inputs.wards, **common)


def boundaries_of(manifest: dict[str, Any], folder: Path) -> Path | None:
    """Find the boundaries file, or None if none is named or it is not on this machine."""
    if manifest["boundaries"] is None:
        return None
    candidates = (Path(manifest["boundaries"]).expanduser(), folder / manifest["boundaries"])
    return next((path for path in candidates if path.is_file()), None)


def _note(manifest: dict[str, Any]) -> str:
    size = manifest["people_per_agent"]
    scale = "Full size." if size == 1 else f"Each simulated person stands for {size} people."
    return f"{scale} Source: simulation of {area_label(manifest['area'])}."


def _context(inputs: Inputs) -> dict[str, Any]:
    """Everything the template says, figures apart."""
    inputs = in_words(inputs)
    manifest, summary = inputs.manifest, inputs.summary
    arms, baseline = arms_in_order(manifest), manifest["baseline"]
    n_seeds = len(manifest["seeds"])
    order = pd.Categorical(summary["arm"], categories=arms)
    summary = summary.assign(_order=order.codes).sort_values("_order", kind="stable")
    known = [name for name in summary["outcome"].unique() if name in BY_NAME]
    on_support = _on_support(inputs, arms)
    return {
        "title": _title(arms, area_label(manifest["area"])),
        "lead": "A simulated city region, run with the same seeds under each arm, so that the"
        " same people meet the same luck.",
        "arms": sorted(manifest["arms"], key=lambda arm: arms.index(arm["name"])),
        "baseline": baseline,
        "scope": _scope(manifest, inputs.wards),
        "findings": findings(summary, baseline),
        "figures_table": table_rows(summary),
        "n_seeds": n_seeds,
        "seeds": plural(n_seeds, "seed"),
        "definitions": [(label_of(name), BY_NAME[name].definition) for name in known],
        **on_support,
        "answer": inputs.answer,
        "certainty": [
            *certainty(summary, n_seeds=n_seeds),
            *filter(None, [worth_of_pairs(inputs.pairing)]),
            _thinning(manifest, summary),
            *on_support["certainty"],
        ],
        "limits": [*manifest.get("held", ()), *LIMITS, *on_support["limits"]],
        "command": manifest["command"],
        "facts": facts_of(manifest),
        "attribution": ATTRIBUTION,
    }


def _on_support(inputs: Inputs, arms: list[str]) -> dict[str, Any]:
    """Say what there is to say of support; empty where the comparison holds nothing on it."""
    manifest, tables = inputs.manifest, inputs.support
    said: dict[str, Any] = dict.fromkeys(("chosen", "null_lines", "limits"), ())
    if any(table is not None for table in tables):
        said["limits"] = support_limits(manifest)
    if tables.null is not None:
        said["null_lines"] = null_lines(tables.null)
    lines = []
    if tables.additionality is not None:
        table = tables.additionality
        said["chosen"] = selection_lines(table, arms=arms)
        size = manifest["people_per_agent"]
        lines = [
            chance_findings(table, arms=arms), precision(table, arms=arms, people_per_agent=size)
        ]  # fmt: skip
    lines.append(str(manifest.get("thinning", "")))
    said["certainty"] = [line for line in lines if line]
    return said


def _title(arms: list[str], area: str) -> str:
    kind = "Results" if len(arms) == 1 else "Comparison"
    return f"{kind} in {area}: {listed(arms)}"


def _scope(manifest: dict[str, Any], wards: pd.DataFrame) -> str:
    """Say where, when and how large."""
    seeds, start = manifest["seeds"], pd.Timestamp(manifest["start"])
    n_priority = int(wards["priority"].sum())
    return (
        f"{area_label(manifest['area'])}, {len(wards)} wards ({n_priority} of them priority wards)"
        f" with {wards['residents'].sum():,.0f} residents of working age. Period:"
        f" {manifest['weeks']} weeks from {start.day} {start:%B %Y}. Every arm"
        f" was run with {'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}."
    )


def _thinning(manifest: dict[str, Any], summary: pd.DataFrame) -> str:
    """Say how coarse the population is, with the claimants at the end as the example."""
    people = summary[summary["unit"] == "people"]
    example = people[people["outcome"] == "out_of_work_benefits_end"]["mean"]
    count = float(example.iloc[0]) if len(example) else 10_000.0
    return thinning(manifest["people_per_agent"], count=count)


def facts_of(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """List what is needed to do the comparison again, name and value."""
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    return [
        ("Seeds", ", ".join(map(str, manifest["seeds"]))),
        ("People per agent", str(manifest["people_per_agent"])),
        ("Took", duration(manifest["seconds"])),
        ("Commit", manifest["commit"] or "not known"),
        ("Code version", manifest["code_version"]),
        ("Versions", versions),
    ]


def support_limits(manifest: dict[str, Any]) -> list[str]:
    """Say what support is not, of what the arms have that buy it with a regime."""
    bought = with_regime(manifest)
    tables = [config.get("providers", {}).get("table") or GENERATED for config in bought]
    is_said = {MADE_UP: GENERATED in tables, TRUST: bool(bought), RULES: bool(bought)}
    lines = [line for line in SUPPORT_LIMITS if is_said.get(line, True)]
    return [*lines, *of_money(manifest)]
