from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from local.tuning.ranges import read
from local.tuning.search import build
from tests.support.tuning import categorical, continuous, ranges

ALL = ranges(
    integer=[continuous("depth", 2, 9), continuous("rounds", 1, 1000, "Logarithmic")],
    continuous=[continuous("eta", 0.001, 1, "Logarithmic"), continuous("momentum", 0.5, 0.999, "ReverseLogarithmic")],
    categorical=[categorical("kind", '"a"', '"b"')],
)


def search(given: dict[str, Any] = ALL, strategy: str = "Random", **more: Any) -> Any:
    described = {"strategy": strategy, "minimize": True, "seed": 7, "startup": 3, "known": [], **more}
    return build({**described, "ranges": [asdict(each) for each in read(given)]})


def test_every_kind_of_range_gives_texts_of_its_own() -> None:
    found = search()
    spaces = {each.name: each for each in read(ALL)}
    for number in range(1, 30):
        values = found.ask(number)
        assert set(values) == set(spaces)
        assert all(spaces[name].contains(text) for name, text in values.items()), values


def test_scales_give_each_order_of_magnitude_its_share() -> None:
    found = search()
    drawn = [found.ask(number) for number in range(1, 301)]
    assert 70 < sum(float(each["eta"]) < 0.01 for each in drawn) < 130  # a third of three orders
    assert 70 < sum(int(each["rounds"]) <= 10 for each in drawn) < 130
    expected = 300 * math.log(0.01 / 0.001) / math.log(0.5 / 0.001)
    assert 0.7 * expected < sum(float(each["momentum"]) > 0.99 for each in drawn) < 1.3 * expected


def test_the_same_seed_proposes_the_same_and_another_seed_does_not() -> None:
    first, again, other = ([one.ask(n) for n in range(1, 6)] for one in (search(), search(), search(seed=8)))
    assert first == again
    assert first != other


def test_a_grid_is_every_combination_once_in_order() -> None:
    grid = search(ranges(categorical=[categorical("a", "1", "2"), categorical("b", "x", "y")]), "Grid")
    found = [grid.ask(number) for number in range(1, 6)]
    assert [list(each.values()) for each in found[:4]] == [["1", "x"], ["1", "y"], ["2", "x"], ["2", "y"]]
    assert found[4] is None


def test_a_bayesian_search_comes_near_what_is_good_and_keeps_off_what_failed() -> None:
    found = search(ranges(continuous=[continuous("place", -10, 10)]), "Bayesian")
    told = []
    for number in range(1, 41):
        place = float(found.ask(number)["place"])
        told.append(place)
        found.tell(number, None if place > 8 else (place - 3) ** 2)
    assert min(abs(place - 3) for place in told) < 0.3
    early, late = (sum(abs(place - 3) for place in part) for part in (told[:15], told[25:]))
    assert late < early


def test_what_earlier_jobs_found_counts_from_the_first_trial_on() -> None:
    space = ranges(continuous=[continuous("place", -10, 10)])
    known = [({"place": str(place)}, (place - 3) ** 2) for place in range(-10, 11)]
    warm = search(space, "Bayesian", known=known)
    near = []
    for number in range(1, 6):
        near.append(abs(float(warm.ask(number)["place"]) - 3))
        warm.tell(number, near[-1] ** 2)
    assert max(near) < 3
