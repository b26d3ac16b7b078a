"""The extended Fourier amplitude sensitivity test: each factor swings at a frequency of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from SALib.analyze import fast as salib_analyse
from SALib.sample import fast_sampler as salib_sample
from scipy import stats

from experiments.sensitivity.given_data import quiet_salib
from experiments.sensitivity.intervals import stretch, width_flag
from experiments.sensitivity.method import Method, NoIndicesError
from experiments.sensitivity.noise import (
    NEGATIVE,
    ONE_SEED,
    WITHIN_NOISE,
    cross,
    joined,
)
from experiments.sensitivity.problem import Problem, refuse_groups, salib_seed
from simulation.errors import InputError

HARMONICS = 4
LEAST = 4 * HARMONICS**2 + 1
DUMMY = "a factor that is not there"
DROWNED = "no difference between points beyond noise: more seeds"


@dataclass(frozen=True)
class Efast(Method):
    """S1 and ST from the spectrum along search curves, several curves a factor.

    Saltelli, Tarantola and Chan 1999, Technometrics 41:39-56. A curve has no interval of its
    own; the spread between curves of random phase gives it. One more set of curves, along which
    only other factors swing fast, shows what a factor without effect would get (Marino, Hogue,
    Ray and Kirschner 2008, Journal of Theoretical Biology 254:178-196).

    Parameters
    ----------
    curves : int
        Search curves a factor, at least 2.
    """

    curves: int = 4
    name = "efast"
    indices = ("S1", "ST")

    def n_points(self, problem: Problem, samples: int) -> int:
        """Count the points; `samples` are points on one curve."""
        refuse_groups(problem, self.name)
        if samples < LEAST:
            raise InputError(
                f"samples must be at least {LEAST} for method efast "
                f"(points on a curve), got {samples}"
            )
        return self.curves * samples * (len(problem.names) + 1)

    def sample(self, problem: Problem, samples: int, *, seed: int) -> np.ndarray:
        """Draw the points, curve after curve; a larger design shares none of them."""
        self.n_points(problem, samples)
        drawn = [
            salib_sample.sample(
                _with_dummy(problem).salib(), samples, M=HARMONICS, seed=salib_seed(seed, stream=ix)
            )
            for ix in range(self.curves)
        ]
        return np.concatenate(drawn)[:, :-1]

    def estimates(
        self,
        problem: Problem,
        unit: np.ndarray,
        Y: np.ndarray,
        *,
        samples: int,
        seed: int,
        level: float,
    ) -> list[dict]:
        """Give S1 and ST of the expected outcome from spectra over different seeds."""
        spectra = Y.reshape(self.curves, -1, samples, Y.shape[1])
        if not (_variances(spectra) > 0).all():
            raise NoIndicesError(DROWNED)
        value, half = _estimates(spectra, level=level)
        plain = self._plain(problem, Y.mean(axis=1))
        kept = [ix for ix in range(len(value)) if (ix + 1) % (len(problem.names) + 1)]
        rows = []
        for label, ix in zip(self.labels(problem), kept, strict=True):
            low, high = float(value[ix] - half[ix]), float(value[ix] + half[ix])
            floor = float(plain[-1 if label["index"] == "ST" else len(problem.names)])
            flag = joined(
                ONE_SEED if Y.shape[1] == 1 else "",
                NEGATIVE if high < 0 else "",
                WITHIN_NOISE if low <= max(floor, 0.0) else "",
                width_flag(low, high),
            )
            rows.append(
                {"value": float(value[ix]), "low": low, "high": high}
                | {"plain": float(plain[ix]), "floor": floor, "flag": flag}
            )
        return rows

    def _plain(self, problem: Problem, mean: np.ndarray) -> np.ndarray:
        """Give SALib's S1 and ST, mean over curves, the dummy last of each, (2 k + 2,)."""
        described = _with_dummy(problem).salib()
        with quiet_salib(1):
            found = [
                salib_analyse.analyze(described, curve, M=HARMONICS, num_resamples=2)
                for curve in mean.reshape(self.curves, -1)
            ]
        return np.mean([np.r_[one["S1"], one["ST"]] for one in found], axis=0)

    def prefixes(self, samples: int) -> list[int]:
        """Give the size of the design alone: smaller curves are other curves."""
        return [samples]

    def prefix(
        self, problem: Problem, unit: np.ndarray, Y: np.ndarray, samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give the design itself; `InputError` for any other size."""
        if self.n_points(problem, samples) != len(unit):
            raise InputError(
                "a design of method efast holds no smaller one: "
                "run the study again with other samples to see whether indices settle"
            )
        return unit, Y


def _with_dummy(problem: Problem) -> Problem:
    """Add a factor that the model does not have."""
    return Problem((*problem.names, DUMMY))


def _powers(spectra: np.ndarray) -> np.ndarray:
    """Give the power at each frequency, from products of different seeds.

    Parameters
    ----------
    spectra : ndarray of float64 (n_curves, n_factors, n_on_curve, n_seeds)

    Returns
    -------
    ndarray of float64 (n_curves, n_factors, n_frequencies)
    """
    n_on_curve = spectra.shape[2]
    waves = np.fft.rfft(spectra, axis=2)[:, :, 1 : math.ceil(n_on_curve / 2)] / n_on_curve
    return cross(waves, waves.conj()).real


def _variances(spectra: np.ndarray) -> np.ndarray:
    """Give half the variance of the expected outcome along each curve."""
    return _powers(spectra).sum(axis=2)


def _indices(spectra: np.ndarray) -> np.ndarray:
    """Give S1 and ST of each factor along each curve, (n_curves, 2 n_factors)."""
    powers = _powers(spectra)
    fast = (spectra.shape[2] - 1) // (2 * HARMONICS)
    whole = powers.sum(axis=2)
    own = powers[:, :, np.arange(1, HARMONICS + 1) * fast - 1].sum(axis=2)
    others = powers[:, :, : fast // 2].sum(axis=2)
    return np.hstack([own / whole, 1 - others / whole])


def _estimates(spectra: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the mean over curves of each index and half the width of its interval.

    Frequencies leak into each other, the same way along every curve: any index may be off by as
    much as the total index that a factor that is not there is given, which is added.
    """
    found = _indices(spectra)
    value, spread = found.mean(axis=0), found.std(axis=0) / np.sqrt(len(found))
    widened = stretch(_indices, spectra, level=level)
    half = widened.factor * spread * stats.norm.ppf(0.5 + level / 2) + widened.alone
    return value, half + np.abs(value[-1])
