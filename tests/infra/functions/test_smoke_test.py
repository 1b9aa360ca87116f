"""When two predictions are the same; the whole function is tried on deployed endpoints, in tests/end_to_end."""

from __future__ import annotations

from typing import Any

import pytest

from infra.functions.smoke_test import same


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"predicted_label": "a", "score": 0.5}, {"predicted_label": "a", "score": 0.5000001}, True),
        ({"predicted_label": "a", "score": 0.5}, {"predicted_label": "b", "score": 0.5}, False),
        (["a", "0.5", "[0.5, 0.5]"], ["a", "0.5000001", "[0.5000001, 0.4999999]"], True),
        (["a", "0.5", "[0.5, 0.5]"], ["a", "0.5", "[0.4, 0.6]"], False),
        (["a", "0.5"], ["a"], False),
        (["100000"], ["100001"], False),
        (["3"], ["3.0"], True),
        (["['a', 'b']"], ["['a', 'b']"], True),
        (["yes"], ["no"], False),
        (["nan"], ["NaN"], False),
    ],
)
def test_numbers_may_differ_in_the_last_digits_and_labels_not_at_all(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal
