"""A comparison that was carried out: differences, figures, page and folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.comparisons.folder import read_comparison, write_comparison
from experiments.comparisons.frames import ComparisonFrames
from experiments.comparisons.text import as_html, as_text
from simulation.errors import InputError, did_you_mean
from simulation.finished.months import wards_asked
from simulation.finished.run import Run
from simulation.results.additionality import additionality, summarise_additionality
from simulation.results.measured import at_the_end
from simulation.results.outcomes import outcome_values, wards_together
from simulation.results.paired import mean_interval, summarise

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulation.report.inputs import Inputs

Wards = str | Sequence[str] | None
"""A code, name or district of wards, `priority`, or several of them; None is the whole area."""
DIFFERENCE = ["outcome", "unit", "mean", "low", "high", "n_seeds"]


class Comparison(ComparisonFrames):
    """Arms run with the same seeds; numbers are people and GBP of the real area.

    Runs know how thinned and how long they are, so that no method asks for it.
    """

    def difference(
        self, arm: str, other: str | None = None, *, wards: Wards = None, level: float = 0.95
    ) -> pd.DataFrame:
        """Compare any two arms, seed by seed: `arm` less `other`.

        Parameters
        ----------
        arm, other : str
            The baseline if `other` is left out.
        wards : str or sequence of str, optional
            Codes, names, districts or `priority`: outcomes of their residents together, as far as
            they follow from the months of wards.
        level : float
            Coverage of Student's t interval over the paired differences.

        Returns
        -------
        DataFrame
            outcome, unit, mean, low, high, n_seeds; a row an outcome of which all runs of both arms
            have a number. Limits are NaN for one seed.

        Raises
        ------
        InputError
            If an arm or a ward is not known, with the nearest names.
        """
        other = self._other(arm, other)
        values = self.outcomes if wards is None else self._outcomes_in(wards)
        values = self._comparable(values[values["arm"].isin([arm, other])])
        table = summarise(values, other, level=level)
        table = table[table["arm"] == arm].drop(columns=["mean", "low", "high"])
        shown = {"difference": "mean", "difference_low": "low", "difference_high": "high"}
        return table.rename(columns=shown)[DIFFERENCE].reset_index(drop=True)

    def net(self, *, wards: Wards = None, level: float = 0.95) -> pd.DataFrame:
        """Return how many more residents are in work at the end than without support.

        Parameters
        ----------
        wards : str or sequence of str, optional
            Codes, names, districts or `priority`: those who lived there on the first day. Sets of
            wards add up, seed by seed.
        level : float
            Coverage of the intervals.

        Returns
        -------
        DataFrame
            arm, mean, low, high (people), n_seeds; a row an arm that is paired with the baseline.

        Raises
        ------
        InputError
            If no arm is paired with one without support, or a ward is not known.
        """
        if self.pairs.empty:
            why = [f"{arm}: {reason}" for arm, reason in self.left_out.items()]
            raise InputError(why or ["net: no arm has support"])
        rows = at_the_end(self.pairs[self.pairs["work"] == "employed"])
        codes = self._codes(wards)
        if codes is None:
            rows = rows[rows["by"] == "all"]
        else:
            rows = rows[(rows["by"] == "ward") & rows["group"].isin(codes)]
        nets = rows.groupby(["arm", "seed"])["net"].sum().unstack()
        arms = list(dict.fromkeys(self.pairs["arm"]))
        nets = nets.reindex(index=arms, columns=list(self.seeds)).fillna(0.0)
        mean, low, high = mean_interval(nets.to_numpy().T, level=level)
        return pd.DataFrame(
            {"arm": arms, "mean": mean, "low": low, "high": high, "n_seeds": len(self.seeds)}
        )

    def gross_to_net(
        self, arm: str, other: str | None = None, *, by: str | None = None
    ) -> pd.DataFrame:
        """Count who is in work at the end in one arm and not in another, from gross to net.

        Parameters
        ----------
        arm, other : str
            The treated are those of `arm`; the baseline if `other` is left out. Both runs of each
            seed are read, seconds each at full size.
        by : str, optional
            "programme" or a column of the people's frame ("ward", "group", "priority" ...).

        Returns
        -------
        DataFrame
            by, group, outcome, unit, mean, low, high, n_seeds: a row a flow, in people.

        Raises
        ------
        InputError
            If an arm is not known or given twice, or nobody's work was recorded.
        """
        other = self._other(arm, other)
        flows = [
            additionality(self.run(arm, seed), self.run(other, seed), by=by).assign(
                arm=arm, seed=seed
            )
            for seed in self.seeds
        ]
        table = summarise_additionality(pd.concat(flows, ignore_index=True))
        return table[["by", "group", *DIFFERENCE]]

    def table(
        self, outcome: str = "employed", *, wards: Wards = None, group: str = "all"
    ) -> pd.DataFrame:
        """Return a monthly outcome month by month, an arm a column: means over seeds.

        Parameters
        ----------
        outcome : str
            Of the monthly frame.
        wards : str or sequence of str, optional
            Codes, names, districts or `priority`, added up.
        group : str
            As "age:16_24"; of the area only.

        Raises
        ------
        InputError
            If there are no such months, with the nearest names.
        """
        codes, months = self._codes(wards), self.monthly
        problems = [
            f"the comparison has no {name} {value!r}; {did_you_mean(value, known)}"
            for name, value in (("outcome", outcome), ("group", group))
            if value not in (known := list(months[name].cat.categories))
        ]
        if codes is not None and group != "all":
            problems.append("months of a group are those of the area; leave out wards or group")
        if problems:
            raise InputError(problems)
        rows = months[(months["outcome"] == outcome) & (months["group"] == group)]
        rows = rows[rows["ward"].isin(["all"] if codes is None else codes)]
        if rows.empty:
            raise InputError(f"{outcome} is not counted for this group or by ward")
        total = rows.groupby(["date", "arm"], observed=True)["value"].sum() / len(self.seeds)
        return total.unstack()[self._names].rename_axis(columns=None)

    def run(self, arm: str, seed: int) -> Run:
        """Read the whole run of an arm and a seed.

        Raises
        ------
        InputError
            If there is none, or it is no longer kept.
        """
        self._check_arms(arm)
        if seed not in self.seeds:
            seeds = ", ".join(map(str, self.seeds))
            raise InputError(f"there is no seed {seed}; there are {seeds}")
        return Run.load(self.folders[arm, seed])

    def plot(self, name: str | None = None) -> Figure:
        """Draw one of `figures`; by default from gross to net, or the difference over time.

        Raises
        ------
        InputError
            If there is no such figure, with the nearest names, or nothing to draw.
        """
        wanted = self._wanted()
        chosen = next(iter(wanted)) if name is None else name
        if chosen not in wanted:
            raise InputError(f"there is no figure {chosen!r}; {did_you_mean(chosen, wanted)}")
        return wanted[chosen]()

    @property
    def figures(self) -> list[str]:
        """Names of what `plot` can draw."""
        return list(self._wanted())

    def page(
        self,
        path: str | Path = "report.html",
        *,
        figures: Path | None = None,
        beside: Path | None = None,
    ) -> Path:
        """Write the report: one page that needs no other file, to read, print and pass on.

        Parameters
        ----------
        path : str or Path
            The page.
        figures : Path, optional
            Folder to save each figure in besides, as PNG and SVG.
        beside : Path, optional
            Folder in which boundaries are looked for too; the page's own if left out.
        """
        from experiments.running.side_by_side import side_by_side
        from simulation.report.page_of_comparison import write_page_of

        draw = partial(side_by_side, processes=self.processes)
        return write_page_of(
            self._inputs(), Path(path), figures=figures, beside=beside, for_each=draw
        )

    def answer_page(
        self, path: str | Path = "page.html", *, appendix: str = "", beside: Path | None = None
    ) -> Path:
        """Write the page that begins with the answer: one file, drawn by the browser it is read in.

        Parameters
        ----------
        path : str or Path
            The page.
        appendix : str
            Name of the long report beside it, if there is one.
        beside : Path, optional
            Folder in which boundaries are looked for too; the page's own if left out.
        """
        from experiments.comparisons.repeating import ways_to_repeat
        from simulation.report.interactive.of_comparison import write_page_of_answer

        return write_page_of_answer(
            self._inputs(), Path(path), repeat=ways_to_repeat(self), appendix=appendix,
            beside=beside,
        )  # fmt: skip

    def write(self, folder: str | Path, *, page: bool = True, overwrite: bool = False) -> Path:
        """Write the folder that `pathfinder compare` writes, with its runs, and return it.

        Raises
        ------
        InputError
            If it holds something else, or cannot be written.
        """
        return write_comparison(self, Path(folder), page=page, overwrite=overwrite)

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Read the folder of a comparison; its runs are read when they are asked for.

        Raises
        ------
        InputError
            If it is none, or a file is missing or cannot be read.
        """
        return cls(**read_comparison(Path(folder)))

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    @property
    def _names(self) -> list[str]:
        return [arm.name for arm in self.arms]

    def _check_arms(self, *names: str) -> None:
        """Refuse arms there are not, all at once."""
        problems = [
            f"there is no arm {name!r}; {did_you_mean(name, self._names)}"
            for name in names
            if name not in self._names
        ]
        if problems:
            raise InputError(problems)

    def _other(self, arm: str, other: str | None) -> str:
        """Return the arm that one is compared with, the baseline if none is named."""
        other = self.baseline if other is None else other
        self._check_arms(arm, other)
        if arm == other:
            raise InputError(f"{arm} was given twice; give two arms")
        return other

    def _codes(self, wards: Wards) -> list[str] | None:
        """Return the codes of the wards some words name; None for the whole area."""
        return None if wards is None else wards_asked(self.wards, wards)

    def _outcomes_in(self, wards: Wards) -> pd.DataFrame:
        """Outcomes of the residents of some wards: those that follow from the months of wards."""
        codes = self._codes(wards)
        if codes is None:
            return self.outcomes
        return outcome_values(wards_together(self.monthly, codes, group="all"))

    def _wanted(self) -> dict[str, Callable[[], Figure]]:
        from simulation.report.page_of_comparison import figures_of

        return {each.name: each.draw for each in figures_of(self._inputs(), Path())}

    def _inputs(self) -> Inputs:
        """Return what figures and report are made from."""
        from simulation.report.figures.support_chosen import SupportTables
        from simulation.report.inputs import Inputs

        tables = {name: table for name, table in self.on_support.items() if len(table)}
        wards = self.wards.assign(priority=self.wards["priority"].astype(bool))
        return Inputs(
            self.manifest, self.monthly, self.summary, wards, SupportTables(**tables),
            outcomes=self.outcomes, pairs=self.pairs, period=self.period, verdict=self.verdict,
            answer=tuple(self.answer["text"]), dose=self.dose, pairing=self.pairing,
            targets=self.targets,
        )  # fmt: skip
