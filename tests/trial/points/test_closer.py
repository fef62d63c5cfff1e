"""Guesses: nearer each time that one was right, and given up where all fail."""

from argand.trial.bisection import bisect
from argand.trial.points.closer import MISSES, START, Closer


def test_twice_as_many_bits_each_time_that_a_guess_was_right():
    closer, width = Closer(), 1 << 52
    for bits in (START, 2 * START, 4 * START):
        low, high = closer.around(0, width)
        assert -low == high == width >> bits
        width = high - low


def test_what_jumps_is_guessed_no_more():
    closer = Closer()
    guessed = [bool(closer.around(0, 1 << (60 - k))) for k in range(MISSES + 3)]
    assert guessed == [True] * (MISSES + 1) + [False] * 2


def test_with_guesses_a_bisection_ends_at_the_same_neighbours_sooner():
    def run(likely):
        rounds = []

        def as_first(still, asked):
            rounds.append(still)
            return [[place < 123_456_789 for place in grid] for grid in asked]

        return bisect([(0, 1 << 52)], as_first, likely=likely), len(rounds)

    closer = Closer()
    ends, rounds = run(lambda k, b: closer.around(123_456_790, b[1] - b[0]))
    plain, usual = run(lambda k, b: ())
    assert ends == plain == [(123_456_788, 123_456_789)]
    assert rounds < usual / 4
