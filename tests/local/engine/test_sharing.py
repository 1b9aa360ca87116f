"""Shares of the cores."""

from __future__ import annotations

from local.definition.model import parse
from local.engine.sharing import threads
from tests.support.pipelines import condition, definition, fail, output_of, processing

READY = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}


def test_steps_side_by_side_share_and_a_step_alone_has_all() -> None:
    first = processing("First", "pass", outputs=("o",))
    middle = [processing(name, "pass", inputs={"i": output_of("First", "o")}, outputs=("o",)) for name in ("A", "B")]
    last = processing("Last", "pass", inputs={"a": output_of("A", "o"), "b": output_of("B", "o")})
    gate = condition("Gate", READY, [fail("Fail", "no")], [], DependsOn=["Last"])
    raw = definition(first, *middle, last, gate)

    assert threads(parse(raw), 8) == {"First": 8, "A": 4, "B": 4, "Last": 8, "Gate": 8, "Fail": 8}
    assert set(threads(parse(raw), 1).values()) == {1}


def test_more_steps_than_cores_have_one_each() -> None:
    raw = definition(*(processing(f"S{number}", "pass") for number in range(5)))

    assert set(threads(parse(raw), 2).values()) == {1}
