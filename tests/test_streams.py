"""Random numbers: the published known answers, and what keys keep apart."""

import numba
import numpy as np
import pytest

from simulation.errors import InputError
from simulation.streams import Stream, check_seed, draw, philox, uniforms

# Random123 distribution, kat_vectors, philox4x32 with 10 rounds: counter, key, answer.
KNOWN_ANSWERS = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text):
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize("generator", [philox, numba.njit(philox)], ids=["as_written", "compiled"])
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(generator, counter, key, answer):
    assert list(generator(*words(counter), *words(key))) == [int(w, 16) for w in answer.split()]


def test_a_draw_is_the_generators_words_for_its_key():
    seed, stream, week, person, pair = 2**40 + 5, 15, 33, 123456, 78
    expected = philox(
        *(np.uint64(number) for number in (person, pair, week, stream)),
        np.uint64(seed % 2**32),
        np.uint64(seed // 2**32),
    )
    uniform = [(int(word) + 0.5) / 2**32 for word in expected]
    assert list(draw(np.uint64(seed), stream, week, person, pair)) == uniform
    together = uniforms(seed, stream, np.array([person]), week=week, pair=pair)
    assert together[0].tolist() == uniform


def test_many_draws_are_each_ones_own_whatever_their_order_and_company():
    people = np.array([5, 0, 99])
    together = uniforms(0, Stream.SEARCH, people, week=4, pair=7)
    alone = [uniforms(0, Stream.SEARCH, np.array([p]), week=4, pair=7)[0] for p in people]
    np.testing.assert_array_equal(together, alone)
    assert uniforms(0, Stream.SEARCH, np.array([], dtype=int)).shape == (0, 4)


def test_every_part_of_the_key_changes_the_draw():
    base = {"seed": 1, "stream": Stream.SEARCH, "week": 2, "pair": 3}
    first = uniforms(people=np.arange(3), **base)
    for change in (
        {"seed": 2},
        {"seed": 1 + 2**32},
        {"stream": Stream.LAYOFFS},
        {"week": 3},
        {"pair": 4},
    ):
        assert not np.isin(uniforms(people=np.arange(3), **(base | change)), first).any()


def test_draws_are_uniform_and_words_uncorrelated():
    sample = uniforms(0, Stream.AGEING, np.arange(200_000))
    assert sample.min() > 0.0 and sample.max() < 1.0
    standard_error = np.sqrt(1 / 12 / len(sample))
    assert (np.abs(sample.mean(axis=0) - 0.5) < 4 * standard_error).all()
    correlation = np.corrcoef(sample.T)[np.triu_indices(4, 1)]
    assert (np.abs(correlation) < 4 / np.sqrt(len(sample))).all()


def test_no_two_decisions_share_a_stream():
    assert len({int(stream) for stream in Stream}) == len(Stream.__members__)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "1", True, None])
def test_what_is_not_a_seed_is_refused(seed):
    with pytest.raises(InputError, match=r"seed must be a whole number from 0 to 2\*\*64 - 1"):
        check_seed(seed)


def test_zero_and_the_largest_seed_are_seeds():
    assert int(check_seed(0)) == 0
    assert int(check_seed(2**64 - 1)) == 2**64 - 1
