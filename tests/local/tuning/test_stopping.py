from __future__ import annotations

from local.tuning.stopping import hyperband_cut, median_cut

GOOD = [[0.6, 0.7, 0.8, 0.9]] * 3


def test_a_trial_worse_than_the_median_of_running_averages_is_cut_where_it_falls_behind() -> None:
    # The running averages are 0.6, 0.65, 0.7 and 0.75; the first quarter is let pass.
    assert median_cut([0.1, 0.66, 0.69, 0.9], GOOD, minimize=False) == 2
    assert median_cut([0.1, 0.65, 0.7, 0.75], GOOD, minimize=False) is None
    assert median_cut([0.1, 0.64], GOOD, minimize=True) is None
    assert median_cut([0.1, 0.66], GOOD, minimize=True) == 1


def test_few_earlier_trials_cut_nothing() -> None:
    assert median_cut([0.0, 0.0, 0.0], GOOD[:2], minimize=False) is None


def test_positions_that_hardly_any_trial_reached_cut_nothing() -> None:
    assert median_cut([0.9, 0.9, 0.9, 0.9, 0.0], GOOD, minimize=False) is None


def test_a_bracket_keeps_the_best_third_at_each_rung() -> None:
    # With resources from 1 to 9 there are three brackets; trials 1, 4, 7 … cut at 1 and 3.
    known = {1: [0.5] * 9, 4: [0.6] * 9, 2: [0.99] * 9}
    assert hyperband_cut([0.4], 7, known, (1, 9), minimize=False) == 0
    assert hyperband_cut([0.7], 7, known, (1, 9), minimize=False) is None
    assert hyperband_cut([0.7, 0.4, 0.4], 7, known, (1, 9), minimize=False) == 2
    assert hyperband_cut([0.4], 7, known, (1, 9), minimize=True) is None


def test_the_second_bracket_begins_later_and_the_last_never_cuts() -> None:
    known = {number: [0.5] * 9 for number in (1, 2, 3, 4, 5, 6)}
    assert hyperband_cut([0.1] * 9, 8, known, (1, 9), minimize=False) == 2
    assert hyperband_cut([0.1] * 9, 9, known, (1, 9), minimize=False) is None
