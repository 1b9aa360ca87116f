"""What targets receive of an event."""

from __future__ import annotations

from typing import Any

import pytest

from local.functions.rules import Delivery, Rule
from local.functions.targets import TargetError, check, shaped

EVENT = {
    "id": "7",
    "source": "mine",
    "resources": ["arn:a", "arn:b"],
    "detail": {"name": 'the "first"', "number": 3, "list": [1, {"deep": True}], "odd key": 1},
}


def received(**shape: Any) -> Any:
    target = {"Id": "t", "Arn": "arn:f", **shape}
    check(target)
    return shaped(Delivery(Rule("r", "arn:r", {}, "ENABLED", 0.0), target, EVENT))


def template(text: str, **paths: str) -> dict[str, Any]:
    return {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": text}}


def test_the_whole_event_unless_something_else_is_asked_for() -> None:
    assert received() == EVENT
    assert received(Input='{"fixed": [1, null]}') == {"fixed": [1, None]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", EVENT),
        ("$.source", "mine"),
        ("$.resources[1]", "arn:b"),
        ("$.detail.list[1].deep", True),
        ("$.detail['odd key']", 1),
        ("$.detail.nothing", None),
        ("$.resources[5]", None),
    ],
)
def test_a_part_of_the_event(path: str, expected: Any) -> None:
    assert received(InputPath=path) == expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (template('{"n": <n>, "all": <x>}', n="$.detail.number", x="$.resources"), {"n": 3, "all": ["arn:a", "arn:b"]}),
        (template('"<name> has <n>"', n="$.detail.number", name="$.detail.name"), 'the "first" has 3'),
        (template('{"text": "<x>"}', x="$.detail.list"), {"text": '[1, {"deep": true}]'}),
        (template('{"gone": <gone>, "text": "<gone>!"}', gone="$.detail.gone"), {"gone": None, "text": "!"}),
        (template('{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>}'), {"rule": "r", "arn": "arn:r"}),
        (template("<aws.events.event.json>"), EVENT),
    ],
)  # fmt: skip
def test_a_template_with_parts_of_the_event(shape: dict[str, Any], expected: Any) -> None:
    assert received(**shape) == expected


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"Input": "{}", "InputPath": "$"}, "Only one of Input, InputPath, InputTransformer must be provided"),
        ({"Input": "{"}, "Input is not JSON"),
        ({"InputPath": "detail"}, "'detail' is not a path such as"),
        ({"InputPath": "$.a[x]"}, "is not a path such as"),
        (template('{"n": <m>}', n="$.detail"), "<m> is not in its paths"),
        (template('{"n": }'), "InputTemplate is not JSON"),
    ],
)
def test_what_cannot_be_made_is_refused(shape: dict[str, Any], said: str) -> None:
    with pytest.raises(TargetError, match=said.replace("$", r"\$")):
        check({"Id": "t", "Arn": "arn:f", **shape})
