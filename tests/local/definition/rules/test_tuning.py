from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found
from tests.support.tuning import categorical, continuous, ranges, request, trainings, tuning

RULE = "tuning"
BACKWARDS = ranges(continuous=[continuous("eta", 1, 0.5)])

CASES = [
    (
        request(searched=BACKWARDS),
        "The step Tune tunes 'eta', and its MinValue 1 is above its MaxValue 0.5. Exchange them.",
    ),
    (
        request(HyperParameterTuningJobObjective={"Type": "Minimize", "MetricName": "auc"}),
        (
            "The step Tune has the objective 'auc', which its MetricDefinitions do not define. Define it, or name one "
            "of loss."
        ),
    ),
    (
        request("Grid", most=3, searched=ranges(categorical=[categorical("kind", "a", "b")])),
        "The step Tune searches a Grid of 2 combinations with 3 training jobs. Set 2, or nothing.",
    ),
    (
        request(training={name: each for name, each in trainings().items() if name != "ResourceConfig"}),
        "The step Tune has no ResourceConfig. Say what its trials run on.",
    ),
]


@pytest.mark.parametrize(("arguments", "sentence"), CASES)
def test_finds(arguments: dict[str, Any], sentence: str) -> None:
    ((where, message, fix),) = found(RULE, definition(tuning(arguments)))

    assert where == "Steps[0].Arguments (step Tune)"
    assert f"{message} {fix}" == sentence


def test_lets_pass() -> None:
    assert found(RULE, definition(tuning(request()))) == []
    assert found(RULE, definition(tuning(request(training=trainings(static={"epochs": "9"}))))) == []


JUNK: list[Any] = [None, 7, "text", [], ["x"], {}, {"Get": "Parameters.P"}, [{"Get": "Parameters.P"}], True]


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_what_is_no_request_at_all_breaks_nothing(junk: Any) -> None:
    given = request(
        "Hyperband", training=trainings(static={"epochs": "9"}), StrategyConfig={"HyperbandStrategyConfig": {}}
    )
    grid = request("Grid", searched=ranges(categorical=[categorical("kind", "a", "b")]))
    for whole in (given, grid):
        for holder, name in _places(whole):
            kept, holder[name] = holder[name], junk
            found(RULE, definition(tuning(whole)))
            holder[name] = kept


def _places(value: Any) -> list[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, each in inner for place in ((value, name), *_places(each))]
